/** When an account has adopted a feature: versions of a definition, the one in force, and how it is said. */
import { conflict, invalid, precondition } from '../../../platform/errors.ts'
import { plural, shortDay } from '../../../platform/wording.ts'
import type { AdoptionRule, FeatureRule } from '../schemas.ts'

/** What holds where nobody said otherwise: any use in the three full months that end with the day's. */
export const defaultRule: AdoptionRule = {
  unit: 'events',
  atLeast: 1,
  windowKind: 'calendar',
  windowLength: 3,
  valueEvents: null,
}

export interface DefinitionVersion extends AdoptionRule {
  id: string
  version: number
  state: 'proposed' | 'approved' | 'withdrawn'
  validFrom: string | null
}

/** Approved versions in the order in which they hold. */
export const inOrder = <D extends DefinitionVersion>(versions: readonly D[]): D[] =>
  versions.filter((v) => v.state === 'approved').sort((a, b) => ((a.validFrom ?? '') < (b.validFrom ?? '') ? -1 : 1))

/** The version that holds on the day; null: the default. */
export const inForce = <D extends DefinitionVersion>(versions: readonly D[], day: string): D | null =>
  inOrder(versions)
    .filter((v) => (v.validFrom ?? '') <= day)
    .at(-1) ?? null

/** `at least 3 users in the 30 days to the day`. */
export function wordsOf(rule: AdoptionRule): string {
  const window =
    rule.windowKind === 'calendar'
      ? rule.windowLength === 1
        ? 'the full month'
        : `the ${rule.windowLength} full months`
      : `the ${plural(rule.windowLength, 'day', 'days')}`
  const what = { events: ['use', 'uses'], users: ['user', 'users'], days: ['day with use', 'days with use'] }[
    rule.unit
  ] as [string, string]
  const much = rule.unit === 'events' && rule.atLeast === 1 ? 'any use' : `at least ${plural(rule.atLeast, ...what)}`
  const counted =
    rule.valueEvents === null
      ? ''
      : `, counting ${rule.valueEvents.slice(0, 3).map(ruleWords).join(', ')}${rule.valueEvents.length > 3 ? ` and ${rule.valueEvents.length - 3} more` : ''}`
  return `${much} in ${window} to the day${counted}`
}

const ruleWords = (rule: FeatureRule) => (rule.kind === 'prefix' ? `${rule.value}…` : rule.value)

/** What can be wrong with a definition in itself. @throws invalid */
export function checkRule(rule: AdoptionRule): void {
  if (rule.windowKind === 'calendar' && rule.windowLength > 12)
    throw invalid('“windowLength”: at most 12 full months. For a longer look say days.')
  if (rule.unit === 'days' && rule.windowKind === 'rolling' && rule.atLeast > rule.windowLength)
    throw invalid(`“atLeast”: ${rule.windowLength} days cannot hold ${rule.atLeast} days with use.`)
  if (rule.unit === 'days' && rule.windowKind === 'calendar' && rule.atLeast > rule.windowLength * 28)
    throw invalid(
      `“atLeast”: ${plural(rule.windowLength, 'month', 'months')} may be shorter than ${rule.atLeast} days.`,
    )
  if (rule.valueEvents?.length === 0)
    throw invalid('“valueEvents”: name at least one event that counts, or leave it out so that all count.')
}

/**
 * Whether a version may follow the approved ones: it changes what counts, and holds from a day after the last one's.
 * @throws invalid, conflict
 */
export function checkFollows(
  versions: readonly DefinitionVersion[],
  next: AdoptionRule & { validFrom: string | null },
): void {
  const last = inOrder(versions).at(-1)
  const shape = ({ unit, atLeast, windowKind, windowLength, valueEvents }: AdoptionRule) =>
    JSON.stringify([unit, atLeast, windowKind, windowLength, valueEvents])
  if (shape(last ?? defaultRule) === shape(next))
    throw conflict(
      last
        ? `Version ${last.version} says just this already.`
        : 'The default says just this already: any use in the 3 full months to the day.',
    )
  if (last && (next.validFrom ?? '') <= (last.validFrom ?? ''))
    throw invalid(
      `“validFrom”: version ${last.version} holds ${last.validFrom ? `from ${shortDay(last.validFrom)}` : 'since ever'}. Choose a later day for the new one.`,
    )
}

/** @throws precondition where somebody decided already */
export function checkPending(definition: { state: string; version: number }): void {
  if (definition.state !== 'proposed')
    throw precondition(`Version ${definition.version} is ${definition.state} already.`)
}
