/** From figures to one word and one caveat, by fixed rules. “Associated with”, never “drives”. */
import type { Interval } from '../intervals.ts'
import { accountsLost, armsOf, disagreeInSign, pooledDifference, usable, type Pooled, type Stratum } from './strata.ts'
import { detectableGap, newcombe, type Arm } from './two-rates.ts'
import { discoveryRates, familyWise } from './discoveries.ts'

export type Evidence = 'associated' | 'no-clear-association' | 'not-enough-data'

/**
 * What is told has a q at most this, and so has the chance that anything in the run is told wrongly. Benjamini-Hochberg alone
 * lets one feature that matters, seen in all segments, carry others with it: in simulated companies with one true effect it told
 * a wrong feature in every second run.
 */
export const mostFalse = 0.1
/** Below this many accounts in an arm no test is run: it could not be told. */
export const leastPerArm = 30
export const leastLosses = 5
/** Below this many accounts in an arm no figure is shown. */
export const leastShown = 10

export interface Comparison {
  /** Of all accounts, in strata or not. */
  adopters: Arm
  others: Arm
  unadjusted: Interval | null
  /** Null where strata contradict each other: then they are shown and not pooled. */
  adjusted: Pooled | null
  /** Of the pooled difference; null where no test was run. */
  p: number | null
  strata: number
  strataUsed: number
  lost: number
  disagree: boolean
  detectable: number | null
}

/**
 * What the strata of one feature say, before it is known how many other tests were run.
 * @param groupOf the group of a stratum whose figures should not contradict those of another
 */
export function compare<S extends Stratum>(strata: readonly S[], groupOf: (stratum: S) => string): Comparison {
  const { adopters, others } = armsOf(strata)
  const kept = usable(strata)
  const used = armsOf(kept)
  const least = Math.min(used.adopters.n, used.others.n)
  const pooled = least >= leastShown ? pooledDifference(strata) : null
  const disagree = least >= leastShown && disagreeInSign([...Map.groupBy(kept, groupOf).values()], leastShown)
  const isShown = Math.min(adopters.n, others.n) >= leastShown
  return {
    adopters,
    others,
    unadjusted: isShown ? newcombe(adopters, others) : null,
    adjusted: disagree ? null : pooled,
    p: least >= leastPerArm ? (pooled?.p ?? null) : null,
    strata: strata.length,
    strataUsed: kept.length,
    lost: accountsLost(strata),
    disagree,
    detectable: isShown ? detectableGap(others.alive / others.n, { first: adopters.n, second: others.n }) : null,
  }
}

export interface Judged extends Comparison {
  q: number | null
  familyWise: number | null
  isOpen: boolean
  evidence: Evidence
}

/**
 * All comparisons of one run, judged together: the rates of false claims are over every test that was run.
 * @param overallOf the row of all segments that a row is a part of, or null. A part is told where the whole is told too, or where
 * parts contradict each other; else each segment would be one more chance for a claim that the whole does not bear out.
 */
export function judge<T extends { comparison: Comparison }>(
  rows: readonly T[],
  overallOf: (row: T) => T | null = () => null,
): { rows: (Omit<T, 'comparison'> & Judged)[]; tests: number } {
  const tested = rows.filter((r) => r.comparison.p !== null)
  const ps = tested.map((r) => r.comparison.p!)
  const qs = discoveryRates(ps)
  const family = familyWise(ps)
  const found = new Map(tested.map((r, i) => [r, { q: qs[i]!, familyWise: family[i]! }]))
  const isOpen = (row: T): boolean => {
    const overall = overallOf(row)
    return (
      overall === null ||
      overall.comparison.disagree ||
      evidenceOf(overall.comparison, found.get(overall) ?? null) === 'associated'
    )
  }
  return {
    tests: tested.length,
    rows: rows.map((row) => {
      const { comparison, ...rest } = row
      const rates = found.get(row) ?? null
      return {
        ...rest,
        ...comparison,
        q: rates?.q ?? null,
        familyWise: rates?.familyWise ?? null,
        isOpen: isOpen(row),
        evidence: evidenceOf(comparison, rates, isOpen(row)),
      }
    }),
  }
}

const losses = (arm: Arm) => arm.n - arm.alive
const excludesZero = (i: { low: number; high: number } | null) => i !== null && (i.low > 0 || i.high < 0)

/** Enough accounts and losses in both arms first; then both rates of false claims at most 10 %, and an interval that excludes zero. */
export function evidenceOf(c: Comparison, rates: { q: number; familyWise: number } | null, isOpen = true): Evidence {
  const isEnough = [c.adopters, c.others].every((arm) => arm.n >= leastPerArm && losses(arm) >= leastLosses)
  if (!isEnough || rates === null) return 'not-enough-data'
  return isOpen && excludesZero(c.adjusted) && rates.q <= mostFalse && rates.familyWise <= mostFalse
    ? 'associated'
    : 'no-clear-association'
}

export type CaveatKey =
  | 'too-few-accounts'
  | 'too-few-losses'
  | 'no-strata'
  | 'strata-disagree'
  | 'one-of-many'
  | 'only-in-part'
  | 'vanishes-adjusted'
  | 'many-lost'
  | 'small-arms'
  | 'gap-too-small-to-see'
  | 'unseen-differences'

/** The one thing to mind about a comparison: the first that holds, what most changes its reading first. */
export function caveatOf(c: Judged): CaveatKey {
  if (Math.min(c.adopters.n, c.others.n) < leastPerArm) return 'too-few-accounts'
  if (Math.min(losses(c.adopters), losses(c.others)) < leastLosses) return 'too-few-losses'
  if (c.q === null) return 'no-strata'
  if (c.disagree) return 'strata-disagree'
  if (c.evidence !== 'associated' && excludesZero(c.adjusted))
    return !c.isOpen && c.familyWise! <= mostFalse ? 'only-in-part' : 'one-of-many'
  if (c.evidence !== 'associated' && excludesZero(c.unadjusted)) return 'vanishes-adjusted'
  if (c.lost > (c.adopters.n + c.others.n) / 4) return 'many-lost'
  if (c.evidence === 'associated' && Math.min(c.adopters.n, c.others.n) < 2 * leastPerArm) return 'small-arms'
  if (c.evidence !== 'associated') return 'gap-too-small-to-see'
  return 'unseen-differences'
}
