import { z } from 'zod'
import { RowNumber, VersionNumber } from '../../platform/field-types.ts'
import { conflict, invalid, notFound } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { operation, type WorkspaceContext } from '../../platform/operation.ts'
import type { Db } from '../../platform/db/database.ts'
import type { Services } from '../../platform/services.ts'
import { enqueueRefresh } from '../datasets/refresh-wanted.ts'
import { adoptionOf } from './definitions/operations.ts'
import { listDefinitionVersions } from './definitions/queries.ts'
import {
  changeFeature,
  listFeatures,
  listTakenOut,
  needFeatureVersion,
  type StoredFeature,
  takeOutFeature,
  writeFeatures,
} from './queries.ts'
import { featureMatcher, proposeFeatures } from './rules.ts'
import { EventName, FeatureDraft, FeatureList, FeatureProposal, type FeatureRule } from './schemas.ts'
import { readEventNames } from './warehouse.ts'
import type { Scope } from '../../platform/scope.ts'

async function namesOf(services: Services, scope: Scope) {
  const warehouse = await services.warehouses.open(scope.workspaceId)
  return warehouse.read(readEventNames)
}

export const listFeaturesOperation = operation({
  name: 'insights.features.list',
  summary: 'The features, their rules, and the share of events that no rule catches',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data'],
  input: z.object({}),
  output: FeatureList,
  example: () => ({}),
  csv: {
    fileName: () => 'features.csv',
    rows: (o) =>
      o.features.map((f) => ({
        name: f.name,
        area: f.area,
        owner: f.owner,
        core: f.isCore,
        adoption: f.adoption,
        definition: f.definitionVersion,
        releasedOn: f.releasedOn,
        eventNames: f.eventNames,
        events: f.events,
        lastUse: f.lastUse,
      })),
  },
  async run({ db, scope, services, now }) {
    const features = await listFeatures(db, scope)
    const versions = await listDefinitionVersions(db, scope)
    const today = now().toISOString().slice(0, 10)
    const names = await namesOf(services, scope)
    const featureOf = featureMatcher(features)
    const owned = names.map((n) => ({ ...n, featureId: featureOf(n.name) }))
    const unmapped = owned.filter((n) => n.featureId === null)
    const namesOfFeature = Map.groupBy(owned, (n) => n.featureId)
    const versionsOf = Map.groupBy(versions, (v) => v.featureId)
    const sum = (list: { events: number }[]) => list.reduce((total, n) => total + n.events, 0)
    return {
      features: features.map((feature) => {
        const mine = namesOfFeature.get(feature.id) ?? []
        return {
          ...feature,
          ...adoptionOf(versionsOf.get(feature.id) ?? [], feature.id, today),
          eventNames: mine.length,
          events: sum(mine),
          lastUse:
            mine
              .map((n) => n.lastDay)
              .sort()
              .at(-1) ?? null,
        }
      }),
      eventNames: names.length,
      unmappedNames: unmapped.length,
      events: sum(names),
      unmappedEvents: sum(unmapped),
    }
  },
})

export const listEventNames = operation({
  name: 'insights.features.eventNames',
  summary: 'Raw event names with their feature',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data'],
  input: z.object({
    search: z.string().max(100).default(''),
    unmappedOnly: z.boolean().default(false),
    offset: RowNumber.default(0),
    limit: z.int().min(1).max(200).default(100),
  }),
  output: z.object({ rows: z.array(EventName), total: z.int() }),
  example: () => ({ unmappedOnly: true }),
  csv: {
    fileName: () => 'event-names.csv',
    rows: (o) => o.rows.map(({ name, events, feature }) => ({ name, events, feature })),
  },
  async run({ db, scope, services }, { search, unmappedOnly, offset, limit }) {
    const features = await listFeatures(db, scope)
    const featureOf = featureMatcher(features)
    const nameOf = new Map(features.map((f) => [f.id, f.name]))
    const wanted = (await namesOf(services, scope))
      .filter((n) => n.name.toLowerCase().includes(search.toLowerCase()))
      .map((n) => ({ name: n.name, events: n.events, featureId: featureOf(n.name) }))
      .filter((n) => !unmappedOnly || n.featureId === null)
    return {
      rows: wanted
        .slice(offset, offset + limit)
        .map((n) => ({ ...n, feature: n.featureId ? (nameOf.get(n.featureId) ?? null) : null })),
      total: wanted.length,
    }
  },
})

export const proposeFeaturesOperation = operation({
  name: 'insights.features.proposals',
  summary: 'Features that the raw event names suggest',
  kind: 'read',
  may: 'insights:edit',
  restsOn: ['data'],
  input: z.object({}),
  output: z.object({ rows: z.array(FeatureProposal), unmappedEvents: z.int() }),
  example: () => ({}),
  async run({ db, scope, services }) {
    const features = await listFeatures(db, scope)
    const featureOf = featureMatcher(features)
    const unmapped = (await namesOf(services, scope)).filter((n) => featureOf(n.name) === null)
    return {
      rows: proposeFeatures(unmapped, new Set(features.map((f) => f.name.toLowerCase()))).slice(0, 500),
      unmappedEvents: unmapped.reduce((sum, n) => sum + n.events, 0),
    }
  },
})

export const previewRules = operation({
  name: 'insights.features.preview',
  summary: 'Which raw event names a feature with these rules would get, and from which feature',
  kind: 'read',
  may: 'insights:edit',
  restsOn: ['data'],
  command: false,
  input: z.object({ id: z.uuid().nullable().default(null), rules: FeatureDraft.shape.rules.removeDefault() }),
  output: z.object({ rows: z.array(EventName), names: z.int(), events: z.int() }),
  example: () => ({ rules: [{ kind: 'prefix' as const, value: 'search.' }] }),
  async run({ db, scope, services }, { id, rules }) {
    const features = await listFeatures(db, scope)
    const own = id ?? 'new'
    const before = featureMatcher(features)
    const after = featureMatcher([...features.filter((f) => f.id !== own), { id: own, rules }])
    const nameOf = new Map(features.map((f) => [f.id, f.name]))
    const mine = (await namesOf(services, scope)).filter((n) => after(n.name) === own)
    return {
      rows: mine.slice(0, 100).map((n) => {
        const from = before(n.name)
        return { name: n.name, events: n.events, featureId: from, feature: from ? (nameOf.get(from) ?? null) : null }
      }),
      names: mine.length,
      events: mine.reduce((sum, n) => sum + n.events, 0),
    }
  },
})

export const applyFeatures = operation({
  name: 'insights.features.apply',
  summary: 'Make or change many features by name in one go',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({ features: z.array(FeatureDraft).min(1).max(10_000) }),
  output: z.object({ created: z.int(), changed: z.int(), jobId: z.string() }),
  example: () => ({ features: [{ name: 'Search', rules: [{ kind: 'prefix' as const, value: 'search.' }] }] }),
  target: (input) => `${input.features.length} features`,
  async run(context, { features }) {
    const result = await saveFeatures(context.db, context.scope, features, context.now())
    return { ...result, jobId: await refreshed(context) }
  },
})

export const updateFeatureOperation = operation({
  name: 'insights.features.update',
  summary: 'Change a feature and its rules',
  kind: 'write',
  may: 'insights:edit',
  input: FeatureDraft.extend({ id: z.uuid(), version: VersionNumber }),
  output: z.object({ version: z.int(), jobId: z.string() }),
  example: (f) => ({ id: f['featureId']!, version: 1, name: `Search ${f['featureId']}`, rules: [] }),
  target: (input) => input.name,
  async run(context, { id, version, ...draft }) {
    const all = await listFeatures(context.db, context.scope)
    const before = all.find((f) => f.id === id)
    if (!before) throw notFound('feature', id)
    const known = { id, version, given: draft }
    await needFeatureVersion(context, known)
    refuseTaken(
      all.filter((f) => f.id !== id),
      draft,
    )
    const changed = await changeFeature(context, known, before, { ...given(draft), rules: draft.rules })
    return { version: changed, jobId: await refreshed(context) }
  },
})

export const removeFeature = operation({
  name: 'insights.features.remove',
  summary:
    'Take a feature out; its events become unmapped. Made again under its name, it comes back with its definitions',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({ id: z.uuid() }),
  output: z.object({ jobId: z.string() }),
  example: (f) => ({ id: f['featureId']! }),
  target: (input) => input.id,
  async run(context, { id }) {
    if (!(await takeOutFeature(context.db, context.scope, id, context.now()))) throw notFound('feature', id)
    return { jobId: await refreshed(context) }
  },
})

const refreshed = ({ db, services, scope, actor }: WorkspaceContext) => {
  return enqueueRefresh(db, services, scope.workspaceId, actor.userId)
}

/** Without the fields that were not said, so that they stay as they are. */
const given = <T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }

/** Features are known by their name here, whatever its case, so that the same list can be applied twice. */
export async function saveFeatures(
  db: Db,
  scope: Scope,
  drafts: readonly FeatureDraft[],
  at: Date,
): Promise<{ created: number; changed: number }> {
  const named = new Map((await listFeatures(db, scope)).map((f) => [f.name.toLowerCase(), f]))
  const takenOut = new Map((await listTakenOut(db, scope)).map((f) => [f.name.toLowerCase(), f]))
  const ownerOf = new Map([...named.values()].flatMap((f) => f.rules.map((rule) => [ruleKey(rule), f.id])))
  const nameOf = new Map([...named.values()].map((f) => [f.id, f.name]))
  const written = new Map<string, StoredFeature>()
  let created = 0
  for (const { rules, ...fields } of drafts) {
    const name = fields.name.toLowerCase()
    const known = named.get(name) ?? takenOut.get(name)
    if (!known) created += 1
    const feature: StoredFeature = {
      ...(known ?? { id: newId(at.getTime()), owner: null, entitledPlans: null }),
      ...given(fields),
      rules,
      version: known ? known.version + 1 : 1,
    }
    for (const rule of known?.rules ?? []) ownerOf.delete(ruleKey(rule))
    const seen = new Set<string>()
    for (const rule of rules) {
      const owner = ownerOf.get(ruleKey(rule))
      if (owner) throw ruleTaken(rule, nameOf.get(owner)!)
      if (seen.has(ruleKey(rule))) throw ruleTwice(rule)
      seen.add(ruleKey(rule))
    }
    for (const key of seen) ownerOf.set(key, feature.id)
    named.set(name, feature)
    nameOf.set(feature.id, feature.name)
    written.set(feature.id, feature)
  }
  await writeFeatures(db, scope, [...written.values()], at)
  return { created, changed: drafts.length - created }
}

const ruleKey = (rule: FeatureRule) => `${rule.kind} ${rule.value}`
const ruleTaken = (rule: FeatureRule, owner: string) =>
  conflict(`The rule ${ruleName(rule)} belongs to “${owner}” already. Take it out there first.`)
const ruleTwice = (rule: FeatureRule) => invalid(`The rule ${ruleName(rule)} stands twice.`)
const ruleName = (rule: FeatureRule) => `${rule.kind} “${rule.value}”`

function refuseTaken(
  others: readonly { name: string; rules: readonly FeatureRule[] }[],
  draft: { name: string; rules: readonly FeatureRule[] },
): void {
  const sameName = others.find((f) => f.name.toLowerCase() === draft.name.toLowerCase())
  if (sameName)
    throw conflict(`There is already a feature “${sameName.name}”. Give this one another name, or change that one.`)
  const ownerOf = new Map(others.flatMap((f) => f.rules.map((rule) => [ruleKey(rule), f.name])))
  const seen = new Set<string>()
  for (const rule of draft.rules) {
    const owner = ownerOf.get(ruleKey(rule))
    if (owner) throw ruleTaken(rule, owner)
    if (seen.has(ruleKey(rule))) throw ruleTwice(rule)
    seen.add(ruleKey(rule))
  }
}
