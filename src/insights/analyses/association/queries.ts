import { sql } from 'kysely'
import type { Db } from '../../../platform/db/database.ts'
import { insights } from '../../tables.ts'
import { AssociationResult, AssociationSpec } from './schemas.ts'
import type { Scope } from '../../../platform/scope.ts'

const monthOfSpec = sql<string>`spec ->> 'month'`

export interface AssociationRun {
  id: string
  registeredAt: Date
  finishedAt: Date
  spec: AssociationSpec
  result: AssociationResult
}

/** Registers a run before it is computed; a job that runs again registers anew what it had not finished. */
export async function registerRun(
  db: Db,
  scope: Scope,
  run: { id: string; spec: AssociationSpec; specHash: string; at: Date },
): Promise<void> {
  const values = {
    registered_at: run.at,
    spec: JSON.stringify(run.spec),
    spec_hash: run.specHash,
    result: null,
    finished_at: null,
  }
  await insights(db)
    .insertInto('association_run')
    .values({ id: run.id, workspace_id: scope.workspaceId, is_exploratory: false, ...values })
    .onConflict((c) => c.column('id').doUpdateSet(values).where('association_run.workspace_id', '=', scope.workspaceId))
    .execute()
}

/** Keeps a run's answer. Of a month the last run stays: each import makes one, and those before it answered the same with less. */
export async function finishRun(db: Db, scope: Scope, id: string, result: AssociationResult, at: Date): Promise<void> {
  await insights(db)
    .updateTable('association_run')
    .set({ result: JSON.stringify(result), finished_at: at })
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .execute()
  await insights(db)
    .deleteFrom('association_run')
    .where('workspace_id', '=', scope.workspaceId)
    .where('is_exploratory', '=', false)
    .where('id', '<>', id)
    .where(monthOfSpec, '=', result.question.month)
    .where('registered_at', '<=', (run) =>
      run.selectFrom('association_run as this').where('this.id', '=', id).select('this.registered_at'),
    )
    .execute()
}

/** The same question asked again is one look, at the time it was last asked. @returns whether nobody had asked it before */
export async function registerLook(
  db: Db,
  scope: Scope,
  look: { id: string; spec: AssociationSpec; specHash: string; at: Date },
): Promise<boolean> {
  const row = await insights(db)
    .insertInto('association_run')
    .values({
      id: look.id,
      workspace_id: scope.workspaceId,
      registered_at: look.at,
      spec: JSON.stringify(look.spec),
      spec_hash: look.specHash,
      is_exploratory: true,
      result: null,
      finished_at: null,
    })
    .onConflict((c) =>
      c
        .columns(['workspace_id', 'spec_hash'])
        .where('is_exploratory', '=', true)
        .doUpdateSet({ registered_at: look.at }),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id === look.id
}

export async function countLooks(db: Db, scope: Scope, month: string): Promise<number> {
  const row = await insights(db)
    .selectFrom('association_run')
    .where('workspace_id', '=', scope.workspaceId)
    .where('is_exploratory', '=', true)
    .where(monthOfSpec, '=', month)
    .select(sql<number>`count(*)`.as('n'))
    .executeTakeFirstOrThrow()
  return row.n
}

/** The latest run of the default question with its result, or null: what stories and drawers read. */
export async function latestAssociation(db: Db, scope: Scope): Promise<AssociationRun | null> {
  const row = await insights(db)
    .selectFrom('association_run')
    .where('workspace_id', '=', scope.workspaceId)
    .where('is_exploratory', '=', false)
    .where('finished_at', 'is not', null)
    .select(['id', 'registered_at', 'finished_at', 'spec', 'result'])
    .orderBy('registered_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const spec = AssociationSpec.safeParse(row?.spec)
  const result = AssociationResult.safeParse(row?.result)
  // What an older release stored in another shape is no run; the next refresh makes one.
  return row && spec.success && result.success
    ? {
        id: row.id,
        registeredAt: row.registered_at,
        finishedAt: row.finished_at!,
        spec: spec.data,
        result: result.data,
      }
    : null
}

export async function findControl(db: Db, scope: Scope): Promise<{ featureId: string; name: string } | null> {
  const row = await insights(db)
    .selectFrom('association_control')
    .innerJoin('feature', 'feature.id', 'association_control.feature_id')
    .where('association_control.workspace_id', '=', scope.workspaceId)
    .where('feature.workspace_id', '=', scope.workspaceId)
    .select(['feature.id as featureId', 'feature.name as name'])
    .executeTakeFirst()
  return row ?? null
}

export async function saveControl(db: Db, scope: Scope, featureId: string | null): Promise<void> {
  await insights(db).deleteFrom('association_control').where('workspace_id', '=', scope.workspaceId).execute()
  if (featureId)
    await insights(db)
      .insertInto('association_control')
      .values({ workspace_id: scope.workspaceId, feature_id: featureId })
      .execute()
}
