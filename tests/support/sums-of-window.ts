/** The sums of a window, of accounts as a plain list; what the warehouse adds up must be the same. */
import {
  groups,
  type BookSums,
  type Group,
  type GroupSums,
  type MonthSums,
  type Moves,
} from '../../src/insights/analyses/nrr-variants/variants.ts'

/** An account's ARR at every month-end of the window, the base first; and how it stood before. */
export interface AccountMonths {
  months: readonly number[]
  paidBefore: boolean
}

const noMoves = (): Moves => ({ expansion: 0, contraction: 0, churn: 0, reactivation: 0, new: 0 })

/**
 * @param accounts with months 0 (base) to w, all of one length ≥ 2
 * Movements are per account and month (ChartMogul): from nothing is new or reactivation, to nothing is churn.
 */
export function sumsOfWindow(accounts: readonly AccountMonths[]): Omit<BookSums, 'year' | 'signups'> {
  const width = accounts[0]?.months.length ?? 1
  const sums = {
    accounts: 0,
    start: 0,
    end: 0,
    kept: 0,
    moves: Object.fromEntries(
      groups.map((g) => [g, { accounts: 0, arrEnd: 0, moved: 0, arr: noMoves(), n: noMoves() }]),
    ) as Record<Group, GroupSums>,
    months: Array.from({ length: width - 1 }, (): MonthSums => ({
      start: 0,
      end: 0,
      churn: 0,
      contraction: 0,
      expansion: 0,
      accounts: 0,
      contracted: 0,
    })),
  }
  for (const { months, paidBefore } of accounts) {
    const first = months[0]!
    const last = months.at(-1)!
    if (months.every((arr) => arr <= 0)) continue
    const group = sums.moves[first > 0 ? 'cohort' : paidBefore ? 'returned' : 'won']
    group.accounts += 1
    group.arrEnd += last
    if (first > 0) {
      sums.accounts += 1
      sums.start += first
      sums.end += last
      sums.kept += Math.min(first, last)
    }
    const seen = new Set<keyof Moves>()
    let hasPaid = paidBefore
    for (let i = 1; i < width; i += 1) {
      const before = months[i - 1]!
      const now = months[i]!
      const month = sums.months[i - 1]!
      hasPaid ||= before > 0
      const kind: keyof Moves | null =
        before === now
          ? null
          : before <= 0
            ? hasPaid
              ? 'reactivation'
              : 'new'
            : now <= 0
              ? 'churn'
              : now > before
                ? 'expansion'
                : 'contraction'
      if (before > 0) {
        month.accounts += 1
        month.start += before
        month.end += now
      }
      if (kind === null) continue
      const size = Math.abs(now - before)
      group.arr[kind] += size
      seen.add(kind)
      if (kind === 'churn' || kind === 'contraction' || kind === 'expansion') month[kind] += size
      if (kind === 'contraction') month.contracted += 1
    }
    for (const kind of seen) group.n[kind] += 1
    if (seen.has('expansion') || seen.has('contraction') || seen.has('churn')) group.moved += 1
  }
  return sums
}
