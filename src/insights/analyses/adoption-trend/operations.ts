/** How the adoption of one feature moves, month by month and segment by segment; a change of its definition is a break in the line. */
import { z } from 'zod'
import { notFound } from '../../../platform/errors.ts'
import { operation } from '../../../platform/operation.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { Month } from '../../datasets/schemas.ts'
import { listDefinitionVersions } from '../../features/definitions/queries.ts'
import { defaultRule, inForce, inOrder, wordsOf } from '../../features/definitions/rules.ts'
import { findFeature } from '../../features/queries.ts'
import { monthEnd, monthIndex, monthText } from '../../../platform/calendar/month.ts'
import { percent, plural, shortMonth } from '../../../platform/wording.ts'
import { rateOf } from '../ground/adoption.ts'
import { inSegmentOrder, pairOf, type Segmenting } from '../ground/adoption-sql.ts'
import { Answer, blockQuery, currencyOf, needHistory, pickMonth, readStanding, Standing } from '../ground/asking.ts'
import { Rate, SegmentBy } from '../ground/schemas.ts'
import { readAdoptionSeries } from '../ground/series-sql.ts'
import { adoptionRange } from '../ground/silence.ts'
import { inWarehouse } from '../../../platform/warehouse/in-warehouse.ts'

export const TrendPoint = z.object({
  month: Month,
  segment: z.string(),
  eligible: z.int(),
  adopters: z.int(),
  rate: Rate,
  arrAdopters: z.number(),
  arrOthers: z.number(),
  definition: z.int().nullable().describe('the version in force; null: the default'),
})
export type TrendPoint = z.infer<typeof TrendPoint>
export const Break = z.object({ month: Month, version: z.int(), words: z.string(), before: z.string() })

/** One point for each month and segment, and one over all. */
export async function readAdoptionTrend(
  con: Connection,
  featureId: number,
  months: readonly number[],
  question: Segmenting & { adoptionMonths: number; restated: boolean },
): Promise<Omit<TrendPoint, 'definition'>[]> {
  const { month: _, endMonth: __, ...q } = await blockQuery(con, question, months.at(-1) ?? 0)
  const found = await readAdoptionSeries(con, { ...q, feature: featureId }, months)
  return months.flatMap((month) => {
    const rows = found.filter((r) => r.month === month)
    const all = rows.reduce(
      (sum, r) => ({
        segment: 'All',
        n: sum.n + r.n,
        adopter_n: sum.adopter_n + r.adopter_n,
        arr_sum: sum.arr_sum + r.arr_sum,
        adopter_arr_sum: sum.adopter_arr_sum + r.adopter_arr_sum,
      }),
      { segment: 'All', n: 0, adopter_n: 0, arr_sum: 0, adopter_arr_sum: 0 },
    )
    return [all, ...rows].map((r) => ({
      month: monthText(month),
      segment: r.segment,
      eligible: r.n,
      adopters: r.adopter_n,
      rate: rateOf(r.adopter_n, r.n),
      arrAdopters: r.adopter_arr_sum / 100,
      arrOthers: (r.arr_sum - r.adopter_arr_sum) / 100,
    }))
  })
}

export const analyseAdoptionTrend = operation({
  name: 'insights.analyses.adoptionTrend',
  summary: 'Adoption of one feature by month and segment, with the breaks of its definition',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data', 'insights.features', 'workspaces'],
  command: 'insights analyse adoption-trend',
  input: SegmentBy.extend({
    featureId: z.uuid(),
    to: Month.optional(),
    months: z.int().min(2).max(36).default(18),
    adoptionMonths: z.int().min(1).max(12).default(3),
    restated: z.boolean().default(false).describe('By the latest definition for all time'),
  }),
  output: z.object({
    answer: Answer,
    standing: Standing,
    feature: z.string(),
    rows: z.array(TrendPoint),
    segments: z.array(z.string()),
    breaks: z.array(Break),
    isRestated: z.boolean(),
  }),
  example: (f) => ({ featureId: f['usedFeatureId']! }),
  csv: {
    fileName: (o) => `adoption-trend-${o.feature}.csv`,
    rows: (o) =>
      o.rows.map(({ rate, ...r }) => ({
        ...r,
        rate: rate.value,
        low: rate.low,
        high: rate.high,
        mark: rate.mark,
        restated: o.isRestated,
      })),
  },
  async run(context, input) {
    const feature = await findFeature(context.db, context.scope, input.featureId)
    if (!feature) throw notFound('feature', input.featureId)
    const versions = await listDefinitionVersions(context.db, context.scope, feature.id)
    const currency = await currencyOf(context)
    return inWarehouse(context, async (con) => {
      const history = await needHistory(con)
      const to = monthIndex(pickMonth(input.to, history))
      const first = Math.max(
        to - input.months + 1,
        history.firstRevenueMonth,
        history.firstUsageMonth,
        feature.releasedOn ? monthIndex(feature.releasedOn) : 0,
      )
      const months = Array.from({ length: Math.max(0, to - first + 1) }, (_, i) => first + i)
      const stored = await con.one<{ feature_id: number }>('select feature_id from feature where key = $1', [
        feature.id,
      ])
      const points = stored ? await readAdoptionTrend(con, stored.feature_id, months, input) : []
      const rows = points.map((p) => ({
        ...p,
        definition:
          (input.restated ? inOrder(versions).at(-1) : inForce(versions, monthEnd(monthIndex(p.month))))?.version ??
          null,
      }))
      const found = [...new Set(rows.map((r) => r.segment))].filter((s) => s !== 'All')
      return {
        feature: feature.name,
        rows,
        breaks: input.restated ? [] : breaksOf(versions, months),
        isRestated: input.restated,
        segments: inSegmentOrder(
          found.map((segment) => ({ segment })),
          { ...input, bands: input.bands ?? [], ...pairOf(input) },
        ).map((s) => s.segment),
        answer: sayTrend(feature.name, rows),
        standing: await readStanding(
          con,
          {
            currency,
            period:
              months.length === 0
                ? 'No month of data yet'
                : `Month-ends from ${shortMonth(monthText(months[0]!))} to ${shortMonth(monthText(to))}`,
            base: 'Eligible accounts at each month’s end, by their segment then',
            definitions: ['adoption-rate', 'adoption-definition', 'eligible'],
            notes: [
              input.restated
                ? `By the latest definition for all time: ${wordsOf(inOrder(versions).at(-1) ?? defaultRule)}.`
                : `By the definition of each time; now: ${wordsOf(inForce(versions, context.now().toISOString().slice(0, 10)) ?? { ...defaultRule, windowLength: input.adoptionMonths })}.`,
            ],
          },
          months.length === 0 ? [] : [adoptionRange(to, input.adoptionMonths, months.length - 1)],
        ),
      }
    })
  },
})

/** Month-ends at which another version holds than at the one before. */
function breaksOf(versions: Parameters<typeof inForce>[0], months: readonly number[]): z.infer<typeof Break>[] {
  return months.slice(1).flatMap((month) => {
    const now = inForce(versions, monthEnd(month))
    const before = inForce(versions, monthEnd(month - 1))
    return now && now.id !== before?.id
      ? [{ month: monthText(month), version: now.version, words: wordsOf(now), before: wordsOf(before ?? defaultRule) }]
      : []
  })
}

function sayTrend(feature: string, rows: readonly TrendPoint[]): Answer {
  const all = rows.filter((r) => r.segment === 'All')
  const last = all.at(-1)
  const first = all.find((r) => r.rate.value !== null)
  if (!last || !first)
    return {
      text: `There is no month in which enough accounts could use ${feature}.`,
      caveat: 'A rate takes at least 10 eligible accounts.',
    }
  if (last.rate.value === null)
    return {
      text: `At the end only ${plural(last.eligible, 'account', 'accounts')} could use ${feature}, too few for a rate.`,
      caveat: null,
    }
  const change = last.rate.value - first.rate.value!
  const apart = last.rate.low! > first.rate.high! || last.rate.high! < first.rate.low!
  const moved = !apart ? 'is about where it was' : change > 0 ? 'rose' : 'fell'
  return {
    text: apart
      ? `Adoption of ${feature} ${moved} from ${percent(first.rate.value!)} to ${percent(last.rate.value)} of eligible accounts.`
      : `Adoption of ${feature} ${moved}: ${percent(last.rate.value)} of eligible accounts, ${percent(first.rate.value!)} at the start.`,
    caveat:
      first.definition !== last.definition
        ? 'The definition changed on the way: the two ends are not measured alike. Restate the past to compare them.'
        : `95 % interval ${percent(last.rate.low!)} to ${percent(last.rate.high!)}, of ${plural(last.eligible, 'account', 'accounts')}.`,
  }
}
