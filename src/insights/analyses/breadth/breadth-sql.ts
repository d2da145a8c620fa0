/** The SQL of breadth: use of each account and feature over the span, and what is counted of it. */
import { dayLiteral } from '../../../platform/warehouse/literals.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { addDays, daysBetween, monthEnd, monthIndex } from '../../../platform/calendar/month.ts'
import { accountsSql, entitledSql, type BlockQuery } from '../ground/adoption-sql.ts'
import { releasedTest } from '../ground/entitled.ts'

export const spanDays = 30
/** Depth is by whole weeks: the four that end with the span. */
const depthDays = 28
/** Days of use within the 30: none, then the bands. */
const frequencyBands = [
  { key: 'none', from: 0, to: 0 },
  { key: '1-4', from: 1, to: 4 },
  { key: '5-12', from: 5, to: 12 },
  { key: '13-30', from: 13, to: 30 },
] as const

const inSpan = (end: string, days: number) =>
  `day >= ${dayLiteral(addDays(end, 1 - days))} and day <= ${dayLiteral(end)}`

const depthWeeks = [0, 1, 2, 3]

const dayOfMonth = (day: string): number => Number(day.slice(8))
/** Of days of one month, as the bits of the column `days` of `a_month`. */
const daysMask = (days: readonly string[]): number => days.reduce((bits, day) => bits | (1 << (dayOfMonth(day) - 1)), 0)

/**
 * A statement with a row for each account that has any event from the one day to the other, and how many users it has in them.
 * @returns columns account_id, users
 */
function usersOfDaysSql(from: string, to: string): string {
  const days = Array.from({ length: daysBetween(from, to) + 1 }, (_, i) => addDays(from, i))
  const months = [...Map.groupBy(days, monthIndex)].map(
    ([month, of]) => `
      select account_id, chunk, ${of.map((day) => `d${dayOfMonth(day)}`).join(' | ')} as users
      from a_month
      where month = ${month} and (days & ${daysMask(of)}) <> 0`,
  )
  // A day's bits of one month stand in one row; only more months have to be brought together.
  const words =
    months.length === 1
      ? months[0]!
      : `select account_id, chunk, bit_or(users) as users from (${months.join(' union all ')}) group by 1, 2`
  return `select account_id, sum(bit_count(users))::bigint as users from (${words}) group by 1`
}

/** Tables `people` (users of each account) and `use` (users, days, events and user-weeks of each account and feature), of the span. The days of use are read once. */
export function useSql(q: BlockQuery): string {
  const end = monthEnd(q.month)
  const back = `(${dayLiteral(end)} - day)`
  return `
  people as materialized (${usersOfDaysSql(addDays(end, 1 - spanDays), end)}),
  use_words as (
    select
      account_id, feature_id, chunk,
      bit_or(users) as users,
      bit_or(1 << back) as days,
      sum(events)::bigint as events,
      sum(case when back < ${depthDays} then events else 0 end)::bigint as week_events,
      ${depthWeeks.map((w) => `bit_or(case when back // 7 = ${w} then users else 0 end) as u${w}`).join(', ')}
    from (
      select account_id, feature_id, chunk, users, events, ${back}::int as back
      from r_day
      where ${inSpan(end, spanDays)} and ${q.feature === undefined ? 'feature_id > 0' : `feature_id = ${q.feature}`}
    )
    group by 1, 2, 3
  ),
  use as (
    select
      account_id, feature_id,
      sum(bit_count(users))::bigint as users,
      bit_count(bit_or(days))::int as days,
      sum(events)::bigint as events,
      sum(week_events)::bigint as week_events,
      sum(${depthWeeks.map((w) => `bit_count(u${w})::int`).join(' + ')})::bigint as weeks
    from use_words
    group by 1, 2
  )`
}

/** Whether use of an account names nobody, so that nothing is known of its breadth. */
export const isNameless = (use: string): string => `coalesce(${use}.events, 0) > 0 and coalesce(${use}.users, 0) = 0`

/** Of those that use a feature at all. */
const usedBands = frequencyBands.filter((b) => b.from > 0)
const quartiles = [0.25, 0.5, 0.75]

/** A quantile of the shares of `accounts`, interpolated: most are 0, so that only the others are sorted. */
function quantileSql(q: number): string {
  const zeros = '(e.accounts - coalesce(len(e.shares), 0))'
  const rank = `(1 + ${q} * (e.accounts - 1))`
  const shareAt = (place: string) =>
    `case when ${place} <= ${zeros} then 0 else e.shares[(${place} - ${zeros})::bigint] end`
  const [low, high] = [shareAt(`floor(${rank})`), shareAt(`ceil(${rank})`)]
  return `(${low} + (${high} - ${low}) * (${rank} - floor(${rank})))::double`
}

export interface UseRow {
  kind: 'use'
  segment: string | null
  feature: string
  area: string | null
  is_core: boolean
  measured: number
  accounts: number
  nameless: number
  using_n: number
  quartiles: number[] | null
  days: number[]
  weeks: number
  week_events: number
}
/** Accounts by how many core features they use; and those whose usage names nobody. */
interface CountRow {
  kind: 'core' | 'nameless'
  segment: string | null
  used: number
  measured: number
}

/**
 * All of the page in one statement, so that what it stands on is read once. Who may use a feature is counted by segment and plan, and
 * who does not use it is the rest, so that accounts and features are never multiplied.
 */
export async function readUse(
  con: Connection,
  query: BlockQuery,
): Promise<{ use: UseRow[]; core: { segment: string; used: number; n: number }[]; nameless: number }> {
  const q = { ...query, tag: '_at' }
  const day = dayLiteral(monthEnd(q.month))
  const { pairs, eligible, adopterJoin, toAny } = entitledSql(q, day, {
    measured: 'sum(measured)',
    peopled: 'count(*) filter (measured = 1 and people > 0)',
  })
  const rows = await con.all<UseRow | CountRow>(`
    with ${accountsSql({ ...query, tag: '_book' })},
    ${useSql(q)},
    acc_at as materialized (
      select b.*, coalesce(p.users, 0) as people
      from acc_book b
      left join people p on p.account_id = b.account_id
    ),
    ${pairs}
    eligible as (${eligible}),
    entitled as (
      select e.feature_id, e.segment, sum(e.measured) as measured, sum(e.peopled) as peopled
      from eligible e
      join feature f on f.feature_id = e.feature_id
      where e.measured > 0 and ${releasedTest(day)}
      group by grouping sets ((e.feature_id, e.segment), (e.feature_id))
    ),
    busy as materialized (
      select
        acc.account_id, acc.segment, acc.people, f.is_core,
        used.feature_id, used.users, used.days, used.weeks,
        case when used.weeks > 0 then used.week_events else 0 end as week_events,
        ${isNameless('used')} as is_nameless
      from use used
      join acc_at acc on acc.account_id = used.account_id
      ${adopterJoin}
      join feature f on f.feature_id = used.feature_id
      where acc.measured = 1 and ${releasedTest(day)}
    ),
    core_use as (
      select segment, used, count(*) as n
      from (select account_id, segment, count(*) as used from busy where is_core group by 1, 2)
      group by 1, 2
    ),
    each_feature as (
      select
        feature_id, segment,
        count(*) filter (people > 0 and is_nameless) as nameless,
        count(*) filter (users > 0) as using_n,
        list_sort(list(users / people) filter (people > 0 and not is_nameless and users > 0)) as shares,
        ${usedBands.map((b) => `count(*) filter (days between ${b.from} and ${b.to}) as "${b.key}"`).join(', ')},
        sum(weeks)::bigint as weeks,
        sum(week_events)::bigint as week_events
      from busy
      group by grouping sets ((feature_id, segment), (feature_id))
    ),
    told as (
      select
        n.feature_id, n.segment,
        n.measured::bigint as measured,
        (n.peopled - coalesce(e.nameless, 0))::bigint as accounts,
        coalesce(e.nameless, 0) as nameless,
        coalesce(e.using_n, 0) as using_n,
        [n.measured::bigint - coalesce(${usedBands.map((b) => `e."${b.key}"`).join(' + ')}, 0), ${usedBands.map((b) => `coalesce(e."${b.key}", 0)`).join(', ')}] as days,
        coalesce(e.weeks, 0) as weeks,
        coalesce(e.week_events, 0) as week_events,
        e.shares
      from entitled n
      left join each_feature e on e.feature_id = n.feature_id and e.segment is not distinct from n.segment
    )
    select
      'use' as kind,
      e.* exclude (feature_id, shares),
      case when e.accounts > 0 then [${quartiles.map(quantileSql).join(', ')}] end as quartiles,
      f.name as feature, f.area, f.is_core, null as used
    from told e
    join feature f on f.feature_id = e.feature_id
    union all by name
    select 'core' as kind, segment, used, n as measured
    from core_use
    union all by name
    select 'core' as kind, a.segment, 0 as used, count(*) - coalesce(any_value(c.n), 0) as measured
    from (${toAny(`f.is_core and ${releasedTest(day)}`)}) a
    left join (select segment, sum(n)::bigint as n from core_use group by segment) c on c.segment = a.segment
    where a.measured = 1
    group by a.segment
    union all by name
    select 'nameless' as kind, count(*) as measured
    from acc_at
    join people p on p.account_id = acc_at.account_id
    where p.users = 0
    order by is_core desc, feature`)
  return {
    use: rows.filter((r) => r.kind === 'use'),
    core: rows.flatMap((r) => (r.kind === 'core' ? [{ segment: r.segment!, used: r.used, n: r.measured }] : [])),
    nameless: rows.find((r) => r.kind === 'nameless')!.measured,
  }
}
