/** What the server works on and has worked on; it can be stopped, run again, and confirmed. */
import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { ImportResult } from '../../src/insights/datasets/schemas.ts'
import { csvAddress, useRead, useWorkspace, useWrite, type OutputOf } from '../api.ts'
import { count, moment } from '../ui/format.ts'
import { Page, Section } from '../ui/page.tsx'
import { Await, Empty } from '../ui/states.tsx'
import { Table, type Column } from '../ui/table.tsx'
import './settings.css'

type Job = OutputOf<'jobs.list'>['rows'][number]
const kinds: Record<string, string> = {
  'insights.import': 'Import',
  'insights.undo': 'Undo of an import',
  'insights.refresh': 'Refresh of the figures',
  'setup.loadSample': 'Sample company',
  'insights.associate': 'What goes with staying',
  'insights.stories': 'What stands out',
  'insights.handOver': 'Handing a list over',
  'insights.watch': 'Look at the thresholds',
  'insights.runSchedule': 'Scheduled import',
  'insights.checkFreshness': 'Checks of the data',
}
const states: Record<Job['state'], string> = {
  queued: 'waits',
  running: 'runs',
  'needs-confirmation': 'waits for you',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
}

export function JobsPage() {
  const workspace = useWorkspace()
  const jobs = useRead('jobs.list', { limit: 100 })
  const cancel = useWrite('jobs.cancel')
  const retry = useWrite('jobs.retry')
  const confirm = useWrite('insights.datasets.confirm')
  const failed = {
    onError: (error: { message: string }) => {
      notifications.show({ color: 'red', title: 'This did not work', message: error.message })
    },
  }
  const columns: Column<Job>[] = [
    { key: 'kind', title: 'Job', render: (j) => kinds[j.kind] ?? j.kind },
    {
      key: 'state',
      title: 'State',
      render: (j) => (
        <span className={`job-state ${j.state}`}>
          {j.cancelRequested && j.state === 'running' ? 'is being stopped' : states[j.state]}
        </span>
      ),
    },
    { key: 'what', title: 'What', render: (j) => <What job={j} /> },
    {
      key: 'at',
      title: 'Begun',
      by: (j) => j.createdAt,
      render: (j) => moment(j.startedAt ?? j.createdAt),
      isNumber: true,
    },
    {
      key: 'took',
      title: 'Took',
      render: (j) =>
        j.startedAt && j.finishedAt
          ? `${((Date.parse(j.finishedAt) - Date.parse(j.startedAt)) / 1000).toFixed(1)} s`
          : '',
      isNumber: true,
    },
    {
      key: 'do',
      title: <span className="visually-hidden">Actions</span>,
      render: (j) => (
        <span className="page-actions">
          {j.state === 'running' || j.state === 'queued' ? (
            <Button size="compact-xs" variant="default" onClick={() => cancel.mutate({ id: j.id }, failed)}>
              Cancel
            </Button>
          ) : null}
          {j.state === 'failed' || j.state === 'cancelled' ? (
            <Button size="compact-xs" variant="default" onClick={() => retry.mutate({ id: j.id }, failed)}>
              Run again
            </Button>
          ) : null}
          {j.state === 'needs-confirmation' ? (
            <>
              <Button
                size="compact-xs"
                variant="default"
                component="a"
                href={csvAddress('insights.datasets.rejects', workspace, { jobId: j.id })}
              >
                Rejected rows
              </Button>
              <Button size="compact-xs" onClick={() => confirm.mutate({ jobId: j.id }, failed)}>
                Import the rest
              </Button>
              <Button size="compact-xs" variant="default" onClick={() => cancel.mutate({ id: j.id }, failed)}>
                Drop it
              </Button>
            </>
          ) : null}
        </span>
      ),
    },
  ]
  return (
    <Page
      title="What is the server working on?"
      lead="Imports and refreshes run here, survive a restart, and change nothing when they are cancelled."
    >
      <Section title="Jobs">
        <Await query={jobs}>
          {({ rows }) => (
            <Table
              label="Jobs"
              columns={columns}
              rows={rows}
              keyOf={(j) => j.id}
              empty={
                <Empty title="Nothing has run yet">Imports and refreshes will stand here, the newest first.</Empty>
              }
            />
          )}
        </Await>
      </Section>
    </Page>
  )
}

function What({ job }: { job: Job }) {
  const { progress, state, error } = job
  if (state === 'running') {
    const share = progress.total && progress.done !== undefined ? (progress.done / progress.total) * 100 : null
    return (
      <span role="status">
        {share === null ? null : (
          <span className="job-bar" aria-hidden>
            <span style={{ width: `${share}%` }} />
          </span>
        )}
        {progress.label ?? 'begins'}
        {progress.total ? `, ${count(progress.done ?? 0)} of ${count(progress.total)} ${progress.unit ?? ''}` : ''}
      </span>
    )
  }
  if (error) return <span className="wraps">{error}</span>
  const books = (job.result as Partial<ImportResult> | null)?.books
  if (books)
    return (
      <span className="soft">
        {count(books.read)} read = {count(books.new)} new + {count(books.changed)} changed + {count(books.unchanged)}{' '}
        unchanged + {count(books.rejected)} rejected
      </span>
    )
  return null
}
