/** From variant to variant: a dot for each form, a floating bar for each thing between two of them. */
import { useMediaQuery } from '@mantine/hooks'
import { useCallback } from 'react'
import type { StepRow, VariantRow } from '../../../src/insights/analyses/nrr-variants/operations.ts'
import { Chart, type Colours, type Drawing } from '../../ui/chart.tsx'
import { money, percent, plural } from '../../ui/format.ts'
import { points } from './words.ts'

interface Rung {
  label: string
  value: number
  from: number
  isForm: boolean
  accounts: number
  note: string
}

/** A form, then for each other form its steps and itself; steps of nothing are left out. */
function rungsOf(rows: readonly VariantRow[], steps: readonly StepRow[], currency: string): Rung[] {
  const shown = rows.filter((r): r is VariantRow & { value: number } => r.value !== null)
  return shown.flatMap((row) => {
    const mine = steps.filter((s) => s.to === row.key && Math.abs(s.change) >= 0.0005)
    let level = shown.find((r) => r.key === steps.find((s) => s.to === row.key)?.from)?.value ?? row.value
    const rungs = mine.map((s): Rung => {
      const from = level
      level += s.change
      return {
        label: s.text,
        value: level,
        from,
        isForm: false,
        accounts: s.accounts,
        note: `${s.why}. ${plural(s.accounts, 'account', 'accounts')}, ${money(s.arr, currency)} of ARR`,
      }
    })
    return [
      ...rungs,
      {
        label: row.name,
        value: row.value,
        from: row.value,
        isForm: true,
        accounts: row.accounts,
        note: `${row.usedBy}; ${plural(row.accounts, 'account', 'accounts')} in the base`,
      },
    ]
  })
}

export function Ladder({
  rows,
  steps,
  currency,
}: {
  rows: readonly VariantRow[]
  steps: readonly StepRow[]
  currency: string
}) {
  const isNarrow = useMediaQuery('(max-width: 700px)') ?? false
  const rungs = rungsOf(rows, steps, currency)
  const key = JSON.stringify(rungs)
  const option = useCallback(
    (c: Colours): Drawing => {
      const list = JSON.parse(key) as Rung[]
      const ends = list.flatMap((r) => [r.value, r.from])
      const room = Math.max(0.02, (Math.max(...ends) - Math.min(...ends)) * 0.12)
      const span = Math.max(...ends) - Math.min(...ends) + 2.6 * room
      const tick =
        [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1].find((t) => span / t <= (isNarrow ? 4 : 8)) ?? Math.ceil(span / 4)
      const low = Math.floor((Math.min(...ends) - room) / tick) * tick
      const high = Math.ceil((Math.max(...ends) + room * 1.6) / tick) * tick
      const ours = list[0]?.value ?? 1
      return {
        grid: { left: isNarrow ? 4 : 8, right: 24, top: 8, bottom: 4, containLabel: true },
        tip: (i) => {
          const r = list[i]!
          return { title: r.label, lines: [r.isForm ? percent(r.value, 1) : points(r.value - r.from), r.note] }
        },
        yAxis: {
          type: 'category',
          inverse: true,
          data: list.map((r) => r.label),
          axisTick: { show: false },
          axisLine: { show: false },
          axisLabel: {
            interval: 0,
            fontSize: 12,
            width: isNarrow ? 120 : 280,
            overflow: isNarrow ? 'break' : 'truncate',
            formatter: (text: string, i: number) => (list[i]!.isForm ? `{form|${text}}` : `{step|${text}}`),
            rich: {
              form: { color: c.ink, fontWeight: 600, fontSize: 12, lineHeight: 14 },
              step: { color: c.soft, fontSize: 12, lineHeight: 14 },
            },
          },
        },
        xAxis: {
          type: 'value',
          min: low,
          max: high,
          interval: tick,
          axisLabel: { color: c.faint, fontSize: 12, formatter: (v: number) => percent(v, 0) },
          splitLine: { lineStyle: { color: c.line } },
        },
        series: [
          {
            type: 'bar',
            stack: 'step',
            silent: true,
            itemStyle: { color: 'transparent' },
            data: list.map((r) => Math.min(r.value, r.from)),
          },
          {
            type: 'bar',
            stack: 'step',
            barWidth: 10,
            data: list.map((r) => ({
              value: Math.abs(r.value - r.from),
              itemStyle: { color: r.value >= r.from ? c.better : c.worse, borderRadius: 2 },
            })),
            label: {
              show: true,
              position: 'right',
              distance: 6,
              color: c.soft,
              fontSize: 12,
              formatter: ({ dataIndex }: { dataIndex: number }) => {
                const r = list[dataIndex]!
                return r.isForm ? '' : points(r.value - r.from)
              },
            },
          },
          {
            type: 'line',
            data: list.map((r, i) => (r.isForm ? [r.value, i] : null)),
            symbol: 'circle',
            symbolSize: 11,
            lineStyle: { width: 0 },
            itemStyle: { color: c.accent },
            z: 5,
            label: {
              show: true,
              position: 'right',
              distance: 8,
              color: c.ink,
              fontSize: 12,
              fontWeight: 600,
              formatter: ({ value }: { value: [number, number] | null }) => (value ? percent(value[0], 1) : ''),
            },
          },
          {
            type: 'line',
            silent: true,
            data: [
              [ours, 0],
              [ours, list.length - 1],
            ],
            symbol: 'none',
            lineStyle: { color: c.faint, width: 1, type: 'dashed' },
            z: 1,
          },
        ],
      }
    },
    [key, isNarrow],
  )
  return (
    <Chart
      name="nrr-variants"
      title="The same book, seven ways to say it"
      subtitle="NRR by form; the dashed line is the closed cohort"
      height={Math.max(220, rungs.length * (isNarrow ? 46 : 30) + 40)}
      option={option}
    />
  )
}
