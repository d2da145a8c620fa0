/** What becomes of a story from refresh to refresh, and of what people did with it. */
import { percent, shortDay } from '../../platform/wording.ts'
import type { Finding } from './schemas.ts'

export interface Known {
  id: string
  identity: string
  finding: Finding
  foundAt: Date
  holds: boolean
  version: number
  dismissedAt: Date | null
  dismissedReason: string | null
  dismissedLow: number | null
  dismissedHigh: number | null
  returnedAt: Date | null
}

/** Rule × feature × segment: the month and the figures are not part of it. */
export const identityOf = (f: Pick<Finding, 'rule' | 'featureId' | 'segmentBy' | 'segment'>): string =>
  [f.rule, f.featureId ?? '', f.segmentBy ?? '', f.segment ?? ''].join('\u001f')

export interface Told {
  fresh: Finding[]
  still: { known: Known; finding: Finding; returns: boolean }[]
  gone: Known[]
}

/** Which findings are new, which are known (and whether a dismissed one comes back), and which known ones hold no more. */
export function reconcile(known: readonly Known[], findings: readonly Finding[]): Told {
  const before = new Map(known.map((k) => [k.identity, k]))
  const found = new Map(findings.map((f) => [identityOf(f), f]))
  return {
    fresh: findings.filter((f) => !before.has(identityOf(f))),
    still: [...found].flatMap(([identity, finding]) => {
      const k = before.get(identity)
      return k ? [{ known: k, finding, returns: hasLeft(k, finding) }] : []
    }),
    gone: known.filter((k) => k.holds && !found.has(k.identity)),
  }
}

/** A dismissed story returns only if its value lies outside the interval that it had when it was dismissed. */
export const hasLeft = (
  k: Pick<Known, 'dismissedAt' | 'returnedAt' | 'dismissedLow' | 'dismissedHigh'>,
  f: Pick<Finding, 'value'>,
): boolean =>
  isDismissed(k) &&
  k.dismissedLow !== null &&
  k.dismissedHigh !== null &&
  (f.value < k.dismissedLow || f.value > k.dismissedHigh)

export const isDismissed = (k: Pick<Known, 'dismissedAt' | 'returnedAt'>): boolean =>
  k.dismissedAt !== null && k.returnedAt === null

const said = (value: number, unit: 'share' | 'points') =>
  unit === 'share' ? percent(value) : `${value < 0 ? '−' : ''}${Math.abs(value * 100).toFixed(1)} points`

/** Why it is back, in a sentence. */
export function returnText(
  k: Pick<Known, 'dismissedAt' | 'dismissedReason' | 'dismissedLow' | 'dismissedHigh'>,
  f: Pick<Finding, 'value' | 'unit'>,
): string {
  const day = shortDay(k.dismissedAt!.toISOString().slice(0, 10))
  const range = `between ${said(k.dismissedLow!, f.unit)} and ${said(k.dismissedHigh!, f.unit)}`
  return `Dismissed on ${day} (“${k.dismissedReason}”) when it lay ${range}; it is ${said(f.value, f.unit)} now.`
}
