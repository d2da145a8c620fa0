/** Interviews: the guide, who and when, and what was said, coded like an answer. */
import { Button, Checkbox, NumberInput, Select, TextInput, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { Audience } from '../../src/setup/taxonomy.ts'
import { useRead, useWrite, type OutputOf } from '../api.ts'
import { useAddress } from '../ui/address.ts'
import { moment } from '../ui/format.ts'
import { FormLines } from '../ui/form-lines.tsx'
import { Page, Section } from '../ui/page.tsx'
import { SideDrawer } from '../ui/side-drawer.tsx'
import { Await, Empty, Failed, Remark } from '../ui/states.tsx'
import { Table, type Column } from '../ui/table.tsx'
import { audienceNames } from './words.ts'
import './setup.css'

type Listed = OutputOf<'setup.interviews.list'>
type Interview = Listed['interviews'][number]

const columns: Column<Interview>[] = [
  { key: 'person', title: 'Person', by: (i) => i.person, render: (i) => i.person },
  { key: 'role', title: 'Role', by: (i) => i.role, render: (i) => i.role },
  { key: 'audience', title: 'Audience', by: (i) => i.audience, render: (i) => audienceNames[i.audience] },
  { key: 'slot', title: 'When', by: (i) => i.slot, render: (i) => (i.slot ? moment(i.slot) : 'not set') },
  { key: 'state', title: 'State', by: (i) => i.state, render: (i) => (i.state === 'held' ? 'Held' : 'Planned') },
]

export function InterviewsPage() {
  const list = useRead('setup.interviews.list', {})
  const [state, set] = useAddress<{ open?: string }>()
  return (
    <Page
      title="What do we hear in person?"
      lead={<p>For audiences too small for a wave, and for what a form does not ask.</p>}
    >
      <Await query={list} rows={5}>
        {(data) => (
          <>
            <div className="page-remark">
              <Remark>Say this first: {data.promise}</Remark>
            </div>
            <Plan />
            <Section title="Interviews">
              {data.interviews.length === 0 ? (
                <Empty title="No interview is planned">
                  Three interviews with an audience are enough to be added up; fewer stay notes.
                </Empty>
              ) : (
                <Table
                  label="Interviews"
                  columns={columns}
                  rows={data.interviews}
                  keyOf={(i) => i.id}
                  onOpen={(i) => set({ open: i.id }, { asStep: true })}
                  isCurrent={(i) => i.id === state.open}
                />
              )}
            </Section>
            <SideDrawer
              of={data.interviews.find((i) => i.id === state.open)}
              onClose={() => set({ open: undefined })}
              title={(i) => i.person}
              width={640}
            >
              {(i) => <Notes key={i.version} interview={i} data={data} onRemoved={() => set({ open: undefined })} />}
            </SideDrawer>
          </>
        )}
      </Await>
    </Page>
  )
}

const choices = Object.entries(audienceNames).map(([value, label]) => ({ value, label }))

function Plan() {
  const [audience, setAudience] = useState<Audience>('leaders')
  const [values, setValues] = useState({ person: '', role: '', slot: '' })
  const create = useWrite('setup.interviews.create')
  const set = (change: Partial<typeof values>) => setValues((v) => ({ ...v, ...change }))
  return (
    <Section title="Plan an interview">
      <div className="say">
        <TextInput label="Person" value={values.person} onChange={(e) => set({ person: e.currentTarget.value })} />
        <TextInput label="Role" value={values.role} onChange={(e) => set({ role: e.currentTarget.value })} />
        <Select
          label="Audience"
          allowDeselect={false}
          value={audience}
          onChange={(v) => setAudience((v ?? 'leaders') as Audience)}
          data={choices}
        />
        <TextInput
          label="When"
          type="datetime-local"
          value={values.slot}
          onChange={(e) => set({ slot: e.currentTarget.value })}
        />
        <Button
          variant="default"
          disabled={values.person.trim() === ''}
          loading={create.isPending}
          onClick={() =>
            create.mutate(
              {
                person: values.person,
                role: values.role,
                audience,
                slot: values.slot === '' ? null : new Date(values.slot).toISOString(),
              },
              { onSuccess: () => setValues({ person: '', role: '', slot: '' }) },
            )
          }
        >
          Plan it
        </Button>
      </div>
      {create.error ? <Failed error={create.error} /> : null}
    </Section>
  )
}

const often = [
  { value: 'daily', label: 'Daily' },
  { value: 'weekly', label: 'Weekly' },
  { value: 'monthly', label: 'Monthly' },
  { value: 'quarterly', label: 'Quarterly' },
]
const lack = [
  { value: 'system', label: 'A system' },
  { value: 'skill', label: 'A skill' },
  { value: 'both', label: 'Both' },
  { value: 'unsure', label: 'Not sure' },
]
type Entry = Interview['frictions'][number]
const fresh = (): Entry => ({
  code: 'data-extraction',
  words: '',
  often: 'weekly',
  hours: 1,
  system: '',
  waiting: 0,
  delayed: '',
  lack: 'unsure',
})

function Notes({ interview: i, data, onRemoved }: { interview: Interview; data: Listed; onRemoved: () => void }) {
  const codes = useRead('setup.tour.codes', {})
  const change = useWrite('setup.interviews.change')
  const remove = useWrite('setup.interviews.remove')
  const [values, setValues] = useState({
    notes: i.notes,
    share: i.share ?? '',
    frictions: i.frictions,
    mayQuote: i.mayQuote,
  })
  const set = (some: Partial<typeof values>) => setValues((v) => ({ ...v, ...some }))
  const save = (state: Interview['state']) =>
    change.mutate({
      id: i.id,
      version: i.version,
      notes: values.notes,
      share: values.share === '' ? null : Number(values.share),
      frictions: values.frictions,
      mayQuote: values.mayQuote,
      state,
    })
  const guide = data.guides.find((g) => g.audience === i.audience)
  return (
    <div className="stack">
      <details className="more-lines">
        <summary>The guide</summary>
        <ol className="guide">
          {guide?.questions.map((q) => (
            <li key={q}>{q}</li>
          ))}
        </ol>
      </details>
      <Textarea
        label="Notes"
        description="Read by Product Ops and administrators alone"
        autosize
        minRows={5}
        value={values.notes}
        onChange={(e) => set({ notes: e.currentTarget.value })}
      />
      <NumberInput
        label="Share of their week on data and logistics"
        suffix=" %"
        min={0}
        max={100}
        value={values.share}
        onChange={(v) => set({ share: v === '' ? '' : Number(v) })}
      />
      <FormLines
        legend="Frictions"
        note="Coded like an answer, so that interviews add up with each other."
        one="friction"
        lines={values.frictions}
        fresh={fresh}
        onChange={(frictions) => set({ frictions })}
      >
        {(entry, edit, place) => (
          <div className="say">
            <Select
              label={`Friction ${place}`}
              allowDeselect={false}
              value={entry.code}
              onChange={(v) => edit({ code: v })}
              data={(codes.data?.codes ?? []).map((c) => ({ value: c.code, label: c.name }))}
            />
            <Select
              label="How often"
              allowDeselect={false}
              value={entry.often}
              onChange={(v) => edit({ often: (v ?? 'weekly') as Entry['often'] })}
              data={often}
            />
            <NumberInput
              label="Hours each time"
              min={0.1}
              max={60}
              value={entry.hours}
              onChange={(v) => edit({ hours: Number(v) || 1 })}
            />
            <TextInput label="System" value={entry.system} onChange={(e) => edit({ system: e.currentTarget.value })} />
            <Select
              label="What is missing"
              allowDeselect={false}
              value={entry.lack}
              onChange={(v) => edit({ lack: (v ?? 'unsure') as Entry['lack'] })}
              data={lack}
            />
          </div>
        )}
      </FormLines>
      <Checkbox
        label="They agree to be quoted without their name"
        checked={values.mayQuote}
        onChange={(e) => set({ mayQuote: e.currentTarget.checked })}
      />
      {(change.error ?? remove.error) ? <Failed error={(change.error ?? remove.error)!} /> : null}
      <div className="steps">
        <Button
          variant="subtle"
          color="gray"
          loading={remove.isPending}
          onClick={() => remove.mutate({ id: i.id }, { onSuccess: onRemoved })}
        >
          Remove with its notes
        </Button>
        {i.state === 'planned' ? (
          <Button variant="default" loading={change.isPending} onClick={() => save('planned')}>
            Save
          </Button>
        ) : null}
        <Button loading={change.isPending} onClick={() => save('held')}>
          {i.state === 'held' ? 'Save' : 'It was held'}
        </Button>
      </div>
    </div>
  )
}
