/** Calendar months or weeks (Monday to Sunday) as numbers that can be counted with. */
import { addDays, daysBetween, monthEnd, monthIndex, monthText } from './month.ts'
import { shortDay, shortMonth } from '../wording.ts'

export type Period = 'month' | 'week'
const firstMonday = '1970-01-05'

export const periodOf = (day: string, by: Period): number =>
  by === 'month' ? monthIndex(day) : Math.floor(daysBetween(firstMonday, day) / 7)
export const periodStart = (period: number, by: Period): string =>
  by === 'month' ? `${monthText(period)}-01` : addDays(firstMonday, period * 7)
export const periodEnd = (period: number, by: Period): string =>
  by === 'month' ? monthEnd(period) : addDays(firstMonday, period * 7 + 6)
/** A month as `2025-03`, a week by its Monday. */
export const periodText = (period: number, by: Period): string =>
  by === 'month' ? monthText(period) : periodStart(period, by)
/** As people read it: a month by its name, a week by the day of its Monday. */
export const periodWords = (period: number, by: Period): string =>
  by === 'month' ? shortMonth(monthText(period)) : `the week of ${shortDay(periodStart(period, by))}`
/** The same number in SQL, of a column of dates. */
export const periodSql = (day: string, by: Period): string =>
  by === 'month' ? `(year(${day}) * 12 + month(${day}) - 1)` : `floor((${day} - date '${firstMonday}') / 7)::int`
