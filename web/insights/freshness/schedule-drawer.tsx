/** A schedule: what it takes and what it did, and how it is changed. */
import type { Run, Schedule } from '../../../src/insights/datasets/schedules/schemas.ts'
import { useHere } from '../../session.ts'
import type { OutputOf } from '../../api.ts'
import { count, moment } from '../../ui/format.ts'
import type { ListColumn } from '../../ui/list/columns.ts'
import { List } from '../../ui/list/list.tsx'
import { usePages } from '../../ui/list/pages.ts'
import type { Opening } from '../../ui/thing/opening.ts'
import { Thing, ThingDrawer } from '../../ui/thing/thing.tsx'
import { ScheduleForm } from './schedule-form.tsx'
import { fromOf, isBad, lastText, nextText, outcomeWords } from './schedule-words.ts'

interface DrawerProps {
  opening: Opening
  schedules: readonly Schedule[]
  mappingId: string | undefined
  roots: OutputOf<'insights.schedules.list'>['roots']
}
export function ScheduleDrawer({ opening, schedules, mappingId, roots }: DrawerProps) {
  const mayChange = useHere()?.kind === 'own'
  return (
    <ThingDrawer opening={opening} width={680} kind={(id) => (id === 'new' ? 'Repeat an import' : 'Schedule')}>
      {(id) => {
        const schedule = schedules.find((s) => s.id === id)
        if (id === 'new')
          return <ScheduleForm schedule={null} mappingId={mappingId} roots={roots} onDone={opening.close} />
        if (!schedule) return <p className="soft">There is no such schedule here any more.</p>
        return (
          <Thing
            id={id}
            title={schedule.name}
            state={schedule.when}
            owner={schedule.mapping ?? undefined}
            facts={[
              ['From', fromOf(schedule)],
              ['Next', nextText(schedule)],
              ...(schedule.last ? [['Last', lastText(schedule.last)] as const] : []),
            ]}
            address={`/data?open=${id}`}
          >
            <section className="thing-part" aria-label="What it did">
              <h3>What it did</h3>
              <Runs id={id} />
            </section>
            {mayChange ? (
              <section className="thing-part" aria-label="Change it">
                <h3>Change it</h3>
                <ScheduleForm schedule={schedule} roots={roots} onDone={opening.close} />
              </section>
            ) : null}
          </Thing>
        )
      }}
    </ThingDrawer>
  )
}

function Runs({ id }: { id: string }) {
  return (
    <List
      name="runs"
      label="Runs"
      of={['run', 'runs']}
      isPlain
      columns={runColumns}
      pages={usePages('insights.schedules.runs', { id })}
      keyOf={(r) => r.id}
      csv={{ operation: 'insights.schedules.runs', input: { id, limit: 200 } }}
      empty={<p className="soft">It has not run yet.</p>}
    />
  )
}

const runColumns: ListColumn<Run>[] = [
  {
    key: 'at',
    title: 'When',
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
    width: 110,
    render: (r) => (
      <span className={isBad(r.outcome) ? 'is-late' : undefined}>
        {r.outcome ? outcomeWords[r.outcome] : 'at work'}
      </span>
    ),
  },
  { key: 'message', title: 'What', width: 340, render: (r) => <span className="wraps">{r.message}</span> },
]
