/** Two arms within strata of like accounts, and what all strata say together. */
import { chiSquareTail, normalQuantile, twoSidedP } from '../distributions.ts'
import { z95 } from '../intervals.ts'
import type { Arm } from './two-rates.ts'

export interface Stratum {
  adopters: Arm
  others: Arm
}

export interface Pooled {
  value: number
  low: number
  high: number
  se: number
  p: number
}

const isUsable = ({ adopters, others }: Stratum) => adopters.n > 0 && others.n > 0
/** A stratum in which one arm is empty compares nobody with anybody. */
export const usable = <S extends Stratum>(strata: readonly S[]): S[] => strata.filter(isUsable)

/** Accounts in strata in which one arm is empty. */
export const accountsLost = (strata: readonly Stratum[]): number =>
  strata.filter((s) => !isUsable(s)).reduce((sum, s) => sum + s.adopters.n + s.others.n, 0)

/** Both arms summed over strata. */
export function armsOf(strata: readonly Stratum[]): Stratum {
  const sum = (pick: (s: Stratum) => Arm): Arm =>
    strata.reduce((all, s) => ({ n: all.n + pick(s).n, alive: all.alive + pick(s).alive }), { n: 0, alive: 0 })
  return { adopters: sum((s) => s.adopters), others: sum((s) => s.others) }
}

const total = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0)

/**
 * The Mantel-Haenszel difference of rates over strata, adopters minus others: Σ w(p₁ − p₀) / Σ w with w = n₁n₀/n.
 * Strata with an empty arm weigh nothing. The variance is Sato's, which holds for a few large strata and for many small ones
 * alike; that of Greenland and Robins 1985 needs large strata, and ours by segment, size and tenure are small.
 * @returns fractions with the 95 % interval and the two-sided p, or null where no stratum holds both arms or nothing varies
 * Source: Sato 1989, Biometrics 45:1323; Greenland and Robins 1985, Biometrics 41:55 for the estimate.
 */
export function pooledDifference(strata: readonly Stratum[], z = z95): Pooled | null {
  const both = usable(strata)
  const weight = total(both.map(({ adopters: a, others: o }) => (a.n * o.n) / (a.n + o.n)))
  if (weight === 0) return null
  const value = total(both.map(({ adopters: a, others: o }) => (a.alive * o.n - o.alive * a.n) / (a.n + o.n))) / weight
  const linear = total(
    both.map(
      ({ adopters: a, others: o }) =>
        (a.n ** 2 * o.alive - o.n ** 2 * a.alive + (a.n * o.n * (o.n - a.n)) / 2) / (a.n + o.n) ** 2,
    ),
  )
  const constant =
    total(
      both.map(({ adopters: a, others: o }) => (a.alive * (o.n - o.alive) + o.alive * (a.n - a.alive)) / (a.n + o.n)),
    ) / 2
  const variance = (value * linear + constant) / weight ** 2
  if (!(variance > 0)) return null
  const se = Math.sqrt(variance)
  return { value, low: Math.max(-1, value - z * se), high: Math.min(1, value + z * se), se, p: twoSidedP(value / se) }
}

export interface CommonOdds {
  ratio: number
  low: number
  high: number
  seLog: number
  homogeneity: { statistic: number; degrees: number; p: number } | null
}

/**
 * The odds ratio of staying, adopters to others, taken as the same in all strata, with the Breslow-Day test of whether it is.
 * @returns null where it is zero or infinite
 * Source: Mantel and Haenszel 1959; Robins, Breslow and Greenland 1986, Biometrics 42:311 for the standard error of its logarithm.
 */
export function commonOddsRatio(strata: readonly Stratum[], z = z95): CommonOdds | null {
  const tables = usable(strata).map(({ adopters: a, others: o }) => {
    const n = a.n + o.n
    const lost = { a: a.n - a.alive, o: o.n - o.alive }
    return {
      r: (a.alive * lost.o) / n,
      s: (lost.a * o.alive) / n,
      p: (a.alive + lost.o) / n,
      q: (lost.a + o.alive) / n,
    }
  })
  const r = total(tables.map((t) => t.r))
  const s = total(tables.map((t) => t.s))
  if (r === 0 || s === 0) return null
  const seLog = Math.sqrt(
    total(tables.map((t) => t.p * t.r)) / (2 * r ** 2) +
      total(tables.map((t) => t.p * t.s + t.q * t.r)) / (2 * r * s) +
      total(tables.map((t) => t.q * t.s)) / (2 * s ** 2),
  )
  const ratio = r / s
  return {
    ratio,
    low: ratio * Math.exp(-z * seLog),
    high: ratio * Math.exp(z * seLog),
    seLog,
    homogeneity: breslowDay(strata, ratio),
  }
}

/**
 * Whether the odds ratio differs between strata. Strata in which nobody, or everybody, stayed say nothing of it. The χ² law holds
 * for large strata alone: null where, by Cochran's rule, a fifth of the expected counts are below 5 or one is below 1.
 * Source: Breslow and Day 1980, Statistical Methods in Cancer Research I, 4.4, without Tarone's correction; Cochran 1954, Biometrics 10:417.
 */
function breslowDay(strata: readonly Stratum[], ratio: number): CommonOdds['homogeneity'] {
  let statistic = 0
  let told = 0
  const counts: number[] = []
  for (const { adopters: a, others: o } of usable(strata)) {
    const stayed = a.alive + o.alive
    if (stayed === 0 || stayed === a.n + o.n) continue
    const expected = expectedStayers(a.n, o.n, stayed, ratio)
    const cells = [expected, a.n - expected, stayed - expected, o.n - stayed + expected]
    const variance = 1 / total(cells.map((cell) => 1 / cell))
    counts.push(...cells)
    statistic += (a.alive - expected) ** 2 / variance
    told += 1
  }
  const isLarge = Math.min(...counts) >= 1 && counts.filter((c) => c < 5).length <= counts.length / 5
  return told < 2 || !isLarge ? null : { statistic, degrees: told - 1, p: chiSquareTail(statistic, told - 1) }
}

/** How many adopters of a stratum would have stayed, had it this odds ratio and the same margins. */
function expectedStayers(adopters: number, others: number, stayed: number, ratio: number): number {
  const a = 1 - ratio
  const b = others - stayed + ratio * (adopters + stayed)
  const c = -ratio * adopters * stayed
  if (Math.abs(a) < 1e-12) return -c / b
  const root = Math.sqrt(b * b - 4 * a * c)
  const low = Math.max(0, stayed - others)
  const high = Math.min(adopters, stayed)
  return [(-b + root) / (2 * a), (-b - root) / (2 * a)].find((x) => x >= low && x <= high)!
}

/** The Mantel-Haenszel ratio of the rates of leaving, adopters to others. @returns null where an arm lost nobody. Source: Greenland and Robins 1985. */
export function pooledLossRatio(strata: readonly Stratum[]): number | null {
  const both = usable(strata)
  const above = total(both.map(({ adopters: a, others: o }) => ((a.n - a.alive) * o.n) / (a.n + o.n)))
  const below = total(both.map(({ adopters: a, others: o }) => ((o.n - o.alive) * a.n) / (a.n + o.n)))
  return above > 0 && below > 0 ? above / below : null
}

/**
 * Groups of strata (segments, or sizes within one) contradict each other where the pooled difference of one lies clearly above
 * zero and that of another clearly below: then one figure for all misleads. Clearly is at 5 % over all groups together (Bonferroni).
 */
export function disagreeInSign(groups: readonly (readonly Stratum[])[], leastPerArm: number): boolean {
  const large = groups.filter((strata) => {
    const { adopters, others } = armsOf(usable(strata))
    return Math.min(adopters.n, others.n) >= leastPerArm
  })
  const z = normalQuantile(1 - 0.025 / Math.max(1, large.length))
  const differences = large.map((strata) => pooledDifference(strata, z)).filter((d) => d !== null)
  return differences.some((d) => d.low > 0) && differences.some((d) => d.high < 0)
}
