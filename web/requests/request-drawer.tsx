/** One question: its answer, or the way to one. */
import { Button, Select, Textarea, TextInput } from '@mantine/core'
import type { Request } from '../../src/requests/schemas.ts'
import { useRead, useWrite } from '../api.ts'
import { DecideButton } from '../decisions/decide-button.tsx'
import { useMay } from '../session.ts'
import { moment, tied } from '../ui/format.ts'
import { Form } from '../ui/form/form.tsx'
import { useOperationForm } from '../ui/form/use-operation-form.ts'
import { PlaceLink } from '../ui/place-link.tsx'
import { Await, Failed, Remark } from '../ui/states.tsx'
import type { Opening } from '../ui/thing/opening.ts'
import { Thing, ThingDrawer } from '../ui/thing/thing.tsx'
import { useAnswerers } from './list.tsx'
import { stateText } from './words.ts'

export function RequestDrawer({ opening }: { opening: Opening }) {
  return (
    <ThingDrawer opening={opening} kind={() => 'Question'}>
      {(id) => <Found id={id} />}
    </ThingDrawer>
  )
}

function Found({ id }: { id: string }) {
  const found = useRead('requests.list', { ids: [id] })
  return (
    <Await query={found} rows={4}>
      {({ rows: [request] }) =>
        request ? (
          <RequestThing request={request} />
        ) : (
          <p className="soft">There is no such question here, or it is not for your role.</p>
        )
      }
    </Await>
  )
}

function RequestThing({ request: r }: { request: Request }) {
  const mayAnswer = useMay('requests:answer')
  return (
    <Thing
      kind="request"
      id={r.id}
      title={r.question}
      state={<span className={r.state === 'open' ? 'request-open' : undefined}>{stateText(r)}</span>}
      owner={r.assignedTo ? `with ${r.assignedTo.name}` : r.state === 'open' ? 'with nobody yet' : undefined}
      facts={[
        ['Asked by', `${r.askedBy.name}, ${moment(r.askedAt)}`],
        ...(r.closedBecause ? [['Closed because', r.closedBecause] as const] : []),
        ...(r.namesAccounts && !r.isWithheld ? [['Names accounts', 'stakeholders do not see it'] as const] : []),
      ]}
      address={`/requests?open=${r.id}`}
      actions={r.answer && r.state === 'answered' ? <Decide request={r} /> : undefined}
    >
      {r.isWithheld ? (
        <Remark>
          The answer names accounts, which your role does not see. Ask Product Ops for the sums behind it.
        </Remark>
      ) : null}
      {r.answer ? <GivenAnswer answer={r.answer} isStanding={r.state === 'answered'} /> : null}
      {mayAnswer ? <Answer request={r} /> : null}
      {mayAnswer || r.isMine ? r.state === 'open' ? <Close request={r} /> : <Reopen request={r} /> : null}
    </Thing>
  )
}

function Decide({ request: r }: { request: Request }) {
  const { text, address } = r.answer!
  const title = r.question.slice(0, 160)
  return (
    <DecideButton finding={{ title, text, ...(address ? { address } : {}), from: [{ kind: 'request', id: r.id }] }} />
  )
}

function GivenAnswer({ answer, isStanding }: { answer: NonNullable<Request['answer']>; isStanding: boolean }) {
  return (
    <div className="request-answer">
      <p>{tied(answer.text)}</p>
      <p className="small">
        {answer.address ? <PlaceLink address={answer.address}>Open the analysis</PlaceLink> : null}{' '}
        <span className="faint">
          {answer.by.name}, {moment(answer.at)}
          {isStanding ? '' : ' (before it was opened again)'}
        </span>
      </p>
    </div>
  )
}

const blank = { text: '', address: '' }

function Answer({ request: r }: { request: Request }) {
  const form = useOperationForm({
    operation: 'requests.answer',
    initial: blank,
    version: r.version,
    input: (values, version) => ({ id: r.id, version, ...values }),
    held: ({ answer, state }: Request) =>
      state === 'answered' && answer ? { text: answer.text, address: answer.address ?? '' } : blank,
  })
  // What somebody writes stays, even when another was faster with an answer.
  if (r.state !== 'open' && !form.isDirty()) return null
  return (
    <div className="thing-part">
      {r.state === 'open' ? <WhoAnswers request={r} /> : null}
      <Form form={form} submit="Answer">
        <Textarea {...form.field('text')} autosize minRows={2} />
        <TextInput {...form.field('address')} placeholder="/insights/adoption?month=2025-12" />
      </Form>
    </div>
  )
}

function WhoAnswers({ request: r }: { request: Request }) {
  const assign = useWrite('requests.assign')
  return (
    <Select
      label="Who answers"
      data={useAnswerers()}
      value={r.assignedTo?.id ?? ''}
      onChange={(person) => assign.mutate({ id: r.id, version: r.version, person: person || null })}
      allowDeselect={false}
      searchable
      error={assign.error?.message}
    />
  )
}

function Close({ request: r }: { request: Request }) {
  const form = useOperationForm({
    operation: 'requests.close',
    initial: { because: '' },
    version: r.version,
    input: (values, version) => ({ id: r.id, version, ...values }),
    held: ({ closedBecause }: Request) => ({ because: closedBecause ?? '' }),
  })
  return (
    <div className="thing-part">
      <Form form={form} submit="Close it" isQuiet>
        <TextInput {...form.field('because', { label: 'Close it without an answer', help: 'Say why' })} />
      </Form>
    </div>
  )
}

function Reopen({ request: r }: { request: Request }) {
  const reopen = useWrite('requests.reopen')
  return (
    <div className="thing-part">
      {reopen.error ? <Failed error={reopen.error} /> : null}
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
}
