/** The marks of a chart as pointer and keys find them: stops along the axis, at each the points and parts of bars that stand there. */
import type { EChartsCoreOption } from 'echarts/core'

export interface Mark {
  /** The place of its series in the chart, and its own in the series. */
  series: number
  index: number
  name: string | undefined
  isBar: boolean
  /** From where to where it reaches across the axis; a point reaches nowhere. */
  from: number
  to: number
}
export interface Stop {
  /** Where it stands on the axis: the place of its category, or the value. */
  at: number
  marks: Mark[]
}
export interface Marks {
  /** Bars that lie: the axis runs downwards. */
  isLying: boolean
  stops: Stop[]
}

interface Axis {
  type?: string
  data?: readonly unknown[]
}
interface Series {
  type?: string
  name?: string
  silent?: boolean
  stack?: string
  step?: string
  data?: readonly unknown[]
}

const first = (axis: unknown) => (Array.isArray(axis) ? axis[0] : axis) as Axis | undefined

/** Where a datum stands along and across the axis; across is null where nothing is drawn. */
function placeOf(datum: unknown, index: number, isLying: boolean): [along: number, across: number | null] {
  const value = typeof datum === 'object' && datum !== null && 'value' in datum ? datum.value : datum
  if (!Array.isArray(value)) return [index, typeof value === 'number' ? value : null]
  const [along, across] = (isLying ? [value[1], value[0]] : value) as [number | string, number | null]
  return [typeof along === 'string' ? Date.parse(along) : along, across]
}

/** @param option what is drawn; series that are silent only frame the others and cannot be walked */
export function marksOf(option: EChartsCoreOption): Marks {
  const [x, y] = [first(option['xAxis']), first(option['yAxis'])]
  const isLying = y?.type === 'category' && x?.type !== 'category'
  const categories = (isLying ? y : x)?.data
  const stops = new Map<number, Mark[]>(categories?.map((_, i) => [i, []]))
  const stacked = new Map<string, number>()
  const all = (option['series'] ?? []) as readonly Series[]
  for (const [series, { type, name, stack, silent, data = [] }] of all.entries())
    for (const [index, datum] of data.entries()) {
      const [along, across] = placeOf(datum, index, isLying)
      if (across === null) continue
      const key = `${stack} ${along}`
      const isBar = type === 'bar'
      const from = !isBar ? across : stack ? (stacked.get(key) ?? 0) : 0
      const to = isBar ? from + across : across
      if (stack) stacked.set(key, to)
      if (silent) continue
      // Of two points of a line at one place the later is where it goes on from.
      const others = (stops.get(along) ?? []).filter((m) => m.series !== series)
      stops.set(along, [...others, { series, index, name, isBar, from, to }])
    }
  const sorted = [...stops].sort(([a], [b]) => a - b).map(([at, marks]): Stop => ({ at, marks }))
  for (const [series, { step, silent }] of all.entries()) if (step === 'end' && !silent) goOn(sorted, series)
  return { isLying, stops: sorted }
}

/** A line of steps stands at its last value until the next, as far as it is drawn. */
function goOn(stops: readonly Stop[], series: number): void {
  const isOf = (mark: Mark) => mark.series === series
  const end = stops.findLastIndex((s) => s.marks.some(isOf))
  let last: Mark | undefined
  for (const stop of stops.slice(0, end)) {
    const own = stop.marks.findLast(isOf)
    if (own) last = own
    else if (last) stop.marks.push(last)
  }
}

export interface Walked {
  stop: number
  /** The series that is followed, by its name; null where the tip speaks of all of them together. */
  lane: string | null
}

const [upright, lying] = [
  { back: 'ArrowLeft', on: 'ArrowRight', up: 'ArrowUp', down: 'ArrowDown' },
  { back: 'ArrowUp', on: 'ArrowDown', up: 'ArrowRight', down: 'ArrowLeft' },
]

/**
 * Where a key leads: along the axis as it is drawn, to its ends, and across from series to series as they stand there. Null for
 * a key that leads nowhere.
 * @param lanes series that can be followed one by one; with fewer than two all arrows lead along the axis
 */
export function walk({ stops, isLying }: Marks, lanes: readonly string[], now: Walked, key: string): Walked | null {
  const last = stops.length - 1
  const go = (stop: number) => ({ ...now, stop: Math.max(0, Math.min(last, stop)) })
  if (key === 'Home' || key === 'End') return go(key === 'Home' ? 0 : last)
  const keys = isLying ? lying : upright
  if (key === keys.back) return go(now.stop - 1)
  if (key === keys.on) return go(now.stop + 1)
  if (key !== keys.up && key !== keys.down) return null
  if (lanes.length < 2) return go(now.stop + (key === (isLying ? keys.up : keys.down) ? 1 : -1))
  const here = stops[now.stop]!.marks.filter((m) => m.name !== undefined && lanes.includes(m.name))
  const order = [...here].sort((a, b) => a.to - b.to).map((m) => m.name!)
  const at = order.indexOf(now.lane ?? '')
  const next = at === -1 ? order[0] : order[at + (key === keys.up ? 1 : -1)]
  return next === undefined ? now : { ...now, lane: next }
}

/** A bar of nothing cannot be seen or pressed. */
export const isThere = ({ isBar, from, to }: Mark): boolean => !isBar || from !== to

/** The mark of the lane there, or, where all are one, the one that stands on top. */
export function markAt({ stops }: Marks, { stop, lane }: Walked): Mark | undefined {
  const marks = stops[stop]?.marks ?? []
  return lane === null ? (marks.findLast(isThere) ?? marks.at(-1)) : marks.find((m) => m.name === lane)
}

/** The stop that is nearest to a place on the axis. */
export const nearest = ({ stops }: Marks, at: number): number =>
  stops.reduce((best, stop, i) => (Math.abs(stop.at - at) < Math.abs(stops[best]!.at - at) ? i : best), 0)
