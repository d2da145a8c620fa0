/** When a threshold is crossed, a target met, a key result on its line, and a published figure restated. Pure. */
import type { MeasureKind, Unit } from '../../platform/rooms/measure.ts'
import type { MeasureRef } from './measures.ts'
import { monthIndex } from '../../platform/calendar/month.ts'
import { count, hoursText, plural, shortDay, shortMoney, shortMonth } from '../../platform/wording.ts'
import type { MadeOf, Progress, Target, TargetState, Threshold } from './schemas.ts'

/** A measure in one line: two that mean the same figure have the same line, whatever else they carry. */
export function refKey(of: Pick<MeasureKind, 'hasWindow' | 'needsFeature'>, ref: MeasureRef): string {
  const segment = ref.segment === null ? null : [ref.segmentBy, ref.segment, ...ref.bands]
  return JSON.stringify([
    ref.measure,
    of.hasWindow ? ref.window : null,
    of.needsFeature ? [ref.featureId, ref.adoptionMonths] : null,
    segment,
    ...(ref.subject === undefined ? [] : [ref.subject]),
  ])
}

/** A figure as it is said in a sentence: `NRR over 12 months in Enterprise`, `Adoption rate of Collaboration`. */
export function spoken(
  { name, hasWindow }: Pick<MeasureKind, 'name' | 'hasWindow'>,
  ref: MeasureRef,
  feature: string | null,
): string {
  const over = hasWindow ? ` over ${plural(ref.window, 'month', 'months')}` : ''
  const of = feature ? ` of ${feature}` : ''
  const within = ref.segment === null ? '' : ` in ${ref.segment}`
  return `${name}${over}${of}${within}`
}

/** As it is said: a share to a tenth of a percent, money compact, accounts and other counts whole, hours to a tenth. */
export function valueText(value: number, unit: Unit, currency: string): string {
  switch (unit) {
    case 'share':
      return `${(value * 100).toFixed(1)} %`
    case 'money':
      return shortMoney(value, currency)
    case 'accounts':
      return plural(Math.round(value), 'account', 'accounts')
    case 'count':
      return count(Math.round(value))
    case 'hours':
      return hoursText(value)
  }
}

interface Known {
  value: number | null
  prior: number | null
}

/** Null where it cannot be told: suppressed and missing values never alert, and end no alert either. */
export function isCrossed(threshold: Threshold, unit: Unit, { value, prior }: Known): boolean | null {
  if (value === null) return null
  switch (threshold.kind) {
    case 'above':
      return value > threshold.value
    case 'below':
      return value < threshold.value
    case 'moved': {
      if (prior === null || (unit !== 'share' && prior === 0)) return null
      return Math.abs(unit === 'share' ? value - prior : (value - prior) / prior) > threshold.value
    }
  }
}

export interface OpenAlert {
  id: string
  kind: Threshold['kind']
  threshold: number
  month: string
}
export interface Judged {
  raise: Threshold[]
  end: string[]
}

/**
 * What a refresh does to the alerts of one metric: one is raised for a crossing, not again until the figure went back. A move
 * belongs to its month: that of a later month is another. An alert whose threshold was taken out ends.
 */
export function judgeThresholds(
  thresholds: readonly Threshold[],
  open: readonly OpenAlert[],
  unit: Unit,
  month: string,
  known: Known,
): Judged {
  const judged: Judged = {
    raise: [],
    end: open.filter((a) => !thresholds.some((t) => t.kind === a.kind && t.value === a.threshold)).map((a) => a.id),
  }
  for (const threshold of thresholds) {
    const standing = open.find((a) => a.kind === threshold.kind && a.threshold === threshold.value)
    const crossed = isCrossed(threshold, unit, known)
    if (crossed === null) continue
    const isOld = standing !== undefined && threshold.kind === 'moved' && standing.month < month
    if (standing && (!crossed || isOld)) judged.end.push(standing.id)
    if (crossed && (!standing || isOld)) judged.raise.push(threshold)
  }
  return judged
}

export function thresholdText({ kind, value }: Threshold, unit: Unit, currency: string): string {
  if (kind === 'above') return `above ${valueText(value, unit, currency)}`
  if (kind === 'below') return `below ${valueText(value, unit, currency)}`
  return `moved by more than ${unit === 'share' ? `${trimmed(value * 100)} points` : `${trimmed(value * 100)} %`} in a month`
}
const trimmed = (n: number) => String(Number(n.toFixed(2)))

export function alertText(
  a: { said: string; kind: Threshold['kind']; threshold: number; month: string; value: number; prior: number | null },
  unit: Unit,
  currency: string,
): string {
  const line = thresholdText({ kind: a.kind, value: a.threshold }, unit, currency)
  const was = a.prior === null ? '' : `, after ${valueText(a.prior, unit, currency)} the month before`
  return a.kind === 'moved'
    ? `${a.said} ${line}: ${valueText(a.value, unit, currency)} in ${shortMonth(a.month)}${was}.`
    : `${a.said} is ${line}: ${valueText(a.value, unit, currency)} in ${shortMonth(a.month)}${was}.`
}

/** The target that counts at a month: the next one, else the last. */
export function targetAt(targets: readonly Target[], month: string): Target | null {
  const sorted = [...targets].sort((a, b) => (a.month < b.month ? -1 : 1))
  return sorted.find((t) => t.month >= month) ?? sorted.at(-1) ?? null
}

export function targetState(target: Target | null, month: string, value: number | null): TargetState {
  if (!target) return 'no-target'
  if (value === null) return 'no-value'
  if (target.direction === 'at-least' ? value >= target.value : value <= target.value) return 'met'
  return target.month > month ? 'not-met-yet' : 'missed'
}

/** A twentieth of the way beside the line still is on the line. */
const slack = 0.05

export interface Line {
  startMonth: string
  startValue: number
  targetMonth: string
  targetValue: number
}

/**
 * Where a key result stands on the straight line from start to target.
 * @returns `done` and `expected` as fractions of the way; below 0 it went the other way
 */
export function progressOf(
  line: Line,
  month: string,
  value: number | null,
): { done: number | null; expected: number; lineValue: number; state: Progress } {
  const from = monthIndex(line.startMonth)
  const to = monthIndex(line.targetMonth)
  const at = monthIndex(month)
  const expected = Math.min(1, Math.max(0, (at - from) / (to - from)))
  const lineValue = line.startValue + expected * (line.targetValue - line.startValue)
  if (value === null) return { done: null, expected, lineValue, state: 'no-value' }
  const done = (value - line.startValue) / (line.targetValue - line.startValue)
  const state = (): Progress => {
    if (at < from) return 'not-begun'
    if (done >= 1) return 'reached'
    if (at >= to) return 'not-reached'
    return done >= expected + slack ? 'ahead' : done <= expected - slack ? 'behind' : 'on-the-line'
  }
  return { done, expected, lineValue, state: state() }
}

/** What changed in what a figure is made of. */
export function causesOf(then: MadeOf, now: MadeOf): { files: number; undone: number; definitions: number } {
  const changed =
    Object.entries(then.definitions).filter(([key, version]) => now.definitions[key] !== version).length +
    (then.featureVersion === now.featureVersion ? 0 : 1)
  return {
    files: now.batches.filter((id) => !then.batches.includes(id)).length,
    undone: then.batches.filter((id) => !now.batches.includes(id)).length,
    definitions: changed,
  }
}

/** Two figures are the same where they are shown the same. */
export function isSameShown(a: number, b: number, unit: Unit): boolean {
  switch (unit) {
    case 'share':
      return Math.round(a * 1000) === Math.round(b * 1000)
    case 'hours':
      return Math.round(a * 10) === Math.round(b * 10)
    case 'money':
    case 'accounts':
    case 'count':
      return Math.abs(a - b) < 0.5
  }
}

export function restatementText(p: {
  said: string
  unit: Unit
  currency: string
  month: string
  value: number
  publishedAt: string
  today: number | null
  /** Of imported files, whose changes can be told apart. */
  isOfBook: boolean
  causes: { files: number; undone: number; definitions: number }
}): string {
  const said = `${p.said}, ${shortMonth(p.month)}, was published as ${valueText(p.value, p.unit, p.currency)} on ${shortDay(p.publishedAt.slice(0, 10))}`
  if (p.today === null) return `${said}; by today’s data it has no value.${whyText(p)}`
  if (isSameShown(p.value, p.today, p.unit)) return `${said}, and is so by today’s data.`
  return `${said}; by today’s data it is ${valueText(p.today, p.unit, p.currency)}:${whyText(p)}`
}

function whyText({
  isOfBook,
  causes: { files, undone, definitions },
}: Pick<Parameters<typeof restatementText>[0], 'isOfBook' | 'causes'>): string {
  const parts = [
    files > 0 ? `${plural(files, 'file', 'files')} came since` : null,
    undone > 0 ? `${plural(undone, 'import was', 'imports were')} taken back` : null,
    definitions > 0 ? `${plural(definitions, 'definition', 'definitions')} changed` : null,
  ].filter(Boolean)
  const unsaid = isOfBook
    ? 'no file came, so people decided anew who counts or which book of revenue is read'
    : 'what it counts changed'
  return ` ${parts.length > 0 ? parts.join(', ') : unsaid}.`
}

/** Months up to and with `last`, oldest first. */
export const monthsUpTo = (last: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => last - count + 1 + i)
