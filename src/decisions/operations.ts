import { z } from 'zod'
import { MeasureRef, MeasurePoint } from '../insights/targets/measures.ts'
import { currencyOf } from '../insights/analyses/ground/asking.ts'
import { Counted } from '../insights/targets/schemas.ts'
import { VersionNumber } from '../platform/field-types.ts'
import { listFeatures } from '../insights/features/queries.ts'
import { findStory } from '../insights/stories/queries.ts'
import { invalid, notFound } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { linkThings, listLinksOf, unlinkThings, type Thing } from '../platform/links/queries.ts'
import { placeWithin } from '../platform/links/address.ts'
import { kindOf, units } from '../platform/rooms/measure.ts'
import { findThings } from '../platform/rooms/finding.ts'
import { operation, type WorkspaceContext } from '../platform/operation.ts'
import { listPeopleInRoles } from '../platform/people/queries.ts'
import { valueText } from './effect.ts'
import { readEffects, readFigure, todayOf } from './figures.ts'
import {
  decisionRecords,
  findDecision,
  insertDecision,
  insertEdition,
  listDecisions,
  rewriteEdition,
  type DecisionChange,
  type StoredDecision,
} from './queries.ts'
import {
  keepFinding,
  refuseCorrection,
  refuseDecider,
  refuseDecision,
  refuseRevisit,
  refuseWithdrawal,
} from './rules.ts'
import { Decision, DecisionContent, DecisionRow, DecisionState, Effect, LinkedThing, Person } from './schemas.ts'
import { showDecision, showRows } from './showing.ts'

const Id = z.uuid()
const Known = z.object({ id: Id, version: VersionNumber.describe('as it was read; a stale one is refused') })

async function needDecision({ db, scope }: WorkspaceContext, id: string): Promise<StoredDecision> {
  const found = await findDecision(db, scope, id)
  if (!found) throw notFound('decision', id)
  return found
}

/** What the row is now, for whoever changed it. */
async function changed(context: WorkspaceContext, id: string): Promise<Decision> {
  return showDecision(context, await needDecision(context, id))
}

type Sent = { id: string; version: number; [field: string]: unknown }
const knownOf = ({ id, version, ...given }: Sent) => ({ id, version, given })
const shown = async (context: WorkspaceContext, id: string): Promise<Decision> =>
  showDecision(context, await needDecision(context, id))

/** As it was read by who changes it: what a state allows is asked of that alone. @throws not-found, conflict */
async function needRead(context: WorkspaceContext, sent: Sent): Promise<StoredDecision> {
  await decisionRecords.needVersion(context, knownOf(sent), () => shown(context, sent.id))
  return needDecision(context, sent.id)
}

async function change(
  context: WorkspaceContext,
  sent: Sent,
  to: DecisionChange,
  content?: { before: DecisionContent; after: DecisionContent },
): Promise<Decision> {
  await decisionRecords.changeAtVersion(
    context,
    knownOf(sent),
    to,
    () => shown(context, sent.id),
    content && { content },
  )
  return changed(context, sent.id)
}

/** What the text says of places in the product is kept as a place in this workspace, and leads nowhere else. */
function placed({ services, scope }: WorkspaceContext, content: DecisionContent): DecisionContent {
  const { address } = content.finding
  if (address === null) return content
  const place = placeWithin(address, { baseUrl: services.baseUrl(), slug: scope.slug })
  if (place === null)
    throw invalid(
      '“finding.address”: this is no address within this workspace. Copy the link of the page that shows the finding.',
    )
  return { ...content, finding: { ...content.finding, address: place } }
}

const decisionThing = (id: string): Thing => ({ kind: 'decision', id })

/** What it is based on, as given, and which feature it is about, as chosen. */
async function keepLinks(
  { db, scope, actor, now }: WorkspaceContext,
  id: string,
  content: DecisionContent,
  from: readonly LinkedThing[],
): Promise<void> {
  const by = actor.userId
  const at = now()
  const features = await listFeatures(db, scope)
  const join = (relation: string, to: Thing) => linkThings(db, scope, { from: decisionThing(id), relation, to, by, at })
  for (const thing of from) await join(thing.kind === 'decision' ? 'follows' : 'based-on', thing)
  if (content.finding.address !== null) await join('based-on', { kind: 'analysis', id: content.finding.address })
  const feature = content.expectation?.measure.featureId ?? null
  const known = await listLinksOf(db, scope, decisionThing(id))
  for (const { relation, thing } of known)
    if (relation === 'about' && thing.id !== feature)
      await unlinkThings(db, scope, { from: decisionThing(id), relation, to: thing })
  if (
    features.some((f) => f.id === feature) &&
    !known.some((j) => j.thing.kind === 'feature' && j.thing.id === feature)
  )
    await join('about', { kind: 'feature', id: feature! })
}

/** What a story said, as it was: its sentence and numbers are the server's, whatever was sent along. */
async function quoted(
  context: WorkspaceContext,
  content: DecisionContent,
  from: readonly LinkedThing[],
): Promise<DecisionContent> {
  const id = from.find((thing) => thing.kind === 'story')?.id
  if (id === undefined) return content
  const story = await findStory(context.db, context.scope, id)
  if (!story) throw notFound('story', id)
  const { text, address, figures } = story.finding
  const currency = await currencyOf(context)
  return {
    ...content,
    finding: {
      text,
      address,
      numbers: figures.map(({ label, value, unit }) => ({
        label,
        value,
        text: unit === 'points' ? `${(value * 100).toFixed(1)} percentage points` : valueText(value, unit, currency),
      })),
      measures: content.finding.measures,
    },
  }
}

/** What something is or could be expected of is a measure that a room brings. */
function needMeasures({ services: { rooms } }: WorkspaceContext, { finding, expectation }: DecisionContent): void {
  for (const [i, ref] of finding.measures.entries()) kindOf(rooms.measures, ref, `finding.measures.${i}`)
  if (expectation) kindOf(rooms.measures, expectation.measure, 'expectation.measure')
}

/** @throws invalid for a kind that no room has, not-found for what is not there or not for this person */
async function refuseUnknown(context: WorkspaceContext, from: readonly LinkedThing[]): Promise<void> {
  const { things } = context.services.rooms
  const found = await findThings(context, from)
  for (const thing of from) {
    if (thing.kind === 'analysis') continue
    if (!things.has(thing.kind))
      throw invalid(
        `“from.kind”: there is nothing of the kind “${thing.kind}”. There are: ${[...things.keys(), 'analysis'].join(', ')}.`,
      )
    if (found(thing)?.address == null) throw notFound(thing.kind, thing.id)
  }
}

const listProductManagers = ({ db, scope }: WorkspaceContext) => listPeopleInRoles(db, scope, ['product-manager'])
const productManagerIds = async (context: WorkspaceContext) => (await listProductManagers(context)).map((p) => p.id)
const figureOf = async (context: WorkspaceContext, id: string): Promise<MeasurePoint | null> => {
  const expectation = (await findDecision(context.db, context.scope, id))?.content.expectation
  return expectation ? readFigure(context, expectation.measure) : null
}

export const listDecisionsOperation = operation({
  name: 'decisions.list',
  summary: 'What was decided, and what is due to be looked at again',
  kind: 'read',
  may: 'decisions:read',
  restsOn: ['data', 'insights.features', 'insights.metrics', 'people', 'requests', 'workspaces'],
  input: z.object({
    state: DecisionState.optional(),
    dueOnly: z.boolean().default(false).describe('whose revisit date has come'),
    about: LinkedThing.optional().describe('what the decision is linked with'),
    cursor: Id.optional(),
    limit: z.int().min(1).max(200).default(50),
  }),
  output: z.object({ rows: z.array(DecisionRow), nextCursor: z.string().nullable() }),
  example: () => ({ dueOnly: true }),
  csv: {
    fileName: () => 'decisions.csv',
    rows: (o) =>
      o.rows.map(({ decider, due, ...r }) => ({
        ...r,
        decider: decider?.name ?? null,
        due: due ? `${due.state}${due.days === 0 ? '' : ` ${due.days} days`}` : null,
      })),
  },
  async run(context, { state, dueOnly, about, cursor, limit }) {
    const { db, scope } = context
    const ids = about
      ? (await listLinksOf(db, scope, about)).filter((j) => j.thing.kind === 'decision').map((j) => j.thing.id)
      : undefined
    const rows = await listDecisions(db, scope, {
      ...(state ? { state } : {}),
      ...(dueOnly ? { dueOn: todayOf(context) } : {}),
      ...(ids ? { ids } : {}),
      ...(cursor ? { before: cursor } : {}),
      limit: limit + 1,
    })
    const page = rows.slice(0, limit)
    return { rows: await showRows(context, page), nextCursor: rows.length > limit ? page.at(-1)!.id : null }
  },
})

export const getDecision = operation({
  name: 'decisions.get',
  summary: 'One decision with its editions and what it is linked with',
  kind: 'read',
  may: 'decisions:read',
  restsOn: ['data', 'insights.features', 'insights.metrics', 'people', 'requests', 'workspaces'],
  input: z.object({ id: Id }),
  output: Decision,
  example: (f) => ({ id: f['decisionId']! }),
  run: async (context, { id }) => showDecision(context, await needDecision(context, id)),
})

export const readEffectsOperation = operation({
  name: 'decisions.effects',
  summary: 'The effect of decisions beside what was expected',
  kind: 'read',
  may: 'decisions:read',
  input: z.object({
    ids: z.array(Id).min(1).max(50),
    months: z.int().min(0).max(24).default(0).describe('of the line before the decision; 0 for the value now alone'),
  }),
  output: z.object({ rows: z.array(Effect) }),
  example: (f) => ({ ids: [f['decisionId']!] }),
  csv: {
    fileName: () => 'effects.csv',
    rows: (o) =>
      o.rows.flatMap((e) =>
        (e.line.length > 0 ? e.line : e.now ? [e.now] : []).map((p) => ({
          decision: e.id,
          measure: e.measure,
          month: p.month,
          value: p.value,
          low: p.low,
          high: p.high,
          accounts: p.base,
          mark: p.mark,
          decided_on: e.decidedOn,
          value_then: e.atDecision?.value ?? null,
          expected: e.expected,
          expected_by: e.by,
        })),
      ),
  },
  async run(context, { ids, months }) {
    const found = await listDecisions(context.db, context.scope, { ids, limit: ids.length })
    return {
      rows: await readEffects(
        context,
        ids.flatMap((id) => found.find((d) => d.id === id) ?? []),
        months,
      ),
    }
  },
})

export const decisionOptions = operation({
  name: 'decisions.options',
  summary: 'Who may decide, and of which metrics something can be expected',
  kind: 'read',
  may: 'decisions:read',
  restsOn: ['insights.features', 'insights.metrics', 'people'],
  command: false,
  input: z.object({}),
  output: z.object({
    productManagers: z.array(Person),
    features: z.array(z.object({ id: z.string(), name: z.string() })),
    measures: z.array(
      z.object({
        key: MeasureRef.shape.measure,
        name: z.string(),
        unit: z.enum(units),
        needsFeature: z.boolean(),
        hasWindow: z.boolean(),
        counted: Counted.optional(),
      }),
    ),
  }),
  example: () => ({}),
  async run(context) {
    const { db, scope, services } = context
    return {
      productManagers: await listProductManagers(context),
      features: (await listFeatures(db, scope)).map(({ id, name }) => ({ id, name })),
      measures: [...services.rooms.measures.values()].map(
        ({ measure, name, unit, needsFeature, hasWindow, counted }) => ({
          key: measure,
          name,
          unit,
          needsFeature,
          hasWindow,
          ...(counted ? { counted } : {}),
        }),
      ),
    }
  },
})

export const readMeasureNow = operation({
  name: 'decisions.measureNow',
  summary: 'What a measure is as of today, before something is expected of it',
  kind: 'read',
  may: 'decisions:read',
  command: false,
  input: z.object({ measure: MeasureRef }),
  output: z.object({ figure: MeasurePoint.nullable() }),
  example: () => ({ measure: { measure: 'arr' as const } }),
  async run(context, { measure }) {
    kindOf(context.services.rooms.measures, measure, 'measure')
    return { figure: await readFigure(context, measure) }
  },
})

export const draftDecision = operation({
  name: 'decisions.draft',
  summary: 'Prepare a decision: the finding, the options, and who is to decide',
  kind: 'write',
  may: 'decisions:prepare',
  input: DecisionContent.extend({
    deciderId: z.string().nullable().default(null),
    from: z.array(LinkedThing).max(10).default([]).describe('what it is based on'),
  }),
  output: Decision,
  example: (f) => ({ title: 'Collaboration for Enterprise', deciderId: f['productManagerId']! }),
  target: (input, output) => (output ? `${output.id} ${input.title}`.trim() : input.title),
  async run(context, { deciderId, from, ...given }) {
    const { db, scope, actor, now } = context
    needMeasures(context, given)
    refuseDecider(deciderId, await productManagerIds(context))
    await refuseUnknown(context, from)
    const content = placed(context, await quoted(context, given, from))
    const id = newId(now().getTime())
    await insertDecision(db, scope, { id, deciderId, content, by: actor.userId, at: now() })
    await keepLinks(context, id, content, from)
    return changed(context, id)
  },
})

export const updateDecisionOperation = operation({
  name: 'decisions.update',
  summary: 'Rewrite a draft, or correct the words of what was decided as a new edition',
  kind: 'write',
  may: 'decisions:prepare',
  input: DecisionContent.extend({
    ...Known.shape,
    deciderId: z.string().nullable().default(null),
    correction: z
      .string()
      .trim()
      .max(500)
      .nullable()
      .default(null)
      .describe('what is corrected and why; needed once it is decided'),
  }),
  output: Decision,
  example: (f) => ({ id: f['draftId']!, version: 1, title: 'Collaboration for Enterprise' }),
  target: (input) => `${input.id}${input.correction ? `: ${input.correction}` : ''}`,
  async run(context, sent) {
    const { id, version: _, deciderId, correction, ...given } = sent
    const { db, actor, now } = context
    const known = await needRead(context, sent)
    needMeasures(context, given)
    const content = placed(context, keepFinding(known.content, given))
    if (known.state !== 'draft') {
      refuseCorrection(known, actor.userId, content, correction)
      const edition = known.edition + 1
      await insertEdition(db, id, { edition, content, reason: correction, by: actor.userId, at: now() })
      return change(context, sent, { edition }, { before: known.content, after: content })
    }
    if (deciderId !== known.deciderId) refuseDecider(deciderId, await productManagerIds(context))
    await rewriteEdition(db, id, { edition: known.edition, content, by: actor.userId, at: now() })
    await keepLinks(context, id, content, [])
    return change(context, sent, { deciderId }, { before: known.content, after: content })
  },
})

export const decideOperation = operation({
  name: 'decisions.decide',
  summary: 'Take a decision, as the product manager who is named in it',
  kind: 'write',
  may: 'decisions:decide',
  input: Known,
  output: Decision,
  example: (f) => ({ id: f['wholeDraftId']!, version: 1 }),
  target: (input) => input.id,
  prepare: (context, { id }) => figureOf(context, id),
  async run(context, sent, figure) {
    const known = await needRead(context, sent)
    refuseDecision(known, context.actor.userId, todayOf(context))
    return change(context, sent, {
      state: 'decided',
      decidedBy: context.actor.userId,
      decidedAt: context.now(),
      revisitOn: known.content.revisitOn,
      figureThen: figure,
    })
  },
})

export const revisitDecision = operation({
  name: 'decisions.revisit',
  summary: 'Say what was learnt, and whether the decision is kept, changed or reversed',
  kind: 'write',
  may: 'decisions:decide',
  input: Known.extend({ outcome: z.enum(['kept', 'changed', 'reversed']), learnt: z.string().trim().min(1).max(4000) }),
  output: Decision,
  example: (f) => ({ id: f['decisionId']!, version: 2, outcome: 'kept' as const, learnt: 'It holds.' }),
  target: (input) => `${input.id} ${input.outcome}`,
  prepare: (context, { id }) => figureOf(context, id),
  async run(context, sent, figure) {
    const { outcome, learnt } = sent
    const known = await needRead(context, sent)
    refuseRevisit(known, context.actor.userId, await productManagerIds(context))
    return change(context, sent, {
      state: 'revisited',
      revisitedBy: context.actor.userId,
      revisitedAt: context.now(),
      outcome,
      learnt,
      figureRevisited: figure,
    })
  },
})

export const withdrawDecision = operation({
  name: 'decisions.withdraw',
  summary: 'Withdraw a decision with the reason; its text is kept',
  kind: 'write',
  may: 'decisions:prepare',
  input: Known.extend({ because: z.string().trim().min(1).max(1000) }),
  output: Decision,
  example: (f) => ({ id: f['draftId']!, version: 1, because: 'Not needed any more.' }),
  target: (input) => `${input.id}: ${input.because}`,
  async run(context, sent) {
    const known = await needRead(context, sent)
    refuseWithdrawal(known, context.actor.userId)
    return change(context, sent, {
      state: 'withdrawn',
      withdrawnBy: context.actor.userId,
      withdrawnAt: context.now(),
      withdrawnBecause: sent.because,
    })
  },
})
