/**
 * The same accounts as `adoption-sql.ts` reads at one month's end, at many of them in one statement: what a line over time is made
 * of. Month by month each statement would be planned anew, which takes longer than reading.
 */
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { duckdb, type Dialect } from '../../platform/warehouse/dialect.ts'
import { monthEnd } from '../month.ts'
import { monthsPerEra } from '../datasets/rollups.ts'
import { segmentSql, type BlockQuery } from './adoption-sql.ts'

export type SeriesQuery = Omit<BlockQuery, 'month' | 'endMonth' | 'tag'>
/** A day at which accounts are read, and the month's end at which the same are looked at again. */
export interface Span {
  month: number
  endMonth: number
}

/** Tables `span`, and `acc` with a row for each month's end and account of the book: `accountsSql` with the month beside it. */
export function accountsSeriesSql(q: SeriesQuery, spans: readonly Span[], d: Dialect): string {
  const list = spans
    .map((s) => `select ${s.month} as month, ${s.endMonth} as end_month, ${d.date(monthEnd(s.month))} as day`)
    .join(' union all ')
  const retained = spans.some((s) => s.month !== s.endMonth)
  // From when to when a value was worn; the first one also before it is known. Each account has few, so that no day multiplies them.
  const worn = (name: string, key: string) => `
  ${name} as (
    select
      account_id,
      coalesce(value, '') as value,
      case when lag(valid_from) over w is null then ${d.date('0001-01-01')} else valid_from end as from_day,
      coalesce(lead(valid_from) over w, ${d.date('9999-12-31')}) as to_day
    from attribute
    where key = ${d.text(key)}
    window w as (partition by account_id order by valid_from)
  ),`
  const join = (name: string, alias: string) => `
    left join ${name} ${alias}
      on ${alias}.account_id = r.account_id and ${alias}.from_day <= s.day and s.day < ${alias}.to_day`
  return `
  span as (${list}),
  ${worn('attr', q.segmentBy)} ${q.andBy === undefined ? '' : worn('attr_and', q.andBy)}
  acc as (
    select
      s.month as month,
      s.day as day,
      s.end_month as end_month,
      r.account_id as account_id,
      ${segmentSql(q, d)} as segment,
      r.plan_set as plan_set,
      r.arr_cents as arr,
      ${retained ? 'coalesce(e.arr_cents, 0)' : 'r.arr_cents'} as arr_end,
      case when c.first_event_day <= s.day then 1 else 0 end as measured
    from revenue_month r
    join span s on s.month = r.month
    join customer c on c.account_id = r.account_id
    ${join('attr', 't')} ${q.andBy === undefined ? '' : join('attr_and', 't_and')}
    ${retained ? 'left join revenue_month e on e.account_id = r.account_id and e.month = s.end_month' : ''}
    where r.arr_cents > 0 and c.excluded_reason is null
  )`
}

export interface BookPoint {
  month: number
  segment: string
  n: number
  start: number
  finish: number
  kept: number
  alive: number
}

/** The book by segment at each month's end, and what became of it at the end of the span. Amounts in cents. */
export const readBookSeries = (con: Connection, q: SeriesQuery, spans: readonly Span[]): Promise<BookPoint[]> =>
  spans.length === 0
    ? Promise.resolve([])
    : con.all(`
  with ${accountsSeriesSql(q, spans, duckdb)}
  select
    end_month as month,
    segment,
    count(*) as n,
    sum(arr)::bigint as start,
    sum(arr_end)::bigint as finish,
    sum(case when arr_end < arr then arr_end else arr end)::bigint as kept,
    count(*) filter (arr_end > 0) as alive
  from acc
  group by end_month, segment
  order by end_month, segment`)

export interface AdoptionPoint {
  month: number
  segment: string
  n: number
  arr_sum: number
  not_n: number
  not_arr_sum: number
  adopter_n: number
  adopter_arr_sum: number
}

/** Eligible, not measured and adopters of one feature, by segment, at each month's end at which it was released. Amounts in cents. */
export const readAdoptionSeries = (
  con: Connection,
  q: SeriesQuery & { feature: number },
  months: readonly number[],
): Promise<AdoptionPoint[]> =>
  months.length === 0
    ? Promise.resolve([])
    : con.all(`with ${accountsSeriesSql(
        q,
        months.map((month) => ({ month, endMonth: month })),
        duckdb,
      )},
  used as (${usedSeriesSql(q, months, duckdb)})
  select
    acc.month as month,
    acc.segment as segment,
    sum(acc.measured) as n,
    sum(acc.measured * acc.arr)::bigint as arr_sum,
    sum(1 - acc.measured) as not_n,
    sum((1 - acc.measured) * acc.arr)::bigint as not_arr_sum,
    count(*) filter (acc.measured = 1 and used.account_id is not null) as adopter_n,
    coalesce(sum(acc.arr) filter (acc.measured = 1 and used.account_id is not null), 0)::bigint as adopter_arr_sum
  from acc ${entitledJoin(q)}
  left join used on used.account_id = acc.account_id and used.month = acc.month
  where exists (
      select 1
      from feature f
      where f.feature_id = ${q.feature} and (f.released_on is null or f.released_on <= acc.day)
    ) ${entitledWhere(q)}
  group by acc.month, acc.segment
  having sum(acc.measured) > 0
  order by acc.month, acc.segment`)

/** Who had adopted the feature at which month's end; the meaning is that of `usedSql`. */
function usedSeriesSql(q: SeriesQuery & { feature: number }, months: readonly number[], d: Dialect): string {
  const defined = `select 1 from definition x where x.feature_id = ${q.feature} and x.basis = ${q.restated ? 1 : 0} and x.from_month <= m.month and x.to_month >= m.month`
  const words = months.flatMap((month) => {
    const masks = new Map<number, bigint>()
    for (let at = month - q.adoptionMonths + 1; at <= month; at += 1) {
      const era = Math.floor((at - q.bitBase) / monthsPerEra)
      masks.set(era, (masks.get(era) ?? 0n) | (1n << BigInt(at - q.bitBase - era * monthsPerEra)))
    }
    return [...masks].map(([era, mask]) => `select ${month} as month, ${era} as era, ${mask}::bigint as mask`)
  })
  return `
    select distinct m.month as month, af.account_id as account_id
    from (${words.join(' union all ')}) m
    join af on af.feature_id = ${q.feature} and af.era = m.era and ${d.bitAnd('af.bits', 'm.mask')} <> 0
    ${q.hasDefinitions ? `where not exists (${defined}) union select month, account_id from adopted where feature_id = ${q.feature} and basis = ${q.restated ? 1 : 0} and month in (${months.join(', ')})` : ''}`
}

/** Plans that may use the feature at each month's end; accounts that may by list are joined each. */
function entitledJoin(q: SeriesQuery & { feature: number }): string {
  const byPlan = `
  left join (
    select distinct p.plan_set as plan_set, s.month as month
    from plan_set p
    join entitled_plan e on e.plan = p.plan
    join span s on e.from_day <= s.day and s.day < e.to_day
    where e.feature_id = ${q.feature}
  ) by_plan on by_plan.plan_set = acc.plan_set and by_plan.month = acc.month`
  const byList = `
  left join (
    select distinct e.account_id as account_id, s.month as month
    from entitled_account e
    join span s on e.from_day <= s.day and s.day < e.to_day
    where e.feature_id = ${q.feature}
  ) by_list on by_list.account_id = acc.account_id and by_list.month = acc.month`
  return { unknown: '', plan: byPlan, list: byList, 'plan-and-list': `${byPlan} ${byList}` }[q.entitlement]
}

const entitledWhere = (q: SeriesQuery): string =>
  ({
    unknown: '',
    plan: 'and by_plan.month is not null',
    list: 'and by_list.month is not null',
    'plan-and-list': 'and (by_plan.month is not null or by_list.month is not null)',
  })[q.entitlement]
