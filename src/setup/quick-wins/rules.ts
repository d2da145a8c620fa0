/** What a quick win gives back: how it was timed, how often it was of use, and how sure that is. */
import { daysBetween, monthEnd, monthText } from '../../platform/calendar/month.ts'
import { precondition } from '../../platform/errors.ts'
import type { Done } from '../../platform/rooms/win.ts'
import { quantile } from '../../insights/statistics/quantile.ts'

export type Method = 'system' | 'samples' | 'stated'
export type Confidence = 'high' | 'medium' | 'estimate'

/** Minutes of work each time: the median, and the shortest and longest of what it rests on. */
export interface Timing {
  minutes: number
  low: number
  high: number
  method: Method
  /** How many were timed; none where somebody states it. */
  of: number
}

export const mostSamples = 3
/** Of timestamps of the system, from how many on a median is trusted. */
export const enoughTimed = 10
const daysAMonth = 30.4375

const spread = (minutes: readonly number[], method: Method): Timing | null =>
  minutes.length === 0
    ? null
    : {
        minutes: quantile(minutes, 0.5)!,
        low: Math.min(...minutes),
        high: Math.max(...minutes),
        method,
        of: minutes.length,
      }

/**
 * The best there is: timestamps of the system, else samples of volunteers, else what somebody states.
 * @param timed minutes of work by the system’s own timestamps
 */
export const timingOf = (given: {
  timed: readonly number[]
  samples: readonly number[]
  stated: number | null
}): Timing | null =>
  spread(given.timed, 'system') ??
  spread(given.samples, 'samples') ??
  (given.stated === null
    ? null
    : { minutes: given.stated, low: given.stated, high: given.stated, method: 'stated', of: 0 })

export const isMeasured = (timing: Timing | null): timing is Timing => timing !== null && timing.method !== 'stated'
const isWell = ({ method, of }: Timing) => of >= (method === 'samples' ? mostSamples : enoughTimed)

/** How often: as the system counted it, or as people and times a month were stated. */
export interface Times {
  n: number
  how: 'counted' | 'stated'
}

/**
 * Without two measurements it is an estimate, whatever else is known. High: both rest on enough, and the times were counted.
 */
export function confidenceOf(before: Timing | null, after: Timing | null, times: Times | null): Confidence {
  if (!isMeasured(before) || !isMeasured(after)) return 'estimate'
  return isWell(before) && isWell(after) && times?.how === 'counted' ? 'high' : 'medium'
}

export interface Hours {
  value: number
  low: number
  high: number
}

/** Hours of work: (before − after) × times. The range sets the shortest before against the longest after, and the other way round. */
export function hoursOf(before: Timing | null, after: Timing | null, times: number): Hours | null {
  if (!before || !after) return null
  const of = (minutes: number) => (minutes * times) / 60
  return {
    value: of(before.minutes - after.minutes),
    low: of(before.low - after.high),
    high: of(before.high - after.low),
  }
}

export interface Subject {
  people: number
  timesPerMonth: number
  statedBefore: number | null
  statedAfter: number | null
  deliveredOn: string | null
  droppedBecause: string | null
}
export type QuickWinState = 'planned' | 'delivered' | 'dropped'
export const stateOf = ({ deliveredOn, droppedBecause }: Subject): QuickWinState =>
  droppedBecause !== null ? 'dropped' : deliveredOn !== null ? 'delivered' : 'planned'

/** @returns times between two days, the second one left out, for all people together */
export const statedTimes = ({ people, timesPerMonth }: Subject, from: string, to: string): number =>
  to <= from ? 0 : (people * timesPerMonth * daysBetween(from, to)) / daysAMonth

/** What the room that delivers it has done, in the time before and since. */
export interface Deliveries {
  time: 'work' | 'waiting'
  done: readonly Done[]
}
const dayOf = (at: Date) => at.toISOString().slice(0, 10)
const isAfter = (deliveredOn: string | null) => (d: Done) => deliveredOn !== null && dayOf(d.at) >= deliveredOn
const minutesOf = (done: readonly Done[]) => done.flatMap((d) => d.tookMinutes ?? [])

export interface Waiting {
  before: { minutes: number; of: number } | null
  after: { minutes: number; of: number } | null
}
const median = (minutes: readonly number[]) =>
  minutes.length === 0 ? null : { minutes: quantile(minutes, 0.5)!, of: minutes.length }

export interface Assessed {
  state: QuickWinState
  before: Timing | null
  after: Timing | null
  /** What is waited for by the clock; an hour of it is no hour given back. Null where the room times work, or nothing. */
  waiting: Waiting | null
  /** Since it was delivered; null before. */
  times: Times | null
  hours: Hours | null
  /** What a month would give back, by what was stated of people and times; null without both sides. */
  hoursPerMonth: number | null
  confidence: Confidence
  /** What is still to be done before it is more than an estimate. */
  missing: string[]
}

/**
 * @param record of the room that delivers it; null where nothing of the product does
 * @param tomorrow the first day that is not counted
 */
export function assess(
  win: Subject,
  samples: readonly { side: 'before' | 'after'; minutes: number }[],
  record: Deliveries | null,
  tomorrow: string,
): Assessed {
  const state = stateOf(win)
  const later = record?.done.filter(isAfter(win.deliveredOn)) ?? []
  const earlier = record?.done.filter((d) => !isAfter(win.deliveredOn)(d)) ?? []
  const work = record?.time === 'work'
  const side = (which: 'before' | 'after', done: readonly Done[], stated: number | null) =>
    timingOf({
      timed: work ? minutesOf(done) : [],
      samples: samples.filter((s) => s.side === which).map((s) => s.minutes),
      stated,
    })
  const before = side('before', earlier, win.statedBefore)
  const after = side('after', later, win.statedAfter)
  const times = timesOf(win, record === null ? null : later.length, tomorrow)
  return {
    state,
    before,
    after,
    waiting:
      record?.time === 'waiting' && minutesOf(record.done).length > 0
        ? { before: median(minutesOf(earlier)), after: median(minutesOf(later)) }
        : null,
    times,
    hours: times === null ? null : hoursOf(before, after, times.n),
    hoursPerMonth: hoursOf(before, after, win.people * win.timesPerMonth)?.value ?? null,
    confidence: confidenceOf(before, after, times),
    missing: missingOf(state, before, after),
  }
}

function timesOf(win: Subject, counted: number | null, tomorrow: string): Times | null {
  if (win.deliveredOn === null || win.droppedBecause !== null) return null
  return counted === null
    ? { n: statedTimes(win, win.deliveredOn, tomorrow), how: 'stated' }
    : { n: counted, how: 'counted' }
}

function missingOf(state: QuickWinState, before: Timing | null, after: Timing | null): string[] {
  if (state === 'dropped') return []
  return [
    ...(isMeasured(before)
      ? []
      : [
          state === 'planned'
            ? 'time it as it is done today, up to three times'
            : 'it was not timed before it was delivered, so it stays an estimate',
        ]),
    ...(state === 'planned' ? ['deliver it'] : []),
    ...(isMeasured(after) ? [] : ['time it again once it is delivered']),
  ]
}

/** By month, from the month of delivery on. @param months each an index (year × 12 + month − 1) @param tomorrow no day from it on is counted */
export function monthsOf(
  win: Subject,
  record: Deliveries | null,
  { before, after }: Pick<Assessed, 'before' | 'after'>,
  months: readonly number[],
  tomorrow: string,
): { month: string; times: number; hours: number | null }[] {
  const { deliveredOn } = win
  if (deliveredOn === null || win.droppedBecause !== null) return []
  return months
    .filter((m) => monthText(m) >= deliveredOn.slice(0, 7))
    .map((m) => {
      const month = monthText(m)
      const first = `${month}-01`
      const next = nextDay(monthEnd(m))
      const times =
        record === null
          ? statedTimes(win, deliveredOn > first ? deliveredOn : first, next < tomorrow ? next : tomorrow)
          : record.done.filter((d) => dayOf(d.at) >= deliveredOn && dayOf(d.at).startsWith(month)).length
      return { month, times, hours: hoursOf(before, after, times)?.value ?? null }
    })
}

export const nextDay = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)

export interface Totals {
  /** Of those with two measurements. */
  measured: Hours
  /** Of the others, told apart. */
  estimated: number
  delivered: number
  proved: number
}

/** Measured and estimated hours are never added up. */
export function totalsOf(all: readonly Assessed[]): Totals {
  const delivered = all.filter((a) => a.state === 'delivered')
  const proved = delivered.filter((a) => a.confidence !== 'estimate' && a.hours !== null)
  const sum = (pick: (h: Hours) => number) => proved.reduce((total, a) => total + pick(a.hours!), 0)
  return {
    measured: { value: sum((h) => h.value), low: sum((h) => h.low), high: sum((h) => h.high) },
    estimated: delivered
      .filter((a) => a.confidence === 'estimate')
      .reduce((total, a) => total + (a.hours?.value ?? 0), 0),
    delivered: delivered.length,
    proved: proved.length,
  }
}

/** @throws precondition where the moment for it has passed or not come, or three others have done it */
export function refuseSample(win: Subject, side: 'before' | 'after', others: number): void {
  const state = stateOf(win)
  if (state === 'dropped') throw precondition('This quick win was dropped. There is nothing to time any more.')
  if (side === 'before' && state !== 'planned')
    throw precondition(
      'It is delivered, so what it took before would be told from memory. Say it as an estimate instead.',
    )
  if (side === 'after' && state !== 'delivered')
    throw precondition('It is not delivered yet. Say on which day it was, then time it again.')
  if (others >= mostSamples)
    throw precondition('Three people have timed it, which is enough. Nobody is asked for more.')
}
