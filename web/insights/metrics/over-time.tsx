/** A figure by month: its interval, what was aimed at, the lines it is watched by, what was published, and where a definition changed. */
import { useMediaQuery } from '@mantine/hooks'
import { useCallback } from 'react'
import type { MetricPage } from '../../../src/insights/targets/schemas.ts'
import { Chart, type Colours, type Drawing } from '../../ui/chart.tsx'
import { counted, month, onAxis } from '../../ui/format.ts'
import { ticks } from '../../ui/ticks.ts'
import { figure } from './words.ts'

/** Months of the data, then those up to the furthest target, at most two years on. */
function axisMonths(page: Pick<MetricPage, 'months' | 'targets'>): string[] {
  const last = page.months.at(-1)
  const far = page.targets
    .map((t) => t.month)
    .sort()
    .at(-1)
  if (!last || !far || far <= last) return page.months
  const index = (m: string) => Number(m.slice(0, 4)) * 12 + Number(m.slice(5, 7)) - 1
  const more = Math.min(24, index(far) - index(last))
  return [
    ...page.months,
    ...Array.from({ length: more }, (_, i) => {
      const at = index(last) + i + 1
      return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`
    }),
  ]
}

export function OverTime({ page }: { page: MetricPage }) {
  const isNarrow = useMediaQuery('(max-width: 700px)') ?? false
  const option = useCallback(
    (c: Colours): Drawing => {
      const { unit, currency } = page
      const months = axisMonths(page)
      const points = new Map(page.points.map((p) => [p.month, p]))
      const told = new Map(page.published.map((p) => [p.month, p.value]))
      const aims = new Map(page.targets.map((t) => [t.month, t]))
      const lines = page.thresholds.filter((t) => t.kind !== 'moved')
      const breaks = page.changes.filter((x) => page.months.includes(x.on.slice(0, 7)))
      const values = [
        ...page.points.flatMap((p) => [p.value, p.low, p.high]),
        ...page.targets.map((t) => t.value),
        ...lines.map((t) => t.value),
        ...told.values(),
      ].filter((v): v is number => v !== null)
      const top = Math.max(...values)
      const low = Math.min(...values)
      const room = (top - low) * 0.08 || Math.abs(top) * 0.05 || 1
      const ends = ticks(low >= 0 ? Math.max(0, low - room) : low - room, top + room)
      const axis = (v: number) => onAxis(v, unit, currency)
      const shown = (v: number | null | undefined) => figure(v, unit, currency)
      const hasBand = page.points.some((p) => p.low !== null)
      return {
        grid: { left: 4, right: isNarrow ? 16 : 96, top: 20, bottom: 4, containLabel: true },
        tip: (i) => {
          const m = months[i]!
          const p = points.get(m)
          const aim = aims.get(m)
          const range = p?.low == null ? '' : `, ${shown(p.low)} to ${shown(p.high)}`
          return {
            title: month(m),
            lines: [
              p ? `${p.value === null ? 'no value' : shown(p.value)}${range}; ${counted(p.base, page.counted)}` : null,
              aim ? `target: ${aim.direction === 'at-least' ? 'at least' : 'at most'} ${shown(aim.value)}` : null,
              told.has(m) ? `published: ${shown(told.get(m))}` : null,
              p || aim || told.has(m) ? null : 'no value yet',
            ].filter((line) => line !== null),
          }
        },
        xAxis: {
          type: 'category',
          data: months,
          boundaryGap: false,
          axisTick: { show: false },
          axisLine: { lineStyle: { color: c.line } },
          axisLabel: { color: c.faint, fontSize: 12, formatter: (m: string) => month(m), hideOverlap: true },
        },
        yAxis: {
          type: 'value',
          ...ends,
          axisLabel: { color: c.faint, fontSize: 12, formatter: axis },
          splitLine: { lineStyle: { color: c.line } },
        },
        series: [
          ...(hasBand
            ? [
                {
                  type: 'line',
                  silent: true,
                  stack: 'band',
                  symbol: 'none',
                  lineStyle: { width: 0 },
                  data: months.map((m) => points.get(m)?.low ?? null),
                },
                {
                  type: 'line',
                  silent: true,
                  stack: 'band',
                  symbol: 'none',
                  lineStyle: { width: 0 },
                  areaStyle: { color: c.accent, opacity: 0.14 },
                  data: months.map((m) => {
                    const p = points.get(m)
                    return p?.low == null || p.high === null ? null : p.high - p.low
                  }),
                },
              ]
            : []),
          ...lines.map((t) => ({
            name: t.kind,
            type: 'line',
            silent: true,
            symbol: 'none',
            lineStyle: { color: c.worse, width: 1, type: 'dashed' },
            data: months.map(() => t.value),
            endLabel: { show: !isNarrow, color: c.worse, fontSize: 12, formatter: () => `${t.kind} ${shown(t.value)}` },
            labelLayout: { moveOverlap: 'shiftY' },
          })),
          {
            name: 'targets',
            type: 'line',
            silent: true,
            connectNulls: true,
            symbol: 'diamond',
            symbolSize: 11,
            lineStyle: { color: c.better, width: 1, type: 'dotted' },
            itemStyle: { color: c.better },
            data: months.map((m) => aims.get(m)?.value ?? null),
            label: {
              show: true,
              position: isNarrow ? 'left' : 'top',
              color: c.better,
              fontSize: 12,
              formatter: ({ value }: { value: number }) => `target ${shown(value)}`,
            },
          },
          {
            name: 'published',
            type: 'line',
            silent: true,
            symbol: 'rect',
            symbolSize: 8,
            lineStyle: { width: 0 },
            itemStyle: { color: c.body, borderColor: c.ink, borderWidth: 1.5 },
            z: 6,
            data: months.map((m) => told.get(m) ?? null),
          },
          {
            name: page.title,
            type: 'line',
            connectNulls: false,
            symbol: 'emptyCircle',
            lineStyle: { color: c.accent, width: 2 },
            itemStyle: { color: c.accent },
            z: 5,
            data: months.map((m) => {
              const p = points.get(m)
              return {
                value: p?.value ?? null,
                symbolSize: p?.mark === 'directional' ? 6 : m === page.months.at(-1) ? 7 : 0,
              }
            }),
          },
          // A break is a line from foot to head at the month in which a definition changed.
          ...breaks.map((b) => ({
            name: b.text,
            type: 'line',
            silent: true,
            symbol: 'none',
            lineStyle: { color: c.faint, width: 1, type: 'dashed' },
            endLabel: { show: true, color: c.faint, fontSize: 12, formatter: () => 'definition changed' },
            data: [
              [b.on.slice(0, 7), ends.min],
              [b.on.slice(0, 7), ends.max],
            ],
          })),
        ],
      }
    },
    [page, isNarrow],
  )
  const kinds = [
    page.points.some((p) => p.low !== null) ? 'the band is its 95 % interval' : null,
    page.targets.length > 0 ? 'diamonds are targets' : null,
    page.published.length > 0 ? 'squares are published values' : null,
    page.thresholds.some((t) => t.kind !== 'moved') ? 'dashed lines are thresholds' : null,
    page.points.some((p) => p.mark === 'directional')
      ? `hollow points are about 10 to 29 ${page.counted?.many ?? 'accounts'}`
      : null,
  ].filter(Boolean)
  return (
    <Chart
      name={`metric-${page.ref.measure}`}
      title={page.title}
      subtitle={kinds.length > 0 ? kinds.join('; ') : 'by month'}
      height={300}
      option={option}
    />
  )
}
