/** What was imported, and how it is taken back: newest first within a dataset, because a batch may stand on an earlier one. */
import { notFound, precondition } from '../../../platform/errors.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { datasets, type Batch, type Dataset, type DatasetOverview } from '../schemas.ts'
import { partOf, tablesOf } from './targets.ts'
import { undoRows } from './upsert.ts'

interface BatchRow {
  id: number
  dataset: Dataset
  file_name: string
  source: string
  mode: Batch['mode']
  job_id: string
  imported_by: string
  committed_at: string
  rows_read: number
  rows_new: number
  rows_changed: number
  rows_unchanged: number
  rows_rejected: number
  first_day: string | null
  last_day: string | null
  undone_at: string | null
  blocker: number | null
}

const select = `
  select
    b.*,
    (
      select max(l.id)
      from batch l
      where l.dataset = b.dataset and l.id > b.id and l.undone_at is null
    ) as blocker
  from batch b`

const shape = (b: BatchRow): Batch => ({
  id: b.id,
  dataset: b.dataset,
  fileName: b.file_name,
  source: b.source,
  mode: b.mode,
  importedBy: b.imported_by,
  jobId: b.job_id,
  committedAt: isoTime(b.committed_at)!,
  books: {
    read: b.rows_read,
    new: b.rows_new,
    changed: b.rows_changed,
    unchanged: b.rows_unchanged,
    rejected: b.rows_rejected,
  },
  firstDay: b.first_day,
  lastDay: b.last_day,
  undoneAt: isoTime(b.undone_at),
  canUndo: b.undone_at === null && b.blocker === null,
  blockedBy: b.undone_at === null ? b.blocker : null,
})

const isoTime = (text: string | null): string | null => (text === null ? null : `${text.replace(' ', 'T')}Z`)

export async function listBatches(con: Connection, page: { before?: number; limit: number }): Promise<Batch[]> {
  return (
    await con.all<BatchRow>(`${select} where b.id < $1 order by b.id desc limit $2`, [
      page.before ?? 2_000_000_000,
      page.limit,
    ])
  ).map(shape)
}

export async function readOverview(con: Connection): Promise<DatasetOverview[]> {
  const batches = await con.all<{
    dataset: Dataset
    n: number
    last: string
    sources: string[]
    first_day: string | null
    last_day: string | null
  }>(
    `
      select
        dataset,
        count(*) as n,
        max(committed_at) as last,
        list_sort(list(distinct source)) as sources,
        min(first_day) as first_day,
        max(last_day) as last_day
      from batch
      where undone_at is null
      group by dataset`,
  )
  const rows = await con.all<{ dataset: Dataset; n: number }>(
    datasets.map((d) => `select '${d}' as dataset, count(*) as n from ${tablesOf[d][0]!}`).join(' union all '),
  )
  return datasets.map((dataset) => {
    const of = batches.find((b) => b.dataset === dataset)
    return {
      dataset,
      rows: rows.find((r) => r.dataset === dataset)!.n,
      sources: of?.sources ?? [],
      firstDay: of?.first_day ?? null,
      lastDay: of?.last_day ?? null,
      lastImportAt: isoTime(of?.last ?? null),
      batches: of?.n ?? 0,
    }
  })
}

/** @throws notFound, precondition where a later import of the dataset stands */
export async function findUndoable(con: Connection, batchId: number): Promise<Batch> {
  const row = await con.one<BatchRow>(`${select} where b.id = $1`, [batchId])
  if (!row) throw notFound('import', String(batchId))
  const batch = shape(row)
  if (batch.undoneAt) throw precondition(`Import ${batchId} (${batch.fileName}) was undone already.`)
  if (batch.blockedBy !== null)
    throw precondition(
      `Import ${batch.blockedBy} of ${batch.dataset} came after import ${batchId} and may stand on it. Undo import ${batch.blockedBy} first.`,
    )
  return batch
}

/** Inside one write. Undoing twice changes nothing. */
export async function undoBatch(con: Connection, batchId: number, at: Date): Promise<void> {
  const done = await con.one<{ undone_at: string | null }>('select undone_at from batch where id = $1', [batchId])
  if (done?.undone_at) return
  const { dataset } = await findUndoable(con, batchId)
  if (dataset === 'usage') {
    await con.run('insert into dirty_day select distinct cast(event_time as date) from event where batch_id = $1', [
      batchId,
    ])
    await con.run(
      'insert into dirty_day select distinct cast(event_time as date) from event_replaced where replaced_by = $1',
      [batchId],
    )
  }
  for (const table of tablesOf[dataset]) await undoRows(con, table, batchId)
  await con.run('update batch set undone_at = $2::timestamp where id = $1', [
    batchId,
    at.toISOString().replace('T', ' ').replace('Z', ''),
  ])
  await con.run('insert into dirty_part values ($1)', [partOf[dataset]])
}
