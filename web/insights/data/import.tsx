/** A file comes in: dropped, looked at, mapped, checked, committed. Nothing changes before the last step. */
import '@mantine/dropzone/styles.css'
import { Button, Progress, Stepper } from '@mantine/core'
import { Dropzone } from '@mantine/dropzone'
import { Link } from '@tanstack/react-router'
import { useCallback, useEffect, useState } from 'react'
import type {
  checkFileOperation,
  confirmImport,
  importOperation,
} from '../../../src/insights/datasets/importing/operations.ts'
import type { previewFile } from '../../../src/insights/datasets/importing/proposing.ts'
import type { getJob } from '../../../src/platform/jobs/operations.ts'
import type {
  Check,
  Dataset,
  FileOptions,
  ImportResult,
  Mapping,
  Preview,
} from '../../../src/insights/datasets/schemas.ts'
import { ApiError, csvAddress, upload, useRead, useWorkspace, useWrite, write } from '../../api.ts'
import { useHere } from '../../session.ts'
import { bytes, count, day, plural } from '../../ui/format.ts'
import { Page, Section } from '../../ui/page.tsx'
import { Failed, Loading, Remark } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { MapStep } from './map-step.tsx'
import { SampleStays } from './sample-stays.tsx'
import { datasetNames } from './words.ts'
import './import.css'

type Step = 'choose' | 'map' | 'check' | 'done'
const steps: Step[] = ['choose', 'map', 'check', 'done']

export function ImportPage() {
  const here = useHere()
  const [queue, setQueue] = useState<File[]>([])
  const [done, setDone] = useState(0)
  const current = queue[done]
  return (
    <Page
      title="Import a file"
      lead="CSV, Excel, NDJSON or Parquet, as your systems export them. Encoding, delimiter, dates and columns are recognised and shown; you decide."
    >
      {here?.kind === 'sample' ? (
        <div className="page-remark">
          <SampleStays />
        </div>
      ) : null}
      <Section
        title={current ? current.name : 'Choose'}
        note={
          current
            ? `${bytes(current.size)}${queue.length > 1 ? `, file ${done + 1} of ${queue.length}` : ''}`
            : undefined
        }
      >
        {current ? (
          <OneFile
            key={`${done}${current.name}`}
            file={current}
            hasNext={done + 1 < queue.length}
            onNext={() => setDone(done + 1)}
            onAgain={() => {
              setQueue([])
              setDone(0)
            }}
          />
        ) : (
          <Dropzone
            onDrop={(files: File[]) => {
              setQueue(files)
              setDone(0)
            }}
            aria-label="Drop files here or press to choose"
            inputProps={{ 'aria-label': 'Files' }}
            className="drop"
          >
            <div>
              <p className="drop-title">Drop files here</p>
              <p className="soft">or press to choose them. Several are taken one after the other.</p>
            </div>
          </Dropzone>
        )}
      </Section>
    </Page>
  )
}

function OneFile({
  file,
  hasNext,
  onNext,
  onAgain,
}: {
  file: File
  hasNext: boolean
  onNext: () => void
  onAgain: () => void
}) {
  const workspace = useWorkspace()
  const [step, setStep] = useState<Step>('choose')
  const [sent, setSent] = useState(0)
  const [problem, setProblem] = useState<ApiError | null>(null)
  const [preview, setPreview] = useState<Preview | null>(null)
  const [mapping, setMapping] = useState<Mapping | null>(null)
  const [check, setCheck] = useState<Check | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [started, setStarted] = useState<{ jobId: string; mappingId: string } | null>(null)
  const attempt = useCallback(async (work: () => Promise<void>) => {
    setBusy(true)
    setProblem(null)
    try {
      await work()
    } catch (error) {
      setProblem(error instanceof ApiError ? error : new ApiError('bug', 'This did not work. Try again.'))
    }
    setBusy(false)
  }, [])
  const look = useCallback(
    (uploadId: string, options: { dataset?: Dataset; source?: string; file?: FileOptions }) =>
      attempt(async () => {
        const found = await write<typeof previewFile>('insights.datasets.preview', workspace, { uploadId, ...options })
        setPreview(found)
        setMapping(found.mapping)
        setStep('map')
      }),
    [attempt, workspace],
  )
  useEffect(() => {
    const stop = new AbortController()
    upload(workspace, file, setSent, stop.signal).then(
      (saved) => look(saved.id, {}),
      (error: unknown) => {
        if (!stop.signal.aborted)
          setProblem(error instanceof ApiError ? error : new ApiError('bug', 'The upload did not work.'))
      },
    )
    return () => stop.abort()
  }, [file, workspace, look])
  const runCheck = () =>
    attempt(async () => {
      setCheck(
        await write<typeof checkFileOperation>('insights.datasets.check', workspace, {
          uploadId: preview!.uploadId,
          mapping: mapping!,
        }),
      )
      setStep('check')
    })
  const commit = (mode: 'add' | 'replace-days', acceptRejects: boolean) =>
    attempt(async () => {
      setStarted(
        await write<typeof importOperation>('insights.datasets.import', workspace, {
          uploadId: preview!.uploadId,
          mapping: mapping!,
          mode,
          acceptRejects,
        }),
      )
      setStep('done')
    })
  return (
    <div className="import">
      <Stepper
        active={steps.indexOf(step)}
        size="xs"
        iconSize={24}
        allowNextStepsSelect={false}
        onStepClick={(i) => {
          if (i === 1 && step === 'check') setStep('map')
        }}
      >
        <Stepper.Step label="Read" />
        <Stepper.Step label="Map" />
        <Stepper.Step label="Check" />
        <Stepper.Step label="Import" />
      </Stepper>
      {problem ? <Failed error={problem} /> : null}
      {step === 'choose' && !problem ? (
        sent < 1 ? (
          <div role="status">
            <Progress value={sent * 100} aria-label="Upload" />
            <p className="small faint import-note">
              {bytes(Math.round(sent * file.size))} of {bytes(file.size)} sent
            </p>
          </div>
        ) : (
          <Loading rows={5} label="Looking at the file" />
        )
      ) : null}
      {step === 'map' && preview && mapping ? (
        <MapStep
          preview={preview}
          mapping={mapping}
          isBusy={isBusy}
          onMapping={setMapping}
          onLook={(options) => {
            void look(preview.uploadId, options)
          }}
          onCheck={() => {
            void runCheck()
          }}
        />
      ) : null}
      {step === 'check' && check && mapping ? (
        <CheckStep
          check={check}
          mapping={mapping}
          isBusy={isBusy}
          onBack={() => setStep('map')}
          onCommit={(mode, accept) => {
            void commit(mode, accept)
          }}
        />
      ) : null}
      {step === 'done' && started && mapping ? (
        <DoneStep
          {...started}
          mapping={mapping}
          hasNext={hasNext}
          onNext={onNext}
          onAgain={onAgain}
          onBack={() => {
            setStarted(null)
            setStep('map')
          }}
        />
      ) : null}
      {step === 'choose' && problem ? (
        <div>
          <Button variant="default" onClick={onAgain}>
            Choose another file
          </Button>
        </div>
      ) : null}
    </div>
  )
}

function CheckStep({
  check,
  mapping,
  isBusy,
  onBack,
  onCommit,
}: {
  check: Check
  mapping: Mapping
  isBusy: boolean
  onBack: () => void
  onCommit: (mode: 'add' | 'replace-days', acceptRejects: boolean) => void
}) {
  const [replace, setReplace] = useState(false)
  const columns = Object.keys(check.sample[0] ?? {})
  return (
    <div className="check">
      <p className="check-sum">
        <strong>{plural(check.accepted, 'row', 'rows')}</strong> of {count(check.read)} can be read
        {check.firstDay ? `, ${day(check.firstDay)} to ${day(check.lastDay)}` : ''}.{' '}
        {check.rejected === 0 ? 'None is rejected.' : <strong>{count(check.rejected)} cannot.</strong>}
      </p>
      {check.rejected > 0 ? (
        <>
          <Table
            label="Why rows are rejected"
            columns={[
              { key: 'reason', title: 'Reason', render: (r) => r.reason },
              { key: 'rows', title: 'Rows', render: (r) => count(r.rows), isNumber: true },
              { key: 'line', title: 'First on line', render: (r) => count(r.firstLine), isNumber: true },
            ]}
            rows={check.reasons}
            keyOf={(r) => r.reason}
          />
          <details className="more-lines">
            <summary>
              {check.firstRejects.length === 1
                ? 'The row'
                : check.firstRejects.length === check.rejected
                  ? 'The rows'
                  : `The first ${count(check.firstRejects.length)} of them`}
            </summary>
            <Table
              label="Rejected rows"
              maxHeight={320}
              columns={[
                { key: 'line', title: 'Line', render: (r) => count(r.line), isNumber: true },
                { key: 'reason', title: 'Reason', render: (r) => r.reason },
                { key: 'value', title: 'Value', render: (r) => r.value ?? '' },
                { key: 'raw', title: 'Row', render: (r) => <code className="cut">{r.raw}</code> },
              ]}
              rows={check.firstRejects}
              keyOf={(r) => `${r.line}${r.reason}`}
            />
          </details>
        </>
      ) : null}
      {columns.length > 0 ? (
        <details className="more-lines">
          <summary>How the first rows are read</summary>
          <Table
            label="First rows as read"
            columns={columns.map((c) => ({
              key: c,
              title: c,
              render: (r: Record<string, string | null>) => r[c] ?? <span className="faint">–</span>,
            }))}
            rows={check.sample}
            keyOf={(r) => JSON.stringify(r)}
          />
        </details>
      ) : null}
      {mapping.dataset === 'usage' ? (
        <label className="check-option">
          <input type="checkbox" checked={replace} onChange={(e) => setReplace(e.currentTarget.checked)} />{' '}
          <span>
            Replace the days that this file covers
            <br />
            <span className="small faint">
              Otherwise only what those days do not hold yet is added, so that overlapping exports never count twice.
            </span>
          </span>
        </label>
      ) : null}
      <div className="import-actions">
        <Button
          loading={isBusy}
          disabled={check.accepted === 0}
          onClick={() => onCommit(replace ? 'replace-days' : 'add', check.rejected > 0)}
        >
          {check.rejected === 0
            ? `Import ${plural(check.accepted, 'row', 'rows')}`
            : `Import ${plural(check.accepted, 'row', 'rows')}, leave ${count(check.rejected)} out`}
        </Button>
        <Button variant="default" onClick={onBack}>
          Back to the mapping
        </Button>
      </div>
    </div>
  )
}

function DoneStep({
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
  const confirm = useWrite<typeof confirmImport>('insights.datasets.confirm')
  const job = useRead<typeof getJob>('jobs.get', { id: jobId }, { refetchMs: 1000 })
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
        <strong>{datasetNames[mapping.dataset].title} are in.</strong> {count(books.read)} read = {count(books.new)} new
        + {count(books.changed)} changed + {count(books.unchanged)} unchanged + {count(books.rejected)} rejected
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
          <Button component={Link} variant={hasNext ? 'default' : 'filled'} to={`/w/${workspace}/insights/features`}>
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
        <Button component={Link} variant="default" to={`/w/${workspace}/data`} search={{ repeat: mappingId } as never}>
          Repeat this every day
        </Button>
      </div>
    </div>
  )
}
