/** Brings the warehouse's derived tables up to date after a decision, an import or an undo. */
import { z } from 'zod'
import type { Db } from '../../platform/db/database.ts'
import { jobKind, type JobContext } from '../../platform/jobs/queue.ts'
import { isQueued } from '../../platform/jobs/queries.ts'
import type { Services } from '../../platform/services.ts'
import { listWorkspaceIds } from '../../platform/workspaces/queries.ts'
import { findSettings, listExclusions, listLinks } from '../accounts/queries.ts'
import { listFeatures } from '../features/queries.ts'
import { listDefinitionVersions } from '../features/definitions/queries.ts'
import { inOrder } from '../features/definitions/rules.ts'
import { featureMatcher } from '../features/rules.ts'
import type { Decisions } from '../datasets/mirror.ts'
import { refreshDerived } from '../datasets/refresh.ts'
import { enqueueRefresh } from '../datasets/refresh-wanted.ts'
import type { Scope } from '../../platform/scope.ts'

export async function readDecisions(db: Db, scope: Scope): Promise<Decisions> {
  const features = await listFeatures(db, scope)
  const settings = await findSettings(db, scope)
  const versions = await listDefinitionVersions(db, scope)
  const versionsOf = Map.groupBy(versions, (v) => v.featureId)
  const definitionsOf = (featureId: string) =>
    inOrder(versionsOf.get(featureId) ?? []).map(({ valueEvents, ...v }) => {
      const fits = valueEvents ? featureMatcher([{ id: featureId, rules: valueEvents }]) : null
      return { ...v, counts: fits ? (name: string) => fits(name) !== null : null }
    })
  return {
    features: features.map((f) => ({
      key: f.id,
      name: f.name,
      area: f.area,
      isCore: f.isCore,
      releasedOn: f.releasedOn,
      entitledPlans: f.entitledPlans,
      definitions: definitionsOf(f.id),
    })),
    featureOf: featureMatcher(features),
    crosswalk: await listLinks(db, scope),
    exclusions: await listExclusions(db, scope),
    primarySource: settings.primarySource,
    revenueBook: settings.revenueBook,
    rollUpToParent: settings.rollUpToParent,
  }
}

export async function refreshWorkspace({
  services,
  db,
  workspaceId,
  scope,
  createdBy,
  now,
  signal,
  progress,
}: Pick<
  JobContext,
  'services' | 'db' | 'workspaceId' | 'scope' | 'createdBy' | 'now' | 'signal' | 'progress'
>): Promise<void> {
  const decisions = await readDecisions(db, scope)
  const warehouse = await services.warehouses.open(workspaceId)
  await warehouse.write(
    (con) =>
      refreshDerived(con, {
        decisions,
        today: now().toISOString().slice(0, 10),
        onProgress: (done, total, unit) => progress({ label: 'Rolling usage up', done, total, unit }),
      }),
    signal,
  )
  await services.transaction(async (tx) => {
    for (const { kind, isNeeded } of services.rooms.afterRefresh) {
      if ((isNeeded === null || (await isNeeded(tx, scope))) && !(await isQueued(tx, workspaceId, kind)))
        await services.jobs.enqueue(tx, { workspaceId, kind, input: {}, createdBy })
    }
  })
}

export const refreshJob = jobKind({
  kind: 'insights.refresh',
  touches: ['data'],
  input: z.object({}),
  async run(context) {
    await refreshWorkspace(context)
    return { state: 'done', result: null }
  },
})

/** After an upgrade that changed what is derived, or a crash between two stores: what is still marked is refreshed. */
export async function refreshWhatIsLeft(services: Services): Promise<void> {
  for (const { id } of await listWorkspaceIds(services.db)) await refreshWhatIsMarked(services, id, 'the server')
}

/** Of one workspace: queues a refresh where marks of work to do stand and none waits yet. */
export async function refreshWhatIsMarked(services: Services, workspaceId: string, userId: string): Promise<void> {
  const warehouse = await services.warehouses.open(workspaceId)
  const left = await warehouse.read((con) =>
    con.one<{ some: boolean }>('select exists (from dirty_day) or exists (from dirty_part) as some'),
  )
  if (left!.some)
    await services.transaction(async (tx) => {
      if (!(await isQueued(tx, workspaceId, 'insights.refresh')))
        await enqueueRefresh(tx, services, workspaceId, userId)
    })
}
