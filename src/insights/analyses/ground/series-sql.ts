/**
 * The same accounts as `adoption-sql.ts` reads at one month's end, at many of them in one statement: what a line over time is made
 * of. Month by month each statement would be planned anew, which takes longer than reading.
 */
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { duckdb } from '../../../platform/warehouse/dialect.ts'
import { dayLiteral, textLiteral } from '../../../platform/warehouse/literals.ts'
import { monthEnd } from '../../../platform/calendar/month.ts'
import { attributesOf, bitsOfMonths, labelSql, segmentSql, type BlockQuery } from './adoption-sql.ts'

export type SeriesQuery = Omit<BlockQuery, 'month' | 'endMonth' | 'tag'>
/** A day at which accounts are read, and the month's end at which the same are looked at again. */
export interface Span {
  month: number
  endMonth: number
}

/**
 * Tables `span`, and `acc` with a row for each month's end and account of the book: `accountsSql` with the month beside it.
 * @param among an inner join with `r`, a row of revenue, that says which of them are asked for; all where it is empty
 */
export function accountsSeriesSql(q: SeriesQuery, spans: readonly Span[], among = ''): string {
  const list = spans
    .map((s) => `select ${s.month} as month, ${s.endMonth} as end_month, ${dayLiteral(monthEnd(s.month))} as day`)
    .join(' union all ')
  const retained = spans.some((s) => s.month !== s.endMonth)
  const attributes = attributesOf(q)
  // Few accounts ever change: the others are joined by account alone, so that no day multiplies them.
  const worn = attributes.map(
    ({ alias, key, bands }) => `
  attr_${alias} as (
    select
      account_id,
      ${labelSql(`arg_min(coalesce(value, ''), valid_from)`, bands)} as value,
      count(*) > 1 as changes
    from attribute
    where key = ${textLiteral(key)}
    group by account_id
  ),
  attr_${alias}_later as (
    select
      account_id,
      ${labelSql(`coalesce(value, '')`, bands)} as value,
      valid_from as from_day,
      coalesce(lead(valid_from) over w, ${dayLiteral('9999-12-31')}) as to_day
    from attribute
    where key = ${textLiteral(key)} and account_id in (select account_id from attr_${alias} where changes)
    window w as (partition by account_id order by valid_from)
  ),`,
  )
  const first = attributes.map(({ alias }) => `left join attr_${alias} ${alias} on ${alias}.account_id = c.account_id`)
  const later = attributes.map(
    ({ alias }) => `
    left join attr_${alias}_later ${alias}_later
      on ${alias}_later.account_id = r.account_id and ${alias}_later.from_day <= s.day and s.day < ${alias}_later.to_day`,
  )
  return `
  span as (${list}),
  ${worn.join('')}
  who as (
    select c.account_id, c.first_event_day${attributes.map(({ alias }) => `, ${alias}.value as ${alias}_value`).join('')}
    from customer c
    ${first.join(' ')}
    where c.excluded_reason is null
  ),
  acc as (
    select
      s.month as month,
      s.day as day,
      s.end_month as end_month,
      r.account_id as account_id,
      ${segmentSql(q, (alias) => `${alias}_later.value, w.${alias}_value`)} as segment,
      r.plan_set as plan_set,
      r.arr_cents as arr,
      ${retained ? 'coalesce(e.arr_cents, 0)' : 'r.arr_cents'} as arr_end,
      case when w.first_event_day <= s.day then 1 else 0 end as measured
    from revenue_month r
    join span s on s.month = r.month
    ${among}
    join who w on w.account_id = r.account_id
    ${later.join('')}
    ${retained ? 'left join revenue_month e on e.account_id = r.account_id and e.month = s.end_month' : ''}
    where r.arr_cents > 0
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
  with ${accountsSeriesSql(q, spans)}
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
): Promise<AdoptionPoint[]> => {
  if (months.length === 0) return Promise.resolve([])
  const { tables, joins, isAdopter } = adoptersSql(q, months)
  const spans = months.map((month) => ({ month, endMonth: month }))
  return con.all(`
  with ${accountsSeriesSql(q, spans)},
  ${tables}
  told as (
    select acc.month, acc.segment, acc.measured, acc.arr, acc.measured = 1 and ${isAdopter} as is_adopter
    from acc
    ${entitledJoin(q)}
    ${joins}
    where ${entitledWhere(q)}
  )
  select
    month,
    segment,
    sum(measured) as n,
    sum(measured * arr)::bigint as arr_sum,
    sum(1 - measured) as not_n,
    sum((1 - measured) * arr)::bigint as not_arr_sum,
    count(*) filter (is_adopter) as adopter_n,
    coalesce(sum(arr) filter (is_adopter), 0)::bigint as adopter_arr_sum
  from told
  group by month, segment
  having sum(measured) > 0
  order by month, segment`)
}

/**
 * Whether `acc` had adopted the feature at its month's end; the meaning is that of `usedSql`. An account's bits are joined once and
 * asked for each month, where a row for each month of use would have to be looked up. Months before its release drop out.
 */
function adoptersSql(
  q: SeriesQuery & { feature: number },
  months: readonly number[],
): { tables: string; joins: string; isAdopter: string } {
  const masks = months.map((month) => ({ month, of: bitsOfMonths(q.bitBase, month - q.adoptionMonths + 1, month) }))
  const eras = [...new Set(masks.flatMap(({ of }) => [...of.keys()]))].sort((a, b) => a - b)
  const rows = masks.map(
    ({ month, of }) =>
      `select ${month} as month, ${eras.map((era, i) => `${of.get(era) ?? 0n}::bigint as mask_${i}`).join(', ')}`,
  )
  const bits = eras.map((era, i) => `max(bits) filter (era = ${era}) as bits_${i}`)
  const used = eras
    .map((_, i) => `coalesce(${duckdb.sharedBits(`used.bits_${i}`, `mask.mask_${i}`)}, 0) <> 0`)
    .join(' or ')
  const basis = q.restated ? 1 : 0
  const defined = `
    exists (
      select 1
      from definition x
      where x.feature_id = ${q.feature} and x.basis = ${basis} and x.from_month <= m.month and x.to_month >= m.month
    )`
  return {
    tables: `
    mask as (
      select m.*, ${q.hasDefinitions ? defined : 'false'} as is_defined
      from (${rows.join(' union all ')}) m
      join span s on s.month = m.month
      join feature f on f.feature_id = ${q.feature} and (f.released_on is null or f.released_on <= s.day)
    ),
    used as (
      select account_id, ${bits.join(', ')}
      from af
      where feature_id = ${q.feature} and era in (${eras.join(', ')})
      group by account_id
    ),
    ${q.hasDefinitions ? `defined as (select distinct month, account_id from adopted where feature_id = ${q.feature} and basis = ${basis}),` : ''}`,
    joins: `
    join mask on mask.month = acc.month
    left join used on used.account_id = acc.account_id
    ${q.hasDefinitions ? 'left join defined on defined.account_id = acc.account_id and defined.month = acc.month' : ''}`,
    isAdopter: q.hasDefinitions
      ? `case when mask.is_defined then defined.account_id is not null else ${used} end`
      : `(${used})`,
  }
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
    unknown: 'true',
    plan: 'by_plan.month is not null',
    list: 'by_list.month is not null',
    'plan-and-list': '(by_plan.month is not null or by_list.month is not null)',
  })[q.entitlement]
