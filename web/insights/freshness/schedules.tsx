/** Imports that repeat: what they take from where, how the last one went, and what waits for a person. */
import { Button, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { Run, RunOutcome, Schedule, TakenFile } from '../../../src/insights/datasets/schedules/schemas.ts'
import { csvAddress, useRead, useWorkspace, useWrite } from '../../api.ts'
import { useHere } from '../../session.ts'
import { useAddress } from '../../ui/address.ts'
import { CsvButton } from '../../ui/csv-button.tsx'
import { ago, count, moment, plural } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { SideDrawer } from '../../ui/side-drawer.tsx'
import { Await, Empty } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { showUndo } from '../../ui/undo.tsx'
import { useDatasetNames } from '../data/words.ts'
import { ScheduleDrawer, type Scheduling } from './schedule-drawer.tsx'
import './freshness.css'

const outcomeWords: Record<RunOutcome, string> = {
  imported: 'imported',
  nothing: 'nothing new',
  unchanged: 'unchanged',
  waiting: 'looked',
  stopped: 'stopped',
  failed: 'failed',
}
const failed = {
  onError: (error: { message: string }) => {
    notifications.show({ color: 'red', title: 'This did not work', message: error.message })
  },
}

export function Schedules() {
  const here = useHere()
  const [state, set] = useAddress<{ repeat?: string }>()
  const [scheduling, setScheduling] = useState<Scheduling>()
  const [history, setHistory] = useState<Schedule>()
  const schedules = useRead('insights.schedules.list', {})
  const open = scheduling ?? (state.repeat ? { schedule: null, mappingId: state.repeat } : undefined)
  const close = () => {
    setScheduling(undefined)
    if (state.repeat) set({ repeat: undefined })
  }
  const add =
    here?.kind === 'own' ? (
      <Button size="compact-sm" variant="default" onClick={() => setScheduling({ schedule: null })}>
        Repeat an import
      </Button>
    ) : undefined
  return (
    <Section
      id="schedules"
      title="Schedules"
      note="Imports that come by themselves, from a folder of the server or an address."
      actions={add}
    >
      <Await query={schedules} rows={3}>
        {({ rows, roots }) => (
          <>
            {rows.length === 0 ? (
              <Empty title="Every import is done by hand so far">
                {here?.kind === 'own'
                  ? 'A schedule repeats one with its mapping, every day or as often as you say.'
                  : 'In a workspace of your own, a schedule repeats an import with its mapping.'}
              </Empty>
            ) : (
              <ul className="schedules">
                {rows.map((s) => (
                  <One
                    key={s.id}
                    schedule={s}
                    onChange={() => setScheduling({ schedule: s })}
                    onHistory={() => setHistory(s)}
                  />
                ))}
              </ul>
            )}
            <ScheduleDrawer scheduling={open} roots={roots} onClose={close} />
          </>
        )}
      </Await>
      <History of={history} onClose={() => setHistory(undefined)} />
    </Section>
  )
}

function One({
  schedule: s,
  onChange,
  onHistory,
}: {
  schedule: Schedule
  onChange: () => void
  onHistory: () => void
}) {
  const run = useWrite('insights.schedules.run')
  const pause = useWrite('insights.schedules.pause')
  const remove = useRemove(s)
  const nameOf = useDatasetNames()
  const from = s.place.kind === 'folder' ? `${s.place.folder}/${s.place.pattern}` : s.place.url
  return (
    <li>
      <div>
        <h3>{s.name}</h3>
        <p className="soft small">
          {s.dataset ? (
            `${nameOf(s.dataset).title}, ${s.mapping ?? ''}`
          ) : (
            <span className="is-late">its mapping was forgotten; choose another</span>
          )}
          , {s.when}
        </p>
        <p className="small faint schedule-from">
          {from}
          {s.hasSecret ? ', with a secret header' : ''}
        </p>
        <p className="small">
          <Standing schedule={s} />
        </p>
      </div>
      <div className="page-actions">
        <Button
          size="compact-xs"
          variant="default"
          disabled={s.isRunning}
          onClick={() => run.mutate({ id: s.id }, failed)}
        >
          Run now
        </Button>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button size="compact-xs" variant="default" aria-label={`Actions for ${s.name}`}>
              …
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={onHistory}>What it did</Menu.Item>
            <Menu.Item onClick={onChange}>Change</Menu.Item>
            <Menu.Item onClick={() => pause.mutate({ id: s.id, isPaused: !s.isPaused }, failed)}>
              {s.isPaused ? 'Let it go on' : 'Pause'}
            </Menu.Item>
            <Menu.Item onClick={remove}>Remove</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      {s.stoppedAt ? <Stopped file={s.stoppedAt} /> : null}
    </li>
  )
}

/** Undo makes it anew; its secret, which nobody is shown, has to be entered again. */
function useRemove(s: Schedule): () => void {
  const remove = useWrite('insights.schedules.remove')
  const create = useWrite('insights.schedules.create')
  const again = () => {
    if (s.mappingId)
      create.mutate(
        { name: s.name, mappingId: s.mappingId, mode: s.mode, rejects: s.rejects, place: s.place, timing: s.timing },
        failed,
      )
  }
  return () =>
    remove.mutate(
      { id: s.id },
      {
        ...failed,
        onSuccess: () => {
          const title = `“${s.name}” is removed`
          if (s.hasSecret || !s.mappingId)
            notifications.show({ title, message: 'What it brought in stays.', autoClose: 15_000 })
          else showUndo(title, again)
        },
      },
    )
}

function Standing({ schedule: s }: { schedule: Schedule }) {
  const next = s.isPaused ? 'Paused.' : s.isRunning ? 'At work now.' : `Next ${moment(s.nextAt)}.`
  if (!s.last)
    return (
      <>
        {next} {s.looked ?? 'It has not run yet.'}
      </>
    )
  const { outcome, finishedAt, message, times, startedAt } = s.last
  const isBad = outcome === 'failed' || outcome === 'stopped'
  return (
    <>
      {next}{' '}
      <span className={isBad ? 'is-late' : 'soft'}>
        {outcome ? `${outcomeWords[outcome].charAt(0).toUpperCase()}${outcomeWords[outcome].slice(1)}` : ''}{' '}
        {finishedAt ? ago(finishedAt) : ''}
        {times > 1 ? `, ${plural(times, 'time', 'times')} since ${moment(startedAt)}` : ''}
      </span>
      {s.stoppedAt ? '.' : `: ${message ?? ''}`}
    </>
  )
}

function Stopped({ file }: { file: TakenFile }) {
  const workspace = useWorkspace()
  const settle = useWrite('insights.schedules.settle')
  return (
    <div className="schedule-stopped" role="note">
      <p>{file.problem}</p>
      <div className="page-actions">
        <Button
          size="compact-xs"
          variant="default"
          component="a"
          href={csvAddress('insights.datasets.rejects', workspace, { jobId: file.jobId })}
        >
          Rejected rows
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          loading={settle.isPending}
          onClick={() => settle.mutate({ fileId: file.id, how: 'import-rest' }, failed)}
        >
          Import the rest
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          loading={settle.isPending}
          onClick={() => settle.mutate({ fileId: file.id, how: 'skip' }, failed)}
        >
          Skip this file
        </Button>
      </div>
    </div>
  )
}

function History({ of, onClose }: { of: Schedule | undefined; onClose: () => void }) {
  return (
    <SideDrawer of={of} width={760} onClose={onClose} title={({ name }) => `What “${name}” did`}>
      {({ id }) => <Runs id={id} />}
    </SideDrawer>
  )
}

function Runs({ id }: { id: string }) {
  const runs = useRead('insights.schedules.runs', { id })
  return (
    <>
      <div className="page-actions">
        <CsvButton operation="insights.schedules.runs" input={{ id, limit: 200 }} />
      </div>
      <Await query={runs} rows={5}>
        {({ rows }) => (
          <Table
            label="Runs"
            columns={runColumns}
            rows={rows}
            keyOf={(r) => r.id}
            empty={<p className="soft">It has not run yet.</p>}
          />
        )}
      </Await>
    </>
  )
}

const runColumns: Column<Run>[] = [
  {
    key: 'at',
    title: 'When',
    by: (r) => r.startedAt,
    render: (r) => (
      <span title={r.askedBy ? `asked for by ${r.askedBy}` : undefined}>
        {moment(r.startedAt)}
        {r.times > 1 ? <span className="faint small"> {count(r.times)} times</span> : null}
      </span>
    ),
  },
  {
    key: 'outcome',
    title: 'Outcome',
    render: (r) => (
      <span className={r.outcome === 'failed' || r.outcome === 'stopped' ? 'is-late' : undefined}>
        {r.outcome ? outcomeWords[r.outcome] : 'at work'}
      </span>
    ),
  },
  { key: 'message', title: 'What', render: (r) => <span className="wraps">{r.message}</span> },
]
