/** What people of the sample company would have said by now: figures they watch, what they set out to change, a note on the time axis. */
import { annotations } from '../../insights/annotations/queries.ts'
import { MeasureRef } from '../../insights/targets/measures.ts'
import { listFeatures } from '../../insights/features/queries.ts'
import { insertMetric, replaceGoals } from '../../insights/targets/queries/metrics.ts'
import { refKey } from '../../insights/targets/rules.ts'
import type { Target, Threshold } from '../../insights/targets/schemas.ts'
import { sourceOf } from '../../insights/targets/warehouse.ts'
import { monthIndex } from '../../platform/calendar/month.ts'
import { objectives, replaceKeyResults } from '../../insights/targets/queries/objectives.ts'
import { newId } from '../../platform/ids.ts'
import { kindOf } from '../../platform/rooms/measure.ts'
import type { JobContext } from '../../platform/jobs/queue.ts'

const begun = '2025-06'
const due = '2026-06'

export async function addStartingPoints(context: JobContext): Promise<void> {
  const { services, db, workspaceId, scope, createdBy, now } = context
  const kind = (ref: MeasureRef) => kindOf(services.rooms.measures, ref)
  const featureId = (await listFeatures(db, scope)).find((f) => f.name === 'Collaboration')?.id
  if (!featureId) return
  const collaboration = MeasureRef.parse({ measure: 'adoption-rate', featureId, segment: 'Enterprise' })
  const smbStaying = MeasureRef.parse({ measure: 'logo-retention', segment: 'SMB' })
  const nrr = MeasureRef.parse({ measure: 'nrr' })
  const watched: { ref: MeasureRef; targets: Target[]; thresholds: Threshold[] }[] = [
    {
      ref: nrr,
      targets: [{ month: due, value: 1.08, direction: 'at-least' }],
      thresholds: [{ kind: 'below', value: 1 }],
    },
    { ref: collaboration, targets: [{ month: due, value: 0.25, direction: 'at-least' }], thresholds: [] },
    { ref: smbStaying, targets: [], thresholds: [{ kind: 'moved', value: 0.05 }] },
  ]
  const warehouse = await services.warehouses.open(workspaceId)
  const startOf = async (ref: MeasureRef) =>
    (await warehouse.read((con) => kind(ref).read(sourceOf(context, con), ref, [monthIndex(begun)])))[0]?.value ?? 0
  const keyResults = [
    { ref: collaboration, startValue: await startOf(collaboration), targetValue: 0.25 },
    { ref: nrr, startValue: await startOf(nrr), targetValue: 1.08 },
  ].filter((k) => k.startValue !== k.targetValue)
  await services.transaction(async (tx) => {
    const id = () => newId(now().getTime())
    for (const { ref, targets, thresholds } of watched) {
      const metricId = id()
      if (!(await insertMetric(tx, scope, { id: metricId, ref, key: refKey(kind(ref), ref), createdBy }, now())))
        continue
      const withId = <T extends object>(rows: T[]) => rows.map((row) => ({ ...row, id: id() }))
      await replaceGoals(tx, scope, metricId, { targets: withId(targets), thresholds: withId(thresholds) })
    }
    const objectiveId = id()
    const title = 'Enterprise teams work together in the product'
    await objectives.insert(
      tx,
      scope,
      { id: objectiveId, title, owner: 'Teamwork area', from: '2025-07', to: due, createdBy },
      now(),
    )
    await replaceKeyResults(
      tx,
      scope,
      objectiveId,
      keyResults.map((k) => ({ ...k, id: id(), startMonth: begun, targetMonth: due })),
    )
    const release = { kind: 'release' as const, from: '2025-06-10', to: null, text: 'AI summaries for everybody' }
    await annotations.insert(tx, scope, { id: id(), ...release, by: 'The sample company' }, now())
    await services.jobs.enqueue(tx, { workspaceId, kind: 'insights.watch', input: {}, createdBy })
  })
}
