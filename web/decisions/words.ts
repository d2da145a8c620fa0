/** States, verdicts and values of decisions as they are read on the pages. */
import type { Decision, Due, Effect, Expected } from '../../src/decisions/schemas.ts'
import { inUnit, plural } from '../ui/format.ts'

export const stateNames: Record<Decision['state'], string> = {
  draft: 'Draft',
  decided: 'Decided',
  revisited: 'Revisited',
  withdrawn: 'Withdrawn',
}
export const outcomeNames = { kept: 'Kept', changed: 'Changed', reversed: 'Reversed' } as const
export const verdictNames: Record<Effect['verdict'], string> = {
  reached: '● Reached',
  'not-reached': '○ Not reached',
  'not-yet': '◐ Not reached yet',
  unknown: '– Not known',
}

export const dueText = (due: Due): string =>
  due.state === 'due'
    ? 'due'
    : due.state === 'overdue'
      ? `overdue by ${plural(due.days, 'day', 'days')}`
      : `in ${plural(due.days, 'day', 'days')}`

type Unit = Effect['unit']
export const valueOf = (value: number | null | undefined, unit: Unit, currency: string): string =>
  value === null || value === undefined ? '–' : inUnit(value, unit, currency)

/** A share is typed as per cent, money in whole units, the rest as a number. */
export const typedOf = (value: number, unit: Unit): string =>
  String(Number((unit === 'share' ? value * 100 : value).toFixed(6)))
export const parseTyped = (text: string, unit: Unit): number | null => {
  const number = Number(
    text
      .trim()
      .replace(/[\s%€$£]/g, '')
      .replace(',', '.')
      .replace('−', '-'),
  )
  return text.trim() === '' || !Number.isFinite(number) ? null : unit === 'share' ? number / 100 : number
}
export const expectedKinds: { value: Expected['as'] | 'down'; label: string }[] = [
  { value: 'value', label: 'is to be' },
  { value: 'change', label: 'is to change by' },
  { value: 'direction', label: 'is to rise' },
  { value: 'down', label: 'is to fall' },
]
