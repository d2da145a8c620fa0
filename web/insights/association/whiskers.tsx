/** Each feature's difference in staying, with its interval: filled among accounts that are alike, hollow as it looks at first. */
import { useMediaQuery } from '@mantine/hooks'
import { useCallback } from 'react'
import type { AssociationRow } from '../../../src/insights/analyses/association/schemas.ts'
import { Chart, type Colours, type Drawing } from '../../ui/chart.tsx'
import { points } from '../../ui/format.ts'
import { interval } from './state.ts'

const mostDrawn = 24

export function Whiskers({ rows, name, title }: { rows: readonly AssociationRow[]; name: string; title: string }) {
  // On a phone the word stands below the feature's name instead of at the other end.
  const isNarrow = useMediaQuery('(max-width: 700px)') ?? false
  const drawn = rows.slice(0, mostDrawn)
  const option = useCallback(
    (c: Colours): Drawing => {
      const shown = rows.slice(0, mostDrawn)
      const colourOf = (r: AssociationRow) =>
        r.evidence !== 'associated' ? c.faint : r.adjusted!.value < 0 ? c.worse : c.better
      const reach = Math.max(
        0.05,
        ...shown.flatMap((r) => [r.adjusted?.low, r.adjusted?.high, r.unadjusted?.value].map((v) => Math.abs(v ?? 0))),
      )
      const step = reach <= 0.15 ? 0.05 : reach <= 0.4 ? 0.1 : 0.25
      const limit = Math.min(1, Math.ceil(reach / step) * step)
      const dots = (pick: (r: AssociationRow) => number | undefined, style: (r: AssociationRow) => object) =>
        shown.flatMap((r, i) => {
          const value = pick(r)
          return value === undefined ? [] : [{ value: [value, i], itemStyle: style(r) }]
        })
      const names = {
        type: 'category',
        inverse: true,
        data: shown.map((r) => r.feature),
        axisTick: { show: false },
        axisLine: { show: false },
      }
      return {
        grid: { left: 4, right: isNarrow ? 12 : 8, top: 8, bottom: 4, containLabel: true },
        tip: (i) => {
          const r = shown[i]!
          return {
            title: `${r.feature}: ${r.word}`,
            lines: [
              r.adjusted ? `adjusted ${points(r.adjusted.value)} points, ${interval(r.adjusted)}` : 'not adjusted',
              ...(r.unadjusted ? [`unadjusted ${points(r.unadjusted.value)} points`] : []),
            ],
          }
        },
        xAxis: {
          type: 'value',
          min: -limit,
          max: limit,
          interval: isNarrow ? limit : step,
          axisLabel: {
            color: c.faint,
            fontSize: 12,
            formatter: (v: number) => (v === 0 ? '0' : `${v < 0 ? '−' : '+'}${Math.round(Math.abs(v) * 100)}`),
          },
          splitLine: { lineStyle: { color: c.line } },
        },
        yAxis: [
          {
            ...names,
            axisLabel: {
              color: c.ink,
              fontSize: 12,
              lineHeight: 16,
              width: isNarrow ? 136 : 180,
              overflow: 'truncate',
              formatter: (_: string, i: number) =>
                isNarrow ? `${shown[i]!.feature}\n{word|${shown[i]!.word}}` : shown[i]!.feature,
              rich: { word: { color: c.faint, fontSize: 11, lineHeight: 14 } },
            },
          },
          {
            ...names,
            position: 'right',
            show: !isNarrow,
            axisLabel: {
              fontSize: 12,
              color: c.soft,
              formatter: (_: string, i: number) =>
                shown[i]!.evidence === 'associated' ? `{told|${shown[i]!.word}}` : shown[i]!.word,
              rich: { told: { color: c.ink, fontWeight: 600, fontSize: 12 } },
            },
          },
        ],
        series: [
          {
            type: 'line',
            silent: true,
            symbol: 'none',
            lineStyle: { color: c.soft, width: 1 },
            data: [
              [0, 0],
              [0, shown.length - 1],
            ],
          },
          ...shown.flatMap((r, i) =>
            r.adjusted
              ? [
                  {
                    type: 'line',
                    silent: true,
                    symbol: 'none',
                    lineStyle: {
                      color: colourOf(r),
                      width: r.evidence === 'associated' ? 2.5 : 1.5,
                      type: r.evidence === 'not-enough-data' ? 'dotted' : 'solid',
                    },
                    data: [
                      [r.adjusted.low, i],
                      [r.adjusted.high, i],
                    ],
                  },
                ]
              : [],
          ),
          {
            type: 'line',
            symbol: 'circle',
            symbolSize: 8,
            lineStyle: { opacity: 0 },
            data: dots(
              (r) => r.unadjusted?.value,
              (r) => ({ color: c.body, borderColor: colourOf(r), borderWidth: 1.5 }),
            ),
          },
          {
            type: 'line',
            symbol: 'circle',
            symbolSize: 9,
            lineStyle: { opacity: 0 },
            data: dots(
              (r) => r.adjusted?.value,
              (r) => ({ color: colourOf(r) }),
            ),
          },
        ],
      }
    },
    [rows, isNarrow],
  )
  return (
    <Chart
      name={name}
      title={title}
      subtitle={`Percentage points by which more adopters stayed. ● among accounts alike in ${rows[0]?.segment === null ? 'segment, size' : 'size'} and tenure, with its 95 % interval; ○ as it looks unadjusted.${rows.length > mostDrawn ? ` The first ${mostDrawn} of ${rows.length}.` : ''}`}
      height={drawn.length * (isNarrow ? 44 : 34) + 40}
      option={option}
    />
  )
}
