/** One account over time: what it pays, what it may use and does, who it is, and how we know. */
import { lazy, Suspense, type ReactNode } from 'react'
import { useRead, type OutputOf } from '../../api.ts'
import { useAddress } from '../../ui/address.ts'
import { count, day, exactMoney, money, month } from '../../ui/format.ts'
import { Page, Section } from '../../ui/page.tsx'
import { Empty, Loading, Remark } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { MonthSelect } from '../analyses/controls.tsx'
import { useOptions } from '../analyses/cut.ts'
import { AnalysisPage, TakeAway } from '../analyses/frame.tsx'
import { FindAccount } from './find-account.tsx'
import { AccountLink } from './account-link.tsx'
import { FeatureStrips } from './feature-strips.tsx'
import { Sources } from './sources.tsx'
import '../adoption/heat-map.css'
import './account.css'

const ArrChart = lazy(() => import('./arr-chart.tsx').then((m) => ({ default: m.ArrChart })))

type Account = OutputOf<'insights.analyses.account'>
interface State {
  id?: string
  month?: string
  months?: number
}

export function AccountPage() {
  const [state] = useAddress<State>()
  // The router reads a parameter that looks like a number as one; ids are text.
  if (state.id === undefined)
    return (
      <Page title="Which account?" lead="Everything known of one account: what it pays, what it uses, who it is.">
        <Section title="Find it">
          <FindAccount />
        </Section>
      </Page>
    )
  return <One id={String(state.id)} key={String(state.id)} />
}

function One({ id }: { id: string }) {
  const [state, set] = useAddress<State>()
  const options = useOptions()
  const input = {
    account: id,
    ...(state.month ? { month: state.month } : {}),
    ...(state.months ? { months: state.months } : {}),
  }
  const query = useRead('insights.analyses.account', input, { keepPrevious: true })
  if (query.error?.code === 'not-found')
    return (
      <Page title="Which account?">
        <Section title="Find it">
          <Empty title={`No account has the id ${id}`}>
            It may count for another account since ids were matched, or the file that named it was undone.
          </Empty>
          <FindAccount />
        </Section>
      </Page>
    )
  return (
    <AnalysisPage
      title={query.data?.account.name ?? 'What do we know of this account?'}
      query={query}
      actions={<TakeAway operation="insights.analyses.account" input={input} />}
      controls={
        options.data ? (
          <MonthSelect options={options.data} value={state.month} onChange={(m) => set({ month: m })} label="As of" />
        ) : undefined
      }
    >
      {(data) => (
        <>
          <Facts data={data} />
          <Section title="What it pays" note={movementNote(data)}>
            {data.months.every((m) => m.arr === 0) ? (
              <p className="soft">No ARR in these months.</p>
            ) : (
              <Suspense fallback={<Loading rows={6} />}>
                <ArrChart months={data.months} currency={data.standing.currency} />
              </Suspense>
            )}
            <Movements data={data} />
          </Section>
          <Section
            title="What it uses"
            note="Each square is a month; the darker, the more events, by the feature’s own busiest month."
          >
            {data.features.length === 0 ? (
              <p className="soft">No feature is named yet.</p>
            ) : (
              <FeatureStrips data={data} />
            )}
          </Section>
          <Attributes data={data} />
          <Sources account={id} />
        </>
      )}
    </AnalysisPage>
  )
}

function Facts({ data }: { data: Account }) {
  const { account: a, standing } = data
  const facts: [string, ReactNode][] = [
    [
      'ARR',
      <span key="arr" title={exactMoney(a.arr, standing.currency)}>
        {money(a.arr, standing.currency)}
      </span>,
    ],
    ['Plan', a.plans.join(', ') || 'none'],
    ['Renews', a.renewalDate ? day(a.renewalDate) : 'not known'],
    [
      'Owner',
      a.owner ? (
        a.ownerEmail ? (
          <a key="owner" href={`mailto:${a.ownerEmail}`}>
            {a.owner}
          </a>
        ) : (
          a.owner
        )
      ) : (
        'none'
      ),
    ],
    ['Id', a.accountId],
    ...(a.domain ? [['Domain', a.domain] as [string, ReactNode]] : []),
    ...(a.parent
      ? [
          ['Belongs to', <AccountLink key="parent" id={a.parent.accountId} name={a.parent.name} />] as [
            string,
            ReactNode,
          ],
        ]
      : []),
    ...(a.children.length > 0
      ? [
          [
            'Holds',
            <span key="children" className="account-children">
              {a.children
                .slice(0, 8)
                .map((c) =>
                  a.included.some((i) => i.accountId === c.accountId) ? (
                    <span key={c.accountId}>{c.name}</span>
                  ) : (
                    <AccountLink key={c.accountId} id={c.accountId} name={c.name} />
                  ),
                )}
              {a.children.length > 8 ? <span className="faint">and {count(a.children.length - 8)} more</span> : null}
            </span>,
          ] as [string, ReactNode],
        ]
      : []),
    ...(a.included.length > 0
      ? [
          [
            'Counts with it',
            <span key="included" className="account-children">
              {a.included.slice(0, 8).map((i) => (
                <span key={i.accountId}>{i.name}</span>
              ))}
              {a.included.length > 8 ? <span className="faint">and {count(a.included.length - 8)} more</span> : null}
            </span>,
          ] as [string, ReactNode],
        ]
      : []),
    ['Events known', a.firstEvent ? `${day(a.firstEvent)} to ${day(a.lastEvent)}` : 'none'],
  ]
  return (
    <Section title="Who it is">
      {a.askedFor ? (
        <Remark>
          {a.askedFor.name} ({a.askedFor.accountId}) counts for this account; its figures are in these.
        </Remark>
      ) : null}
      <dl className="account-facts">
        {facts.map(([what, how]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{how}</dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}

const kindNames = {
  new: 'New',
  reactivation: 'Came back',
  expansion: 'Expansion',
  contraction: 'Contraction',
  churn: 'Churn',
} as const
const movementNote = (data: Account) =>
  `ARR at each month’s end, ${month(data.months[0]!.month)} to ${month(data.months.at(-1)!.month)}.`

function Movements({ data }: { data: Account }) {
  const { currency } = data.standing
  const moves = data.months.filter((m) => m.kind !== null)
  const columns: Column<Account['months'][number]>[] = [
    { key: 'month', title: 'Month', by: (m) => m.month, render: (m) => month(m.month) },
    { key: 'kind', title: 'What happened', by: (m) => m.kind, render: (m) => kindNames[m.kind!] },
    {
      key: 'change',
      title: 'Change',
      by: (m) => m.change,
      render: (m) => (
        <span title={exactMoney(m.change, currency)}>
          {m.change > 0 ? '+' : ''}
          {money(m.change, currency)}
        </span>
      ),
      isNumber: true,
    },
    {
      key: 'arr',
      title: 'ARR after',
      by: (m) => m.arr,
      render: (m) => <span title={exactMoney(m.arr, currency)}>{money(m.arr, currency)}</span>,
      isNumber: true,
    },
    { key: 'plans', title: 'Plan after', render: (m) => m.plans.join(', ') || '–' },
  ]
  return (
    <div className="account-moves">
      <Table
        label="Movements of this account"
        columns={columns}
        rows={moves}
        keyOf={(m) => m.month}
        initialSort={{ key: 'month', down: true }}
        empty={<p className="soft small">Its ARR did not change in these months.</p>}
      />
    </div>
  )
}

function Attributes({ data }: { data: Account }) {
  if (data.attributes.length === 0) return null
  return (
    <Section
      title="What is said of it"
      note="The account’s attributes, as the files gave them; the last value is the one that counts now."
    >
      <dl className="account-facts">
        {data.attributes.map((a) => (
          <div key={a.key}>
            <dt>{a.key}</dt>
            <dd>
              {a.value ?? <span className="faint">no value</span>}
              {a.history.length > 1 ? (
                <span className="small faint">
                  {' '}
                  since {day(a.history.at(-1)!.from)}; before:{' '}
                  {a.history
                    .slice(0, -1)
                    .toReversed()
                    .map((h) => `${h.value ?? 'no value'} from ${day(h.from)}`)
                    .join(', ')}
                </span>
              ) : null}
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}
