/** How long accounts take from being able to use a feature to its first use, with those that have not got there yet. */
import { z } from 'zod'
import { operation, type WorkspaceContext } from '../../../platform/operation.ts'
import { Month } from '../../datasets/schemas.ts'
import { inWarehouse } from '../../../platform/warehouse/in-warehouse.ts'
import { markOf } from '../../statistics/intervals.ts'
import { at, kaplanMeier, medianOf, type Subject } from '../../statistics/survival.ts'
import { monthEnd, monthIndex, monthText } from '../../../platform/calendar/month.ts'
import { percent, plural, shortDay } from '../../../platform/wording.ts'
import { Answer, currencyOf, readStanding, Standing } from '../ground/asking.ts'
import { readOutcomes, readTimesQuestion, TimeToAdoptInput, type Outcome } from './time-sql.ts'

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
  restsOn: ['data', 'workspaces'],
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
