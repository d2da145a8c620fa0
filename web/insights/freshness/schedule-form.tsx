/** A schedule made or changed: what, from where, when, and what becomes of rows that cannot be read. */
import { Checkbox, SegmentedControl, Select, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Schedule, ScheduleDraft, Timing } from '../../../src/insights/datasets/schedules/schemas.ts'
import { useRead, useWorkspace, type OutputOf } from '../../api.ts'
import { Form } from '../../ui/form/form.tsx'
import { useOperationForm, type OperationForm } from '../../ui/form/use-operation-form.ts'
import { Await, Remark } from '../../ui/states.tsx'
import { DaysField, ownZone, TimeField, workdays, ZoneField } from './moments.tsx'
import './freshness.css'

type Mappings = OutputOf<'insights.mappings.list'>['rows']
type Roots = OutputOf<'insights.schedules.list'>['roots']

/** All that can be entered, of whatever kind of place and time: what is changed back is still there. */
type Values = {
  name: string
  mappingId: string | null
  replaces: boolean
  place: { kind: 'folder' | 'url'; folder: string; pattern: string; url: string; header: string }
  secret: string
  rejects: { kind: 'none' | 'rows' | 'share'; upTo: string }
  timing: { every: Timing['every']; minutes: string; minute: string; at: string; days: number[]; timeZone: string }
}

function valuesOf(schedule: Schedule | null, first: Mappings[number] | undefined, roots: Roots): Values {
  const { place: p, timing: t, rejects } = schedule ?? {}
  return {
    name: schedule?.name ?? (first ? first.name.charAt(0).toUpperCase() + first.name.slice(1) : ''),
    mappingId: schedule ? schedule.mappingId : (first?.id ?? null),
    replaces: schedule?.mode === 'replace-days',
    place: {
      kind: p?.kind ?? (roots.length > 0 ? 'folder' : 'url'),
      folder: p?.kind === 'folder' ? p.folder : (roots[0] ?? ''),
      pattern: p?.kind === 'folder' ? p.pattern : '*.csv',
      url: p?.kind === 'url' ? p.url : '',
      header: p?.kind === 'url' ? (p.header ?? '') : '',
    },
    secret: '',
    rejects: { kind: rejects?.kind ?? 'none', upTo: rejects && rejects.kind !== 'none' ? String(rejects.upTo) : '1' },
    timing: {
      every: t?.every ?? 'day',
      minutes: t?.every === 'minutes' ? String(t.minutes) : '15',
      minute: t?.every === 'hour' ? String(t.minute) : '0',
      at: t && 'at' in t ? t.at : '06:00',
      days: t?.every === 'week' ? t.days : workdays,
      timeZone: t && 'timeZone' in t ? t.timeZone : ownZone(),
    },
  }
}

const numberOf = (text: string) => (text.trim() === '' ? Number.NaN : Number(text))
function timingOf({ every, minutes, minute, at, days, timeZone }: Values['timing']): Timing {
  if (every === 'minutes') return { every, minutes: numberOf(minutes) }
  if (every === 'hour') return { every, minute: numberOf(minute), timeZone }
  return every === 'day' ? { every, at, timeZone } : { every, days, at, timeZone }
}
function draftOf(values: Values, hasSecret: boolean, isUsage: boolean): ScheduleDraft {
  const { place, rejects, secret } = values
  const header = place.kind === 'url' ? place.header.trim() || null : null
  return {
    name: values.name,
    mappingId: values.mappingId!,
    mode: values.replaces && isUsage ? 'replace-days' : 'add',
    rejects: rejects.kind === 'none' ? { kind: 'none' } : { kind: rejects.kind, upTo: numberOf(rejects.upTo) },
    place:
      place.kind === 'folder'
        ? { kind: 'folder', folder: place.folder, pattern: place.pattern }
        : { kind: 'url', url: place.url, header },
    timing: timingOf(values.timing),
    // What is kept stays, unless another is typed or the header that it is for is gone.
    ...(header && secret ? { secret } : header && hasSecret ? {} : { secret: null }),
  }
}

interface FormProps {
  schedule: Schedule | null
  /** What a new one repeats, where that is known. */
  mappingId?: string | undefined
  roots: Roots
  onDone: () => void
}
export function ScheduleForm(props: FormProps) {
  const mappings = useRead('insights.mappings.list', {})
  const workspace = useWorkspace()
  return (
    <Await query={mappings} rows={5}>
      {({ rows }) =>
        rows.length === 0 ? (
          <p className="soft">
            A schedule repeats an import that was done once.{' '}
            <Link to="/w/$workspace/data/import" params={{ workspace }}>
              Import a file
            </Link>{' '}
            first; its mapping is saved with it.
          </p>
        ) : (
          <Fields {...props} mappings={rows} />
        )
      }
    </Await>
  )
}

function Fields({ schedule, mappingId, roots, onDone, mappings }: FormProps & { mappings: Mappings }) {
  const first = mappings.find((m) => m.id === mappingId) ?? mappings[0]
  const hasSecret = schedule?.hasSecret ?? false
  const isUsage = (values: Values) => mappings.find((m) => m.id === values.mappingId)?.dataset === 'usage'
  const form = useOperationForm({
    operation: schedule ? 'insights.schedules.update' : 'insights.schedules.create',
    at: schedule ? 'schedule' : '',
    initial: valuesOf(schedule, first, roots),
    version: schedule?.version ?? 0,
    input: (values, version) => {
      const draft = draftOf(values, hasSecret, isUsage(values))
      return schedule ? { id: schedule.id, version, schedule: draft } : draft
    },
    held: (current: Schedule) => valuesOf(current, undefined, roots),
    check: ({ place, secret }) =>
      place.kind === 'url' && place.header.trim() && !secret && !hasSecret ? { secret: 'This is needed.' } : none,
    onDone,
  })
  const { values } = form
  return (
    <Form form={form} submit={schedule ? 'Save' : 'Start the schedule'} show={shown(mappings)}>
      <TextInput {...form.field('name')} />
      <Select {...form.choice('mappingId')} data={mappings.map((m) => ({ value: m.id, label: m.name }))} />
      <PlaceFields form={form} roots={roots} hasSecret={hasSecret} />
      <TimingFields form={form} />
      <fieldset>
        <legend>Rows that cannot be read</legend>
        <Select
          {...form.choice('rejects.kind', { label: '' })}
          aria-label="How many may be left out"
          data={limits}
          allowDeselect={false}
        />
        {values.rejects.kind === 'none' ? null : (
          <TextInput className="short-field" inputMode="decimal" {...form.field('rejects.upTo')} />
        )}
        <p className="small faint">Beyond that nothing is imported, and the schedule waits until somebody decides.</p>
      </fieldset>
      {isUsage(values) ? (
        <Checkbox
          size="sm"
          {...form.box('replaces', {
            label: 'Replace the days that a file covers',
            help: 'Otherwise only what those days do not hold yet is added',
          })}
        />
      ) : null}
    </Form>
  )
}
const none = {}

const limits = [
  { value: 'none', label: 'Stop if there is any' },
  { value: 'rows', label: 'Leave out up to some rows' },
  { value: 'share', label: 'Leave out up to a share' },
]
const places = [
  { value: 'folder', label: 'A folder of the server' },
  { value: 'url', label: 'An address' },
]
const everyWords: { value: Timing['every']; label: string }[] = [
  { value: 'day', label: 'Every day at a time' },
  { value: 'week', label: 'On some days at a time' },
  { value: 'hour', label: 'Every hour' },
  { value: 'minutes', label: 'Every few minutes' },
]

function PlaceFields({ form, roots, hasSecret }: { form: OperationForm<Values>; roots: Roots; hasSecret: boolean }) {
  const { place } = form.values
  return (
    <fieldset>
      <legend>From where</legend>
      <SegmentedControl
        aria-label="Kind of place"
        value={place.kind}
        onChange={(kind) => form.set('place.kind', kind)}
        data={places}
      />
      {place.kind === 'folder' ? (
        <>
          {roots.length === 0 ? (
            <Remark>
              No folder of the server may be read yet. Whoever runs the server can allow some by
              THROUGHLINE_IMPORT_ROOTS.
            </Remark>
          ) : null}
          <TextInput {...form.field('place.folder', roots.length > 0 ? { help: `Below ${roots.join(' or ')}` } : {})} />
          <TextInput {...form.field('place.pattern')} />
        </>
      ) : (
        <>
          <TextInput {...form.field('place.url')} placeholder="https://files.example.com/usage.csv" />
          <TextInput {...form.field('place.header')} placeholder="Authorization" />
          {place.header.trim() ? (
            <TextInput
              type="password"
              autoComplete="off"
              {...form.field('secret', {
                label: 'Secret',
                help: hasSecret ? 'One is kept. Type here to replace it' : 'Kept encrypted and never shown again',
                isNeeded: !hasSecret,
              })}
            />
          ) : null}
        </>
      )}
    </fieldset>
  )
}

function TimingFields({ form }: { form: OperationForm<Values> }) {
  const { timing } = form.values
  const short = { className: 'short-field', inputMode: 'numeric' as const }
  return (
    <fieldset>
      <legend>When</legend>
      <Select
        {...form.choice('timing.every', { label: '' })}
        aria-label="How often"
        data={everyWords}
        allowDeselect={false}
      />
      {timing.every === 'minutes' ? <TextInput {...short} {...form.field('timing.minutes')} /> : null}
      {timing.every === 'hour' ? <TextInput {...short} {...form.field('timing.minute')} /> : null}
      {timing.every === 'week' ? (
        <DaysField
          value={timing.days}
          onChange={(days) => form.set('timing.days', days)}
          {...form.problemAt('timing.days')}
        />
      ) : null}
      {timing.every === 'day' || timing.every === 'week' ? (
        <TimeField
          label="At"
          value={timing.at}
          onChange={(at) => form.set('timing.at', at)}
          {...form.problemAt('timing.at')}
        />
      ) : null}
      {timing.every === 'minutes' ? null : (
        <ZoneField value={timing.timeZone} onChange={(timeZone) => form.set('timing.timeZone', timeZone)} />
      )}
    </fieldset>
  )
}

const shown = (mappings: Mappings) => (field: string, value: unknown) => {
  if (field === 'mappingId') return mappings.find((m) => m.id === value)?.name ?? 'another mapping'
  if (field === 'place')
    return (value as Values['place']).kind === 'folder'
      ? `${(value as Values['place']).folder}/${(value as Values['place']).pattern}`
      : (value as Values['place']).url
  if (field === 'timing') {
    const { every, at, minutes, minute } = value as Values['timing']
    const detail = every === 'minutes' ? `${minutes} min` : every === 'hour' ? `minute ${minute}` : at
    return `${everyWords.find((e) => e.value === every)?.label}: ${detail}`
  }
  if (field === 'rejects') {
    const { kind, upTo } = value as Values['rejects']
    return kind === 'none' ? limits[0]!.label : `up to ${upTo} ${kind === 'rows' ? 'rows' : '%'}`
  }
  return field === 'secret' ? 'another secret' : typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)
}
