/**
 * Small groups of a shared view. A line that says whom it is about, a segment or an owner, is withheld where it holds one or two
 * accounts: its sums would be theirs, and of two each knows the other. Pure.
 */

import { noValue } from '../analyses/ground/adoption-sql.ts'

/** From so many accounts on a line is shown. */
export const fewest = 3
export const fewWords = `fewer than ${fewest} accounts`
export const isFew = (accounts: number): boolean => accounts > 0 && accounts < fewest

export interface Line {
  who: string
  /** At each day that the line tells; the same days in all lines. */
  accounts: readonly number[]
}
/** `few`: too few accounts. `next`: or the others could be worked out from the total. */
export type WithheldLines = Map<string, 'few' | 'next'>

/** What accounts without a segment or an owner are called: such a line tells nobody who they are, whatever their number. */
export const ofNobody: ReadonlySet<string> = new Set([noValue, 'no owner'])

/**
 * Lines that are withheld of one total, which stays: those with few accounts, then the next smallest, until what is missing from the
 * total is that of two lines and three accounts at least, at each day at which a line has few.
 */
export function withheldOf(lines: readonly Line[]): WithheldLines {
  const tellsFew = (l: Line, accounts: number) => !ofNobody.has(l.who) && isFew(accounts)
  const few = lines.filter((l) => l.accounts.some((n) => tellsFew(l, n)))
  const withheld: WithheldLines = new Map(few.map((l) => [l.who, 'few']))
  const days = lines[0]?.accounts.keys() ?? []
  for (const day of days) {
    const isGivenAway = () => {
      const left = lines.filter((l) => withheld.has(l.who) && l.accounts[day]! > 0)
      const sum = left.reduce((all, l) => all + l.accounts[day]!, 0)
      return left.some((l) => tellsFew(l, l.accounts[day]!)) && (left.length < 2 || sum < fewest)
    }
    const others = lines
      .filter((l) => !withheld.has(l.who) && l.accounts[day]! > 0)
      .sort((a, b) => a.accounts[day]! - b.accounts[day]! || (a.who < b.who ? -1 : 1))
    for (const next of others) {
      if (!isGivenAway()) break
      withheld.set(next.who, 'next')
    }
  }
  return withheld
}

/** What is said of it, in a sentence for the page; null where all is shown. */
export function sayWithheld(few: readonly string[], next: readonly string[], inPart: readonly string[]): string | null {
  const parts = [
    few.length > 0 ? `${few.join(', ')} (${fewWords})` : '',
    next.length > 0 ? `${next.join(', ')} (else ${few.join(', ')} could be worked out from the total)` : '',
    inPart.length > 0
      ? `lines of ${inPart.join(', ')} (${fewWords}, or such a line could be worked out from them)`
      : '',
  ].filter(Boolean)
  return parts.length === 0 ? null : `Not shown: ${parts.join('; ')}.`
}
