/** Feature adoption by segment, tied to retention: which features keep which customers. */
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { markOf, wilson } from '../../statistics/intervals.ts'
import { monthEnd, monthIndex, monthText } from '../../../platform/calendar/month.ts'
import { shortMonth } from '../../../platform/wording.ts'
import type {
  AdoptionRetention,
  AdoptionRow,
  NowBlock,
  Rate,
  RetentionArm,
  RetentionBlock,
  SegmentTotal,
} from './schemas.ts'
import { inSegmentOrder, pairOf, questionSql, type BlockQuery, type Entitlement } from './adoption-sql.ts'

export interface AdoptionQuestion {
  month: string
  window: number
  adoptionMonths: number
  segmentBy: string
  bands: readonly number[]
  andBy?: string | undefined
  andBands?: readonly number[] | undefined
  restated?: boolean
}

export interface History {
  firstRevenueMonth: number
  firstUsageMonth: number
  lastUsageDay: string
}

interface Sums {
  n: number
  arr_sum: number
  not_n: number
  not_arr_sum: number
  end_sum: number
  kept: number
  alive: number
}
type BlockRow = { segment: string; feature_id: number; feature: string } & Sums & {
    [K in keyof Sums as `adopter_${K}`]: number
  }
type TotalRow = { segment: string; accounts: number; book_sum: number } & Sums

const money = (cents: number) => cents / 100

export function rateOf(adopters: number, eligible: number): Rate {
  const mark = markOf(eligible)
  const interval = mark === 'suppressed' ? null : wilson(adopters, eligible)
  return { value: interval?.value ?? null, low: interval?.low ?? null, high: interval?.high ?? null, mark }
}

/** NRR, GRR and logo retention of one arm of a closed cohort from its sums; suppressed below 10 accounts. */
export function armOf(sums: { n: number; arr: number; end: number; kept: number; alive: number }): RetentionArm {
  const mark = markOf(sums.n)
  const shown = mark !== 'suppressed' && sums.arr > 0
  return {
    accounts: sums.n,
    arrStart: money(sums.arr),
    mark,
    nrr: shown ? sums.end / sums.arr : null,
    grr: shown ? sums.kept / sums.arr : null,
    logo: shown ? sums.alive / sums.n : null,
  }
}

const nowOf = (r: Sums & { adopter_n: number; adopter_arr_sum: number }): NowBlock => ({
  eligible: r.n,
  notMeasured: r.not_n,
  adopters: r.adopter_n,
  adoptionRate: rateOf(r.adopter_n, r.n),
  arrAdopters: money(r.adopter_arr_sum),
  arrOthers: money(r.arr_sum - r.adopter_arr_sum),
  arrNotMeasured: money(r.not_arr_sum),
})

const retentionOf = (r: BlockRow): RetentionBlock => ({
  adopters: armOf({
    n: r.adopter_n,
    arr: r.adopter_arr_sum,
    end: r.adopter_end_sum,
    kept: r.adopter_kept,
    alive: r.adopter_alive,
  }),
  others: armOf({
    n: r.n - r.adopter_n,
    arr: r.arr_sum - r.adopter_arr_sum,
    end: r.end_sum - r.adopter_end_sum,
    kept: r.kept - r.adopter_kept,
    alive: r.alive - r.adopter_alive,
  }),
})

/** The window that the history allows, or why none fits: adoption needs full months of usage before the base day. */
export function fitWindow(
  month: number,
  window: number,
  adoptionMonths: number,
  history: History,
): { window: number | null; problem: { text: string; longestThatFits: number } | null } {
  const earliestBase = Math.max(history.firstRevenueMonth, history.firstUsageMonth + adoptionMonths - 1)
  const longest = Math.max(0, month - earliestBase)
  if (window <= longest) return { window, problem: null }
  const since = `Usage is known from ${shortMonth(monthText(history.firstUsageMonth))} and revenue from ${shortMonth(monthText(history.firstRevenueMonth))}`
  const text =
    longest > 0
      ? `${since}, so a window of ${window} months before ${shortMonth(monthText(month))} does not fit. The longest that fits is ${longest} ${longest === 1 ? 'month' : 'months'}.`
      : `${since}, so no retention window before ${shortMonth(monthText(month))} fits yet. Adoption now is shown.`
  return { window: null, problem: { text, longestThatFits: longest } }
}

/** The month of the last refresh, to whose end revenue is known; days after it lie in the future, complete no month and are no day of data. */
const knownTo = `
  select last_day(make_date(cast(split_part(stamp, '|', 1) as integer) // 12, cast(split_part(stamp, '|', 1) as integer) % 12 + 1, 1))
  from derived_stamp
  where part = 'revenue'`
const isKnown = `day <= coalesce((${knownTo}), date '9999-12-31')`
export const lastUsageSql = `select max(day) from r_name where ${isKnown}`
export const futureEventsSql = `select coalesce(sum(events), 0)::bigint from r_name where not (${isKnown})`

export async function readHistory(con: Connection): Promise<History | null> {
  const [row] = await con.kept<{ revenue: number | null; usage: number | null; last: string | null }>(
    `
      select
        (select min(month) from revenue_month) as revenue,
        (select min(month) from r_month) as usage,
        (${lastUsageSql}) as last`,
  )
  if (row?.revenue == null || row.usage == null || row.last == null) return null
  return { firstRevenueMonth: row.revenue, firstUsageMonth: row.usage, lastUsageDay: row.last }
}

/** The last month whose last day the usage reaches. */
export function lastCompleteMonth(history: History): string {
  const month = monthIndex(history.lastUsageDay)
  return monthText(history.lastUsageDay >= monthEnd(month) ? month : month - 1)
}

/** What every block of accounts and features rests on, in one statement: the month of bit 0, who may use what, and whether adoption is defined. */
export async function readGround(
  con: Connection,
  month: number,
): Promise<{ bitBase: number; entitlement: Entitlement; hasDefinitions: boolean }> {
  const [row] = await con.kept<{ base: number | null; plan: boolean; list: boolean; defined: boolean }>(
    `
      select
        (select base from bit_base limit 1) as base,
        exists (from entitlement where plan is not null) or exists (from feature_plan) as plan,
        exists (from entitlement where account_ref is not null) as list,
        exists (from definition) as defined`,
  )
  const { base, plan, list, defined } = row!
  return {
    bitBase: base ?? month,
    entitlement: plan && list ? 'plan-and-list' : plan ? 'plan' : list ? 'list' : 'unknown',
    hasDefinitions: defined,
  }
}

export type AdoptionFigures = Pick<AdoptionRetention, 'rows' | 'totals'> & {
  window: number | null
  problem: AdoptionRetention['meta']['windowProblem']
  entitlement: Entitlement
}

/**
 * Reads both dated blocks and joins them: Now at the end of `month`, Retention of the closed cohort `window` months before.
 * Source of the definitions: docs/decisions/001 and the metric pages.
 */
export async function readAdoption(
  con: Connection,
  question: AdoptionQuestion,
  history: History,
): Promise<AdoptionFigures> {
  const month = monthIndex(question.month)
  const ground = await readGround(con, month)
  const fit = fitWindow(month, question.window, question.adoptionMonths, history)
  const query = (at: number, tag: string) => ({
    month: at,
    endMonth: month,
    adoptionMonths: question.adoptionMonths,
    segmentBy: question.segmentBy,
    bands: question.bands,
    ...pairOf(question),
    ...ground,
    restated: question.restated ?? false,
    tag,
  })
  const then = fit.window === null ? null : query(month - fit.window, '_then')
  const blocks = await readBlocks(con, [query(month, '_now'), ...(then ? [then] : [])])
  const { rows: nowRows, totals: nowTotals } = blocks.get('_now')!
  const { rows: thenRows, totals: thenTotals } = blocks.get('_then') ?? { rows: [], totals: [] }
  const features = await con.kept<FeatureRow>('select feature_id, name, area, is_core, released_on from feature')
  const missing = (feature: FeatureRow) => {
    if (!then) return fit.problem?.text ?? null
    if (feature.released_on && feature.released_on > monthEnd(then.month))
      return `Released on ${feature.released_on}, after the cohort’s day ${monthEnd(then.month)}.`
    return 'No eligible account at the cohort’s day.'
  }
  const rows = joinBlocks(nowRows, thenRows, features, missing)
  const overall = joinBlocks(overAll(nowRows), overAll(thenRows), features, missing)
  return {
    rows,
    totals: {
      segments: inSegmentOrder(joinTotals(nowTotals, thenTotals), { ...question, ...pairOf(question) }),
      features: overall,
      all: joinTotals(sumTotals(nowTotals), sumTotals(thenTotals))[0] ?? emptyTotal,
    },
    window: fit.window,
    problem: fit.problem,
    entitlement: ground.entitlement,
  }
}

/** Cells and totals of each day, in one statement that reads the accounts of a day once. */
export async function readBlocks(
  con: Connection,
  queries: readonly (BlockQuery & { tag: string })[],
): Promise<Map<string, { rows: BlockRow[]; totals: TotalRow[] }>> {
  const found = new Map(queries.map((q) => [q.tag, { rows: [] as BlockRow[], totals: [] as TotalRow[] }]))
  for (const row of await con.all<{ block: string } & (BlockRow | (TotalRow & { feature_id: null }))>(
    questionSql(queries),
  )) {
    const block = found.get(row.block)!
    if (row.feature_id === null) block.totals.push(row)
    else block.rows.push(row)
  }
  return found
}

interface FeatureRow {
  feature_id: number
  name: string
  area: string | null
  is_core: boolean
  released_on: string | null
}

function joinBlocks(
  now: BlockRow[],
  then: BlockRow[],
  features: readonly FeatureRow[],
  missing: (feature: FeatureRow) => string | null,
): AdoptionRow[] {
  const byId = new Map(features.map((f) => [f.feature_id, f]))
  const past = new Map(then.map((r) => [`${r.feature_id} ${r.segment}`, r]))
  return now
    .map((r) => {
      const feature = byId.get(r.feature_id)!
      const before = past.get(`${r.feature_id} ${r.segment}`)
      return {
        segment: r.segment,
        feature: r.feature,
        area: feature.area,
        isCore: feature.is_core,
        now: nowOf(r),
        retention: before ? retentionOf(before) : null,
        retentionMissing: before ? null : missing(feature),
      }
    })
    .sort((a, b) => (a.segment < b.segment ? -1 : a.segment > b.segment ? 1 : a.feature < b.feature ? -1 : 1))
}

/** An account is in one segment, so a feature's total over all segments is the sum of its rows; never a sum over features. */
function overAll(rows: BlockRow[]): BlockRow[] {
  const sums = new Map<number, BlockRow>()
  for (const row of rows) {
    const known = sums.get(row.feature_id)
    if (known) addInto(known, row)
    else sums.set(row.feature_id, { ...row, segment: 'All' })
  }
  return [...sums.values()]
}

function sumTotals(rows: TotalRow[]): TotalRow[] {
  const [first, ...rest] = rows
  if (!first) return []
  const sum = { ...first, segment: 'All' }
  for (const row of rest) addInto(sum, row)
  return [sum]
}

function addInto<T extends object>(sum: T, row: T): void {
  const into = sum as Record<string, unknown>
  for (const [key, value] of Object.entries(row)) {
    if (key !== 'feature_id' && typeof value === 'number') into[key] = (into[key] as number) + value
  }
}

const emptyTotal: SegmentTotal = {
  segment: 'All',
  accounts: 0,
  arr: 0,
  measured: 0,
  notMeasured: 0,
  arrNotMeasured: 0,
  retention: null,
}

function joinTotals(now: TotalRow[], then: TotalRow[]): SegmentTotal[] {
  const past = new Map(then.map((r) => [r.segment, r]))
  return now
    .map((r) => {
      const before = past.get(r.segment)
      return {
        segment: r.segment,
        accounts: r.accounts,
        arr: money(r.book_sum),
        measured: r.n,
        notMeasured: r.not_n,
        arrNotMeasured: money(r.not_arr_sum),
        retention: before
          ? armOf({
              n: before.accounts,
              arr: before.book_sum,
              end: before.end_sum,
              kept: before.kept,
              alive: before.alive,
            })
          : null,
      }
    })
    .sort((a, b) => (a.segment < b.segment ? -1 : 1))
}
