/** Rows of usage by day as bars; loaded with the charts. */
import { useCallback } from 'react'
import { Chart, type Colours, type Drawing } from '../../ui/chart.tsx'
import { count, day, percent, plural } from '../../ui/format.ts'

export interface UsageDay {
  day: string
  rows: number
  matched: number
  unmapped: number
}

const next = (of: string) => new Date(Date.parse(`${of}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
/** Days without a row stand in the picture as gaps. */
function everyDay(rows: readonly UsageDay[]): UsageDay[] {
  const known = new Map(rows.map((r) => [r.day, r]))
  const all: UsageDay[] = []
  for (let at = rows[0]!.day; at <= rows.at(-1)!.day; at = next(at))
    all.push(known.get(at) ?? { day: at, rows: 0, matched: 0, unmapped: 0 })
  return all
}

export function UsageDays({ rows }: { rows: readonly UsageDay[] }) {
  const option = useCallback(
    (c: Colours): Drawing => {
      const days = everyDay(rows)
      return {
        grid: { left: 4, right: 8, top: 12, bottom: 4, containLabel: true },
        tip: (i) => {
          const d = days[i]!
          return {
            title: day(d.day),
            lines:
              d.rows === 0
                ? ['no row']
                : [
                    plural(d.rows, 'row', 'rows'),
                    `${percent(d.matched / d.rows)} of a known account`,
                    `${percent(d.matched === 0 ? 0 : d.unmapped / d.matched)} of these of no feature`,
                  ],
          }
        },
        xAxis: {
          type: 'category',
          data: days.map((d) => d.day),
          axisTick: { show: false },
          axisLine: { lineStyle: { color: c.line } },
          axisLabel: { color: c.faint, fontSize: 12, hideOverlap: true, formatter: (d: string) => day(d) },
        },
        yAxis: {
          type: 'value',
          min: 0,
          splitNumber: 3,
          axisLabel: { color: c.faint, fontSize: 12, formatter: (v: number) => count(v) },
          splitLine: { lineStyle: { color: c.line } },
        },
        series: [
          {
            type: 'bar',
            stack: 'day',
            barCategoryGap: '25%',
            itemStyle: { color: c.series[0] },
            data: days.map((d) => d.matched),
          },
          { type: 'bar', stack: 'day', itemStyle: { color: c.series[1] }, data: days.map((d) => d.rows - d.matched) },
        ],
      }
    },
    [rows],
  )
  return (
    <Chart
      name="usage-by-day"
      title={`Rows of usage by day, ${day(rows[0]!.day)} to ${day(rows.at(-1)!.day)}`}
      subtitle="Green: of a known account; orange: with an id that is none. A gap is a day without a row"
      height={180}
      option={option}
    />
  )
}
