import { lazy, Suspense } from 'react'
import { useRead } from '../../api.ts'
import { CsvButton } from '../../ui/csv-button.tsx'
import { count, day, percent } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { Loading } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import type { UsageDay } from '../freshness/usage-days.tsx'

const UsageDays = lazy(() => import('../freshness/usage-days.tsx').then((m) => ({ default: m.UsageDays })))

/** Rows by day, where a gap and a low day can be seen; nothing where there is no usage. */
export function UsageByDay() {
  const days = useRead('insights.freshness.days', {})
  if (!days.data || days.data.rows.length === 0) return null
  const { rows } = days.data
  return (
    <Section
      id="days"
      title="Usage by day"
      actions={<CsvButton operation="insights.freshness.days" input={{ days: 366 }} />}
    >
      <Suspense fallback={<Loading rows={6} />}>
        <UsageDays rows={rows} />
      </Suspense>
      <details className="more-lines">
        <summary>As a table</summary>
        <Table
          label="Usage by day"
          columns={dayColumns}
          rows={rows}
          keyOf={(d) => d.day}
          initialSort={{ key: 'day', down: true }}
          maxHeight={320}
        />
      </details>
    </Section>
  )
}

const dayColumns: Column<UsageDay>[] = [
  { key: 'day', title: 'Day', by: (d) => d.day, render: (d) => day(d.day) },
  { key: 'rows', title: 'Rows', by: (d) => d.rows, render: (d) => count(d.rows), isNumber: true },
  {
    key: 'matched',
    title: 'Of a known account',
    by: (d) => d.matched / d.rows,
    render: (d) => percent(d.matched / d.rows),
    isNumber: true,
  },
  {
    key: 'unmapped',
    title: 'Of these of no feature',
    by: (d) => (d.matched === 0 ? 0 : d.unmapped / d.matched),
    render: (d) => percent(d.matched === 0 ? null : d.unmapped / d.matched),
    isNumber: true,
  },
]
