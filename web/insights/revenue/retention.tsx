/** Who stayed, over a window: lines by segment, the table behind them, and what was published of it. */
import { Select } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { PublishedValue } from '../../../src/insights/targets/schemas.ts'
import { useIsShared, useRead, type OutputOf } from '../../api.ts'
import { CsvButton } from '../../ui/csv-button.tsx'
import { count, month, percent, plural } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { Section } from '../../ui/page.tsx'
import { PageLink } from '../../ui/page-link.tsx'
import { Await, Empty, Loading, Remark } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { months } from '../analyses/controls.tsx'
import '../metrics/metrics.css'

const Trend = lazy(() => import('./trend.tsx').then((m) => ({ default: m.Trend })))

type Point = OutputOf<'insights.analyses.retentionTrend'>['rows'][number]

export function Retention({
  segmentBy,
  window,
  segment,
  onWindow,
}: {
  segmentBy: string
  window: number
  segment: string | undefined
  onWindow: (window: number) => void
}) {
  const isShared = useIsShared()
  const input = { segmentBy, window }
  const trend = useRead('insights.analyses.retentionTrend', input, { keepPrevious: true })
  const published = useRead(
    'insights.metrics.published',
    { measures: ['nrr', 'grr', 'logo-retention'] },
    { enabled: !isShared },
  )
  const told = (published.data?.rows ?? []).filter(
    (p) => p.ref.window === window && (p.ref.segment === null || p.ref.segmentBy === segmentBy),
  )
  const shown = (rows: readonly Point[]) => rows.filter((r) => r.segment === 'All' || !segment || r.segment === segment)
  return (
    <Section
      title={`Who stayed, over ${plural(window, 'month', 'months')}`}
      note={
        <>
          Closed cohorts by the segment they were in then. A month is not drawn where its cohort has fewer than 10
          accounts; hollow points have 10 to 29.{' '}
          <PageLink to="/insights/nrr-variants" whenShared={null}>
            Why another tool may say another NRR
          </PageLink>
        </>
      }
      actions={
        <>
          <Select
            size="xs"
            w={130}
            aria-label="Window"
            disabled={isShared}
            data={[3, 6, 12, 18, 24].map((n) => ({ value: String(n), label: months(n) }))}
            value={String(window)}
            onChange={(v) => onWindow(Number(v))}
            allowDeselect={false}
          />
          <CsvButton operation="insights.analyses.retentionTrend" input={input} />
        </>
      }
    >
      <Await query={trend} rows={10}>
        {({ rows, problem, currency }) => (
          <>
            {problem ? <Remark>{problem}</Remark> : null}
            {rows.length > 0 ? (
              <>
                <Suspense fallback={<Loading rows={8} />}>
                  <Trend rows={shown(rows)} />
                </Suspense>
                <div className="under-chart">
                  <Table
                    label="Retention by month and segment"
                    columns={pointColumns(currency, told)}
                    rows={shown(rows)}
                    keyOf={(r) => `${r.month} ${r.segment}`}
                    initialSort={{ key: 'month', down: true }}
                    maxHeight={420}
                  />
                </div>
              </>
            ) : problem ? null : (
              <Empty title="The history is too short">
                It takes revenue from {plural(window, 'month', 'months')} before.
              </Empty>
            )}
          </>
        )}
      </Await>
    </Section>
  )
}

/** Beside a figure stands what was published of it, if anything was. */
function Told({ told, point, measure }: { told: readonly PublishedValue[]; point: Point; measure: string }) {
  const mine = told.find(
    (p) => p.ref.measure === measure && p.month === point.month && (p.ref.segment ?? 'All') === point.segment,
  )
  return mine ? (
    <span className="was-published" title={mine.text}>
      published {percent(mine.value, 1)}
    </span>
  ) : null
}

const pointColumns = (currency: string, told: readonly PublishedValue[]): Column<Point>[] => {
  const rate = (r: Point, key: 'nrr' | 'grr' | 'logo') => (
    <>
      {plainRate(r, key)}
      <Told told={told} point={r} measure={key === 'logo' ? 'logo-retention' : key} />
    </>
  )
  const plainRate = (r: Point, key: 'nrr' | 'grr' | 'logo') =>
    r[key] === null ? (
      <span className="faint" title="Fewer than 10 accounts">
        n {count(r.accounts)}
      </span>
    ) : (
      <>
        {r.mark === 'directional' ? '~ ' : ''}
        {percent(r[key], 1)}
      </>
    )
  return [
    { key: 'month', title: 'Month', by: (r) => r.month, render: (r) => month(r.month) },
    { key: 'segment', title: 'Segment', by: (r) => r.segment, render: (r) => r.segment },
    { key: 'accounts', title: 'Cohort', by: (r) => r.accounts, render: (r) => count(r.accounts), isNumber: true },
    {
      key: 'start',
      title: 'ARR then',
      by: (r) => r.arrStart,
      render: (r) => <Money amount={r.arrStart} currency={currency} />,
      isNumber: true,
    },
    {
      key: 'end',
      title: 'ARR of the same',
      by: (r) => r.arrEnd,
      render: (r) => <Money amount={r.arrEnd} currency={currency} />,
      isNumber: true,
    },
    { key: 'nrr', title: 'NRR', by: (r) => r.nrr, render: (r) => rate(r, 'nrr'), isNumber: true, startsGroup: true },
    { key: 'grr', title: 'GRR', by: (r) => r.grr, render: (r) => rate(r, 'grr'), isNumber: true },
    { key: 'logo', title: 'Logo retention', by: (r) => r.logo, render: (r) => rate(r, 'logo'), isNumber: true },
  ]
}
