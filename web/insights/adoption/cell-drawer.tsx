/** The evidence behind a cell: its figures with base and interval, retention of both arms, and the accounts by name. */
import { Button, SegmentedControl } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type {
  AccountBehind,
  AdoptionRetention,
  AdoptionRow,
  RetentionArm,
} from '../../../src/insights/analyses/ground/schemas.ts'
import { useRead, useIsShared, useWorkspace, type InputOf } from '../../api.ts'
import { useMay } from '../../session.ts'
import { count, day, exactMoney, money, month, percent, plural } from '../../ui/format.ts'
import { SideDrawer } from '../../ui/side-drawer.tsx'
import { Await } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { CopyLink } from '../../ui/copy-link.tsx'
import { CsvButton } from '../../ui/csv-button.tsx'
import { DecideOnCell } from './decide-on-cell.tsx'
import { AccountsWithheld } from '../views/accounts-withheld.tsx'
import { arrColumn, nameColumn, ownerColumn, renewalColumn, segmentColumn } from '../account/columns.tsx'
import type { AdoptionState, Cell } from './state.ts'
import './cell-drawer.css'

interface Props {
  data: AdoptionRetention
  state: AdoptionState
  cell: Cell | undefined
  /** What the analysis was asked, without the cell. */
  input: Omit<InputOf<'insights.analyses.accountsBehind'>, 'feature' | 'segment' | 'state'>
  onChange: (cell: Cell | undefined) => void
}

export function CellDrawer({ data, state, cell, input, onChange }: Props) {
  const rowOf = ({ feature, segment }: Cell) =>
    segment === null
      ? data.totals.features.find((r) => r.feature === feature)
      : data.rows.find((r) => r.feature === feature && r.segment === segment)
  return (
    <SideDrawer
      of={cell}
      width={860}
      onClose={() => onChange(undefined)}
      title={({ feature, segment }) => `${feature}, ${segment ?? 'all segments'}`}
    >
      {(open) => {
        const row = rowOf(open)
        const { segment, ...rest } = open
        return (
          <>
            {row ? (
              <>
                <Evidence row={row} data={data} />
                <div className="evidence-next">
                  <DecideOnCell data={data} state={state} cell={open} row={row} />
                </div>
              </>
            ) : null}
            <Behind
              cell={open}
              data={data}
              input={{ ...input, ...rest, ...(segment === null ? {} : { segment }) }}
              onChange={onChange}
              row={row}
            />
          </>
        )
      }}
    </SideDrawer>
  )
}

function Evidence({ row, data }: { row: AdoptionRow; data: AdoptionRetention }) {
  const { meta } = data
  const { now } = row
  const rate = now.adoptionRate
  const workspace = useWorkspace()
  return (
    <div className="evidence">
      <div className="evidence-now">
        <div className="evidence-figure">
          {rate.mark === 'suppressed' ? `${now.adopters} of ${now.eligible}` : percent(rate.value)}
        </div>
        <p>
          {rate.mark === 'suppressed' ? 'Fewer than 10 eligible accounts: no rate is shown. ' : ''}
          {count(now.adopters)} of {plural(now.eligible, 'eligible account', 'eligible accounts')} used {row.feature} in
          the {meta.adoptionMonths} full months to {day(meta.nowDay)}.
          {rate.low === null ? '' : ` 95 % Wilson interval ${percent(rate.low)} to ${percent(rate.high)}.`}
        </p>
        <dl className="pairs">
          <div>
            <dt>ARR of adopters</dt>
            <dd title={exactMoney(now.arrAdopters, meta.currency)}>{money(now.arrAdopters, meta.currency)}</dd>
          </div>
          <div>
            <dt>ARR of others</dt>
            <dd title={exactMoney(now.arrOthers, meta.currency)}>{money(now.arrOthers, meta.currency)}</dd>
          </div>
          <div>
            <dt>Not measured</dt>
            <dd>
              {plural(now.notMeasured, 'account', 'accounts')}, {money(now.arrNotMeasured, meta.currency)}
            </dd>
          </div>
        </dl>
      </div>
      <div>
        <h3>Retention, {meta.base ? `${month(meta.base)} to ${month(meta.month)}` : 'not known'}</h3>
        {row.retention ? (
          <Arms retention={row.retention} />
        ) : (
          <p className="soft">{row.retentionMissing ?? 'The history is shorter than the window.'}</p>
        )}
        <Staying row={row} segmentBy={meta.andBy === null ? meta.segmentBy : null} />
        <p className="small faint">
          Segment and adoption as they were at {day(meta.baseDay)}; accounts won since are outside. That adopters differ
          from others does not say that the feature is why.{' '}
          <Link to="/w/$workspace/data/definitions" params={{ workspace }} hash="nrr">
            Definitions
          </Link>
        </p>
      </div>
    </div>
  )
}

/** One word of evidence and one caveat, from the run that was stored; nothing where there is none. */
function Staying({ row, segmentBy }: { row: AdoptionRow; segmentBy: string | null }) {
  const workspace = useWorkspace()
  const isShared = useIsShared()
  const latest = useRead('insights.analyses.latestAssociation', { feature: row.feature }, { enabled: !isShared })
  const run = latest.data?.run
  const inSegment =
    row.segment !== 'All' && run?.question.segmentBy === segmentBy
      ? run.segments.find((r) => r.feature === row.feature && r.segment === row.segment)
      : undefined
  const found = inSegment ?? run?.features.find((r) => r.feature === row.feature)
  if (!run || !found) return null
  return (
    <div className="staying">
      <p>
        <strong>{found.word.replace(/^./, (c) => c.toUpperCase())}</strong>
        {found.segment === null && row.segment !== 'All' ? ', over all segments' : ''}. {found.caveat}
      </p>
      <p className="small">
        <Link
          to="/w/$workspace/insights/association"
          params={{ workspace }}
          search={{ feature: row.feature, ...(found.segment ? { show: found.segment } : {}) }}
        >
          The evidence, {month(run.question.month)}
        </Link>
      </p>
    </div>
  )
}

function Arms({ retention }: { retention: NonNullable<AdoptionRow['retention']> }) {
  const cell = (arm: RetentionArm, key: 'nrr' | 'grr' | 'logo') =>
    arm[key] === null ? (
      <span className="faint" title="Fewer than 10 accounts">
        too few
      </span>
    ) : (
      `${arm.mark === 'directional' ? '~ ' : ''}${percent(arm[key], 0)}`
    )
  return (
    <table className="arms">
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">Arm</span>
          </th>
          <th scope="col">Accounts</th>
          <th scope="col">NRR</th>
          <th scope="col">GRR</th>
          <th scope="col">Logo</th>
        </tr>
      </thead>
      <tbody>
        {(['adopters', 'others'] as const).map((arm) => (
          <tr key={arm}>
            <th scope="row">{arm === 'adopters' ? 'Adopters' : 'Others'}</th>
            <td>{count(retention[arm].accounts)}</td>
            <td>{cell(retention[arm], 'nrr')}</td>
            <td>{cell(retention[arm], 'grr')}</td>
            <td>{cell(retention[arm], 'logo')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const columns = (data: AdoptionRetention, withSegment: boolean): Column<AccountBehind>[] => [
  nameColumn,
  ...(withSegment ? [segmentColumn] : []),
  ownerColumn,
  arrColumn(data.meta.currency),
  renewalColumn,
  {
    key: 'last',
    title: 'Last use',
    by: (a) => a.lastUse,
    render: (a) => (a.lastUse ? day(a.lastUse) : <span className="faint">never</span>),
    isNumber: true,
    hint: 'of this feature',
  },
  {
    key: 'any',
    title: 'Last use of anything',
    by: (a) => a.lastAnyUse,
    render: (a) => (a.lastAnyUse ? day(a.lastAnyUse) : <span className="faint">never</span>),
    isNumber: true,
  },
]

const pageSize = 100

function Behind({
  cell,
  data,
  input,
  onChange,
  row,
}: {
  cell: Cell
  data: AdoptionRetention
  input: InputOf<'insights.analyses.accountsBehind'>
  onChange: (cell: Cell) => void
  row: AdoptionRow | undefined
}) {
  const may = useMay('insights:accounts')
  const [limit, setLimit] = useState(pageSize)
  const accounts = useRead(
    'insights.analyses.accountsBehind',
    { ...input, limit },
    { enabled: may, keepPrevious: true },
  )
  const { currency } = data.meta
  if (!may) return <AccountsWithheld />
  return (
    <div className="behind">
      <SegmentedControl
        size="xs"
        value={cell.state}
        onChange={(state) => onChange({ ...cell, state: state as Cell['state'] })}
        aria-label="Which accounts"
        data={[
          { value: 'others', label: `Others${row ? ` ${count(row.now.eligible - row.now.adopters)}` : ''}` },
          { value: 'adopters', label: `Adopters${row ? ` ${count(row.now.adopters)}` : ''}` },
          { value: 'not-measured', label: `Not measured${row ? ` ${count(row.now.notMeasured)}` : ''}` },
        ]}
      />
      <Await query={accounts} rows={6}>
        {(list) => (
          <>
            <p className="behind-sum">
              {plural(list.total, 'account', 'accounts')},{' '}
              <span title={exactMoney(list.arr, currency)}>{money(list.arr, currency)}</span> of ARR.{' '}
              {list.renewing.accounts === 0 ? (
                `None renews in the 90 days from ${day(list.renewing.from)}.`
              ) : (
                <>
                  <span className="soon">
                    {plural(list.renewing.accounts, 'renews', 'renew')} by {day(list.renewing.to)}
                  </span>
                  , {money(list.renewing.arr, currency)}; they come first.
                </>
              )}
            </p>
            <Table
              label="Accounts behind the cell"
              isPaged
              columns={columns(data, cell.segment === null)}
              rows={list.rows}
              keyOf={(a) => a.accountId}
              empty={<p className="soft">No account is in this state.</p>}
            />
            <div className="table-foot">
              <span>
                {count(list.rows.length)} of {count(list.total)} shown
                {list.rows.length < list.total && limit < 200 ? (
                  <Button size="compact-xs" variant="subtle" ml={8} onClick={() => setLimit(200)}>
                    Show more
                  </Button>
                ) : null}
              </span>
              <span className="page-actions">
                <CopyLink />
                <CsvButton operation="insights.analyses.accountsBehind" input={{ ...input, limit: 200 }} />
              </span>
            </div>
          </>
        )}
      </Await>
    </div>
  )
}
