/** The lists that were kept, each with what became of its accounts. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import type { ListSummary } from '../../../src/insights/whitespace/schemas.ts'
import { useRead } from '../../api.ts'
import { CsvButton } from '../../ui/csv-button.tsx'
import { count, day, money, plural } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { Await, Empty } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'

export function KeptLists({ currency, onOpen }: { currency: string; onOpen: (id: string) => void }) {
  const [archived, setArchived] = useState(false)
  const lists = useRead('insights.whitespace.lists', { archived }, { keepPrevious: true })
  const columns: Column<ListSummary>[] = [
    { key: 'name', title: 'List', by: (l) => l.name.toLowerCase(), render: (l) => l.name },
    {
      key: 'made',
      title: 'Kept',
      by: (l) => l.createdAt,
      render: (l) => (
        <>
          {day(l.createdAt.slice(0, 10))} <span className="faint small">{l.createdBy}</span>
        </>
      ),
    },
    {
      key: 'accounts',
      title: 'Accounts',
      by: (l) => l.accounts,
      render: (l) => (
        <>
          {count(l.accounts)} <span className="faint small">{money(l.arrThen, currency)}</span>
        </>
      ),
      isNumber: true,
    },
    {
      key: 'adopted',
      title: 'Adopted since',
      by: (l) => l.adopted,
      render: (l) => (
        <>
          {count(l.adopted)} <span className="faint small">of {count(l.pairs)}</span>
        </>
      ),
      isNumber: true,
    },
    {
      key: 'renewed',
      title: 'Renewed',
      by: (l) => l.outcome.renewed.accounts,
      render: (l) => count(l.outcome.renewed.accounts),
      isNumber: true,
      startsGroup: true,
    },
    {
      key: 'left',
      title: 'Left',
      by: (l) => l.outcome.left.accounts,
      render: (l) => count(l.outcome.left.accounts),
      isNumber: true,
    },
    {
      key: 'due',
      title: 'To come',
      hint: 'accounts whose renewal is still to come',
      by: (l) => l.outcome.due.accounts,
      render: (l) => count(l.outcome.due.accounts),
      isNumber: true,
    },
    {
      key: 'handed',
      title: 'Handed over',
      by: (l) => l.handovers,
      render: (l) =>
        l.handovers === 0 ? <span className="faint">not yet</span> : plural(l.handovers, 'time', 'times'),
      isNumber: true,
    },
  ]
  return (
    <Section
      title="Lists that were kept"
      note="As they were when they were kept, and what became of their accounts."
      actions={
        <>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            onClick={() => setArchived(!archived)}
            aria-pressed={archived}
          >
            {archived ? 'Show the current' : 'Show put away'}
          </Button>
          <CsvButton operation="insights.whitespace.lists" input={{ archived }} />
        </>
      }
    >
      <Await query={lists} rows={3}>
        {({ rows }) => (
          <Table
            label="Lists"
            columns={columns}
            rows={rows}
            keyOf={(l) => l.id}
            onOpen={(l) => onOpen(l.id)}
            empty={
              <Empty title={archived ? 'No list was put away' : 'No list is kept yet'}>
                Narrow the accounts of the whitespace down, then keep them as a list. It can be mailed to their owners,
                and shows at renewal what became of them.
              </Empty>
            }
          />
        )}
      </Await>
    </Section>
  )
}
