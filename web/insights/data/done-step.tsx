/** The import as it runs, what came of it, and what comes next. */
import { Button, Progress } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ImportResult, Mapping } from '../../../src/insights/datasets/schemas.ts'
import { ApiError, csvAddress, useRead, useWorkspace, useWrite } from '../../api.ts'
import { count, day, plural } from '../../ui/format.ts'
import { Failed, Loading, Remark } from '../../ui/states.tsx'
import { useDatasetNames } from './words.ts'

export function DoneStep({
  jobId,
  mappingId,
  mapping,
  hasNext,
  onNext,
  onAgain,
  onBack,
}: {
  jobId: string
  mappingId: string
  mapping: Mapping
  hasNext: boolean
  onNext: () => void
  onAgain: () => void
  onBack: () => void
}) {
  const workspace = useWorkspace()
  const confirm = useWrite('insights.datasets.confirm')
  const nameOf = useDatasetNames()
  const job = useRead('jobs.get', { id: jobId }, { refetchMs: 1000 })
  if (!job.data) return job.error ? <Failed error={job.error} /> : <Loading rows={3} />
  const { state, progress, error } = job.data
  if (state === 'queued' || state === 'running') {
    const share = progress.total && progress.done !== undefined ? (progress.done / progress.total) * 100 : null
    return (
      <div role="status">
        <Progress value={share ?? 100} animated={share === null} aria-label={progress.label ?? 'Import'} />
        <p className="small faint import-note">
          {progress.label ?? 'Waiting to start'}
          {progress.total ? `: ${count(progress.done ?? 0)} of ${count(progress.total)} ${progress.unit ?? ''}` : ''}.
          You can leave this page; the work goes on and is listed under Jobs.
        </p>
      </div>
    )
  }
  if (state === 'failed' || state === 'cancelled')
    return (
      <div className="check">
        <Failed error={new ApiError('precondition', error ?? 'The import was cancelled; nothing was changed.')} />
        <div className="import-actions">
          <Button variant="default" onClick={onBack}>
            Back to the mapping
          </Button>
          <Button variant="default" onClick={onAgain}>
            Choose another file
          </Button>
        </div>
      </div>
    )
  const result = job.data.result as ImportResult
  const { books } = result
  const rejects = (
    <a href={csvAddress('insights.datasets.rejects', workspace, { jobId })}>Download them with line and reason</a>
  )
  if (state === 'needs-confirmation')
    return (
      <div className="check">
        <Remark>
          Nothing was imported: {plural(books.rejected, 'row', 'rows')} of {count(books.read)} cannot be read. Of the
          rest {count(books.new)} would be new, {count(books.changed)} changed, {count(books.unchanged)} unchanged.{' '}
          {rejects}
        </Remark>
        <div className="import-actions">
          <Button onClick={() => confirm.mutate({ jobId })}>Import the rest</Button>
          <Button variant="default" onClick={onBack}>
            Back to the mapping
          </Button>
        </div>
      </div>
    )
  return (
    <div className="check" role="status">
      <p className="check-sum">
        <strong>{nameOf(mapping.dataset).title} are in.</strong> {count(books.read)} read = {count(books.new)} new +{' '}
        {count(books.changed)} changed + {count(books.unchanged)} unchanged + {count(books.rejected)} rejected
        {result.firstDay ? `, ${day(result.firstDay)} to ${day(result.lastDay)}` : ''}.
      </p>
      {books.rejected > 0 ? <p>{rejects}</p> : null}
      {result.notes.map((note) => (
        <p key={note} className="soft">
          {note}
        </p>
      ))}
      <div className="import-actions">
        {hasNext ? <Button onClick={onNext}>Next file</Button> : null}
        {mapping.dataset === 'usage' ? (
          <Button component={Link} variant={hasNext ? 'default' : 'filled'} to={`/w/${workspace}/data/event-rules`}>
            Name the features
          </Button>
        ) : null}
        <Button component={Link} variant="default" to={`/w/${workspace}/insights/adoption`}>
          See the answer
        </Button>
        {hasNext ? null : (
          <Button variant="default" onClick={onAgain}>
            Import another file
          </Button>
        )}
        <Button
          component={Link}
          variant="default"
          to={`/w/${workspace}/data`}
          search={{ repeat: mappingId, open: 'new' } as never}
        >
          Repeat this every day
        </Button>
      </div>
    </div>
  )
}
