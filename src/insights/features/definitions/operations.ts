/** One feature with its definition: proposed by somebody, approved by a second person or by oneself, and recorded as such. */
import { z } from 'zod'
import { notFound } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import { operation, type WorkspaceContext } from '../../../platform/operation.ts'
import type { Scope } from '../../../platform/scope.ts'
import type { Db } from '../../../platform/db/database.ts'
import { changedSince } from '../../../platform/db/record-history.ts'
import { enqueueRefresh } from '../../datasets/refresh-wanted.ts'
import { Day } from '../../datasets/schemas.ts'
import { findFeature, listFeatures } from '../queries.ts'
import { featureMatcher } from '../rules.ts'
import { AdoptionRule, Definition, Feature } from '../schemas.ts'
import { readEventNames, tryRule } from '../warehouse.ts'
import {
  decideDefinition,
  findDefinition,
  insertDefinition,
  listDefinitionVersions,
  type StoredDefinition,
} from './queries.ts'
import { checkFollows, checkPending, checkRule, defaultRule, inForce, wordsOf } from './rules.ts'

const dayOf = (now: Date) => now.toISOString().slice(0, 10)

function shown(d: StoredDefinition, all: readonly StoredDefinition[], today: string): Definition {
  return {
    id: d.id,
    version: d.version,
    state: d.state,
    validFrom: d.validFrom,
    unit: d.unit,
    atLeast: d.atLeast,
    windowKind: d.windowKind,
    windowLength: d.windowLength,
    valueEvents: d.valueEvents,
    words: wordsOf(d),
    why: d.why,
    proposedBy: d.proposedByName,
    proposedAt: d.proposedAt.toISOString(),
    decidedBy: d.decidedByName,
    decidedAt: d.decidedAt?.toISOString() ?? null,
    approval: d.state === 'approved' ? (d.decidedBy === d.proposedBy ? 'by-oneself' : 'by-another') : null,
    isInForce: inForce(all, today)?.id === d.id,
  }
}

/** The definition in force and what waits, for a line of the catalogue. */
export function adoptionOf(
  all: readonly StoredDefinition[],
  featureId: string,
  today: string,
): Pick<Feature, 'adoption' | 'definitionVersion' | 'proposals'> {
  const mine = all.filter((d) => d.featureId === featureId)
  const now = inForce(mine, today)
  return {
    adoption: wordsOf(now ?? defaultRule),
    definitionVersion: now?.version ?? null,
    proposals: mine.filter((d) => d.state === 'proposed').length,
  }
}

async function need(db: Db, scope: Scope, id: string) {
  const feature = await findFeature(db, scope, id)
  if (!feature) throw notFound('feature', id)
  return feature
}

export const getFeature = operation({
  name: 'insights.features.get',
  summary: 'One feature: its event names, its definition of adoption with all versions',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data'],
  input: z.object({ id: z.uuid() }),
  output: z.object({
    feature: Feature,
    definitions: z.array(Definition),
    eventNames: z.array(z.object({ name: z.string(), events: z.int(), counts: z.boolean() })),
    hasUsers: z.boolean(),
    plans: z.array(z.string()),
  }),
  example: (f) => ({ id: f['featureId']! }),
  async run({ db, scope, services, now }, { id }) {
    const feature = await need(db, scope, id)
    const today = dayOf(now())
    const versions = await listDefinitionVersions(db, scope, id)
    const counting = inForce(versions, today)?.valueEvents ?? null
    const featureOf = featureMatcher(await listFeatures(db, scope))
    const counts = counting ? featureMatcher([{ id, rules: counting }]) : () => id
    const read = await (
      await services.warehouses.open(scope.workspaceId)
    ).read(async (con) => ({
      names: await readEventNames(con),
      users: await con.one<{ some: boolean }>('select exists (from person) as some'),
      plans: await con.all<{ plan: string }>(`select distinct plan from plan_set where plan <> '' order by 1`),
    }))
    const mine = read.names.filter((n) => featureOf(n.name) === id)
    return {
      feature: {
        ...feature,
        ...adoptionOf(versions, id, today),
        eventNames: mine.length,
        events: mine.reduce((sum, n) => sum + n.events, 0),
        lastUse:
          mine
            .map((n) => n.lastDay)
            .sort()
            .at(-1) ?? null,
      },
      definitions: versions.map((d) => shown(d, versions, today)),
      eventNames: mine.map((n) => ({ name: n.name, events: n.events, counts: counts(n.name) !== null })),
      hasUsers: read.users!.some,
      plans: read.plans.map((p) => p.plan),
    }
  },
})

const Draft = AdoptionRule.extend({ featureId: z.uuid() })

export const tryDefinition = operation({
  name: 'insights.features.tryDefinition',
  summary: 'How many accounts would have adopted by a definition, against the one in force',
  kind: 'read',
  may: 'insights:edit',
  restsOn: ['data'],
  command: false,
  input: Draft,
  output: z.object({
    month: z.string().nullable(),
    paying: z.int(),
    adopters: z.int(),
    adoptersNow: z.int(),
    names: z.int(),
    events: z.int(),
    problem: z.string().nullable(),
    words: z.string(),
  }),
  example: (f) => ({ featureId: f['usedFeatureId']!, unit: 'days' as const, atLeast: 2 }),
  async run({ db, scope, services, now }, { featureId, ...rule }) {
    checkRule(rule)
    const feature = await need(db, scope, featureId)
    const features = await listFeatures(db, scope)
    const featureOf = featureMatcher(features)
    const current = inForce(await listDefinitionVersions(db, scope, featureId), dayOf(now())) ?? defaultRule
    const counting = (r: AdoptionRule) => {
      const fits = r.valueEvents ? featureMatcher([{ id: featureId, rules: r.valueEvents }]) : () => featureId
      return (name: string) => featureOf(name) === featureId && fits(name) !== null
    }
    const tried = await (
      await services.warehouses.open(scope.workspaceId)
    ).read(async (con) => ({
      next: await tryRule(con, rule, counting(rule)),
      now: await tryRule(con, current, counting(current)),
    }))
    const problem =
      tried.next.names === 0
        ? `No event of ${feature.name} fits, so nobody could ever adopt it by this definition.`
        : rule.unit === 'users' && !tried.next.hasUsers
          ? 'The usage names no users, so distinct users cannot be counted. Map the user column at the import, or count days.'
          : null
    return {
      month: tried.next.month,
      paying: tried.next.paying,
      adopters: tried.next.adopters,
      adoptersNow: tried.now.adopters,
      names: tried.next.names,
      events: tried.next.events,
      problem,
      words: wordsOf(rule),
    }
  },
})

export const proposeDefinition = operation({
  name: 'insights.features.define',
  summary: 'Propose when an account has adopted a feature, from a day on',
  kind: 'write',
  may: 'insights:edit',
  input: Draft.extend({
    validFrom: Day.nullable().default(null).describe('From which day it holds; without one it always held'),
    why: z.string().trim().min(3).max(1000),
    approve: z.boolean().default(false).describe('Approve it at once oneself; that is recorded'),
  }),
  output: z.object({ id: z.string(), version: z.int(), jobId: z.string().nullable() }),
  example: (f) => ({ featureId: f['featureId']!, unit: 'days' as const, atLeast: 2, why: 'Once is no habit' }),
  target: (input) => input.featureId,
  async run(context, { approve, why, validFrom, featureId, ...rule }) {
    const { db, scope, actor, now } = context
    checkRule(rule)
    await need(db, scope, featureId)
    const versions = await listDefinitionVersions(db, scope, featureId)
    checkFollows(versions, { ...rule, validFrom })
    const id = newId(now().getTime())
    const version = (versions[0]?.version ?? 0) + 1
    await insertDefinition(db, scope, {
      id,
      featureId,
      version,
      validFrom,
      why,
      ...rule,
      proposedBy: actor.userId,
      proposedByName: actor.name,
      proposedAt: now(),
    })
    return { id, version, jobId: approve ? await approveNow(context, id) : null }
  },
})

export const approveDefinition = operation({
  name: 'insights.features.approveDefinition',
  summary: 'Approve a proposed definition; by oneself counts, and is recorded as such',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({ id: z.uuid() }),
  output: z.object({ jobId: z.string() }),
  example: (f) => ({ id: f['definitionId']! }),
  target: (input) => input.id,
  async run(context, { id }) {
    const definition = await findDefinition(context.db, context.scope, id)
    if (!definition) throw notFound('definition', id)
    checkPending(definition)
    checkFollows(await listDefinitionVersions(context.db, context.scope, definition.featureId), definition)
    return { jobId: await approveNow(context, id) }
  },
})

export const withdrawDefinition = operation({
  name: 'insights.features.withdrawDefinition',
  summary: 'Take a proposed definition back',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({ id: z.uuid() }),
  output: z.object({ id: z.string() }),
  example: (f) => ({ id: f['definitionId']! }),
  target: (input) => input.id,
  async run(context, { id }) {
    const definition = await findDefinition(context.db, context.scope, id)
    if (!definition) throw notFound('definition', id)
    checkPending(definition)
    await decide(context, id, 'withdrawn')
    return { id }
  },
})

/** @throws conflict with the definition as it is, where somebody decided on it since it was read */
async function decide(context: WorkspaceContext, id: string, state: 'approved' | 'withdrawn'): Promise<void> {
  const { db, scope, actor, now } = context
  if (!(await decideDefinition(db, scope, id, { state, by: actor.userId, byName: actor.name, at: now() }))) {
    const current = (await findDefinition(db, scope, id))!
    const by = current.decidedAt && { name: current.decidedByName ?? 'Somebody', at: current.decidedAt }
    const all = await listDefinitionVersions(db, scope, current.featureId)
    const shownNow = shown(current, all, dayOf(now()))
    const said = { current: shownNow, version: current.version, given: { state }, ...(by ? { by } : {}) }
    throw changedSince('this definition', said)
  }
}

async function approveNow(context: WorkspaceContext, id: string): Promise<string> {
  await decide(context, id, 'approved')
  const { db, services, scope, actor } = context
  return enqueueRefresh(db, services, scope.workspaceId, actor.userId)
}
