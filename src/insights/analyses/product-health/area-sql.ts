/**
 * Product areas at many month's ends in one statement: who may use any feature of an area, and who has adopted one. Both are counted
 * without a row for each account and feature: the eligible by their plans, the adopters from what they used.
 */
import { duckdb } from '../../../platform/warehouse/dialect.ts'
import { textLiteral } from '../../../platform/warehouse/literals.ts'
import { bitsOfMonths, type Segmented } from '../ground/adoption-sql.ts'
import { releasedTest } from '../ground/entitled.ts'
import { accountsSeriesSql, type SeriesQuery, type Span } from '../ground/series-sql.ts'

export const noArea = '(no area)'

/** The core features of an area `f`, or all of them where none is core. */
export const judging =
  '(f.is_core or not exists (select 1 from feature g where g.is_core and g.area is not distinct from f.area))'

/**
 * Tables `judged` (feature_id, area_id, area, is_core), `book` (month, end_month, account_id, plan_set, segment, arr, arr_end: the
 * measured accounts), `eligible` (month, end_month, area_id and the sums of the accounts that may use it) and `adopting` (month,
 * account_id, area_id).
 * @param sums SQL of sums over `book`, each with the name it is given
 */
export function areasSql(
  q: SeriesQuery & Segmented,
  spans: readonly Span[],
  sums: ReadonlyMap<string, string>,
): string {
  const months = [...new Set(spans.map((s) => s.month))]
  const named = [...sums].map(([name, sql]) => `${sql} as ${name}`).join(', ')
  const added = [...sums.keys()].map((name) => `sum(g.${name})::bigint as ${name}`).join(', ')
  return `
    judged as materialized (
      select
        f.feature_id,
        dense_rank() over (order by f.area) as area_id,
        coalesce(f.area, ${textLiteral(noArea)}) as area,
        f.is_core,
        f.released_on
      from feature f
      where ${judging}
    ),
    ${accountsSeriesSql(q, spans)},
    book as materialized (select * from acc where measured = 1),
    moment as (select distinct month, day from span),
    used as (${usedSql(q, months)}),
    ${mayUse(q, named, added, months.length < spans.length)}`
}

/** What accounts had adopted at which month's end; the meaning is that of `usedSql` for one. */
function usedSql(q: SeriesQuery, months: readonly number[]): string {
  const words = months.flatMap((month) =>
    [...bitsOfMonths(q.bitBase, month - q.adoptionMonths + 1, month)].map(
      ([era, mask]) => `select ${month} as month, ${era} as era, ${mask}::bigint as mask`,
    ),
  )
  const basis = q.restated ? 1 : 0
  const plain = `
      select m.month, af.account_id, af.feature_id
      from af
      join judged j on j.feature_id = af.feature_id
      join (${words.join(' union all ')}) m on m.era = af.era and ${duckdb.sharedBits('af.bits', 'm.mask')} <> 0`
  if (!q.hasDefinitions) return plain
  return `${plain}
      where not exists (
        select 1
        from definition x
        where x.feature_id = af.feature_id and x.basis = ${basis} and x.from_month <= m.month and x.to_month >= m.month
      )
      union all
      select a.month, a.account_id, a.feature_id
      from adopted a
      join judged j on j.feature_id = a.feature_id
      where a.basis = ${basis} and a.month in (${months.join(', ')})`
}

/**
 * Tables `eligible` and `adopting`, by what says who may use a feature.
 * @param repeats whether a month stands in the book more than once, each time to be seen again at another
 */
function mayUse(q: SeriesQuery, named: string, added: string, repeats: boolean): string {
  const holds = 'e.from_day <= s.day and s.day < e.to_day'
  const released = releasedTest('s.day', 'j')
  const byPlan = `
    may_plan as (
      select distinct p.plan_set, s.month, j.feature_id, j.area_id
      from plan_set p
      join entitled_plan e on e.plan = p.plan
      join judged j on j.feature_id = e.feature_id
      join moment s on ${holds} and ${released}
    )`
  const byList = `
    may_list as (
      select distinct e.account_id, s.month, j.feature_id, j.area_id
      from entitled_account e
      join judged j on j.feature_id = e.feature_id
      join moment s on ${holds} and ${released}
    )`
  const inBook = repeats ? '(select distinct month, account_id, plan_set from book)' : 'book'
  const usedByPlan = `
      select distinct u.month, u.account_id, y.area_id
      from used u
      join ${inBook} b on b.account_id = u.account_id and b.month = u.month
      join may_plan y on y.plan_set = b.plan_set and y.month = u.month and y.feature_id = u.feature_id`
  const usedByList = `
      select distinct u.month, u.account_id, y.area_id
      from used u
      join may_list y on y.account_id = u.account_id and y.month = u.month and y.feature_id = u.feature_id`
  const members = (of: string) => `
    eligible as (
      select b.month, b.end_month, y.area_id, ${named}
      from book b
      join (${of}) y on y.account_id = b.account_id and y.month = b.month
      group by 1, 2, 3
    )`
  // Accounts of one set of plans may use the same, so that they are added up before they meet an area.
  const groups = (by: string, of: string) => `
    eligible as (
      select g.month, g.end_month, y.area_id, ${added}
      from (select month, end_month${by && `, ${by}`}, ${named} from book group by all) g
      join (${of}) y on y.month = g.month${by && ` and y.${by} = g.${by}`}
      group by 1, 2, 3
    )`
  switch (q.entitlement) {
    case 'unknown':
      return `
    may_all as (select s.month, j.feature_id, j.area_id from judged j join moment s on ${released}),
    ${groups('', 'select distinct month, area_id from may_all')},
    adopting as (
      select distinct u.month, u.account_id, y.area_id
      from used u
      join may_all y on y.month = u.month and y.feature_id = u.feature_id
    )`
    case 'plan':
      return `
    ${byPlan},
    ${groups('plan_set', 'select distinct plan_set, month, area_id from may_plan')},
    adopting as (${usedByPlan})`
    case 'list':
      return `
    ${byList},
    ${members('select distinct account_id, month, area_id from may_list')},
    adopting as (${usedByList})`
    case 'plan-and-list':
      return `
    ${byPlan},
    ${byList},
    ${members(`
        select b.account_id, b.month, y.area_id
        from ${inBook} b
        join may_plan y on y.plan_set = b.plan_set and y.month = b.month
        union
        select account_id, month, area_id from may_list`)},
    adopting as (${usedByPlan} union ${usedByList})`
  }
}
