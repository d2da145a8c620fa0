import type { Db } from '../../../platform/db/database.ts'
import { MeasureRef } from '../measures.ts'
import type { KeyResultDraft } from '../schemas.ts'
import { insights } from '../../tables.ts'
import type { Scope } from '../../../platform/scope.ts'

export interface StoredObjective {
  id: string
  version: number
  title: string
  owner: string
  from: string
  to: string
  keyResults: (KeyResultDraft & { id: string })[]
}
type Fields = Pick<StoredObjective, 'id' | 'title' | 'owner' | 'from' | 'to'>

export async function listObjectives(db: Db, scope: Scope): Promise<StoredObjective[]> {
  const objectives = await insights(db)
    .selectFrom('objective')
    .where('workspace_id', '=', scope.workspaceId)
    .select(['id', 'version', 'title', 'owner', 'from_month as from', 'to_month as to'])
    .orderBy('to_month', 'desc')
    .orderBy('id')
    .execute()
  const results = await insights(db)
    .selectFrom('key_result')
    .where('workspace_id', '=', scope.workspaceId)
    .select([
      'id',
      'objective_id',
      'ref',
      'start_month as startMonth',
      'start_value as startValue',
      'target_month as targetMonth',
      'target_value as targetValue',
    ])
    .orderBy('place')
    .execute()
  return objectives.map((o) => ({
    ...o,
    keyResults: results
      .filter((k) => k.objective_id === o.id)
      .map(({ objective_id: _, ref, ...k }) => ({ ...k, ref: MeasureRef.parse(ref) })),
  }))
}

export async function insertObjective(
  db: Db,
  scope: Scope,
  { id, title, owner, from, to }: Fields,
  createdBy: string,
  at: Date,
): Promise<void> {
  await insights(db)
    .insertInto('objective')
    .values({
      id,
      workspace_id: scope.workspaceId,
      title,
      owner,
      from_month: from,
      to_month: to,
      created_by: createdBy,
      created_at: at,
      updated_at: at,
    })
    .execute()
}

/** @returns whether the version was still the one that was read */
export async function updateObjective(
  db: Db,
  scope: Scope,
  { id, title, owner, from, to, version }: Fields & { version: number },
  at: Date,
): Promise<boolean> {
  const result = await insights(db)
    .updateTable('objective')
    .set({ title, owner, from_month: from, to_month: to, updated_at: at, version: version + 1 })
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

export async function deleteObjective(db: Db, scope: Scope, id: string): Promise<boolean> {
  const result = await insights(db)
    .deleteFrom('objective')
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return Number(result.numDeletedRows) > 0
}

export async function replaceKeyResults(
  db: Db,
  scope: Scope,
  objectiveId: string,
  results: readonly (KeyResultDraft & { id: string })[],
): Promise<void> {
  await insights(db)
    .deleteFrom('key_result')
    .where('workspace_id', '=', scope.workspaceId)
    .where('objective_id', '=', objectiveId)
    .execute()
  if (results.length > 0)
    await insights(db)
      .insertInto('key_result')
      .values(
        results.map((k, place) => ({
          id: k.id,
          workspace_id: scope.workspaceId,
          objective_id: objectiveId,
          place,
          ref: JSON.stringify(k.ref),
          start_month: k.startMonth,
          start_value: k.startValue,
          target_month: k.targetMonth,
          target_value: k.targetValue,
        })),
      )
      .execute()
}
