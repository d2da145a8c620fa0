/** Adoption of each area by month, a line each, named at its end. */
import { useCallback } from 'react'
import type { AreaHealth } from '../../../src/insights/analyses/product-health/operations.ts'
import { Chart, type Colours, type Drawing } from '../../ui/chart.tsx'
import { endLabel, spreadLabels } from '../../ui/end-labels.ts'
import { month, percent, plural } from '../../ui/format.ts'

const mostLines = 5

export function Trends({ areas }: { areas: readonly AreaHealth[] }) {
  const option = useCallback(
    (c: Colours): Drawing => {
      const shown = areas.filter((a) => a.trend.some((p) => p.rate.value !== null)).slice(0, mostLines)
      const months = areas[0]!.trend.map((p) => p.month)
      const moved = spreadLabels(
        shown.map((a) => a.trend.at(-1)!.rate.value ?? 0),
        220,
      )
      return {
        grid: { left: 8, right: 120, top: 12, bottom: 8, containLabel: true },
        tip: (i) => ({
          title: month(months[i]!),
          lines: shown.map((a) => {
            const { rate } = a.trend[i]!
            return {
              name: a.area,
              text:
                rate.value === null
                  ? 'too few'
                  : `${percent(rate.value)}, ${percent(rate.low)} to ${percent(rate.high)}`,
            }
          }),
        }),
        xAxis: {
          type: 'category',
          boundaryGap: false,
          data: months,
          axisTick: { show: false },
          axisLine: { lineStyle: { color: c.line } },
          axisLabel: { color: c.faint, fontSize: 12, hideOverlap: true, formatter: (m: string) => month(m) },
        },
        yAxis: {
          type: 'value',
          min: 0,
          max: 1,
          interval: 0.25,
          axisLabel: { color: c.faint, fontSize: 12, formatter: (v: number) => percent(v, 0) },
          splitLine: { lineStyle: { color: c.line } },
        },
        series: shown.map((a, i) => ({
          name: a.area,
          type: 'line',
          connectNulls: false,
          symbol: 'circle',
          showAllSymbol: true,
          symbolSize: months.length === 1 ? 6 : 4,
          lineStyle: { color: c.series[i]!, width: 2 },
          itemStyle: { color: c.series[i]! },
          data: a.trend.map((p) => p.rate.value),
          endLabel: endLabel(c.series[i]!, c.body, moved[i]!, a.area),
        })),
      }
    },
    [areas],
  )
  const moved = areas.filter((a) => a.state === 'slipping' || a.state === 'gaining')
  return (
    <Chart
      name="product-health"
      title={
        moved.length === 0
          ? 'No area moved beyond chance'
          : `${plural(moved.length, 'area', 'areas')} moved beyond chance: ${moved
              .slice(0, 3)
              .map((a) => a.area)
              .join(', ')}${moved.length > 3 ? ' …' : ''}`
      }
      subtitle={`Share of eligible accounts that use at least one core feature${areas.length > mostLines ? `; the ${mostLines} areas with the most ARR` : ''}`}
      height={280}
      option={option}
    />
  )
}
