import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { ReactNode } from 'react'

/** Says what was done, and for a quarter of a minute how to take it back. */
export function showUndo(title: ReactNode, undo: () => void, note?: string): void {
  notifications.show({
    title,
    autoClose: 15_000,
    message: (
      <>
        {note ? `${note} ` : null}
        <Button size="compact-xs" variant="default" ml={note ? 8 : 0} onClick={undo}>
          Undo
        </Button>
      </>
    ),
  })
}
