/** Breadth as the middle half of accounts with its median, days of use as shares, core features as a count of accounts. */
import { useCallback } from 'react'
import type { CoreUse, FeatureUse } from '../../../src/insights/analyses/breadth/operations.ts'
import { Chart, pale, type Colours } from '../../ui/chart.tsx'
import { count, percent, plural } from '../../ui/format.ts'

const dayBands = ['no day', '1 to 4 days', '5 to 12 days', '13 and more'] as const
const features = (rows: readonly FeatureUse[], c: Colours) => ({
  type: 'category',
  inverse: true,
  data: rows.map((r) => r.feature),
  axisTick: { show: false },
  axisLine: { show: false },
  axisLabel: { color: c.ink, fontSize: 12, width: 130, overflow: 'truncate' },
})
const shares = (c: Colours) => ({
  type: 'value',
  min: 0,
  max: 1,
  interval: 0.25,
  axisLabel: { color: c.faint, fontSize: 12, formatter: (v: number) => percent(v, 0) },
  splitLine: { lineStyle: { color: c.line } },
})
const heightOf = (rows: readonly FeatureUse[]) => 40 + rows.length * 28

export function BreadthChart({ rows }: { rows: readonly FeatureUse[] }) {
  const option = useCallback(
    (c: Colours) => ({
      grid: { left: 4, right: 60, top: 4, bottom: 4, containLabel: true },
      yAxis: features(rows, c),
      xAxis: shares(c),
      tip: (i: number) => {
        const r = rows[i]!
        return {
          title: r.feature,
          lines: [
            `${percent(r.breadth.median)} in the median account`,
            `middle half ${percent(r.breadth.low)} to ${percent(r.breadth.high)}, ${plural(r.accounts, 'account', 'accounts')}`,
          ],
        }
      },
      series: [
        {
          type: 'bar',
          stack: 'half',
          silent: true,
          barWidth: 8,
          itemStyle: { color: 'transparent' },
          data: rows.map((r) => r.breadth.low ?? 0),
        },
        {
          type: 'bar',
          stack: 'half',
          barWidth: 8,
          itemStyle: { color: pale(c.accent, c.body), borderRadius: 4 },
          data: rows.map((r) => (r.breadth.high ?? 0) - (r.breadth.low ?? 0)),
          label: {
            show: true,
            position: 'right',
            distance: 10,
            color: c.ink,
            fontSize: 12,
            formatter: ({ dataIndex: i }: { dataIndex: number }) => percent(rows[i]!.breadth.median, 0),
          },
        },
        {
          type: 'line',
          lineStyle: { opacity: 0 },
          symbol: 'circle',
          symbolSize: 9,
          itemStyle: { color: c.accent },
          data: rows.map((r, i) => [r.breadth.median, i]),
        },
      ],
    }),
    [rows],
  )
  return (
    <Chart
      name="breadth"
      title={`${rows[0]!.feature} is used most widely`}
      subtitle="Share of an account’s active people that used the feature: the median account, and the middle half"
      height={heightOf(rows)}
      option={option}
    />
  )
}

export function DaysChart({ rows }: { rows: readonly FeatureUse[] }) {
  const option = useCallback(
    (c: Colours) => ({
      grid: { left: 4, right: 16, top: 28, bottom: 4, containLabel: true },
      yAxis: features(rows, c),
      xAxis: shares(c),
      legend: { top: 0, left: 0, itemWidth: 10, itemHeight: 10, textStyle: { color: c.soft, fontSize: 12 } },
      tip: (i: number) => {
        const r = rows[i]!
        return {
          title: `${r.feature}, ${plural(r.measured, 'account', 'accounts')}`,
          lines: dayBands.map((name, n) => ({
            name,
            text: `${count(r.days[n]!)}, ${percent(r.days[n]! / r.measured)}`,
          })),
        }
      },
      series: dayBands.map((name, i) => ({
        name,
        type: 'bar',
        stack: 'days',
        barWidth: 14,
        itemStyle: { color: [c.line, pale(c.accent, c.body), pale(c.accent, c.body, 0.7), c.accent][i]! },
        data: rows.map((r) => r.days[i]! / r.measured),
      })),
    }),
    [rows],
  )
  return (
    <Chart
      name="frequency"
      title={sayOften(rows)}
      subtitle="Share of entitled accounts by the days of 30 on which anybody there used the feature"
      height={heightOf(rows) + 24}
      option={option}
    />
  )
}

/** A feature is named only where a twentieth of its accounts use it so often. */
function sayOften(rows: readonly FeatureUse[]): string {
  const share = (r: FeatureUse) => r.days[3]! / r.measured
  const often = [...rows].sort((a, b) => share(b) - share(a))[0]!
  if (share(often) >= 0.05)
    return `${often.feature} is used most often: ${percent(share(often), 0)} of accounts on 13 days of 30 or more`
  const first = rows[0]!
  return `Hardly anything is used on 13 days of 30; ${first.feature} on at least one by ${percent(1 - first.days[0]! / first.measured, 0)} of accounts`
}

export function CoreChart({ line }: { line: CoreUse }) {
  const option = useCallback(
    (c: Colours) => ({
      grid: { left: 4, right: 8, top: 20, bottom: 24, containLabel: true },
      xAxis: {
        type: 'category',
        data: line.byCount.map((_, n) => String(n)),
        name: 'core features used',
        nameLocation: 'middle',
        nameGap: 26,
        nameTextStyle: { color: c.faint, fontSize: 12 },
        axisTick: { show: false },
        axisLine: { lineStyle: { color: c.line } },
        axisLabel: { color: c.faint, fontSize: 12 },
      },
      yAxis: {
        type: 'value',
        min: 0,
        minInterval: 1,
        splitNumber: 3,
        axisLabel: { color: c.faint, fontSize: 12, formatter: (v: number) => count(v) },
        splitLine: { lineStyle: { color: c.line } },
      },
      tip: (i: number) => ({
        title: plural(i, 'core feature', 'core features'),
        lines: [
          `${plural(line.byCount[i]!, 'account', 'accounts')}, ${percent(line.byCount[i]! / line.accounts)} of ${count(line.accounts)}`,
        ],
      }),
      series: [
        {
          type: 'bar',
          barMaxWidth: 40,
          data: line.byCount.map((n, i) => ({
            value: n,
            itemStyle: { color: i === 0 ? c.faint : c.accent, borderRadius: 2 },
          })),
          label: {
            show: true,
            position: 'top',
            color: c.ink,
            fontSize: 12,
            formatter: ({ value }: { value: number }) => count(value),
          },
        },
      ],
    }),
    [line],
  )
  return (
    <Chart
      name="core-features-used"
      title={`${count(line.byCount[0]!)} of ${plural(line.accounts, 'account', 'accounts')} used no core feature`}
      subtitle="Accounts by how many core features they used in the 30 days"
      height={220}
      option={option}
    />
  )
}
