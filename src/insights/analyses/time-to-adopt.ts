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
import { attributesOf, labelSql, segmentSql, type BlockQuery } from './adoption-sql.ts'
import { askedFeature, type AskedFeature } from './asked-feature.ts'
import { Answer, blockQuery, currencyOf, needHistory, pickMonth, readStanding, Standing } from './asking.ts'
import { entitledSince } from './entitled.ts'
import { pageOf, Paging } from './paging.ts'
import { SegmentBy } from './schemas.ts'
import { inWarehouse } from '../in-warehouse.ts'

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
  entry: string
  first_use: string | null
  last_day: string
}
/** Accounts with the same time and outcome; `left`: stopped paying before any use. */
export interface Outcome {
  segment: string
  measured: boolean
  isKnown: boolean
  time: number
  adopted: boolean
  left: boolean
  n: number
}

/**
 * Table `entry`: one row for each account of the book that ever could use the feature, to the query's month.
 * `entry`: in the first month at whose end it paid, was entitled and the feature was released, the first day on which all three
 * held as far as is known (plans are known by month-end). `first_use`: from then on, within the same stretch of paying.
 * `last_day`: the last day of that stretch, or of what is known. The segment is the one at that month's end.
 */
function entrySql(feature: AskedFeature, q: BlockQuery): string {
  const end = duckdb.date(monthEnd(q.month))
  const released = feature.releasedOn === null ? '' : `and r.month >= ${monthIndex(feature.releasedOn)}`
  const byPlan = 'exists (select 1 from may where may.plan_set = r.plan_set and may.month = r.month)'
  const byList = `
    exists (
      select 1
      from entitled_account e
      where e.feature_id = ${feature.featureId}
        and e.account_id = r.account_id
        and e.from_day <= ${lastDaySql('r.month')}
        and ${lastDaySql('r.month')} < e.to_day
    )`
  const may = { unknown: 'true', plan: byPlan, list: byList, 'plan-and-list': `(${byPlan} or ${byList})` }[
    q.entitlement
  ]
  const value = "coalesce(a.value, '')"
  const worn = attributesOf(q).map(
    ({ alias, key, bands }) => `
    attr_${alias} as (
      select
        r.account_id,
        ${labelSql(
          `coalesce(
            ${duckdb.latest(value, 'a.valid_from', 'a.valid_from <= r.day')},
            ${duckdb.earliest(value, 'a.valid_from')}
          )`,
          bands,
          duckdb,
        )} as value
      from attribute a
      join able r on r.account_id = a.account_id
      where a.key = ${duckdb.text(key)}
      group by r.account_id
    ),`,
  )
  const joins = attributesOf(q).map(
    ({ alias }) => `left join attr_${alias} ${alias} on ${alias}.account_id = b.account_id`,
  )
  return `
    paying as (
      select r.account_id, r.month, r.plan_set, r.arr_cents
      from revenue_month r
      join customer c on c.account_id = r.account_id
      where r.arr_cents > 0 and c.excluded_reason is null and r.month <= ${q.month} ${released}
    ),
    may as (
      select distinct p.plan_set, m.month
      from plan_set p
      join entitled_plan e on e.plan = p.plan
      join (select distinct month from revenue_month) m
        on e.from_day <= ${lastDaySql('m.month')} and ${lastDaySql('m.month')} < e.to_day
      where e.feature_id = ${feature.featureId}
    ),
    able as ${duckdb.materialized} (
      select *, ${lastDaySql('month')} as day
      from (
        select
          account_id,
          min(month) as month,
          arg_min_null(plan_set, month) as plan_set,
          arg_min(arr_cents, month) as arr_cents
        from paying r
        where ${may}
        group by account_id
      )
    ),
    ${worn.join('')}
    begun as (
      select
        acc.account_id,
        acc.month,
        greatest(
          date_trunc('month', acc.day)::date,
          p.from_day,
          ${entitledSince(q.entitlement, 'acc.day')},
          f.released_on
        ) as entry,
        p.to_day
      from able acc
      join paid_interval p on p.account_id = acc.account_id and p.from_day <= acc.day and acc.day < p.to_day
      cross join feature f
      where f.feature_id = ${feature.featureId}
    ),
    used_month as ${duckdb.materialized} (
      select
        b.account_id, b.entry, b.to_day, m.last_day,
        case
          when m.first_day >= b.entry then m.first_day
          when m.first_paid_day >= b.entry then m.first_paid_day
        end as day
      from begun b
      join r_month m
        on m.account_id = b.account_id
          and m.feature_id = ${feature.featureId}
          and m.last_day >= b.entry
          and m.first_day < b.to_day
          and m.first_day <= ${end}
    ),
    used as (
      select account_id, min(day) as day
      from (
        select account_id, day from used_month where day < to_day
        union all
        -- Use began earlier in the month of entry, and while it paid: the days themselves are asked.
        select u.account_id, d.day
        from used_month u
        join r_day d
          on d.account_id = u.account_id
            and d.feature_id = ${feature.featureId}
            and d.day >= u.entry
            and d.day <= u.last_day
            and d.day < u.to_day
        where u.day is null
      )
      group by account_id
    ),
    entry as (
      select
        b.account_id,
        ${segmentSql(q, duckdb)} as segment,
        b.entry,
        used.day as first_use,
        least(b.to_day - 1, ${end}) as last_day,
        coalesce(c.first_event_day <= ${end}, false) as measured,
        b.entry >= (select min(day) from r_name) as is_known
      from begun b
      join able r on r.account_id = b.account_id
      join customer c on c.account_id = b.account_id
      left join used on used.account_id = b.account_id
      ${joins.join(' ')}
      where b.entry <= ${end}
    )`
}
const lastDaySql = (month: string) => `last_day(make_date(${month} // 12, ${month} % 12 + 1, 1))`

/** Counted where they lie: a page needs no row for each account. */
export const readOutcomes = (con: Connection, feature: AskedFeature, q: BlockQuery): Promise<Outcome[]> =>
  con.all(`
    with ${entrySql(feature, q)}
    select
      segment,
      measured,
      is_known as "isKnown",
      coalesce(first_use, last_day) - entry as time,
      first_use is not null as adopted,
      first_use is null and last_day < ${duckdb.date(monthEnd(q.month))} as left,
      count(*) as n
    from entry
    group by all`)

/** The accounts that count, those able to use it last first. */
const readEntries = (con: Connection, feature: AskedFeature, q: BlockQuery): Promise<Entry[]> =>
  con.all(`
    with ${entrySql(feature, q)}
    select c.ext_id, c.name, c.owner, c.owner_email, e.segment, e.entry, e.first_use, e.last_day
    from entry e
    join customer c on c.account_id = e.account_id
    where e.is_known and e.measured
    order by e.entry desc, c.ext_id`)

const milestones = [30, 90, 180, 365]

const countOf = (outcomes: readonly Outcome[]) => outcomes.reduce((sum, o) => sum + o.n, 0)

function groupOf(segment: string, outcomes: readonly Outcome[], days: number): AdoptionTimes {
  const subjects = outcomes.flatMap((o): Subject[] =>
    Array.from({ length: o.n }, () => ({ time: o.time, hasEvent: o.adopted })),
  )
  const mark = markOf(subjects.length)
  const adopted = countOf(outcomes.filter((o) => o.adopted))
  const left = countOf(outcomes.filter((o) => o.left))
  const followed = Math.max(0, ...outcomes.map((o) => o.time))
  const sums = {
    followed,
    segment,
    accounts: subjects.length,
    adopted,
    left,
    waiting: subjects.length - adopted - left,
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

export async function readTimesQuestion(con: Connection, input: z.output<typeof TimeToAdoptInput>) {
  const history = await needHistory(con)
  const month = monthIndex(pickMonth(input.month, history))
  const feature = await askedFeature(con, input.feature)
  return { month, feature, q: await blockQuery(con, input, month) }
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
      const { month, feature, q } = await readTimesQuestion(con, input)
      const found = await readOutcomes(con, feature, q)
      const known = (await con.kept<{ first: string }>('select min(day) as first from r_name'))[0]!.first
      const end = monthEnd(month)
      const since = found.filter((o) => o.isKnown)
      const counted = since.filter((o) => o.measured)
      const leftOut = {
        before: countOf(found.filter((o) => !o.isKnown)),
        notMeasured: countOf(since.filter((o) => !o.measured)),
      }
      const segments = [...Map.groupBy(counted, (o) => o.segment)]
        .map(([segment, outcomes]) => groupOf(segment, outcomes, input.days))
        .sort((a, b) => b.accounts - a.accounts || (a.segment < b.segment ? -1 : 1))
      const all = groupOf('All', counted, input.days)
      const standing = await readStanding(
        con,
        {
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
        },
        [{ from: monthIndex(known), to: monthIndex(end) }],
      )
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
      const { month, feature, q } = await readTimesQuestion(con, input)
      const end = monthEnd(month)
      const rows = (await readEntries(con, feature, q))
        .map((e) => ({
          accountId: e.ext_id,
          name: e.name ?? e.ext_id,
          owner: e.owner,
          ownerEmail: e.owner_email,
          segment: e.segment,
          ableFrom: e.entry,
          firstUse: e.first_use,
          days: daysBetween(e.entry, e.first_use ?? e.last_day),
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
