/** What each look at a place came to, the same outcome again counted by the one before. */
import type { Db } from '../../../../platform/db/database.ts'
import { insights } from '../../../tables.ts'
import type { RunOutcome } from '../schemas.ts'
import type { Scope } from '../../../../platform/scope.ts'

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

const shape = (r: {
  id: string
  schedule_id: string
  job_id: string | null
  asked_by: string | null
  started_at: Date
  finished_at: Date | null
  outcome: RunOutcome | null
  message: string | null
  times: number
}): StoredRun => ({
  id: r.id,
  scheduleId: r.schedule_id,
  jobId: r.job_id,
  askedBy: r.asked_by,
  startedAt: r.started_at,
  finishedAt: r.finished_at,
  outcome: r.outcome,
  message: r.message,
  times: r.times,
})

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
  return rows.map(shape)
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
  return rows.map(shape)
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
