/** One wave: written, launched, answered, closed, played back. */
import { Button, TextInput, Textarea } from '@mantine/core'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useRead, useWorkspace, useWrite, type OutputOf } from '../api.ts'
import { useMay } from '../session.ts'
import { day } from '../ui/format.ts'
import { Page, Section } from '../ui/page.tsx'
import { Await, Failed } from '../ui/states.tsx'
import { People } from './people.tsx'
import { PlayBack } from './play-back.tsx'
import { Response } from './response.tsx'
import { Results } from './results.tsx'
import { audienceNames } from './words.ts'
import './setup.css'

export type Wave = OutputOf<'setup.tour.find'>

export function WavePage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const wave = useRead('setup.tour.find', { id })
  return <Await query={wave}>{(data) => <Found wave={data} />}</Await>
}

function Found({ wave }: { wave: Wave }) {
  const mayEdit = useMay('setup:edit')
  const mayListen = useMay('setup:listen')
  const question = wave.state === 'draft' ? `What do we ask, and whom?` : `What do they say?`
  return (
    <Page
      isWide={wave.state !== 'draft'}
      title={question}
      lead={
        <p>
          {wave.title} · {audienceNames[wave.audience]}.{' '}
          {wave.state === 'draft'
            ? 'Once launched, questions and promise stand.'
            : wave.state === 'open'
              ? `Open until ${day(wave.closesOn)}.`
              : `Closed ${day(wave.closedAt?.slice(0, 10))}.`}
        </p>
      }
      actions={mayEdit ? <Steps wave={wave} /> : null}
    >
      {wave.state === 'draft' ? (
        <Draft key={wave.version} wave={wave} mayEdit={mayEdit} />
      ) : (
        <>
          <div className="wave-response">
            <Response wave={wave} />
          </div>
          <Results wave={wave} />
          {mayEdit ? <PlayBack key={`p${wave.version}`} wave={wave} /> : null}
        </>
      )}
      {mayListen ? <People wave={wave} /> : null}
      <Section title="What they are told" note="Locked at the launch, and said on the page and in the mail.">
        <ul className="promise">
          {wave.promise.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </Section>
    </Page>
  )
}

function Steps({ wave }: { wave: Wave }) {
  const workspace = useWorkspace()
  const navigate = useNavigate()
  const launch = useWrite('setup.tour.launch')
  const close = useWrite('setup.tour.close')
  const remove = useWrite('setup.tour.remove')
  const [isAsked, setAsked] = useState(false)
  const error = launch.error ?? close.error ?? remove.error
  const { id, version } = wave
  return (
    <div className="steps">
      {wave.state === 'draft' ? (
        <>
          <Button
            variant="default"
            loading={remove.isPending}
            onClick={() =>
              remove.mutate({ id }, { onSuccess: () => void navigate({ to: `/w/${workspace}/start/tour` as never }) })
            }
          >
            Remove draft
          </Button>
          <Button loading={launch.isPending} onClick={() => launch.mutate({ id, version })}>
            Launch
          </Button>
        </>
      ) : null}
      {wave.state === 'open' ? (
        isAsked ? (
          <>
            <span className="small soft">
              Nobody can answer any more. What waits for its group is thrown away unread.
            </span>
            <Button variant="default" onClick={() => setAsked(false)}>
              Leave it open
            </Button>
            <Button loading={close.isPending} onClick={() => close.mutate({ id, version })}>
              Close it
            </Button>
          </>
        ) : (
          <Button variant="default" onClick={() => setAsked(true)}>
            Close the wave
          </Button>
        )
      ) : null}
      {error ? <Failed error={error} /> : null}
    </div>
  )
}

function Draft({ wave, mayEdit }: { wave: Wave; mayEdit: boolean }) {
  const change = useWrite('setup.tour.change')
  const [values, setValues] = useState({ title: wave.title, note: wave.note, closesOn: wave.closesOn })
  const [questions, setQuestions] = useState(wave.questions)
  const edit = (i: number, some: Partial<Wave['questions'][number]>) =>
    setQuestions((all) => all.map((q, at) => (at === i ? { ...q, ...some } : q)))
  return (
    <Section title="Questions" note="From the set for this audience. Change the words, leave out what you do not need.">
      <div className="draft">
        <div className="say">
          <TextInput
            label="Title"
            value={values.title}
            onChange={(e) => setValues({ ...values, title: e.currentTarget.value })}
          />
          <TextInput
            label="Open until"
            type="date"
            value={values.closesOn}
            onChange={(e) => setValues({ ...values, closesOn: e.currentTarget.value })}
          />
        </div>
        <Textarea
          label="What they read first"
          description="Who asks, and what will come of it"
          autosize
          minRows={2}
          value={values.note}
          onChange={(e) => setValues({ ...values, note: e.currentTarget.value })}
        />
        <ol className="draft-questions">
          {questions.map((q, i) => (
            <li key={q.id}>
              <Textarea
                label={`Question ${i + 1}${q.isNeeded ? '' : ', optional'}`}
                autosize
                value={q.text}
                onChange={(e) => edit(i, { text: e.currentTarget.value })}
              />
              {q.kind === 'choice' || q.kind === 'area' ? (
                <Textarea
                  label={q.kind === 'area' ? 'Areas, one a line' : 'Options, one a line'}
                  autosize
                  value={q.options.join('\n')}
                  onChange={(e) => edit(i, { options: e.currentTarget.value.split('\n') })}
                />
              ) : null}
              <Button
                size="compact-xs"
                variant="subtle"
                color="gray"
                aria-label={`Leave out question ${i + 1}`}
                onClick={() => setQuestions((all) => all.filter((_, at) => at !== i))}
              >
                Leave it out
              </Button>
            </li>
          ))}
        </ol>
        <div className="steps">
          <Button
            size="xs"
            variant="default"
            onClick={() =>
              setQuestions((all) => [
                ...all,
                { id: `own-${Date.now()}`, kind: 'text', text: '', help: '', options: [], isNeeded: false },
              ])
            }
          >
            Add a question
          </Button>
          {mayEdit ? (
            <Button
              size="xs"
              loading={change.isPending}
              onClick={() =>
                change.mutate({
                  id: wave.id,
                  version: wave.version,
                  ...values,
                  questions: questions.map((q) => ({ ...q, options: q.options.map((o) => o.trim()).filter(Boolean) })),
                })
              }
            >
              Save the draft
            </Button>
          ) : null}
        </div>
        {change.error ? <Failed error={change.error} /> : null}
      </div>
    </Section>
  )
}
