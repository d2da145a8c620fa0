/** Whether data came by the time it was expected, and the sentence that says that it did not. */
import { daysText, lastClock, nextClock } from '../datasets/schedules/rules.ts'
import { localTime } from '../datasets/schedules/zone-time.ts'
import type { Dataset } from '../datasets/schemas.ts'
import { shortDay } from '../wording.ts'
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

const words: Record<Dataset, string> = {
  accounts: 'accounts',
  subscriptions: 'subscriptions',
  mrr: 'MRR',
  users: 'users',
  usage: 'usage',
  entitlements: 'entitlements',
}
const plurals: Dataset[] = ['accounts', 'subscriptions', 'users', 'entitlements']

/** `usage was expected by 07:00`; with the day where that is not today. */
export function lateText(dataset: Dataset, expected: Expectation, due: Date, now: Date): string {
  const at = localTime(due, expected.timeZone)
  const today = localTime(now, expected.timeZone)
  return `${words[dataset]} ${plurals.includes(dataset) ? 'were' : 'was'} expected by ${expected.at}${at.day === today.day ? '' : ` on ${shortDay(at.day)}`}`
}

export const expectedText = (e: Expectation): string => `by ${e.at} ${daysText(e.days)}, ${e.timeZone}`
