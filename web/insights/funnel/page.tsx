/** How far accounts get with one feature, step by step, and where they stop. */
import { SegmentedControl } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type {
  FunnelAccount,
  FunnelLine,
  FunnelStep,
} from '../../../src/insights/analyses/adoption-funnel/operations.ts'
import { useRead, type InputOf } from '../../api.ts'
import { isOneOf, isPick, useAddress } from '../../ui/address.ts'
import { count, money, month, percent, plural } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { NameButton } from '../../ui/name-button.tsx'
import { Section } from '../../ui/page.tsx'
import { Empty, Loading } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { AccountPages } from '../account/account-pages.tsx'
import { arrColumn, lastUseColumn, nameColumn, ownerColumn, renewalColumn, segmentColumn } from '../account/columns.tsx'
import { AdoptionMonthsSelect, MonthSelect, SegmentSelect } from '../analyses/controls.tsx'
import { cutOf, groupedBy, type Cut, type Options } from '../analyses/cut.ts'
import { AccountsDrawer, AnalysisPage, TakeAway, WithOptions } from '../analyses/frame.tsx'
import { FeatureSelect } from '../analyses/feature-select.tsx'
import { stepNames, stopNames, stepOrder } from './step-names.ts'

const Steps = lazy(() => import('./steps.tsx').then((m) => ({ default: m.Steps })))

interface Picked {
  reached?: FunnelStep
  segment?: string
}
interface State extends Cut {
  feature?: string
  adoptionMonths?: number
  unit?: 'arr'
  open?: Picked
}
type Input = InputOf<'insights.analyses.funnelAccounts'>
const title = 'How far do accounts get with a feature?'

export function FunnelPage() {
  return <WithOptions title={title}>{(options) => <Funnel options={options} />}</WithOptions>
}

function Funnel({ options }: { options: Options }) {
  const [state, set] = useAddress<State>({ open: isPick(), unit: isOneOf('arr') })
  const adoptionMonths = state.adoptionMonths ?? 3
  const input = {
    ...cutOf(options, state),
    adoptionMonths,
    ...(state.feature ? { feature: state.feature } : {}),
  }
  const open = (picked: Picked) => set({ open: picked }, { asStep: true })
  const query = useRead('insights.analyses.adoptionFunnel', input, { keepPrevious: true })
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
          <MonthSelect options={options} value={state.month} onChange={(m) => set({ month: m })} />
          <AdoptionMonthsSelect
            label="Now is any use in"
            value={adoptionMonths}
            onChange={(n) => set({ adoptionMonths: n })}
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
                    onPick={(reached) => open({ reached })}
                  />
                </Suspense>
              )}
            </Section>
            <Section title="Where they stop" note="Each account once, at the last step it reached.">
              <Table
                label="Where accounts stop"
                columns={stopColumns(currency, (reached) => open({ reached }))}
                rows={stops(all)}
                keyOf={(s) => s.step}
              />
            </Section>
            <Section
              title={`By ${groupedBy(input.segmentBy, input.andBy)}`}
              note="Shares are of the measured accounts. ~ marks 10 to 29 of them."
            >
              <Table
                label="The funnel by segment"
                columns={lineColumns(currency, (segment) => open({ segment }))}
                rows={data.lines}
                keyOf={(l) => l.segment}
              />
            </Section>
            <AccountsDrawer
              of={state.open}
              width={900}
              onClose={() => set({ open: undefined })}
              title={({ segment, reached }) =>
                `${data.feature}${segment ? `, ${segment}` : ''}${reached ? `: ${stopNames[reached]}` : ''}`
              }
            >
              {({ segment, reached }) => (
                <Accounts
                  input={{
                    ...input,
                    feature: data.feature,
                    ...(reached ? { reached } : {}),
                    ...(segment && segment !== 'All' ? { segment } : {}),
                  }}
                />
              )}
            </AccountsDrawer>
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
        <NameButton onClick={() => onOpen(s.step)}>{stopNames[s.step]}</NameButton>
      ),
  },
  { key: 'accounts', title: 'Accounts', by: (s) => s.accounts, render: (s) => count(s.accounts), isNumber: true },
  arrColumn(currency),
]

const lineColumns = (currency: string, onOpen: (segment: string) => void): Column<FunnelLine>[] => [
  {
    key: 'segment',
    title: 'Segment',
    by: (l) => l.segment,
    render: (l) => <NameButton onClick={() => onOpen(l.segment)}>{l.segment}</NameButton>,
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
  nameColumn,
  { key: 'reached', title: 'It', by: (r) => stepOrder.indexOf(r.reached), render: (r) => stopNames[r.reached] },
  arrColumn(currency),
  lastUseColumn('Last use', 'of this feature'),
  renewalColumn,
  segmentColumn,
  ownerColumn,
]

function Accounts({ input }: { input: Input }) {
  return (
    <AccountPages
      operation="insights.analyses.funnelAccounts"
      input={input}
      label="Accounts at this step"
      columns={(list) => accountColumns(list.currency)}
      keyOf={(r) => r.accountId}
      sum={(list) => (
        <>
          {plural(list.total, 'account', 'accounts')}, <Money amount={list.arr} currency={list.currency} /> of ARR.
        </>
      )}
    />
  )
}
