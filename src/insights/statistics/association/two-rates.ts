/** Two rates side by side: how far apart they are, and how far apart they would have to be. */
import { wilson, z95, type Interval } from '../intervals.ts'
import { normalQuantile } from '../distributions.ts'

/** Accounts of one group, and how many of them stayed. */
export interface Arm {
  n: number
  alive: number
}

/**
 * The difference of two independent proportions, first minus second, with its 95 % hybrid score interval.
 * @returns fractions in [-1, 1], or null where an arm is empty
 * Source: Newcombe 1998, Statistics in Medicine 17:873, method 10.
 */
export function newcombe(first: Arm, second: Arm): Interval | null {
  const a = wilson(first.alive, first.n)
  const b = wilson(second.alive, second.n)
  if (!a || !b) return null
  const value = a.value - b.value
  return {
    value,
    low: value - Math.hypot(a.value - a.low, b.high - b.value),
    high: value + Math.hypot(a.high - a.value, b.value - b.low),
  }
}

/**
 * The smallest gap above a base rate that two groups of these sizes would show as different, with 80 % power at 5 % two-sided.
 * @param base the rate of the second group, in [0, 1] @param n accounts in each group, above 0 @param power in (0, 1)
 * @returns a fraction, or null where not even a rate of 100 % would be told apart
 * Source: Fleiss, Levin and Paik 2003, Statistical Methods for Rates and Proportions, 4.3, without continuity correction; as R's power.prop.test.
 */
export function detectableGap(base: number, n: { first: number; second: number }, power = 0.8): number | null {
  const zOfPower = normalQuantile(power)
  const isTold = (gap: number) => {
    const rate = Math.min(1, base + gap)
    const pooled = (n.first * rate + n.second * base) / (n.first + n.second)
    const chance = z95 * Math.sqrt(pooled * (1 - pooled) * (1 / n.first + 1 / n.second))
    return gap >= chance + zOfPower * Math.sqrt((rate * (1 - rate)) / n.first + (base * (1 - base)) / n.second)
  }
  let low = 0
  let high = 1 - base
  if (high <= 0 || !isTold(high)) return null
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2
    if (isTold(middle)) high = middle
    else low = middle
  }
  return high
}

/**
 * How strongly something unseen would have to go with both adoption and leaving, as a risk ratio, to explain a risk ratio away.
 * @param ratio above 0; below 1 its inverse is taken @returns at least 1
 * Source: VanderWeele and Ding 2017, Annals of Internal Medicine 167:268.
 */
export function eValue(ratio: number): number {
  const away = ratio < 1 ? 1 / ratio : ratio
  return away + Math.sqrt(away * (away - 1))
}
