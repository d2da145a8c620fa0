/** Who may do what to a decision in which state, what it takes to decide, and when it is due. */
import { isDeepStrictEqual } from 'node:util'
import { forbidden, invalid, notFound, precondition } from '../platform/errors.ts'
import { daysBetween } from '../platform/calendar/month.ts'
import type { DecisionContent, Due } from './schemas.ts'
import type { State } from './tables.ts'

export interface Standing {
  id: string
  state: State
  version: number
  deciderId: string | null
  content: DecisionContent
}

/** What a decision is called before it has a title. */
export const titleOf = ({ title }: Pick<DecisionContent, 'title'>): string => (title === '' ? 'Untitled draft' : title)

function needState(decision: Pick<Standing, 'state'>, state: State, what: string): void {
  if (decision.state !== state)
    throw precondition(
      `This decision is ${decision.state === 'draft' ? 'still a draft' : `${decision.state} already`}: ${what}`,
    )
}

/** What a draft still lacks, in words that finish “Add …”. */
export function missingIn(content: DecisionContent, deciderId: string | null): string[] {
  const { options, taken, expectation } = content
  const isChosen = taken !== null && (options[taken]?.title ?? '') !== ''
  return [
    ...(content.title === '' ? ['a title'] : []),
    ...(content.finding.text === '' ? ['the finding'] : []),
    ...(options.filter((o) => o.title !== '').length < 2 ? ['at least two options; doing nothing is one'] : []),
    ...(isChosen ? [] : ['which option is taken']),
    ...(content.why === '' ? ['why'] : []),
    ...(expectation === null ? ['what is expected of which metric'] : []),
    ...(content.revisitOn === null ? ['the day to look at it again'] : []),
    ...(deciderId === null ? ['the product manager who decides'] : []),
  ]
}

/** Product Ops informs decisions and never makes them: the named product manager alone takes one. */
export function refuseDecision(decision: Standing, actorId: string, today: string): void {
  needState(decision, 'draft', 'it is decided once.')
  if (decision.deciderId !== actorId)
    throw forbidden(
      decision.deciderId === null
        ? 'Nobody is named yet who decides this. Name yourself first.'
        : 'Somebody else is named to decide this. Only that person takes it.',
    )
  const missing = missingIn(decision.content, decision.deciderId)
  if (missing.length > 0) throw precondition(`Before it can be decided, add ${missing.join(', ')}.`)
  if (decision.content.revisitOn! <= today) throw invalid('“revisitOn”: the day to look at it again must lie ahead.')
}

/** Whoever decided revisits; where that person is no product manager here any more, any product manager does. */
export function refuseRevisit(decision: Standing, actorId: string, productManagers: readonly string[]): void {
  needState(decision, 'decided', 'what was decided and not yet revisited is revisited.')
  if (decision.deciderId !== actorId && productManagers.includes(decision.deciderId!))
    throw forbidden('The product manager who decided this revisits it.')
}

/** A draft by whoever may prepare; what was decided only by who decided. */
export function refuseWithdrawal(decision: Standing, actorId: string): void {
  if (decision.state === 'withdrawn') throw precondition('This decision is withdrawn already.')
  if (decision.state !== 'draft' && decision.deciderId !== actorId)
    throw forbidden('The product manager who decided this withdraws it.')
}

const heldParts = (c: DecisionContent) => [c.finding, c.taken, c.options.length, c.expectation, c.revisitOn]

/** After it is decided its words can be corrected, as a new edition with a reason; what was found, taken and expected stands. */
export function refuseCorrection(
  decision: Standing,
  actorId: string,
  content: DecisionContent,
  reason: string | null,
): void {
  if (decision.state === 'withdrawn') throw precondition('This decision is withdrawn. Its text is kept as it was.')
  if (decision.deciderId !== actorId) throw forbidden('The product manager who decided this corrects its words.')
  if (!reason) throw invalid('“correction”: say what is corrected and why. The earlier text is kept and shown.')
  if (!isDeepStrictEqual(heldParts(content), heldParts(decision.content)))
    throw precondition(
      'What was found, taken and expected stands as it was decided. To change it, withdraw this decision with the reason and decide anew.',
    )
}

/** What was found on a page is kept as it was; what somebody wrote from scratch can be rewritten until it is decided. */
export const keepFinding = (before: DecisionContent, after: DecisionContent): DecisionContent =>
  before.finding.address === null ? after : { ...after, finding: before.finding }

export function refuseDecider(deciderId: string | null, productManagers: readonly string[]): void {
  if (deciderId !== null && !productManagers.includes(deciderId)) throw notFound('product manager', deciderId)
}

/** @param today and revisitOn as `YYYY-MM-DD` @returns null where nothing is to be looked at again */
export function dueOf(state: State, revisitOn: string | null, today: string): Due | null {
  if (state !== 'decided' || revisitOn === null) return null
  const days = daysBetween(today, revisitOn)
  return days > 0
    ? { state: 'ahead', days }
    : days === 0
      ? { state: 'due', days: 0 }
      : { state: 'overdue', days: -days }
}
