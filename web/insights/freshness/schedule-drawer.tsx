/** A schedule made or changed: what, from where, when, and what becomes of rows that cannot be read. */
import { Button, Checkbox, SegmentedControl, Select, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Schedule, ScheduleDraft, Timing } from '../../../src/insights/datasets/schedules/schemas.ts'
import { useRead, useWorkspace, useWrite, type OutputOf } from '../../api.ts'
import { SideDrawer } from '../../ui/side-drawer.tsx'
import { Await, Failed, Remark } from '../../ui/states.tsx'
import { DaysField, ownZone, TimeField, workdays, ZoneField } from './moments.tsx'
import './freshness.css'

/** What is open: a new one, of a mapping where one is known, or one that is there. */
export interface Scheduling {
  schedule: Schedule | null
  mappingId?: string
}
type Mappings = OutputOf<'insights.mappings.list'>['rows']

export function ScheduleDrawer({
  scheduling,
  roots,
  onClose,
}: {
  scheduling: Scheduling | undefined
  roots: OutputOf<'insights.schedules.list'>['roots']
  onClose: () => void
}) {
  const mappings = useRead('insights.mappings.list', {}, { enabled: scheduling !== undefined })
  return (
    <SideDrawer of={scheduling} onClose={onClose} title={({ schedule }) => schedule?.name ?? 'Repeat an import'}>
      {(open) => (
        <Await query={mappings}>
          {({ rows }) => (
            <Form key={open.schedule?.id ?? 'new'} scheduling={open} mappings={rows} roots={roots} onClose={onClose} />
          )}
        </Await>
      )}
    </SideDrawer>
  )
}

const everyWords: { value: Timing['every']; label: string }[] = [
  { value: 'day', label: 'Every day at a time' },
  { value: 'week', label: 'On some days at a time' },
  { value: 'hour', label: 'Every hour' },
  { value: 'minutes', label: 'Every few minutes' },
]
const freeName = (name: string) => name.charAt(0).toUpperCase() + name.slice(1)

function Form({
  scheduling: { schedule, mappingId },
  mappings,
  roots,
  onClose,
}: {
  scheduling: Scheduling
  mappings: Mappings
  roots: readonly string[]
  onClose: () => void
}) {
  const workspace = useWorkspace()
  const first =
    mappings.find((m) => m.id === (schedule?.mappingId ?? mappingId)) ?? (schedule ? undefined : mappings[0])
  const [of, setOf] = useState(first?.id ?? null)
  const mapping = mappings.find((m) => m.id === of)
  const [name, setName] = useState(schedule?.name ?? (first ? freeName(first.name) : ''))
  const [replaces, setReplaces] = useState(schedule?.mode === 'replace-days')
  const [place, setPlace] = useState(() => {
    const p = schedule?.place
    const isFolder = p ? p.kind === 'folder' : roots.length > 0
    return {
      kind: isFolder ? 'folder' : 'url',
      folder: p?.kind === 'folder' ? p.folder : (roots[0] ?? ''),
      pattern: p?.kind === 'folder' ? p.pattern : '*.csv',
      url: p?.kind === 'url' ? p.url : '',
      header: p?.kind === 'url' ? (p.header ?? '') : '',
    }
  })
  const [secret, setSecret] = useState('')
  const [limit, setLimit] = useState({
    kind: schedule?.rejects.kind ?? 'none',
    upTo: schedule && schedule.rejects.kind !== 'none' ? String(schedule.rejects.upTo) : '1',
  })
  const [timing, setTiming] = useState(() => {
    const t = schedule?.timing
    return {
      every: t?.every ?? 'day',
      minutes: t?.every === 'minutes' ? String(t.minutes) : '15',
      minute: t?.every === 'hour' ? String(t.minute) : '0',
      at: t && 'at' in t ? t.at : '06:00',
      days: t?.every === 'week' ? t.days : workdays,
      timeZone: t && 'timeZone' in t ? t.timeZone : ownZone(),
    }
  })
  const create = useWrite('insights.schedules.create')
  const update = useWrite('insights.schedules.update')
  const error = create.error ?? update.error
  const draft = (): ScheduleDraft => ({
    name: name.trim(),
    mappingId: of!,
    mode: replaces && mapping?.dataset === 'usage' ? 'replace-days' : 'add',
    rejects: limit.kind === 'none' ? { kind: 'none' } : { kind: limit.kind, upTo: Number(limit.upTo) },
    place:
      place.kind === 'folder'
        ? { kind: 'folder', folder: place.folder.trim(), pattern: place.pattern.trim() }
        : { kind: 'url', url: place.url.trim(), header: place.header.trim() || null },
    timing:
      timing.every === 'minutes'
        ? { every: 'minutes', minutes: Number(timing.minutes) }
        : timing.every === 'hour'
          ? { every: 'hour', minute: Number(timing.minute), timeZone: timing.timeZone }
          : timing.every === 'day'
            ? { every: 'day', at: timing.at, timeZone: timing.timeZone }
            : { every: 'week', days: timing.days, at: timing.at, timeZone: timing.timeZone },
    ...(place.kind === 'url' && place.header.trim()
      ? secret
        ? { secret }
        : schedule?.hasSecret
          ? {}
          : { secret: null }
      : { secret: null }),
  })
  const save = () => {
    if (schedule)
      update.mutate({ id: schedule.id, version: schedule.version, schedule: draft() }, { onSuccess: onClose })
    else create.mutate(draft(), { onSuccess: onClose })
  }
  if (mappings.length === 0)
    return (
      <p className="soft">
        A schedule repeats an import that was done once.{' '}
        <Link to="/w/$workspace/data/import" params={{ workspace }}>
          Import a file
        </Link>{' '}
        first; its mapping is saved with it.
      </p>
    )
  return (
    <form
      className="one-column"
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      {error ? <Failed error={error} /> : null}
      <TextInput label="Name" required maxLength={80} value={name} onChange={(e) => setName(e.currentTarget.value)} />
      <Select
        label="Mapping"
        description="Saved with an import by hand"
        required
        data={mappings.map((m) => ({ value: m.id, label: m.name }))}
        value={of}
        onChange={setOf}
        allowDeselect={false}
      />
      <fieldset>
        <legend>From where</legend>
        <SegmentedControl
          aria-label="Kind of place"
          value={place.kind}
          onChange={(kind) => setPlace({ ...place, kind })}
          data={[
            { value: 'folder', label: 'A folder of the server' },
            { value: 'url', label: 'An address' },
          ]}
        />
        {place.kind === 'folder' ? (
          <>
            {roots.length === 0 ? (
              <Remark>
                No folder of the server may be read yet. Whoever runs the server can allow some by
                THROUGHLINE_IMPORT_ROOTS.
              </Remark>
            ) : null}
            <TextInput
              label="Folder"
              description={roots.length > 0 ? `Below ${roots.join(' or ')}` : undefined}
              required
              value={place.folder}
              onChange={(e) => setPlace({ ...place, folder: e.currentTarget.value })}
            />
            <TextInput
              label="File names"
              description="* stands for any run of signs, ? for one. Taken in order of name, each once, when they no longer change; never moved or deleted"
              required
              value={place.pattern}
              onChange={(e) => setPlace({ ...place, pattern: e.currentTarget.value })}
            />
          </>
        ) : (
          <>
            <TextInput
              label="Address"
              description="Fetched whole; skipped where it did not change"
              placeholder="https://files.example.com/usage.csv"
              required
              value={place.url}
              onChange={(e) => setPlace({ ...place, url: e.currentTarget.value })}
            />
            <TextInput
              label="Header for a secret"
              description="Where the address asks for one"
              placeholder="Authorization"
              value={place.header}
              onChange={(e) => setPlace({ ...place, header: e.currentTarget.value })}
            />
            {place.header.trim() ? (
              <TextInput
                type="password"
                autoComplete="off"
                label="Secret"
                description={
                  schedule?.hasSecret ? 'One is kept. Type here to replace it' : 'Kept encrypted and never shown again'
                }
                required={!schedule?.hasSecret}
                value={secret}
                onChange={(e) => setSecret(e.currentTarget.value)}
              />
            ) : null}
          </>
        )}
      </fieldset>
      <fieldset>
        <legend>When</legend>
        <Select
          aria-label="How often"
          data={everyWords}
          value={timing.every}
          onChange={(every) => every && setTiming({ ...timing, every })}
          allowDeselect={false}
        />
        {timing.every === 'minutes' ? (
          <TextInput
            className="short-field"
            label="Minutes between"
            type="number"
            min={5}
            max={1440}
            required
            value={timing.minutes}
            onChange={(e) => setTiming({ ...timing, minutes: e.currentTarget.value })}
          />
        ) : null}
        {timing.every === 'hour' ? (
          <TextInput
            className="short-field"
            label="Minute of the hour"
            type="number"
            min={0}
            max={59}
            required
            value={timing.minute}
            onChange={(e) => setTiming({ ...timing, minute: e.currentTarget.value })}
          />
        ) : null}
        {timing.every === 'week' ? (
          <DaysField value={timing.days} onChange={(days) => setTiming({ ...timing, days })} />
        ) : null}
        {timing.every === 'day' || timing.every === 'week' ? (
          <TimeField label="At" value={timing.at} onChange={(at) => setTiming({ ...timing, at })} />
        ) : null}
        {timing.every === 'minutes' ? null : (
          <ZoneField value={timing.timeZone} onChange={(timeZone) => setTiming({ ...timing, timeZone })} />
        )}
      </fieldset>
      <fieldset>
        <legend>Rows that cannot be read</legend>
        <Select
          aria-label="How many may be left out"
          data={[
            { value: 'none', label: 'Stop if there is any' },
            { value: 'rows', label: 'Leave out up to some rows' },
            { value: 'share', label: 'Leave out up to a share' },
          ]}
          value={limit.kind}
          onChange={(kind) => kind && setLimit({ ...limit, kind })}
          allowDeselect={false}
        />
        {limit.kind === 'none' ? null : (
          <TextInput
            className="short-field"
            label={limit.kind === 'rows' ? 'Rows at most' : 'Percent at most'}
            type="number"
            min={limit.kind === 'rows' ? 1 : 0.01}
            step={limit.kind === 'rows' ? 1 : 'any'}
            max={limit.kind === 'rows' ? undefined : 100}
            required
            value={limit.upTo}
            onChange={(e) => setLimit({ ...limit, upTo: e.currentTarget.value })}
          />
        )}
        <p className="small faint">Beyond that nothing is imported, and the schedule waits until somebody decides.</p>
      </fieldset>
      {mapping?.dataset === 'usage' ? (
        <Checkbox
          size="sm"
          label="Replace the days that a file covers"
          description="Otherwise only what those days do not hold yet is added"
          checked={replaces}
          onChange={(e) => setReplaces(e.currentTarget.checked)}
        />
      ) : null}
      <div className="page-actions">
        <Button
          type="submit"
          loading={create.isPending || update.isPending}
          disabled={of === null || name.trim() === '' || (timing.every === 'week' && timing.days.length === 0)}
        >
          {schedule ? 'Save' : 'Start the schedule'}
        </Button>
      </div>
    </form>
  )
}
