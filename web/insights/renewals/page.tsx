/** The renewals ahead: how much, when, and whether those accounts use the core features they pay for. */
import { Drawer, Select } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type {
  analyseRenewals,
  listRenewalAccounts,
  RenewalAccount,
  Use,
} from '../../../src/insights/analyses/renewals.ts'
import { useRead, type InputOf, type OutputOf } from '../../api.ts'
import { useMay } from '../../session.ts'
import { useAddress } from '../../ui/address.ts'
import { count, day, exactMoney, money, month, plural } from '../../ui/format.ts'
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
import { useNames, useOrder } from './use-names.ts'
import '../revenue/revenue.css'

const Calendar = lazy(() => import('./calendar.tsx').then((m) => ({ default: m.Calendar })))

type Data = OutputOf<typeof analyseRenewals>
interface Picked {
  when?: string
  use?: Use
  segment?: string
  owner?: string
}
interface State {
  month?: string
  months?: number
  segmentBy?: string
  andBy?: string
  open?: Picked
}
const title = 'Who renews when, and do they use what they pay for?'

export function RenewalsPage() {
  const options = useOptions()
  return options.data ? (
    <Renewals options={options.data} />
  ) : (
    <Page title={title}>
      <Await query={options} rows={12}>
        {() => null}
      </Await>
    </Page>
  )
}

function Renewals({ options }: { options: Options }) {
  const [state, set] = useAddress<State>()
  const may = useMay('insights:accounts')
  const segmentBy = state.segmentBy ?? options.defaultSegmentBy ?? 'arr'
  const months = state.months ?? 6
  const input = {
    segmentBy,
    ...bandsFor(segmentBy, state.andBy),
    months,
    ...(state.month ? { month: state.month } : {}),
  }
  const query = useRead<typeof analyseRenewals>('insights.analyses.renewals', input, { keepPrevious: true })
  const open = (picked: Picked) => set({ open: picked }, { asStep: true })
  return (
    <AnalysisPage
      title={title}
      query={query}
      controls={
        <>
          <Select
            label="Ahead"
            w={130}
            data={[3, 6, 9, 12].map((n) => ({ value: String(n), label: plural(n, 'month', 'months') }))}
            value={String(months)}
            onChange={(v) => set({ months: Number(v) })}
            allowDeselect={false}
          />
          <SegmentSelect
            options={options}
            value={segmentBy}
            onChange={(v) => set({ segmentBy: v, open: undefined })}
            andBy={state.andBy}
            onAndBy={(v) => set({ andBy: v, open: undefined })}
          />
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
            <div className="revenue-table">
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
          <Section title={`By ${groupedBy(segmentBy, state.andBy)}`}>
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
          <Drawer
            opened={state.open !== undefined}
            onClose={() => set({ open: undefined })}
            position="right"
            size="min(960px, 100vw)"
            title={state.open ? <span className="drawer-title">{titleOf(state.open)}</span> : ''}
            closeButtonProps={{ 'aria-label': 'Close' }}
          >
            {!state.open ? null : may ? (
              <Accounts input={{ ...input, ...state.open } as Input} currency={data.standing.currency} />
            ) : (
              <AccountsWithheld />
            )}
          </Drawer>
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
        r.accounts === 0 ? (
          nameOf(r.name)
        ) : (
          <button type="button" className="plain as-link" onClick={() => onOpen(r.name)}>
            {nameOf(r.name)}
          </button>
        ),
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
            render: (r) => (
              <button type="button" className="plain as-link" onClick={() => onOpen(r.when)}>
                {whenNames[r.when]}
              </button>
            ),
          },
          { key: 'accounts', title: 'Accounts', render: (r) => count(r.accounts), isNumber: true },
          {
            key: 'arr',
            title: 'ARR',
            render: (r) => <span title={exactMoney(r.arr, standing.currency)}>{money(r.arr, standing.currency)}</span>,
            isNumber: true,
          },
        ]}
      />
    </Section>
  )
}

type Input = InputOf<typeof listRenewalAccounts>

const accountColumns = (currency: string): Column<RenewalAccount>[] => [
  {
    key: 'name',
    title: 'Account',
    by: (r) => r.name.toLowerCase(),
    render: (r) => <AccountLink id={r.accountId} name={r.name} />,
  },
  {
    key: 'renewal',
    title: 'Renews',
    by: (r) => r.renewalDate,
    render: (r) => (r.renewalDate ? day(r.renewalDate) : <span className="faint">not known</span>),
    isNumber: true,
  },
  {
    key: 'arr',
    title: 'ARR',
    by: (r) => r.arr,
    render: (r) => <span title={exactMoney(r.arr, currency)}>{money(r.arr, currency)}</span>,
    isNumber: true,
  },
  {
    key: 'core',
    title: 'Core features used',
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
        <span className="cut" title={r.notAdopted.join(', ')}>
          {r.notAdopted.join(', ')}
        </span>
      ),
  },
  {
    key: 'last',
    title: 'Last use of anything',
    by: (r) => r.lastUse,
    render: (r) => (r.lastUse ? day(r.lastUse) : <span className="faint">never</span>),
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

function Accounts({ input, currency, maxHeight }: { input: Input; currency: string; maxHeight?: number }) {
  return (
    <AccountPages<typeof listRenewalAccounts>
      operation="insights.analyses.renewalAccounts"
      input={input}
      label="Accounts that renew"
      maxHeight={maxHeight}
      columns={() => accountColumns(currency)}
      keyOf={(r) => r.accountId}
      sum={(list) => (
        <>
          {plural(list.total, 'account', 'accounts')},{' '}
          <span title={exactMoney(list.arr, currency)}>{money(list.arr, currency)}</span> of ARR.
        </>
      )}
      empty="No account renews here."
    />
  )
}
