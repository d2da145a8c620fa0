/** Beside every chart over time: add what happened. */
import { Button } from '@mantine/core'
import { useFocusReturn } from '@mantine/hooks'
import { lazy, Suspense, useState } from 'react'
import { useMay } from '../session.ts'

const NoteModal = lazy(() => import('./note-form.tsx').then((m) => ({ default: m.NoteModal })))

export function NoteButton({ of }: { of: string }) {
  const may = useMay('insights:curate')
  const [isOpen, setOpen] = useState(false)
  // The form comes with the first click, too late to know by itself where the focus was.
  useFocusReturn({ opened: isOpen })
  if (!may) return null
  return (
    <>
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        title="Add a note to the time axis"
        aria-label={`Add a note to the time axis of ${of}`}
        onClick={() => setOpen(true)}
      >
        Note
      </Button>
      {isOpen ? (
        <Suspense fallback={null}>
          <NoteModal note={null} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  )
}
