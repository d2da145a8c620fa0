/** Once a day, and whenever files were taken away: what is past its time goes, and bytes that nothing is of. */
import { z } from 'zod'
import { jobKind } from '../jobs/queue.ts'
import { sweepJobKind } from './keeping.ts'
import { deleteContent, deleteFiles, knownContents, markUnused, workspacesToSweep } from './queries/files.ts'

const dayMs = 86_400_000
const before = (at: Date, ms: number) => new Date(at.getTime() - ms)

export const sweepFilesJob = jobKind({
  kind: sweepJobKind,
  touches: [],
  input: z.object({}),
  due: (db, at) => workspacesToSweep(db, sweepJobKind, before(at, dayMs)),
  async run({ services, db, scope, now, signal }) {
    const { contents, rooms } = services
    let expired = 0
    const unused = await services.transaction(async (tx) => {
      for (const { kind, keptDays } of rooms.fileKinds.values())
        if (keptDays !== null)
          expired += await deleteFiles(tx, scope, { kind, before: before(now(), keptDays * dayMs) })
      return markUnused(tx, scope, now())
    })
    // Marked before they go: a crash in between leaves a mark, and the next sweep goes on from it.
    for (const content of unused) {
      signal.throwIfAborted()
      await contents.remove(scope, content)
      await deleteContent(db, scope, content.contentId)
    }
    // Received and never referred to: a write that failed, or bytes that were there already. A day by the disk's clock is longer than any write takes.
    const old = await contents.list(scope, before(new Date(), dayMs))
    const known = await knownContents(db, scope)
    const orphans = old.filter(({ contentId }) => !known.has(contentId))
    for (const content of orphans) await contents.remove(scope, content)
    return { state: 'done', result: { expired, removed: unused.length, orphans: orphans.length } }
  },
})
