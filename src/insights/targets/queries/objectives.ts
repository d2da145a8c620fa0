import type { Db } from '../../../platform/db/database.ts'
import { recordKind } from '../../../platform/db/record.ts'
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

export const objectives = recordKind(insights, {
  table: 'objective',
  noun: 'objective',
  title: (objective) => objective.title,
  fields: { title: 'title', owner: 'owner', from: 'from_month', to: 'to_month', createdBy: 'created_by' },
  stamps: ['created_at', 'updated_at'],
  order: [
    ['to_month', 'desc'],
    ['id', 'asc'],
  ],
})

export async function listObjectives(db: Db, scope: Scope): Promise<StoredObjective[]> {
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
  return (await objectives.list(db, scope)).map(({ createdBy: _, ...o }) => ({
    ...o,
    keyResults: results
      .filter((k) => k.objective_id === o.id)
      .map(({ objective_id: _of, ref, ...k }) => ({ ...k, ref: MeasureRef.parse(ref) })),
  }))
}

export const findObjective = async (db: Db, scope: Scope, id: string): Promise<StoredObjective | null> =>
  (await listObjectives(db, scope)).find((o) => o.id === id) ?? null

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
