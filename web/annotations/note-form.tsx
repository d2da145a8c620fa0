/** A note on the time axis: what happened, on which day or from when to when. It is drawn on every chart over time. */
import { Button, Select, TextInput } from '@mantine/core'
import type { Annotation } from '../../src/insights/annotations/schemas.ts'
import { useWrite } from '../api.ts'
import { day } from '../ui/format.ts'
import { FormModal } from '../ui/form/form-modal.tsx'
import { Form } from '../ui/form/form.tsx'
import { useOperationForm } from '../ui/form/use-operation-form.ts'
import { showUndo } from '../ui/undo.tsx'
import { kindNames } from './words.ts'

const valuesOf = ({ kind, from, to, text }: Pick<Annotation, 'kind' | 'from' | 'to' | 'text'>) => ({
  kind,
  from,
  to: to ?? '',
  text,
})
const blank = valuesOf({ kind: 'price-change', from: '', to: null, text: '' })
const none = {}
const shown = (field: string, value: unknown) => {
  const text = value as string
  if (field === 'kind') return kindNames[value as Annotation['kind']]
  return field === 'text' ? text : text ? day(text) : '–'
}

export function NoteModal({ note, onClose }: { note: Annotation | null; onClose: () => void }) {
  return (
    <FormModal title={note ? 'Change the note' : 'Add a note to the time axis'} onClose={onClose}>
      <NoteForm note={note} onClose={onClose} />
    </FormModal>
  )
}

function NoteForm({ note, onClose }: { note: Annotation | null; onClose: () => void }) {
  const form = useOperationForm({
    operation: note ? 'insights.annotations.update' : 'insights.annotations.add',
    initial: note ? valuesOf(note) : blank,
    version: note?.version ?? 0,
    input: ({ to, ...values }, version) => ({ ...values, to: to || null, ...(note ? { id: note.id, version } : {}) }),
    held: valuesOf,
    check: ({ from, to }) => (to !== '' && to < from ? { to: 'This is before the first day.' } : none),
    onDone: onClose,
  })
  return (
    <Form
      form={form}
      submit={note ? 'Save' : 'Add the note'}
      show={shown}
      actions={note ? <Remove note={note} onDone={onClose} /> : undefined}
    >
      <Select {...form.choice('kind', { names: kindNames })} />
      <TextInput {...form.field('text')} placeholder="New price list" />
      <div className="form-row">
        <TextInput type="date" {...form.field('from')} />
        <TextInput type="date" {...form.field('to', { help: '' })} />
      </div>
      <p className="small faint">Everybody here sees it, on every chart over time.</p>
    </Form>
  )
}

function Remove({ note, onDone }: { note: Annotation; onDone: () => void }) {
  const remove = useWrite('insights.annotations.remove')
  const add = useWrite('insights.annotations.add')
  const { kind, from, to, text } = note
  const onSuccess = () => {
    showUndo(`“${text}” is taken off the time axis`, () => add.mutate({ kind, from, to, text }))
    onDone()
  }
  return (
    <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate({ id: note.id }, { onSuccess })}>
      Remove
    </Button>
  )
}
