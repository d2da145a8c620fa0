/** Puts what happened in time onto any chart whose axis is time: months, days or dates; a day as a line, a span as a band. */
import type { EChartsCoreOption } from 'echarts/core'
import type { Annotation } from '../../src/insights/annotations/schemas.ts'
import type { Tip } from './tip.tsx'

export type TimeNote = Pick<Annotation, 'from' | 'to' | 'text' | 'kind'>
interface Axis {
  type?: string
  data?: unknown
}
interface Placed {
  from: string
  to: string | null
  text: string
}
interface Tones {
  soft: string
  faint: string
}

const axisOf = (option: EChartsCoreOption) =>
  (Array.isArray(option['xAxis']) ? option['xAxis'][0] : option['xAxis']) as Axis | undefined
const keysOf = (axis: Axis | undefined): string[] =>
  axis?.type === 'category' && Array.isArray(axis.data)
    ? axis.data.map((d) => (typeof d === 'object' && d !== null ? String((d as { value?: unknown }).value) : String(d)))
    : []

/** Whether the axis is time: dates, or keys that are months or days. */
export function isTimeAxis(option: EChartsCoreOption): boolean {
  const axis = axisOf(option)
  const keys = keysOf(axis)
  return axis?.type === 'time' || (keys.length > 0 && keys.every((key) => /^\d{4}-\d{2}(-\d{2})?$/.test(key)))
}

/** The key under which a day stands: its month, or the first of the days at or after it. Null: outside the axis. */
export function keyAt(keys: readonly string[], day: string): string | null {
  const first = keys[0]
  const last = keys.at(-1)
  if (first === undefined || last === undefined) return null
  if (first.length === 7) return keys.find((key) => key === day.slice(0, 7)) ?? null
  return day < first || day > last ? null : keys.find((key) => key >= day)!
}

/** Where the notes stand on an axis of keys; a span that begins before the axis, or ends after it, is cut there. */
export function placeNotes(notes: readonly TimeNote[], keys: readonly string[]): Placed[] {
  const first = keys[0]
  const last = keys.at(-1)
  if (first === undefined || last === undefined) return []
  return notes.flatMap((note) => {
    const end = note.to ?? note.from
    const size = first.length
    if (end.slice(0, size) < first || note.from.slice(0, size) > last) return []
    const from = keyAt(keys, note.from) ?? first
    const to = note.to === null ? null : (keyAt(keys, note.to) ?? last)
    return [{ from, to: to === from ? null : to, text: note.text }]
  })
}

const short = (text: string) => (text.length > 26 ? `${text.slice(0, 25).trimEnd()}…` : text)

/** The chart with the notes on it: one series more, which draws nothing else, and their words in the tip. */
export function withTimeMarks<D extends EChartsCoreOption & { tip: (at: number) => Tip }>(
  option: D,
  notes: readonly TimeNote[],
  tones: Tones,
): D {
  if (notes.length === 0 || !isTimeAxis(option)) return option
  const axis = axisOf(option)!
  const keys = keysOf(axis)
  const placed =
    axis.type === 'time'
      ? notes.map((n): Placed => ({ from: n.from, to: n.to, text: n.text }))
      : placeNotes(notes, keys)
  if (placed.length === 0) return option
  const grouped = [
    ...Map.groupBy(
      [...placed].sort((a, b) => (a.from < b.from ? -1 : 1)),
      (p) => p.from,
    ),
  ]
  const levels = levelsOf(
    grouped.map(([from], i) => (keys.length > 0 ? keys.indexOf(from) / keys.length : i / grouped.length)),
  )
  const lines = grouped.map(([from, of], i) => ({
    xAxis: from,
    lineStyle: { color: tones.faint, type: 'dashed', width: 1 },
    label: {
      formatter: short(of.map((p) => p.text).join(' / ')),
      color: tones.soft,
      fontSize: 11,
      position: 'end',
      ...(keys.length > 0 ? { align: alignAt(keys.indexOf(from) / Math.max(1, keys.length - 1)) } : {}),
      distance: 4 + levels[i]! * labelHeight,
    },
  }))
  const areas = placed.flatMap((p) => (p.to === null ? [] : [[{ xAxis: p.from }, { xAxis: p.to }]]))
  const series = {
    name: 'notes',
    type: 'line',
    silent: true,
    data: [],
    symbol: 'none',
    markLine: { symbol: 'none', silent: true, animation: false, data: lines },
    ...(areas.length > 0
      ? { markArea: { silent: true, animation: false, itemStyle: { color: tones.faint, opacity: 0.1 }, data: areas } }
      : {}),
  }
  const own = Array.isArray(option['series']) ? option['series'] : option['series'] ? [option['series']] : []
  const grid = (option['grid'] ?? {}) as { top?: number }
  return {
    ...option,
    grid: {
      ...grid,
      top: Math.max(typeof grid.top === 'number' ? grid.top : 0, 28) + Math.max(...levels) * labelHeight,
    },
    series: [...own, series],
    tip: keys.length > 0 ? told(option.tip, placed, keys) : option.tip,
  }
}

/** At the ends of the axis a label goes inwards, where there is room. */
const alignAt = (share: number) => (share < 0.15 ? 'left' : share > 0.85 ? 'right' : 'center')

const labelHeight = 14
/** A label takes about a fifth of the axis. */
const labelShare = 0.22

/** How high each label stands, so that neighbours do not cover each other; at most three rows. */
export function levelsOf(places: readonly number[]): number[] {
  const ends = [-1, -1, -1]
  return places.map((at) => {
    const free = ends.findIndex((end) => end <= at)
    const level = free === -1 ? ends.indexOf(Math.min(...ends)) : free
    ends[level] = at + labelShare
    return level
  })
}

/** What a point says, and below it what happened then. */
const told =
  (say: (at: number) => Tip, placed: readonly Placed[], keys: readonly string[]) =>
  (at: number): Tip => {
    const { title, lines } = say(at)
    const key = keys[at] ?? ''
    const here = placed.filter((p) => (p.to === null ? p.from === key : p.from <= key && key <= p.to))
    return { title, lines: [...lines, ...here.map((p) => p.text)] }
  }
