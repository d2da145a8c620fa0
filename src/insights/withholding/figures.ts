/** What of a shared view are measures: read at the month at which it stands, to be frozen as they were shared. */
import { z } from 'zod'
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { MeasureRef, measures, measureTitle, ownKind, type MeasureKey, type MeasurePoint } from '../targets/measures.ts'
import { readMeasureTable, type MeasureCell } from '../targets/measure-table.ts'
import { Month } from '../datasets/schemas.ts'
import type { WorkspaceContext } from '../../platform/operation.ts'
import type { Read, Shareable } from '../../platform/rooms/shareable.ts'
import { inWarehouse } from '../../platform/warehouse/in-warehouse.ts'
import { currencyOf, needHistory } from '../analyses/ground/asking.ts'
import { lastCompleteMonth, lastUsageSql } from '../analyses/ground/adoption.ts'
import { analysisOptions } from '../analyses/options/operations.ts'
import { publishValues, readFeatureNames, type FeatureNames, type Publishable } from '../targets/publishing.ts'
import type { MadeOf } from '../targets/schemas.ts'
import { refKey } from '../targets/rules.ts'
import { readMadeOf } from '../targets/warehouse.ts'
import { monthIndex } from '../../platform/calendar/month.ts'

const Question = z.object({
  month: Month.optional(),
  to: Month.optional(),
  segmentBy: z.string().default('segment'),
  bands: z.array(z.number()).default([]),
  window: z.int().default(12),
  adoptionMonths: z.int().default(3),
  featureId: z.string().optional(),
  restated: z.boolean().default(false),
})

/** Read before the sharing, stored within its transaction. */
export async function publishFigures(
  context: WorkspaceContext,
  of: readonly MeasureKey[],
  reads: readonly Read[],
): ReturnType<Shareable['publish']> {
  const features = await readFeatureNames(context, [])
  const currency = await currencyOf(context)
  const figures = await inWarehouse(context, async (con) =>
    readFigures(con, of, reads, { features, currency, lastMonth: lastCompleteMonth(await needHistory(con)) }),
  )
  return ({ db, scope, actor, now }, place) =>
    publishValues(db, scope, figures, { via: 'link', place, by: actor.name, at: now() })
}

/** How far usage goes, and the last complete month. */
export async function readStanding(
  context: WorkspaceContext,
): Promise<{ dataTo: string | null; month: string | null }> {
  const { defaultMonth } = await analysisOptions.run(context, {}, undefined)
  const data = await inWarehouse(context, (con) => con.one<{ last: string | null }>(`select (${lastUsageSql}) as last`))
  return { dataTo: data!.last, month: defaultMonth }
}

/** All accounts and each segment of the view; of adoption every feature, or the one it is about. A past that was restated is no published figure. */
async function readFigures(
  con: Connection,
  of: readonly MeasureKey[],
  reads: readonly Read[],
  { features, currency, lastMonth }: { features: FeatureNames; currency: string; lastMonth: string },
): Promise<Publishable[]> {
  if (of.length === 0) return []
  const q = Question.parse(Object.assign({}, ...reads.map((r) => r.input)))
  if (q.restated) return []
  const isShown = (c: MeasureCell) =>
    of.includes(c.measure) && (q.featureId === undefined || c.featureId === null || c.featureId === q.featureId)
  const month = monthIndex(q.month ?? q.to ?? lastMonth)
  const revenue = (await con.one<{ first: number | null }>('select min(month) as first from revenue_month'))!.first
  const months = {
    book: [month],
    movements: revenue !== null && month > revenue ? [month] : [],
    adoption: of.includes('adoption-rate') ? [month] : [],
    retention: revenue !== null && month - q.window >= revenue ? [month] : [],
  }
  const cells = [
    ...(await readMeasureTable(con, { by: null, bands: [] }, q, months)),
    ...(await readMeasureTable(con, { by: q.segmentBy, bands: q.bands }, q, months)),
  ]
  const made = new Map<string, MadeOf>()
  const shared: Publishable[] = []
  for (const cell of cells.filter(isShown)) {
    const ref = refOf(cell, q)
    const kind = ownKind(cell.measure)
    const key = `${cell.measure} ${cell.segment === null} ${cell.featureId}`
    if (!made.has(key)) made.set(key, await readMadeOf(con, kind, ref, features.version(ref.featureId)))
    shared.push({
      ref,
      key: refKey(kind, ref),
      title: measureTitle(kind, ref, features.of(ref)),
      currency,
      points: [pointOf(cell)],
      madeOf: made.get(key)!,
    })
  }
  return shared
}

const refOf = (c: MeasureCell, q: z.infer<typeof Question>): MeasureRef =>
  MeasureRef.parse({
    measure: c.measure,
    featureId: c.featureId,
    segment: c.segment,
    ...(c.segment === null ? {} : { segmentBy: q.segmentBy, bands: q.bands }),
    ...(measures[c.measure].hasWindow ? { window: q.window } : {}),
    ...(measures[c.measure].needsFeature ? { adoptionMonths: q.adoptionMonths } : {}),
  })
const pointOf = ({ month, value, low, high, base, mark }: MeasureCell): MeasurePoint => ({
  month,
  value,
  low,
  high,
  base,
  mark,
})
