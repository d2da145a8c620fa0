/** The question in full, and the specification that is stored before its answer is computed. */
import { createHash } from 'node:crypto'
import type { Db } from '../../../platform/db/database.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { listDefinitionVersions } from '../../features/definitions/queries.ts'
import { inForce, inOrder } from '../../features/definitions/rules.ts'
import { listFeatures } from '../../features/queries.ts'
import { leastLosses, leastPerArm, mostFalse } from '../../statistics/association/evidence.ts'
import { monthEnd, monthIndex } from '../../../platform/calendar/month.ts'
import { precondition } from '../../../platform/errors.ts'
import { fitWindow, lastCompleteMonth, type History } from '../ground/adoption.ts'
import { pickMonth } from '../ground/asking.ts'
import { defaultSegment, readAttributes } from '../ground/attributes.ts'
import { findControl } from './queries.ts'
import type { AssociationInput, AssociationSpec, Question } from './schemas.ts'
import type { Scope } from '../../../platform/scope.ts'

const usualWindow = 12
/** Below this no window is chosen unasked: too few contracts come up. */
const shortestChosen = 3

/**
 * Fills in what was left open: the last complete month, a year or the longest that fits, the usual segment.
 * @throws precondition where no window fits the history
 */
export async function resolveQuestion(con: Connection, input: AssociationInput, history: History): Promise<Question> {
  const month = pickMonth(input.month, history)
  const asked = input.window ?? usualWindow
  const { window, problem } = fitWindow(monthIndex(month), asked, input.adoptionMonths, history)
  const longest = problem?.longestThatFits ?? 0
  const fitting = window ?? (input.window === undefined && longest >= shortestChosen ? longest : null)
  if (fitting === null)
    throw precondition(problem!.text.replace(' Adoption now is shown.', ''), { longestThatFits: longest })
  const segmentBy = input.segmentBy ?? defaultSegment(await readAttributes(con)) ?? 'arr'
  return {
    month,
    window: fitting,
    adoptionMonths: input.adoptionMonths,
    segmentBy,
    bands: input.bands ?? (segmentBy === 'arr' ? [10_000, 100_000] : []),
  }
}

/** What each refresh asks: everything left open. Null where the history is too short for it. */
export async function defaultQuestion(con: Connection, history: History): Promise<Question | null> {
  const month = lastCompleteMonth(history)
  const { problem } = fitWindow(monthIndex(month), usualWindow, 3, history)
  if (monthIndex(month) < history.firstRevenueMonth || (problem && problem.longestThatFits < shortestChosen))
    return null
  return resolveQuestion(con, { adoptionMonths: 3 }, history)
}

export const sameQuestion = (a: Question, b: Question): boolean => questionKey(a) === questionKey(b)
const questionKey = (q: Question) =>
  JSON.stringify([q.month, q.window, q.adoptionMonths, q.segmentBy, [...q.bands].sort((x, y) => x - y)])

/** Features as they are defined now; a changed rule or definition gives another hash. */
export async function readSpec(db: Db, scope: Scope, question: Question): Promise<AssociationSpec> {
  const features = await listFeatures(db, scope)
  const versions = await listDefinitionVersions(db, scope)
  const baseDay = monthEnd(monthIndex(question.month) - question.window)
  const approved = (id: string) => inOrder(versions.filter((v) => v.featureId === id))
  const said = ({ id, rules, releasedOn, entitledPlans }: (typeof features)[number]) => ({
    rules,
    releasedOn,
    entitledPlans,
    definitions: approved(id).map(({ version, validFrom, unit, atLeast, windowKind, windowLength, valueEvents }) => ({
      version,
      validFrom,
      unit,
      atLeast,
      windowKind,
      windowLength,
      valueEvents,
    })),
  })
  return {
    ...question,
    outcome: 'the account still has ARR at the end of the month',
    strata: 'segment × third of ARR within it × years since first paid (under 1, 1 to 2, 2 and more)',
    q: mostFalse,
    leastPerArm,
    leastLosses,
    negativeControl: (await findControl(db, scope))?.name ?? null,
    features: features.map((f) => ({
      id: f.id,
      name: f.name,
      version: inForce(approved(f.id), baseDay)?.version ?? 0,
      definition: hashOf(said(f)).slice(0, 16),
    })),
  }
}

const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex')
export const specHash = (spec: AssociationSpec): string => hashOf(spec)

/** Features that are defined otherwise now, came since, or are gone. */
export function changedDefinitions(then: AssociationSpec, now: AssociationSpec): string[] {
  const key = (f: AssociationSpec['features'][number]) => `${f.id} ${f.name} ${f.definition}`
  const known = new Set(then.features.map(key))
  const current = new Set(now.features.map(key))
  return [
    ...new Set(
      [...now.features.filter((f) => !known.has(key(f))), ...then.features.filter((f) => !current.has(key(f)))].map(
        (f) => f.name,
      ),
    ),
  ].sort((a, b) => (a < b ? -1 : 1))
}
