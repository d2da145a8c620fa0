/** Brings the warehouse's derived tables up to date after a decision, an import or an undo. */
import { z } from 'zod'
import type { Db } from '../../platform/db/database.ts'
import { jobKind, type JobContext } from '../../platform/jobs/queue.ts'
import type { Services } from '../../platform/services.ts'
import { findSettings, listExclusions, listLinks } from '../accounts/queries.ts'
import { listFeatures } from '../features/queries.ts'
import { featureMatcher } from '../features/rules.ts'
import type { Decisions } from './mirror.ts'
import { refreshDerived } from './refresh.ts'

export const enqueueRefresh = (tx: Db, services: Services, workspaceId: string, userId: string): Promise<string> =>
  services.jobs.enqueue(tx, { workspaceId, kind: 'insights.refresh', input: {}, createdBy: userId })

export async function readDecisions(db: Db, workspaceId: string): Promise<Decisions> {
  const scope = { workspaceId }
  const features = await listFeatures(db, scope)
  const settings = await findSettings(db, scope)
  return {
    features: features.map((f) => ({ key: f.id, name: f.name, area: f.area, isCore: f.isCore, releasedOn: f.releasedOn })),
    featureOf: featureMatcher(features),
    crosswalk: await listLinks(db, scope), exclusions: await listExclusions(db, scope),
    primarySource: settings.primarySource, revenueBook: settings.revenueBook, rollUpToParent: settings.rollUpToParent,
  }
}

export async function refreshWorkspace({ services, db, workspaceId, now, signal, progress }: Pick<JobContext, 'services' | 'db' | 'workspaceId' | 'now' | 'signal' | 'progress'>): Promise<void> {
  const decisions = await readDecisions(db, workspaceId)
  const warehouse = await services.warehouses.open(workspaceId)
  await warehouse.write((con) => refreshDerived(con, {
    decisions, today: now().toISOString().slice(0, 10),
    onMonth: (done, total) => progress({ label: 'Rolling usage up', done, total, unit: 'months' }),
  }), signal)
}

export const refreshJob = jobKind({
  kind: 'insights.refresh', input: z.object({}),
  async run(context) {
    await refreshWorkspace(context)
    return { state: 'done', result: null }
  },
})
