/** Lines over months (or weeks), a line per segment, named at its end; breaks and marks stand on the time axis. Loaded with the charts. */
import { useCallback } from 'react'
import { Chart, type Colours, type Drawing } from './chart.tsx'
import { endLabel, spreadLabels } from './end-labels.ts'
import { month, percent } from './format.ts'
import { ticks } from './ticks.ts'
import type { Tip } from './tip.tsx'

/** `month`: the key of the point on the axis; a month, or a day where `label` says so. */
export interface LinePoint {
  month: string
  value: number | null
  low?: number | null
  high?: number | null
  mark: 'ok' | 'directional' | 'suppressed'
}
export interface Line {
  name: string
  points: readonly LinePoint[]
  isAll?: boolean
}
/** Something that happened in a month: a new definition, a price change, an outage. */
export interface TimeMark {
  month: string
  label: string
  isBreak?: boolean
}
interface Props {
  name: string
  title: string
  subtitle?: string
  height?: number
  lines: readonly Line[]
  marks?: readonly TimeMark[]
  format?: (value: number, isAxis?: boolean) => string
  /** The axis always holds these; a share starts at 0 unless said otherwise. */
  span?: [low: number, high: number]
  /** How the axis names a point. */
  label?: (key: string) => string
}

export const mostLines = 5

export function Lines({
  name,
  title,
  subtitle,
  height = 220,
  lines,
  marks = [],
  format = (v, isAxis) => percent(v, isAxis ? 0 : 1),
  span = [0, 0],
  label = month,
}: Props) {
  const option = useCallback(
    (c: Colours): Drawing => {
      const months = [...new Set(lines.flatMap((l) => l.points.map((p) => p.month)))].sort()
      const shown = lines.slice(0, mostLines)
      const values = shown.flatMap((l) => l.points.flatMap((p) => (p.value === null ? [] : [p.value])))
      const axis = ticks(Math.min(span[0], ...values), Math.max(span[1], ...values))
      const top = marks.length > 0 ? 28 : 20
      const pixelsPerUnit = (height - top - 28) / (axis.max - axis.min)
      const moved = spreadLabels(
        shown.map((l) => l.points.findLast((p) => p.value !== null)?.value ?? 0),
        pixelsPerUnit,
        axis.max + (top - 8) / pixelsPerUnit,
      )
      return {
        grid: { left: 4, right: 86, top, bottom: 4, containLabel: true },
        tip: (i) => tip(months[i]!, shown, marks, format, label),
        xAxis: {
          type: 'category',
          data: months,
          boundaryGap: false,
          axisTick: { show: false },
          axisLine: { lineStyle: { color: c.line } },
          axisLabel: { color: c.faint, fontSize: 12, formatter: (m: string) => label(m), hideOverlap: true },
        },
        yAxis: {
          type: 'value',
          ...axis,
          axisLabel: { color: c.faint, fontSize: 12, formatter: (v: number) => format(v, true) },
          splitLine: { lineStyle: { color: c.line } },
        },
        series: shown.map((line, i) => {
          const colour = line.isAll ? c.ink : c.series[i % c.series.length]!
          const points = months.map((m) => line.points.find((p) => p.month === m))
          const alone = points.filter((p) => p && p.value !== null).length === 1
          return {
            name: line.name,
            type: 'line',
            connectNulls: false,
            lineStyle: { color: colour, width: line.isAll ? 1.5 : 2, type: line.isAll ? 'dashed' : 'solid' },
            itemStyle: { color: colour },
            symbol: 'emptyCircle',
            showAllSymbol: true,
            data: points.map((p) => ({
              value: p?.value ?? null,
              symbolSize: p?.mark === 'directional' || alone ? 6 : 0,
            })),
            endLabel: endLabel(colour, c.body, moved[i]!, line.name),
            ...(i === 0 && marks.length > 0
              ? {
                  markLine: {
                    symbol: 'none',
                    silent: true,
                    animation: false,
                    data: marks
                      .filter((m) => months.includes(m.month))
                      .map((m) => ({
                        xAxis: m.month,
                        lineStyle: {
                          color: m.isBreak ? c.worse : c.faint,
                          type: m.isBreak ? 'solid' : 'dashed',
                          width: 1,
                        },
                        label: {
                          formatter: m.label,
                          color: m.isBreak ? c.worse : c.faint,
                          fontSize: 11,
                          position: 'end',
                          distance: 4,
                        },
                      })),
                  },
                }
              : {}),
          }
        }),
      }
    },
    [lines, marks, format, span, label, height],
  )
  return <Chart name={name} title={title} subtitle={subtitle} height={height} option={option} />
}

function tip(
  at: string,
  lines: readonly Line[],
  marks: readonly TimeMark[],
  format: (value: number) => string,
  label: (key: string) => string,
): Tip {
  const rows = lines.map((l) => {
    const p = l.points.find((one) => one.month === at)
    const range = p?.low != null && p.high != null ? ` (${format(p.low)} to ${format(p.high)})` : ''
    return { name: l.name, text: p?.value == null ? 'too few' : `${format(p.value)}${range}` }
  })
  return { title: label(at), lines: [...rows, ...marks.filter((m) => m.month === at).map((m) => m.label)] }
}
