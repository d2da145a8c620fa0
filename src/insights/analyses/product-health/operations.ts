/** How each part of the product does: adoption and its trend, retention of those who use it, and how satisfied they are. */
import { z } from 'zod'
import { operation, type WorkspaceContext } from '../../../platform/operation.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { textLiteral } from '../../../platform/warehouse/literals.ts'
import { Month } from '../../datasets/schemas.ts'
import { markOf } from '../../statistics/intervals.ts'
import { monthEnd, monthIndex, monthText } from '../../../platform/calendar/month.ts'
import { percent, plural, shortDay } from '../../../platform/wording.ts'
import { armOf, fitWindow, rateOf, type History } from '../ground/adoption.ts'
import { questionSql, type BlockQuery } from '../ground/adoption-sql.ts'
import { DataName } from '../../../platform/field-types.ts'
import { areasSql, judging, noArea } from './area-sql.ts'
import { Answer, blockQuery, currencyOf, needHistory, pickMonth, readStanding, Standing } from '../ground/asking.ts'
import { hasMoved } from '../ground/change-rules.ts'
import { Rate, RetentionArm } from '../ground/schemas.ts'
import type { SeriesQuery, Span } from '../ground/series-sql.ts'
import { adoptionRange } from '../ground/silence.ts'
import { inWarehouse } from '../../../platform/warehouse/in-warehouse.ts'

const trendMonths = 6
const states = ['gaining', 'steady', 'slipping', 'too-few', 'too-short'] as const

export const ProductHealthInput = z.object({
  month: Month.optional(),
  window: z.int().min(1).max(36).default(12).describe('months of the retention'),
  adoptionMonths: z.int().min(1).max(12).default(3),
  satisfactionKey: DataName.optional()

    .describe(
      'the attribute of the accounts that says how satisfied they are; the first one named like NPS or CSAT where absent',
    ),
})
const Area = z.object({
  area: z.string(),
  byCore: z.boolean().describe('judged by its core features; by all of them where it has none'),
  features: z.array(z.object({ feature: z.string(), eligible: z.int(), adopters: z.int(), rate: Rate })),
  state: z.enum(states).describe('how its adoption moved in six months'),
  adoption: Rate,
  eligible: z.int(),
  adopters: z.int(),
  arrAdopters: z.number(),
  arrOthers: z.number(),
  trend: z.array(z.object({ month: Month, eligible: z.int(), adopters: z.int(), rate: Rate })),
  retention: z.object({ adopters: RetentionArm, others: RetentionArm }).nullable(),
  satisfaction: z
    .object({ median: z.number().nullable(), accounts: z.int(), mark: z.enum(['ok', 'directional', 'suppressed']) })
    .nullable()
    .describe('of its adopters; null where no attribute says it'),
  keyResults: z
    .array(
      z.object({ name: z.string(), value: z.number().nullable(), target: z.number().nullable(), unit: z.string() }),
    )
    .describe('those bound to this area'),
})
export type AreaHealth = z.infer<typeof Area>
const ProductHealth = z.object({
  answer: Answer,
  standing: Standing,
  month: Month,
  window: z.int().nullable(),
  windowProblem: z.string().nullable(),
  satisfactionKey: z.string().nullable(),
  areas: z.array(Area),
})

interface Sums {
  month: number
  end_month: number
  area: string
  by_core: boolean
  n: number
  arr: number
  end: number
  kept: number
  alive: number
  a_n: number
  a_arr: number
  a_end: number
  a_kept: number
  a_alive: number
}

/** Each account once for each area, at each span: it adopted the area if it adopted any judging feature of it. */
export async function readAreas(con: Connection, q: SeriesQuery, spans: readonly Span[]): Promise<Sums[]> {
  const sums = new Map([
    ['n', 'count(*)'],
    ['arr', 'sum(arr)::bigint'],
    ['end', 'sum(arr_end)::bigint'],
    ['kept', 'sum(least(arr, arr_end))::bigint'],
    ['alive', 'count(*) filter (arr_end > 0)'],
  ])
  const named = [...sums].map(([name, sql]) => `${sql} as "${name}"`).join(', ')
  const both = [...sums.keys()].map((name) => `e."${name}", coalesce(a."${name}", 0) as a_${name}`).join(', ')
  return con.all<Sums>(`
    with ${areasSql(q, spans, sums)},
    adopters as (
      select b.month, b.end_month, y.area_id, ${named}
      from adopting y
      join book b on b.account_id = y.account_id and b.month = y.month
      group by 1, 2, 3
    )
    select e.month, e.end_month, o.area, o.by_core, ${both}
    from eligible e
    join (select area_id, any_value(area) as area, bool_or(is_core) as by_core from judged group by 1) o
      on o.area_id = e.area_id
    left join adopters a on a.month = e.month and a.end_month = e.end_month and a.area_id = e.area_id`)
}

/** What each judging feature adds to its area’s adoption. */
async function readFeatures(
  con: Connection,
  q: BlockQuery,
): Promise<{ area: string; feature: string; n: number; adopters: number }[]> {
  const cells = await con.all<{ feature_id: number | null; feature: string; n: number; adopter_n: number }>(
    questionSql([{ ...q, tag: '_now' }]),
  )
  const judged = await con.kept<{ feature_id: number; area: string }>(
    `select f.feature_id, coalesce(f.area, ${textLiteral(noArea)}) as area from feature f where ${judging}`,
  )
  const byFeature = Map.groupBy(cells, (c) => c.feature_id)
  return judged
    .flatMap(({ feature_id, area }) =>
      (byFeature.get(feature_id) ?? []).map((c) => ({ area, feature: c.feature, n: c.n, adopters: c.adopter_n })),
    )
    .sort((a, b) => (a.feature < b.feature ? -1 : 1))
}

/** @returns the attribute asked for, or the first one whose name says satisfaction and whose values are numbers */
async function findSatisfaction(con: Connection, asked: string | undefined): Promise<string | null> {
  const keys = await con.kept<{ key: string }>(
    `
      select key
      from attribute
      where value is not null
      group by key
      having bool_and(isfinite(try_cast(value as double)))
      order by key`,
  )
  const fits =
    asked === undefined
      ? keys.find(({ key }) => /(^|[^a-z])(nps|csat|ces|satisfaction)([^a-z]|$)/i.test(key))
      : keys.find(({ key }) => key === asked)
  return fits?.key ?? null
}

/** The value at the day is what the accounts’ segment would be by that attribute. */
async function readSatisfaction(
  con: Connection,
  q: SeriesQuery,
  month: number,
  key: string,
): Promise<Map<string, { median: number; accounts: number }>> {
  const rows = await con.all<{ area: string; median: number; accounts: number }>(`
    with ${areasSql({ ...q, segmentBy: key, bands: [] }, [{ month, endMonth: month }], new Map([['n', 'count(*)']]))},
    said as (
      select y.area_id, try_cast(b.segment as double) as value
      from adopting y
      join book b on b.account_id = y.account_id and b.month = y.month
    )
    select o.area, median(s.value) as median, count(*) as accounts
    from said s
    join (select distinct area_id, area from judged) o on o.area_id = s.area_id
    where isfinite(s.value)
    group by o.area`)
  return new Map(rows.map((r) => [r.area, r]))
}

function stateOf(now: Sums, before: Sums | undefined): AreaHealth['state'] {
  if (!before) return 'too-short'
  if (markOf(now.n) === 'suppressed' || markOf(before.n) === 'suppressed') return 'too-few'
  if (!hasMoved({ eligible: before.n, adopters: before.a_n }, { eligible: now.n, adopters: now.a_n })) return 'steady'
  return now.a_n / now.n > before.a_n / before.n ? 'gaining' : 'slipping'
}

const retentionOf = (r: Sums) => ({
  adopters: armOf({ n: r.a_n, arr: r.a_arr, end: r.a_end, kept: r.a_kept, alive: r.a_alive }),
  others: armOf({
    n: r.n - r.a_n,
    arr: r.arr - r.a_arr,
    end: r.end - r.a_end,
    kept: r.kept - r.a_kept,
    alive: r.alive - r.a_alive,
  }),
})

async function readHealth(
  con: Connection,
  input: z.output<typeof ProductHealthInput>,
  month: number,
  history: History,
) {
  const query = await blockQuery(con, { segmentBy: 'arr', adoptionMonths: input.adoptionMonths }, month)
  const fit = fitWindow(month, input.window, input.adoptionMonths, history)
  // Before a full adoption window of usage is known, a rate would be too low by construction.
  const first = Math.max(
    month - trendMonths,
    history.firstUsageMonth + input.adoptionMonths - 1,
    history.firstRevenueMonth,
  )
  const months = Array.from(
    { length: Math.max(1, month - first + 1) },
    (_, i) => month - Math.max(0, month - first) + i,
  )
  const then = fit.window === null ? [] : [{ month: month - fit.window, endMonth: month }]
  const sums = await readAreas(con, query, [...months.map((m) => ({ month: m, endMonth: m })), ...then])
  const of = (area: string, at: number, end = at) =>
    sums.find((s) => s.area === area && s.month === at && s.end_month === end)
  const key = await findSatisfaction(con, input.satisfactionKey)
  const satisfaction = key === null ? null : await readSatisfaction(con, query, month, key)
  const features = await readFeatures(con, query)
  const areas = sums
    .filter((s) => s.month === month && s.end_month === month)
    .map((now): AreaHealth => {
      const past = fit.window === null ? undefined : of(now.area, month - fit.window, month)
      const said = satisfaction?.get(now.area)
      const mark = markOf(said?.accounts ?? 0)
      return {
        area: now.area,
        byCore: now.by_core,
        features: features
          .filter((f) => f.area === now.area)
          .map((f) => ({ feature: f.feature, eligible: f.n, adopters: f.adopters, rate: rateOf(f.adopters, f.n) })),
        state: stateOf(now, months[0] === month - trendMonths ? of(now.area, months[0]) : undefined),
        adoption: rateOf(now.a_n, now.n),
        eligible: now.n,
        adopters: now.a_n,
        arrAdopters: now.a_arr / 100,
        arrOthers: (now.arr - now.a_arr) / 100,
        trend: months.map((m) => {
          const s = of(now.area, m)
          return {
            month: monthText(m),
            eligible: s?.n ?? 0,
            adopters: s?.a_n ?? 0,
            rate: rateOf(s?.a_n ?? 0, s?.n ?? 0),
          }
        }),
        retention: past ? retentionOf(past) : null,
        satisfaction:
          satisfaction === null
            ? null
            : { median: mark === 'suppressed' ? null : said!.median, accounts: said?.accounts ?? 0, mark },
        keyResults: [],
      }
    })
  return {
    fit,
    key,
    areas: areas.sort(
      (a, b) => b.arrAdopters + b.arrOthers - a.arrAdopters - a.arrOthers || (a.area < b.area ? -1 : 1),
    ),
  }
}

function writeAnswer(areas: readonly AreaHealth[]): Answer {
  if (areas.length === 0)
    return {
      text: 'There is no area to judge yet.',
      caveat: 'It takes features with eligible accounts; give features an area on the features page.',
    }
  const slipping = areas.filter((a) => a.state === 'slipping')
  const gaining = areas.filter((a) => a.state === 'gaining')
  const moved = (a: AreaHealth) => `${a.area} (${percent(a.trend[0]!.rate.value!)} to ${percent(a.adoption.value!)})`
  // They stand by ARR: the first three are told, the table has them all.
  const named = (some: AreaHealth[]) =>
    some.slice(0, 3).map(moved).join(', ') + (some.length > 3 ? ` and ${some.length - 3} more` : '')
  const parts = [
    slipping.length > 0 ? `Slipping in six months: ${named(slipping)}.` : '',
    gaining.length > 0 ? `Gaining: ${named(gaining)}.` : '',
  ]
  if (slipping.length + gaining.length === 0) parts.push('No area’s adoption moved beyond chance in six months.')
  const lowest = areas
    .filter((a) => a.adoption.value !== null && a.byCore)
    .sort((a, b) => a.adoption.value! - b.adoption.value!)[0]
  if (lowest)
    parts.push(
      `Of the areas with core features, ${lowest.area} is used least: by ${percent(lowest.adoption.value!)} of ${plural(lowest.eligible, 'eligible account', 'eligible accounts')}.`,
    )
  return {
    text: parts.filter(Boolean).join(' '),
    caveat:
      'Moved means that each month’s rate lies outside the other’s 95 % interval. That adopters stay more or less than others does not say that the area is why.',
  }
}

export const analyseProductHealth = operation({
  name: 'insights.analyses.productHealth',
  summary: 'Adoption, its trend, retention and satisfaction of each product area',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data', 'workspaces'],
  command: 'insights analyse product-health',
  input: ProductHealthInput,
  output: ProductHealth,
  example: () => ({ month: '2025-12' }),
  csv: {
    fileName: (o) => `product-health-${o.month}.csv`,
    rows: (o) =>
      o.areas.map((a) => ({
        area: a.area,
        by_core_features: a.byCore,
        state: a.state,
        eligible: a.eligible,
        adopters: a.adopters,
        adoption: a.adoption.value,
        low: a.adoption.low,
        high: a.adoption.high,
        adoption_before: a.trend[0]?.rate.value ?? null,
        nrr_adopters: a.retention?.adopters.nrr ?? null,
        nrr_others: a.retention?.others.nrr ?? null,
        grr_adopters: a.retention?.adopters.grr ?? null,
        grr_others: a.retention?.others.grr ?? null,
        logo_adopters: a.retention?.adopters.logo ?? null,
        logo_others: a.retention?.others.logo ?? null,
        satisfaction_median: a.satisfaction?.median ?? null,
        satisfaction_accounts: a.satisfaction?.accounts ?? null,
      })),
  },
  async run(context: WorkspaceContext, input) {
    const currency = await currencyOf(context)
    return inWarehouse(context, async (con) => {
      const history = await needHistory(con)
      const month = monthIndex(pickMonth(input.month, history))
      const { fit, key, areas } = await readHealth(con, input, month, history)
      const standing = await readStanding(
        con,
        {
          currency,
          period: `At ${shortDay(monthEnd(month))}; the trend over the ${plural(trendMonths, 'month', 'months')} before${fit.window === null ? '' : `; retention since ${shortDay(monthEnd(month - fit.window))}`}`,
          base: 'Measured accounts with ARR that are entitled to at least one of the area’s core features; excluded ones are left out',
          notes: [
            'An account uses an area where it adopted at least one of its core features. An area without a core feature is judged by all of its features.',
            ...(fit.problem ? [fit.problem.text] : []),
            key === null
              ? 'No attribute of the accounts is named like NPS or CSAT and holds numbers, so satisfaction is not shown.'
              : `Satisfaction is the median of the attribute “${key}” over the area’s adopters, as it was at the day.`,
          ],
          definitions: ['product-health', 'adoption-rate', 'eligible', 'nrr', 'grr', 'logo-retention', 'wilson'],
        },
        [
          adoptionRange(month, input.adoptionMonths, trendMonths),
          ...(fit.window === null ? [] : [adoptionRange(month - fit.window, input.adoptionMonths)]),
        ],
      )
      return {
        answer: writeAnswer(areas),
        standing,
        month: monthText(month),
        window: fit.window,
        windowProblem: fit.problem?.text ?? null,
        satisfactionKey: key,
        areas,
      }
    })
  },
})
