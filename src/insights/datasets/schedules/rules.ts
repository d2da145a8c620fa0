/** When a schedule is due, what it says of itself in words, and how many rejected rows it may leave out. */
import { addDays } from '../../../platform/calendar/month.ts'
import { plural } from '../../../platform/wording.ts'
import type { Books } from '../schemas.ts'
import type { RejectLimit, Timing } from './schemas.ts'
import { localTime, momentOf, weekdayOf } from '../../../platform/calendar/zone-time.ts'

const minuteMs = 60_000

/** The first moment after `after` at which it is due. */
export function nextDue(timing: Timing, after: Date): Date {
  if (timing.every === 'minutes') return new Date(after.getTime() + timing.minutes * minuteMs)
  if (timing.every === 'hour') return nextMinute(timing.minute, timing.timeZone, after)
  return nextClock(timing.every === 'day' ? everyDay : timing.days, timing.at, timing.timeZone, after)
}

const everyDay = [1, 2, 3, 4, 5, 6, 7]
export const workdays = [1, 2, 3, 4, 5]

/** A zone that moves its clocks by half an hour shows the minute at another distance: looked at once more from there. */
function nextMinute(minute: number, timeZone: string, after: Date): Date {
  const whole = Math.floor(after.getTime() / minuteMs) * minuteMs
  const step = (from: number) => (minute - localTime(new Date(from), timeZone).minute + 60) % 60
  let at = whole + (step(whole) || 60) * minuteMs
  const off = step(at)
  if (off !== 0) at += off * minuteMs
  return new Date(at)
}

/** The first time of day on one of the days (1 Monday to 7 Sunday) that lies after the moment. */
export function nextClock(days: readonly number[], clock: string, timeZone: string, after: Date): Date {
  const today = localTime(after, timeZone).day
  // A time that a change of clocks moved past midnight belongs to the day before.
  for (let i = -1; i <= 8; i += 1) {
    const day = addDays(today, i)
    const at = momentOf(day, clock, timeZone)
    if (days.includes(weekdayOf(day)) && at > after) return at
  }
  throw new Error('a week without any of its days')
}

/** The last time of day on one of the days that is not after the moment. */
export function lastClock(days: readonly number[], clock: string, timeZone: string, upTo: Date): Date {
  const today = localTime(upTo, timeZone).day
  for (let i = 1; i >= -8; i -= 1) {
    const day = addDays(today, i)
    const at = momentOf(day, clock, timeZone)
    if (days.includes(weekdayOf(day)) && at <= upTo) return at
  }
  throw new Error('a week without any of its days')
}

const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

export function daysText(days: readonly number[]): string {
  const sorted = [...days].sort((a, b) => a - b)
  const key = sorted.join('')
  if (key === everyDay.join('')) return 'every day'
  if (key === workdays.join('')) return 'every weekday'
  const names = sorted.map((d) => dayNames[d - 1]!)
  return `every ${names.length === 1 ? names[0] : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`}`
}

export function timingText(timing: Timing): string {
  switch (timing.every) {
    case 'minutes':
      return `every ${plural(timing.minutes, 'minute', 'minutes')}`
    case 'hour':
      return `every hour at ${String(timing.minute).padStart(2, '0')} past, ${timing.timeZone}`
    case 'day':
      return `every day at ${timing.at}, ${timing.timeZone}`
    case 'week':
      return `${daysText(timing.days)} at ${timing.at}, ${timing.timeZone}`
  }
}

/** Whether the rows that cannot be read may be left out. A file of which nothing can be read is never within the limit. */
export function isWithin(limit: RejectLimit, books: Pick<Books, 'read' | 'rejected'>): boolean {
  if (books.rejected === 0) return true
  if (books.rejected >= books.read) return false
  switch (limit.kind) {
    case 'none':
      return false
    case 'rows':
      return books.rejected <= limit.upTo
    case 'share':
      return books.rejected / books.read <= limit.upTo / 100
  }
}

export function limitText(limit: RejectLimit): string {
  switch (limit.kind) {
    case 'none':
      return 'none may be left out'
    case 'rows':
      return `up to ${plural(limit.upTo, 'row', 'rows')} may be left out`
    case 'share':
      return `up to ${limit.upTo} % may be left out`
  }
}
