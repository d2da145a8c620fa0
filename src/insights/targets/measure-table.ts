/** Every measure at every month and segment at once, in a few passes: what leaves the product, equal to what its pages say. */
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { readBlocks } from '../analyses/ground/adoption.ts'
import { accountsSql } from '../analyses/ground/adoption-sql.ts'
import { blockQuery } from '../analyses/ground/asking.ts'
import {
  adoptionPoint,
  bookPoint,
  bookSums,
  plain,
  type BookSums,
  type MeasureKey,
  type MeasurePoint,
} from './measures.ts'
import { movementKinds, readMovements, readMovementsBySegment } from '../analyses/ground/revenue.ts'
import { monthText } from '../../platform/calendar/month.ts'

/** How accounts are grouped; `null`: all of them in one. */
export interface Segmentation {
  by: string | null
  bands: readonly number[]
}
export interface TableQuestion {
  window: number
  adoptionMonths: number
}
/** The months to read; adoption needs usage, retention a start, a movement the month before. */
export interface TableMonths {
  book: readonly number[]
  movements: readonly number[]
  adoption: readonly number[]
  retention: readonly number[]
}
export type MeasureCell = MeasurePoint & { measure: MeasureKey; segment: string | null; featureId: string | null }

/** Months read by one statement: enough to share its plan, few enough to bound its memory. */
const monthsAtOnce = 6

// An account is in one segment of this grouping: bands without a cut are one band.
const grouping = ({ by, bands }: Segmentation) => ({ segmentBy: by ?? 'arr', bands: by === null ? [] : bands })

/** One row for each measure, segment and month in which the segment has accounts; a feature's from its release on. */
export async function readMeasureTable(
  con: Connection,
  segmentation: Segmentation,
  question: TableQuestion,
  months: TableMonths,
  onMonths?: (done: number) => void,
): Promise<MeasureCell[]> {
  const segmentOf = (segment: string) => (segmentation.by === null ? null : segment)
  const cells = await readBookCells(con, segmentation, months, question, segmentOf)
  const features = new Map(
    (await con.all<{ feature_id: number; key: string }>('select feature_id, key from feature')).map((f) => [
      f.feature_id,
      f.key,
    ]),
  )
  const asked = await blockQuery(
    con,
    { ...grouping(segmentation), adoptionMonths: question.adoptionMonths },
    months.adoption[0] ?? 0,
  )
  for (const some of inGroups(months.adoption)) {
    const queries = some.map((month) => ({ ...asked, month, endMonth: month, tag: `_${month}` }))
    const blocks = await readBlocks(con, queries)
    for (const q of queries) {
      for (const row of blocks.get(q.tag)!.rows) {
        for (const measure of ['adoption-rate', 'adopters', 'arr-adopters', 'arr-others'] as const)
          cells.push({
            measure,
            month: monthText(q.month),
            segment: segmentOf(row.segment),
            featureId: features.get(row.feature_id) ?? null,
            ...adoptionPoint(measure, [row]),
          })
      }
    }
    onMonths?.(some.length)
  }
  return [...cells, ...(await readMoveCells(con, segmentation, months.movements))]
}

async function readBookCells(
  con: Connection,
  segmentation: Segmentation,
  months: TableMonths,
  question: TableQuestion,
  segmentOf: (segment: string) => string | null,
): Promise<MeasureCell[]> {
  const cells: MeasureCell[] = []
  const asked = await blockQuery(con, grouping(segmentation), months.book[0] ?? 0)
  const read = async (at: readonly number[], window: number, measures: readonly MeasureKey[]) => {
    for (const some of inGroups(at)) {
      const queries = some.map((month) => ({ ...asked, month: month - window, endMonth: month, tag: `_${month}` }))
      const sums = queries.map(
        (q) => `
          select ${q.endMonth} as month, segment, ${bookSums}
          from acc${q.tag}
          group by segment`,
      )
      const rows = await con.all<BookSums & { month: number; segment: string }>(`
        with ${queries.map((q) => accountsSql(q)).join(', ')}
        ${sums.join(' union all ')}
        order by month, segment`)
      for (const { month, segment, ...sums } of rows)
        for (const measure of measures)
          cells.push({
            measure,
            month: monthText(month),
            segment: segmentOf(segment),
            featureId: null,
            ...bookPoint(measure, sums),
          })
    }
  }
  await read(months.book, 0, ['arr', 'accounts'])
  await read(months.retention, question.window, ['nrr', 'grr', 'logo-retention'])
  return cells
}

/** Movements stand under the segment that an account has now, as on their page; there they are not cut into bands. */
async function readMoveCells(
  con: Connection,
  { by, bands }: Segmentation,
  months: readonly number[],
): Promise<MeasureCell[]> {
  if (months.length === 0 || bands.length > 0 || by === 'arr') return []
  const first = Math.min(...months)
  const last = Math.max(...months)
  const rows =
    by === null
      ? (await readMovements(con, first, last, null)).map((m) => ({ ...m, segment: null }))
      : await readMovementsBySegment(con, first, last, by)
  return rows.flatMap((m) =>
    movementKinds.map((kind) => ({
      measure: kind,
      month: m.month,
      segment: m.segment,
      featureId: null,
      ...plain(m[kind], m.accounts[kind]),
    })),
  )
}

function* inGroups(months: readonly number[]): Generator<readonly number[]> {
  for (let i = 0; i < months.length; i += monthsAtOnce) yield months.slice(i, i + monthsAtOnce)
}
