import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { JobProgress, JobState } from '../db/tables.ts'
import type { Scope } from '../scope.ts'

export interface JobRow {
  id: string
  workspaceId: string
  kind: string
  input: object
  state: JobState
  progress: JobProgress
  result: unknown
  error: string | null
  attempts: number
  cancelRequested: boolean
  createdBy: string
  createdAt: Date
  startedAt: Date | null
  finishedAt: Date | null
}

const shape = (row: {
  id: string
  workspace_id: string
  kind: string
  input: object
  state: JobState
  progress: JobProgress
  result: unknown
  error: string | null
  attempts: number
  cancel_requested: boolean
  created_by: string
  created_at: Date
  started_at: Date | null
  finished_at: Date | null
}): JobRow => ({
  id: row.id,
  workspaceId: row.workspace_id,
  kind: row.kind,
  input: row.input,
  state: row.state,
  progress: row.progress,
  result: row.result,
  error: row.error,
  attempts: row.attempts,
  cancelRequested: row.cancel_requested,
  createdBy: row.created_by,
  createdAt: row.created_at,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
})

export async function insertJob(
  db: Db,
  job: { id: string; workspaceId: string; kind: string; input: unknown; createdBy: string; createdAt: Date },
): Promise<void> {
  await db
    .insertInto('job')
    .values({
      id: job.id,
      workspace_id: job.workspaceId,
      kind: job.kind,
      input: JSON.stringify(job.input ?? {}),
      state: 'queued',
      progress: '{}',
      created_by: job.createdBy,
      created_at: job.createdAt,
    })
    .execute()
}

/** Only the job runner reads a job without a workspace. */
export async function findJobById(db: Db, id: string): Promise<JobRow | null> {
  const row = await db.selectFrom('job').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? shape(row as Parameters<typeof shape>[0]) : null
}

export async function findJob(db: Db, scope: Scope, id: string): Promise<JobRow | null> {
  const job = await findJobById(db, id)
  return job && job.workspaceId === scope.workspaceId ? job : null
}

export async function listJobs(db: Db, scope: Scope, page: { before?: string; limit: number }): Promise<JobRow[]> {
  let query = db.selectFrom('job').selectAll().where('workspace_id', '=', scope.workspaceId)
  if (page.before) query = query.where('id', '<', page.before)
  const rows = await query.orderBy('id', 'desc').limit(page.limit).execute()
  return rows.map((row) => shape(row as Parameters<typeof shape>[0]))
}

/** @returns whether the job was there to be started: cancelled and finished ones are not */
export async function markRunning(db: Db, id: string, at: Date): Promise<boolean> {
  const result = await db
    .updateTable('job')
    .set({ state: 'running', started_at: at, error: null, finished_at: null, attempts: sql<number>`attempts + 1` })
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

export async function saveProgress(db: Db, id: string, progress: JobProgress): Promise<void> {
  await db
    .updateTable('job')
    .set({ progress: JSON.stringify(progress) })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .execute()
}

export async function finishJob(
  db: Db,
  id: string,
  end: { state: JobState; result?: unknown; error?: string | null; at: Date },
): Promise<void> {
  await db
    .updateTable('job')
    .set({
      state: end.state,
      result: end.result === undefined ? null : JSON.stringify(end.result),
      error: end.error ?? null,
      finished_at: end.at,
    })
    .where('id', '=', id)
    .execute()
}

/** A queued job is cancelled at once, a running one is asked to stop. @returns the state before, or null where there is no such job */
export async function requestCancel(db: Db, scope: Scope, id: string, at: Date): Promise<JobState | null> {
  const job = await findJob(db, scope, id)
  if (!job) return null
  if (job.state === 'queued' || job.state === 'needs-confirmation') await finishJob(db, id, { state: 'cancelled', at })
  if (job.state === 'running')
    await db.updateTable('job').set({ cancel_requested: true }).where('id', '=', id).execute()
  return job.state
}

/** Its attempts begin anew: they count how often the server stopped while it ran. */
export async function requeue(db: Db, id: string): Promise<void> {
  await db
    .updateTable('job')
    .set({ state: 'queued', cancel_requested: false, attempts: 0, error: null, finished_at: null, progress: '{}' })
    .where('id', '=', id)
    .execute()
}

export async function unfinishedJobs(db: Db): Promise<Pick<JobRow, 'id'>[]> {
  return db.selectFrom('job').select('id').where('state', 'in', ['queued', 'running']).orderBy('id').execute()
}

export async function setJobInput(db: Db, id: string, input: unknown): Promise<void> {
  await db
    .updateTable('job')
    .set({ input: JSON.stringify(input) as never })
    .where('id', '=', id)
    .execute()
}

export async function latestJob(db: Db, workspaceId: string, kind: string): Promise<JobRow | null> {
  const row = await db
    .selectFrom('job')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('kind', '=', kind)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? shape(row as Parameters<typeof shape>[0]) : null
}

/** Whether one waits that has not begun: it will see everything that is there by then. */
export async function isQueued(db: Db, workspaceId: string, kind: string): Promise<boolean> {
  return (
    (await db
      .selectFrom('job')
      .select('id')
      .where('workspace_id', '=', workspaceId)
      .where('kind', '=', kind)
      .where('state', '=', 'queued')
      .limit(1)
      .executeTakeFirst()) !== undefined
  )
}
