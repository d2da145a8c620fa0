/** ARR by the month in which it renews, stacked by how many core features its accounts use. */
import { useCallback } from 'react'
import type { Use } from '../../../src/insights/analyses/renewals/operations.ts'
import type { OutputOf } from '../../api.ts'
import { Chart, type Colours } from '../../ui/chart.tsx'
import { axisMoney, money, month, plural } from '../../ui/format.ts'
import { useNames, useOrder } from './use-names.ts'

type Data = OutputOf<'insights.analyses.renewals'>

/** Worst at the foot, so that it can be compared between months. */
const paint = (c: Colours): Record<Use, { color: string; decal?: object }> => ({
  none: { color: c.worse },
  some: { color: c.series[4]! },
  all: { color: c.accent },
  'not-entitled': { color: c.line },
  'not-measured': {
    color: c.body,
    decal: { symbol: 'rect', rotation: Math.PI / 4, dashArrayX: [1, 0], dashArrayY: [2, 5], color: c.faint },
  },
})

export function Calendar({ data, onPick }: { data: Data; onPick: (month: string, use: Use) => void }) {
  const {
    rows,
    standing: { currency },
  } = data
  const shown = useOrder.filter((use) => rows.some((r) => r.use[use].accounts > 0))
  const option = useCallback(
    (c: Colours) => ({
      grid: { left: 8, right: 8, top: 32, bottom: 8, containLabel: true },
      aria: { enabled: true, decal: { show: false } },
      tip: (i: number) => {
        const r = rows[i]!
        return {
          title: `${month(r.month)}, ${money(r.arr, currency)}, ${plural(r.accounts, 'account', 'accounts')}`,
          lines: shown.map((use) => ({
            name: useNames[use],
            text: `${money(r.use[use].arr, currency)}, ${plural(r.use[use].accounts, 'account', 'accounts')}`,
          })),
        }
      },
      legend: {
        show: true,
        top: 0,
        left: 0,
        itemWidth: 12,
        itemHeight: 12,
        textStyle: { color: c.soft, fontSize: 12 },
        selectedMode: false,
      },
      xAxis: {
        type: 'category',
        data: rows.map((r) => r.month),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: c.line } },
        axisLabel: { color: c.ink, fontSize: 12, hideOverlap: true, formatter: (m: string) => month(m) },
      },
      yAxis: {
        type: 'value',
        min: 0,
        splitNumber: 4,
        axisLabel: { color: c.faint, fontSize: 12, formatter: (v: number) => axisMoney(v, currency) },
        splitLine: { lineStyle: { color: c.line } },
      },
      series: shown.map((use, i) => ({
        name: useNames[use],
        type: 'bar',
        stack: 'arr',
        barMaxWidth: 72,
        cursor: 'pointer',
        itemStyle: { ...paint(c)[use], borderColor: c.body, borderWidth: 1 },
        data: rows.map((r) => r.use[use].arr),
        label:
          i === shown.length - 1
            ? {
                show: true,
                position: 'top',
                color: c.ink,
                fontSize: 12,
                formatter: ({ dataIndex }: { dataIndex: number }) =>
                  rows[dataIndex]!.arr > 0 ? money(rows[dataIndex]!.arr, currency) : '',
              }
            : { show: false },
      })),
    }),
    [rows, shown, currency],
  )
  return (
    <Chart
      name="renewals"
      title={`${money(data.total.arr, currency)} of ARR renews in ${plural(rows.length, 'month', 'months')}`}
      subtitle="By how many of the core features they are entitled to the accounts use"
      hint="a part of a bar opens its accounts"
      height={320}
      option={option}
      onPick={(i, series) => onPick(rows[i]!.month, shown[series]!)}
    />
  )
}
