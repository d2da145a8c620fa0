import { sql } from 'kysely'
import { z } from 'zod'
import type { Db } from '../../platform/db/database.ts'
import { json } from '../../platform/db/record-fields.ts'
import type { Writer } from '../../platform/db/record-history.ts'
import { recordKind, type Known } from '../../platform/db/record.ts'
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
const features = recordKind(insights, {
  table: 'feature',
  noun: 'feature',
  title: (feature) => feature.name,
  fields: {
    name: 'name',
    area: 'area',
    isCore: 'is_core',
    releasedOn: 'released_on',
    owner: 'owner',
    entitledPlans: json('entitled_plans', z.array(z.string()).nullable()),
    removedAt: 'removed_at',
  },
  stamps: ['created_at', 'updated_at'],
})

export async function listFeatures(db: Db, scope: Scope): Promise<StoredFeature[]> {
  const stored = await features.list(db, scope, (all) => all.where('removed_at', 'is', null).orderBy('name'))
  const rules = await insights(db)
    .selectFrom('feature_rule')
    .where('workspace_id', '=', scope.workspaceId)
    .select(['feature_id', 'kind', 'value'])
    .orderBy('value')
    .execute()
  const rulesOf = Map.groupBy(rules, (rule) => rule.feature_id)
  return stored.map(({ removedAt: _, ...feature }) => ({
    ...feature,
    rules: (rulesOf.get(feature.id) ?? []).map(({ kind, value }) => ({ kind, value })),
  }))
}

export const findFeature = async (db: Db, scope: Scope, id: string): Promise<StoredFeature | null> =>
  (await listFeatures(db, scope)).find((f) => f.id === id) ?? null

export async function insertFeature(
  db: Db,
  scope: Scope,
  feature: Omit<StoredFeature, 'rules' | 'version'>,
  at: Date,
): Promise<void> {
  await features.insert(db, scope, feature, at)
}

/** The feature’s own fields and its rules. @returns the new version @throws not-found, conflict with the feature as it is now */
export async function changeFeature(
  writer: Writer,
  known: Known,
  before: StoredFeature,
  { rules, ...fields }: Partial<Omit<StoredFeature, 'id' | 'version'>> & Pick<StoredFeature, 'rules'>,
): Promise<number> {
  const { db, scope } = writer
  const current = () => findFeature(db, scope, known.id)
  const parts = { rules: { before: before.rules, after: rules } }
  const version = await features.changeAtVersion(writer, known, fields, current, parts)
  await replaceRules(
    db,
    scope,
    known.id,
    rules.map((rule) => ({ id: newId(), rule })),
  )
  return version
}

/** What refuses a stale version first. */
export const needFeatureVersion = (writer: Writer, known: Known): Promise<unknown> =>
  features.needVersion(writer, known, () => findFeature(writer.db, writer.scope, known.id))

const plansText = (feature: { entitledPlans: string[] | null }) =>
  feature.entitledPlans === null ? null : JSON.stringify(feature.entitledPlans)

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
  const rows = await features.list(db, scope, (all) =>
    all
      .where('removed_at', 'is not', null)
      .distinctOn(sql`lower(name)`)
      .orderBy(sql`lower(name)`)
      .orderBy('removed_at', 'desc'),
  )
  return rows.map(({ removedAt: _, ...row }) => ({ ...row, rules: [] }))
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
