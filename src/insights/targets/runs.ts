/** Values by month of watched figures, kept after each refresh, so that a list need not compute a year of each; else read anew. */
import type { Db } from '../../platform/db/database.ts'
import { keptKind } from '../../platform/rooms/measure.ts'
import { isOfBook, type MeasurePoint, type MeasureRef } from './measures.ts'
import { monthText } from '../../platform/calendar/month.ts'
import { listRuns, type StoredRun } from './queries/metrics.ts'
import { monthsUpTo, refKey } from './rules.ts'
import { lastMonthOf, readPoints, readStamp, type Source } from './warehouse.ts'
import type { Scope } from '../../platform/scope.ts'

export const runMonths = 25

export interface Runs {
  read: (
    from: Source,
    ref: MeasureRef,
    months: readonly number[],
  ) => Promise<{ points: MeasurePoint[]; problem: string | null }>
}

/** What was kept is taken where it is of the last refresh and holds every month asked for; what other rooms bring changes without one. */
export async function openRuns(db: Db, scope: Scope): Promise<Runs> {
  const stored = new Map((await listRuns(db, scope)).map((r) => [r.key, r]))
  let stamp: Promise<string> | null = null
  return {
    async read(from, ref, months) {
      const kept = isOfBook(ref.measure) ? stored.get(refKey(keptKind(from.measures, ref), ref)) : undefined
      if (kept?.stamp === (await (stamp ??= readStamp(from.con)))) {
        const points = months.map((m) => kept.points.find((p) => p.month === monthText(m)))
        if (points.every((p) => p !== undefined)) return { points, problem: null }
      }
      return readPoints(from, ref, months)
    },
  }
}

/** Each figure once; one whose feature was taken out has none. @param book the last month of revenue, null without */
export async function readRuns(
  from: Source,
  refs: readonly MeasureRef[],
  { book, today }: { book: number | null; today: Date },
): Promise<StoredRun[]> {
  const stamp = await readStamp(from.con)
  const runs = new Map<string, StoredRun>()
  for (const ref of refs) {
    const key = refKey(keptKind(from.measures, ref), ref)
    const last = lastMonthOf(ref.measure, book, today)
    if (runs.has(key) || last === null) continue
    const { points, problem } = await readPoints(from, ref, monthsUpTo(last, runMonths))
    if (problem === null) runs.set(key, { key, stamp, points })
  }
  return [...runs.values()]
}
