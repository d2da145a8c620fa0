/** How widely and how often each feature is used: by the people of an account, by its days, and how many core features it uses. */
import { lazy, Suspense } from 'react'
import type { BroadAccount } from '../../../src/insights/analyses/breadth/accounts.ts'
import type { CoreUse, FeatureUse } from '../../../src/insights/analyses/breadth/operations.ts'
import { useRead, type OutputOf } from '../../api.ts'
import { useMay } from '../../session.ts'
import { isPick, useAddress } from '../../ui/address.ts'
import { count, money, percent, plural } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { Empty, Loading, Remark } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { AccountPages } from '../account/account-pages.tsx'
import { arrColumn, nameColumn, ownerColumn, renewalColumn, segmentColumn } from '../account/columns.tsx'
import { MonthSelect, SegmentSelect, ShowSegmentSelect } from '../analyses/controls.tsx'
import { cutOf, groupedBy, type Cut, type Options } from '../analyses/cut.ts'
import { AccountsDrawer, AnalysisPage, TakeAway, WithOptions } from '../analyses/frame.tsx'
import { featureColumn } from '../features/feature-name.tsx'

const charts = () => import('./charts.tsx')
const BreadthChart = lazy(() => charts().then((m) => ({ default: m.BreadthChart })))
const DaysChart = lazy(() => charts().then((m) => ({ default: m.DaysChart })))
const CoreChart = lazy(() => charts().then((m) => ({ default: m.CoreChart })))

interface State extends Cut {
  segment?: string
  open?: { feature: string }
}
type Data = OutputOf<'insights.analyses.breadth'>
const title = 'How widely and how often is each feature used?'
const mostColumns = 12

export function BreadthPage() {
  return <WithOptions title={title}>{(options) => <Breadth options={options} />}</WithOptions>
}

function Breadth({ options }: { options: Options }) {
  const [state, set] = useAddress<State>({ open: isPick('feature') })
  const may = useMay('insights:accounts')
  const input = cutOf(options, state)
  const query = useRead('insights.analyses.breadth', input, { keepPrevious: true })
  return (
    <AnalysisPage
      title={title}
      query={query}
      controls={
        <>
          <SegmentSelect options={options} cut={state} onChange={(change) => set({ ...change, segment: undefined })} />
          <ShowSegmentSelect
            segments={query.data?.segments}
            value={state.segment}
            onChange={(segment) => set({ segment })}
          />
          <MonthSelect options={options} value={state.month} onChange={(m) => set({ month: m })} label="30 days to" />
        </>
      }
    >
      {(data) => {
        const segment = state.segment && data.segments.includes(state.segment) ? state.segment : 'All'
        const rows = data.rows.filter((r) => r.segment === segment)
        const line = data.core.find((l) => l.segment === segment)
        if (rows.length === 0)
          return (
            <Section title="Nothing to show">
              <Empty title="No measured account could use a feature">{data.answer.caveat}</Empty>
            </Section>
          )
        return (
          <>
            <Section
              title={segment === 'All' ? 'Breadth' : `Breadth in ${segment}`}
              note={`Of the people of an account who did anything in the 30 days, how many used the feature.${may ? ' Open a line for the accounts behind it.' : ''}`}
              actions={<TakeAway operation="insights.analyses.breadth" input={input} />}
            >
              <Widely rows={rows} />
              <div className="under-chart">
                <Table
                  label="Use of each feature"
                  columns={columns}
                  rows={rows}
                  keyOf={(r) => r.feature}
                  initialSort={{ key: 'median', down: true }}
                  onOpen={may ? (r) => set({ open: { feature: r.feature } }, { asStep: true }) : undefined}
                  isCurrent={(r) => state.open?.feature === r.feature}
                />
              </div>
            </Section>
            <Section title="Frequency" note="On how many of the 30 days anybody of an account used the feature.">
              <Often rows={rows} />
            </Section>
            {line && line.byCount.length > 1 ? (
              <Section title="Core features an account uses" note="Of measured accounts that may use at least one.">
                <Cores line={line} all={data.core} />
              </Section>
            ) : null}
            <Section
              title={`Breadth by ${groupedBy(input.segmentBy, input.andBy)}`}
              note="The median account. ~ marks 10 to 29 accounts."
            >
              <BySegment data={data} />
            </Section>
            <AccountsDrawer
              of={state.open}
              width={900}
              onClose={() => set({ open: undefined })}
              title={({ feature }) => `${feature}${segment === 'All' ? '' : `, ${segment}`}`}
            >
              {({ feature }) => (
                <AccountPages
                  operation="insights.analyses.breadthAccounts"
                  input={{ ...input, month: data.month, feature, ...(segment === 'All' ? {} : { segment }) }}
                  label="Accounts by how widely they use it"
                  columns={(list) => accountColumns(list.currency)}
                  keyOf={(r) => r.accountId}
                  sum={(list) => (
                    <>
                      {plural(list.total, 'account', 'accounts')} with {money(list.arr, list.currency)} of ARR may use
                      it; those that use it least widely first.
                    </>
                  )}
                />
              )}
            </AccountsDrawer>
          </>
        )
      }}
    </AnalysisPage>
  )
}

function Widely({ rows }: { rows: readonly FeatureUse[] }) {
  const shown = rows
    .filter((r) => r.breadth.median !== null)
    .sort((a, b) => b.breadth.median! - a.breadth.median! || b.using / b.accounts - a.using / a.accounts)
    .slice(0, 30)
  return shown.length === 0 ? (
    <Remark>No feature has 10 accounts with active users, too few for a median. The counts stand below.</Remark>
  ) : (
    <Suspense fallback={<Loading rows={8} />}>
      <BreadthChart rows={shown} />
    </Suspense>
  )
}

function Often({ rows }: { rows: readonly FeatureUse[] }) {
  const shown = rows
    .filter((r) => r.daysMark !== 'suppressed')
    .sort((a, b) => a.days[0]! / a.measured - b.days[0]! / b.measured)
    .slice(0, 30)
  return shown.length === 0 ? (
    <Remark>No feature has 10 measured accounts, too few for shares. The counts stand above.</Remark>
  ) : (
    <Suspense fallback={<Loading rows={8} />}>
      <DaysChart rows={shown} />
    </Suspense>
  )
}

function Cores({ line, all }: { line: CoreUse; all: readonly CoreUse[] }) {
  const columns: Column<CoreUse>[] = [
    { key: 'segment', title: 'Segment', render: (l) => l.segment },
    { key: 'accounts', title: 'Accounts', by: (l) => l.accounts, render: (l) => count(l.accounts), isNumber: true },
    ...line.byCount.map((_, n): Column<CoreUse> => ({
      key: `n${n}`,
      title: n === 0 ? 'none' : String(n),
      by: (l) => l.byCount[n]! / Math.max(1, l.accounts),
      render: (l) => (
        <>
          {count(l.byCount[n]!)}
          {l.mark === 'suppressed' ? null : <span className="faint"> {percent(l.byCount[n]! / l.accounts, 0)}</span>}
        </>
      ),
      isNumber: true,
      startsGroup: n === 0,
    })),
  ]
  return (
    <>
      {line.accounts === 0 ? (
        <Remark>No measured account may use a core feature here.</Remark>
      ) : (
        <Suspense fallback={<Loading rows={5} />}>
          <CoreChart line={line} />
        </Suspense>
      )}
      <div className="under-chart">
        <Table
          label="Core features used by segment"
          columns={columns}
          rows={all}
          keyOf={(l) => l.segment}
          maxHeight={420}
        />
      </div>
    </>
  )
}

const median = (r: FeatureUse | undefined) =>
  !r ? (
    <span className="faint" title="Nobody here may use it">
      –
    </span>
  ) : r.breadth.median === null && r.mark !== 'suppressed' ? (
    <span className="faint" title={`In ${plural(r.nameless, 'account', 'accounts')} its usage names no user`}>
      names nobody
    </span>
  ) : r.breadth.median === null ? (
    <span
      className="faint"
      title={`${count(r.using)} of ${plural(r.accounts, 'account', 'accounts')} with active people: too few for a median`}
    >
      {count(r.using)} of {count(r.accounts)}
    </span>
  ) : (
    <span
      title={`${plural(r.accounts, 'account', 'accounts')}; middle half ${percent(r.breadth.low)} to ${percent(r.breadth.high)}`}
    >
      {r.mark === 'directional' ? '~ ' : ''}
      {percent(r.breadth.median, 0)}
    </span>
  )

function BySegment({ data }: { data: Data }) {
  const size = new Map(data.core.map((l) => [l.segment, l.accounts]))
  const largest = new Set(
    [...data.segments].sort((a, b) => (size.get(b) ?? 0) - (size.get(a) ?? 0)).slice(0, mostColumns),
  )
  const shown = data.segments.filter((s) => largest.has(s))
  const cells = new Map(data.rows.map((r) => [`${r.segment}\u0000${r.feature}`, r]))
  const lines = data.rows.filter((r) => r.segment === 'All')
  const columns: Column<FeatureUse>[] = [
    featureColumn,
    ...[...shown, 'All'].map((s): Column<FeatureUse> => ({
      key: s,
      title: s,
      by: (r) => cells.get(`${s}\u0000${r.feature}`)?.breadth.median ?? null,
      render: (r) => median(cells.get(`${s}\u0000${r.feature}`)),
      isNumber: true,
      startsGroup: s === 'All',
    })),
  ]
  return (
    <>
      {data.segments.length > mostColumns ? (
        <Remark>
          There are {count(data.segments.length)} segments. Shown are the {mostColumns} with the most accounts; the CSV
          has them all.
        </Remark>
      ) : null}
      <Table label="Breadth by feature and segment" columns={columns} rows={lines} keyOf={(r) => r.feature} />
    </>
  )
}

const columns: Column<FeatureUse>[] = [
  featureColumn,
  {
    key: 'accounts',
    title: 'Accounts',
    by: (r) => r.accounts,
    render: (r) => count(r.accounts),
    isNumber: true,
    hint: 'entitled, measured, with active people',
  },
  {
    key: 'using',
    title: 'use it',
    by: (r) => r.using,
    render: (r) => count(r.using),
    isNumber: true,
    hint: 'with at least one user of the feature',
  },
  {
    key: 'median',
    title: 'Breadth',
    by: (r) => r.breadth.median,
    render: (r) => median(r),
    isNumber: true,
    startsGroup: true,
    hint: 'users of the feature / active users of the account, median over accounts',
  },
  {
    key: 'half',
    title: 'middle half',
    by: (r) => r.breadth.high,
    render: (r) =>
      r.breadth.low === null ? (
        <span className="faint">–</span>
      ) : (
        <span className="faint">
          {percent(r.breadth.low, 0)} to {percent(r.breadth.high, 0)}
        </span>
      ),
    isNumber: true,
    hint: 'first to third quartile',
  },
  ...['no day', '1 to 4', '5 to 12', '13 +'].map((name, i): Column<FeatureUse> => ({
    key: `d${i}`,
    title: name,
    by: (r) => r.days[i]! / Math.max(1, r.measured),
    render: (r) => (
      <>
        {count(r.days[i]!)}
        {r.daysMark === 'suppressed' ? null : <span className="faint"> {percent(r.days[i]! / r.measured, 0)}</span>}
      </>
    ),
    isNumber: true,
    startsGroup: i === 0,
    hint: `${name === 'no day' ? 'measured accounts that did not use it' : 'measured accounts by days of use in 30'}`,
  })),
  {
    key: 'depth',
    title: 'Depth',
    by: (r) => r.depth,
    render: (r) =>
      r.depth === null ? (
        <span className="faint">–</span>
      ) : (
        <span title={`over ${plural(r.userWeeks, 'user-week', 'user-weeks')}`}>{r.depth.toFixed(1)}</span>
      ),
    isNumber: true,
    startsGroup: true,
    hint: 'events / user and week in which they used it',
  },
]

const accountColumns = (currency: string): Column<BroadAccount>[] => [
  nameColumn,
  segmentColumn,
  {
    key: 'breadth',
    title: 'Breadth',
    by: (r) => r.breadth,
    render: (r) =>
      r.breadth === null ? (
        <span className="faint" title="Nobody was active in the 30 days, or the use of the feature names nobody">
          nobody named
        </span>
      ) : (
        <>
          {percent(r.breadth, 0)}{' '}
          <span className="faint">
            {count(r.users)} of {count(r.people)}
          </span>
        </>
      ),
    isNumber: true,
  },
  { key: 'days', title: 'Days', by: (r) => r.days, render: (r) => count(r.days), isNumber: true },
  { key: 'events', title: 'Events', by: (r) => r.events, render: (r) => count(r.events), isNumber: true },
  arrColumn(currency),
  renewalColumn,
  ownerColumn,
]
