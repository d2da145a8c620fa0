/** How often people come back: what part of a month's users come in a week or on a day, week by week and by segment. */
import { SegmentedControl, Switch } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { StickinessPoint } from '../../../src/insights/analyses/stickiness/operations.ts'
import type { StickyAccount } from '../../../src/insights/analyses/stickiness/accounts.ts'
import { useRead, type OutputOf } from '../../api.ts'
import { useMay } from '../../session.ts'
import { isOneOf, isPick, useAddress } from '../../ui/address.ts'
import { count, day, money, percent, plural } from '../../ui/format.ts'
import { NameButton } from '../../ui/name-button.tsx'
import { Section } from '../../ui/page.tsx'
import { Empty, Loading, Remark } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { AccountPages } from '../account/account-pages.tsx'
import { arrColumn, nameColumn, ownerColumn, renewalColumn, segmentColumn } from '../account/columns.tsx'
import { MonthSelect, NumberSelect, SegmentSelect } from '../analyses/controls.tsx'
import { cutOf, type Cut, type Options } from '../analyses/cut.ts'
import { AccountsDrawer, AnalysisPage, TakeAway, WithOptions } from '../analyses/frame.tsx'
import '../analyses/analyses.css'

const Lines = lazy(() => import('../../ui/lines.tsx').then((m) => ({ default: m.Lines })))

interface State extends Cut {
  weeks?: number
  allDays?: true
  of?: Part
  by?: 'users'
  open?: { segment?: string }
}
type Part = 'dau' | 'wau'
type Data = OutputOf<'insights.analyses.stickiness'>
const title = 'How often do people come back?'
const fewest = (n: number) =>
  n >= 100 ? count(Math.round(n)) : n.toLocaleString('en-GB', { maximumFractionDigits: 1 })
const shareOf = (p: StickinessPoint, part: Part, by: State['by']) =>
  (by === 'users' ? p.overUsers : p.perAccount)[part === 'wau' ? 'wauMau' : 'dauMau']
const names = { wau: 'WAU/MAU', dau: 'DAU/MAU' } as const

export function StickinessPage() {
  return <WithOptions title={title}>{(options) => <Stickiness options={options} />}</WithOptions>
}

function Stickiness({ options }: { options: Options }) {
  const [state, set] = useAddress<State>({ open: isPick(), of: isOneOf('dau', 'wau'), by: isOneOf('users') })
  const may = useMay('insights:accounts')
  const weeks = state.weeks ?? 26
  const part = state.of ?? 'wau'
  const input = { ...cutOf(options, state), weeks, workingDays: !state.allDays }
  const query = useRead('insights.analyses.stickiness', input, { keepPrevious: true })
  return (
    <AnalysisPage
      title={title}
      query={query}
      controls={
        <>
          <SegmentSelect options={options} cut={state} onChange={(change) => set({ ...change, open: undefined })} />
          <NumberSelect
            label="Over"
            of={[13, 26, 52, 104]}
            words={(n) => `${n} weeks`}
            value={weeks}
            onChange={(n) => set({ weeks: n })}
          />
          <MonthSelect options={options} value={state.month} onChange={(m) => set({ month: m })} label="Up to" />
          <Switch
            label="Days: Monday to Friday only"
            checked={!state.allDays}
            onChange={(e) => set({ allDays: e.currentTarget.checked ? undefined : true })}
          />
        </>
      }
    >
      {(data) =>
        data.points.every((p) => p.mau === 0) ? (
          <Section title="Nobody to count">
            <Empty title={data.points.length === 0 ? 'No whole window of 28 days' : 'The usage names no users'}>
              {data.answer.caveat}
            </Empty>
          </Section>
        ) : (
          <>
            <Section
              title={
                part === 'wau'
                  ? 'Of a month’s people, how many come in a week'
                  : `Of a month’s people, how many come on a ${data.workingDays ? 'working ' : ''}day`
              }
              note={`Each point is the four weeks that end on that Sunday. ${state.by === 'users' ? 'All users together: an account counts by its users.' : 'Mean over accounts: each counts alike.'}`}
              actions={<TakeAway operation="insights.analyses.stickiness" input={input} />}
            >
              <div className="chart-choice">
                <SegmentedControl
                  size="xs"
                  aria-label="Which share"
                  data={[
                    { value: 'wau', label: 'Week of month (WAU/MAU)' },
                    { value: 'dau', label: 'Day of month (DAU/MAU)' },
                  ]}
                  value={part}
                  onChange={(v) => set({ of: v === 'dau' ? 'dau' : undefined })}
                />
                <SegmentedControl
                  size="xs"
                  aria-label="How it is averaged"
                  data={[
                    { value: 'accounts', label: 'each account alike' },
                    { value: 'users', label: 'all users together' },
                  ]}
                  value={state.by ?? 'accounts'}
                  onChange={(v) => set({ by: v === 'users' ? 'users' : undefined })}
                />
              </div>
              <Shares data={data} part={part} by={state.by} />
              <div className="under-chart">
                <Table
                  label="Stickiness by segment"
                  columns={columns(
                    data,
                    part,
                    state.by,
                    may ? (segment) => set({ open: segment === 'All' ? {} : { segment } }, { asStep: true }) : null,
                  )}
                  rows={lastOf(data)}
                  keyOf={(p) => p.segment}
                />
              </div>
            </Section>
            <Section
              title="How many people"
              note="MAU counts each user of the 28 days once; WAU and DAU are the mean of its weeks and days."
            >
              <People data={data} />
            </Section>
            <AccountsDrawer
              of={state.open}
              width={900}
              onClose={() => set({ open: undefined })}
              title={({ segment }) => `${segment ?? 'All accounts'}, the 28 days to ${day(data.points.at(-1)!.day)}`}
            >
              {(open) => (
                <AccountPages
                  operation="insights.analyses.stickinessAccounts"
                  input={{ ...input, month: data.month, ...open }}
                  label="Accounts by how often their people come back"
                  columns={(list) => accountColumns(list.currency)}
                  keyOf={(r) => r.accountId}
                  sum={(list) => (
                    <>
                      {plural(list.total, 'account', 'accounts')} with {money(list.arr, list.currency)} of ARR, those
                      whose people come back least first.
                    </>
                  )}
                />
              )}
            </AccountsDrawer>
          </>
        )
      }
    </AnalysisPage>
  )
}

/** All first, then the segments in their order, of the last window. */
function lastOf(data: Data): StickinessPoint[] {
  const end = data.points.at(-1)?.day
  const last = data.points.filter((p) => p.day === end)
  return ['All', ...data.segments].flatMap((s) => last.find((p) => p.segment === s) ?? [])
}

function Shares({ data, part, by }: { data: Data; part: Part; by: State['by'] }) {
  const shown = lastOf(data).filter((p) => p.mark !== 'suppressed')
  const all = shown.find((p) => p.segment === 'All')
  if (!all) return <Remark>Fewer than 10 accounts have users, too few for a share. The counts stand below.</Remark>
  const lines = [all, ...shown.filter((p) => p !== all).sort((a, b) => b.mau - a.mau)].map(({ segment }) => ({
    name: segment,
    isAll: segment === 'All',
    points: data.points
      .filter((p) => p.segment === segment)
      .map((p) => ({ month: p.day, value: shareOf(p, part, by), mark: p.mark })),
  }))
  return (
    <Suspense fallback={<Loading rows={6} />}>
      <Lines
        name={`stickiness-${part}`}
        title={`${names[part]} ${percent(shareOf(all, part, by), 0)} in the 28 days to ${day(all.day)}`}
        subtitle={`${part === 'wau' ? 'Users of a week' : `Users of a ${data.workingDays ? 'working ' : ''}day`} as a share of the users of 28 days; a ring marks 10 to 29 accounts`}
        lines={lines}
        label={day}
        height={280}
      />
    </Suspense>
  )
}

const whole = (n: number) => count(Math.round(n))

function People({ data }: { data: Data }) {
  const all = data.points.filter((p) => p.segment === 'All')
  const line = (name: string, of: (p: StickinessPoint) => number) => ({
    name,
    points: all.map((p) => ({ month: p.day, value: of(p), mark: 'ok' as const })),
  })
  const lines = [line('MAU', (p) => p.mau), line('WAU', (p) => p.wau), line('DAU', (p) => p.dau)]
  return (
    <Suspense fallback={<Loading rows={6} />}>
      <Lines
        name="active-users"
        title={`${count(all.at(-1)!.mau)} people in the 28 days to ${day(all.at(-1)!.day)}`}
        subtitle="Users of accounts with ARR"
        lines={lines}
        label={day}
        format={whole}
        height={240}
      />
    </Suspense>
  )
}

const tooFew = (
  <span className="faint" title="Fewer than 10 accounts with users">
    too few
  </span>
)
const share = (p: StickinessPoint, value: number | null) =>
  value === null ? (
    tooFew
  ) : (
    <>
      {p.mark === 'directional' ? '~ ' : ''}
      {percent(value)}
    </>
  )

function columns(
  data: Data,
  part: Part,
  by: State['by'],
  onOpen: ((segment: string) => void) | null,
): Column<StickinessPoint>[] {
  const first = data.points[0]!.day
  const before = (p: StickinessPoint) => {
    const then = data.points.find((one) => one.day === first && one.segment === p.segment)
    return then ? shareOf(then, part, by) : null
  }
  return [
    {
      key: 'segment',
      title: 'Segment',
      render: (p) => (onOpen ? <NameButton onClick={() => onOpen(p.segment)}>{p.segment}</NameButton> : p.segment),
    },
    { key: 'accounts', title: 'Accounts', by: (p) => p.accounts, render: (p) => count(p.accounts), isNumber: true },
    { key: 'active', title: 'with users', by: (p) => p.active, render: (p) => count(p.active), isNumber: true },
    {
      key: 'mau',
      title: 'MAU',
      by: (p) => p.mau,
      render: (p) => count(p.mau),
      isNumber: true,
      startsGroup: true,
      hint: 'users of the 28 days, each once',
    },
    {
      key: 'wau',
      title: 'WAU',
      by: (p) => p.wau,
      render: (p) => fewest(p.wau),
      isNumber: true,
      hint: 'users of a week, mean of four',
    },
    {
      key: 'dau',
      title: 'DAU',
      by: (p) => p.dau,
      render: (p) => fewest(p.dau),
      isNumber: true,
      hint: data.workingDays ? 'users of a working day, mean of twenty' : 'users of a day, mean of 28',
    },
    {
      key: 'wm',
      title: 'WAU/MAU, accounts',
      by: (p) => p.perAccount.wauMau,
      render: (p) => share(p, p.perAccount.wauMau),
      isNumber: true,
      startsGroup: true,
      hint: 'mean over accounts, each alike',
    },
    {
      key: 'wmu',
      title: 'users',
      by: (p) => p.overUsers.wauMau,
      render: (p) => share(p, p.overUsers.wauMau),
      isNumber: true,
      hint: 'all users together',
    },
    {
      key: 'dm',
      title: 'DAU/MAU, accounts',
      by: (p) => p.perAccount.dauMau,
      render: (p) => share(p, p.perAccount.dauMau),
      isNumber: true,
      hint: 'mean over accounts, each alike',
    },
    {
      key: 'dmu',
      title: 'users',
      by: (p) => p.overUsers.dauMau,
      render: (p) => share(p, p.overUsers.dauMau),
      isNumber: true,
      hint: 'all users together',
    },
    {
      key: 'before',
      title: `${names[part]} ${day(first)}`,
      by: before,
      render: (p) => share(p, before(p)),
      isNumber: true,
      startsGroup: true,
      hint: 'the first window shown',
    },
  ]
}

const accountColumns = (currency: string): Column<StickyAccount>[] => [
  nameColumn,
  segmentColumn,
  {
    key: 'wm',
    title: 'WAU/MAU',
    by: (r) => r.wauMau,
    render: (r) =>
      r.wauMau === null ? (
        <span className="faint" title="No user in the 28 days">
          no users
        </span>
      ) : (
        percent(r.wauMau, 0)
      ),
    isNumber: true,
  },
  {
    key: 'dm',
    title: 'DAU/MAU',
    by: (r) => r.dauMau,
    render: (r) => (r.dauMau === null ? '' : percent(r.dauMau, 0)),
    isNumber: true,
  },
  { key: 'mau', title: 'MAU', by: (r) => r.mau, render: (r) => count(r.mau), isNumber: true },
  arrColumn(currency),
  renewalColumn,
  ownerColumn,
]
