/** Clock times in named time zones: when 07:00 in Berlin is, on the days the clocks change too. */

const formats = new Map<string, Intl.DateTimeFormat>()
const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  const known = formats.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  formats.set(timeZone, made)
  return made
}

export function isTimeZone(name: string): boolean {
  try {
    formatOf(name)
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
  const part = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(at)
      .map((p) => [p.type, p.value]),
  )
  return {
    day: `${part['year']!.padStart(4, '0')}-${part['month']}-${part['day']}`,
    hour: Number(part['hour']),
    minute: Number(part['minute']),
    second: Number(part['second']),
  }
}

const msOf = (t: LocalTime) => Date.parse(`${t.day}T00:00:00Z`) + ((t.hour * 60 + t.minute) * 60 + t.second) * 1000
/** Milliseconds that the zone's clock is ahead of UTC. */
const aheadMs = (at: number, timeZone: string) => msOf(localTime(new Date(at), timeZone)) - Math.floor(at / 1000) * 1000

const dayMs = 86_400_000

/**
 * The moment at which the zone's clock shows this time on this day. Shown twice (clocks go back): the first of the two. Never
 * shown (clocks go forward): as much later as the clocks jump, as calendars do (RFC 5545, 3.3.5).
 * @param clock `HH:MM`
 */
export function momentOf(day: string, clock: string, timeZone: string): Date {
  const wanted = Date.parse(`${day}T${clock}:00Z`)
  const [before, after] = [aheadMs(wanted - dayMs, timeZone), aheadMs(wanted + dayMs, timeZone)]
  const fits = [wanted - before, wanted - after]
    .filter((at) => at + aheadMs(at, timeZone) === wanted)
    .sort((a, b) => a - b)
  return new Date(fits[0] ?? wanted - before)
}

/** 1 Monday to 7 Sunday. */
export const weekdayOf = (day: string): number => ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1
