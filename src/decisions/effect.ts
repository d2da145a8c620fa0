/** The effect beside the expectation: value then, expected, value now, said plainly and without a claim about the cause. */
import type { MeasurePoint, MeasureRef } from '../insights/targets/measures.ts'
import { spoken } from '../insights/targets/rules.ts'
import { monthIndex } from '../platform/calendar/month.ts'
import type { Counted, MeasureKind, Unit } from '../platform/rooms/measure.ts'
import { count, hoursText, percent, plural, shortDay, shortMoney, shortMonth } from '../platform/wording.ts'
import type { Effect, Expected } from './schemas.ts'

/** `Adoption rate of Collaboration in Enterprise`, `NRR over 12 months`. */
export function measurePhrase(kind: MeasureKind, ref: MeasureRef, of: string | null): string {
  if (kind.about !== undefined) return spoken(kind, ref, of ?? kind.about)
  return spoken(kind, ref, kind.needsFeature ? (of ?? 'a feature that was taken out') : null)
}

const signed = (value: number, text: string) => `${value < 0 ? '−' : '+'}${text}`
export function valueText(value: number, unit: Unit, currency: string): string {
  switch (unit) {
    case 'money':
      return value < 0 ? `−${shortMoney(-value, currency)}` : shortMoney(value, currency)
    case 'share':
      return percent(value)
    case 'accounts':
      return plural(value, 'account', 'accounts')
    case 'count':
      return count(value)
    case 'hours':
      return hoursText(value)
  }
}
const changeText = (change: number, unit: Unit, currency: string) =>
  signed(
    change,
    unit === 'share'
      ? `${Number((Math.abs(change) * 100).toFixed(1))} percentage points`
      : valueText(Math.abs(change), unit, currency),
  )

/** The value that was expected, as far as it can be said in the measure's unit: a change counts from the value at the decision. */
export function expectedValue(expected: Expected, then: number | null): number | null {
  if (expected.as === 'value') return expected.value
  return expected.as === 'change' && then !== null ? then + expected.change : null
}

export function expectedText(expected: Expected, then: number | null, unit: Unit, currency: string): string {
  if (expected.as === 'direction') return expected.direction === 'up' ? 'a rise' : 'a fall'
  const value = expectedValue(expected, then)
  if (expected.as === 'change')
    return value === null
      ? `a change of ${changeText(expected.change, unit, currency)}`
      : `${valueText(value, unit, currency)} (${changeText(expected.change, unit, currency)})`
  return valueText(value!, unit, currency)
}

/**
 * Reached is a statement about the value alone, not about its interval nor its cause: at or beyond what was expected, on the
 * side on which it lay when it was decided.
 * @param values of the measure in its unit; null where it is not known @returns `not-yet` before the day, `unknown` without a value
 */
export function verdictOf(
  expected: Expected,
  values: { atDecision: number | null; now: number | null },
  isPast: boolean,
): Effect['verdict'] {
  const { atDecision: then, now } = values
  const aim = expectedValue(expected, then)
  if (now === null || (then === null && (expected.as !== 'value' || aim === null))) return 'unknown'
  const isReached = expected.as === 'direction' ? hasMoved(expected.direction, then!, now) : isAtAim(aim!, then, now)
  if (isReached) return 'reached'
  return isPast ? 'not-reached' : 'not-yet'
}

const hasMoved = (direction: 'up' | 'down', then: number, now: number) => (direction === 'up' ? now > then : now < then)

function isAtAim(aim: number, then: number | null, now: number): boolean {
  if (then === null || aim === then) return Math.abs(now - aim) < 1e-12
  return aim > then ? now >= aim : now <= aim
}

export interface Told {
  phrase: string
  unit: Unit
  counted: Counted
  currency: string
  expected: Expected
  by: string | null
  decidedOn: string | null
  atDecision: MeasurePoint | null
  now: MeasurePoint | null
}

/** Such a value is itself the number that it is about. */
const isCount = (unit: Unit) => unit === 'accounts' || unit === 'count'

function nowText({ unit, counted, currency, now }: Told): string {
  if (now === null) return 'its value now is not known'
  if (now.value === null)
    return now.mark === 'suppressed' && now.base > 0
      ? `for ${shortMonth(now.month)} it is not shown: ${plural(now.base, counted.one, counted.many)}, fewer than 10`
      : `for ${shortMonth(now.month)} it is not known`
  const interval =
    now.low !== null && now.high !== null
      ? `, ${valueText(now.low, unit, currency)} to ${valueText(now.high, unit, currency)},`
      : ''
  const base = isCount(unit) ? '' : ` of ${plural(now.base, counted.one, counted.many)}`
  return `it is ${valueText(now.value, unit, currency)} in ${shortMonth(now.month)}${interval}${base}`
}

/** `Adoption rate of Collaboration in Enterprise was 12 % on 3 Mar 2026; 25 % was expected by 3 Sep 2026; it is 19 % in Aug 2026, 15 % to 24 %, of 83 accounts.` */
export function writeEffect(told: Told): string {
  const { phrase, unit, currency, expected, by, decidedOn, atDecision: then } = told
  const awaited = expectedText(expected, then?.value ?? null, unit, currency)
  const when = by === null ? '' : ` by ${shortDay(by)}`
  if (decidedOn === null) return `${phrase}: ${awaited} is expected${when}; ${nowText(told)}.`
  const value = then?.value == null ? 'not known' : valueText(then.value, unit, currency)
  return `${phrase} was ${value} on ${shortDay(decidedOn)}; ${awaited} was expected${when}; ${nowText(told)}.`
}

const sameAs = (a: number, b: number) => Math.abs(a - b) < 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))

/** Which month the value of then is of, what a later reading of it says, and that a comparison in time proves no cause. */
export function writeCaveat(
  { atDecision: then, now, decidedOn, unit, currency, counted }: Told,
  readAgain: MeasurePoint | null,
): string {
  const said: string[] = []
  if (decidedOn !== null && then !== null && then.value !== null)
    said.push(`The value then is that of ${shortMonth(then.month)}, the last full month known on the day.`)
  if (then?.value != null && readAgain?.value != null && !sameAs(then.value, readAgain.value))
    said.push(
      `Read today, that month is ${valueText(readAgain.value, unit, currency)}: data or a definition changed since.`,
    )
  if (then && now && monthIndex(now.month) <= monthIndex(then.month)) said.push('No later month is complete yet.')
  if (now?.mark === 'directional') said.push(`10 to 29 ${counted.many}: a direction rather than a figure.`)
  return [...said, 'Not proof that the decision did it.'].join(' ')
}
