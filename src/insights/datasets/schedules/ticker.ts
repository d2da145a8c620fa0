/** What is due is started; a folder without news costs a look and no job. What is due stands in the database, so a stop loses nothing and is caught up once. */
import { isProductError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import type { Tick } from '../../../platform/jobs/queue.ts'
import { notifyLive } from '../../../platform/live/queries.ts'
import type { Services } from '../../../platform/services.ts'
import { findWorkspace } from '../../../platform/workspaces/queries.ts'
import { listMappings } from '../mapping/queries.ts'
import { lookAtFolder, said } from './fetching.ts'
import { soon, startRun } from './job.ts'
import { closeOrphans, hasOpenRun, insertFailedLook } from './queries/runs.ts'
import { claimDue, dueSchedules, saveLook, type StoredSchedule } from './queries/schedules.ts'
import { nextDue } from './rules.ts'

export const scheduleTick: Tick = { everyMs: 15_000, run: startDue }

export async function startDue(services: Services): Promise<void> {
  const { db, now } = services
  await services.transaction((tx) => closeOrphans(tx, now()))
  for (const schedule of await dueSchedules(db, now())) {
    const next = nextDue(schedule.timing, now())
    if (!(await claimDue(db, schedule.id, schedule.nextAt!, next)) || (await hasOpenRun(db, schedule.id))) continue
    await startOne(services, { ...schedule, nextAt: next })
  }
}

async function startOne(services: Services, schedule: StoredSchedule): Promise<void> {
  const { db, now } = services
  const workspace = await findWorkspace(db, schedule.workspaceId)
  if (!workspace) return
  if (schedule.place.kind === 'folder') {
    const mappingAt = (await listMappings(db, schedule)).find((m) => m.id === schedule.mappingId)?.updatedAt ?? null
    try {
      const look = await lookAtFolder({
        services,
        schedule,
        workspace: workspace.slug,
        mappingAt,
        byPerson: false,
        now: now(),
      })
      if (look.kind !== 'take') {
        await saveLook(db, schedule.id, {
          seen: look.seen,
          at: now(),
          said: said(look),
          ...(look.kind === 'waiting' ? { nextAt: soon(schedule.nextAt!, now()) } : {}),
        })
        return
      }
    } catch (error) {
      const message = isProductError(error)
        ? error.message
        : `The folder could not be read: ${error instanceof Error ? error.message : 'unknown'}.`
      await services.transaction(async (tx) => {
        await insertFailedLook(tx, {
          id: newId(now().getTime()),
          workspaceId: schedule.workspaceId,
          scheduleId: schedule.id,
          message,
          at: now(),
        })
        await notifyLive(tx, schedule.workspaceId, ['insights.schedules'])
      })
      return
    }
  }
  await services.transaction((tx) => startRun(tx, services, schedule, { by: null }))
}
