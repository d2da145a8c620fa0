/** The changes side by side, by the ARR concerned. */
import { useCallback } from 'react'
import type { OutputOf } from '../../api.ts'
import { Chart, type Colours } from '../../ui/chart.tsx'
import { axisMoney, money, plural } from '../../ui/format.ts'
import { nameOf } from './change-names.ts'

type Change = OutputOf<'insights.analyses.whatChanged'>['rows'][number]
const most = 10

export function Bars({
  rows,
  currency,
  onPick,
}: {
  rows: readonly Change[]
  currency: string
  onPick: (change: Change) => void
}) {
  const shown = rows.slice(0, most)
  const option = useCallback(
    (c: Colours) => ({
      grid: { left: 8, right: 72, top: 4, bottom: 4, containLabel: true },
      tip: (i: number) => {
        const r = shown[i]!
        return {
          title: nameOf(r),
          lines: [
            `${money(r.arr, currency)} of ARR, ${plural(r.accounts, 'account', 'accounts')}`,
            ...(r.rises === null ? [] : [r.rises ? '▲ rises' : '▼ falls']),
          ],
        }
      },
      yAxis: {
        type: 'category',
        inverse: true,
        data: shown.map(nameOf),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: c.line } },
        axisLabel: { color: c.ink, fontSize: 12, width: 150, overflow: 'truncate' },
      },
      xAxis: {
        type: 'value',
        min: 0,
        splitNumber: 4,
        axisLabel: {
          color: c.faint,
          fontSize: 12,
          hideOverlap: true,
          formatter: (v: number) => axisMoney(v, currency),
        },
        splitLine: { lineStyle: { color: c.line } },
      },
      series: [
        {
          type: 'bar',
          barMaxWidth: 20,
          cursor: 'pointer',
          data: shown.map((r) => ({
            value: r.arr,
            itemStyle: { color: r.rises === null ? c.faint : r.rises ? c.better : c.worse, borderRadius: 2 },
          })),
          label: {
            show: true,
            position: 'right',
            color: c.ink,
            fontSize: 12,
            formatter: ({ dataIndex }: { dataIndex: number }) =>
              `${shown[dataIndex]!.rises === null ? '' : shown[dataIndex]!.rises ? '▲ ' : '▼ '}${money(shown[dataIndex]!.arr, currency)}`,
          },
        },
      ],
    }),
    [shown, currency],
  )
  return (
    <Chart
      name="what-changed"
      title={`The most ARR: ${nameOf(rows[0]!)}, ${money(rows[0]!.arr, currency)}`}
      subtitle={`ARR concerned; ▲ rises, ▼ falls${rows.length > most ? `; the ${most} largest` : ''}`}
      height={48 + shown.length * 32}
      option={option}
      onPick={(i) => onPick(shown[i]!)}
    />
  )
}
