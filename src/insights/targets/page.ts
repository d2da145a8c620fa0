/** One figure: what it means, what it is computed from, its values over time, what was aimed at and what was published. */
import { z } from 'zod'
import { operation } from '../../platform/operation.ts'
import { countedOf, type Counted, type Unit } from '../../platform/rooms/measure.ts'
import { currencyOf, readStanding } from '../analyses/ground/asking.ts'
import { MeasureRef, measureTitle, type MeasurePoint } from './measures.ts'
import { monthText } from '../../platform/calendar/month.ts'
import { listDefinitionVersions } from '../features/definitions/queries.ts'
import { inOrder, wordsOf } from '../features/definitions/rules.ts'
import { listObjectives } from './queries/objectives.ts'
import { plural, shortMonth } from '../../platform/wording.ts'
import { alertOf } from './alerts.ts'
import { definitions } from '../definitions/definitions.ts'
import { needMeasure } from './watching.ts'
import { readFeatureNames, restate } from './publishing.ts'
import { listAlerts, listMetrics, listPublished } from './queries/metrics.ts'
import { monthsUpTo, refKey, spoken, targetAt, targetState, valueText } from './rules.ts'
import { MetricPage, type Target } from './schemas.ts'
import { openRuns, runMonths } from './runs.ts'
import { definitionsOf, monthsOf, readLineage, sourceOf } from './warehouse.ts'
import { inWarehouse } from '../../platform/warehouse/in-warehouse.ts'

export const getMetric = operation({
  name: 'insights.metrics.get',
  summary: 'One figure: definition, lineage, values over time, targets and what was published',
  kind: 'read',
  may: 'insights:read',
  input: z.object({
    ref: MeasureRef,
    months: z
      .int()
      .min(2)
      .max(48)
      .optional()
      .describe('how many months back; 25, or 13 of a feature’s figure that nobody watches'),
  }),
  output: MetricPage,
  example: () => ({ ref: { measure: 'arr' as const } }),
  csv: {
    fileName: (o) => `${o.ref.measure}.csv`,
    rows: (o) =>
      o.points.map((p) => ({
        metric: o.title,
        ...p,
        target: o.targets.find((t) => t.month === p.month)?.value ?? null,
        published: o.published.find((v) => v.month === p.month)?.value ?? null,
      })),
  },
  async run(context, { ref, months: asked }) {
    const { db, scope } = context
    const kind = await needMeasure(context, ref, 'ref')
    const { unit, needsFeature, hasWindow } = kind
    const counted = countedOf(kind)
    const { measures } = context.services.rooms
    const currency = await currencyOf(context)
    const features = await readFeatureNames(context, [ref])
    const feature = features.of(ref)
    const key = refKey(kind, ref)
    const isThis = (other: MeasureRef) => other.measure === ref.measure && refKey(kind, other) === key
    const title = measureTitle(kind, ref, feature)
    const stored = (await listMetrics(db, scope)).find((m) => isThis(m.ref)) ?? null
    const runs = await openRuns(db, scope)
    const count = asked ?? (needsFeature && !stored ? 13 : runMonths)
    const alerts = stored ? await listAlerts(db, scope, { metricId: stored.id, limit: 50 }) : []
    const told = await listPublished(db, scope, { key, limit: 100 })
    const keyResults = (await listObjectives(db, scope)).flatMap((o) =>
      o.keyResults
        .filter((k) => isThis(k.ref))
        .map((k) => ({
          objective: o.title,
          objectiveId: o.id,
          targetMonth: k.targetMonth,
          targetValue: k.targetValue,
        })),
    )
    const own =
      ref.featureId === null || !needsFeature
        ? []
        : inOrder(await listDefinitionVersions(db, scope, ref.featureId)).flatMap((d) =>
            d.validFrom === null
              ? []
              : [{ on: d.validFrom, text: `${feature}, definition version ${d.version}: ${wordsOf(d)}` }],
          )
    return inWarehouse(context, async (con) => {
      const from = sourceOf(context, con)
      const range = await monthsOf(con, ref.measure, context.now().toISOString())
      const months = monthsUpTo(range.last, count).filter((m) => m >= range.first)
      const { points } = await runs.read(from, ref, months)
      const values = await con.all<{ value: string }>(
        'select distinct value from attribute where key = $1 and value is not null order by 1 limit 200',
        [ref.segmentBy],
      )
      const last = points.at(-1) ?? null
      const target = targetAt(stored?.targets ?? [], last?.month ?? '0000-01')
      const keys = definitionsOf(kind, ref)
      return {
        ref,
        title,
        unit,
        feature,
        currency,
        months: points.map((p) => p.month),
        points,
        metric: stored ? { id: stored.id, version: stored.version } : null,
        targets: stored?.targets ?? [],
        thresholds: stored?.thresholds ?? [],
        state: targetState(target, last?.month ?? '0000-01', last?.value ?? null),
        alerts: alerts.map((a) => alertOf(a, { features, currency, measures })),
        published: await restate(from, told, features),
        keyResults,
        segments: values.map((v) => v.value),
        lineage: await readLineage(con, kind, ref),
        changes: [
          ...own,
          ...definitions
            .filter((d) => keys.includes(d.key))
            .flatMap((d) =>
              d.changes.map((c) => ({
                on: c.on,
                text: `${d.name}, version ${c.version}: ${c.text}; all months are computed so`,
              })),
            ),
        ].sort((a, b) => (a.on < b.on ? 1 : -1)),
        ...(kind.counted ? { counted: kind.counted } : {}),
        answer: answerOf(spoken(kind, ref, feature), points, target, { unit, currency, counted }),
        standing: await readStanding(
          con,
          {
            currency,
            period:
              points.length > 0
                ? `${shortMonth(points[0]!.month)} to ${shortMonth(monthText(range.last))}, by month`
                : 'no month',
            base: last
              ? `${plural(last.base, counted.one, counted.many)} in ${shortMonth(last.month)}${hasWindow ? ', with ARR at the start of the window' : ''}`
              : 'nobody',
            notes: [],
            definitions: keys,
          },
          needsFeature && months.length > 0 ? [{ from: months[0]! - ref.adoptionMonths + 1, to: months.at(-1)! }] : [],
        ),
      }
    })
  },
})

function answerOf(
  said: string,
  points: readonly MeasurePoint[],
  target: Target | null,
  { unit, currency, counted }: { unit: Unit; currency: string; counted: Counted },
): { text: string; caveat: string | null } {
  const last = points.at(-1)
  const before = points.at(-2)
  if (!last || last.value === null)
    return {
      text: `${said} has no value for ${last ? shortMonth(last.month) : 'any month'}.`,
      caveat: last
        ? `It is about ${plural(last.base, counted.one, counted.many)}; a share is shown from ten on.`
        : null,
    }
  const was = before?.value == null ? '' : `, ${valueText(before.value, unit, currency)} the month before`
  const aim = target
    ? ` The target is ${target.direction === 'at-least' ? 'at least' : 'at most'} ${valueText(target.value, unit, currency)} by ${shortMonth(target.month)}.`
    : ''
  const caveat =
    last.mark === 'directional'
      ? `It is about ${plural(last.base, counted.one, counted.many)}, fewer than 30: take it as a direction.`
      : null
  return {
    text: `${said} is ${valueText(last.value, unit, currency)} for ${shortMonth(last.month)}${was}.${aim}`,
    caveat,
  }
}
