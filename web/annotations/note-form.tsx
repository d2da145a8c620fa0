/** A note on the time axis: what happened, on which day or from when to when. It is drawn on every chart over time. */
import { Button, Modal, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Annotation } from '../../src/insights/annotations/schemas.ts'
import { useWrite } from '../api.ts'
import { Failed } from '../ui/states.tsx'
import { kindNames } from './words.ts'
import './notes.css'

export function NoteModal({ note, onClose }: { note: Annotation | null; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={note ? 'Change the note' : 'Add a note to the time axis'}>
      <Form note={note} onClose={onClose} />
    </Modal>
  )
}

function Form({ note, onClose }: { note: Annotation | null; onClose: () => void }) {
  const [kind, setKind] = useState<Annotation['kind']>(note?.kind ?? 'price-change')
  const [from, setFrom] = useState(note?.from ?? '')
  const [to, setTo] = useState(note?.to ?? '')
  const [text, setText] = useState(note?.text ?? '')
  const add = useWrite('insights.annotations.add')
  const update = useWrite('insights.annotations.update')
  const remove = useWrite('insights.annotations.remove')
  const error = add.error ?? update.error ?? remove.error
  const isBackwards = to !== '' && from !== '' && to < from
  const save = () => {
    const draft = { kind, from, to: to === '' ? null : to, text: text.trim() }
    if (note) update.mutate({ id: note.id, version: note.version, ...draft }, { onSuccess: onClose })
    else add.mutate(draft, { onSuccess: onClose })
  }
  return (
    <form
      className="note-form"
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      {error ? <Failed error={error} /> : null}
      <Select
        label="What it was"
        data={Object.entries(kindNames).map(([value, label]) => ({ value, label }))}
        value={kind}
        onChange={(v) => {
          if (v) setKind(v as Annotation['kind'])
        }}
        allowDeselect={false}
        comboboxProps={{ withinPortal: true }}
      />
      <TextInput
        label="In a few words"
        placeholder="New price list"
        description="Stands on the chart"
        required
        maxLength={140}
        value={text}
        onChange={(e) => setText(e.currentTarget.value)}
      />
      <div className="note-days">
        <TextInput type="date" label="Day" required value={from} onChange={(e) => setFrom(e.currentTarget.value)} />
        <TextInput
          type="date"
          label="To, if it lasted"
          value={to}
          error={isBackwards ? 'Before the first day' : null}
          onChange={(e) => setTo(e.currentTarget.value)}
        />
      </div>
      <p className="small faint">Everybody here sees it, on every chart over time.</p>
      <div className="page-actions">
        <Button
          type="submit"
          loading={add.isPending || update.isPending}
          disabled={text.trim() === '' || from === '' || isBackwards}
        >
          {note ? 'Save' : 'Add the note'}
        </Button>
        {note ? (
          <Button
            variant="default"
            loading={remove.isPending}
            onClick={() => remove.mutate({ id: note.id }, { onSuccess: onClose })}
          >
            Remove
          </Button>
        ) : null}
      </div>
    </form>
  )
}
