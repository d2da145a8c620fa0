/** One quick win, the same in the drawer and on its page: what it gives back, how that is known, and the next step. */
import { Button, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { QuickWinDetail } from '../../../src/setup/quick-wins/schemas.ts'
import { useRead, useWorkspace, useWrite } from '../../api.ts'
import { DecideButton } from '../../decisions/decide-button.tsx'
import { useMay } from '../../session.ts'
import { count, day, month } from '../../ui/format.ts'
import { PlaceLink } from '../../ui/place-link.tsx'
import { Await, Failed } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { changeOf, QuickWinForm } from './form.tsx'
import { Sure } from './sure.tsx'
import { Taps } from './taps.tsx'
import { audienceNames } from '../words.ts'
import { hoursText, methodText, minutesText, roleWords, stateWords, timesText } from './words.ts'
import './quick-wins.css'

export function Found({ id, inDrawer = false }: { id: string; inDrawer?: boolean }) {
  const found = useRead('setup.quickWins.get', { id })
  const workspace = useWorkspace()
  return (
    <Await query={found} rows={6}>
      {(win) => (
        <div className="qw-detail">
          {inDrawer ? (
            <h2>
              <Link to={`/w/${workspace}/start/quick-wins/${id}`}>{win.title}</Link>
            </h2>
          ) : null}
          <Detail key={win.version} win={win} />
        </div>
      )}
    </Await>
  )
}

function Detail({ win }: { win: QuickWinDetail }) {
  const mayEdit = useMay('setup:edit')
  const [isChanging, setChanging] = useState(false)
  if (isChanging) return <QuickWinForm known={win} onDone={() => setChanging(false)} />
  return (
    <>
      <p className="small faint">
        {stateWords[win.state]}
        {win.deliveredOn ? ` on ${day(win.deliveredOn)}` : ''}. {audienceNames[win.audience]}
        {win.friction ? `, ${win.friction.name.toLowerCase()}` : ''}.{' '}
        {win.owner ? `${win.owner.name} looks after it.` : 'Nobody looks after it yet.'}
      </p>
      {win.droppedBecause ? <p>Dropped: {win.droppedBecause}</p> : null}
      {win.what ? <p className="qw-what">{win.what}</p> : null}
      <Figures win={win} />
      {win.missing.length > 0 ? <p className="small soft">To prove it: {win.missing.join('; ')}.</p> : null}
      <Taps win={win} />
      {mayEdit && win.state === 'planned' ? <Deliver win={win} /> : null}
      {win.months.length > 0 ? <Months win={win} /> : null}
      {win.win ? (
        <p className="small faint">
          {win.win.name}
          {win.winOf ? ': ' : ''}
          {win.winOf ? (
            win.winOf.address ? (
              <PlaceLink address={win.winOf.address}>{win.winOf.title}</PlaceLink>
            ) : (
              win.winOf.title
            )
          ) : null}
          . {win.win.how}
        </p>
      ) : (
        <p className="small faint">
          Nothing of Throughline delivers it, so times are stated: {count(win.people)} people,{' '}
          {count(win.timesPerMonth)} times a month each.
        </p>
      )}
      <div className="drawer-actions">
        <DecideButton
          finding={{
            title: win.title,
            text: findingOf(win),
            address: `/start/quick-wins/${win.id}`,
            measures: [{ measure: 'setup.hours-given-back' }],
            from: [{ kind: 'quick-win', id: win.id }],
          }}
        />
        {mayEdit ? (
          <Button size="xs" variant="default" onClick={() => setChanging(true)}>
            Change
          </Button>
        ) : null}
        {mayEdit && win.state !== 'dropped' ? <Drop win={win} /> : null}
      </div>
    </>
  )
}

function findingOf({ before, after, hours, times, confidence, win }: QuickWinDetail): string {
  if (!before || !after) return 'It costs time that was not timed yet.'
  const sides = `It took ${minutesText(before.minutes)} and takes ${minutesText(after.minutes)} each time`
  return hours && times
    ? `${sides}: ${hoursText(hours.value)} given back over ${timesText({ times, win })}${confidence === 'estimate' ? ', an estimate' : ''}.`
    : `${sides}, as stated.`
}

function Figures({
  win: { before, after, hours, times, win, waiting, confidence, hoursPerMonth },
}: {
  win: QuickWinDetail
}) {
  const timing = (t: typeof before) =>
    t === null
      ? { value: '–', note: 'not timed yet' }
      : {
          value: minutesText(t.minutes),
          note: `${methodText(t)}${t.low === t.high ? '' : `, ${minutesText(t.low)} to ${minutesText(t.high)}`}`,
        }
  const rows = [
    { label: 'Before, each time', ...timing(before) },
    { label: 'Now, each time', ...timing(after) },
    {
      label: 'Since it was delivered',
      value: timesText({ times, win }),
      note: times === null ? 'not delivered yet' : times.how === 'counted' ? 'counted by the system' : 'as stated',
    },
    {
      label: 'Hours given back',
      value: hours ? hoursText(hours.value) : '–',
      note: hours
        ? `${hoursText(hours.low)} to ${hoursText(hours.high)}`
        : hoursPerMonth === null
          ? 'takes both sides'
          : `${hoursText(hoursPerMonth)} a month, as stated`,
    },
  ]
  return (
    <>
      <dl className="qw-figures">
        {rows.map((r) => (
          <div key={r.label}>
            <dt>{r.label}</dt>
            <dd className="qw-value">{r.value}</dd>
            <dd className="small faint">{r.note}</dd>
          </div>
        ))}
      </dl>
      <p>
        <Sure of={confidence} />
        {waiting ? (
          <span className="soft">
            {' '}
            Waiting by the clock: {waiting.before ? minutesText(waiting.before.minutes) : 'not known'} before,{' '}
            {waiting.after ? minutesText(waiting.after.minutes) : 'not known'} now. It is no part of the hours.
          </span>
        ) : null}
      </p>
    </>
  )
}

function Months({ win }: { win: QuickWinDetail }) {
  const columns: Column<QuickWinDetail['months'][number]>[] = [
    { key: 'month', title: 'Month', render: (m) => month(m.month) },
    { key: 'times', title: 'Times', render: (m) => count(Math.round(m.times)), isNumber: true },
    {
      key: 'hours',
      title: win.confidence === 'estimate' ? 'Hours, estimated' : 'Hours given back',
      render: (m) => (m.hours === null ? '–' : hoursText(m.hours)),
      isNumber: true,
    },
  ]
  return (
    <>
      <Table label="By month" columns={columns} rows={win.months} keyOf={(m) => m.month} />
      {win.forWhom.length > 0 ? (
        <p className="small soft">
          For whom:{' '}
          {win.forWhom
            .map((f) => `${f.role ? (roleWords[f.role] ?? f.role) : 'people outside'} ${count(f.times)}`)
            .join(', ')}
          .
        </p>
      ) : null}
    </>
  )
}

function Deliver({ win }: { win: QuickWinDetail }) {
  const update = useWrite('setup.quickWins.update')
  const [on, setOn] = useState('')
  return (
    <form
      className="qw-line"
      onSubmit={(event) => {
        event.preventDefault()
        update.mutate(changeOf(win, { deliveredOn: on }))
      }}
    >
      {update.error ? <Failed error={update.error} /> : null}
      <TextInput
        label="Delivered on"
        description="From this day on it is counted"
        type="date"
        value={on}
        onChange={(e) => setOn(e.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={on === ''} loading={update.isPending}>
        It is delivered
      </Button>
    </form>
  )
}

function Drop({ win }: { win: QuickWinDetail }) {
  const update = useWrite('setup.quickWins.update')
  const [because, setBecause] = useState<string | null>(null)
  if (because === null)
    return (
      <Button size="xs" variant="subtle" color="gray" onClick={() => setBecause('')}>
        Drop it
      </Button>
    )
  return (
    <form
      className="qw-line qw-drop"
      onSubmit={(event) => {
        event.preventDefault()
        update.mutate(changeOf(win, { droppedBecause: because.trim() }))
      }}
    >
      {update.error ? <Failed error={update.error} /> : null}
      <TextInput
        label="Why it is dropped"
        maxLength={500}
        data-autofocus
        value={because}
        onChange={(e) => setBecause(e.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={because.trim().length < 3} loading={update.isPending}>
        Drop it
      </Button>
    </form>
  )
}
