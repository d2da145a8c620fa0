/** What was decided, by whom, and the way back. */
import { Button } from '@mantine/core'
import type { Link } from '../../../src/insights/accounts/schemas.ts'
import { useRead, useWrite } from '../../api.ts'
import { useMay } from '../../session.ts'
import { CsvButton } from '../../ui/csv-button.tsx'
import { moment } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { Await } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'

const how = { id: 'by equal id', domain: 'proposed by domain', name: 'proposed by name', person: 'picked by hand' }

export function Decisions() {
  const mayEdit = useMay('insights:edit')
  const links = useRead('insights.accounts.links', {})
  const unlink = useWrite('insights.accounts.unlink')
  const columns: Column<Link>[] = [
    {
      key: 'id',
      title: 'Id',
      by: (l) => l.extId,
      render: (l) => (
        <>
          {l.extId} <span className="faint small">{l.source}</span>
        </>
      ),
    },
    {
      key: 'account',
      title: 'Is',
      by: (l) => l.accountName,
      render: (l) =>
        l.accountExtId === null ? <span className="faint">none of ours</span> : (l.accountName ?? l.accountExtId),
    },
    { key: 'how', title: 'How', render: (l) => <span className="soft">{how[l.method]}</span> },
    {
      key: 'by',
      title: 'By',
      by: (l) => l.decidedAt,
      render: (l) => (
        <>
          {l.decidedBy}, {moment(l.decidedAt)}
        </>
      ),
    },
    ...(mayEdit
      ? [
          {
            key: 'undo',
            title: <span className="visually-hidden">Undo</span>,
            render: (l: Link) => (
              <Button
                size="compact-xs"
                variant="default"
                disabled={unlink.isPending}
                onClick={() => unlink.mutate({ source: l.source, extId: l.extId })}
                aria-label={`Undo: ${l.extId}`}
              >
                Undo
              </Button>
            ),
          },
        ]
      : []),
  ]
  return (
    <Section
      title="Decided"
      note="Remembered for every later import."
      actions={<CsvButton operation="insights.accounts.links" input={{}} />}
    >
      <Await query={links} rows={3}>
        {({ rows }) => (
          <Table
            label="Decisions"
            columns={columns}
            rows={rows}
            keyOf={(l) => `${l.source} ${l.extId}`}
            maxHeight={420}
            empty={<p className="soft">Nothing was decided by hand yet.</p>}
          />
        )}
      </Await>
    </Section>
  )
}
