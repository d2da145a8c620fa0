/** A short form above the page. */
import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { ClosingProvider, useClosing } from './leaving.tsx'

export function FormModal({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const { close, frame, question, mayEscape } = useClosing(onClose)
  return (
    <Modal opened onClose={close} closeOnEscape={mayEscape} title={title}>
      <ClosingProvider value={frame}>{children}</ClosingProvider>
      {question}
    </Modal>
  )
}
