/** Figures that people watch, with their targets and thresholds: listed with value, prior, target and state; made, changed, taken out. */
import { z } from 'zod'
import { VersionNumber } from '../../platform/field-types.ts'
import { conflict, notFound } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { operation, parseInput, type WorkspaceContext } from '../../platform/operation.ts'
import { currencyOf } from '../analyses/ground/asking.ts'
import { kindOf, keptKind, type MeasureKind } from '../../platform/rooms/measure.ts'
import { measureTitle, type MeasureRef } from './measures.ts'
import { Month } from '../datasets/schemas.ts'
import { monthText } from '../../platform/calendar/month.ts'
import { readFeatureNames } from './publishing.ts'
import { insertMetric, listMetrics, metrics, openAlerts, replaceGoals } from './queries/metrics.ts'
import { monthsUpTo, refKey, targetAt, targetState } from './rules.ts'
import { MetricDraft, MetricRow, Unit } from './schemas.ts'
import { openRuns } from './runs.ts'
import { lastMonth, lastMonthOf, sourceOf } from './warehouse.ts'
import { inWarehouse } from '../../platform/warehouse/in-warehouse.ts'

const sparkline = 13

export const listMetricsOperation = operation({
  name: 'insights.metrics.list',
  summary: 'The watched figures with value, month before, target and state',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data', 'insights.features', 'workspaces'],
  input: z.object({}),
  output: z.object({ rows: z.array(MetricRow), currency: z.string(), month: Month.nullable() }),
  example: () => ({}),
  csv: {
    fileName: (o) => `metrics-${o.month ?? 'none'}.csv`,
    rows: (o) =>
      o.rows.map((m) => ({
        metric: m.title,
        unit: m.unit,
        month: m.point?.month ?? null,
        value: m.point?.value ?? null,
        low: m.point?.low ?? null,
        high: m.point?.high ?? null,
        accounts: m.point?.base ?? null,
        month_before: m.prior,
        target: m.target?.value ?? null,
        target_month: m.target?.month ?? null,
        direction: m.target?.direction ?? null,
        state: m.state,
        open_alerts: m.openAlerts,
      })),
  },
  async run(context) {
    const metrics = await listMetrics(context.db, context.scope)
    const open = await openAlerts(context.db, context.scope)
    const features = await readFeatureNames(
      context,
      metrics.map((m) => m.ref),
    )
    const currency = await currencyOf(context)
    const runs = await openRuns(context.db, context.scope)
    return inWarehouse(context, async (con) => {
      const from = sourceOf(context, con)
      const book = await lastMonth(con, context.now())
      const rows: MetricRow[] = []
      for (const { ref, ...metric } of metrics) {
        const kind = keptKind(from.measures, ref)
        const last = lastMonthOf(ref.measure, book, context.now())
        const { points, problem } =
          last === null
            ? { points: [], problem: 'There is no revenue yet.' }
            : await runs.read(from, ref, monthsUpTo(last, sparkline))
        const point = points.at(-1) ?? null
        const target = targetAt(metric.targets, point?.month ?? '0000-01')
        const feature = features.of(ref)
        rows.push({
          ...metric,
          ref,
          title: measureTitle(kind, ref, feature),
          unit: kind.unit,
          feature,
          problem,
          point,
          prior: points.at(-2)?.value ?? null,
          target,
          state: targetState(target, point?.month ?? '0000-01', point?.value ?? null),
          points: points.map(({ month, value }) => ({ month, value })),
          openAlerts: open.filter((a) => a.metricId === metric.id).length,
        })
      }
      return { rows, currency, month: book === null ? null : monthText(book) }
    })
  },
})

export const listMeasures = operation({
  name: 'insights.metrics.measures',
  summary: 'What can be watched, aimed at and published',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data', 'insights.features', 'workspaces'],
  input: z.object({}),
  output: z.object({
    rows: z.array(
      z.object({
        measure: z.string(),
        name: z.string(),
        unit: Unit,
        needsFeature: z.boolean(),
        hasWindow: z.boolean(),
        definition: z.string(),
      }),
    ),
  }),
  example: () => ({}),
  run: async ({ services }) => ({
    rows: [...services.rooms.measures.values()].map(({ measure, name, unit, needsFeature, hasWindow, definition }) => ({
      measure,
      name,
      unit,
      needsFeature,
      hasWindow,
      definition,
    })),
  }),
})

export const createMetric = operation({
  name: 'insights.metrics.create',
  summary: 'Watch a figure, with targets and thresholds',
  kind: 'write',
  may: 'insights:edit',
  input: MetricDraft,
  output: z.object({ id: z.string() }),
  example: (f) => ({
    ref: { measure: 'adopters' as const, featureId: f['featureId']! },
    targets: [{ month: '2026-12', value: 105, direction: 'at-least' as const }],
    thresholds: [{ kind: 'below' as const, value: 95 }],
  }),
  target: ({ ref }, _, { rooms }) => keptKind(rooms.measures, ref).name,
  async run(context, draft) {
    const { db, scope, actor, now } = context
    const kind = await needMeasure(context, draft.ref, 'ref')
    const id = newId(now().getTime())
    if (
      !(await insertMetric(
        db,
        scope,
        { id, ref: draft.ref, key: refKey(kind, draft.ref), createdBy: actor.userId },
        now(),
      ))
    )
      throw conflict('This figure is watched already. Open it and change its targets there.')
    await saveGoals(context, id, draft)
    return { id }
  },
})

export const updateMetric = operation({
  name: 'insights.metrics.update',
  summary: 'Change the targets and thresholds of a watched figure',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({
    id: z.uuid(),
    version: VersionNumber,
    targets: MetricDraft.shape.targets.removeDefault(),
    thresholds: MetricDraft.shape.thresholds.removeDefault(),
  }),
  output: z.object({ version: z.int() }),
  example: (f) => ({
    id: f['metricId']!,
    version: 1,
    targets: [],
    thresholds: [{ kind: 'moved' as const, value: 0.02 }],
  }),
  target: (input) => input.id,
  async run(context, { id, version, targets, thresholds }) {
    const find = async () => (await listMetrics(context.db, context.scope)).find((m) => m.id === id) ?? null
    const metric = await find()
    if (!metric) throw notFound('metric', id)
    const draft = parseInput(MetricDraft, { ref: metric.ref, targets, thresholds })
    const known = { id, version, given: { targets, thresholds } }
    const changed = await metrics.changeAtVersion(context, known, {}, find, {
      targets: { before: metric.targets, after: targets },
      thresholds: { before: metric.thresholds, after: thresholds },
    })
    await saveGoals(context, id, draft)
    return { version: changed }
  },
})

export const removeMetric = operation({
  name: 'insights.metrics.remove',
  summary: 'Watch a figure no more; what was published stays',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({ id: z.uuid() }),
  output: z.object({}),
  example: (f) => ({ id: f['metricId']! }),
  target: (input) => input.id,
  async run(context, { id }) {
    await metrics.remove(context, id)
    return {}
  },
})

/** Of what was asked for in a field. @throws invalid for a measure of no room, not-found for a feature of none or of another workspace */
export async function needMeasure(context: WorkspaceContext, ref: MeasureRef, field: string): Promise<MeasureKind> {
  const kind = kindOf(context.services.rooms.measures, ref, field)
  if (kind.needsFeature && (await readFeatureNames(context, [])).of(ref) === null)
    throw notFound('feature', ref.featureId ?? '')
  return kind
}

/** What was crossed before anybody watched is told at once, not at the next refresh. */
async function saveGoals(
  { db, scope, services, actor, now }: WorkspaceContext,
  metricId: string,
  { targets, thresholds }: MetricDraft,
): Promise<void> {
  const withId = <T extends object>(rows: readonly T[]) => rows.map((row) => ({ ...row, id: newId(now().getTime()) }))
  await replaceGoals(db, scope, metricId, { targets: withId(targets), thresholds: withId(thresholds) })
  await services.jobs.enqueue(db, {
    workspaceId: scope.workspaceId,
    kind: 'insights.watch',
    input: {},
    createdBy: actor.userId,
  })
}
