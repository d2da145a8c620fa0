/** The share that has adopted by each day, as steps; a line per segment named at its end, a band for all. */
import { useCallback } from 'react'
import type { AdoptionTimes } from '../../../src/insights/analyses/time-to-adopt/operations.ts'
import type { OutputOf } from '../../api.ts'
import { Chart, type Colours, type Drawing } from '../../ui/chart.tsx'
import { endLabel, spreadLabels } from '../../ui/end-labels.ts'
import { percent, plural } from '../../ui/format.ts'

type Data = OutputOf<'insights.analyses.timeToAdopt'>
const mostLines = 5

/** From day 0 to the last one on which any account was seen: beyond it the curve would say what nobody knows. */
const line = (
  g: AdoptionTimes,
  days: number,
  of: (s: AdoptionTimes['steps'][number]) => number,
): [number, number][] => [
  [0, 0],
  ...g.steps.map((s): [number, number] => [s.day, of(s)]),
  [Math.min(days, g.followed), g.steps.length > 0 ? of(g.steps.at(-1)!) : 0],
]

export function Curve({ data }: { data: Data }) {
  const option = useCallback(
    (c: Colours): Drawing => {
      const [all, ...rest] = data.groups
      const segments = rest.filter((g) => g.mark !== 'suppressed' && g.segment !== '(no value)').slice(0, mostLines)
      const band = (side: 'low' | 'high') => line(all!, data.days, (s) => s[side] ?? s.share ?? 0)
      const low = band('low')
      const high = band('high')
      const shown = [all!, ...segments]
      const moved = spreadLabels(
        shown.map((g) => g.steps.at(-1)?.share ?? 0),
        280,
      )
      return {
        grid: { left: 8, right: 96, top: 16, bottom: 28, containLabel: true },
        tip: (at) => ({
          title: `Day ${at}`,
          lines: shown.map((g) => {
            const s = g.steps.findLast((one) => one.day <= at)
            return {
              name: g.segment,
              text: `${percent(s?.share ?? 0)}, ${plural(s?.atRisk ?? g.accounts, 'account', 'accounts')} at risk`,
            }
          }),
        }),
        xAxis: {
          type: 'value',
          min: 0,
          max: data.days,
          interval: data.days <= 180 ? 30 : 90,
          name: 'days since it could be used',
          nameLocation: 'middle',
          nameGap: 28,
          nameTextStyle: { color: c.faint, fontSize: 12 },
          axisLine: { lineStyle: { color: c.line } },
          axisLabel: { color: c.faint, fontSize: 12 },
          splitLine: { show: false },
        },
        yAxis: {
          type: 'value',
          min: 0,
          max: 1,
          interval: 0.25,
          axisLabel: { color: c.faint, fontSize: 12, formatter: (v: number) => percent(v, 0) },
          splitLine: { lineStyle: { color: c.line } },
        },
        series: [
          {
            name: 'low',
            type: 'line',
            step: 'end',
            stack: 'band',
            silent: true,
            symbol: 'none',
            lineStyle: { opacity: 0 },
            data: low,
          },
          {
            name: 'high',
            type: 'line',
            step: 'end',
            stack: 'band',
            silent: true,
            symbol: 'none',
            lineStyle: { opacity: 0 },
            areaStyle: { color: c.ink, opacity: 0.09 },
            data: high.map(([x, y], i) => [x, y - low[i]![1]]),
          },
          ...shown.map((g, i) => {
            const colour = i === 0 ? c.ink : c.series[(i - 1) % c.series.length]!
            return {
              name: g.segment,
              type: 'line',
              step: 'end',
              symbol: 'none',
              lineStyle: { color: colour, width: 2, type: i === 0 ? 'dashed' : 'solid' },
              itemStyle: { color: colour },
              data: line(g, data.days, (s) => s.share ?? 0),
              endLabel: endLabel(colour, c.body, moved[i]!, `${g.segment}${g.mark === 'directional' ? ' ~' : ''}`),
            }
          }),
        ],
      }
    },
    [data],
  )
  const all = data.groups[0]!
  return (
    <Chart
      name="time-to-adopt"
      title={
        all.median.value === null
          ? `Fewer than half come to use ${data.feature}`
          : `Half use ${data.feature} by day ${all.median.value}`
      }
      subtitle="Share of accounts that has used it; ~ marks 10 to 29 accounts"
      height={340}
      option={option}
    />
  )
}
