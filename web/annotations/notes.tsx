/** All notes on the time axis, the latest first; a line opens the form. */
import { Button } from '@mantine/core'
import { useFocusReturn } from '@mantine/hooks'
import { useState } from 'react'
import type { Annotation } from '../../src/insights/annotations/schemas.ts'
import { useWrite } from '../api.ts'
import { useMay } from '../session.ts'
import type { ListColumn } from '../ui/list/columns.ts'
import { List } from '../ui/list/list.tsx'
import { usePages } from '../ui/list/pages.ts'
import { Section } from '../ui/page.tsx'
import { NoteModal } from './note-form.tsx'
import { kindNames, when } from './words.ts'

function useColumns(may: boolean): ListColumn<Annotation>[] {
  const update = useWrite('insights.annotations.update')
  return [
    {
      key: 'text',
      title: 'What happened',
      by: (a) => a.text,
      render: (a) => a.text,
      edit: {
        may: () => may,
        value: (a) => a.text,
        maxLength: 140,
        save: ({ by: _, ...note }, text) => update.mutateAsync({ ...note, text }),
      },
    },
    { key: 'when', title: 'When', width: 240, by: (a) => a.from, render: when },
    {
      key: 'kind',
      title: 'Kind',
      width: 150,
      by: (a) => kindNames[a.kind],
      choice: (a) => kindNames[a.kind],
      render: (a) => kindNames[a.kind],
    },
    { key: 'by', title: 'Noted by', width: 170, by: (a) => a.by, choice: (a) => a.by, render: (a) => a.by },
  ]
}

export function TimeNotes() {
  const notes = usePages('insights.annotations.list', {})
  const may = useMay('insights:curate')
  const [editing, setEditing] = useState<{ note: Annotation | null } | null>(null)
  useFocusReturn({ opened: editing !== null })
  return (
    <Section
      id="notes"
      title="Notes on the time axis"
      note="Price changes, outages, breaks in tracking: drawn on every chart over time."
      actions={
        may ? (
          <Button size="compact-xs" variant="default" onClick={() => setEditing({ note: null })}>
            Add a note
          </Button>
        ) : undefined
      }
    >
      <List
        name="notes"
        label="Notes on the time axis"
        of={['note', 'notes']}
        columns={useColumns(may)}
        pages={notes}
        keyOf={(a) => a.id}
        {...(may ? { onOpen: (note: Annotation) => setEditing({ note }) } : {})}
        csv={{ operation: 'insights.annotations.list', input: {} }}
        empty={<p className="soft">Nothing is noted yet. {may ? 'Add what a reader of a trend should know.' : ''}</p>}
      />
      {editing ? <NoteModal note={editing.note} onClose={() => setEditing(null)} /> : null}
    </Section>
  )
}
