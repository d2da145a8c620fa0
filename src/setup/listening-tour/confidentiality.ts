/** What may be shown of answers that were given in confidence, and what the people who give them are told. */
import { forbidden, precondition } from '../../platform/errors.ts'

/** No group is smaller, whatever is set. */
export const smallestGroup = 3

/** Below it an audience is interviewed: a threshold would leave nothing to show, or too little to hide in. */
export const fewestForAWave = (groupOf: number): number => 2 * Math.max(groupOf, smallestGroup)

/**
 * Whether what waits becomes readable now: all of it at once, or nothing. One answer after another would each be the difference between
 * two looks. Marks of who has answered go with it, so that they say no more than the answers do.
 */
export const isReleased = (waiting: number, groupOf: number): boolean => waiting >= Math.max(groupOf, smallestGroup)

/** @throws precondition for an audience so small that a name is all but known */
export function refuseFewInvited(invited: number, groupOf: number): void {
  const fewest = fewestForAWave(groupOf)
  if (invited < fewest)
    throw precondition(
      `${invited} ${invited === 1 ? 'person is' : 'people are'} invited, and ${fewest} is the fewest whose answers can be kept apart from their names. Interview them instead: an interview is confidential, not anonymous, and says so.`,
    )
}

export interface Cut {
  /** Values that can be asked for alone, each with how many gave it. */
  shown: { name: string; people: number }[]
  /** The others together; null where there are none. */
  rest: { people: number; names: number } | null
}

/**
 * What of a cut may be shown: parts of at least `groupOf`, and a rest that is none or as large, so that no part is the whole less what is
 * shown. Where the rest is smaller, the next smallest part joins it.
 * @param parts how many gave each value; who gave none is of the rest @param total of all answers
 */
export function safeCut(parts: ReadonlyMap<string, number>, total: number, groupOf: number): Cut {
  const least = Math.max(groupOf, smallestGroup)
  const sorted = [...parts].map(([name, people]) => ({ name, people })).sort((a, b) => b.people - a.people)
  const shown = sorted.filter((p) => p.people >= least)
  const rest = () => total - shown.reduce((sum, p) => sum + p.people, 0)
  while (shown.length > 0 && rest() > 0 && rest() < least) shown.pop()
  const people = rest()
  return { shown, rest: people > 0 ? { people, names: sorted.length - shown.length } : null }
}

/**
 * @param isClosed cuts exist once nobody answers any more: before, a part that grew by one would tell who it was
 * @throws precondition while the wave is open, forbidden for a part that stands for too few
 */
export function needPart(cut: Cut, name: string, isClosed: boolean): void {
  if (!isClosed)
    throw precondition(
      'Answers are shown by area once the wave is closed: before, an area that grew by one would tell who it was.',
    )
  if (!cut.shown.some((p) => p.name === name))
    throw forbidden(
      `Too few people of “${name}” have answered, or too few would be left over. Look at all areas together.`,
    )
}

/** What a person is told before they answer, and what is held. */
export const promiseOf = (groupOf: number): string[] => [
  'Your name is not stored with your answer. Nobody can look up who wrote what, not even an administrator with a copy of the database.',
  `Answers become readable ${groupOf} or more at a time. Until then they lie encrypted.`,
  `Of you it is known whether your link was used, and that too is told for ${groupOf} or more people at a time.`,
  'What you write in your own words is read as you wrote it. Leave out what would give you or somebody else away.',
]

export const interviewPromise =
  'This conversation is confidential, not anonymous. Your name stands beside the notes, which only Product Operations and administrators read; others see sums over several people. You are quoted only if you agree, and never by name.'
