/** What follows every refresh: watched figures are read, their thresholds looked at, one alert for a crossing until the figure went back. */
import { z } from 'zod'
import { conflict, notFound } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { operation } from '../../platform/operation.ts'
import { jobKind } from '../../platform/jobs/queue.ts'
import { notifyLive } from '../../platform/live/queries.ts'
import { currencyOf } from '../analyses/ground/asking.ts'
import { keptKind, type Measures } from '../../platform/rooms/measure.ts'
import { measureTitle } from './measures.ts'
import { monthText } from '../../platform/calendar/month.ts'
import { listObjectives } from './queries/objectives.ts'
import { readFeatureNames, type FeatureNames } from './publishing.ts'
import {
  acknowledge,
  endAlerts,
  insertAlert,
  listAlerts,
  listMetrics,
  openAlerts,
  replaceRuns,
  type StoredAlert,
} from './queries/metrics.ts'
import { alertText, judgeThresholds, refKey, spoken } from './rules.ts'
import { Alert } from './schemas.ts'
import { readRuns } from './runs.ts'
import { lastMonth, lastMonthOf, sourceOf } from './warehouse.ts'

export function alertOf(
  { raisedAt, endedAt, acknowledgedAt, ...a }: StoredAlert,
  { features, currency, measures }: { features: FeatureNames; currency: string; measures: Measures },
): Alert {
  const kind = keptKind(measures, a.ref)
  const { unit } = kind
  const feature = features.of(a.ref)
  const title = measureTitle(kind, a.ref, feature)
  return {
    ...a,
    title,
    unit,
    text: alertText({ ...a, said: spoken(kind, a.ref, feature) }, unit, currency),
    raisedAt: raisedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    acknowledgedAt: acknowledgedAt?.toISOString() ?? null,
  }
}

export const listAlertsOperation = operation({
  name: 'insights.metrics.alerts',
  summary: 'Thresholds that were crossed, newest first',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['insights.features', 'workspaces'],
  input: z.object({
    waitingOnly: z.boolean().default(false).describe('those nobody acknowledged yet'),
    limit: z.int().min(1).max(200).default(50),
  }),
  output: z.object({ rows: z.array(Alert) }),
  example: () => ({}),
  csv: { fileName: () => 'alerts.csv', rows: (o) => o.rows.map(({ ref: _, ...a }) => a) },
  async run(context, page) {
    const alerts = await listAlerts(context.db, context.scope, page)
    if (alerts.length === 0) return { rows: [] }
    const told = {
      features: await readFeatureNames(
        context,
        alerts.map((a) => a.ref),
      ),
      currency: await currencyOf(context),
      measures: context.services.rooms.measures,
    }
    return { rows: alerts.map((a) => alertOf(a, told)) }
  },
})

export const acknowledgeAlert = operation({
  name: 'insights.metrics.acknowledge',
  summary: 'Say that an alert was seen, and what is made of it',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({ id: z.uuid(), note: z.string().trim().min(2).max(500) }),
  output: z.object({}),
  example: (f) => ({ id: f['alertId']!, note: 'The price change of March; expected.' }),
  target: (input) => input.id,
  async run({ db, scope, actor, now }, { id, note }) {
    const outcome = await acknowledge(db, scope, { id, by: actor.name, note }, now())
    if (outcome === 'none') throw notFound('alert', id)
    if (outcome === 'already')
      throw conflict('Somebody acknowledged this alert already. Load the page again to see their note.')
    return {}
  },
})

export const watchJob = jobKind({
  kind: 'insights.watch',
  touches: ['insights.metrics', 'insights.objectives'],
  input: z.object({}),
  async run(context) {
    const { services, db, workspaceId, scope, now } = context
    const metrics = await listMetrics(db, scope)
    const keyResults = (await listObjectives(db, scope)).flatMap((o) => o.keyResults)
    const warehouse = await services.warehouses.open(workspaceId)
    const { book, runs } = await warehouse.read(async (con) => {
      const book = await lastMonth(con, now())
      const refs = [...metrics, ...keyResults].map((of) => of.ref)
      return { book, runs: await readRuns(sourceOf(context, con), refs, { book, today: now() }) }
    })
    const raised = await services.transaction(async (tx) => {
      const open = await openAlerts(tx, scope)
      let count = 0
      await replaceRuns(tx, scope, runs)
      for (const metric of metrics) {
        const last = lastMonthOf(metric.ref.measure, book, now())
        if (last === null) continue
        const month = monthText(last)
        const kind = keptKind(services.rooms.measures, metric.ref)
        const points = runs.find((r) => r.key === refKey(kind, metric.ref))?.points ?? []
        const value = points.at(-1)?.value ?? null
        const prior = points.at(-2)?.value ?? null
        const judged = judgeThresholds(
          metric.thresholds,
          open.filter((a) => a.metricId === metric.id),
          kind.unit,
          month,
          { value, prior },
        )
        await endAlerts(tx, scope, judged.end, now())
        for (const t of judged.raise)
          await insertAlert(
            tx,
            scope,
            {
              id: newId(now().getTime()),
              metricId: metric.id,
              kind: t.kind,
              threshold: t.value,
              month,
              value: value!,
              prior,
            },
            now(),
          )
        count += judged.raise.length
      }
      await notifyLive(tx, workspaceId, ['insights.metrics'])
      return count
    })
    return { state: 'done', result: { raised } }
  },
})
