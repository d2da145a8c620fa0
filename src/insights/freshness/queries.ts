import type { Db } from '../../platform/db/database.ts'
import type { Dataset } from '../datasets/schemas.ts'
import { insights } from '../tables.ts'
import { ruleText, type BookStanding, type Finding } from './rules.ts'
import { Expectation, type DataFinding, type FindingKind } from './schemas.ts'
import type { Scope } from '../../platform/scope.ts'

export interface StoredExpectation {
  dataset: Dataset
  expected: Expectation
  since: Date
}

export async function listExpectations(db: Db, scope: Scope): Promise<StoredExpectation[]> {
  const rows = await insights(db)
    .selectFrom('data_expectation')
    .where('workspace_id', '=', scope.workspaceId)
    .selectAll()
    .execute()
  return rows.map((r) => ({
    dataset: r.dataset as Dataset,
    expected: Expectation.parse({ days: r.days, at: r.at, timeZone: r.time_zone }),
    since: r.since,
  }))
}

export async function saveExpectation(
  db: Db,
  scope: Scope,
  dataset: Dataset,
  expected: Expectation | null,
  by: string,
  at: Date,
): Promise<void> {
  await insights(db)
    .deleteFrom('data_expectation')
    .where('workspace_id', '=', scope.workspaceId)
    .where('dataset', '=', dataset)
    .execute()
  if (expected)
    await insights(db)
      .insertInto('data_expectation')
      .values({
        workspace_id: scope.workspaceId,
        dataset,
        days: JSON.stringify(expected.days),
        at: expected.at,
        time_zone: expected.timeZone,
        since: at,
        set_by: by,
      })
      .execute()
}

/** Moments at which a scheduled look found a source unchanged: that is news of everything but usage. */
export async function listConfirmations(db: Db, scope: Scope, since: Date): Promise<{ dataset: string; at: Date }[]> {
  const rows = await insights(db)
    .selectFrom('import_run')
    .innerJoin('import_schedule', 'import_schedule.id', 'import_run.schedule_id')
    .innerJoin('import_mapping', 'import_mapping.id', 'import_schedule.mapping_id')
    .where('import_run.workspace_id', '=', scope.workspaceId)
    .where('import_run.outcome', '=', 'unchanged')
    .where('import_run.finished_at', '>=', since)
    .where('import_mapping.dataset', '<>', 'usage')
    .select(['import_mapping.dataset', 'import_run.finished_at'])
    .execute()
  return rows.flatMap((r) => (r.finished_at ? [{ dataset: r.dataset, at: r.finished_at }] : []))
}

const shape = (r: {
  id: string
  kind: string
  text: string
  address: string
  found_at: Date
  ended_at: Date | null
  acknowledged_by: string | null
  acknowledged_at: Date | null
  note: string | null
}): DataFinding => ({
  id: r.id,
  kind: r.kind as FindingKind,
  text: r.text,
  rule: ruleText[r.kind as FindingKind],
  address: r.address,
  foundAt: r.found_at.toISOString(),
  endedAt: r.ended_at?.toISOString() ?? null,
  acknowledgedBy: r.acknowledged_by,
  acknowledgedAt: r.acknowledged_at?.toISOString() ?? null,
  note: r.note,
})

export async function listFindings(
  db: Db,
  scope: Scope,
  page: { all: boolean; limit: number },
): Promise<DataFinding[]> {
  let query = insights(db).selectFrom('data_finding').where('workspace_id', '=', scope.workspaceId)
  if (!page.all) query = query.where('ended_at', 'is', null).where('acknowledged_at', 'is', null)
  return (await query.selectAll().orderBy('found_at', 'desc').orderBy('id', 'desc').limit(page.limit).execute()).map(
    shape,
  )
}

export async function openFindings(
  db: Db,
  scope: Scope,
): Promise<{ id: string; identity: string; isAcknowledged: boolean }[]> {
  const rows = await insights(db)
    .selectFrom('data_finding')
    .where('workspace_id', '=', scope.workspaceId)
    .where('ended_at', 'is', null)
    .select(['id', 'identity', 'acknowledged_at'])
    .execute()
  return rows.map((r) => ({ id: r.id, identity: r.identity, isAcknowledged: r.acknowledged_at !== null }))
}

export async function insertFinding(db: Db, scope: Scope, finding: Finding & { id: string }, at: Date): Promise<void> {
  await insights(db)
    .insertInto('data_finding')
    .values({
      ...finding,
      workspace_id: scope.workspaceId,
      found_at: at,
      seen_at: at,
      acknowledged_by: null,
      note: null,
    })
    .execute()
}

/** The figures of one that nobody acknowledged yet move on with the data; the others stay as they were acknowledged. */
export async function retellFinding(db: Db, id: string, finding: Finding, at: Date): Promise<void> {
  await insights(db).updateTable('data_finding').set({ seen_at: at }).where('id', '=', id).execute()
  await insights(db)
    .updateTable('data_finding')
    .set({ text: finding.text, address: finding.address })
    .where('id', '=', id)
    .where('acknowledged_at', 'is', null)
    .execute()
}

export async function endFindings(db: Db, ids: readonly string[], at: Date): Promise<void> {
  if (ids.length > 0)
    await insights(db).updateTable('data_finding').set({ ended_at: at }).where('id', 'in', ids).execute()
}

export async function acknowledgeFinding(
  db: Db,
  scope: Scope,
  seen: { id: string; by: string; note: string },
  at: Date,
): Promise<'done' | 'already' | 'none'> {
  const result = await insights(db)
    .updateTable('data_finding')
    .set({ acknowledged_by: seen.by, acknowledged_at: at, note: seen.note })
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', seen.id)
    .where('acknowledged_at', 'is', null)
    .executeTakeFirst()
  if (Number(result.numUpdatedRows) > 0) return 'done'
  return (await insights(db)
    .selectFrom('data_finding')
    .select('id')
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', seen.id)
    .executeTakeFirst())
    ? 'already'
    : 'none'
}

/** How the book stands now, under the import that stands last. */
export async function saveStanding(db: Db, scope: Scope, now: Omit<BookStanding, 'at'>, at: Date): Promise<void> {
  await insights(db)
    .insertInto('book_standing')
    .values({
      workspace_id: scope.workspaceId,
      batch_id: now.batchId,
      accounts: now.accounts,
      arr_cents: now.arrCents,
      seen_at: at,
    })
    .onConflict((c) =>
      c.columns(['workspace_id', 'batch_id']).doUpdateSet({ accounts: now.accounts, arr_cents: now.arrCents }),
    )
    .execute()
}

export async function listStandings(db: Db, scope: Scope): Promise<BookStanding[]> {
  const rows = await insights(db)
    .selectFrom('book_standing')
    .where('workspace_id', '=', scope.workspaceId)
    .selectAll()
    .orderBy('batch_id', 'desc')
    .limit(200)
    .execute()
  return rows
    .reverse()
    .map((r) => ({ batchId: r.batch_id, accounts: r.accounts, arrCents: r.arr_cents, at: r.seen_at.toISOString() }))
}
