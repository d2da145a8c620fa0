/** Rows that land with the room that owns them, in PostgreSQL: batch after batch, and out again. */
import type { Db } from '../../../platform/db/database.ts'
import type { Scope } from '../../../platform/scope.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import {
  rowsPerBatch,
  type Datasets,
  type FileReading,
  type Landed,
  type PostgresTarget,
  type StagedRow,
} from '../declaration.ts'

/** The workspace’s operational store, for datasets that land there. */
export interface Operational {
  scope: Scope
  transaction: <T>(work: (tx: Db) => Promise<T>) => Promise<T>
}

export interface Landing {
  target: PostgresTarget
  operational: Operational
  importId: string
  now: Date
  signal?: AbortSignal | undefined
  /** Counts what would be, and leaves nothing. */
  isTrial: boolean
}

/**
 * The rows that are left in `stage`. No statement of the warehouse runs inside a transaction of PostgreSQL, and none of those
 * holds the embedded store’s one session for longer than a batch. Where a part fails, the caller takes the whole back.
 */
export async function landRows(con: Connection, { mapping }: FileReading, landing: Landing): Promise<Landed> {
  const { target, operational, importId, now, signal, isTrial } = landing
  const of = { scope: operational.scope, importId }
  const batch = { ...of, source: mapping.source, mapped: new Set(Object.keys(mapping.fields)), now }
  // What a run of this job that was cut off has left.
  if (!isTrial) await takeBack(target, operational, importId)
  const landed: Landed = { new: 0, changed: 0, unchanged: 0 }
  for (let last = 0; ;) {
    signal?.throwIfAborted()
    const staged = await con.all<StagedRow & { row_no: number }>(
      `
        select * exclude (is_empty, reason, field, value, raw)
        from stage
        where row_no > $1
        order by row_no
        limit ${rowsPerBatch}`,
      [last],
    )
    if (staged.length === 0) return landed
    last = staged.at(-1)!.row_no
    const rows = staged.map(({ row_no: _, ...row }) => row)
    const counts = await inTransaction(operational, isTrial, (tx) => target.upsert(tx, batch, rows))
    if (counts.new + counts.changed + counts.unchanged !== rows.length)
      throw new Error(`of ${rows.length} rows that were handed over ${JSON.stringify(counts)} are accounted for`)
    for (const kind of ['new', 'changed', 'unchanged'] as const) landed[kind] += counts[kind]
  }
}

/** A trial is rolled back when it has counted. */
async function inTransaction<T>(
  { transaction }: Operational,
  isTrial: boolean,
  work: (tx: Db) => Promise<T>,
): Promise<T> {
  if (!isTrial) return transaction(work)
  const tried: { result?: T } = {}
  await transaction(async (tx) => {
    tried.result = await work(tx)
    throw tried
  }).catch((error: unknown) => {
    if (error !== tried) throw error
  })
  return tried.result!
}

/** Undoing twice changes nothing. */
export async function takeBack(target: PostgresTarget, operational: Operational, importId: string): Promise<void> {
  const once = () =>
    operational.transaction((tx) => target.undo(tx, { scope: operational.scope, importId }, rowsPerBatch))
  while ((await once()) > 0);
}

/** Of a run that was killed and is not taken up again, batches may have landed that no other run takes back. */
export async function takeBackLeft(datasets: Datasets, operational: Operational, importId: string): Promise<void> {
  for (const { target } of datasets) if (target.store === 'postgres') await takeBack(target, operational, importId)
}
