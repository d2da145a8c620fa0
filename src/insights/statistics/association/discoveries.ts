/**
 * The false discovery rate at which each of several tests would be told: its Benjamini-Hochberg q.
 * @param ps the p of every test that was run, those not shown too @returns q in the same order, in [0, 1]
 * Source: Benjamini and Hochberg 1995, Journal of the Royal Statistical Society B 57:289.
 */
export function discoveryRates(ps: readonly number[]): number[] {
  const order = ps.map((p, i) => ({ p, i })).sort((a, b) => b.p - a.p)
  const qs = ps.map(() => 1)
  let least = 1
  for (const [above, { p, i }] of order.entries()) {
    least = Math.min(least, (p * ps.length) / (ps.length - above))
    qs[i] = least
  }
  return qs
}

/**
 * The chance that any of several tests is told wrongly, were each told at its p: Holm's step-down family-wise p. Holds whatever
 * hangs together with what.
 * @returns in the same order, in [0, 1] Source: Holm 1979, Scandinavian Journal of Statistics 6:65.
 */
export function familyWise(ps: readonly number[]): number[] {
  const adjusted = ps.map(() => 1)
  let most = 0
  for (const [below, { p, i }] of ps
    .map((p, i) => ({ p, i }))
    .sort((a, b) => a.p - b.p)
    .entries()) {
    most = Math.max(most, Math.min(1, p * (ps.length - below)))
    adjusted[i] = most
  }
  return adjusted
}
