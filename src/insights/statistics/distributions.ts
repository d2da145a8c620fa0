/** The few distribution functions that the metrics need, of the library jstat. */
import jstat from 'jstat'

/** The value below which a standard normal variable lies with probability p, 0 < p < 1. */
export const normalQuantile = (p: number): number => jstat.normal.inv(p, 0, 1)

/** The probability that a standard normal variable is at least as far from zero as z. @returns a share in [0, 1] */
export const twoSidedP = (z: number): number => Math.min(1, 2 * jstat.normal.cdf(-Math.abs(z), 0, 1))

/** The probability that a χ² variable exceeds x. @param degrees of freedom, above 0 @returns a share in [0, 1] */
export const chiSquareTail = (x: number, degrees: number): number =>
  Math.min(1, Math.max(0, 1 - jstat.chisquare.cdf(Math.max(0, x), degrees)))
