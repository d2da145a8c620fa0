/** The bridge: what came on top of the start and what was lost, down to the end. */
import { useMediaQuery } from '@mantine/hooks'
import { useCallback } from 'react'
import type { MovementKind } from '../../../src/insights/analyses/ground/revenue.ts'
import type { Movement } from '../../../src/insights/analyses/ground/schemas.ts'
import { Chart, type Colours, type Drawing } from '../../ui/chart.tsx'
import { axisMoney, money, plural } from '../../ui/format.ts'

interface Props {
  total: Movement
  scale: number
  currency: string
  unit: string
  onOpen: (kind: MovementKind) => void
}
const kinds: (MovementKind | null)[] = [null, 'new', 'reactivation', 'expansion', 'contraction', 'churn', null]

export function Bridge({ total, scale, currency, unit, onOpen }: Props) {
  // Seven bars with their amounts do not fit side by side on a phone; there they lie.
  const isNarrow = useMediaQuery('(max-width: 700px)') ?? false
  const option = useCallback(
    (c: Colours): Drawing => {
      const steps = [
        { name: 'Start', value: total.start, n: total.accounts.start, colour: c.faint, isTotal: true },
        { name: 'New', value: total.new, n: total.accounts.new, colour: c.better, isTotal: false },
        {
          name: 'Reactivation',
          value: total.reactivation,
          n: total.accounts.reactivation,
          colour: c.better,
          isTotal: false,
        },
        { name: 'Expansion', value: total.expansion, n: total.accounts.expansion, colour: c.better, isTotal: false },
        {
          name: 'Contraction',
          value: -total.contraction,
          n: total.accounts.contraction,
          colour: c.worse,
          isTotal: false,
        },
        { name: 'Churn', value: -total.churn, n: total.accounts.churn, colour: c.worse, isTotal: false },
        { name: 'End', value: total.end, n: total.accounts.end, colour: c.faint, isTotal: true },
      ]
      let level = 0
      const bars = steps.map((s) => {
        const from = s.isTotal ? 0 : level
        level = s.isTotal ? s.value : level + s.value
        return { ...s, low: Math.min(from, level), size: Math.abs(level - from) }
      })
      return {
        grid: isNarrow
          ? { left: 4, right: 64, top: 4, bottom: 4, containLabel: true }
          : { left: 8, right: 8, top: 24, bottom: 8, containLabel: true },
        tip: (i) => {
          const b = bars[i]!
          return { title: b.name, lines: [money(b.value * scale, currency), plural(b.n, 'account', 'accounts')] }
        },
        [isNarrow ? 'yAxis' : 'xAxis']: {
          type: 'category',
          inverse: isNarrow,
          data: bars.map((b) => b.name),
          axisTick: { show: false },
          axisLine: { lineStyle: { color: c.line } },
          axisLabel: { color: c.ink, fontSize: 12, interval: 0 },
        },
        [isNarrow ? 'xAxis' : 'yAxis']: {
          type: 'value',
          min: 0,
          splitNumber: isNarrow ? 2 : 4,
          axisLabel: { color: c.faint, fontSize: 12, formatter: (v: number) => axisMoney(v, currency) },
          splitLine: { lineStyle: { color: c.line } },
        },
        series: [
          {
            type: 'bar',
            stack: 'bridge',
            silent: true,
            itemStyle: { color: 'transparent' },
            data: bars.map((b) => b.low * scale),
          },
          {
            type: 'bar',
            stack: 'bridge',
            barWidth: '56%',
            data: bars.map((b) => ({ value: b.size * scale, itemStyle: { color: b.colour, borderRadius: 2 } })),
            label: {
              show: true,
              position: isNarrow ? 'right' : 'top',
              color: c.ink,
              fontSize: 12,
              formatter: ({ dataIndex }: { dataIndex: number }) => {
                const b = bars[dataIndex]!
                return `${!b.isTotal && b.value > 0 ? '+' : ''}${money(b.value * scale, currency)}`
              },
            },
          },
        ],
      }
    },
    [total, scale, currency, isNarrow],
  )
  return (
    <Chart
      name="revenue-bridge"
      title={`The bridge of ${unit}`}
      subtitle="Blue adds, orange takes away"
      hint="a bar opens the accounts behind it"
      height={320}
      option={option}
      onPick={(i) => {
        const kind = kinds[i]
        if (kind && total.accounts[kind] > 0) onOpen(kind)
      }}
    />
  )
}
