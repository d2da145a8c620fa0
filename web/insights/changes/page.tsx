/** What changed since last month, the most ARR concerned first. */
import { Button } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { useRead, type InputOf, type OutputOf } from '../../api.ts'
import { useMay } from '../../session.ts'
import { isPick, useAddress } from '../../ui/address.ts'
import { count, exactMoney, money, month, plural, tied } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { Empty, Loading, Remark } from '../../ui/states.tsx'
import type { Column } from '../../ui/table.tsx'
import { AccountPages } from '../account/account-pages.tsx'
import { arrColumn, lastUseColumn, nameColumn, ownerColumn, renewalColumn, segmentColumn } from '../account/columns.tsx'
import { AdoptionMonthsSelect, MonthSelect, SegmentSelect } from '../analyses/controls.tsx'
import { cutOf, type Cut, type Options } from '../analyses/cut.ts'
import { AccountsDrawer, AnalysisPage, TakeAway, WithOptions } from '../analyses/frame.tsx'
import { movementColumns } from '../revenue/movement-drawer.tsx'
import { nameOf } from './change-names.ts'
import './changes.css'

const Bars = lazy(() => import('./bars.tsx').then((m) => ({ default: m.Bars })))

type Data = OutputOf<'insights.analyses.whatChanged'>
type Change = Data['rows'][number]
/** The accounts behind a change: by rule, and what it was about. */
interface Picked {
  rule: Change['rule']
  feature?: string
  segment?: string
  kind?: NonNullable<Change['kind']>
  rises?: boolean
}
interface State extends Cut {
  adoptionMonths?: number
  open?: Picked
}
const title = 'What changed since last month?'

export function ChangesPage() {
  return <WithOptions title={title}>{(options) => <Changes options={options} />}</WithOptions>
}

function Changes({ options }: { options: Options }) {
  const [state, set] = useAddress<State>({ open: isPick('rule') })
  const may = useMay('insights:accounts')
  const adoptionMonths = state.adoptionMonths ?? 3
  const input = { ...cutOf(options, state), adoptionMonths }
  const query = useRead('insights.analyses.whatChanged', input, { keepPrevious: true })
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
          <SegmentSelect options={options} cut={state} onChange={(change) => set({ ...change, open: undefined })} />
          <AdoptionMonthsSelect value={adoptionMonths} onChange={(n) => set({ adoptionMonths: n })} />
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
          <AccountsDrawer of={state.open} onClose={() => set({ open: undefined })} title={nameOf}>
            {(picked) => <Behind picked={picked} input={input} at={data.month} />}
          </AccountsDrawer>
        </>
      )}
    </AnalysisPage>
  )
}

const marks = (c: Change) => (c.rises === null ? '◷' : c.rises ? '▲' : '▼')

type Input = InputOf<'insights.analyses.changedAccounts'>
type Row = OutputOf<'insights.analyses.changedAccounts'>['rows'][number]

const columns = (currency: string, ofFeature: boolean): Column<Row>[] => [
  nameColumn,
  arrColumn(currency),
  lastUseColumn(ofFeature ? 'Last use of it' : 'Last use of anything'),
  renewalColumn,
  segmentColumn,
  ownerColumn,
]

function Behind({ picked, input, at }: { picked: Picked; input: Omit<Input, 'turn'>; at: string }) {
  if (picked.rule === 'movement') {
    return (
      <AccountPages
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
    <AccountPages
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
