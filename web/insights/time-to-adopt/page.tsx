/** How long it takes: the share that has come to use a feature by the days since they could, with those still waiting. */
import { Select } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { AdoptionTimes } from '../../../src/insights/analyses/time-to-adopt/operations.ts'
import { useRead, type InputOf, type OutputOf } from '../../api.ts'
import { useMay } from '../../session.ts'
import { isPick, useAddress } from '../../ui/address.ts'
import { count, day, percent, plural } from '../../ui/format.ts'
import { NameButton } from '../../ui/name-button.tsx'
import { Section } from '../../ui/page.tsx'
import { Empty, Loading } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { AccountPages } from '../account/account-pages.tsx'
import { nameColumn, ownerColumn, renewalColumn, segmentColumn } from '../account/columns.tsx'
import { MonthSelect, NumberSelect, SegmentSelect } from '../analyses/controls.tsx'
import { cutOf, type Cut, type Options } from '../analyses/cut.ts'
import { AccountsDrawer, AnalysisPage, TakeAway, WithOptions } from '../analyses/frame.tsx'
import { FeatureSelect } from '../analyses/feature-select.tsx'

const Curve = lazy(() => import('./curve.tsx').then((m) => ({ default: m.Curve })))

interface Picked {
  segment?: string
  state?: 'adopted' | 'waiting' | 'left'
}
interface State extends Cut {
  feature?: string
  days?: number
  open?: Picked
}
type Input = InputOf<'insights.analyses.timeToAdoptAccounts'>
const title = 'How long until accounts use a feature?'

export function TimeToAdoptPage() {
  return <WithOptions title={title}>{(options) => <Times options={options} />}</WithOptions>
}

function Times({ options }: { options: Options }) {
  const [state, set] = useAddress<State>({ open: isPick() })
  const may = useMay('insights:accounts')
  const days = state.days ?? 365
  const input = { ...cutOf(options, state), days, ...(state.feature ? { feature: state.feature } : {}) }
  const query = useRead('insights.analyses.timeToAdopt', input, { keepPrevious: true })
  return (
    <AnalysisPage
      title={title}
      query={query}
      controls={
        <>
          <FeatureSelect
            value={state.feature ?? query.data?.feature}
            onChange={(feature) => set({ feature, open: undefined })}
          />
          <SegmentSelect options={options} cut={state} onChange={(change) => set({ ...change, open: undefined })} />
          <NumberSelect
            label="Over"
            of={[90, 180, 365, 730]}
            words={(n) => `${n} days`}
            value={days}
            onChange={(n) => set({ days: n })}
          />
          <MonthSelect options={options} value={state.month} onChange={(m) => set({ month: m })} label="Known to" />
        </>
      }
    >
      {(data) => (
        <>
          <Section
            title={`${data.feature}, from the first day it could be used`}
            note="The share of accounts that has used it by each day. The band is the 95 % interval of all accounts."
            actions={<TakeAway operation="insights.analyses.timeToAdopt" input={input} />}
          >
            {data.groups[0]!.mark === 'suppressed' ? (
              <Empty title="Too few accounts for a curve">
                It takes 10 accounts that became able to use {data.feature} since usage is known; there{' '}
                {data.groups[0]!.accounts === 1 ? 'is' : 'are'} {count(data.groups[0]!.accounts)}.
              </Empty>
            ) : (
              <Suspense fallback={<Loading rows={8} />}>
                <Curve data={data} />
              </Suspense>
            )}
            <div className="under-chart">
              <Table
                label="Time to adopt by segment"
                columns={columns(
                  (segment) => set({ open: segment === 'All' ? {} : { segment } }, { asStep: true }),
                  may,
                )}
                rows={data.groups}
                keyOf={(g) => g.segment}
              />
            </div>
          </Section>
          {data.groups[0]!.mark === 'suppressed' ? null : (
            <Section
              title="Number at risk"
              note="How many accounts had not used it yet and were still seen at that day: the fewer, the less the curve says."
            >
              <AtRisk data={data} />
            </Section>
          )}
          <AccountsDrawer
            of={state.open}
            onClose={() => set({ open: undefined })}
            title={({ segment }) => `${data.feature}${segment ? `, ${segment}` : ''}`}
          >
            {(open) => (
              <Accounts
                input={{ ...input, feature: data.feature, ...open }}
                state={open.state}
                onState={(s) => set({ open: { ...open, state: s } })}
              />
            )}
          </AccountsDrawer>
        </>
      )}
    </AnalysisPage>
  )
}

const columns = (onOpen: (segment: string) => void, may: boolean): Column<AdoptionTimes>[] => {
  const by = (g: AdoptionTimes, i: number) =>
    g.marks[i] && g.marks[i].share === null ? (
      <span className="faint" title="No account was seen that long">
        not yet
      </span>
    ) : g.marks[i] ? (
      <span
        title={`95 % interval ${percent(g.marks[i].low)} to ${percent(g.marks[i].high)}; ${plural(g.marks[i].atRisk, 'account', 'accounts')} still waiting`}
      >
        {g.mark === 'directional' ? '~ ' : ''}
        {percent(g.marks[i].share)}
      </span>
    ) : (
      <span className="faint" title="Fewer than 10 accounts">
        too few
      </span>
    )
  return [
    {
      key: 'segment',
      title: 'Segment',
      by: (g) => g.segment,
      render: (g) => (may ? <NameButton onClick={() => onOpen(g.segment)}>{g.segment}</NameButton> : g.segment),
    },
    { key: 'accounts', title: 'Accounts', by: (g) => g.accounts, render: (g) => count(g.accounts), isNumber: true },
    { key: 'adopted', title: 'Used it', by: (g) => g.adopted, render: (g) => count(g.adopted), isNumber: true },
    { key: 'waiting', title: 'Not yet', by: (g) => g.waiting, render: (g) => count(g.waiting), isNumber: true },
    {
      key: 'left',
      title: 'Left before',
      by: (g) => g.left,
      render: (g) => count(g.left),
      isNumber: true,
      hint: 'stopped paying before any use',
    },
    {
      key: 'median',
      title: 'Median, days',
      by: (g) => g.median.value,
      render: (g) =>
        g.mark === 'suppressed' ? (
          <span className="faint" title="Fewer than 10 accounts">
            too few
          </span>
        ) : g.median.value === null ? (
          <span className="faint" title="Less than half have come to use it">
            not reached
          </span>
        ) : (
          <>
            {g.mark === 'directional' ? '~ ' : ''}
            {count(g.median.value)}{' '}
            <span className="faint small">
              {g.median.low ?? 0} to {g.median.high ?? '∞'}
            </span>
          </>
        ),
      isNumber: true,
      startsGroup: true,
    },
    ...[30, 90, 180, 365].map((n, i): Column<AdoptionTimes> => ({
      key: `d${n}`,
      title: `By day ${n}`,
      by: (g) => g.marks[i]?.share ?? null,
      render: (g) => by(g, i),
      isNumber: true,
    })),
  ]
}

function AtRisk({ data }: { data: OutputOf<'insights.analyses.timeToAdopt'> }) {
  const groups = data.groups.filter((g) => g.mark !== 'suppressed')
  return (
    <Table
      label="Number at risk"
      rows={groups}
      keyOf={(g) => g.segment}
      columns={[
        { key: 'segment', title: 'Segment', render: (g) => g.segment },
        { key: 'd0', title: 'Day 0', render: (g) => count(g.accounts), isNumber: true },
        ...[30, 90, 180, 365].map((n, i): Column<AdoptionTimes> => ({
          key: `d${n}`,
          title: `Day ${n}`,
          render: (g) => count(g.marks[i]!.atRisk),
          isNumber: true,
        })),
      ]}
    />
  )
}

const stateNames = { adopted: 'used it', waiting: 'not yet', left: 'left before' } as const
type Row = OutputOf<'insights.analyses.timeToAdoptAccounts'>['rows'][number]
const accountColumns: Column<Row>[] = [
  nameColumn,
  { key: 'state', title: 'State', by: (r) => r.state, render: (r) => stateNames[r.state] },
  { key: 'able', title: 'Could use it from', by: (r) => r.ableFrom, render: (r) => day(r.ableFrom), isNumber: true },
  {
    key: 'first',
    title: 'First use',
    by: (r) => r.firstUse,
    render: (r) => (r.firstUse ? day(r.firstUse) : <span className="faint">none</span>),
    isNumber: true,
  },
  { key: 'days', title: 'Days', by: (r) => r.days, render: (r) => count(r.days), isNumber: true },
  { ...segmentColumn, title: 'Segment then' },
  renewalColumn,
  ownerColumn,
]

function Accounts({
  input,
  state,
  onState,
}: {
  input: Input
  state: Picked['state']
  onState: (state: Picked['state']) => void
}) {
  return (
    <>
      <Select
        label="Show"
        w={180}
        size="xs"
        data={[
          { value: 'any', label: 'all of them' },
          ...Object.entries(stateNames).map(([value, label]) => ({ value, label })),
        ]}
        value={state ?? 'any'}
        onChange={(v) => onState(v === 'any' || v === null ? undefined : (v as NonNullable<Picked['state']>))}
        allowDeselect={false}
      />
      <AccountPages
        operation="insights.analyses.timeToAdoptAccounts"
        input={input}
        label="Accounts behind the curve"
        columns={() => accountColumns}
        keyOf={(r) => r.accountId}
        sum={(list) => <>{plural(list.total, 'account', 'accounts')}, who could use it last first.</>}
      />
    </>
  )
}
