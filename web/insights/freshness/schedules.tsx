/** Imports that repeat: what they take from where, how the last one went, and what waits for a person. */
import { Button, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { Schedule, TakenFile } from '../../../src/insights/datasets/schedules/schemas.ts'
import { csvAddress, useWorkspace, useWrite } from '../../api.ts'
import { useHere } from '../../session.ts'
import { useAddress } from '../../ui/address.ts'
import type { ListColumn } from '../../ui/list/columns.ts'
import { List } from '../../ui/list/list.tsx'
import { usePages } from '../../ui/list/pages.ts'
import { Section } from '../../ui/page.tsx'
import { Empty } from '../../ui/states.tsx'
import { useOpening, type Opening } from '../../ui/thing/opening.ts'
import { showUndo } from '../../ui/undo.tsx'
import { useDatasetNames } from '../data/words.ts'
import { ScheduleDrawer } from './schedule-drawer.tsx'
import { fromOf, isBad, lastText, nextText } from './schedule-words.ts'
import './freshness.css'

const failed = {
  onError: (error: { message: string }) => {
    notifications.show({ color: 'red', title: 'This did not work', message: error.message })
  },
}

export function Schedules() {
  const mayAdd = useHere()?.kind === 'own'
  const [state, set] = useAddress<{ repeat?: string; open?: string }>()
  const opening = useOpening()
  const pages = usePages('insights.schedules.list', {})
  const stopped = pages.rows.flatMap(({ stoppedAt }) => (stoppedAt ? [stoppedAt] : []))
  const { repeat } = state
  // An import that was done by hand leads here, to be repeated.
  const close = () => (repeat === undefined ? opening.close() : set({ repeat: undefined, open: undefined }))
  return (
    <Section
      id="schedules"
      title="Schedules"
      note="Imports that come by themselves, from a folder of the server or an address."
      actions={
        mayAdd ? (
          <Button size="compact-sm" variant="default" onClick={() => opening.open('new')}>
            Repeat an import
          </Button>
        ) : undefined
      }
    >
      {stopped.map((file) => (
        <Stopped key={file.id} file={file} />
      ))}
      <List
        name="schedules"
        label="Schedules"
        of={['schedule', 'schedules']}
        columns={useColumns(opening)}
        pages={pages}
        keyOf={(s) => s.id}
        openKey={opening.of}
        onOpen={(s) => opening.open(s.id)}
        onOrder={opening.setAmong}
        empty={
          <Empty title="Every import is done by hand so far">
            {mayAdd
              ? 'A schedule repeats one with its mapping, every day or as often as you say.'
              : 'In a workspace of your own, a schedule repeats an import with its mapping.'}
          </Empty>
        }
      />
      <ScheduleDrawer
        opening={{ ...opening, close }}
        schedules={pages.rows}
        mappingId={repeat}
        roots={pages.first?.roots ?? []}
      />
    </Section>
  )
}

function useColumns(opening: Opening): ListColumn<Schedule>[] {
  const nameOf = useDatasetNames()
  const datasetText = (s: Schedule): string => (s.dataset ? nameOf(s.dataset).title : 'No mapping')
  return [
    { key: 'name', title: 'Name', by: (s) => s.name, render: (s) => s.name },
    {
      key: 'dataset',
      title: 'Data',
      width: 150,
      by: datasetText,
      choice: datasetText,
      render: (s) =>
        s.dataset ? datasetText(s) : <span className="is-late">its mapping was forgotten; choose another</span>,
    },
    { key: 'when', title: 'When', width: 230, by: (s) => s.when, render: (s) => s.when },
    { key: 'next', title: 'Next', width: 160, by: (s) => s.nextAt, render: nextText },
    {
      key: 'last',
      title: 'Last',
      width: 280,
      by: (s) => s.last?.finishedAt ?? null,
      render: (s) => <Last schedule={s} />,
    },
    { key: 'from', title: 'From', width: 260, isHidden: true, by: fromOf, render: fromOf },
    {
      key: 'actions',
      title: 'Actions',
      width: 90,
      render: (s) => <Actions schedule={s} onOpen={() => opening.open(s.id)} />,
    },
  ]
}

function Last({ schedule: s }: { schedule: Schedule }) {
  if (!s.last) return <span className="faint">{s.looked ?? 'not yet'}</span>
  return (
    <>
      <span className={isBad(s.last.outcome) ? 'is-late' : 'soft'}>{lastText(s.last)}</span>
      {s.stoppedAt || !s.last.message ? '' : `: ${s.last.message}`}
    </>
  )
}

function Actions({ schedule: s, onOpen }: { schedule: Schedule; onOpen: () => void }) {
  const run = useWrite('insights.schedules.run')
  const pause = useWrite('insights.schedules.pause')
  const remove = useRemove(s)
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button size="compact-xs" variant="default" aria-label={`Actions for ${s.name}`}>
          …
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item disabled={s.isRunning} onClick={() => run.mutate({ id: s.id }, failed)}>
          Run now
        </Menu.Item>
        <Menu.Item onClick={onOpen}>What it did</Menu.Item>
        <Menu.Item onClick={() => pause.mutate({ id: s.id, isPaused: !s.isPaused }, failed)}>
          {s.isPaused ? 'Let it go on' : 'Pause'}
        </Menu.Item>
        <Menu.Item onClick={remove}>Remove</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** Undo makes it anew; its secret, which nobody is shown, has to be entered again. */
function useRemove(s: Schedule): () => void {
  const remove = useWrite('insights.schedules.remove')
  const create = useWrite('insights.schedules.create')
  const { name, mappingId, mode, rejects, place, timing } = s
  const onSuccess = () => {
    const title = `“${name}” is removed`
    if (s.hasSecret || !mappingId)
      notifications.show({ title, message: 'What it brought in stays.', autoClose: 15_000 })
    else showUndo(title, () => create.mutate({ name, mappingId, mode, rejects, place, timing }, failed))
  }
  // Its row is gone by then, and with it what a callback of `mutate` would need.
  return () => void remove.mutateAsync({ id: s.id }).then(onSuccess, failed.onError)
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
