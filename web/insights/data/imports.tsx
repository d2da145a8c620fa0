/** What came in with each file, its books, and the way to take it back. */
import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Link } from '@tanstack/react-router'
import type { Batch } from '../../../src/insights/datasets/schemas.ts'
import { csvAddress, useRead, useWorkspace, useWrite } from '../../api.ts'
import { useHere } from '../../session.ts'
import { CsvButton } from '../../ui/csv-button.tsx'
import { count, moment } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { Await, Empty } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { useDatasetNames } from './words.ts'

export function Imports() {
  const workspace = useWorkspace()
  const here = useHere()
  const batches = useRead('insights.datasets.batches', { limit: 100 })
  const undo = useWrite('insights.datasets.undo')
  const takeBack = (batch: Batch) =>
    undo.mutate(
      { batchId: batch.id },
      {
        onSuccess: () =>
          notifications.show({
            title: `Import ${batch.id} is being taken back`,
            message: `${batch.fileName}. Import the file again to bring it back.`,
          }),
        onError: (error) => notifications.show({ color: 'red', title: 'This was not undone', message: error.message }),
      },
    )
  const nameOf = useDatasetNames()
  const columns: Column<Batch>[] = [
    {
      key: 'file',
      title: 'File',
      render: (b) => (
        <div className={b.undoneAt ? 'two-lines faint' : 'two-lines'}>
          <div className="cut" title={b.fileName}>
            {b.undoneAt ? <s>{b.fileName}</s> : b.fileName}
          </div>
          <div className="faint small cut">
            {nameOf(b.dataset).title}, {b.source}
          </div>
        </div>
      ),
    },
    {
      key: 'read',
      title: 'Read',
      by: (b) => b.books.read,
      render: (b) => count(b.books.read),
      isNumber: true,
      startsGroup: true,
    },
    { key: 'new', title: 'New', by: (b) => b.books.new, render: (b) => count(b.books.new), isNumber: true },
    {
      key: 'changed',
      title: 'Changed',
      by: (b) => b.books.changed,
      render: (b) => count(b.books.changed),
      isNumber: true,
    },
    {
      key: 'unchanged',
      title: 'Unchanged',
      by: (b) => b.books.unchanged,
      render: (b) => count(b.books.unchanged),
      isNumber: true,
    },
    {
      key: 'rejected',
      title: 'Rejected',
      by: (b) => b.books.rejected,
      render: (b) =>
        b.books.rejected > 0 ? (
          <a href={csvAddress('insights.datasets.rejects', workspace, { jobId: b.jobId })}>{count(b.books.rejected)}</a>
        ) : (
          '0'
        ),
      isNumber: true,
    },
    {
      key: 'at',
      title: 'When',
      by: (b) => b.committedAt,
      render: (b) => <span title={`by ${b.importedBy}`}>{moment(b.committedAt)}</span>,
      isNumber: true,
      startsGroup: true,
    },
    {
      key: 'undo',
      title: <span className="visually-hidden">Undo</span>,
      render: (b) =>
        b.undoneAt ? (
          <span className="faint small" title={`undone ${moment(b.undoneAt)}`}>
            undone
          </span>
        ) : here?.kind === 'sample' ? null : (
          <Button
            size="compact-xs"
            variant="default"
            disabled={!b.canUndo || undo.isPending}
            title={b.blockedBy === null ? undefined : `Undo import ${b.blockedBy} first: it came after this one`}
            onClick={() => takeBack(b)}
          >
            Undo
          </Button>
        ),
    },
  ]
  return (
    <Section
      id="imports"
      title="Imports"
      note="Read = new + changed + unchanged + rejected. The newest of a dataset is undone first."
      actions={<CsvButton operation="insights.datasets.batches" input={{ limit: 200 }} />}
    >
      <Await query={batches}>
        {({ rows }) => (
          <Table
            label="Imports"
            columns={columns}
            rows={rows}
            keyOf={(b) => String(b.id)}
            empty={
              <Empty
                title="Nothing was imported yet"
                action={
                  here?.kind === 'own' ? (
                    <Button component={Link} to={`/w/${workspace}/data/import`}>
                      Import a file
                    </Button>
                  ) : undefined
                }
              >
                Begin with accounts, then subscriptions, then usage; any order works.
              </Empty>
            }
          />
        )}
      </Await>
    </Section>
  )
}
