/**
 * Users of windows of four weeks, a week apart, as arithmetic on the day columns of `a_month`: one row for each account and word of
 * bits, one column for each week, a window is the or of its four. Grouping days by account and week reads ten times the rows.
 */
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { addDays, daysBetween, monthIndex } from '../month.ts'

export const weeksInWindow = 4

export interface Windows {
  /** The last day of window 0; window p ends p weeks before it. */
  end: string
  first: number
  last: number
  workingDays: boolean
}

/** Days of a window that count as days on which people could come. */
export const daysCounted = ({ workingDays }: Pick<Windows, 'workingDays'>): number =>
  (workingDays ? 5 : 7) * weeksInWindow

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const isWorkday = (day: string): boolean => ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())
// One byte is what the engine gives a count of bits: sums of several need two, and no more, of 62 bits on 28 days.
const bitCount = (bits: string): string => `bit_count(${bits})::smallint`
const dayOfMonth = (day: string): number => Number(day.slice(8))
const bitsColumn = (day: string): string => `d${dayOfMonth(day)}`
const countColumn = (day: string): string => `n${dayOfMonth(day)}`
/** Of days of one month, as the bits of the column `days`. */
const daysMask = (days: readonly string[]): number => days.reduce((bits, day) => bits | (1 << (dayOfMonth(day) - 1)), 0)
const sum = (terms: readonly string[]): string => (terms.length === 0 ? '0' : terms.join(' + '))

/**
 * Tables of SQL, the last of them `counted`: for each account with any event in those weeks and each window p its users of the window
 * (m), those of its weeks (w) and of its days (d) added up, as columns `m0`, `w0`, `d0` …; and whether it has any event in the first window (e).
 * @param isLong whether any account has more users than one word of bits holds, so that its words are to be added up
 */
export function windowsSql({ end, first, last, workingDays }: Windows, isLong: boolean): string {
  const weeks = range(first, last + weeksInWindow - 1)
  const firstWeeks = range(first, first + weeksInWindow - 1)
  const daysOf = (week: number) => range(7 * week, 7 * week + 6).map((back) => addDays(end, -back))
  const months = [...new Set(weeks.flatMap((w) => daysOf(w).map(monthIndex)))].sort((a, b) => a - b)
  const inMonth = (week: number, month: number) => daysOf(week).filter((day) => monthIndex(day) === month)
  const monthsOf = (week: number) => months.filter((month) => inMonth(week, month).length > 0)
  const parts = months.map((month) => {
    const columns = weeks
      .filter((week) => inMonth(week, month).length > 0)
      .flatMap((week) => {
        const days = inMonth(week, month)
        const counted = workingDays ? days.filter(isWorkday) : days
        return [`${days.map(bitsColumn).join(' | ')} as u${week}`, `${sum(counted.map(countColumn))} as p${week}`]
      })
    const firstDays = firstWeeks.flatMap((week) => inMonth(week, month))
    if (firstDays.length > 0) columns.push(`(days & ${daysMask(firstDays)}) <> 0 as e`)
    return `
      left join (select account_id, ${isLong ? 'chunk, ' : ''}${columns.join(', ')} from a_month where month = ${month}) m${month}
        on m${month}.account_id = k.account_id${isLong ? ` and m${month}.chunk = k.chunk` : ''}`
  })
  const whole = weeks.flatMap((week) => {
    const of = monthsOf(week)
    const users = of.map((m) => `coalesce(m${m}.u${week}, 0)`).join(' | ')
    return [
      `${users} as u${week}`,
      `${of.map((m) => `coalesce(m${m}.p${week}, 0)`).join(' + ')} as p${week}`,
      `${bitCount(users)} as n${week}`,
    ]
  })
  const any = months
    .filter((month) => firstWeeks.some((week) => inMonth(week, month).length > 0))
    .map((month) => `coalesce(m${month}.e, false)`)
  const windows = range(first, last).flatMap((p) => {
    const of = range(p, p + weeksInWindow - 1)
    return [
      `${bitCount(of.map((w) => `u${w}`).join(' | '))} as m${p}`,
      `${sum(of.map((w) => `n${w}`))} as w${p}`,
      `${sum(of.map((w) => `p${w}`))} as d${p}`,
    ]
  })
  const words = `select account_id, e, ${windows.join(', ')} from week`
  const names = range(first, last).flatMap((p) => [`m${p}`, `w${p}`, `d${p}`])
  return `
    word as materialized (
      ${
        isLong
          ? `
      select account_id, chunk
      from a_month
      where month between ${months[0]} and ${months.at(-1)}
      group by account_id, chunk`
          : 'select account_id, 0 as chunk from customer'
      }
    ),
    week as (
      select k.account_id, k.chunk, ${any.join(' or ')} as e, ${whole.join(', ')}
      from word k
      ${parts.join('')}
    ),
    counted as materialized (
      ${
        isLong
          ? `
      select account_id, bool_or(e) as e, ${names.map((name) => `sum(${name})::bigint as ${name}`).join(', ')}
      from (${words})
      group by account_id`
          : words
      }
    )`
}

/**
 * A statement with a row for each account that has any event from the one day to the other, and how many users it has in them.
 * @returns columns account_id, users
 */
export function usersOfDaysSql(from: string, to: string): string {
  const days = Array.from({ length: daysBetween(from, to) + 1 }, (_, i) => addDays(from, i))
  const months = [...Map.groupBy(days, monthIndex)].map(
    ([month, of]) => `
      select account_id, chunk, ${of.map(bitsColumn).join(' | ')} as users
      from a_month
      where month = ${month} and (days & ${daysMask(of)}) <> 0`,
  )
  // A day's bits of one month stand in one row; only more months have to be brought together.
  const words =
    months.length === 1
      ? months[0]!
      : `select account_id, chunk, bit_or(users) as users from (${months.join(' union all ')}) group by 1, 2`
  return `select account_id, sum(bit_count(users))::bigint as users from (${words}) group by 1`
}

/** Whether any account has more users than one word of bits holds. */
export const hasLongWords = async (con: Connection): Promise<boolean> =>
  (await con.kept<{ long: boolean }>('select exists (from a_month where chunk > 0) as long'))[0]!.long
