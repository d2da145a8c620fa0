export interface Interval {
  value: number
  low: number
  high: number
}

/** The two-sided 95 % quantile of the standard normal distribution. */
export const z95 = 1.959963984540054

/**
 * Wilson score interval of a proportion.
 * @param successes count, 0 ≤ successes ≤ trials @param trials count
 * @returns fractions in [0, 1], or null without a trial: there is no rate of nothing
 * Source: Wilson 1927, JASA 22:209; advised for small n by Brown, Cai & DasGupta 2001, Statistical Science 16:101.
 */
export function wilson(successes: number, trials: number, z = z95): Interval | null {
  if (!Number.isInteger(successes) || !Number.isInteger(trials) || successes < 0 || successes > trials) {
    throw new RangeError(`a rate needs whole counts with 0 ≤ successes ≤ trials, not ${successes} of ${trials}`)
  }
  if (trials === 0) return null
  const p = successes / trials
  const z2 = z * z
  const denominator = 1 + z2 / trials
  const centre = (p + z2 / (2 * trials)) / denominator
  const half = (z * Math.sqrt((p * (1 - p)) / trials + z2 / (4 * trials * trials))) / denominator
  return {
    value: p,
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === trials ? 1 : Math.min(1, centre + half),
  }
}

export type Mark = 'ok' | 'directional' | 'suppressed'

/** By a figure's own base: below 10 it is not shown, 10 to 29 it is directional. */
export const markOf = (base: number): Mark => (base < 10 ? 'suppressed' : base < 30 ? 'directional' : 'ok')
