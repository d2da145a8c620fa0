/** Which questions are alike, how long answers take, and who sees what. */
import { quantile } from '../insights/statistics/quantile.ts'
import { forbidden, precondition } from '../platform/errors.ts'
import type { Group, Times } from './schemas.ts'

const hourMs = 3_600_000

/** @returns hours by the clock, to a hundredth */
export const hoursBetween = (from: Date, to: Date): number =>
  Math.max(0, Math.round(((to.getTime() - from.getTime()) / hourMs) * 100) / 100)

const fewestForTail = 10

/** A ninetieth percentile of fewer than ten would be the slowest one under another name. */
export const timesOf = (hours: readonly number[]): Times => ({
  answered: hours.length,
  medianHours: quantile(hours, 0.5),
  p90Hours: hours.length < fewestForTail ? null : quantile(hours, 0.9),
})

/** Twice the words in common by the words of both: 1 says the same in other endings, 0 shares nothing. Source: Dice 1945, Ecology 26:297. */
export function likeness(a: readonly string[], b: readonly string[]): number {
  const mine = new Set(a)
  const theirs = new Set(b)
  if (mine.size + theirs.size === 0) return 0
  return (2 * [...mine].filter((word) => theirs.has(word)).length) / (mine.size + theirs.size)
}

/** While somebody still types: the share of what is typed that the question holds, where the last word may be a beginning. */
export function isAskedBy(typed: readonly string[], words: readonly string[]): number {
  if (typed.length === 0) return 0
  return (
    typed.filter((part) => words.some((word) => word === part || (part.length >= 3 && word.startsWith(part)))).length /
    typed.length
  )
}

export interface Asked {
  id: string
  question: string
  askedBy: string
  askedAt: Date
  words: readonly string[]
  sameAs: string | null
  address: string | null
}
const alike = 0.6

/** Questions asked more than once: alike in their words or answered by the same earlier answer. Most asked first. */
export function groupRepeated(all: readonly Asked[]): Group[] {
  const groups: Asked[][] = []
  for (const one of [...all].sort((a, b) => a.askedAt.getTime() - b.askedAt.getTime())) {
    const known = groups.find((g) =>
      g.some(
        (o) =>
          o.id === one.sameAs ||
          (o.sameAs !== null && o.sameAs === one.sameAs) ||
          likeness(o.words, one.words) >= alike,
      ),
    )
    if (known) known.push(one)
    else groups.push([one])
  }
  return groups
    .filter((g) => g.length > 1)
    .map((g) => ({
      question: g.at(-1)!.question,
      times: g.length,
      people: new Set(g.map((o) => o.askedBy)).size,
      lastAskedAt: g.at(-1)!.askedAt.toISOString(),
      requestIds: g.map((o) => o.id),
      address: g.findLast((o) => o.address !== null)?.address ?? null,
    }))
    .sort((a, b) => b.times - a.times || (a.lastAskedAt < b.lastAskedAt ? 1 : -1))
}

export interface Reader {
  userId: string
  seesAccounts: boolean
}
interface Shown {
  state: string
  askedBy: string
  namesAccounts: boolean
}

/** Who may not see account names sees the own questions, and answered ones that name none. */
export const isVisible = (request: Shown, reader: Reader): boolean =>
  reader.seesAccounts || request.askedBy === reader.userId || (request.state === 'answered' && !request.namesAccounts)
export const isWithheld = (request: Shown, reader: Reader): boolean => request.namesAccounts && !reader.seesAccounts

export function refuseAnswer(state: string): void {
  if (state !== 'open') throw precondition(`This question is ${state} already. Reopen it to answer it anew.`)
}

/** Whoever asked, or whoever answers. */
export function refuseEnd(
  request: { state: string; askedBy: string },
  actorId: string,
  mayAnswer: boolean,
  to: 'closed' | 'open',
): void {
  if (!mayAnswer && request.askedBy !== actorId) throw forbidden('Who asked this, or Product Ops, does this.')
  if (to === 'closed' && request.state === 'closed') throw precondition('This question is closed already.')
  if (to === 'open' && request.state === 'open') throw precondition('This question is open already.')
}
