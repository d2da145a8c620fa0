/** NRR, GRR and logo retention side by side, a line per segment, named at its end. */
import { useMemo } from 'react'
import type { OutputOf } from '../../api.ts'
import { Lines, mostLines, type Line } from '../../ui/lines.tsx'
import './revenue.css'

type Point = OutputOf<'insights.analyses.retentionTrend'>['rows'][number]
const figures = [
  { key: 'nrr', title: 'NRR', subtitle: 'with expansion' },
  { key: 'grr', title: 'GRR', subtitle: 'without expansion' },
  { key: 'logo', title: 'Logo retention', subtitle: 'accounts that stayed' },
] as const

export function Trend({ rows }: { rows: readonly Point[] }) {
  return (
    <div className="trend">
      {figures.map((f) => (
        <One key={f.key} rows={rows} figure={f} />
      ))}
    </div>
  )
}

const whole: [number, number] = [1, 1]

function One({ rows, figure }: { rows: readonly Point[]; figure: (typeof figures)[number] }) {
  const lines = useMemo((): Line[] => {
    const size = new Map<string, number>()
    for (const r of rows) size.set(r.segment, Math.max(size.get(r.segment) ?? 0, r.accounts))
    return [...size]
      .filter(([name, n]) => name !== '(no value)' && n >= 10)
      .sort((a, b) => b[1] - a[1])
      .slice(0, mostLines)
      .map(([name]) => ({
        name,
        isAll: name === 'All',
        points: rows
          .filter((r) => r.segment === name)
          .map((r) => ({ month: r.month, value: r[figure.key], mark: r.mark })),
      }))
  }, [rows, figure])
  return (
    <Lines
      name={`retention-${figure.key}`}
      title={figure.title}
      subtitle={figure.subtitle}
      lines={lines}
      span={whole}
    />
  )
}
