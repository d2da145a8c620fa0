import { sql } from 'kysely'
import type { Db } from '../../platform/db/database.ts'
import { newId } from '../../platform/ids.ts'
import { insights } from '../tables.ts'
import type { FeatureRule } from './schemas.ts'
import type { Scope } from '../../platform/scope.ts'

export interface StoredFeature {
  id: string
  name: string
  area: string | null
  isCore: boolean
  releasedOn: string | null
  owner: string | null
  entitledPlans: string[] | null
  version: number
  rules: FeatureRule[]
}
export async function listFeatures(db: Db, scope: Scope): Promise<StoredFeature[]> {
  const features = await insights(db)
    .selectFrom('feature')
    .where('workspace_id', '=', scope.workspaceId)
    .where('removed_at', 'is', null)
    .select([
      'id',
      'name',
      'area',
      'is_core as isCore',
      'released_on as releasedOn',
      'owner',
      'entitled_plans as entitledPlans',
      'version',
    ])
    .orderBy('name')
    .execute()
  const rules = await insights(db)
    .selectFrom('feature_rule')
    .where('workspace_id', '=', scope.workspaceId)
    .select(['feature_id', 'kind', 'value'])
    .orderBy('value')
    .execute()
  const rulesOf = Map.groupBy(rules, (rule) => rule.feature_id)
  return features.map((feature) => ({
    ...feature,
    entitledPlans: feature.entitledPlans as string[] | null,
    rules: (rulesOf.get(feature.id) ?? []).map(({ kind, value }) => ({ kind, value })),
  }))
}

export const findFeature = async (db: Db, scope: Scope, id: string): Promise<StoredFeature | null> =>
  (await listFeatures(db, scope)).find((f) => f.id === id) ?? null

const plansText = (feature: { entitledPlans: string[] | null }) =>
  feature.entitledPlans === null ? null : JSON.stringify(feature.entitledPlans)

export async function insertFeature(
  db: Db,
  scope: Scope,
  feature: Omit<StoredFeature, 'rules' | 'version'>,
  at: Date,
): Promise<void> {
  await insights(db)
    .insertInto('feature')
    .values({
      id: feature.id,
      workspace_id: scope.workspaceId,
      name: feature.name,
      area: feature.area,
      is_core: feature.isCore,
      released_on: feature.releasedOn,
      owner: feature.owner,
      entitled_plans: plansText(feature),
      created_at: at,
      updated_at: at,
    })
    .execute()
}

/** @returns whether the version was still the one that was read */
export async function updateFeature(
  db: Db,
  scope: Scope,
  feature: Omit<StoredFeature, 'rules'>,
  at: Date,
): Promise<boolean> {
  const result = await insights(db)
    .updateTable('feature')
    .set({
      name: feature.name,
      area: feature.area,
      is_core: feature.isCore,
      released_on: feature.releasedOn,
      owner: feature.owner,
      entitled_plans: plansText(feature),
      updated_at: at,
      version: feature.version + 1,
    })
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', feature.id)
    .where('version', '=', feature.version)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

/** Takes a feature out of every list; its definitions stay, for when it comes back. */
export async function takeOutFeature(db: Db, scope: Scope, id: string, at: Date): Promise<boolean> {
  const result = await insights(db)
    .updateTable('feature')
    .set({ removed_at: at })
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (Number(result.numUpdatedRows) === 0) return false
  await replaceRules(db, scope, id, [])
  return true
}

/** Features that were taken out, the last one under each name; they have no rules any more. */
export async function listTakenOut(db: Db, scope: Scope): Promise<StoredFeature[]> {
  const rows = await insights(db)
    .selectFrom('feature')
    .where('workspace_id', '=', scope.workspaceId)
    .where('removed_at', 'is not', null)
    .distinctOn(sql`lower(name)`)
    .select([
      'id',
      'name',
      'area',
      'is_core as isCore',
      'released_on as releasedOn',
      'owner',
      'entitled_plans as entitledPlans',
      'version',
    ])
    .orderBy(sql`lower(name)`)
    .orderBy('removed_at', 'desc')
    .execute()
  return rows.map((row) => ({ ...row, entitledPlans: row.entitledPlans as string[] | null, rules: [] }))
}

/** Writes many features as they are given, new ones and known ones alike, and their rules in place of those they had. */
export async function writeFeatures(db: Db, scope: Scope, features: readonly StoredFeature[], at: Date): Promise<void> {
  for (const some of chunks(features, 1000)) {
    await insights(db)
      .insertInto('feature')
      .values(
        some.map((feature) => ({
          id: feature.id,
          workspace_id: scope.workspaceId,
          name: feature.name,
          area: feature.area,
          is_core: feature.isCore,
          released_on: feature.releasedOn,
          owner: feature.owner,
          entitled_plans: plansText(feature),
          version: feature.version,
          created_at: at,
          updated_at: at,
        })),
      )
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((eb) => ({
          name: eb.ref('excluded.name'),
          area: eb.ref('excluded.area'),
          is_core: eb.ref('excluded.is_core'),
          released_on: eb.ref('excluded.released_on'),
          owner: eb.ref('excluded.owner'),
          entitled_plans: eb.ref('excluded.entitled_plans'),
          version: eb.ref('excluded.version'),
          updated_at: eb.ref('excluded.updated_at'),
          removed_at: null,
        })),
      )
      .execute()
    await insights(db)
      .deleteFrom('feature_rule')
      .where('workspace_id', '=', scope.workspaceId)
      .where(
        'feature_id',
        'in',
        some.map((f) => f.id),
      )
      .execute()
  }
  // After every old rule is gone: a rule may move from one feature of the list to another.
  const rules = features.flatMap((feature) => feature.rules.map((rule) => ({ feature, rule })))
  for (const some of chunks(rules, 1000))
    await insights(db)
      .insertInto('feature_rule')
      .values(
        some.map(({ feature, rule }) => ({
          id: newId(),
          workspace_id: scope.workspaceId,
          feature_id: feature.id,
          kind: rule.kind,
          value: rule.value,
        })),
      )
      .execute()
}

const chunks = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size))

export async function replaceRules(
  db: Db,
  scope: Scope,
  featureId: string,
  rules: { id: string; rule: FeatureRule }[],
): Promise<void> {
  await insights(db)
    .deleteFrom('feature_rule')
    .where('workspace_id', '=', scope.workspaceId)
    .where('feature_id', '=', featureId)
    .execute()
  if (rules.length === 0) return
  await insights(db)
    .insertInto('feature_rule')
    .values(
      rules.map(({ id, rule }) => ({
        id,
        workspace_id: scope.workspaceId,
        feature_id: featureId,
        kind: rule.kind,
        value: rule.value,
      })),
    )
    .execute()
}
