/** The list to work through, the most ARR first. */
import { Button, Combobox, TextInput, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Unmatched } from '../../../src/insights/accounts/schemas.ts'
import { useRead, useWorkspace, useWrite, write, type OutputOf } from '../../api.ts'
import { queryClient } from '../../api.ts'
import { useCurrency, useMay } from '../../session.ts'
import { refetchTouched, touchedBy } from '../../topics.ts'
import { CsvButton } from '../../ui/csv-button.tsx'
import { count, day, exactMoney, money, plural } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { Await, Empty } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { showUndo } from '../../ui/undo.tsx'

const sure = 0.9

export function UnmatchedList() {
  const workspace = useWorkspace()
  const currency = useCurrency()
  const mayEdit = useMay('insights:edit')
  const [search, setSearch] = useState('')
  const [settled] = useDebouncedValue(search, 200)
  const [limit, setLimit] = useState(50)
  const unmatched = useRead('insights.accounts.unmatched', { search: settled, limit }, { keepPrevious: true })
  const link = useWrite('insights.accounts.link')
  const decide = (list: { row: Unmatched; accountExtId: string | null; method: 'domain' | 'name' | 'person' }[]) =>
    link.mutate(
      {
        decisions: list.map(({ row, accountExtId, method }) => ({
          source: row.source,
          extId: row.extId,
          accountExtId,
          method,
        })),
      },
      {
        onSuccess: () =>
          showUndo(
            plural(list.length, 'id is settled', 'ids are settled'),
            () => {
              void takeBack(
                workspace,
                list.map((l) => l.row),
              )
            },
            'The figures are being refreshed.',
          ),
        onError: (error) => notifications.show({ color: 'red', title: 'Nothing was settled', message: error.message }),
      },
    )
  const columns: Column<Unmatched>[] = [
    {
      key: 'id',
      title: 'Id',
      render: (u) => (
        <span className="cut" title={u.extId}>
          {u.name ?? u.extId}
          {u.name ? <span className="faint small"> {u.extId}</span> : null}
        </span>
      ),
    },
    { key: 'source', title: 'From', by: (u) => u.source, render: (u) => u.source },
    {
      key: 'arr',
      title: 'ARR',
      by: (u) => u.arr,
      render: (u) =>
        u.arr === 0 ? (
          <span className="faint">none</span>
        ) : (
          <span title={exactMoney(u.arr, currency)}>{money(u.arr, currency)}</span>
        ),
      isNumber: true,
    },
    {
      key: 'events',
      title: 'Events',
      by: (u) => u.events,
      render: (u) =>
        u.events === 0 ? (
          <span className="faint">none</span>
        ) : (
          <span title={`last on ${day(u.lastEventDay)}`}>{count(u.events)}</span>
        ),
      isNumber: true,
    },
    {
      key: 'who',
      title: 'Who it may be',
      by: (u) => u.proposals[0]?.confidence ?? 0,
      startsGroup: true,
      render: (u) => <Proposed row={u} />,
    },
    ...(mayEdit
      ? [
          {
            key: 'decide',
            title: <span className="visually-hidden">Decide</span>,
            render: (u: Unmatched) => (
              <Decide
                row={u}
                isBusy={link.isPending}
                onDecide={(accountExtId, method) => decide([{ row: u, accountExtId, method }])}
              />
            ),
          },
        ]
      : []),
  ]
  return (
    <Section
      title="Not matched yet"
      note="Usage of these ids counts for nobody, and their ARR stands for an account of its own."
      actions={
        <>
          <TextInput
            size="xs"
            placeholder="Search"
            aria-label="Search unmatched ids"
            value={search}
            onChange={(e) => setSearch(e.currentTarget.value)}
          />
          <CsvButton operation="insights.accounts.unmatched" input={{ limit: 5000 }} />
        </>
      }
    >
      <Await query={unmatched}>
        {(list) => {
          const certain = list.rows.filter((u) => (u.proposals[0]?.confidence ?? 0) >= sure)
          return (
            <>
              {list.total > 0 ? (
                <p className="accounts-sum">
                  {plural(list.total, 'id', 'ids')}, {money(list.arr, currency)} of ARR,{' '}
                  {plural(list.events, 'event', 'events')}.
                  {mayEdit && certain.length > 1 ? (
                    <Button
                      size="compact-xs"
                      ml={12}
                      loading={link.isPending}
                      onClick={() =>
                        decide(
                          certain.map((row) => ({
                            row,
                            accountExtId: row.proposals[0]!.accountExtId,
                            method: row.proposals[0]!.method === 'domain' ? 'domain' : 'name',
                          })),
                        )
                      }
                    >
                      Accept the {certain.length} that are at least {sure * 100} % sure
                    </Button>
                  ) : null}
                </p>
              ) : null}
              <Homeless list={list.homeless} />
              <Table
                label="Unmatched ids"
                isPaged
                columns={columns}
                rows={list.rows}
                keyOf={(u) => `${u.source} ${u.extId}`}
                empty={
                  <Empty
                    title={
                      search
                        ? 'No id fits the search'
                        : list.homeless.events > 0
                          ? 'Every account is matched'
                          : 'Everything is matched'
                    }
                  >
                    {search
                      ? 'Try a shorter word.'
                      : list.homeless.events > 0
                        ? 'Every id of an account in usage and revenue is one of the book.'
                        : 'Every id of usage and revenue belongs to an account of the book.'}
                  </Empty>
                }
              />
              {list.rows.length < list.total ? (
                <div className="table-foot">
                  <span>
                    {count(list.rows.length)} of {count(list.total)} shown
                    <Button size="compact-xs" variant="subtle" ml={8} onClick={() => setLimit(200)}>
                      Show more
                    </Button>
                  </span>
                </div>
              ) : null}
            </>
          )
        }}
      </Await>
    </Section>
  )
}

/** Usage keyed by users or subscriptions that no file names: nothing to match here, a file is missing. */
function Homeless({ list }: { list: OutputOf<'insights.accounts.unmatched'>['homeless'] }) {
  const workspace = useWorkspace()
  if (list.events === 0) return null
  const whose = [
    list.users > 0 ? `${plural(list.users, 'user', 'users')} that no users file names` : '',
    list.subscriptions > 0
      ? `${plural(list.subscriptions, 'subscription', 'subscriptions')} that no subscriptions file names`
      : '',
  ].filter(Boolean)
  return (
    <p className="accounts-sum">
      {plural(list.events, 'event', 'events')} of {whose.join(' and ')} {list.events === 1 ? 'counts' : 'count'} for
      nobody. <Link to={`/w/${workspace}/data/import`}>Import a newer file</Link>
    </p>
  )
}

async function takeBack(workspace: string, rows: readonly Unmatched[]): Promise<void> {
  for (const row of rows)
    await write('insights.accounts.unlink', workspace, {
      source: row.source,
      extId: row.extId,
    }).catch(() => undefined)
  await refetchTouched(queryClient, workspace, touchedBy('insights.accounts.unlink'))
}

function Proposed({ row }: { row: Unmatched }) {
  const best = row.proposals[0]
  return best ? (
    <span className="proposal" title={best.why}>
      {best.accountName ?? best.accountExtId}{' '}
      <span className="proposal-why">
        {Math.round(best.confidence * 100)} %, {best.why.charAt(0).toLowerCase()}
        {best.why.slice(1)}
      </span>
    </span>
  ) : (
    <span className="faint">nobody comes to mind</span>
  )
}

function Decide({
  row,
  isBusy,
  onDecide,
}: {
  row: Unmatched
  isBusy: boolean
  onDecide: (accountExtId: string | null, method: 'domain' | 'name' | 'person') => void
}) {
  const best = row.proposals[0]
  const who = row.name ?? row.extId
  return (
    <span className="decide">
      {best ? (
        <Button
          size="compact-xs"
          variant="light"
          disabled={isBusy}
          onClick={() => onDecide(best.accountExtId, best.method === 'domain' ? 'domain' : 'name')}
          aria-label={`Accept: ${who} is ${best.accountName ?? best.accountExtId}`}
        >
          Accept
        </Button>
      ) : null}
      <PickAccount
        label={`Other account for ${who}`}
        onPick={(id) => onDecide(id, 'person')}
        others={row.proposals
          .slice(1)
          .map((p) => ({ accountExtId: p.accountExtId, name: p.accountName, domain: p.why }))}
      />
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        disabled={isBusy}
        onClick={() => onDecide(null, 'person')}
        aria-label={`None of ours: ${who}`}
      >
        None of ours
      </Button>
    </span>
  )
}

/** Finds an account of the book by name, domain or id. */
function PickAccount({
  label,
  others,
  onPick,
}: {
  label: string
  others: { accountExtId: string; name: string | null; domain: string | null }[]
  onPick: (accountExtId: string) => void
}) {
  const combobox = useCombobox()
  const [text, setText] = useState('')
  const [settled] = useDebouncedValue(text, 200)
  const found = useRead(
    'insights.accounts.search',
    { text: settled },
    { enabled: combobox.dropdownOpened && settled.length > 0, keepPrevious: true },
  )
  const options = settled.length > 0 ? (found.data?.rows ?? []) : others
  return (
    <Combobox
      store={combobox}
      width={320}
      position="bottom-end"
      onOptionSubmit={(id) => {
        combobox.closeDropdown()
        onPick(id)
      }}
    >
      <Combobox.Target targetType="button">
        <Button size="compact-xs" variant="default" onClick={() => combobox.toggleDropdown()} aria-label={label}>
          Other
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={text}
          onChange={(e) => setText(e.currentTarget.value)}
          placeholder="Name, domain or id"
          aria-label="Name, domain or id"
        />
        <Combobox.Options mah={240} className="pick-options">
          {options.map((o) => (
            <Combobox.Option key={o.accountExtId} value={o.accountExtId}>
              {o.name ?? o.accountExtId} <span className="faint small">{o.domain ?? o.accountExtId}</span>
            </Combobox.Option>
          ))}
          {options.length === 0 ? (
            <Combobox.Empty>{settled ? 'No account fits.' : 'Type to search.'}</Combobox.Empty>
          ) : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
