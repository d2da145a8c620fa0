/** How long accounts take from being able to use a feature to its first use, with those that have not got there yet. */
import { z } from 'zod'
import { operation, type WorkspaceContext } from '../../platform/operation.ts'
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { duckdb } from '../../platform/warehouse/dialect.ts'
import { Day, Month } from '../datasets/schemas.ts'
import { markOf } from '../metrics/intervals.ts'
import { at, kaplanMeier, medianOf, type Subject } from '../metrics/survival.ts'
import { daysBetween, monthEnd, monthIndex, monthText } from '../month.ts'
import { percent, plural, shortDay } from '../wording.ts'
import { accountsSql, type BlockQuery } from './adoption-sql.ts'
import { askedFeature, type AskedFeature } from './asked-feature.ts'
import {
  Answer,
  blockQuery,
  currencyOf,
  inWarehouse,
  needHistory,
  pickMonth,
  readStanding,
  Standing,
} from './asking.ts'
import { entitledSince, entitledTest, releasedTest } from './entitled.ts'
import { pageOf, Paging } from './paging.ts'
import { SegmentBy } from './schemas.ts'

export const TimeToAdoptInput = SegmentBy.extend({
  feature: z.string().optional().describe('the first core feature where absent'),
  month: Month.optional().describe('whose end is the last day looked at; the last complete month where absent'),
  days: z.int().min(30).max(1095).default(365).describe('how far the curve is drawn'),
})
const Point = z.object({
  day: z.int(),
  share: z.number().nullable().describe('null where nobody was seen that long'),
  low: z.number().nullable(),
  high: z.number().nullable(),
  atRisk: z.int(),
})
const Group = z.object({
  segment: z.string(),
  accounts: z.int(),
  adopted: z.int(),
  left: z.int().describe('stopped paying before any use'),
  waiting: z.int(),
  mark: z.enum(['ok', 'directional', 'suppressed']),
  median: z
    .object({ value: z.number().nullable(), low: z.number().nullable(), high: z.number().nullable() })
    .describe('days; null where half never got there within what is known'),
  followed: z.int().describe('the longest that any account was seen, in days'),
  marks: z.array(Point).describe('at 30, 90, 180 and 365 days'),
  steps: z.array(Point).describe('after each day with a first use'),
})
export type AdoptionTimes = z.infer<typeof Group>
const TimeToAdopt = z.object({
  answer: Answer,
  standing: Standing,
  feature: z.string(),
  month: Month,
  days: z.int(),
  groups: z.array(Group).describe('all accounts first, as “All”'),
  leftOut: z.object({ before: z.int(), notMeasured: z.int() }),
})

interface Entry {
  ext_id: string
  name: string | null
  owner: string | null
  owner_email: string | null
  segment: string
  measured: boolean
  entry: string
  first_use: string | null
  last_day: string
}

/**
 * One row for each account of the book that ever could use the feature, to the query's month.
 * `entry`: in the first month at whose end it paid, was entitled and the feature was released, the first day on which all three
 * held as far as is known (plans are known by month-end). `first_use`: from then on, within the same stretch of paying.
 * `last_day`: the last day of that stretch, or of what is known.
 */
function readEntries(con: Connection, feature: AskedFeature, q: BlockQuery, firstMonth: number): Promise<Entry[]> {
  const end = duckdb.date(monthEnd(q.month))
  const months = Array.from({ length: q.month - firstMonth + 1 }, (_, i) => firstMonth + i)
  const blocks = months.map((month) => accountsSql({ ...q, month, endMonth: month, tag: `_${month}` }, duckdb))
  return con.all<Entry>(
    `with ${blocks.join(', ')},
    segment_at as (${months.map((m) => `select ${m} as month, account_id, segment from acc_${m}`).join(' union all ')}),
    able as (select acc.account_id, acc.month, acc.day, ${entitledSince(q.entitlement, 'acc.day')} as since, f.released_on from (
        select r.account_id, r.plan_set, r.month, last_day(make_date(r.month // 12, r.month % 12 + 1, 1)) as day from revenue_month r join customer c on c.account_id = r.account_id
        where r.arr_cents > 0 and c.excluded_reason is null and r.month <= ${q.month}) acc cross join feature f
      where f.feature_id = $1 and ${releasedTest('acc.day')} and ${entitledTest(q.entitlement, 'acc.day')} qualify row_number() over (partition by acc.account_id order by acc.month) = 1),
    entry as (select a.account_id, a.month, greatest(date_trunc('month', a.day)::date, p.from_day, a.since, a.released_on) as entry, p.to_day
      from able a join paid_interval p on p.account_id = a.account_id and p.from_day <= a.day and a.day < p.to_day),
    used as (select e.account_id, min(d.day) as day from entry e join r_day d on d.account_id = e.account_id and d.feature_id = $1 and d.day >= e.entry and d.day < e.to_day and d.day <= ${end} group by 1)
    select c.ext_id, c.name, c.owner, c.owner_email, coalesce(s.segment, '') as segment, c.first_event_day is not null and c.first_event_day <= ${end} as measured, e.entry, used.day as first_use, least(e.to_day - 1, ${end}) as last_day
    from entry e join customer c on c.account_id = e.account_id left join used on used.account_id = e.account_id left join segment_at s on s.account_id = e.account_id and s.month = e.month
    where e.entry <= ${end} order by e.entry desc, c.ext_id`,
    [feature.featureId],
  )
}

const subjectOf = (e: Entry): Subject => ({
  time: daysBetween(e.entry, e.first_use ?? e.last_day),
  hasEvent: e.first_use !== null,
})
const milestones = [30, 90, 180, 365]

function groupOf(segment: string, entries: readonly Entry[], days: number, end: string): AdoptionTimes {
  const subjects = entries.map(subjectOf)
  const mark = markOf(subjects.length)
  const adopted = entries.filter((e) => e.first_use !== null).length
  const left = entries.filter((e) => e.first_use === null && e.last_day < end).length
  const followed = Math.max(0, ...subjects.map((s) => s.time))
  const sums = {
    followed,
    segment,
    accounts: entries.length,
    adopted,
    left,
    waiting: entries.length - adopted - left,
    mark,
  }
  if (mark === 'suppressed') return { ...sums, median: { value: null, low: null, high: null }, marks: [], steps: [] }
  const steps = kaplanMeier(subjects)
  const turned = (p: { survival: number; low: number | null; high: number | null }) => ({
    share: 1 - p.survival,
    low: p.high === null ? null : 1 - p.high,
    high: p.low === null ? null : 1 - p.low,
  })
  return {
    ...sums,
    median: medianOf(steps),
    steps: steps.filter((s) => s.time <= days).map((s) => ({ day: s.time, ...turned(s), atRisk: s.atRisk })),
    marks: milestones.map((day) => {
      const p = at(steps, subjects, day)
      return p.atRisk === 0 && p.survival > 0
        ? { day, share: null, low: null, high: null, atRisk: 0 }
        : { day, ...turned(p), atRisk: p.atRisk }
    }),
  }
}

async function readTimes(con: Connection, input: z.output<typeof TimeToAdoptInput>) {
  const history = await needHistory(con)
  const month = monthIndex(pickMonth(input.month, history))
  const feature = await askedFeature(con, input.feature)
  const entries = await readEntries(
    con,
    feature,
    await blockQuery(con, input, month),
    Math.min(month, history.firstUsageMonth),
  )
  const known = (await con.one<{ first: string }>('select min(day) as first from r_name'))!.first
  const since = entries.filter((e) => e.entry >= known)
  return {
    month,
    feature,
    known,
    counted: since.filter((e) => e.measured),
    leftOut: { before: entries.length - since.length, notMeasured: since.filter((e) => !e.measured).length },
  }
}

function writeAnswer(feature: string, all: AdoptionTimes, known: string): Answer {
  if (all.mark === 'suppressed')
    return {
      text: `${plural(all.accounts, 'account', 'accounts')} became able to use ${feature} since ${shortDay(known)}, too few to say how long it takes.`,
      caveat: null,
    }
  const { value, low, high } = all.median
  const year = all.marks.findLast((m) => m.atRisk >= 10) ?? all.marks[0]!
  const text =
    value === null
      ? `Fewer than half of the accounts come to use ${feature}: ${percent(year.share ?? 0)} within ${year.day} days of being able to.`
      : `Half of the accounts use ${feature} within ${plural(value, 'day', 'days')} of being able to; after 30 days, ${percent(all.marks[0]!.share ?? 0)} have.`
  const interval =
    value === null
      ? year.low === null
        ? ''
        : `95 % interval ${percent(year.low)} to ${percent(year.high!)}. `
      : `95 % interval of the median ${low ?? 0} to ${high === null ? 'not known' : high} days. `
  return {
    text,
    caveat: `${interval}Kaplan-Meier over ${plural(all.accounts, 'account', 'accounts')}; who stopped paying or is still waiting counts for the days it was seen.`,
  }
}

export const analyseTimeToAdopt = operation({
  name: 'insights.analyses.timeToAdopt',
  summary: 'Days until accounts use a feature they may use, with those still waiting, by segment',
  kind: 'read',
  may: 'insights:read',
  command: 'insights analyse time-to-adopt',
  input: TimeToAdoptInput,
  output: TimeToAdopt,
  example: () => ({ month: '2025-12' }),
  csv: {
    fileName: (o) => `time-to-adopt-${o.feature}-${o.month}.csv`,
    rows: (o) =>
      o.groups.flatMap((g) =>
        g.steps.map((s) => ({
          feature: o.feature,
          segment: g.segment,
          accounts: g.accounts,
          median_days: g.median.value,
          median_low: g.median.low,
          median_high: g.median.high,
          day: s.day,
          share_adopted: s.share,
          share_low: s.low,
          share_high: s.high,
          at_risk: s.atRisk,
        })),
      ),
  },
  async run(context: WorkspaceContext, input) {
    const currency = await currencyOf(context)
    return inWarehouse(context, async (con) => {
      const { month, feature, known, counted, leftOut } = await readTimes(con, input)
      const end = monthEnd(month)
      const segments = [...Map.groupBy(counted, (e) => e.segment)]
        .map(([segment, entries]) => groupOf(segment, entries, input.days, end))
        .sort((a, b) => b.accounts - a.accounts || (a.segment < b.segment ? -1 : 1))
      const all = groupOf('All', counted, input.days, end)
      const standing = await readStanding(con, {
        currency,
        period: `${shortDay(known)} to ${shortDay(end)}`,
        base: `Measured accounts that became able to use ${feature.name} in that time, each from its own first day; segment as it was then`,
        notes: [
          ...(leftOut.before > 0
            ? [
                `${plural(leftOut.before, 'account was', 'accounts were')} able to use it before usage is known and ${leftOut.before === 1 ? 'is' : 'are'} left out: ${leftOut.before === 1 ? 'its' : 'their'} first use may lie before.`,
              ]
            : []),
          ...(leftOut.notMeasured > 0
            ? [`${plural(leftOut.notMeasured, 'account is', 'accounts are')} not measured and left out.`]
            : []),
          'Plans are known by month-end, so the first day of an upgrade within a month is taken as that month’s first.',
        ],
        definitions: ['time-to-adopt', 'entitlement', 'not-measured', 'suppressed'],
      })
      return {
        answer: writeAnswer(feature.name, all, known),
        standing,
        feature: feature.name,
        month: monthText(month),
        days: input.days,
        groups: [all, ...segments],
        leftOut,
      }
    })
  },
})

const states = ['adopted', 'waiting', 'left'] as const
const Row = z.object({
  accountId: z.string(),
  name: z.string(),
  owner: z.string().nullable(),
  ownerEmail: z.string().nullable(),
  segment: z.string(),
  ableFrom: Day,
  firstUse: Day.nullable(),
  days: z.int().describe('until the first use, or so far'),
  state: z.enum(states),
})

export const listTimeToAdoptAccounts = operation({
  name: 'insights.analyses.timeToAdoptAccounts',
  summary: 'The accounts behind the time to adopt: since when each may use the feature, and when it first did',
  kind: 'read',
  may: 'insights:accounts',
  sensitive: true,
  command: 'insights analyse time-to-adopt-accounts',
  input: TimeToAdoptInput.extend({ segment: z.string().optional(), state: z.enum(states).optional() }).extend(
    Paging.shape,
  ),
  output: z.object({ rows: z.array(Row), nextCursor: z.string().nullable(), total: z.int() }),
  example: () => ({ month: '2025-12' }),
  target: (input) => [input.feature, input.state, input.segment].filter(Boolean).join(', ') || null,
  csv: {
    fileName: () => 'time-to-adopt-accounts.csv',
    rows: (o) =>
      o.rows.map((r) => ({
        account_id: r.accountId,
        name: r.name,
        segment: r.segment,
        owner: r.owner,
        owner_email: r.ownerEmail,
        able_from: r.ableFrom,
        first_use: r.firstUse,
        days: r.days,
        state: r.state,
      })),
  },
  run: (context: WorkspaceContext, input) =>
    inWarehouse(context, async (con) => {
      const { counted, month } = await readTimes(con, input)
      const end = monthEnd(month)
      const rows = counted
        .map((e) => ({
          accountId: e.ext_id,
          name: e.name ?? e.ext_id,
          owner: e.owner,
          ownerEmail: e.owner_email,
          segment: e.segment,
          ableFrom: e.entry,
          firstUse: e.first_use,
          days: subjectOf(e).time,
          state:
            e.first_use !== null ? ('adopted' as const) : e.last_day < end ? ('left' as const) : ('waiting' as const),
        }))
        .filter(
          (r) =>
            (!input.state || r.state === input.state) && (input.segment === undefined || r.segment === input.segment),
        )
      return pageOf(rows, input)
    }),
})
