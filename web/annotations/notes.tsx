/** All notes on the time axis, the latest first; a line opens the form. */
import { Button } from '@mantine/core'
import { useFocusReturn } from '@mantine/hooks'
import { useState } from 'react'
import type { Annotation } from '../../src/insights/annotations/schemas.ts'
import { useRead } from '../api.ts'
import { useMay } from '../session.ts'
import { Section } from '../ui/page.tsx'
import { Await } from '../ui/states.tsx'
import { Table, type Column } from '../ui/table.tsx'
import { NoteModal } from './note-form.tsx'
import { kindNames, when } from './words.ts'

const columns: Column<Annotation>[] = [
  { key: 'when', title: 'When', by: (a) => a.from, render: when },
  { key: 'text', title: 'What happened', by: (a) => a.text.toLowerCase(), render: (a) => a.text },
  { key: 'kind', title: 'Kind', by: (a) => kindNames[a.kind], render: (a) => kindNames[a.kind] },
  { key: 'by', title: 'Noted by', by: (a) => a.by, render: (a) => a.by },
]

export function TimeNotes() {
  const notes = useRead('insights.annotations.list', {})
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
      <Await query={notes} rows={2}>
        {({ rows }) =>
          rows.length === 0 ? (
            <p className="soft">Nothing is noted yet. {may ? 'Add what a reader of a trend should know.' : ''}</p>
          ) : (
            <Table
              label="Notes on the time axis"
              columns={columns}
              rows={rows}
              keyOf={(a) => a.id}
              maxHeight={420}
              {...(may ? { onOpen: (note: Annotation) => setEditing({ note }) } : {})}
            />
          )
        }
      </Await>
      {editing ? <NoteModal note={editing.note} onClose={() => setEditing(null)} /> : null}
    </Section>
  )
}
