/** Time to an event where not everybody has had it yet: the Kaplan-Meier estimate, its variance, and the median. */
import { z95 } from './intervals.ts'

export interface Subject {
  /** Time from entry to the event, or to the end of observation; whole or fractional, ≥ 0. */ time: number
  hasEvent: boolean
}

export interface Step {
  time: number
  atRisk: number
  events: number
  /** Left without the event since the step before, and before this one. */ censored: number
  /** Share that has not had the event just after `time`, in [0, 1]. */
  survival: number
  /** Greenwood’s standard error of `survival`; 0 where it is 0 or 1. */
  standardError: number
  /** Pointwise 95 % interval by log(−log S), which stays within [0, 1]; null where S is 0 or 1. */
  low: number | null
  high: number | null
}

/**
 * The product-limit estimate, one step for each time at which an event happened. Who is censored at a time was at risk of the
 * events of that time.
 * @throws RangeError for a time that is negative or no number
 * Source: Kaplan & Meier 1958, JASA 53:457; variance Greenwood 1926; interval Kalbfleisch & Prentice 2002, 1.4.
 */
export function kaplanMeier(subjects: readonly Subject[], z = z95): Step[] {
  const wrong = subjects.find((s) => !Number.isFinite(s.time) || s.time < 0)
  if (wrong) throw new RangeError(`a time to an event needs a number ≥ 0, not ${wrong.time}`)
  const events = count(subjects.filter((s) => s.hasEvent))
  const left = count(subjects.filter((s) => !s.hasEvent))
  const steps: Step[] = []
  let atRisk = subjects.length
  let survival = 1
  let greenwood = 0
  let censored = 0
  for (const time of [...new Set([...events.keys(), ...left.keys()])].sort((a, b) => a - b)) {
    const d = events.get(time) ?? 0
    if (d > 0) {
      survival = atRisk === d ? 0 : survival * (1 - d / atRisk)
      greenwood += atRisk === d ? 0 : d / (atRisk * (atRisk - d))
      steps.push({
        time,
        atRisk,
        events: d,
        censored,
        survival,
        standardError: survival * Math.sqrt(greenwood),
        ...logLog(survival, greenwood, z),
      })
      censored = 0
    }
    atRisk -= d + (left.get(time) ?? 0)
    censored += left.get(time) ?? 0
  }
  return steps
}

function count(subjects: readonly Subject[]): Map<number, number> {
  const found = new Map<number, number>()
  for (const { time } of subjects) found.set(time, (found.get(time) ?? 0) + 1)
  return found
}

function logLog(survival: number, greenwood: number, z: number): { low: number | null; high: number | null } {
  if (survival <= 0 || survival >= 1) return { low: null, high: null }
  const spread = (z * Math.sqrt(greenwood)) / Math.abs(Math.log(survival))
  return { low: survival ** Math.exp(spread), high: survival ** Math.exp(-spread) }
}

export interface Median {
  value: number | null
  low: number | null
  high: number | null
}

/**
 * The first time by which half have had the event, with the times that a test of S(t) = ½ on the log(−log) scale does not
 * refuse; null where the curve, or its limit, does not come down to a half.
 * Source: Brookmeyer & Crowley 1982, Biometrics 38:29.
 */
export function medianOf(steps: readonly Step[]): Median {
  // A product of fractions that is a half on paper may be a hair above it here.
  const half = 0.5 + 1e-12
  const first = (fits: (s: Step) => boolean) => steps.find(fits)?.time ?? null
  return {
    value: first((s) => s.survival <= half),
    low: first((s) => (s.low ?? s.survival) <= half),
    high: first((s) => (s.high ?? s.survival) <= half),
  }
}

/** Survival and interval just after a time, and who was still at risk at it. */
export function at(
  steps: readonly Step[],
  subjects: readonly Subject[],
  time: number,
): { survival: number; low: number | null; high: number | null; atRisk: number } {
  const last = steps.findLast((s) => s.time <= time)
  return {
    survival: last?.survival ?? 1,
    low: last?.low ?? null,
    high: last?.high ?? null,
    atRisk: subjects.filter((s) => s.time >= time).length,
  }
}
