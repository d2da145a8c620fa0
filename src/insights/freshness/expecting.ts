/** Whether data came by the time it was expected, and the sentence that says that it did not. */
import { daysText, lastClock, nextClock } from '../datasets/schedules/rules.ts'
import { localTime } from '../../platform/calendar/zone-time.ts'
import type { DatasetWords } from '../datasets/declaration.ts'
import { daysBetween } from '../../platform/calendar/month.ts'
import { plural, shortDay } from '../../platform/wording.ts'
import type { Expectation } from './schemas.ts'

const justBefore = (at: Date) => new Date(at.getTime() - 1)
const lastOf = (e: Expectation, upTo: Date) => lastClock(e.days, e.at, e.timeZone, upTo)

/**
 * The time by which data was expected and did not come, or null. Data that came since the time before counts; only where that
 * time was missed too does the first data after it count for it, if it is nearer to it than to the next: what was late
 * yesterday is not what is expected today. Times before `since` were not yet expected.
 * @param deliveries moments at which new data came, in any order
 */
export function lateSince(expected: Expectation, deliveries: readonly Date[], since: Date, now: Date): Date | null {
  const due = lastOf(expected, now)
  if (due < since) return null
  const before = lastOf(expected, justBefore(due))
  const earlier = lastOf(expected, justBefore(before))
  const sorted = [...deliveries].sort((a, b) => a.getTime() - b.getTime())
  const came = sorted.filter((d) => d > before && d <= now)
  const wasMissed = before >= since && !sorted.some((d) => d > earlier && d <= before)
  const middle = (before.getTime() + due.getTime()) / 2
  const counts = wasMissed && came[0] && came[0].getTime() < middle ? came.slice(1) : came
  return counts.length === 0 ? due : null
}

export const nextBy = (expected: Expectation, now: Date): Date =>
  nextClock(expected.days, expected.at, expected.timeZone, now)

/** `usage was expected by 07:00`; with the day where that is not today. */
export function lateText(words: DatasetWords, expected: Expectation, due: Date, now: Date): string {
  const at = localTime(due, expected.timeZone)
  const today = localTime(now, expected.timeZone)
  return `${words.inText} ${words.isPlural ? 'were' : 'was'} expected by ${expected.at}${at.day === today.day ? '' : ` on ${shortDay(at.day)}`}`
}

/** Beyond this a month's export has not been followed by the next. */
const oldAfterDays = 45

/** How old usage is that ended long ago, where no new usage is expected and so none can be late; null where it is not old. */
export function oldUsage(
  lastDay: string | null,
  isExpected: boolean,
  today: string,
): { age: string; text: string } | null {
  if (lastDay === null || isExpected) return null
  const days = daysBetween(lastDay, today)
  if (days <= oldAfterDays) return null
  const months = Math.floor(days / 30.44)
  const age =
    days < 61
      ? plural(days, 'day', 'days')
      : months < 24
        ? plural(months, 'month', 'months')
        : `${Math.floor(months / 12)} years`
  return {
    age: `${age} old`,
    text: `Usage ends on ${shortDay(lastDay)}, ${age} ago, and no new usage is expected: nothing can be late.`,
  }
}

export const expectedText = (e: Expectation): string => `by ${e.at} ${daysText(e.days)}, ${e.timeZone}`
