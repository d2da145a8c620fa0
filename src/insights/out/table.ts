/** The whole table of figures, from the same functions that answer the pages. */
import { limit } from '../../platform/errors.ts'
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { lastCompleteMonth, readHistory } from '../analyses/ground/adoption.ts'
import { revenueMonths } from '../analyses/ground/asking.ts'
import { defaultSegment, readAttributes } from '../analyses/ground/attributes.ts'
import { readMeasureTable, type MeasureCell, type Segmentation } from '../targets/measure-table.ts'
import { measures } from '../targets/measures.ts'
import type { StoredDefinition } from '../features/definitions/queries.ts'
import { inForce } from '../features/definitions/rules.ts'
import { definitions } from '../definitions/definitions.ts'
import { monthEnd, monthIndex } from '../../platform/calendar/month.ts'
import { allAccounts, monthsOf, segmentationsOf } from './rules.ts'
import type { OutRow } from './schemas.ts'

const question = { window: 12, adoptionMonths: 3 }
const mostRows = 400_000

export interface OutSource {
  chosen: readonly string[]
  features: readonly { id: string; name: string }[]
  versions: readonly StoredDefinition[]
  currency: string
  at: Date
  onMonths?: (done: number) => void
}

/** @throws precondition without revenue, limit where there would be more rows than a file should hold */
export async function readOutTable(con: Connection, source: OutSource): Promise<OutRow[]> {
  const revenue = await revenueMonths(con, source.at.toISOString())
  const history = await readHistory(con)
  const attributes = await readAttributes(con)
  const months = monthsOf(
    revenue,
    history ? { first: history.firstUsageMonth, last: monthIndex(lastCompleteMonth(history)) } : null,
    question.window,
  )
  const dataTo = history?.lastUsageDay ?? null
  const rows: OutRow[] = []
  for (const segmentation of segmentationsOf(attributes, defaultSegment(attributes) ?? 'arr', source.chosen)) {
    for (const cell of await readMeasureTable(con, segmentation, question, months, source.onMonths))
      rows.push(rowOf(cell, segmentation, dataTo, source))
    if (rows.length > mostRows)
      throw limit(
        `The table would have more than ${mostRows.toLocaleString('en-GB')} rows. Choose fewer attributes, or such of fewer values.`,
      )
  }
  return rows
}

function rowOf(
  cell: MeasureCell,
  segmentation: Segmentation,
  dataTo: string | null,
  { features, versions, currency, at }: OutSource,
): OutRow {
  const measure = measures[cell.measure]
  const version =
    cell.featureId === null
      ? null
      : inForce(
          versions.filter((v) => v.featureId === cell.featureId),
          monthEnd(monthIndex(cell.month)),
        )
  return {
    metric: cell.measure,
    definition_version: definitions.find((d) => d.key === measure.definition)?.version ?? 1,
    segment_by: segmentation.by ?? allAccounts,
    segment: cell.segment ?? allAccounts,
    feature: features.find((f) => f.id === cell.featureId)?.name ?? null,
    month: `${cell.month}-01`,
    value: cell.value,
    low: cell.low,
    high: cell.high,
    base: cell.base,
    mark: cell.mark,
    unit: measure.unit,
    currency: measure.unit === 'money' ? currency : null,
    computed_at: at.toISOString(),
    data_to: dataTo,
    feature_id: cell.featureId,
    feature_definition: version?.version ?? null,
    window_months: measure.hasWindow ? question.window : null,
  }
}
