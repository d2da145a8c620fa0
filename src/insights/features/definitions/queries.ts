import type { Db } from '../../../platform/db/database.ts'
import { insights } from '../../tables.ts'
import type { FeatureRule } from '../schemas.ts'
import type { DefinitionVersion } from './rules.ts'
import type { Scope } from '../../../platform/scope.ts'

export interface StoredDefinition extends DefinitionVersion {
  featureId: string
  why: string
  proposedBy: string
  proposedByName: string
  proposedAt: Date
  decidedBy: string | null
  decidedByName: string | null
  decidedAt: Date | null
}

const selected = [
  'id',
  'feature_id as featureId',
  'version',
  'state',
  'valid_from as validFrom',
  'unit',
  'at_least as atLeast',
  'window_kind as windowKind',
  'window_length as windowLength',
  'value_events as valueEvents',
  'why',
  'proposed_by as proposedBy',
  'proposed_by_name as proposedByName',
  'proposed_at as proposedAt',
  'decided_by as decidedBy',
  'decided_by_name as decidedByName',
  'decided_at as decidedAt',
] as const

const stored = (row: Omit<StoredDefinition, 'valueEvents'> & { valueEvents: unknown }): StoredDefinition => ({
  ...row,
  valueEvents: row.valueEvents as FeatureRule[] | null,
})

/** Every version of one feature, or of all, the newest first. */
export async function listDefinitionVersions(db: Db, scope: Scope, featureId?: string): Promise<StoredDefinition[]> {
  let query = insights(db)
    .selectFrom('feature_definition')
    .where('workspace_id', '=', scope.workspaceId)
    .select(selected)
    .orderBy('feature_id')
    .orderBy('version', 'desc')
  if (featureId) query = query.where('feature_id', '=', featureId)
  return (await query.execute()).map(stored)
}

export async function findDefinition(db: Db, scope: Scope, id: string): Promise<StoredDefinition | null> {
  const row = await insights(db)
    .selectFrom('feature_definition')
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .select(selected)
    .executeTakeFirst()
  return row ? stored(row) : null
}

export async function insertDefinition(
  db: Db,
  scope: Scope,
  d: Omit<StoredDefinition, 'state' | 'decidedBy' | 'decidedByName' | 'decidedAt'>,
): Promise<void> {
  await insights(db)
    .insertInto('feature_definition')
    .values({
      id: d.id,
      workspace_id: scope.workspaceId,
      feature_id: d.featureId,
      version: d.version,
      state: 'proposed',
      valid_from: d.validFrom,
      unit: d.unit,
      at_least: d.atLeast,
      window_kind: d.windowKind,
      window_length: d.windowLength,
      value_events: d.valueEvents === null ? null : JSON.stringify(d.valueEvents),
      why: d.why,
      proposed_by: d.proposedBy,
      proposed_by_name: d.proposedByName,
      proposed_at: d.proposedAt,
      decided_by: null,
      decided_by_name: null,
      decided_at: null,
    })
    .execute()
}

/** @returns whether it still waited for a decision */
export async function decideDefinition(
  db: Db,
  scope: Scope,
  id: string,
  decision: { state: 'approved' | 'withdrawn'; by: string; byName: string; at: Date },
): Promise<boolean> {
  const result = await insights(db)
    .updateTable('feature_definition')
    .set({ state: decision.state, decided_by: decision.by, decided_by_name: decision.byName, decided_at: decision.at })
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .where('state', '=', 'proposed')
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}
