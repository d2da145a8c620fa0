/** Who could use what they do not: found by feature, segment, owner and renewal; kept as a list and handed over. */
import { Button, MultiSelect, NumberInput, Select } from '@mantine/core'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { WhitespaceRow } from '../../../src/insights/analyses/whitespace/accounts.ts'
import type { WhitespaceCell } from '../../../src/insights/analyses/whitespace/operations.ts'
import { useIsShared, useRead, type InputOf } from '../../api.ts'
import { useCurrency, useMay } from '../../session.ts'
import { areTexts, useAddress } from '../../ui/address.ts'
import { CsvButton } from '../../ui/csv-button.tsx'
import { count, exactMoney, money, percent, plural } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { Await, Empty, Loading } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { AccountLink } from '../account/account-link.tsx'
import { arrColumn, lastUseColumn, ownerColumn, renewalColumn, segmentColumn } from '../account/columns.tsx'
import { SegmentSelect } from '../analyses/controls.tsx'
import { cutOf, type Cut, type Options } from '../analyses/cut.ts'
import { AnalysisPage, TakeAway, WithOptions } from '../analyses/frame.tsx'
import { useFeatures } from '../features/use-features.ts'
import { AccountsWithheld } from '../views/accounts-withheld.tsx'
import { KeepForm } from './keep-form.tsx'
import { KeptLists } from './kept-lists.tsx'
import { ListDrawer } from './list-drawer.tsx'
import { featureColumn } from '../features/feature-name.tsx'
import './whitespace.css'

const Bars = lazy(() => import('./bars.tsx').then((m) => ({ default: m.Bars })))
const title = 'Who could use what they do not?'

interface WhitespaceState extends Cut {
  features?: string[]
  segments?: string[]
  owners?: string[]
  within?: number
  least?: number
  list?: string
}

export function WhitespacePage() {
  return <WithOptions title={title}>{(options) => <Whitespace options={options} />}</WithOptions>
}

function Whitespace({ options }: { options: Options }) {
  const [state, set] = useAddress<WhitespaceState>({ features: areTexts, segments: areTexts, owners: areTexts })
  const mayNames = useMay('insights:accounts')
  const mayKeep = useMay('insights:curate')
  const currency = useCurrency()
  const isShared = useIsShared()
  const mayLists = mayNames && !isShared
  const features = useFeatures()
  const [isKeeping, setKeeping] = useState(false)
  const input = {
    ...cutOf(options, state),
    featureIds: state.features ?? [],
    segments: state.segments ?? [],
    owners: state.owners ?? [],
    ...(state.within ? { renewsWithinDays: state.within } : {}),
    ...(state.least ? { leastArr: state.least } : {}),
  }
  const query = useRead('insights.analyses.whitespace', input, { keepPrevious: true })
  return (
    <>
      <AnalysisPage
        title={title}
        query={query}
        actions={
          mayKeep && query.data && query.data.accounts > 0 ? (
            <Button onClick={() => setKeeping(true)}>Keep as a list</Button>
          ) : undefined
        }
        controls={
          <>
            <MultiSelect
              label="Features"
              w={260}
              placeholder={state.features?.length ? '' : 'core features'}
              data={
                isShared
                  ? (query.data?.features ?? []).map((f) => ({ value: f.featureId, label: f.feature }))
                  : (features.data?.features ?? []).map((f) => ({ value: f.id, label: f.name }))
              }
              value={state.features ?? []}
              onChange={(v) => set({ features: v.length > 0 ? v : undefined })}
              searchable
              limit={100}
              clearable
            />
            <SegmentSelect
              options={options}
              cut={state}
              onChange={(change) => set({ ...change, segments: undefined })}
            />
            <MultiSelect
              label="Only segments"
              w={190}
              placeholder={state.segments?.length ? '' : 'all'}
              data={query.data?.segments ?? []}
              value={state.segments ?? []}
              onChange={(v) => set({ segments: v.length > 0 ? v : undefined })}
              clearable
            />
            {mayNames ? (
              <MultiSelect
                label="Owners"
                w={190}
                placeholder={state.owners?.length ? '' : 'all'}
                data={query.data?.owners ?? []}
                value={state.owners ?? []}
                onChange={(v) => set({ owners: v.length > 0 ? v : undefined })}
                searchable
                clearable
              />
            ) : null}
            <Select
              label="Renews within"
              w={130}
              placeholder="any time"
              data={[30, 60, 90, 180, 365].map((n) => ({ value: String(n), label: `${n} days` }))}
              value={state.within ? String(state.within) : null}
              onChange={(v) => set({ within: v ? Number(v) : undefined })}
              clearable
            />
            <NumberInput
              label="ARR at least"
              w={130}
              min={0}
              step={1000}
              thousandSeparator=","
              value={state.least ?? ''}
              placeholder="any"
              onBlur={(e) => {
                const n = Number(e.currentTarget.value.replaceAll(/[^\d.]/g, ''))
                set({ least: n > 0 ? n : undefined })
              }}
            />
          </>
        }
      >
        {(data) => (
          <>
            <Section
              title="By feature"
              note="The evidence is about staying: adopters against others who are alike."
              actions={<TakeAway operation="insights.analyses.whitespace" input={input} />}
            >
              {data.cells.length === 0 ? (
                <Empty title="No whitespace here">Either all have adopted, or nobody fits what was asked for.</Empty>
              ) : (
                <Suspense fallback={<Loading rows={8} />}>
                  <Bars
                    cells={data.cells}
                    to={data.to}
                    currency={currency}
                    onPick={isShared ? undefined : (featureId) => set({ features: [featureId] })}
                  />
                </Suspense>
              )}
            </Section>
            {data.cells.length > 0 ? (
              <Section
                title="By feature and segment"
                note={`Eligible accounts that have not adopted, with their ARR.${isShared ? '' : ' A line narrows the accounts below to its own.'}`}
              >
                <Cells
                  cells={data.cells}
                  currency={currency}
                  onOpen={isShared ? undefined : (c) => set({ features: [c.featureId], segments: [c.segment] })}
                />
              </Section>
            ) : null}
            {mayNames ? (
              <Accounts input={input} currency={currency} />
            ) : (
              <Section title="The accounts">
                <AccountsWithheld />
              </Section>
            )}
            {mayLists ? <KeptLists currency={currency} onOpen={(list) => set({ list }, { asStep: true })} /> : null}
            <KeepForm
              isOpen={isKeeping}
              input={input}
              suggested={nameFor(data.cells, state)}
              onClose={() => setKeeping(false)}
              onKept={(list) => {
                setKeeping(false)
                set({ list }, { asStep: true })
              }}
            />
          </>
        )}
      </AnalysisPage>
      {mayLists ? <ListDrawer id={state.list} onClose={() => set({ list: undefined }, { asStep: true })} /> : null}
    </>
  )
}

function nameFor(cells: readonly WhitespaceCell[], state: WhitespaceState): string {
  const features = [...new Set(cells.map((c) => c.feature))]
  return `${features.length === 1 ? features[0] : 'Core features'}${state.segments?.length === 1 ? ` in ${state.segments[0]}` : ''}`
}

function Cells({
  cells,
  currency,
  onOpen,
}: {
  cells: readonly WhitespaceCell[]
  currency: string
  onOpen: ((cell: WhitespaceCell) => void) | undefined
}) {
  const most = useMemo(() => Math.max(1, ...cells.map((c) => c.arr)), [cells])
  const columns: Column<WhitespaceCell>[] = [
    featureColumn,
    { key: 'segment', title: 'Segment', by: (c) => c.segment, render: (c) => c.segment },
    {
      key: 'arr',
      title: 'ARR of others',
      by: (c) => c.arr,
      isNumber: true,
      render: (c) => (
        <span className="space" title={exactMoney(c.arr, currency)}>
          <span className="space-bar" style={{ width: `${(c.arr / most) * 100}%` }} aria-hidden />
          <span>{money(c.arr, currency)}</span>
        </span>
      ),
      width: 220,
    },
    {
      key: 'accounts',
      title: 'Accounts',
      by: (c) => c.accounts,
      render: (c) => (
        <>
          {count(c.accounts)}{' '}
          <span className="faint small">
            of {count(c.eligible)}
            {c.eligible < leastForRate ? '' : `, ${percent(c.accounts / c.eligible, 0)}`}
          </span>
        </>
      ),
      isNumber: true,
    },
    {
      key: 'due',
      title: 'Renew in 90 days',
      by: (c) => c.renewing.arr,
      render: (c) =>
        c.renewing.accounts === 0 ? (
          <span className="faint">none</span>
        ) : (
          <>
            {money(c.renewing.arr, currency)} <span className="faint small">{count(c.renewing.accounts)}</span>
          </>
        ),
      isNumber: true,
    },
    {
      key: 'evidence',
      title: 'Evidence',
      by: (c) => c.evidence,
      render: (c) =>
        c.word ? (
          <span className={c.evidence === 'associated' ? undefined : 'faint'}>{c.word}</span>
        ) : (
          <span className="faint">not asked yet</span>
        ),
    },
  ]
  return (
    <Table
      label="Whitespace by feature and segment"
      columns={columns}
      rows={cells}
      keyOf={(c) => `${c.featureId} ${c.segment}`}
      onOpen={onOpen}
      maxHeight={440}
    />
  )
}

/** Of fewer accounts no rate is shown, as everywhere. */
const leastForRate = 10
const pageSize = 50

function Accounts({
  input,
  currency,
}: {
  input: Omit<InputOf<'insights.analyses.whitespaceAccounts'>, 'limit'>
  currency: string
}) {
  const [limit, setLimit] = useState(pageSize)
  const rows = useRead('insights.analyses.whitespaceAccounts', { ...input, limit }, { keepPrevious: true })
  const columns: Column<WhitespaceRow>[] = [
    {
      key: 'account',
      title: 'Account',
      by: (r) => r.account.toLowerCase(),
      render: (r) => <AccountLink id={r.accountId} name={r.account} />,
    },
    segmentColumn,
    { key: 'feature', title: 'Does not use', by: (r) => r.feature, render: (r) => r.feature },
    arrColumn(currency),
    renewalColumn,
    ownerColumn,
    lastUseColumn('Last use', 'of this feature'),
    {
      key: 'contacts',
      isWho: true,
      title: 'Contacts',
      render: (r) =>
        r.contacts.length === 0 ? (
          <span
            className="faint"
            title="Columns of the accounts file named like contact, e-mail or phone are shown here"
          >
            none known
          </span>
        ) : (
          <span className="cut is-short" title={r.contacts.map((c) => `${c.what}: ${c.value}`).join('\n')}>
            {r.contacts.map((c) => c.value).join(', ')}
          </span>
        ),
    },
  ]
  return (
    <Section
      title="The accounts"
      note="Renewals of the next 90 days first, then by evidence, then by ARR."
      actions={<CsvButton operation="insights.analyses.whitespaceAccounts" input={{ ...input, limit: 200 }} />}
    >
      <Await query={rows} rows={8}>
        {(list) => (
          <>
            <Table
              label="Accounts of the whitespace"
              isPaged
              columns={columns}
              rows={list.rows}
              keyOf={(r) => `${r.accountId} ${r.featureId}`}
              maxHeight={560}
              empty={<p className="soft">Nobody fits.</p>}
            />
            <div className="table-foot">
              <span>
                {plural(list.total, 'line', 'lines')}, {count(list.rows.length)} shown
                {list.rows.length < list.total && limit < 200 ? (
                  <Button size="compact-xs" variant="subtle" ml={8} onClick={() => setLimit(200)}>
                    Show more
                  </Button>
                ) : null}
              </span>
            </div>
          </>
        )}
      </Await>
    </Section>
  )
}
