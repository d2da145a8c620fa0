/**
 * The value below which a share of them lies, by linear interpolation between the nearest ranks.
 * @param sorted ascending, at least one @param share fraction in [0, 1]
 * Source: Hyndman & Fan 1996, The American Statistician 50:361, definition 7.
 */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  const at = (sorted.length - 1) * share
  const low = Math.floor(at)
  const below = sorted[low]!
  return below + ((sorted[low + 1] ?? below) - below) * (at - low)
}

/** The same of values in any order. @returns null of nothing */
export const quantile = (values: readonly number[], share: number): number | null =>
  values.length === 0
    ? null
    : quantileOfSorted(
        values.toSorted((a, b) => a - b),
        share,
      )
