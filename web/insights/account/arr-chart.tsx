/** ARR of one account by month, as steps, with each movement named where it happened. */
import { useCallback } from 'react'
import type { AccountMonth } from '../../../src/insights/analyses/account/operations.ts'
import { Chart, type Colours } from '../../ui/chart.tsx'
import { axisMoney, money, month } from '../../ui/format.ts'

const names = {
  new: 'new',
  reactivation: 'back',
  expansion: 'expansion',
  contraction: 'contraction',
  churn: 'churn',
} as const

export function ArrChart({ months, currency }: { months: readonly AccountMonth[]; currency: string }) {
  const option = useCallback(
    (c: Colours) => ({
      grid: { left: 8, right: 48, top: 24, bottom: 8, containLabel: true },
      tip: (i: number) => {
        const m = months[i]!
        return {
          title: month(m.month),
          lines: [
            money(m.arr, currency),
            ...(m.kind ? [`${names[m.kind]}, ${m.change > 0 ? '+' : ''}${money(m.change, currency)}`] : []),
          ],
        }
      },
      xAxis: {
        type: 'category',
        data: months.map((m) => m.month),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: c.line } },
        axisLabel: { color: c.faint, fontSize: 12, hideOverlap: true, formatter: (m: string) => month(m) },
      },
      yAxis: {
        type: 'value',
        min: (v: { min: number }) => Math.min(0, v.min),
        splitNumber: 3,
        axisLabel: { color: c.faint, fontSize: 12, formatter: (v: number) => axisMoney(v, currency) },
        splitLine: { lineStyle: { color: c.line } },
      },
      series: [
        {
          type: 'line',
          step: 'middle',
          lineStyle: { color: c.accent, width: 2 },
          areaStyle: { color: c.accent, opacity: 0.08 },
          showAllSymbol: true,
          symbol: 'circle',
          labelLayout: { hideOverlap: true },
          data: months.map((m) => ({
            value: m.arr,
            symbolSize: m.kind ? 7 : 0,
            itemStyle: { color: m.change < 0 ? c.worse : m.kind === null ? c.accent : c.better },
            label: {
              show: m.kind !== null,
              position: 'top',
              distance: 6,
              color: m.change < 0 ? c.worse : c.ink,
              fontSize: 12,
              formatter: m.kind ? names[m.kind] : '',
            },
          })),
        },
      ],
    }),
    [months, currency],
  )
  const now = months.at(-1)!
  const first = months[0]!
  return (
    <Chart
      name="account-arr"
      title={
        now.arr === first.arr
          ? `ARR stayed at ${money(now.arr, currency)}`
          : `ARR went from ${money(first.arr, currency)} to ${money(now.arr, currency)}`
      }
      subtitle="At each month’s end"
      height={220}
      option={option}
    />
  )
}
