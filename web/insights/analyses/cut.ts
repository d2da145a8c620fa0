/** Which accounts an analysis looks at, grouped by what and as of when: chosen in the address, else as the workspace has it. */
import { useRead, type OutputOf } from '../../api.ts'

export type Options = OutputOf<'insights.analyses.options'>
export const useOptions = () => useRead('insights.analyses.options', {})

export interface Cut {
  month?: string | undefined
  segmentBy?: string | undefined
  andBy?: string | undefined
}

export const segmentByOf = (options: Options, { segmentBy }: Cut): string =>
  segmentBy ?? options.defaultSegmentBy ?? 'arr'

/** The part of an analysis's input that says so. */
export function cutOf(options: Options, cut: Cut) {
  const segmentBy = segmentByOf(options, cut)
  return { segmentBy, ...bandsFor(segmentBy, cut.andBy), ...(cut.month ? { month: cut.month } : {}) }
}

/** What to cut a number at, where nobody said; with the second attribute where there is one. */
export const bandsFor = (
  segmentBy: string,
  andBy?: string,
): { bands?: number[]; andBy?: string; andBands?: number[] } => ({
  ...(segmentBy === 'arr' ? { bands: [10_000, 100_000] } : {}),
  ...(andBy === undefined || andBy === segmentBy
    ? {}
    : { andBy, ...(andBy === 'arr' ? { andBands: [10_000, 100_000] } : {}) }),
})

/** What accounts are grouped by, in words. */
export const groupedBy = (segmentBy: string, andBy?: string): string =>
  [segmentBy, ...(andBy && andBy !== segmentBy ? [andBy] : [])].map((by) => (by === 'arr' ? 'ARR' : by)).join(' and ')
