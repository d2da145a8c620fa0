/** One question: its answer, or the way to one. */
import { Button, Select, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Request } from '../../src/requests/schemas.ts'
import { useRead, useWrite } from '../api.ts'
import { DecideButton } from '../decisions/decide-button.tsx'
import { useMay } from '../session.ts'
import { moment, tied } from '../ui/format.ts'
import { PlaceLink } from '../ui/place-link.tsx'
import { SideDrawer } from '../ui/side-drawer.tsx'
import { Await, Failed, Remark } from '../ui/states.tsx'
import { lasting } from './words.ts'

export function RequestDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  return (
    <SideDrawer of={id} onClose={onClose} title={() => 'Question'}>
      {(open) => <Found id={open} />}
    </SideDrawer>
  )
}

function Found({ id }: { id: string }) {
  const found = useRead('requests.list', { ids: [id] })
  return (
    <Await query={found} rows={4}>
      {({ rows: [request] }) =>
        request ? (
          <Detail key={request.version} request={request} />
        ) : (
          <p className="soft">There is no such question here, or it is not for your role.</p>
        )
      }
    </Await>
  )
}

function Detail({ request: r }: { request: Request }) {
  const mayAnswer = useMay('requests:answer')
  return (
    <div className="request">
      <h2>{r.question}</h2>
      <p className="small faint">
        {r.askedBy.name}, {moment(r.askedAt)}.{' '}
        {r.state === 'open'
          ? `Open for ${lasting(r.hoursOpen)}${r.assignedTo ? `, with ${r.assignedTo.name}` : ''}.`
          : r.state === 'answered'
            ? `Answered ${r.hoursOpen === 0 ? 'at once' : `after ${lasting(r.hoursOpen)}`}.`
            : `Closed: ${r.closedBecause ?? ''}`}
      </p>
      {r.isWithheld ? (
        <Remark>
          The answer names accounts, which your role does not see. Ask Product Ops for the sums behind it.
        </Remark>
      ) : null}
      {r.answer ? (
        <div className="request-answer">
          <p>{tied(r.answer.text)}</p>
          <p className="small">
            {r.answer.address ? <PlaceLink address={r.answer.address}>Open the analysis</PlaceLink> : null}{' '}
            <span className="faint">
              {r.answer.by.name}, {moment(r.answer.at)}
              {r.state === 'answered' ? '' : ' (before it was opened again)'}
            </span>
          </p>
        </div>
      ) : null}
      {r.answer && r.state === 'answered' ? (
        <div>
          <DecideButton
            finding={{
              title: r.question.slice(0, 160),
              text: r.answer.text,
              ...(r.answer.address ? { address: r.answer.address } : {}),
              from: [{ kind: 'request', id: r.id }],
            }}
          />
        </div>
      ) : null}
      {r.namesAccounts && !r.isWithheld ? (
        <p className="small faint">Names accounts: stakeholders do not see it.</p>
      ) : null}
      {r.state === 'open' && mayAnswer ? <Answer request={r} /> : null}
      {mayAnswer || r.isMine ? <End request={r} /> : null}
    </div>
  )
}

function Answer({ request: r }: { request: Request }) {
  const answer = useWrite('requests.answer')
  const assign = useWrite('requests.assign')
  const people = useRead('requests.answerers', {})
  const [text, setText] = useState('')
  const [address, setAddress] = useState('')
  return (
    <>
      <Select
        label="Who answers"
        data={(people.data?.rows ?? []).map((p) => ({ value: p.id, label: p.name }))}
        value={r.assignedTo?.id ?? null}
        placeholder="nobody yet"
        onChange={(person) => assign.mutate({ id: r.id, version: r.version, person })}
        clearable
        searchable
        error={assign.error?.message}
      />
      <form
        className="request-form"
        onSubmit={(event) => {
          event.preventDefault()
          answer.mutate({ id: r.id, version: r.version, text: text.trim(), address: address.trim() })
        }}
      >
        {answer.error ? <Failed error={answer.error} /> : null}
        <Textarea
          label="Answer"
          description="A sentence, with its number"
          required
          autosize
          minRows={2}
          maxLength={1000}
          value={text}
          onChange={(e) => setText(e.currentTarget.value)}
        />
        <TextInput
          label="Analysis"
          description="The link of the analysis that shows it; “Copy link” on its page"
          required
          maxLength={4000}
          placeholder="/insights/adoption?month=2025-12"
          value={address}
          onChange={(e) => setAddress(e.currentTarget.value)}
        />
        <div>
          <Button type="submit" disabled={text.trim() === '' || address.trim() === ''} loading={answer.isPending}>
            Answer
          </Button>
        </div>
      </form>
    </>
  )
}

function End({ request: r }: { request: Request }) {
  const close = useWrite('requests.close')
  const reopen = useWrite('requests.reopen')
  const [because, setBecause] = useState('')
  const error = close.error ?? reopen.error
  if (r.state !== 'open')
    return (
      <div className="request-end">
        {error ? <Failed error={error} /> : null}
        <div>
          <Button
            size="xs"
            variant="default"
            loading={reopen.isPending}
            onClick={() => reopen.mutate({ id: r.id, version: r.version })}
          >
            {r.state === 'answered' ? 'This does not answer it' : 'Open it again'}
          </Button>
        </div>
      </div>
    )
  return (
    <form
      className="request-end"
      onSubmit={(event) => {
        event.preventDefault()
        close.mutate({ id: r.id, version: r.version, because: because.trim() })
      }}
    >
      {error ? <Failed error={error} /> : null}
      <TextInput
        label="Close it without an answer"
        description="Say why"
        maxLength={500}
        value={because}
        onChange={(e) => setBecause(e.currentTarget.value)}
      />
      <div>
        <Button type="submit" size="xs" variant="default" disabled={because.trim() === ''} loading={close.isPending}>
          Close it
        </Button>
      </div>
    </form>
  )
}
