/** One figure of one segment, month by month: what targets, key results, decisions and published values are bound to. */
import { z } from 'zod'
import { DataName, DataText, Figure } from '../../platform/field-types.ts'
import { notFound } from '../../platform/errors.ts'
import type { MeasureKind } from '../../platform/rooms/measure.ts'
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { Month } from '../datasets/schemas.ts'
import { markOf, type Mark } from '../statistics/intervals.ts'
import { monthText } from '../../platform/calendar/month.ts'
import { rateOf } from '../analyses/ground/adoption.ts'
import { blockQuery } from '../analyses/ground/asking.ts'
import { readMovements } from '../analyses/ground/revenue.ts'
import { readAdoptionSeries, readBookSeries, type SeriesQuery } from '../analyses/ground/series-sql.ts'

type Measure = Pick<MeasureKind, 'name' | 'unit' | 'needsFeature' | 'hasWindow' | 'definition'>
const measure = (
  name: string,
  unit: Measure['unit'],
  definition: string,
  { needsFeature = false, hasWindow = false } = {},
): Measure => ({ name, unit, needsFeature, hasWindow, definition })

/** Those of the book of revenue and its use; `definition` is the key on the definitions page. */
export const measures = {
  arr: measure('ARR', 'money', 'arr'),
  accounts: measure('Accounts with ARR', 'accounts', 'arr'),
  nrr: measure('NRR', 'share', 'nrr', { hasWindow: true }),
  grr: measure('GRR', 'share', 'grr', { hasWindow: true }),
  'logo-retention': measure('Logo retention', 'share', 'logo-retention', { hasWindow: true }),
  'adoption-rate': measure('Adoption rate', 'share', 'adoption-rate', { needsFeature: true }),
  adopters: measure('Adopters', 'accounts', 'adopter', { needsFeature: true }),
  'arr-adopters': measure('ARR of adopters', 'money', 'adopter', { needsFeature: true }),
  'arr-others': measure('ARR of others', 'money', 'others', { needsFeature: true }),
  new: measure('New ARR', 'money', 'new'),
  reactivation: measure('Reactivated ARR', 'money', 'reactivation'),
  expansion: measure('Expansion', 'money', 'expansion'),
  contraction: measure('Contraction', 'money', 'contraction'),
  churn: measure('Churned ARR', 'money', 'churn'),
} as const satisfies Record<string, Measure>
export type MeasureKey = keyof typeof measures

/** Whether it is computed from imported files; what other rooms bring has its own sources and months. */
export const isOfBook = (measure: string): measure is MeasureKey => Object.hasOwn(measures, measure)

export function ownKind(measure: MeasureKey): MeasureKind {
  return {
    measure,
    ...measures[measure],
    read: ({ con }, ref, months) => readMeasure(con, { ...ref, measure }, months),
  }
}

/** What insights brings. */
export const measureKinds: readonly MeasureKind[] = (Object.keys(measures) as MeasureKey[]).map(ownKind)

/** Which measures there are is for the rooms to say: one that comes from outside is looked up by `kindOf`. */
export const MeasureRef = z.object({
  measure: z.string().min(1).max(80).describe('one of insights.metrics.measures'),
  featureId: z.uuid().nullable().default(null).describe('for measures of a feature'),
  segmentBy: DataName.default('segment'),
  bands: z.array(Figure).max(10).default([]),
  segment: DataText.nullable().default(null).describe('all accounts where absent'),
  window: z.int().min(1).max(36).default(12),
  adoptionMonths: z.int().min(1).max(12).default(3),
  subject: DataText.min(1).optional().describe('for measures of another thing than a feature: its id'),
})
export type MeasureRef = z.infer<typeof MeasureRef>

/** Money in whole units of the currency, shares as fractions. Null where there is none: no such month, or too few accounts. */
export const MeasurePoint = z.object({
  month: Month,
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  base: z.int().describe('how many it is about: accounts, where the measure says nothing else'),
  mark: z.enum(['ok', 'directional', 'suppressed']),
})
export type MeasurePoint = z.infer<typeof MeasurePoint>

type OwnRef = MeasureRef & { measure: MeasureKey }

/** @param months indexes (year * 12 + month - 1); each gets its point @throws not-found for a feature that was taken out */
export async function readMeasure(con: Connection, ref: OwnRef, months: readonly number[]): Promise<MeasurePoint[]> {
  const [known] = await con.kept<{ first: number | null; last: number | null }>(
    'select min(month) as first, max(month) as last from revenue_month',
  )
  const isKnown = (month: number) => known!.first !== null && month >= known!.first && month <= known!.last!
  const points = new Map((await readKnown(con, ref, months.filter(isKnown))).map((p) => [p.month, p]))
  return months.map(
    (month) => points.get(monthText(month)) ?? { month: monthText(month), ...plain(null, 0, 'suppressed') },
  )
}

async function readKnown(con: Connection, ref: OwnRef, months: readonly number[]): Promise<MeasurePoint[]> {
  switch (ref.measure) {
    case 'arr':
    case 'accounts':
      return readBook(con, ref, months, 0)
    case 'nrr':
    case 'grr':
    case 'logo-retention':
      return readBook(con, ref, months, ref.window)
    case 'adoption-rate':
    case 'adopters':
    case 'arr-adopters':
    case 'arr-others':
      return readAdopters(con, ref, months)
    case 'new':
    case 'reactivation':
    case 'expansion':
    case 'contraction':
    case 'churn':
      return readMoves(con, ref, ref.measure, months)
  }
}

export const plain = (value: number | null, base: number, mark: Mark = 'ok') => ({
  value,
  low: null,
  high: null,
  base,
  mark,
})
const within = <T extends { month: number; segment: string }>(rows: readonly T[], ref: MeasureRef, month: number) =>
  rows.filter((r) => r.month === month && (ref.segment === null || r.segment === ref.segment))

async function seriesQuery(con: Connection, ref: MeasureRef): Promise<SeriesQuery> {
  const { month: _, endMonth: __, ...q } = await blockQuery(con, ref, 0)
  return q
}

async function readBook(
  con: Connection,
  ref: OwnRef,
  months: readonly number[],
  window: number,
): Promise<MeasurePoint[]> {
  const found = await readBookSeries(
    con,
    await seriesQuery(con, ref),
    months.map((month) => ({ month: month - window, endMonth: month })),
  )
  return months.map((month) => {
    const sums = within(found, ref, month).reduce(
      (sum, r) => ({
        n: sum.n + r.n,
        start: sum.start + r.start,
        finish: sum.finish + r.finish,
        kept: sum.kept + r.kept,
        alive: sum.alive + r.alive,
      }),
      { n: 0, start: 0, finish: 0, kept: 0, alive: 0 },
    )
    return { month: monthText(month), ...bookPoint(ref.measure, sums) }
  })
}

export interface BookSums {
  n: number
  start: number
  finish: number
  kept: number
  alive: number
}
/** Of the accounts of a table `acc`: at its start, and at its end. */
export const bookSums = `
    count(*) as n,
    coalesce(sum(arr), 0)::bigint as start,
    coalesce(sum(arr_end), 0)::bigint as finish,
    coalesce(sum(case when arr_end < arr then arr_end else arr end), 0)::bigint as kept,
    count(*) filter (arr_end > 0) as alive`

export function bookPoint(measure: MeasureKey, row: BookSums): Omit<MeasurePoint, 'month'> {
  if (measure === 'arr') return plain(row.start / 100, row.n)
  if (measure === 'accounts') return plain(row.n, row.n)
  const mark = markOf(row.n)
  if (mark === 'suppressed' || row.start <= 0) return plain(null, row.n, 'suppressed')
  if (measure === 'logo-retention') return { ...rateOf(row.alive, row.n), base: row.n }
  return plain((measure === 'nrr' ? row.finish : row.kept) / row.start, row.n, mark)
}

async function readAdopters(con: Connection, ref: OwnRef, months: readonly number[]): Promise<MeasurePoint[]> {
  const feature = await con.one<{ feature_id: number }>('select feature_id from feature where key = $1', [
    ref.featureId,
  ])
  if (!feature) throw notFound('feature', ref.featureId ?? '')
  const found = await readAdoptionSeries(con, { ...(await seriesQuery(con, ref)), feature: feature.feature_id }, months)
  return months.map((month) => ({ month: monthText(month), ...adoptionPoint(ref.measure, within(found, ref, month)) }))
}

/** Of the cells of one feature, one for each segment asked for. */
export function adoptionPoint(
  measure: MeasureKey,
  cells: readonly { n: number; arr_sum: number; adopter_n: number; adopter_arr_sum: number }[],
): Omit<MeasurePoint, 'month'> {
  const sum = (pick: (r: (typeof cells)[number]) => number) => cells.reduce((total, r) => total + pick(r), 0)
  const eligible = sum((r) => r.n)
  const adopters = sum((r) => r.adopter_n)
  if (measure === 'adoption-rate') return { ...rateOf(adopters, eligible), base: eligible }
  if (measure === 'adopters') return plain(adopters, eligible)
  return plain(
    (measure === 'arr-adopters' ? sum((r) => r.adopter_arr_sum) : sum((r) => r.arr_sum - r.adopter_arr_sum)) / 100,
    eligible,
  )
}

async function readMoves(
  con: Connection,
  ref: MeasureRef,
  kind: 'new' | 'reactivation' | 'expansion' | 'contraction' | 'churn',
  months: readonly number[],
): Promise<MeasurePoint[]> {
  const found =
    months.length === 0
      ? []
      : await readMovements(
          con,
          Math.min(...months),
          Math.max(...months),
          ref.segment === null ? null : { by: ref.segmentBy, value: ref.segment },
        )
  const byMonth = new Map(found.map((m) => [m.month, m]))
  return months.map((month) => {
    const row = byMonth.get(monthText(month))
    return { month: monthText(month), ...plain(row ? row[kind] : null, row?.accounts[kind] ?? 0) }
  })
}

/** `ARR of others · Collaboration · Enterprise`. */
export const measureTitle = (
  { name, hasWindow }: Pick<MeasureKind, 'name' | 'hasWindow'>,
  ref: Pick<MeasureRef, 'segment' | 'window'>,
  feature: string | null,
): string => [`${name}${hasWindow ? `, ${ref.window} months` : ''}`, feature, ref.segment].filter(Boolean).join(' · ')
