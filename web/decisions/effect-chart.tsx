/** The measure over the months, with the decision's day and what was expected by when. */
import { useCallback } from 'react'
import type { Effect } from '../../src/decisions/schemas.ts'
import { Chart, type Colours, type Drawing } from '../ui/chart.tsx'
import { counted, day, month, onAxis } from '../ui/format.ts'
import { valueOf } from './words.ts'

const monthEnd = (text: string) =>
  new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).toISOString().slice(0, 10)

export function EffectChart({ effect }: { effect: Effect }) {
  const { unit, currency, line, expected, by, decidedOn, measure } = effect
  const option = useCallback(
    (c: Colours): Drawing => {
      const shown = (value: number) => onAxis(value, unit, currency)
      const known = line.filter((p) => p.value !== null)
      const banded = known.filter((p) => p.low !== null && p.high !== null)
      const top = Math.max(...known.flatMap((p) => [p.value!, p.high ?? p.value!]), expected ?? 0) * 1.12 || 1
      const lowest = Math.min(...known.map((p) => p.low ?? p.value!), expected ?? Infinity)
      // A line may leave zero out where nothing comes near it; the ticks stay round.
      const step = 10 ** Math.floor(Math.log10(top))
      const bottom = lowest > top / 2 ? Math.floor((lowest * 0.95) / (step / 10)) * (step / 10) : Math.min(0, lowest)
      const edge = (name: string, height: (p: Effect['line'][number]) => number, opacity: number) => ({
        type: 'line',
        name,
        stack: 'interval',
        silent: true,
        symbol: 'none',
        lineStyle: { width: 0 },
        areaStyle: { color: c.accent, opacity },
        data: banded.map((p) => [monthEnd(p.month), height(p)]),
      })
      // Four months of line leave room for the words before the day.
      const isLate = line.filter((p) => decidedOn !== null && monthEnd(p.month) < decidedOn).length >= 4
      const labelled = (at: [string, number], label: object) => ({
        value: at,
        symbol: 'circle',
        symbolSize: 1,
        label: { show: true, fontSize: 12, textBorderColor: c.body, textBorderWidth: 3, ...label },
      })
      return {
        grid: { left: 4, right: 24, top: 28, bottom: 4, containLabel: true },
        tip: (at) => {
          const p = known.find((one) => Date.parse(monthEnd(one.month)) === at)!
          const range =
            p.low === null ? '' : `, ${valueOf(p.low, unit, currency)} to ${valueOf(p.high, unit, currency)}`
          return {
            title: month(p.month),
            lines: [`${valueOf(p.value, unit, currency)}${range}`, counted(p.base, effect.counted)],
          }
        },
        xAxis: {
          type: 'time',
          max: by && by > monthEnd(line.at(-1)!.month) ? by : undefined,
          axisTick: { show: false },
          axisLine: { lineStyle: { color: c.line } },
          splitLine: { show: false },
          axisLabel: {
            color: c.faint,
            fontSize: 12,
            hideOverlap: true,
            formatter: (at: number) => month(new Date(at).toISOString()),
          },
        },
        yAxis: {
          type: 'value',
          min: bottom,
          max: top,
          splitNumber: 4,
          axisLabel: { color: c.faint, fontSize: 12, formatter: shown, showMaxLabel: false },
          splitLine: { lineStyle: { color: c.line } },
        },
        series: [
          edge('low', (p) => p.low!, 0),
          edge('interval', (p) => p.high! - p.low!, 0.14),
          {
            type: 'line',
            name: measure,
            data: known.map((p) => [monthEnd(p.month), p.value]),
            lineStyle: { color: c.accent, width: 2 },
            itemStyle: { color: c.accent },
            symbol: 'circle',
            symbolSize: 5,
          },
          ...(decidedOn
            ? [
                {
                  type: 'line',
                  name: 'decided',
                  silent: true,
                  symbol: 'none',
                  lineStyle: { color: c.soft, width: 1 },
                  data: [
                    [decidedOn, bottom],
                    // Beside its line: above the chart stand the notes.
                    labelled([decidedOn, top], {
                      position: isLate ? [-6, 6] : [6, 6],
                      align: isLate ? 'right' : 'left',
                      color: c.soft,
                      formatter: `decided ${day(decidedOn)}`,
                    }),
                  ],
                },
              ]
            : []),
          ...(expected !== null && by
            ? [
                {
                  type: 'line',
                  name: 'expected',
                  silent: true,
                  symbol: 'none',
                  lineStyle: { color: c.worse, width: 1.5, type: 'dashed' },
                  data: [
                    [decidedOn ?? monthEnd(line[0]!.month), expected],
                    labelled([by, expected], {
                      position: [0, -18],
                      align: 'right',
                      color: c.worse,
                      formatter: `${valueOf(expected, unit, currency)} expected`,
                    }),
                  ],
                },
              ]
            : []),
        ],
      }
    },
    [line, unit, currency, expected, by, decidedOn, measure, effect.counted],
  )
  return (
    <Chart
      name="effect"
      title={measure}
      subtitle={line.some((p) => p.low !== null) ? 'by month, with its 95 % interval' : 'by month'}
      height={260}
      option={option}
    />
  )
}
