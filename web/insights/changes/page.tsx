/** What changed since last month, the most ARR concerned first. */
import { Button, Drawer, Select } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { listMovementAccounts } from '../../../src/insights/analyses/movement-accounts.ts'
import type { analyseWhatChanged, listChangedAccounts } from '../../../src/insights/analyses/what-changed.ts'
import { useRead, type InputOf, type OutputOf } from '../../api.ts'
import { useMay } from '../../session.ts'
import { useAddress } from '../../ui/address.ts'
import { count, day, exactMoney, money, month, plural, tied } from '../../ui/format.ts'
import { Page, Section } from '../../ui/page.tsx'
import { Await, Empty, Loading, Remark } from '../../ui/states.tsx'
import type { Column } from '../../ui/table.tsx'
import { AccountsWithheld } from '../views/accounts-withheld.tsx'
import { AccountLink } from '../account/account-link.tsx'
import { AccountPages } from '../account/account-pages.tsx'
import {
  AnalysisPage,
  bandsFor,
  MonthSelect,
  SegmentSelect,
  TakeAway,
  useOptions,
  type Options,
} from '../analyses/frame.tsx'
import { movementColumns } from '../revenue/movement-drawer.tsx'
import { nameOf } from './change-names.ts'
import './changes.css'

const Bars = lazy(() => import('./bars.tsx').then((m) => ({ default: m.Bars })))

type Data = OutputOf<typeof analyseWhatChanged>
type Change = Data['rows'][number]
/** The accounts behind a change: by rule, and what it was about. */
interface Picked {
  rule: Change['rule']
  feature?: string
  segment?: string
  kind?: NonNullable<Change['kind']>
  rises?: boolean
}
interface State {
  month?: string
  segmentBy?: string
  andBy?: string
  adoptionMonths?: number
  open?: Picked
}
const title = 'What changed since last month?'

export function ChangesPage() {
  const options = useOptions()
  return options.data ? (
    <Changes options={options.data} />
  ) : (
    <Page title={title}>
      <Await query={options} rows={12}>
        {() => null}
      </Await>
    </Page>
  )
}

function Changes({ options }: { options: Options }) {
  const [state, set] = useAddress<State>()
  const may = useMay('insights:accounts')
  const segmentBy = state.segmentBy ?? options.defaultSegmentBy ?? 'arr'
  const adoptionMonths = state.adoptionMonths ?? 3
  const input = {
    segmentBy,
    ...bandsFor(segmentBy, state.andBy),
    adoptionMonths,
    ...(state.month ? { month: state.month } : {}),
  }
  const query = useRead<typeof analyseWhatChanged>('insights.analyses.whatChanged', input, { keepPrevious: true })
  const open = (c: Change) =>
    set(
      {
        open: {
          rule: c.rule,
          ...(c.feature ? { feature: c.feature } : {}),
          ...(c.segment ? { segment: c.segment } : {}),
          ...(c.kind ? { kind: c.kind } : {}),
          ...(c.rises === null ? {} : { rises: c.rises }),
        },
      },
      { asStep: true },
    )
  return (
    <AnalysisPage
      title={title}
      query={query}
      controls={
        <>
          <MonthSelect options={options} value={state.month} onChange={(m) => set({ month: m, open: undefined })} />
          <SegmentSelect
            options={options}
            value={segmentBy}
            onChange={(v) => set({ segmentBy: v, open: undefined })}
            andBy={state.andBy}
            onAndBy={(v) => set({ andBy: v, open: undefined })}
          />
          <Select
            label="Adoption is any use in"
            w={170}
            data={[1, 3, 6, 12].map((n) => ({ value: String(n), label: plural(n, 'full month', 'full months') }))}
            value={String(adoptionMonths)}
            onChange={(v) => set({ adoptionMonths: Number(v) })}
            allowDeselect={false}
          />
        </>
      }
    >
      {(data) => (
        <>
          {data.caveats.length > 0 ? (
            <div className="page-remark">
              <Remark>
                {data.caveats.map((c) => (
                  <p key={c.rule}>{tied(c.text)}</p>
                ))}
              </Remark>
            </div>
          ) : null}
          <Section
            title={`${month(data.before)} to ${month(data.month)}`}
            note="By the ARR concerned."
            actions={<TakeAway operation="insights.analyses.whatChanged" input={input} />}
          >
            {data.rows.length === 0 ? (
              <Empty title="Nothing stands out">
                No rule found a change large enough to tell. “How we know” below names the rules.
              </Empty>
            ) : (
              <>
                <Suspense fallback={<Loading rows={4} />}>
                  <Bars rows={data.rows} currency={data.standing.currency} onPick={open} />
                </Suspense>
                <ol className="changes">
                  {data.rows.map((c) => (
                    <li key={c.text}>
                      <span className="changes-mark" aria-hidden>
                        {marks(c)}
                      </span>
                      <div>
                        <p>{tied(c.text)}</p>
                        {may ? (
                          <Button
                            size="compact-xs"
                            variant="default"
                            onClick={() => open(c)}
                            aria-label={`The accounts: ${nameOf(c)}`}
                          >
                            The accounts
                          </Button>
                        ) : null}
                      </div>
                      <span className="changes-arr" title={exactMoney(c.arr, data.standing.currency)}>
                        {money(c.arr, data.standing.currency)}
                        <span className="small faint"> {count(c.accounts)}</span>
                      </span>
                    </li>
                  ))}
                </ol>
              </>
            )}
          </Section>
          <Drawer
            opened={state.open !== undefined}
            onClose={() => set({ open: undefined })}
            position="right"
            size="min(860px, 100vw)"
            title={<span className="drawer-title">{state.open ? nameOf(state.open) : ''}</span>}
            closeButtonProps={{ 'aria-label': 'Close' }}
          >
            {!state.open ? null : may ? (
              <Behind picked={state.open} input={input} at={data.month} />
            ) : (
              <AccountsWithheld />
            )}
          </Drawer>
        </>
      )}
    </AnalysisPage>
  )
}

const marks = (c: Change) => (c.rises === null ? '◷' : c.rises ? '▲' : '▼')

type Input = InputOf<typeof listChangedAccounts>
type Row = OutputOf<typeof listChangedAccounts>['rows'][number]

const columns = (currency: string, ofFeature: boolean): Column<Row>[] => [
  {
    key: 'name',
    title: 'Account',
    by: (r) => r.name.toLowerCase(),
    render: (r) => <AccountLink id={r.accountId} name={r.name} />,
  },
  {
    key: 'arr',
    title: 'ARR',
    by: (r) => r.arr,
    render: (r) => <span title={exactMoney(r.arr, currency)}>{money(r.arr, currency)}</span>,
    isNumber: true,
  },
  {
    key: 'last',
    title: ofFeature ? 'Last use of it' : 'Last use of anything',
    by: (r) => r.lastUse,
    render: (r) => (r.lastUse ? day(r.lastUse) : <span className="faint">never</span>),
    isNumber: true,
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

function Behind({ picked, input, at }: { picked: Picked; input: Omit<Input, 'turn'>; at: string }) {
  if (picked.rule === 'movement') {
    return (
      <AccountPages<typeof listMovementAccounts>
        operation="insights.analyses.movementAccounts"
        input={{ kind: picked.kind!, from: at, to: at }}
        label="Accounts that moved"
        columns={(list) => movementColumns(list.currency, 1)}
        keyOf={(r) => r.accountId}
        sum={(list) => (
          <>
            {plural(list.accounts, 'account', 'accounts')}, {money(list.arr, list.currency)}.
          </>
        )}
      />
    )
  }
  const turn =
    picked.rule === 'renewals' ? 'renewals' : picked.rule === 'adoption' && picked.rises ? 'started' : 'stopped'
  return (
    <AccountPages<typeof listChangedAccounts>
      operation="insights.analyses.changedAccounts"
      label="Accounts behind the change"
      columns={(list) => columns(list.currency, turn !== 'renewals')}
      keyOf={(r) => r.accountId}
      input={{
        ...input,
        month: at,
        turn,
        ...(picked.feature ? { feature: picked.feature } : {}),
        ...(picked.rule === 'adoption' && picked.segment ? { segment: picked.segment } : {}),
      }}
      sum={(list) => (
        <>
          {plural(list.total, 'account', 'accounts')}{' '}
          {turn === 'renewals'
            ? 'renew in the days that came in'
            : turn === 'started'
              ? 'came to use it'
              : 'used it the month before and no longer do'}
          , {money(list.arr, list.currency)} of ARR.
          {picked.rule === 'adoption'
            ? ' Accounts that came or left the eligible ones move a rate too; they are not listed.'
            : ''}
        </>
      )}
    />
  )
}
