/** How far accounts get with one feature, step by step, and where they stop. */
import { Drawer, SegmentedControl, Select } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type {
  analyseAdoptionFunnel,
  FunnelAccount,
  FunnelLine,
  FunnelStep,
  listFunnelAccounts,
} from '../../../src/insights/analyses/adoption-funnel.ts'
import { useRead, type InputOf } from '../../api.ts'
import { useMay } from '../../session.ts'
import { useAddress } from '../../ui/address.ts'
import { count, day, exactMoney, money, month, percent, plural } from '../../ui/format.ts'
import { Page, Section } from '../../ui/page.tsx'
import { Await, Empty, Loading } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { AccountsWithheld } from '../views/accounts-withheld.tsx'
import { AccountLink } from '../account/account-link.tsx'
import { AccountPages } from '../account/account-pages.tsx'
import {
  AnalysisPage,
  bandsFor,
  groupedBy,
  MonthSelect,
  SegmentSelect,
  TakeAway,
  useOptions,
  type Options,
} from '../analyses/frame.tsx'
import { FeatureSelect } from '../analyses/feature-select.tsx'
import { stepNames, stopNames, stepOrder } from './step-names.ts'
import '../revenue/revenue.css'

const Steps = lazy(() => import('./steps.tsx').then((m) => ({ default: m.Steps })))

interface Picked {
  reached?: FunnelStep
  segment?: string
}
interface State {
  feature?: string
  month?: string
  adoptionMonths?: number
  segmentBy?: string
  andBy?: string
  unit?: 'arr'
  open?: Picked
}
type Input = InputOf<typeof listFunnelAccounts>
const title = 'How far do accounts get with a feature?'

export function FunnelPage() {
  const options = useOptions()
  return options.data ? (
    <Funnel options={options.data} />
  ) : (
    <Page title={title}>
      <Await query={options} rows={12}>
        {() => null}
      </Await>
    </Page>
  )
}

function Funnel({ options }: { options: Options }) {
  const [state, set] = useAddress<State>()
  const may = useMay('insights:accounts')
  const segmentBy = state.segmentBy ?? options.defaultSegmentBy ?? 'arr'
  const adoptionMonths = state.adoptionMonths ?? 3
  const input = {
    segmentBy,
    ...bandsFor(segmentBy, state.andBy),
    adoptionMonths,
    ...(state.feature ? { feature: state.feature } : {}),
    ...(state.month ? { month: state.month } : {}),
  }
  const query = useRead<typeof analyseAdoptionFunnel>('insights.analyses.adoptionFunnel', input, { keepPrevious: true })
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
          <SegmentSelect
            options={options}
            value={segmentBy}
            onChange={(v) => set({ segmentBy: v, open: undefined })}
            andBy={state.andBy}
            onAndBy={(v) => set({ andBy: v, open: undefined })}
          />
          <MonthSelect options={options} value={state.month} onChange={(m) => set({ month: m })} />
          <Select
            label="Now is any use in"
            w={150}
            data={[1, 3, 6, 12].map((n) => ({ value: String(n), label: plural(n, 'full month', 'full months') }))}
            value={String(adoptionMonths)}
            onChange={(v) => set({ adoptionMonths: Number(v) })}
            allowDeselect={false}
          />
          <SegmentedControl
            size="sm"
            value={state.unit ?? 'accounts'}
            onChange={(v) => set({ unit: v === 'arr' ? 'arr' : undefined })}
            data={[
              { value: 'accounts', label: 'Accounts' },
              { value: 'arr', label: 'ARR' },
            ]}
            aria-label="Unit"
          />
        </>
      }
    >
      {(data) => {
        const all = data.lines[0]!
        const { currency } = data.standing
        return (
          <>
            <Section
              title={`${data.feature} at the end of ${month(data.month)}`}
              note="Each step is a part of the one before."
              actions={<TakeAway operation="insights.analyses.adoptionFunnel" input={input} />}
            >
              {all.steps[0]!.accounts === 0 ? (
                <Empty title="No account pays at this month’s end">Choose another month.</Empty>
              ) : (
                <Suspense fallback={<Loading rows={8} />}>
                  <Steps
                    line={all}
                    feature={data.feature}
                    unit={state.unit ?? 'accounts'}
                    currency={currency}
                    onPick={(step) => set({ open: { reached: step } }, { asStep: true })}
                  />
                </Suspense>
              )}
            </Section>
            <Section title="Where they stop" note="Each account once, at the last step it reached.">
              <Table
                label="Where accounts stop"
                columns={stopColumns(currency, (reached) => set({ open: { reached } }, { asStep: true }))}
                rows={stops(all)}
                keyOf={(s) => s.step}
              />
            </Section>
            <Section
              title={`By ${groupedBy(segmentBy, state.andBy)}`}
              note="Shares are of the measured accounts. ~ marks 10 to 29 of them."
            >
              <Table
                label="The funnel by segment"
                columns={lineColumns(currency, (segment) => set({ open: { segment } }, { asStep: true }))}
                rows={data.lines}
                keyOf={(l) => l.segment}
              />
            </Section>
            <Drawer
              opened={state.open !== undefined}
              onClose={() => set({ open: undefined })}
              position="right"
              size="min(900px, 100vw)"
              title={
                <span className="drawer-title">
                  {data.feature}
                  {state.open?.segment ? `, ${state.open.segment}` : ''}
                  {state.open?.reached ? `: ${stopNames[state.open.reached]}` : ''}
                </span>
              }
              closeButtonProps={{ 'aria-label': 'Close' }}
            >
              {!state.open ? null : may ? (
                <Accounts
                  input={{
                    ...input,
                    feature: data.feature,
                    ...(state.open.reached ? { reached: state.open.reached } : {}),
                    ...(state.open.segment && state.open.segment !== 'All' ? { segment: state.open.segment } : {}),
                  }}
                />
              ) : (
                <AccountsWithheld />
              )}
            </Drawer>
          </>
        )
      }}
    </AnalysisPage>
  )
}

interface Stop {
  step: FunnelStep
  accounts: number
  arr: number
}
const stops = (line: FunnelLine): Stop[] =>
  line.steps.map((s, i) => ({
    step: s.step,
    accounts: s.accounts - (line.steps[i + 1]?.accounts ?? 0),
    arr: s.arr - (line.steps[i + 1]?.arr ?? 0),
  }))

const stopColumns = (currency: string, onOpen: (step: FunnelStep) => void): Column<Stop>[] => [
  {
    key: 'step',
    title: 'They',
    render: (s) =>
      s.accounts === 0 ? (
        stopNames[s.step]
      ) : (
        <button type="button" className="plain as-link" onClick={() => onOpen(s.step)}>
          {stopNames[s.step]}
        </button>
      ),
  },
  { key: 'accounts', title: 'Accounts', by: (s) => s.accounts, render: (s) => count(s.accounts), isNumber: true },
  {
    key: 'arr',
    title: 'ARR',
    by: (s) => s.arr,
    render: (s) => <span title={exactMoney(s.arr, currency)}>{money(s.arr, currency)}</span>,
    isNumber: true,
  },
]

const lineColumns = (currency: string, onOpen: (segment: string) => void): Column<FunnelLine>[] => [
  {
    key: 'segment',
    title: 'Segment',
    by: (l) => l.segment,
    render: (l) => (
      <button type="button" className="plain as-link" onClick={() => onOpen(l.segment)}>
        {l.segment}
      </button>
    ),
  },
  ...stepOrder.map((step, i): Column<FunnelLine> => ({
    key: step,
    title: stepNames[step],
    by: (l) => l.steps[i]!.accounts,
    isNumber: true,
    startsGroup: i === 3,
    render: (l) => {
      const s = l.steps[i]!
      return (
        <span
          title={`${money(s.arr, currency)} of ARR${s.ofMeasured?.low == null ? '' : `; 95 % interval ${percent(s.ofMeasured.low)} to ${percent(s.ofMeasured.high)}`}`}
        >
          {count(s.accounts)}
          {s.ofMeasured && s.ofMeasured.value !== null ? (
            <span className="faint small">
              {' '}
              {s.ofMeasured.mark === 'directional' ? '~ ' : ''}
              {percent(s.ofMeasured.value)}
            </span>
          ) : null}
        </span>
      )
    },
  })),
]

const accountColumns = (currency: string): Column<FunnelAccount>[] => [
  {
    key: 'name',
    title: 'Account',
    by: (r) => r.name.toLowerCase(),
    render: (r) => <AccountLink id={r.accountId} name={r.name} />,
  },
  { key: 'reached', title: 'It', by: (r) => stepOrder.indexOf(r.reached), render: (r) => stopNames[r.reached] },
  {
    key: 'arr',
    title: 'ARR',
    by: (r) => r.arr,
    render: (r) => <span title={exactMoney(r.arr, currency)}>{money(r.arr, currency)}</span>,
    isNumber: true,
  },
  {
    key: 'last',
    title: 'Last use',
    by: (r) => r.lastUse,
    render: (r) => (r.lastUse ? day(r.lastUse) : <span className="faint">never</span>),
    isNumber: true,
    hint: 'of this feature',
  },
  {
    key: 'renewal',
    title: 'Renews',
    by: (r) => r.renewalDate,
    render: (r) => (r.renewalDate ? day(r.renewalDate) : <span className="faint">not known</span>),
    isNumber: true,
  },
  { key: 'segment', title: 'Segment', by: (r) => r.segment, render: (r) => r.segment },
  {
    key: 'owner',
    isWho: true,
    title: 'Owner',
    by: (r) => r.owner ?? '',
    render: (r) =>
      r.owner ? (
        r.ownerEmail ? (
          <a href={`mailto:${r.ownerEmail}`}>{r.owner}</a>
        ) : (
          r.owner
        )
      ) : (
        <span className="faint">none</span>
      ),
  },
]

function Accounts({ input }: { input: Input }) {
  return (
    <AccountPages<typeof listFunnelAccounts>
      operation="insights.analyses.funnelAccounts"
      input={input}
      label="Accounts at this step"
      columns={(list) => accountColumns(list.currency)}
      keyOf={(r) => r.accountId}
      sum={(list) => (
        <>
          {plural(list.total, 'account', 'accounts')},{' '}
          <span title={exactMoney(list.arr, list.currency)}>{money(list.arr, list.currency)}</span> of ARR.
        </>
      )}
    />
  )
}
