import { z } from 'zod'
import { DataText } from '../../../platform/field-types.ts'
import { notFound } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import { operation, type WorkspaceContext } from '../../../platform/operation.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { listFeatures } from '../../features/queries.ts'
import { leastPerArm, mostFalse } from '../../statistics/association/evidence.ts'
import { plural, shortDay } from '../../../platform/wording.ts'
import { currencyOf, needHistory, readStanding, type Standing } from '../ground/asking.ts'
import { adoptionRange } from '../ground/silence.ts'
import { monthIndex } from '../../../platform/calendar/month.ts'
import { associate } from './associate.ts'
import { readDetail } from './detail.ts'
import {
  countLooks,
  findControl,
  latestAssociation,
  registerLook,
  saveControl,
  type AssociationRun,
} from './queries.ts'
import { changedDefinitions, readSpec, resolveQuestion, sameQuestion, specHash } from './question.ts'
import {
  Association,
  AssociationDetail,
  AssociationInput,
  AssociationResult,
  DetailInput,
  Provenance,
  type AssociationRow,
  type Question,
} from './schemas.ts'
import { answerOf } from './wording.ts'
import { inWarehouse } from '../../../platform/warehouse/in-warehouse.ts'

interface Told {
  result: AssociationResult
  provenance: Provenance
}

/** The stored run where it answers this very question; else the question is noted as a look and answered now. */
async function tell(context: WorkspaceContext, con: Connection, question: Question): Promise<Told> {
  const { db, scope, now, services } = context
  const spec = await readSpec(db, scope, question)
  const run = await latestAssociation(db, scope)
  if (run && sameQuestion(run.spec, question))
    return { result: run.result, provenance: await provenanceOf(context, run, changedDefinitions(run.spec, spec)) }
  const isNew = await registerLook(db, scope, { id: newId(), spec, specHash: specHash(spec), at: now() })
  // Every answer about the month says how many looks there were.
  if (isNew) services.kept.changed(scope.workspaceId)
  const result = await associate(con, question, spec.negativeControl)
  return {
    result,
    provenance: {
      kind: 'live',
      id: null,
      registeredAt: null,
      finishedAt: null,
      isExploratory: true,
      looks: await countLooks(db, scope, question.month),
      changedDefinitions: [],
    },
  }
}

const provenanceOf = async (
  { db, scope }: WorkspaceContext,
  run: AssociationRun,
  changed: string[],
): Promise<Provenance> => ({
  kind: 'stored',
  id: run.id,
  registeredAt: run.registeredAt.toISOString(),
  finishedAt: run.finishedAt.toISOString(),
  isExploratory: false,
  looks: await countLooks(db, scope, run.spec.month),
  changedDefinitions: changed,
})

function notesOf(
  { question: q, contracts: c, negativeControl, tests, entitlement }: AssociationResult,
  p: Provenance,
): string[] {
  return [
    p.kind === 'stored'
      ? 'The question was stored before its answer was computed.'
      : [
          'Exploratory: this question was not stored beforehand.',
          `${plural(p.looks, 'other question has', 'questions have')} been asked of this month;`,
          'the more are asked, the likelier one shows something by chance.',
        ].join(' '),
    p.changedDefinitions.length > 0
      ? `Defined otherwise since: ${p.changedDefinitions.slice(0, 8).join(', ')}. The next refresh computes anew.`
      : '',
    [
      `${plural(tests, 'test was', 'tests were')} run,`,
      `on every feature and segment with ${leastPerArm} adopters and ${leastPerArm} others.`,
      `Told is what has a q of at most ${mostFalse * 100} % (one in ten of what is told may be chance),`,
      `where the chance that anything is told wrongly stays at most ${mostFalse * 100} % too.`,
    ].join(' '),
    [
      `Compared are accounts of the same ${q.segmentBy === 'arr' ? 'band of ARR' : q.segmentBy},`,
      'the same third of ARR within it,',
      'and the same years since they first paid (under 1, 1 to 2, 2 and more).',
    ].join(' '),
    entitlement === 'unknown' ? 'Who is entitled is not known, so every account with ARR counts as entitled.' : '',
    c.running === 0
      ? 'Contract ends are not known, so accounts that could not have left within the window are among those that stayed.'
      : [
          `Of ${plural(c.running, 'subscription', 'subscriptions')} on the base day,`,
          `${c.openEnded} state no end and ${c.endAfterWindow} end after the window;`,
          'whether those could have left within it is not known.',
        ].join(' '),
    negativeControl === null ? 'No negative control is set.' : `Negative control: ${negativeControl}.`,
  ].filter(Boolean)
}

const standingOf = async (con: Connection, told: Told, currency: string): Promise<Standing> =>
  readStanding(
    con,
    {
      currency,
      period: `Adoption on ${shortDay(told.result.baseDay)}, staying until ${shortDay(told.result.endDay)}`,
      base: `${plural(told.result.accounts, 'account', 'accounts')} with ARR and known usage on ${shortDay(told.result.baseDay)}, for each feature those entitled to it`,
      notes: notesOf(told.result, told.provenance),
      definitions: [
        'association',
        'adjusted-difference',
        'q-value',
        'detectable-gap',
        'adopter',
        'eligible',
        'logo-retention',
      ],
    },
    [adoptionRange(monthIndex(told.result.baseDay), told.result.question.adoptionMonths)],
  )

const csvRow = (r: AssociationRow) => ({
  feature: r.feature,
  segment: r.segment ?? 'All',
  evidence: r.word,
  adopters: r.adopters.accounts,
  adopters_stayed: r.adopters.stayed,
  others: r.others.accounts,
  others_stayed: r.others.stayed,
  unadjusted: r.unadjusted?.value ?? null,
  unadjusted_low: r.unadjusted?.low ?? null,
  unadjusted_high: r.unadjusted?.high ?? null,
  adjusted: r.adjusted?.value ?? null,
  adjusted_low: r.adjusted?.low ?? null,
  adjusted_high: r.adjusted?.high ?? null,
  p: r.p,
  q: r.q,
  detectable_gap: r.detectableGap,
  accounts_lost: r.accountsLost,
  caveat: r.caveat,
})

export const analyseAssociation = operation({
  name: 'insights.analyses.association',
  summary: 'Which features are associated with accounts staying, compared with their like',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data', 'insights.evidence', 'insights.features', 'workspaces'],
  command: 'insights analyse association',
  input: AssociationInput,
  output: Association,
  example: () => ({ month: '2025-12' }),
  csv: {
    fileName: (o) => `association-${o.question.month}.csv`,
    rows: (o) => [...o.features, ...o.segments].map(csvRow),
  },
  async run(context, input) {
    const currency = await currencyOf(context)
    return inWarehouse(context, async (con) => {
      const told = await tell(context, con, await resolveQuestion(con, input, await needHistory(con)))
      return {
        ...told.result,
        provenance: told.provenance,
        answer: answerOf(told.result),
        standing: await standingOf(con, told, currency),
      }
    })
  },
})

export const analyseAssociationDetail = operation({
  name: 'insights.analyses.associationDetail',
  summary: 'One feature and staying: strata, NRR of both sides, placebo, negative control',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data', 'insights.evidence', 'insights.features', 'workspaces'],
  command: 'insights analyse association-detail',
  input: DetailInput,
  output: AssociationDetail,
  example: () => ({ feature: 'Collaboration', month: '2025-12' }),
  csv: {
    fileName: (o) => `association-${o.row.feature}.csv`,
    rows: (o) =>
      o.strata.map((s) => ({
        segment: s.segment,
        size: s.size,
        tenure: s.tenure,
        adopters: s.adopters.accounts,
        adopters_stayed: s.adopters.stayed,
        others: s.others.accounts,
        others_stayed: s.others.stayed,
      })),
  },
  async run(context, input) {
    const currency = await currencyOf(context)
    return inWarehouse(context, async (con) => {
      const told = await tell(context, con, await resolveQuestion(con, input, await needHistory(con)))
      const isMeant = (r: AssociationRow) =>
        r.feature.toLowerCase() === input.feature.toLowerCase() && r.segment === (input.segment ?? null)
      const row = [...told.result.features, ...told.result.segments].find(isMeant)
      if (!row)
        throw notFound('feature with eligible accounts', `${input.feature}${input.segment ? `, ${input.segment}` : ''}`)
      return { ...(await readDetail(con, told.result, row)), currency, provenance: told.provenance }
    })
  },
})

/** Without computing anything: what other pages show beside their own figures. */
export const latestAssociationOperation = operation({
  name: 'insights.analyses.latestAssociation',
  summary: 'The latest stored run of the default question, if there is one',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data', 'insights.evidence', 'insights.features', 'workspaces'],
  input: z.object({ feature: DataText.optional().describe('only what is said of this one; all where absent') }),
  output: z.object({ run: AssociationResult.extend({ provenance: Provenance }).nullable() }),
  example: () => ({}),
  async run(context, { feature }) {
    const run = await latestAssociation(context.db, context.scope)
    if (!run) return { run: null }
    const asked = (rows: AssociationRow[]) => (feature === undefined ? rows : rows.filter((r) => r.feature === feature))
    return {
      run: {
        ...run.result,
        features: asked(run.result.features),
        segments: asked(run.result.segments),
        provenance: await provenanceOf(
          context,
          run,
          changedDefinitions(run.spec, await readSpec(context.db, context.scope, run.spec)),
        ),
      },
    }
  },
})

export const getNegativeControl = operation({
  name: 'insights.analyses.negativeControl',
  summary: 'The feature that should not matter to staying',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data', 'insights.evidence', 'insights.features', 'workspaces'],
  input: z.object({}),
  output: z.object({ feature: z.object({ id: z.string(), name: z.string() }).nullable() }),
  example: () => ({}),
  async run({ db, scope }) {
    const control = await findControl(db, scope)
    return { feature: control ? { id: control.featureId, name: control.name } : null }
  },
})

export const setNegativeControl = operation({
  name: 'insights.analyses.setNegativeControl',
  summary: 'Name the feature that should not matter to staying, or none; the next run uses it',
  kind: 'write',
  may: 'insights:edit',
  touches: ['insights.evidence'],
  input: z.object({ featureId: z.uuid().nullable() }),
  output: z.object({ jobId: z.string() }),
  example: (f) => ({ featureId: f['featureId']! }),
  target: (input) => input.featureId,
  async run({ db, scope, services, actor }, { featureId }) {
    if (featureId && !(await listFeatures(db, scope)).some((f) => f.id === featureId))
      throw notFound('feature', featureId)
    await saveControl(db, scope, featureId)
    return {
      jobId: await services.jobs.enqueue(db, {
        workspaceId: scope.workspaceId,
        kind: 'insights.associate',
        input: {},
        createdBy: actor.userId,
      }),
    }
  },
})
