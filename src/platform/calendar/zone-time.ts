/** Clock times in named time zones: when 07:00 in Berlin is, on the days the clocks change too. */
import { Temporal } from 'temporal-polyfill'

export function isTimeZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    return true
  } catch {
    return false
  }
}

export interface LocalTime {
  day: string
  hour: number
  minute: number
  second: number
}

export function localTime(at: Date, timeZone: string): LocalTime {
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone)
  return { day: local.toPlainDate().toString(), hour: local.hour, minute: local.minute, second: local.second }
}

/**
 * The moment at which the zone's clock shows this time on this day. Shown twice (clocks go back): the first of the two. Never
 * shown (clocks go forward): as much later as the clocks jump, as calendars do (RFC 5545, 3.3.5).
 * @param clock `HH:MM`
 */
export const momentOf = (day: string, clock: string, timeZone: string): Date =>
  new Date(
    Temporal.PlainDateTime.from(`${day}T${clock}`).toZonedDateTime(timeZone, { disambiguation: 'compatible' })
      .epochMilliseconds,
  )

/** 1 Monday to 7 Sunday. */
export const weekdayOf = (day: string): number => Temporal.PlainDate.from(day).dayOfWeek
