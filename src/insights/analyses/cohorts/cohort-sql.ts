/**
 * Who came back, as counts of bits: a cohort's members are bits of a word (an account has the one bit 1), and so is who was active
 * in a period; whoever is in both came back.
 */
import { dayLiteral } from '../../../platform/warehouse/literals.ts'
import { monthIndex } from '../../../platform/calendar/month.ts'
import type { BlockQuery } from '../ground/adoption-sql.ts'
import { entitledTest, releasedTest } from '../ground/entitled.ts'
import { periodEnd, periodOf, periodSql, periodStart, type Period } from '../../../platform/calendar/periods.ts'
import { accountsSeriesSql } from '../ground/series-sql.ts'

export interface CohortQuery {
  q: BlockQuery
  unit: 'accounts' | 'users'
  by: Period
  kind: 'n-day' | 'unbounded' | 'bracket'
  /** First and last cohort, as periods. */
  first: number
  last: number
  /** First and last period of each step, counted from the cohort's own; for `unbounded` the last is open. */
  steps: readonly { from: number; to: number }[]
  /** The last day of usage that counts. */
  lastDay: string
  /** Only use of this feature counts as coming back; members are those entitled to it. */
  feature: number | null
}

/** Tables `begun` for accounts, `members` (account_id, chunk, p0, segment, bits) and `hits` (with step and the bits of those who came back in it). */
export function cohortSql(c: CohortQuery): string {
  const users = c.unit === 'users'
  return `
    ${users ? bookSql(c) : `${firstBookSql}, ${bookSql(c, 'join first_book n on n.account_id = r.account_id and n.month = r.month')}`},
    ${users ? newUsersSql(c) : newAccountsSql(c)},
    active as (${activeSql(c)}),
    ${c.kind === 'unbounded' ? laterSql : ''}
    hits as (${{ 'n-day': exactSql(c), unbounded: unboundedSql(c), bracket: bracketSql(c) }[c.kind]})`
}

/**
 * Who was active in which period from the first cohort on. Any use is known by period; the last, which may not be over on the last
 * day that counts, and use of one feature are read from days.
 */
function activeSql({ unit, by, feature, first, lastDay }: CohortQuery): string {
  const isOfUsers = unit === 'users'
  const word = isOfUsers ? ['chunk', 'bit_or(users)'] : ['0', '1::bigint']
  const group = isOfUsers ? 'account_id, chunk, p' : 'account_id, p'
  if (feature !== null)
    return `select account_id, ${word[0]} as chunk, ${periodSql('day', by)} as p, ${word[1]} as bits from r_day
    where feature_id = ${feature} and ${daysSql(first, by, lastDay)} group by ${group}`
  // New accounts are few of all.
  return isOfUsers
    ? `select account_id, chunk, p, users as bits from (${seenSql(by, first, lastDay)})`
    : `select account_id, 0 as chunk, p, 1::bigint as bits
    from (${seenSql(by, first, lastDay, ' and account_id in (select account_id from members)')})
    group by account_id, p`
}

const daysSql = (first: number, by: Period, lastDay: string) =>
  `day >= ${dayLiteral(periodStart(first, by))} and day <= ${dayLiteral(lastDay)}`

/** Users of each account and period (p) from the first to the last day that counts, in one row each; of days only where the last period is not over. */
function seenSql(by: Period, first: number, lastDay: string, among = ''): string {
  const last = periodOf(lastDay, by)
  const isOver = periodEnd(last, by) === lastDay
  const periods = `select account_id, chunk, ${by} as p, users from ${tableOf[by]} where ${by} >= ${first} and ${by} < ${isOver ? last + 1 : last}${among}`
  return isOver
    ? periods
    : `${periods}
    union all select account_id, chunk, ${last} as p, bit_or(users) as users from a_day where ${daysSql(last, by, lastDay)}${among} group by account_id, chunk`
}
const tableOf = { month: 'a_month', week: 'a_week' } as const

/** The month at whose end an account first has ARR. */
const firstBookSql = `
    first_book as (
      select account_id, min(month) as month
      from revenue_month
      where arr_cents > 0
      group by account_id
    )`

/** The book at the month's end of each cohort: whose account it is, and its segment then. */
function bookSql({ q, first, last, by, feature }: CohortQuery, among = ''): string {
  const from = monthIndex(periodEnd(first, by))
  const months = Array.from({ length: monthIndex(periodEnd(last, by)) - from + 1 }, (_, i) => from + i)
  const may =
    feature === null
      ? ''
      : `
        join feature f on f.feature_id = ${feature}
        where ${releasedTest('acc.day')} and ${entitledTest(q.entitlement, 'acc.day')}`
  const spans = months.map((month) => ({ month, endMonth: month }))
  return `
    ${accountsSeriesSql(q, spans, among)},
    book as (select acc.month, acc.account_id, acc.segment from acc${may})`
}

/** An account begins in the month at whose end it first has ARR, the only one of its book; its week is that of the first paying day in that month. */
function newAccountsSql({ by, first, last, lastDay }: CohortQuery): string {
  const start = `make_date(b.month // 12, (b.month % 12 + 1)::int, 1)`
  const entry = by === 'month' ? 'b.month' : periodSql(`greatest(${start}, coalesce(i.from_day, ${start}))`, by)
  const interval =
    by === 'month'
      ? ''
      : `
        left join paid_interval i
          on i.account_id = b.account_id
            and i.from_day <= last_day(${start})
            and last_day(${start}) < i.to_day`
  return `
    begun as (
      select
        b.account_id,
        0 as chunk,
        ${entry} as p0,
        b.segment,
        1::bigint as bits,
        coalesce(c.first_event_day <= ${dayLiteral(lastDay)}, false) as measured
      from book b
      join customer c on c.account_id = b.account_id
      ${interval}
    ),
    members as (
      select account_id, chunk, p0, segment, bits
      from begun
      where measured and p0 between ${first} and ${last}
    )`
}

/**
 * Users are new in the first period in which they did anything at all; their account is in the book at that month’s end. The periods of
 * an account stand in one row, so that those before are an or of columns: a window over its periods takes three times as long.
 */
function newUsersSql({ by, first, last, lastDay }: CohortQuery): string {
  const periods = Array.from({ length: last - first + 1 }, (_, i) => first + i)
  const freshIn = (p: number) =>
    `u${p} & ~(${['coalesce(b.users, 0)', ...periods.filter((q) => q < p).map((q) => `u${q}`)].join(' | ')})`
  const month = by === 'month' ? 'n.p' : `(${periodSql(`date '1970-01-05' + (n.p * 7 + 6)::int`, 'month')})`
  return `
    seen as (
      select account_id, chunk, ${periods.map((p) => `bit_or(case p when ${p} then users else 0 end) as u${p}`).join(', ')}
      from (${seenSql(by, first, lastDay)})
      group by account_id, chunk
    ),
    before as (
      select account_id, chunk, bit_or(users) as users
      from (${beforeSql(by, first)})
      group by account_id, chunk
    ),
    fresh as (
      select
        s.account_id, s.chunk,
        unnest([${periods.join(', ')}]) as p,
        unnest([${periods.map(freshIn).join(', ')}]) as bits
      from seen s
      left join before b on b.account_id = s.account_id and b.chunk = s.chunk
    ),
    members as (
      select n.account_id, n.chunk, n.p as p0, b.segment, n.bits
      from fresh n
      join book b on b.account_id = n.account_id and b.month = ${month}
      where n.bits <> 0
    )`
}

/** Users before a period, read by whole months as far as those go: four times fewer rows than weeks. */
function beforeSql(by: Period, first: number): string {
  const month = monthIndex(periodStart(first, by))
  const months = `select account_id, chunk, users from a_month where month < ${month}`
  if (by === 'month') return months
  const week = periodOf(periodStart(month, 'month'), 'week')
  return `${months} union all select account_id, chunk, users from a_week where week >= ${week} and week < ${first}`
}

const joined = 'from members m join active a on a.account_id = m.account_id and a.chunk = m.chunk and a.p >= m.p0'

const exactSql = ({ steps }: CohortQuery) => `
  select m.account_id, m.segment, m.p0, a.p - m.p0 as step, m.bits & a.bits as bits
  ${joined} and a.p - m.p0 < ${steps.length}`

const stepCase = ({ from, to }: CohortQuery['steps'][number], i: number) =>
  `when a.p - m.p0 between ${from} and ${to} then ${i}`

const bracketSql = ({ steps }: CohortQuery) => `
  select account_id, segment, p0, step, bit_or(bits) as bits
  from (
    select
      m.account_id, m.chunk, m.segment, m.p0,
      case ${steps.map(stepCase).join(' ')} end as step,
      m.bits & a.bits as bits
    ${joined}
  )
  where step is not null
  group by account_id, chunk, segment, p0, step`

/** Active in a period or any after it holds from the period after the one before in which anybody was active. */
const laterSql = `
  later as (
    select
      account_id, chunk, p,
      coalesce(lag(p) over w + 1, 0) as since,
      bit_or(bits) over (
        partition by account_id, chunk order by p rows between current row and unbounded following
      ) as bits
    from active
    window w as (partition by account_id, chunk order by p)
  ),`

const unboundedSql = ({ steps }: CohortQuery) => `
  select account_id, segment, p0, step, bits
  from (
    select
      m.account_id, m.segment, m.p0,
      unnest(range(greatest(0, l.since - m.p0), least(l.p - m.p0 + 1, ${steps.length}))) as step,
      m.bits & l.bits as bits
    from members m
    join later l on l.account_id = m.account_id and l.chunk = m.chunk and l.p >= m.p0
  )`

/** The first cohort that can be seen from its start: new users only after a first period that holds everybody who was there before. */
export const firstCohort = (firstUsageDay: string, by: Period, unit: CohortQuery['unit']): number =>
  periodOf(firstUsageDay, by) +
  (unit === 'users' || periodStart(periodOf(firstUsageDay, by), by) < firstUsageDay ? 1 : 0)
