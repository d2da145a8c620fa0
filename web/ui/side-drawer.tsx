/** What opens beside the page. Escape, a click outside and the cross close it, after a question where a form within it is not saved, and the focus goes back to what opened it. */
import { Drawer } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { ClosingProvider, useClosing } from './form/leaving.tsx'

export interface SideDrawerProps<T> {
  /** What it is open on; without it, it is closed. */
  of: T | null | undefined
  title: (of: T) => ReactNode
  children: (of: T) => ReactNode
  onClose: () => void
  /** In pixels, as far as there is room: 560 hold a form, 860 a table of accounts. */
  width?: number
}

export function SideDrawer<T>({ of, title, children, onClose, width = 560 }: SideDrawerProps<T>) {
  // What it showed stays while it slides away.
  const [shown, setShown] = useState(of)
  if (of != null && of !== shown) setShown(of)
  const { close, frame, question, mayEscape } = useClosing(onClose)
  return (
    <Drawer
      opened={of != null}
      onClose={close}
      closeOnEscape={mayEscape}
      position="right"
      size={`min(${width}px, 100vw)`}
      title={<span className="drawer-title">{shown == null ? null : title(shown)}</span>}
    >
      <ClosingProvider value={frame}>{shown == null ? null : children(shown)}</ClosingProvider>
      {question}
    </Drawer>
  )
}
