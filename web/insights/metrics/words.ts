/** How figures, their states and their addresses are said on the pages of metrics. */
import type { MeasureRef } from '../../../src/insights/targets/measures.ts'
import type { Progress, Target, TargetState, Threshold, Unit } from '../../../src/insights/targets/schemas.ts'
import { count, exactMoney, inUnit, isNumberOf, month } from '../../ui/format.ts'

export const points = (change: number, digits = 1): string =>
  `${change < 0 ? '−' : '+'}${Math.abs(change * 100).toFixed(digits)}\u00a0pp`

export const figure = (value: number | null | undefined, unit: Unit, currency: string): string =>
  value === null || value === undefined ? '–' : inUnit(isNumberOf(unit) ? Math.round(value) : value, unit, currency, 1)
export function exactFigure(value: number | null | undefined, unit: Unit, currency: string): string | undefined {
  if (value === null || value === undefined) return undefined
  switch (unit) {
    case 'share':
      return `${(value * 100).toFixed(3)} %`
    case 'money':
      return exactMoney(value, currency)
    case 'hours':
      return `${count(value)}\u00a0h`
    case 'accounts':
    case 'count':
      return count(value)
  }
}

/** From one figure to another, with its sign. */
export function changeOf(from: number, to: number, unit: Unit, currency: string): string {
  const change = to - from
  if (unit === 'share') return Math.abs(change) < 0.0005 ? 'unchanged' : points(change)
  if (Math.abs(change) < (unit === 'hours' ? 0.05 : 0.5)) return 'unchanged'
  return `${change > 0 ? '+' : '−'}${figure(Math.abs(change), unit, currency)}`
}

export const targetText = (t: Target, unit: Unit, currency: string): string =>
  `${t.direction === 'at-least' ? 'at least' : 'at most'} ${figure(t.value, unit, currency)} by ${month(t.month)}`

export const thresholdText = ({ kind, value }: Threshold, unit: Unit, currency: string): string =>
  kind === 'moved'
    ? `moves by more than ${Number((value * 100).toFixed(2))}${unit === 'share' ? '\u00a0pp' : '\u00a0%'} in a month`
    : `is ${kind} ${figure(value, unit, currency)}`

/** A mark and a word, never a colour alone. */
export const targetStates: Record<TargetState, { mark: string; text: string; tone: 'good' | 'bad' | 'plain' }> = {
  met: { mark: '●', text: 'met', tone: 'good' },
  'not-met-yet': { mark: '◐', text: 'not met yet', tone: 'plain' },
  missed: { mark: '▲', text: 'missed', tone: 'bad' },
  'no-value': { mark: '○', text: 'no value', tone: 'plain' },
  'no-target': { mark: '', text: 'no target', tone: 'plain' },
}
export const progressStates: Record<Progress, { mark: string; text: string; tone: 'good' | 'bad' | 'plain' }> = {
  reached: { mark: '●', text: 'reached', tone: 'good' },
  ahead: { mark: '▲', text: 'ahead', tone: 'good' },
  'on-the-line': { mark: '◆', text: 'on the line', tone: 'plain' },
  behind: { mark: '▼', text: 'behind', tone: 'bad' },
  'not-reached': { mark: '▼', text: 'not reached', tone: 'bad' },
  'not-begun': { mark: '○', text: 'not begun', tone: 'plain' },
  'no-value': { mark: '○', text: 'no value', tone: 'plain' },
}

/** What is in the address of a figure's page: the measure in the path, the rest as search; defaults are left out. */
export type RefSearch = Partial<Omit<MeasureRef, 'measure' | 'featureId' | 'segment'>> & {
  featureId?: string
  segment?: string
}
export const refSearch = (ref: MeasureRef): RefSearch =>
  Object.fromEntries(
    Object.entries({
      featureId: ref.featureId ?? undefined,
      segment: ref.segment ?? undefined,
      segmentBy: ref.segment === null || ref.segmentBy === 'segment' ? undefined : ref.segmentBy,
      bands: ref.bands.length > 0 ? ref.bands : undefined,
      window: ref.window === 12 ? undefined : ref.window,
      adoptionMonths: ref.adoptionMonths === 3 ? undefined : ref.adoptionMonths,
      subject: ref.subject,
    }).filter(([, value]) => value !== undefined),
  )
export const refOf = (measure: string, s: RefSearch): MeasureRef => ({
  measure,
  featureId: s.featureId ?? null,
  segment: s.segment ?? null,
  segmentBy: s.segmentBy ?? 'segment',
  bands: s.bands ?? [],
  window: s.window ?? 12,
  adoptionMonths: s.adoptionMonths ?? 3,
  ...(s.subject === undefined ? {} : { subject: s.subject }),
})

/** Months to choose from: two years back to three years on. */
export function monthChoices(around: string): { value: string; label: string }[] {
  const at = Number(around.slice(0, 4)) * 12 + Number(around.slice(5, 7)) - 1
  return Array.from({ length: 61 }, (_, i) => {
    const index = at - 24 + i
    const value = `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`
    return { value, label: month(value) }
  })
}

/** What people type: shares in percent, money and accounts as they are. */
export const typed = (value: number, unit: Unit): string =>
  String(unit === 'share' ? Number((value * 100).toFixed(4)) : value)
export function readTyped(text: string, unit: Unit): number | null {
  const plain = text.replaceAll(/[\s%]/g, '').replace(',', '.')
  const n = Number(plain)
  return plain === '' || !Number.isFinite(n) ? null : unit === 'share' ? n / 100 : n
}
export const unitWords: Record<Unit, string> = {
  share: 'in %',
  money: 'in the currency',
  accounts: 'accounts',
  count: 'a number',
  hours: 'hours',
}
