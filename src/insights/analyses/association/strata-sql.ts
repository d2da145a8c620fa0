/**
 * The canonical SQL of association: the accounts of the main question's retention block, counted by feature, segment, size and
 * tenure. Size is the third of its segment's ARR on the base day, so that it means the same in every segment and currency and
 * needs no one to keep bands; equal ARR is never split. Tenure is the years since the first paid month.
 */
import { dayLiteral, textLiteral } from '../../../platform/warehouse/literals.ts'
import { monthEnd } from '../../../platform/calendar/month.ts'
import { accountsSql, entitledSql, namedSums, sumsOf, usedSql, type BlockQuery } from '../ground/adoption-sql.ts'
import { releasedTest } from '../ground/entitled.ts'

export const sizes = ['smallest third', 'middle third', 'largest third'] as const
export const tenures = ['under 1 year', '1 to 2 years', '2 years and more'] as const

/** Parts a stratum's key; no name of a segment holds it. */
export const unitSeparator = '\u001f'

export interface CountRow {
  key: string
  feature: string
  area: string | null
  is_core: boolean
  stratum: string
  n: number
  alive: number
  adopter_n: number
  adopter_alive: number
}

export const sinceSql = (q: BlockQuery) => `
  since as (
    select account_id, min(month) as month
    from revenue_month
    where arr_cents > 0 and month <= ${q.month}
    group by account_id
  )`
export const sizeSql = `
  cast(
    floor(
      (rank() over (partition by b.segment order by b.arr) - 1) * 3.0 / count(*) over (partition by b.segment)
    ) as integer
  )`
export const tenureSql = (q: BlockQuery) =>
  `case when ${q.month} - since.month < 12 then 0 when ${q.month} - since.month < 24 then 1 else 2 end`

/** One row for each feature and stratum with an eligible account: how many there are, how many of them adopted, how many of each still have ARR at the end. */
export function strataSql(query: BlockQuery): string {
  const q = { ...query, tag: '_at' }
  const day = dayLiteral(monthEnd(q.month))
  const sums = sumsOf(q)
  const { pairs, eligible, adopterJoin } = entitledSql(q, day, sums)
  const gap = textLiteral(unitSeparator)
  return `
    with ${accountsSql({ ...query, tag: '_book' })},
    ${sinceSql(q)},
    acc_at as materialized (
      select
        b.account_id,
        b.segment || ${gap} || ${sizeSql} || ${gap} || ${tenureSql(q)} as segment,
        b.plan_set, b.arr, b.arr_end, b.measured
      from acc_book b
      join since on since.account_id = b.account_id
    ),
    used_at as (${usedSql(q)}),
    ${pairs}
    eligible_at as (${eligible}),
    adopters_at as (
      select acc.segment as segment, used.feature_id as feature_id, ${namedSums(sums)}
      from used_at used
      join acc_at acc on acc.account_id = used.account_id
      ${adopterJoin}
      group by acc.segment, used.feature_id
    )
    select
      f.key as key,
      f.name as feature,
      f.area as area,
      f.is_core as is_core,
      e.segment as stratum,
      e.n as n,
      e.alive as alive,
      coalesce(a.n, 0) as adopter_n,
      coalesce(a.alive, 0) as adopter_alive
    from eligible_at e
    join feature f on f.feature_id = e.feature_id
    left join adopters_at a on a.segment = e.segment and a.feature_id = e.feature_id
    where f.feature_id > 0 and ${releasedTest(day)} and e.n > 0`
}
