/** One line to ask in; what was answered before is offered before the question is sent. */
import { Button, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { Request } from '../../src/requests/schemas.ts'
import { useRead, useWrite } from '../api.ts'
import { day, tied } from '../ui/format.ts'
import { PlaceLink } from '../ui/place-link.tsx'
import { Failed } from '../ui/states.tsx'

const shortest = 3

export function Ask({ isFocused }: { isFocused: boolean }) {
  const [question, setQuestion] = useState('')
  const [settled] = useDebouncedValue(question.trim(), 200)
  const isLong = settled.length >= shortest && question.trim().length >= shortest
  const earlier = useRead('requests.search', { text: settled }, { enabled: isLong, keepPrevious: true })
  const ask = useWrite('requests.ask')
  const done = (title: string, message: string) => {
    setQuestion('')
    notifications.show({ title, message })
  }
  const send = () =>
    ask.mutate(
      { question: question.trim() },
      { onSuccess: () => done('Your question is with Product Ops', 'The answer will stand here.') },
    )
  const take = (request: Request) =>
    ask.mutate(
      { question: question.trim(), taken: request.id },
      { onSuccess: () => done('Answered at once', 'It is counted, so that what is asked often can be seen.') },
    )
  const rows = isLong ? (earlier.data?.rows ?? []) : []
  return (
    <form
      className="ask"
      onSubmit={(event) => {
        event.preventDefault()
        if (question.trim().length >= shortest) send()
      }}
    >
      <div className="ask-line">
        <TextInput
          className="ask-field"
          size="md"
          aria-label="Ask Product Ops"
          placeholder="Ask Product Ops a question, in one line"
          maxLength={300}
          value={question}
          onChange={(e) => setQuestion(e.currentTarget.value)}
          data-autofocus={isFocused || undefined}
          ref={(field) => {
            if (isFocused) field?.focus()
          }}
        />
        <Button size="md" type="submit" disabled={question.trim().length < shortest} loading={ask.isPending}>
          {rows.length > 0 ? 'Ask anyway' : 'Ask'}
        </Button>
      </div>
      {ask.error ? <Failed error={ask.error} /> : null}
      <div aria-live="polite">
        {rows.length > 0 ? (
          <>
            <p className="ask-before">Asked before. Does one of these answer it?</p>
            <ul className="ask-answers">
              {rows.map((r) => (
                <li key={r.id}>
                  <div>
                    <p className="small faint">{r.question}</p>
                    <p>{tied(r.answer?.text ?? '')}</p>
                    <p className="small">
                      {r.answer?.address ? <PlaceLink address={r.answer.address}>Open the analysis</PlaceLink> : null}{' '}
                      <span className="faint">{r.answer ? `${r.answer.by.name}, ${day(r.answer.at)}` : ''}</span>
                    </p>
                  </div>
                  <Button
                    size="xs"
                    variant="default"
                    loading={ask.isPending}
                    onClick={() => take(r)}
                    aria-label={`This answers it: ${r.question}`}
                  >
                    This answers it
                  </Button>
                </li>
              ))}
            </ul>
          </>
        ) : null}
      </div>
    </form>
  )
}
