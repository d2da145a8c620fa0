import { Button, SegmentedControl, Select } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import type { analyseMovements, analyseRetentionTrend } from '../../../src/insights/analyses/operations.ts'
import type { MovementKind } from '../../../src/insights/analyses/revenue.ts'
import type { listPublishedOperation } from '../../../src/insights/metrics/publishing.ts'
import type { PublishedValue } from '../../../src/insights/metrics/schemas.ts'
import type { Movement } from '../../../src/insights/analyses/schemas.ts'
import { useRead, useIsShared, useWorkspace, type OutputOf } from '../../api.ts'
import { useMay } from '../../session.ts'
import { useAddress } from '../../ui/address.ts'
import { CsvButton } from '../../ui/csv-button.tsx'
import { count, exactMoney, isMonth, money, month, percent, plural } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { PageLink } from '../../ui/page-link.tsx'
import { Await, Empty, Loading, Remark } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { months, MonthSelect, NumberSelect } from '../analyses/controls.tsx'
import { segmentByOf, type Options } from '../analyses/cut.ts'
import { AnswerText, TakeAway, WithOptions } from '../analyses/frame.tsx'
import { HowOld } from '../freshness/how-old.tsx'
import { kindTitles, MovementDrawer, type Bar } from './movement-drawer.tsx'
import '../metrics/metrics.css'
import './revenue.css'

const Bridge = lazy(() => import('./bridge.tsx').then((m) => ({ default: m.Bridge })))
const Trend = lazy(() => import('./trend.tsx').then((m) => ({ default: m.Trend })))

interface State {
  kind?: MovementKind
  in?: string
  to?: string
  over?: number
  unit?: 'mrr'
  segmentBy?: string
  segment?: string
  window?: number
}
const title = 'How does our revenue move, and who stays?'

export function RevenuePage() {
  return (
    <WithOptions title={title}>
      {(options) => (options.hasRevenue ? <Revenue options={options} /> : <NoRevenue />)}
    </WithOptions>
  )
}

function NoRevenue() {
  const workspace = useWorkspace()
  const next = useMay('insights:edit') ? (
    <Button component={Link} to={`/w/${workspace}/data/import`}>
      Import revenue
    </Button>
  ) : undefined
  return (
    <Page title={title}>
      <Section title="What it takes">
        <Empty title="Here stands the bridge of ARR, and retention by segment" action={next}>
          Bring subscriptions, MRR by month, or contracts.
        </Empty>
      </Section>
    </Page>
  )
}

const back = (text: string, months: number): string => {
  const index = Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1 - months
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`
}

function Revenue({ options }: { options: Options }) {
  const [state, set] = useAddress<State>()
  const segmentBy = segmentByOf(options, state)
  const to = state.to ?? options.defaultMonth ?? undefined
  const over = Number.isInteger(state.over) ? state.over! : 12
  const attributes = options.attributes.filter((a) => !a.numeric && a.values <= 60)
  const values = attributes.find((a) => a.key === segmentBy)?.top ?? []
  const input = {
    ...(to ? { from: isMonth(to) ? back(to, over - 1) : to, to } : {}),
    segmentBy,
    ...(state.segment ? { segment: state.segment } : {}),
  }
  const movements = useRead<typeof analyseMovements>('insights.analyses.movements', input, { keepPrevious: true })
  const answer = movements.data?.answer
  return (
    <Page
      title={title}
      lead={answer ? <AnswerText answer={answer} /> : undefined}
      controls={
        <>
          <MonthSelect options={options} value={to} onChange={(m) => set({ to: m })} label="To" />
          <NumberSelect
            label="Over"
            of={[1, 3, 6, 12, 24]}
            words={months}
            value={over}
            onChange={(n) => set({ over: n })}
          />
          <Select
            label="Segment by"
            w={150}
            data={attributes.map((a) => a.key)}
            value={attributes.some((a) => a.key === segmentBy) ? segmentBy : null}
            placeholder="no attribute"
            onChange={(v) => set({ segmentBy: v ?? undefined, segment: undefined })}
            allowDeselect={false}
            searchable
          />
          <Select
            label="Only"
            w={160}
            placeholder="all segments"
            data={values}
            value={state.segment ?? null}
            onChange={(v) => set({ segment: v ?? undefined })}
            clearable
            searchable
          />
          <SegmentedControl
            size="sm"
            value={state.unit ?? 'arr'}
            onChange={(v) => set({ unit: v === 'mrr' ? 'mrr' : undefined })}
            data={[
              { value: 'arr', label: 'ARR' },
              { value: 'mrr', label: 'MRR' },
            ]}
            aria-label="Unit"
          />
        </>
      }
    >
      <Movements
        input={input}
        movements={movements}
        segment={state.segment}
        perMonth={state.unit === 'mrr'}
        window={state.window ?? 12}
        isOpenEnded={!state.to && over === 12}
        open={state.kind ? { kind: state.kind, month: isMonth(state.in) ? state.in : undefined } : undefined}
        onOpen={(bar) => set({ kind: bar?.kind, in: bar?.month }, { asStep: true })}
      />
      <Retention
        segmentBy={segmentBy}
        window={state.window ?? 12}
        segment={state.segment}
        onWindow={(window) => set({ window })}
      />
      <Section title="How we know">
        <div className="know">
          <HowOld
            datasets={['subscriptions', 'mrr', 'accounts']}
            definitions={['arr', 'nrr', 'grr', 'logo-retention']}
          />
        </div>
      </Section>
    </Page>
  )
}

/** Open-ended: the last twelve months, whichever those will be. */
interface MovementsProps {
  input: { from?: string; to?: string; segmentBy: string; segment?: string }
  movements: ReturnType<typeof useRead<typeof analyseMovements>>
  isOpenEnded: boolean
  window: number
  segment: string | undefined
  perMonth: boolean
  open: Bar | undefined
  onOpen: (bar: Bar | undefined) => void
}

const without = (input: Record<string, unknown>, ...keys: string[]) =>
  Object.fromEntries(Object.entries(input).filter(([key]) => !keys.includes(key)))

function Movements({ input, movements, isOpenEnded, window, segment, perMonth, open, onOpen }: MovementsProps) {
  const { segmentBy } = input
  const unit = perMonth ? 'MRR' : 'ARR'
  const scale = perMonth ? 1 / 12 : 1
  return (
    <Await query={movements} rows={10}>
      {({ rows, total, currency }) =>
        total === null ? (
          <Section title="Movements">
            <Empty title="No revenue in these months">Choose another span.</Empty>
          </Section>
        ) : (
          <>
            <Section
              title={`${unit} went from ${money(total.start * scale, currency)} to ${money(total.end * scale, currency)}`}
              note={`${month(rows[0]!.month)} to ${month(total.month)}${segment ? `, ${segment}` : ''}. Each change of an account falls in one kind: start + new + reactivation + expansion − contraction − churn = end.`}
              actions={
                <TakeAway
                  operation="insights.analyses.movements"
                  input={input}
                  inputOfView={isOpenEnded ? without(input, 'from', 'to') : input}
                  alsoReads={[{ operation: 'insights.analyses.retentionTrend', input: { segmentBy, window } }]}
                />
              }
            >
              <Suspense fallback={<Loading rows={8} />}>
                <Bridge
                  total={total}
                  scale={scale}
                  currency={currency}
                  unit={unit}
                  onOpen={(kind) => onOpen({ kind })}
                />
              </Suspense>
              <div className="bridge-bars">
                <span className="small faint">Accounts behind</span>
                {kinds
                  .filter((kind) => total.accounts[kind] > 0)
                  .map((kind) => (
                    <Button key={kind} size="compact-xs" variant="default" onClick={() => onOpen({ kind })}>
                      {kindTitles[kind]} {count(total.accounts[kind])}
                    </Button>
                  ))}
              </div>
            </Section>
            <Section title="Month by month">
              <Table
                label="Movements by month"
                columns={movementColumns(currency, scale, onOpen)}
                rows={rows}
                keyOf={(m) => m.month}
                initialSort={{ key: 'month', down: true }}
                maxHeight={480}
              />
            </Section>
            <MovementDrawer
              bar={open}
              input={{ ...input, ...(open?.month ? { from: open.month, to: open.month } : {}) }}
              scale={scale}
              unit={unit}
              onClose={() => onOpen(undefined)}
            />
          </>
        )
      }
    </Await>
  )
}

const kinds = ['new', 'reactivation', 'expansion', 'contraction', 'churn'] as const

const movementColumns = (currency: string, scale: number, onOpen: (bar: Bar) => void): Column<Movement>[] => {
  const amount = (value: number, n: number) =>
    n === 0 ? (
      <span className="faint">–</span>
    ) : (
      <span title={`${exactMoney(value * scale, currency)}, ${plural(n, 'account', 'accounts')}`}>
        {money(value * scale, currency)} <span className="faint small">{count(n)}</span>
      </span>
    )
  return [
    { key: 'month', title: 'Month', by: (m) => m.month, render: (m) => month(m.month) },
    {
      key: 'start',
      title: 'Start',
      by: (m) => m.start,
      render: (m) => amount(m.start, m.accounts.start),
      isNumber: true,
    },
    ...kinds.map((kind): Column<Movement> => ({
      key: kind,
      title: kindTitles[kind],
      by: (m) => m[kind],
      render: (m) =>
        m.accounts[kind] === 0 ? (
          amount(0, 0)
        ) : (
          <button type="button" className="plain" onClick={() => onOpen({ kind, month: m.month })}>
            {amount(kind === 'contraction' || kind === 'churn' ? -m[kind] : m[kind], m.accounts[kind])}
          </button>
        ),
      isNumber: true,
    })),
    { key: 'end', title: 'End', by: (m) => m.end, render: (m) => amount(m.end, m.accounts.end), isNumber: true },
  ]
}

type Point = OutputOf<typeof analyseRetentionTrend>['rows'][number]

function Retention({
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
  const trend = useRead<typeof analyseRetentionTrend>('insights.analyses.retentionTrend', input, { keepPrevious: true })
  const published = useRead<typeof listPublishedOperation>(
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
