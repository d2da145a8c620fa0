/** Values by month of watched figures, kept after each refresh, so that a list need not compute a year of each; else read anew. */
import type { Db } from '../../platform/db/database.ts'
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import type { MeasurePoint, MeasureRef } from './measures.ts'
import { monthText } from '../../platform/calendar/month.ts'
import { listRuns, type StoredRun } from './queries/metrics.ts'
import { monthsUpTo, refKey } from './rules.ts'
import { readPoints, readStamp } from './warehouse.ts'
import type { Scope } from '../../platform/scope.ts'

export const runMonths = 25

export interface Runs {
  read: (
    con: Connection,
    ref: MeasureRef,
    months: readonly number[],
  ) => Promise<{ points: MeasurePoint[]; problem: string | null }>
}

/** What was kept is taken where it is of the last refresh and holds every month asked for. */
export async function openRuns(db: Db, scope: Scope): Promise<Runs> {
  const stored = new Map((await listRuns(db, scope)).map((r) => [r.key, r]))
  let stamp: Promise<string> | null = null
  return {
    async read(con, ref, months) {
      const kept = stored.get(refKey(ref))
      if (kept?.stamp === (await (stamp ??= readStamp(con)))) {
        const points = months.map((m) => kept.points.find((p) => p.month === monthText(m)))
        if (points.every((p) => p !== undefined)) return { points, problem: null }
      }
      return readPoints(con, ref, months)
    },
  }
}

/** Each figure once; one whose feature was taken out has none. */
export async function readRuns(con: Connection, refs: readonly MeasureRef[], last: number): Promise<StoredRun[]> {
  const stamp = await readStamp(con)
  const runs = new Map<string, StoredRun>()
  for (const ref of refs) {
    const key = refKey(ref)
    if (runs.has(key)) continue
    const { points, problem } = await readPoints(con, ref, monthsUpTo(last, runMonths))
    if (problem === null) runs.set(key, { key, stamp, points })
  }
  return [...runs.values()]
}
