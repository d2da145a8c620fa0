import { leastShown } from '../statistics/association/evidence.ts'

interface Counted {
  accounts: number
  stayed: number
}
interface Group {
  segment: string
  size: string
  tenure: string
  adopters: Counted
  others: Counted
  difference: object | null
}
const accountsIn = (g: Pick<Group, 'adopters' | 'others'>) => g.adopters.accounts + g.others.accounts
const together = (a: Counted, b: Counted): Counted => ({
  accounts: a.accounts + b.accounts,
  stayed: a.stayed + b.stayed,
})

/**
 * Groups of like accounts, those of fewer than ten added up in one line, so that they come to no list of accounts. Where the small
 * ones are too few together, the next larger joins them.
 */
export function withoutSmallGroups<G extends Group>(groups: readonly G[]): G[] {
  const bySize = groups.toSorted((a, b) => accountsIn(a) - accountsIn(b))
  const small: G[] = []
  let accounts = 0
  for (const group of bySize) {
    if (accountsIn(group) >= leastShown && (small.length === 0 || accounts >= leastShown)) break
    small.push(group)
    accounts += accountsIn(group)
  }
  if (small.length < 2) return [...groups]
  const sum = small.reduce((all, g) => ({
    ...all,
    adopters: together(all.adopters, g.adopters),
    others: together(all.others, g.others),
  }))
  return [
    ...groups.filter((g) => !small.includes(g)),
    { ...sum, segment: `${small.length} smaller groups`, size: 'any', tenure: 'any', difference: null },
  ]
}
