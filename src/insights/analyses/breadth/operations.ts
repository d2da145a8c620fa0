/** How widely and how often features are used: breadth, frequency and depth of each, and how many core features an account uses. */
import { z } from 'zod'
import { operation, type WorkspaceContext } from '../../../platform/operation.ts'
import { Month } from '../../datasets/schemas.ts'
import { inWarehouse } from '../../../platform/warehouse/in-warehouse.ts'
import { markOf } from '../../statistics/intervals.ts'
import { monthEnd, monthText } from '../../../platform/calendar/month.ts'
import { percent, plural, shortDay } from '../../../platform/wording.ts'
import { inSegmentOrder, pairOf, segmentingWords } from '../ground/adoption-sql.ts'
import { Answer, blockQuery, currencyOf, needHistory, readStanding, Standing } from '../ground/asking.ts'
import { readUse, type UseRow } from './breadth-sql.ts'
import { SegmentBy } from '../ground/schemas.ts'
import { futureNote, MarkedShare, namelessNote, noUsers, noUsersNext, pickPastMonth } from '../ground/usage.ts'

export const BreadthInput = SegmentBy.extend({
  month: Month.optional().describe('the 30 days end with it; the last complete one where absent'),
})

export const FeatureUse = z.object({
  feature: z.string(),
  area: z.string().nullable(),
  isCore: z.boolean(),
  segment: z.string(),
  accounts: z
    .int()
    .describe(
      'entitled and measured, with at least one active user; those whose use of the feature names nobody are `nameless`',
    ),
  nameless: z.int(),
  using: z.int().describe('of them with a user of the feature'),
  breadth: z
    .object({ median: z.number().nullable(), low: z.number().nullable(), high: z.number().nullable() })
    .describe('share of an account’s active users that used the feature: median and quartiles over accounts'),
  measured: z.int().describe('entitled and measured accounts, with or without users'),
  days: z.array(z.int()).describe('measured accounts by days of use: none, 1 to 4, 5 to 12, 13 and more'),
  depth: z.number().nullable().describe('events per user and week in which the user used it'),
  userWeeks: z.int(),
  mark: MarkedShare.shape.mark,
  daysMark: MarkedShare.shape.mark,
})
export type FeatureUse = z.infer<typeof FeatureUse>
export const CoreUse = z.object({
  segment: z.string(),
  accounts: z.int().describe('measured, entitled to at least one core feature'),
  byCount: z.array(z.int()).describe('accounts that use 0, 1, 2 … core features'),
  mark: MarkedShare.shape.mark,
})
export type CoreUse = z.infer<typeof CoreUse>

function useOf(r: UseRow): FeatureUse {
  // Where most use names nobody, the few that are named say nothing of the others.
  const mark = markOf(r.accounts)
  const [low = null, median = null, high = null] = r.quartiles ?? []
  const shown = mark !== 'suppressed' && r.nameless <= r.using_n
  return {
    feature: r.feature,
    area: r.area,
    isCore: r.is_core,
    segment: r.segment ?? 'All',
    accounts: r.accounts,
    nameless: r.nameless,
    using: r.using_n,
    measured: r.measured,
    days: r.days,
    userWeeks: r.weeks,
    mark,
    daysMark: markOf(r.measured),
    breadth: { median: shown ? median : null, low: shown ? low : null, high: shown ? high : null },
    depth: shown && r.weeks > 0 ? r.week_events / r.weeks : null,
  }
}

function coreOf(segment: string, rows: readonly { used: number; n: number }[], features: number): CoreUse {
  const accounts = rows.reduce((sum, r) => sum + r.n, 0)
  return {
    segment,
    accounts,
    byCount: Array.from({ length: features + 1 }, (_, used) =>
      rows.reduce((sum, r) => sum + (r.used === used ? r.n : 0), 0),
    ),
    mark: markOf(accounts),
  }
}

function sayBreadth(rows: readonly FeatureUse[], core: CoreUse, end: string): Answer {
  const all = rows.filter((r) => r.segment === 'All')
  const shown = all
    .filter((r) => r.breadth.median !== null)
    .sort((a, b) => b.breadth.median! - a.breadth.median! || b.using / b.accounts - a.using / a.accounts)
  if (rows.length === 0)
    return {
      text: `No measured account could use a feature at ${shortDay(end)}.`,
      caveat: 'Name features first, and import usage of accounts that pay.',
    }
  if (all.every((r) => r.accounts === 0))
    return { text: noUsers, caveat: `${noUsersNext} Days of use stand below all the same.` }
  const widest = shown[0]
  if (!widest)
    return {
      text: 'No feature has 10 accounts with active users, too few for a median.',
      caveat: 'The counts stand below.',
    }
  const half =
    core.accounts === 0
      ? null
      : core.byCount.findIndex(
          (_, used) => core.byCount.slice(0, used + 1).reduce((s, n) => s + n, 0) * 2 >= core.accounts,
        )
  return {
    text: `${widest.feature} is used most widely: in the median account ${percent(widest.breadth.median!)} of active people used it in the 30 days to ${shortDay(end)}.${half === null || core.mark === 'suppressed' ? '' : ` Half of the accounts use ${half === 0 ? 'no core feature' : `at most ${half} of ${plural(core.byCount.length - 1, 'core feature', 'core features')}`}.`}`,
    caveat: `Of ${plural(widest.accounts, 'account', 'accounts')} that may use it and have active people; the middle half lies between ${percent(widest.breadth.low!)} and ${percent(widest.breadth.high!)}.`,
  }
}

export const analyseBreadth = operation({
  name: 'insights.analyses.breadth',
  summary: 'How widely, how often and how much each feature is used, by segment over 30 days',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data', 'workspaces'],
  command: 'insights analyse breadth',
  input: BreadthInput,
  example: () => ({ month: '2025-12' }),
  output: z.object({
    answer: Answer,
    standing: Standing,
    month: Month,
    rows: z.array(FeatureUse).describe('each feature over all segments (“All”) and in each'),
    core: z.array(CoreUse),
    segments: z.array(z.string()),
  }),
  csv: {
    fileName: (o) => `breadth-${o.month}.csv`,
    rows: (o) =>
      o.rows.map(({ breadth, days, ...r }) => ({
        ...r,
        breadth_median: breadth.median,
        breadth_q1: breadth.low,
        breadth_q3: breadth.high,
        days_none: days[0]!,
        days_1_to_4: days[1]!,
        days_5_to_12: days[2]!,
        days_13_and_more: days[3]!,
      })),
  },
  async run(context: WorkspaceContext, input) {
    const currency = await currencyOf(context)
    const today = context.now().toISOString().slice(0, 10)
    return inWarehouse(context, async (con) => {
      const month = pickPastMonth(input.month, await needHistory(con), today)
      const q = await blockQuery(con, input, month)
      const { use, core: counted, nameless } = await readUse(con, q)
      const features = (await con.one<{ n: number }>('select count(*) as n from feature where is_core'))!.n
      const rows = use.map(useOf)
      const ordering = { segmentBy: input.segmentBy, bands: input.bands ?? [], ...pairOf(input) }
      const segments = inSegmentOrder(
        [...new Set(rows.map((r) => r.segment))].filter((s) => s !== 'All').map((segment) => ({ segment })),
        ordering,
      ).map((s) => s.segment)
      const core = [
        coreOf('All', counted, features),
        ...segments.map((segment) =>
          coreOf(
            segment,
            counted.filter((r) => r.segment === segment),
            features,
          ),
        ),
      ]
      return {
        month: monthText(month),
        rows,
        core,
        segments,
        answer: sayBreadth(rows, core[0]!, monthEnd(month)),
        standing: await readStanding(
          con,
          {
            currency,
            period: `The 30 days to ${shortDay(monthEnd(month))}; depth over the last four whole weeks of them`,
            base: `Accounts with ARR at ${shortDay(monthEnd(month))}, entitled to the feature and measured; excluded ones are left out; by ${segmentingWords(input)} then`,
            notes: [
              'Breadth and depth are about accounts with active users; days of use about all measured ones.',
              'Events that name no user count towards depth where their account has users. Accounts whose use of a feature names nobody are no part of its breadth; where they are most of those that use it, none is shown.',
              ...namelessNote(nameless),
              ...(await futureNote(con, today)),
            ],
            definitions: ['breadth', 'frequency', 'depth', 'core-features-used', 'active-users', 'suppressed'],
          },
          [{ from: month, to: month }],
        ),
      }
    })
  },
})
