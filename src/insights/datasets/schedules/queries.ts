import type { Db } from '../../../platform/db/database.ts'
import { insights } from '../../tables.ts'
import { Books, type ImportMode } from '../schemas.ts'
import { Place, RejectLimit, Timing, type RunOutcome, type TakenFile } from './schemas.ts'

interface Scope {
  workspaceId: string
}
/** What was seen of a file that is not taken yet, and since when it is so. */
export type Seen = Record<string, { size: number; changedMs: number; at: string }>
export interface StoredSchedule {
  id: string
  workspaceId: string
  name: string
  mappingId: string | null
  mode: ImportMode
  rejects: RejectLimit
  place: Place
  secret: string | null
  timing: Timing
  nextAt: Date | null
  seen: Seen
  lookedAt: Date | null
  looked: string | null
  version: number
  createdBy: string
}
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
export interface StoredRun {
  id: string
  scheduleId: string
  jobId: string | null
  askedBy: string | null
  startedAt: Date
  finishedAt: Date | null
  outcome: RunOutcome | null
  message: string | null
  times: number
}

const columns = [
  'id',
  'workspace_id',
  'name',
  'mapping_id',
  'mode',
  'rejects',
  'place',
  'secret',
  'timing',
  'next_at',
  'seen',
  'looked_at',
  'looked',
  'version',
  'created_by',
] as const
type Row = {
  id: string
  workspace_id: string
  name: string
  mapping_id: string | null
  mode: ImportMode
  rejects: unknown
  place: unknown
  secret: string | null
  timing: unknown
  next_at: Date | null
  seen: unknown
  looked_at: Date | null
  looked: string | null
  version: number
  created_by: string
}
const shape = (r: Row): StoredSchedule => ({
  id: r.id,
  workspaceId: r.workspace_id,
  name: r.name,
  mappingId: r.mapping_id,
  mode: r.mode,
  rejects: RejectLimit.parse(r.rejects),
  place: Place.parse(r.place),
  secret: r.secret,
  timing: Timing.parse(r.timing),
  nextAt: r.next_at,
  seen: r.seen as Seen,
  lookedAt: r.looked_at,
  looked: r.looked,
  version: r.version,
  createdBy: r.created_by,
})

export async function listSchedules(db: Db, scope: Scope): Promise<StoredSchedule[]> {
  return (
    await insights(db)
      .selectFrom('import_schedule')
      .select(columns)
      .where('workspace_id', '=', scope.workspaceId)
      .orderBy('name')
      .execute()
  ).map(shape)
}

export async function findSchedule(db: Db, scope: Scope, id: string): Promise<StoredSchedule | null> {
  const row = await insights(db)
    .selectFrom('import_schedule')
    .select(columns)
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? shape(row) : null
}

/** Of every workspace; only the ticker asks. */
export async function dueSchedules(db: Db, at: Date): Promise<StoredSchedule[]> {
  return (
    await insights(db)
      .selectFrom('import_schedule')
      .select(columns)
      .where('next_at', '<=', at)
      .orderBy('next_at')
      .limit(100)
      .execute()
  ).map(shape)
}

export type Draft = Pick<
  StoredSchedule,
  'name' | 'mappingId' | 'mode' | 'rejects' | 'place' | 'secret' | 'timing' | 'nextAt'
>
const rowOf = (d: Draft) => ({
  name: d.name,
  mapping_id: d.mappingId,
  mode: d.mode,
  rejects: JSON.stringify(d.rejects),
  place: JSON.stringify(d.place),
  secret: d.secret,
  timing: JSON.stringify(d.timing),
  next_at: d.nextAt,
})

/** @returns false where another one bears the name */
export async function insertSchedule(
  db: Db,
  scope: Scope,
  draft: Draft & { id: string; createdBy: string },
  at: Date,
): Promise<boolean> {
  const result = await insights(db)
    .insertInto('import_schedule')
    .values({
      id: draft.id,
      workspace_id: scope.workspaceId,
      ...rowOf(draft),
      created_by: draft.createdBy,
      created_at: at,
      updated_at: at,
    })
    .onConflict((c) => c.columns(['workspace_id', 'name']).doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows) > 0
}

/** What was seen at another place is forgotten with it. @returns whether the version was still the one that was read */
export async function updateSchedule(
  db: Db,
  scope: Scope,
  known: { id: string; version: number },
  draft: Draft,
  at: Date,
): Promise<boolean> {
  const result = await insights(db)
    .updateTable('import_schedule')
    .set({ ...rowOf(draft), seen: '{}', looked_at: null, looked: null, version: known.version + 1, updated_at: at })
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', known.id)
    .where('version', '=', known.version)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

export async function setNext(db: Db, scope: Scope, id: string, nextAt: Date | null): Promise<boolean> {
  const result = await insights(db)
    .updateTable('import_schedule')
    .set({ next_at: nextAt })
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

/** Whoever comes first moves the time on; another ticker then finds it moved. */
export async function claimDue(db: Db, id: string, due: Date, nextAt: Date): Promise<boolean> {
  const result = await insights(db)
    .updateTable('import_schedule')
    .set({ next_at: nextAt })
    .where('id', '=', id)
    .where('next_at', '=', due)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

export async function saveLook(
  db: Db,
  id: string,
  look: { seen: Seen; at: Date; said: string; nextAt?: Date },
): Promise<void> {
  await insights(db)
    .updateTable('import_schedule')
    .set({
      seen: JSON.stringify(look.seen),
      looked_at: look.at,
      looked: look.said,
      ...(look.nextAt ? { next_at: look.nextAt } : {}),
    })
    .where('id', '=', id)
    .execute()
}

export async function deleteSchedule(db: Db, scope: Scope, id: string): Promise<boolean> {
  const result = await insights(db)
    .deleteFrom('import_schedule')
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return Number(result.numDeletedRows) > 0
}

/** @returns false where one of this schedule is open: never two at once */
export async function insertRun(
  db: Db,
  run: { id: string; workspaceId: string; scheduleId: string; askedBy: string | null; at: Date },
): Promise<boolean> {
  const result = await insights(db)
    .insertInto('import_run')
    .values({
      id: run.id,
      workspace_id: run.workspaceId,
      schedule_id: run.scheduleId,
      job_id: null,
      asked_by: run.askedBy,
      started_at: run.at,
      finished_at: null,
      outcome: null,
      message: null,
    })
    .onConflict((c) => c.column('schedule_id').where('finished_at', 'is', null).doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows) > 0
}

export async function setRunJob(db: Db, id: string, jobId: string): Promise<void> {
  await insights(db).updateTable('import_run').set({ job_id: jobId }).where('id', '=', id).execute()
}

export async function insertFailedLook(
  db: Db,
  run: { id: string; workspaceId: string; scheduleId: string; message: string; at: Date },
): Promise<void> {
  await insights(db)
    .insertInto('import_run')
    .values({
      id: run.id,
      workspace_id: run.workspaceId,
      schedule_id: run.scheduleId,
      job_id: null,
      asked_by: null,
      started_at: run.at,
      finished_at: run.at,
      outcome: 'failed',
      message: run.message,
    })
    .execute()
  await foldRuns(db, run.scheduleId)
}

export async function hasOpenRun(db: Db, scheduleId: string): Promise<boolean> {
  return (
    (await insights(db)
      .selectFrom('import_run')
      .select('id')
      .where('schedule_id', '=', scheduleId)
      .where('finished_at', 'is', null)
      .executeTakeFirst()) !== undefined
  )
}

export async function finishRun(
  db: Db,
  id: string,
  end: { outcome: RunOutcome; message: string; at: Date },
): Promise<void> {
  const row = await insights(db)
    .updateTable('import_run')
    .set({ outcome: end.outcome, message: end.message, finished_at: end.at })
    .where('id', '=', id)
    .where('finished_at', 'is', null)
    .returning('schedule_id')
    .executeTakeFirst()
  if (row) await foldRuns(db, row.schedule_id)
}

const kept = 200

/** The same outcome again, without a file, is counted by the run before. */
async function foldRuns(db: Db, scheduleId: string): Promise<void> {
  const runs = await insights(db)
    .selectFrom('import_run')
    .select(['id', 'outcome', 'message', 'times', 'finished_at', 'asked_by'])
    .where('schedule_id', '=', scheduleId)
    .where('finished_at', 'is not', null)
    .orderBy('nr', 'desc')
    .execute()
  const [last, before] = runs
  const gone = runs.slice(kept).map((r) => r.id)
  if (
    last &&
    before &&
    last.outcome !== 'imported' &&
    last.outcome === before.outcome &&
    last.message === before.message &&
    last.asked_by === before.asked_by
  ) {
    await insights(db)
      .updateTable('import_run')
      .set({ times: before.times + last.times, finished_at: last.finished_at })
      .where('id', '=', before.id)
      .execute()
    gone.push(last.id)
  }
  if (gone.length > 0) await insights(db).deleteFrom('import_run').where('id', 'in', gone).execute()
}

/** Runs whose job ended without telling: cancelled while it waited, or given up after the server stopped too often. */
export async function closeOrphans(db: Db, at: Date): Promise<void> {
  const rows = await insights(db)
    .selectFrom('import_run')
    .innerJoin('job', 'job.id', 'import_run.job_id')
    .where('import_run.finished_at', 'is', null)
    .where('job.state', 'in', ['done', 'failed', 'cancelled'])
    .select(['import_run.id', 'job.state', 'job.error'])
    .execute()
  for (const row of rows)
    await finishRun(db, row.id, {
      outcome: 'failed',
      message: row.error ?? (row.state === 'cancelled' ? 'It was stopped by a person.' : 'It ended without a word.'),
      at,
    })
}

export async function listRuns(
  db: Db,
  scope: Scope,
  page: { scheduleId?: string; limit: number },
): Promise<StoredRun[]> {
  let query = insights(db).selectFrom('import_run').where('workspace_id', '=', scope.workspaceId)
  if (page.scheduleId) query = query.where('schedule_id', '=', page.scheduleId)
  const rows = await query.selectAll().orderBy('nr', 'desc').limit(page.limit).execute()
  return rows.map((r) => ({
    id: r.id,
    scheduleId: r.schedule_id,
    jobId: r.job_id,
    askedBy: r.asked_by,
    startedAt: r.started_at,
    finishedAt: r.finished_at,
    outcome: r.outcome,
    message: r.message,
    times: r.times,
  }))
}

/** The last run of each schedule that has ended. */
export async function lastRuns(db: Db, scope: Scope): Promise<StoredRun[]> {
  const rows = await insights(db)
    .selectFrom('import_run')
    .where('workspace_id', '=', scope.workspaceId)
    .where('finished_at', 'is not', null)
    .distinctOn('schedule_id')
    .selectAll()
    .orderBy('schedule_id')
    .orderBy('nr', 'desc')
    .execute()
  return rows.map((r) => ({
    id: r.id,
    scheduleId: r.schedule_id,
    jobId: r.job_id,
    askedBy: r.asked_by,
    startedAt: r.started_at,
    finishedAt: r.finished_at,
    outcome: r.outcome,
    message: r.message,
    times: r.times,
  }))
}

export async function openRuns(db: Db, scope: Scope): Promise<string[]> {
  return (
    await insights(db)
      .selectFrom('import_run')
      .select('schedule_id')
      .where('workspace_id', '=', scope.workspaceId)
      .where('finished_at', 'is', null)
      .execute()
  ).map((r) => r.schedule_id)
}

const fileShape = (r: {
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
  return (await query.selectAll().orderBy('at', 'desc').orderBy('id', 'desc').execute()).map(fileShape)
}

export async function findFile(db: Db, scope: Scope, id: string): Promise<StoredFile | null> {
  const row = await insights(db)
    .selectFrom('import_file')
    .selectAll()
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? fileShape(row) : null
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
