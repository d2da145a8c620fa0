/** The steps as lying bars from one zero, so that a loss is a difference in length. */
import { useCallback } from 'react'
import type { FunnelLine, FunnelStep } from '../../../src/insights/analyses/adoption-funnel/operations.ts'
import { Chart, type Colours, type Drawing } from '../../ui/chart.tsx'
import { axisMoney, count, money, percent, plural } from '../../ui/format.ts'
import { stepNames } from './step-names.ts'

export function Steps({
  line,
  feature,
  unit,
  currency,
  onPick,
}: {
  line: FunnelLine
  feature: string
  unit: 'accounts' | 'arr'
  currency: string
  onPick: (step: FunnelStep) => void
}) {
  const option = useCallback(
    (c: Colours): Drawing => {
      const { steps } = line
      const value = (i: number) => (unit === 'arr' ? steps[i]!.arr : steps[i]!.accounts)
      const text = (n: number) => (unit === 'arr' ? money(n, currency) : count(n))
      return {
        grid: { left: 8, right: 132, top: 4, bottom: 4, containLabel: true },
        tip: (i) => {
          const s = steps[i]!
          const share = s.ofMeasured
          return {
            title: stepNames[s.step],
            lines: [
              `${plural(s.accounts, 'account', 'accounts')}, ${money(s.arr, currency)}`,
              ...(share?.value == null
                ? []
                : [`${percent(share.value)} of the measured, ${percent(share.low)} to ${percent(share.high)}`]),
            ],
          }
        },
        yAxis: {
          type: 'category',
          inverse: true,
          data: steps.map((s) => stepNames[s.step]),
          axisTick: { show: false },
          axisLine: { lineStyle: { color: c.line } },
          axisLabel: { color: c.ink, fontSize: 12 },
        },
        xAxis: {
          type: 'value',
          min: 0,
          splitNumber: 4,
          axisLabel: {
            color: c.faint,
            fontSize: 12,
            hideOverlap: true,
            formatter: (v: number) => (unit === 'arr' ? axisMoney(v, currency) : count(v)),
          },
          splitLine: { lineStyle: { color: c.line } },
        },
        series: [
          {
            type: 'bar',
            barMaxWidth: 26,
            cursor: 'pointer',
            data: steps.map((_, i) => ({
              value: value(i),
              itemStyle: { color: i < 3 ? c.faint : c.accent, borderRadius: 2 },
            })),
            label: {
              show: true,
              position: 'right',
              color: c.ink,
              fontSize: 12,
              formatter: ({ dataIndex: i }: { dataIndex: number }) => {
                const lost = i === 0 ? 0 : value(i - 1) - value(i)
                return `${text(value(i))}${lost > 0 ? `  (−${text(lost)})` : ''}`
              },
            },
          },
        ],
      }
    },
    [line, unit, currency],
  )
  const measured = line.steps[2]!.accounts
  const adopted = line.steps[4]!.accounts
  return (
    <Chart
      name="adoption-funnel"
      title={`${count(adopted)} of ${plural(measured, 'measured account', 'measured accounts')} use ${feature} now`}
      hint="A bar opens the accounts that stop there"
      height={260}
      option={option}
      onPick={(i) => onPick(line.steps[i]!.step)}
    />
  )
}
