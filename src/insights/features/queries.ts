import type { Db } from '../../platform/db/database.ts'
import { insights } from '../tables.ts'
import type { FeatureRule } from './schemas.ts'

export interface StoredFeature { id: string; name: string; area: string | null; isCore: boolean; releasedOn: string | null; version: number; rules: FeatureRule[] }
interface Scope { workspaceId: string }

export async function listFeatures(db: Db, scope: Scope): Promise<StoredFeature[]> {
  const features = await insights(db).selectFrom('feature').where('workspace_id', '=', scope.workspaceId)
    .select(['id', 'name', 'area', 'is_core as isCore', 'released_on as releasedOn', 'version']).orderBy('name').execute()
  const rules = await insights(db).selectFrom('feature_rule').where('workspace_id', '=', scope.workspaceId).select(['feature_id', 'kind', 'value']).orderBy('value').execute()
  return features.map((feature) => ({ ...feature, rules: rules.filter((rule) => rule.feature_id === feature.id).map(({ kind, value }) => ({ kind, value })) }))
}

export async function insertFeature(db: Db, scope: Scope, feature: Omit<StoredFeature, 'rules' | 'version'>, at: Date): Promise<void> {
  await insights(db).insertInto('feature').values({ id: feature.id, workspace_id: scope.workspaceId, name: feature.name, area: feature.area, is_core: feature.isCore, released_on: feature.releasedOn, created_at: at, updated_at: at }).execute()
}

/** @returns whether the version was still the one that was read */
export async function updateFeature(db: Db, scope: Scope, feature: Omit<StoredFeature, 'rules'>, at: Date): Promise<boolean> {
  const result = await insights(db).updateTable('feature')
    .set({ name: feature.name, area: feature.area, is_core: feature.isCore, released_on: feature.releasedOn, updated_at: at, version: feature.version + 1 })
    .where('workspace_id', '=', scope.workspaceId).where('id', '=', feature.id).where('version', '=', feature.version).executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

export async function deleteFeature(db: Db, scope: Scope, id: string): Promise<boolean> {
  const result = await insights(db).deleteFrom('feature').where('workspace_id', '=', scope.workspaceId).where('id', '=', id).executeTakeFirst()
  return Number(result.numDeletedRows) > 0
}

export async function replaceRules(db: Db, scope: Scope, featureId: string, rules: { id: string; rule: FeatureRule }[]): Promise<void> {
  await insights(db).deleteFrom('feature_rule').where('workspace_id', '=', scope.workspaceId).where('feature_id', '=', featureId).execute()
  if (rules.length === 0) return
  await insights(db).insertInto('feature_rule').values(rules.map(({ id, rule }) => ({ id, workspace_id: scope.workspaceId, feature_id: featureId, kind: rule.kind, value: rule.value }))).execute()
}
