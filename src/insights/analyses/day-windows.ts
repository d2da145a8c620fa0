/**
 * Users of windows of four weeks, a week apart, as arithmetic on the day columns of `a_month`: one row for each account and word of
 * bits, one column for each week, a window is the or of its four. Grouping days by account and week reads ten times the rows.
 */
import { addDays, monthIndex } from '../month.ts'

export const weeksInWindow = 4

export interface Windows {
  /** The last day of window 0; window p ends p weeks before it. */
  end: string
  first: number
  last: number
  workingDays: boolean
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const isWorkday = (day: string): boolean => ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())
// One byte is what the engine gives a count of bits: sums of several need more.
const bitCount = (bits: string): string => `bit_count(${bits})::int`
const sum = (terms: readonly string[]): string => (terms.length === 0 ? '0' : terms.join(' + '))

/**
 * Tables of SQL, the last of them `counted`: for each account with any event in those weeks and each window p its users of the window
 * (m), mean users of a week (w) and of a day (d), and whether it has any event in the window (e), as columns `m0`, `w0`, `d0`, `e0` …
 */
export function windowsSql({ end, first, last, workingDays }: Windows): string {
  const weeks = range(first, last + weeksInWindow - 1)
  const daysOf = (week: number) => range(7 * week, 7 * week + 6).map((back) => addDays(end, -back))
  const months = [...new Set(weeks.flatMap((w) => daysOf(w).map(monthIndex)))].sort((a, b) => a - b)
  const inMonth = (week: number, month: number) => daysOf(week).filter((day) => monthIndex(day) === month)
  const monthsOf = (week: number) => months.filter((month) => inMonth(week, month).length > 0)
  const column = (day: string) => `d${Number(day.slice(8))}`
  const bitsOf = (days: readonly string[]) => days.reduce((bits, day) => bits | (1 << (Number(day.slice(8)) - 1)), 0)
  const parts = months.map((month) => {
    const columns = weeks
      .filter((week) => inMonth(week, month).length > 0)
      .map((week) => {
        const days = inMonth(week, month)
        const counted = workingDays ? days.filter(isWorkday) : days
        return `${days.map(column).join(' | ')} as u${week}, ${sum(counted.map((day) => bitCount(column(day))))} as p${week}, (days & ${bitsOf(days)}) <> 0 as e${week}`
      })
    return `left join (select account_id, chunk, ${columns.join(', ')} from a_month where month = ${month}) m${month} on m${month}.account_id = k.account_id and m${month}.chunk = k.chunk`
  })
  const whole = weeks.map((week) => {
    const of = monthsOf(week)
    return `${of.map((m) => `coalesce(m${m}.u${week}, 0)`).join(' | ')} as u${week}, ${of.map((m) => `coalesce(m${m}.p${week}, 0)`).join(' + ')} as p${week}, ${of.map((m) => `coalesce(m${m}.e${week}, false)`).join(' or ')} as e${week}`
  })
  const windows = (total: (of: string) => string, any: (of: string) => string) =>
    range(first, last)
      .map((p) => {
        const of = range(p, p + weeksInWindow - 1)
        return `${total(bitCount(of.map((w) => `u${w}`).join(' | ')))}::double as m${p}, ${total(sum(of.map((w) => bitCount(`u${w}`))))} / ${weeksInWindow}.0::double as w${p},
      ${total(sum(of.map((w) => `p${w}`)))} / ${workingDays ? '20.0' : '28.0'}::double as d${p}, ${any(of.map((w) => `e${w}`).join(' or '))} as e${p}`
      })
      .join(', ')
  return `word as (select account_id, chunk from a_month where month between ${months[0]} and ${months.at(-1)} group by account_id, chunk),
  week as materialized (select k.account_id, k.chunk, ${whole.join(', ')} from word k ${parts.join(' ')}),
  large as (select account_id from week where chunk > 0),
  counted as (
    select account_id, ${windows(
      (of) => `(${of})`,
      (of) => `(${of})`,
    )} from week where account_id not in (from large)
    union all select account_id, ${windows(
      (of) => `sum(${of})`,
      (of) => `bool_or(${of})`,
    )} from week where account_id in (from large) group by account_id)`
}
