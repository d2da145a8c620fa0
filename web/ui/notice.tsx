/** Something that waits until somebody says that they saw it, with what is made of it. Stands in a list of class `alerts`. */
import { Button, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { ApiError } from '../api.ts'

interface Acknowledge {
  mutate: (input: { id: string; note: string }) => void
  isPending: boolean
  error: ApiError | null
}
interface Props {
  id: string
  isOpen: boolean
  text: ReactNode
  details: ReactNode
  hint?: string
  may: boolean
  acknowledge: Acknowledge
}

export function Notice({ id, isOpen, text, details, hint, may, acknowledge }: Props) {
  const [isWriting, setWriting] = useState(false)
  const [note, setNote] = useState('')
  return (
    <li className={isOpen ? undefined : 'is-seen'}>
      <span className="alert-mark" aria-hidden>
        {isOpen ? '▲' : '✓'}
      </span>
      <div>
        <p>{text}</p>
        <p className="small faint" title={hint}>
          {details}
        </p>
        {isWriting && isOpen ? (
          <form
            className="alert-note"
            onSubmit={(event) => {
              event.preventDefault()
              acknowledge.mutate({ id, note: note.trim() })
            }}
          >
            <TextInput
              size="xs"
              data-autofocus
              autoFocus
              aria-label="What is made of it"
              placeholder="What is made of it, in a line"
              required
              maxLength={500}
              value={note}
              onChange={(e) => setNote(e.currentTarget.value)}
            />
            <Button size="xs" type="submit" loading={acknowledge.isPending} disabled={note.trim().length < 2}>
              Say so
            </Button>
            <Button size="xs" variant="default" onClick={() => setWriting(false)}>
              Not now
            </Button>
            {acknowledge.error ? (
              <span className="small" role="alert">
                {acknowledge.error.message}
              </span>
            ) : null}
          </form>
        ) : null}
      </div>
      {may && isOpen && !isWriting ? (
        <Button size="compact-xs" variant="default" onClick={() => setWriting(true)}>
          Acknowledge
        </Button>
      ) : null}
    </li>
  )
}
