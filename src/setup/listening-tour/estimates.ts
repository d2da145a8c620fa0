/** Estimates for a whole audience from those who answered. The intervals cover chance; who does not answer may think otherwise. */
import { z95 } from '../../insights/statistics/intervals.ts'

export interface Estimate {
  value: number
  low: number
  high: number
}

/** The 97.5 % quantile of Student's t by its expansion in 1/ν (Abramowitz and Stegun 26.7.5); exact to a percent from 3 degrees on. */
export function t95(degrees: number): number {
  const z = z95
  const v = degrees
  return (
    z +
    (z ** 3 + z) / (4 * v) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * v ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * v ** 3)
  )
}

/**
 * The mean of a finite population with its 95 % interval: nothing is uncertain where everybody answered.
 * @param population how many were asked @returns null for fewer than 3 values
 */
export function meanOf(values: readonly number[], population: number): Estimate | null {
  const n = values.length
  if (n < 3) return null
  const mean = values.reduce((sum, v) => sum + v, 0) / n
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1)
  const unseen = Math.max(0, 1 - n / Math.max(population, n))
  const half = t95(n - 1) * Math.sqrt((variance / n) * unseen)
  return { value: mean, low: mean - half, high: mean + half }
}

/** A share of 0 to 1, held within it. */
export function shareOf(percents: readonly number[], population: number): Estimate | null {
  const of = meanOf(
    percents.map((p) => p / 100),
    population,
  )
  return of && { value: of.value, low: Math.max(0, of.low), high: Math.min(1, of.high) }
}

/**
 * A sum over all who were asked: their number × the mean over all who answered, those who said nothing of it with zero.
 * @param said hours a week of each who named it @param answered how many answered at all
 */
export function totalOf(said: readonly number[], answered: number, population: number): Estimate {
  const values = [...said, ...Array.from({ length: Math.max(0, answered - said.length) }, () => 0)]
  const sum = said.reduce((all, v) => all + v, 0)
  const of = meanOf(values, population)
  if (!of) return { value: sum, low: sum, high: sum }
  // What was said was said: there cannot be less.
  return { value: of.value * population, low: Math.max(sum, of.low * population), high: of.high * population }
}

/** Money a year at a rate for an hour, over 46 working weeks. */
export const workingWeeks = 46
export const moneyAYear = (hoursAWeek: number, rate: number): number => hoursAWeek * workingWeeks * rate
