/** After each refresh the data is looked at: what seems wrong is told, what is no longer so is ended. */
import { z } from 'zod'
import { newId } from '../../platform/ids.ts'
import { jobKind } from '../../platform/jobs/queue.ts'
import { notifyLive } from '../../platform/live/queries.ts'
import { findWorkspace } from '../../platform/workspaces/queries.ts'
import { endFindings, insertFinding, listStandings, openFindings, retellFinding, saveStanding } from './queries.ts'
import { checkData } from './rules.ts'
import {
  readBatchRejects,
  readBook,
  readDays,
  readLastDay,
  readNewNames,
  readStoppedNames,
  readUndone,
} from './warehouse.ts'

export const checkFreshnessJob = jobKind({
  kind: 'insights.checkFreshness',
  touches: ['insights.freshness'],
  input: z.object({}),
  async run({ services, db, workspaceId, scope, now, signal, progress }) {
    const at = now()
    progress({ label: 'Checking the data', done: 0, total: null, unit: '' })
    const read = await (
      await services.warehouses.open(workspaceId)
    ).read(async (con) => {
      const lastDay = await readLastDay(con, at.toISOString().slice(0, 10))
      const ofUsage =
        lastDay === null
          ? { days: [], stopped: [], fresh: [] }
          : {
              days: await readDays(con, lastDay),
              stopped: await readStoppedNames(con, lastDay),
              fresh: await readNewNames(con, lastDay),
            }
      return {
        lastDay,
        ...ofUsage,
        batches: await readBatchRejects(con),
        book: await readBook(con),
        undone: await readUndone(con),
      }
    }, signal)
    const { book, undone, ...facts } = read
    const currency = (await findWorkspace(db, workspaceId))?.currency ?? 'EUR'
    const told = await services.transaction(async (tx) => {
      if (book) await saveStanding(tx, scope, book, at)
      const standings = book
        ? (await listStandings(tx, scope)).filter((s) => s.batchId <= book.batchId && !undone.includes(s.batchId))
        : []
      const findings = checkData({ ...facts, standings, now: at.toISOString(), currency })
      const open = await openFindings(tx, scope)
      const fresh = findings.filter((f) => !open.some((o) => o.identity === f.identity))
      const gone = open.filter((o) => !findings.some((f) => f.identity === o.identity))
      for (const finding of fresh) await insertFinding(tx, scope, { ...finding, id: newId(at.getTime()) }, at)
      for (const finding of findings) {
        const known = open.find((o) => o.identity === finding.identity)
        if (known) await retellFinding(tx, known.id, finding, at)
      }
      await endFindings(
        tx,
        gone.map((o) => o.id),
        at,
      )
      await notifyLive(tx, workspaceId, ['insights.freshness'])
      return { findings: findings.length, fresh: fresh.length, gone: gone.length }
    })
    return { state: 'done', result: told }
  },
})
