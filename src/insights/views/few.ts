/**
 * Small groups of a shared view. A line that says whom it is about, a segment or an owner, is withheld where it holds one or two
 * accounts: its sums would be theirs, and of two each knows the other. Pure.
 */

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
export type Withheld = Map<string, 'few' | 'next'>

/**
 * Lines that are withheld of one total, which stays: those with few accounts, then the next smallest, until what is missing from the
 * total is that of two lines and three accounts at least, at each day at which a line has few.
 */
export function withheldOf(lines: readonly Line[]): Withheld {
  const withheld: Withheld = new Map(lines.filter((l) => l.accounts.some(isFew)).map((l) => [l.who, 'few']))
  const days = lines[0]?.accounts.keys() ?? []
  for (const day of days) {
    const left = () => lines.filter((l) => withheld.has(l.who)).flatMap((l) => l.accounts[day]! || [])
    const isGivenAway = () =>
      left().some(isFew) && (left().length < 2 || left().reduce((sum, n) => sum + n, 0) < fewest)
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
      ? `some lines of ${inPart.join(', ')} (${fewWords}, or such a line could be worked out from them)`
      : '',
  ].filter(Boolean)
  return parts.length === 0 ? null : `Not shown: ${parts.join('; ')}.`
}
