/** Waves as people read them. */
import { notFound } from '../../platform/errors.ts'
import type { WorkspaceContext } from '../../platform/operation.ts'
import { promiseOf } from './confidentiality.ts'
import { countsOf, waves, type StoredWave } from './queries.ts'
import type { Known } from './schemas.ts'
import type { Wave } from './schemas.ts'
import type { z } from 'zod'

type Reader = Pick<WorkspaceContext, 'db' | 'scope'>

export async function showWaves({ db, scope }: Reader, all: readonly StoredWave[]): Promise<Wave[]> {
  const counts = await countsOf(
    db,
    scope,
    all.map((w) => w.id),
  )
  return all.map(({ createdBy: _by, createdAt: _at, ...w }) => ({
    ...w,
    ...(counts.get(w.id) ?? { invited: 0, answered: 0 }),
    openedAt: w.openedAt?.toISOString() ?? null,
    closedAt: w.closedAt?.toISOString() ?? null,
    playbackAt: w.playbackAt?.toISOString() ?? null,
    promise: promiseOf(w.groupOf),
  }))
}

export async function needWave({ db, scope }: Reader, id: string): Promise<StoredWave> {
  const found = await waves.find(db, scope, id)
  if (!found) throw notFound('wave', id)
  return found
}

export const shownWave = async (context: Reader, id: string): Promise<Wave> =>
  (await showWaves(context, [await needWave(context, id)]))[0]!

export const knownOf = <T extends z.infer<typeof Known>>({ id, version, ...given }: T) => ({ id, version, given })
