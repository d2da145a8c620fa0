/** The files that were taken, each content of a name once. */
import type { Db } from '../../../../platform/db/database.ts'
import { insights } from '../../../tables.ts'
import { Books } from '../../schemas.ts'
import type { TakenFile } from '../schemas.ts'
import type { Scope } from '../../../../platform/scope.ts'

export interface StoredFile {
  id: string
  scheduleId: string
  jobId: string
  name: string
  sha256: string
  sizeBytes: number
  changedMs: number | null
  etag: string | null
  lastModified: string | null
  uploadId: string | null
  state: TakenFile['state']
  batchId: number | null
  books: Books | null
  problem: string | null
  at: Date
}

const shape = (r: {
  id: string
  schedule_id: string
  job_id: string
  name: string
  sha256: string
  size_bytes: number
  changed_ms: number | null
  etag: string | null
  last_modified: string | null
  upload_id: string | null
  state: StoredFile['state']
  batch_id: number | null
  books: unknown
  problem: string | null
  at: Date
}): StoredFile => ({
  id: r.id,
  scheduleId: r.schedule_id,
  jobId: r.job_id,
  name: r.name,
  sha256: r.sha256,
  sizeBytes: r.size_bytes,
  changedMs: r.changed_ms,
  etag: r.etag,
  lastModified: r.last_modified,
  uploadId: r.upload_id,
  state: r.state,
  batchId: r.batch_id,
  books: r.books === null ? null : Books.parse(r.books),
  problem: r.problem,
  at: r.at,
})

export async function listFiles(
  db: Db,
  scope: Scope,
  of: { scheduleId?: string; state?: StoredFile['state']; jobIds?: readonly string[] },
): Promise<StoredFile[]> {
  let query = insights(db).selectFrom('import_file').where('workspace_id', '=', scope.workspaceId)
  if (of.scheduleId) query = query.where('schedule_id', '=', of.scheduleId)
  if (of.state) query = query.where('state', '=', of.state)
  if (of.jobIds) {
    if (of.jobIds.length === 0) return []
    query = query.where('job_id', 'in', of.jobIds)
  }
  return (await query.selectAll().orderBy('at', 'desc').orderBy('id', 'desc').execute()).map(shape)
}

export async function findFile(db: Db, scope: Scope, id: string): Promise<StoredFile | null> {
  const row = await insights(db)
    .selectFrom('import_file')
    .selectAll()
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? shape(row) : null
}

/** A content that was refused before is taken up again under the job that reads it now. @returns the row's id */
export async function takeFile(
  db: Db,
  scope: Scope,
  file: Pick<
    StoredFile,
    'id' | 'scheduleId' | 'jobId' | 'name' | 'sha256' | 'sizeBytes' | 'changedMs' | 'etag' | 'lastModified' | 'uploadId'
  >,
  at: Date,
): Promise<string> {
  const again = {
    job_id: file.jobId,
    changed_ms: file.changedMs,
    etag: file.etag,
    last_modified: file.lastModified,
    upload_id: file.uploadId,
    state: 'taken' as const,
    batch_id: null,
    books: null,
    problem: null,
    at,
  }
  const row = await insights(db)
    .insertInto('import_file')
    .values({
      id: file.id,
      workspace_id: scope.workspaceId,
      schedule_id: file.scheduleId,
      name: file.name,
      sha256: file.sha256,
      size_bytes: file.sizeBytes,
      ...again,
    })
    .onConflict((c) => c.columns(['schedule_id', 'name', 'sha256']).doUpdateSet(again))
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

export async function settleFile(
  db: Db,
  id: string,
  end: Pick<StoredFile, 'state' | 'batchId' | 'books' | 'problem' | 'uploadId'>,
  at: Date,
): Promise<void> {
  await insights(db)
    .updateTable('import_file')
    .set({
      state: end.state,
      batch_id: end.batchId,
      books: end.books === null ? null : JSON.stringify(end.books),
      problem: end.problem,
      upload_id: end.uploadId,
      at,
    })
    .where('id', '=', id)
    .execute()
}

/** The same bytes under a new time of change: known by it from now on. */
export async function touchFile(
  db: Db,
  id: string,
  change: Partial<Pick<StoredFile, 'changedMs' | 'etag' | 'lastModified'>>,
): Promise<void> {
  await insights(db)
    .updateTable('import_file')
    .set({
      ...('changedMs' in change ? { changed_ms: change.changedMs } : {}),
      ...('etag' in change ? { etag: change.etag } : {}),
      ...('lastModified' in change ? { last_modified: change.lastModified } : {}),
    })
    .where('id', '=', id)
    .execute()
}
