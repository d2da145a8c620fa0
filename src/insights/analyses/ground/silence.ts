/** Whole months without any usage: a break of tracking or of the import, in which disuse cannot be told from silence. */
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { monthEnd, monthIndex } from '../../../platform/calendar/month.ts'
import { shortDay } from '../../../platform/wording.ts'

export interface MonthRange {
  from: number
  to: number
}

/** Months of the ranges in which nothing at all was used, though usage is known before and after. */
async function readSilentMonths(con: Connection, ranges: readonly MonthRange[]): Promise<number[]> {
  const [row] = await con.kept<{ first: string | null; last: string | null; months: number[] | null }>(`
    select
      min(day) as first,
      max(day) as last,
      list(distinct year(day) * 12 + month(day) - 1) as months
    from r_name`)
  if (row?.first == null || row.last == null) return []
  const known = new Set(row.months)
  const [first, last] = [monthIndex(row.first), monthIndex(row.last)]
  const asked = ranges.flatMap(({ from, to }) => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i))
  return [...new Set(asked)].filter((m) => m > first && m < last && !known.has(m)).sort((a, b) => a - b)
}

/** The months in which usage counts for an answer that is asked at these month-ends. */
export const adoptionRange = (month: number, adoptionMonths: number, back = 0): MonthRange => ({
  from: month - back - adoptionMonths + 1,
  to: month,
})

/** @param ranges the months whose usage the figures count; @returns one sentence, null where each of them holds usage */
export async function silenceOf(con: Connection, ranges: readonly MonthRange[]): Promise<string | null> {
  const silent = await readSilentMonths(con, ranges)
  if (silent.length === 0) return null
  const runs: MonthRange[] = []
  for (const month of silent) {
    const run = runs.at(-1)
    if (run && run.to === month - 1) run.to = month
    else runs.push({ from: month, to: month })
  }
  const name = (month: number) => shortDay(monthEnd(month)).replace(/^\d+ /, '')
  const spans = runs.map((r) => (r.from === r.to ? `in ${name(r.from)}` : `from ${name(r.from)} to ${name(r.to)}`))
  const which = [spans.slice(0, -1).join(', '), spans.at(-1)!].filter(Boolean).join(' and ')
  return `There is no usage at all ${which}, which ${silent.length === 1 ? 'counts' : 'count'} here: no use then means that none is known.`
}
