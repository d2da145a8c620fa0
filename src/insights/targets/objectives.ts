/** Objectives whose key results are bound to a measure and a segment, so that progress is what the data says. */
import { z } from 'zod'
import { VersionNumber } from '../../platform/field-types.ts'
import { newId } from '../../platform/ids.ts'
import { operation, type WorkspaceContext } from '../../platform/operation.ts'
import { keptKind } from '../../platform/rooms/measure.ts'
import { currencyOf } from '../analyses/ground/asking.ts'
import { measureTitle } from './measures.ts'
import { Month } from '../datasets/schemas.ts'
import { readFeatureNames, type FeatureNames } from './publishing.ts'
import { progressOf } from './rules.ts'
import { Objective, ObjectiveDraft, type KeyResult } from './schemas.ts'
import { openRuns, type Runs } from './runs.ts'
import { lastMonth, lastMonthOf, sourceOf, type Source } from './warehouse.ts'
import { needMeasure } from './watching.ts'
import { monthIndex, monthText } from '../../platform/calendar/month.ts'
import {
  findObjective,
  listObjectives,
  objectives,
  replaceKeyResults,
  type StoredObjective,
} from './queries/objectives.ts'
import { inWarehouse } from '../../platform/warehouse/in-warehouse.ts'

const longestShown = 24

export const listObjectivesOperation = operation({
  name: 'insights.objectives.list',
  summary: 'Objectives and how far their key results are, by the data',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data', 'insights.features', 'insights.metrics', 'workspaces'],
  input: z.object({}),
  output: z.object({ rows: z.array(Objective), currency: z.string(), month: Month.nullable() }),
  example: () => ({}),
  csv: {
    fileName: () => 'key-results.csv',
    rows: (o) =>
      o.rows.flatMap((objective) =>
        objective.keyResults.map((k) => ({
          objective: objective.title,
          owner: objective.owner,
          from: objective.from,
          to: objective.to,
          key_result: k.title,
          unit: k.unit,
          start_month: k.startMonth,
          start: k.startValue,
          target_month: k.targetMonth,
          target: k.targetValue,
          month: k.point?.month ?? null,
          value: k.point?.value ?? null,
          accounts: k.point?.base ?? null,
          done: k.done,
          expected: k.expected,
          state: k.state,
        })),
      ),
  },
  async run(context) {
    const stored = await listObjectives(context.db, context.scope)
    const features = await readFeatureNames(
      context,
      stored.flatMap((o) => o.keyResults.map((k) => k.ref)),
    )
    const currency = await currencyOf(context)
    const runs = await openRuns(context.db, context.scope)
    return inWarehouse(context, async (con) => {
      const from = sourceOf(context, con)
      const last = await lastMonth(con, context.now())
      const rows: z.infer<typeof Objective>[] = []
      for (const { keyResults, ...objective } of stored) {
        const read: KeyResult[] = []
        for (const k of keyResults)
          read.push(await readKeyResult(from, k, lastMonthOf(k.ref.measure, last, context.now()), { features, runs }))
        rows.push({ ...objective, keyResults: read })
      }
      return { rows, currency, month: last === null ? null : monthText(last) }
    })
  },
})

/** From its start to the last complete month; after its target month it is judged by that month. */
async function readKeyResult(
  from: Source,
  k: StoredObjective['keyResults'][number],
  last: number | null,
  { features, runs }: { features: FeatureNames; runs: Runs },
): Promise<KeyResult> {
  const kind = keptKind(from.measures, k.ref)
  const start = monthIndex(k.startMonth)
  const end = Math.min(last ?? start, monthIndex(k.targetMonth))
  const first = Math.max(Math.min(start, end), end - longestShown)
  const { points, problem } =
    last === null
      ? { points: [], problem: 'There is no revenue yet.' }
      : await runs.read(
          from,
          k.ref,
          Array.from({ length: end - first + 1 }, (_, i) => first + i),
        )
  const point = points.at(-1) ?? null
  return {
    ...k,
    title: measureTitle(kind, k.ref, features.of(k.ref)),
    unit: kind.unit,
    point,
    problem,
    points: points.map(({ month, value }) => ({ month, value })),
    ...progressOf(k, monthText(end), point?.value ?? null),
  }
}

const example = {
  title: 'Enterprise stays',
  owner: 'Robin Example',
  from: '2026-01',
  to: '2026-12',
  keyResults: [
    {
      ref: { measure: 'nrr' as const, segment: 'Enterprise' },
      startMonth: '2025-12',
      startValue: 0.97,
      targetMonth: '2026-12',
      targetValue: 1.05,
    },
  ],
}

export const createObjective = operation({
  name: 'insights.objectives.create',
  summary: 'Set an objective with its key results',
  kind: 'write',
  may: 'insights:edit',
  input: ObjectiveDraft,
  output: z.object({ id: z.string() }),
  example: () => example,
  target: (input) => input.title,
  async run(context, draft) {
    const id = newId(context.now().getTime())
    const { keyResults, ...fields } = draft
    await objectives.insert(
      context.db,
      context.scope,
      { id, ...fields, createdBy: context.actor.userId },
      context.now(),
    )
    await saveKeyResults(context, id, keyResults, 'keyResults')
    return { id }
  },
})

export const updateObjectiveOperation = operation({
  name: 'insights.objectives.update',
  summary: 'Change an objective and its key results',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({ id: z.uuid(), version: VersionNumber, objective: ObjectiveDraft }),
  output: z.object({ version: z.int() }),
  example: (f) => ({ id: f['objectiveId']!, version: 1, objective: example }),
  target: (input) => input.objective.title,
  async run(context, { id, version, objective }) {
    const { keyResults, ...fields } = objective
    const current = () => findObjective(context.db, context.scope, id)
    const before = (await current())?.keyResults.map(({ id: _, ...k }) => k)
    const known = { id, version, given: objective }
    const parts = { keyResults: { before, after: keyResults } }
    const changed = await objectives.changeAtVersion(context, known, fields, current, parts)
    await saveKeyResults(context, id, keyResults, 'objective.keyResults')
    return { version: changed }
  },
})

export const removeObjective = operation({
  name: 'insights.objectives.remove',
  summary: 'Take an objective out',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({ id: z.uuid() }),
  output: z.object({}),
  example: (f) => ({ id: f['objectiveId']! }),
  target: (input) => input.id,
  async run(context, { id }) {
    await objectives.remove(context, id)
    return {}
  },
})

/** @param field where they stand in the input */
async function saveKeyResults(
  context: WorkspaceContext,
  id: string,
  keyResults: ObjectiveDraft['keyResults'],
  field: string,
): Promise<void> {
  for (const [i, { ref }] of keyResults.entries()) await needMeasure(context, ref, `${field}.${i}.ref`)
  await replaceKeyResults(
    context.db,
    context.scope,
    id,
    keyResults.map((k) => ({ ...k, id: newId(context.now().getTime()) })),
  )
  await context.services.jobs.enqueue(context.db, {
    workspaceId: context.scope.workspaceId,
    kind: 'insights.watch',
    input: {},
    createdBy: context.actor.userId,
  })
}
