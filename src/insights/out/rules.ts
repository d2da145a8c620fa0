import { invalid } from '../../platform/errors.ts'
import type { Attribute } from '../analyses/ground/attributes.ts'
import type { Segmentation } from '../targets/measure-table.ts'
import type { TableMonths } from '../targets/measure-table.ts'

export const allAccounts = 'All'
const mostValues = 60
/** As the pages cut a number where nobody said at what. */
const bandsOf = (key: string, isNumber: boolean): number[] =>
  key === 'arr' ? [10_000, 100_000] : isNumber ? [10, 100, 1000] : []

/** All accounts, the default attribute, and those chosen; an attribute that is no longer known is left out. */
export function segmentationsOf(
  attributes: readonly Attribute[],
  defaultBy: string | null,
  chosen: readonly string[],
): Segmentation[] {
  const known = (key: string) =>
    key === 'arr' || attributes.some((a) => a.key === key && (a.numeric || a.values <= mostValues))
  const keys = [...new Set([defaultBy, ...chosen])].filter((key) => key !== null).filter(known)
  return [
    { by: null, bands: [] },
    ...keys.map((by) => ({ by, bands: bandsOf(by, attributes.find((a) => a.key === by)?.numeric ?? false) })),
  ]
}

/** @throws invalid where an attribute is not known, or has so many values that they may name accounts */
export function checkSegmentBys(chosen: readonly string[], attributes: readonly Attribute[]): void {
  for (const key of chosen) {
    const found = attributes.find((a) => a.key === key)
    if (key !== 'arr' && !found) throw invalid(`“segmentBys”: accounts have no attribute “${key}”.`)
    if (found && !found.numeric && found.values > mostValues)
      throw invalid(`“segmentBys”: “${key}” has ${found.values} values; at most ${mostValues} make segments.`)
  }
}

/** Every month of data that each measure has: retention from a window after the first, adoption where usage is known. */
export function monthsOf(
  revenue: { first: number; last: number },
  usage: { first: number; last: number } | null,
  window: number,
): TableMonths {
  const span = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)
  return {
    book: span(revenue.first, revenue.last),
    movements: span(revenue.first + 1, revenue.last),
    retention: span(revenue.first + window, revenue.last),
    adoption: usage ? span(Math.max(usage.first, revenue.first), Math.min(usage.last, revenue.last)) : [],
  }
}

/** PostgreSQL cuts names at 63 bytes; a workspace’s short name has at most 44 letters, digits and hyphens. */
export const schemaOf = (slug: string): string => `throughline_${slug.replaceAll('-', '_')}`.slice(0, 63)
