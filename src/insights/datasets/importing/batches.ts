/** What was imported, and how it is taken back: newest first within a dataset, because a batch may stand on an earlier one. */
import { notFound, precondition } from '../../../platform/errors.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import type { Db } from '../../../platform/db/database.ts'
import type { Scope } from '../../../platform/scope.ts'
import type { DatasetDeclaration, Datasets } from '../declaration.ts'
import { needDataset } from '../known.ts'
import type { Batch, Dataset, DatasetOverview } from '../schemas.ts'
import { takeBack, type Operational } from './rooms.ts'
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

/** How many rows there are of the datasets that land in PostgreSQL, by name. */
export async function countOutside(db: Db, scope: Scope, datasets: Datasets): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (const { name, target } of datasets)
    if (target.store === 'postgres') counts.set(name, await target.count(db, scope))
  return counts
}

/** @param outside what `countOutside` found; none where no dataset lands there */
export async function readOverview(
  con: Connection,
  datasets: Datasets,
  outside: ReadonlyMap<string, number> = new Map(),
): Promise<DatasetOverview[]> {
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
    datasets
      .flatMap(({ name, target }) =>
        target.store === 'warehouse' ? `select '${name}' as dataset, count(*) as n from ${target.tables[0]!}` : [],
      )
      .join(' union all '),
  )
  return datasets.map(({ name: dataset }) => {
    const of = batches.find((b) => b.dataset === dataset)
    return {
      dataset,
      rows: rows.find((r) => r.dataset === dataset)?.n ?? outside.get(dataset) ?? 0,
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

/**
 * Inside one write. Undoing twice changes nothing.
 * @param operational needed where the dataset lands in PostgreSQL
 */
export async function undoBatch(
  con: Connection,
  batchId: number,
  at: Date,
  { datasets, operational }: { datasets: Datasets; operational?: Operational },
): Promise<DatasetDeclaration> {
  const done = await con.one<{ dataset: string; undone_at: string | null }>(
    'select dataset, undone_at from batch where id = $1',
    [batchId],
  )
  if (done?.undone_at) return needDataset(datasets, done.dataset)
  const { dataset: name, jobId } = await findUndoable(con, batchId)
  const dataset = needDataset(datasets, name)
  const { target } = dataset
  if (target.store === 'warehouse') {
    await target.beforeUndo?.(con, batchId)
    for (const table of target.tables) await undoRows(con, table, batchId)
    await con.run('insert into dirty_part values ($1)', [target.dirties])
  } else {
    if (!operational) throw new Error(`${name} lies in PostgreSQL, and no store was handed in`)
    await takeBack(target, operational, jobId)
  }
  await con.run('update batch set undone_at = $2::timestamp where id = $1', [
    batchId,
    at.toISOString().replace('T', ' ').replace('Z', ''),
  ])
  return dataset
}
