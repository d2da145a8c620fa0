/** The renewals ahead: how much, when, and whether those accounts use the core features they pay for. */
import { lazy, Suspense } from 'react'
import type { RenewalAccount, Use } from '../../../src/insights/analyses/renewals/operations.ts'
import { useRead, type InputOf, type OutputOf } from '../../api.ts'
import { useMay } from '../../session.ts'
import { isPick, useAddress } from '../../ui/address.ts'
import { count, exactMoney, money, month, plural } from '../../ui/format.ts'
import { Money } from '../../ui/money.tsx'
import { NameButton } from '../../ui/name-button.tsx'
import { Section } from '../../ui/page.tsx'
import { Empty, Loading } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { AccountPages } from '../account/account-pages.tsx'
import { arrColumn, lastUseColumn, nameColumn, ownerColumn, renewalColumn, segmentColumn } from '../account/columns.tsx'
import { months, MonthSelect, NumberSelect, SegmentSelect } from '../analyses/controls.tsx'
import { cutOf, groupedBy, type Cut, type Options } from '../analyses/cut.ts'
import { AccountsDrawer, AnalysisPage, TakeAway, WithOptions } from '../analyses/frame.tsx'
import { useNames, useOrder } from './use-names.ts'

const Calendar = lazy(() => import('./calendar.tsx').then((m) => ({ default: m.Calendar })))

type Data = OutputOf<'insights.analyses.renewals'>
interface Picked {
  when?: string
  use?: Use
  segment?: string
  owner?: string
}
interface State extends Cut {
  months?: number
  open?: Picked
}
const title = 'Who renews when, and do they use what they pay for?'

export function RenewalsPage() {
  return <WithOptions title={title}>{(options) => <Renewals options={options} />}</WithOptions>
}

function Renewals({ options }: { options: Options }) {
  const [state, set] = useAddress<State>({ open: isPick() })
  const may = useMay('insights:accounts')
  const ahead = state.months ?? 6
  const input = { ...cutOf(options, state), months: ahead }
  const query = useRead('insights.analyses.renewals', input, { keepPrevious: true })
  const open = (picked: Picked) => set({ open: picked }, { asStep: true })
  return (
    <AnalysisPage
      title={title}
      query={query}
      controls={
        <>
          <NumberSelect
            label="Ahead"
            of={[3, 6, 9, 12]}
            words={months}
            value={ahead}
            onChange={(n) => set({ months: n })}
          />
          <SegmentSelect options={options} cut={state} onChange={(change) => set({ ...change, open: undefined })} />
          <MonthSelect
            options={options}
            value={state.month}
            onChange={(m) => set({ month: m })}
            label="Use and ARR as of"
          />
        </>
      }
    >
      {(data) => (
        <>
          <Section
            title="Month by month"
            note={
              data.coreFeatures.length === 0
                ? 'Name core features to see whether they are used.'
                : `Core features: ${data.coreFeatures.join(', ')}.`
            }
            actions={<TakeAway operation="insights.analyses.renewals" input={input} />}
          >
            {data.total.accounts === 0 ? (
              <Empty title="Nothing renews in these months">
                Look further ahead, or bring renewal dates with the accounts file.
              </Empty>
            ) : (
              <Suspense fallback={<Loading rows={8} />}>
                <Calendar data={data} onPick={(when, use) => open({ when, use })} />
              </Suspense>
            )}
            <div className="under-chart">
              <Table
                label="Renewals by month"
                columns={lineColumns(
                  data,
                  'Renews in',
                  (name) => month(name),
                  (name) => open({ when: name }),
                )}
                rows={data.rows.map((r) => ({ ...r, name: r.month }))}
                keyOf={(r) => r.name}
              />
            </div>
          </Section>
          <Section title={`By ${groupedBy(input.segmentBy, input.andBy)}`}>
            <Table
              label="Renewals by segment"
              columns={lineColumns(
                data,
                'Segment',
                (name) => name,
                (segment) => open({ segment }),
              )}
              rows={data.segments}
              keyOf={(r) => r.name}
              empty={<p className="soft">Nothing renews.</p>}
            />
          </Section>
          <Section title="By owner">
            <Table
              label="Renewals by owner"
              columns={lineColumns(
                data,
                'Owner',
                (name) => name,
                (owner) => open({ owner }),
              )}
              rows={data.owners}
              keyOf={(r) => r.name}
              empty={<p className="soft">Nothing renews.</p>}
            />
          </Section>
          <Outside data={data} onOpen={(when) => open({ when })} />
          {may ? (
            <Section title="The accounts" note="In the order in which they renew.">
              <Accounts input={input} currency={data.standing.currency} maxHeight={560} />
            </Section>
          ) : null}
          <AccountsDrawer of={state.open} width={960} onClose={() => set({ open: undefined })} title={titleOf}>
            {(picked) => <Accounts input={{ ...input, ...picked } as Input} currency={data.standing.currency} />}
          </AccountsDrawer>
        </>
      )}
    </AnalysisPage>
  )
}

const whenNames: Record<string, string> = {
  passed: 'Renewal date is past',
  later: 'Renews later',
  unknown: 'No renewal date',
}
const titleOf = ({ when, use, segment, owner }: Picked) =>
  [
    when ? (whenNames[when] ?? `Renews in ${month(when)}`) : 'Renewals',
    segment,
    owner,
    use ? useNames[use].toLowerCase() : null,
  ]
    .filter(Boolean)
    .join(', ')

const lineColumns = (
  data: Data,
  title_: string,
  nameOf: (name: string) => string,
  onOpen: (name: string) => void,
): Column<Data['total']>[] => {
  const amount = (s: { accounts: number; arr: number }) =>
    s.accounts === 0 ? (
      <span className="faint">–</span>
    ) : (
      <span title={exactMoney(s.arr, data.standing.currency)}>
        {money(s.arr, data.standing.currency)} <span className="faint small">{count(s.accounts)}</span>
      </span>
    )
  return [
    {
      key: 'name',
      title: title_,
      by: (r) => r.name,
      render: (r) =>
        r.accounts === 0 ? nameOf(r.name) : <NameButton onClick={() => onOpen(r.name)}>{nameOf(r.name)}</NameButton>,
    },
    { key: 'arr', title: 'ARR', by: (r) => r.arr, render: amount, isNumber: true },
    ...useOrder
      .filter((use) => use !== 'not-entitled' || data.total.use[use].accounts > 0)
      .map((use, i): Column<Data['total']> => ({
        key: use,
        title: useNames[use],
        by: (r) => r.use[use].arr,
        render: (r) => amount(r.use[use]),
        isNumber: true,
        startsGroup: i === 0,
      })),
  ]
}

function Outside({ data, onOpen }: { data: Data; onOpen: (when: string) => void }) {
  const { outside, standing } = data
  const lines = (['unknown', 'passed', 'later'] as const).filter((when) => outside[when].accounts > 0)
  if (lines.length === 0) return null
  return (
    <Section title="Outside the calendar" note="Accounts that pay and are not in the months above.">
      <Table
        label="Accounts outside the calendar"
        rows={lines.map((when) => ({ when, ...outside[when] }))}
        keyOf={(r) => r.when}
        columns={[
          {
            key: 'when',
            title: 'Why',
            render: (r) => <NameButton onClick={() => onOpen(r.when)}>{whenNames[r.when]}</NameButton>,
          },
          { key: 'accounts', title: 'Accounts', render: (r) => count(r.accounts), isNumber: true },
          arrColumn(standing.currency),
        ]}
      />
    </Section>
  )
}

type Input = InputOf<'insights.analyses.renewalAccounts'>

const accountColumns = (currency: string): Column<RenewalAccount>[] => [
  nameColumn,
  renewalColumn,
  arrColumn(currency),
  {
    key: 'core',
    title: 'Core used',
    hint: 'core features that it has adopted, of those it is entitled to',
    by: (r) => (r.coreEntitled === 0 ? null : r.coreAdopted / r.coreEntitled),
    render: (r) =>
      r.use === 'not-measured' ? (
        <span className="faint">not measured</span>
      ) : (
        <span
          title={r.notAdopted.length > 0 ? `Not used: ${r.notAdopted.join(', ')}` : undefined}
          className={r.use === 'none' ? 'soon' : undefined}
        >
          {r.coreAdopted} of {r.coreEntitled}
        </span>
      ),
    isNumber: true,
  },
  {
    key: 'missing',
    title: 'Not used',
    render: (r) =>
      r.use === 'not-measured' || r.notAdopted.length === 0 ? (
        <span className="faint">–</span>
      ) : (
        <span className="cut is-short" title={r.notAdopted.join(', ')}>
          {r.notAdopted.join(', ')}
        </span>
      ),
  },
  lastUseColumn('Last use', 'of anything'),
  segmentColumn,
  ownerColumn,
]

function Accounts({ input, currency, maxHeight }: { input: Input; currency: string; maxHeight?: number }) {
  return (
    <AccountPages
      operation="insights.analyses.renewalAccounts"
      input={input}
      label="Accounts that renew"
      maxHeight={maxHeight}
      columns={() => accountColumns(currency)}
      keyOf={(r) => r.accountId}
      sum={(list) => (
        <>
          {plural(list.total, 'account', 'accounts')}, <Money amount={list.arr} currency={currency} /> of ARR.
        </>
      )}
      empty="No account renews here."
    />
  )
}
