/** What a colleague sees behind their personal link: a few questions on a phone, then thanks, later what became of it. */
import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { openQuestions, sendAnswer } from '../../../src/setup/listening-tour/answering.ts'
import mark from '../../mark.svg'
import { CallError, readByLink, writeByLink } from '../call.ts'
import { BadLink } from '../pages.tsx'
import { useAsked } from '../use-asked.ts'
import { answerOf, forgetDraft, isAnswered, problemsOf, useDraft } from './draft.ts'
import { QuestionField } from './question-field.tsx'
import './tour.css'

type Opened = NonNullable<Awaited<ReturnType<typeof readByLink<typeof openQuestions>>>>

export function TourPage() {
  const opened = useAsked(() => readByLink<typeof openQuestions>('setup.answering.open', {}))
  const [sent, setSent] = useState<'kept' | 'answered-before' | null>(null)
  if (opened.error) return <BadLink error={opened.error} />
  if (!opened.data) return null
  if (sent) return <Thanks opened={opened.data} before={sent === 'answered-before'} />
  if (opened.data.state === 'answered')
    return opened.data.playback ? <Playback opened={opened.data} /> : <Thanks opened={opened.data} before />
  if (opened.data.state === 'closed')
    return (
      <Frame opened={opened.data} title="These questions have closed">
        <p className="tour-lead">
          Nothing can be added any more. If you began an answer, it is still in this browser and went nowhere.
        </p>
      </Frame>
    )
  return <Asking opened={opened.data} onSent={setSent} />
}

function Frame({ opened, title, children }: { opened: Opened; title: string; children: React.ReactNode }) {
  useEffect(() => {
    document.title = `${title} · ${opened.company}`
  }, [title, opened.company])
  return (
    <main className="tour">
      <p className="tour-brand">
        <img src={mark} alt="" width={22} height={22} />
        <span>{opened.company}</span>
      </p>
      <h1>{title}</h1>
      {children}
    </main>
  )
}

function Asking({ opened, onSent }: { opened: Opened; onSent: (state: 'kept' | 'answered-before') => void }) {
  const { draft, set, setMayQuote } = useDraft()
  const [isBusy, setBusy] = useState(false)
  const [isShown, setShown] = useState(false)
  const [refused, setRefused] = useState<string | null>(null)
  const problems = problemsOf(opened.questions, draft)
  const done = opened.questions.filter((q) => isAnswered(draft.values[q.id])).length
  const send = async () => {
    setShown(true)
    setRefused(null)
    const [first] = problems.keys()
    if (first) {
      document.getElementById(`question-${first}`)?.scrollIntoView({ block: 'start' })
      return
    }
    setBusy(true)
    try {
      const { state } = await writeByLink<typeof sendAnswer>('setup.answering.send', { answer: answerOf(draft) })
      forgetDraft()
      onSent(state)
      window.scrollTo(0, 0)
    } catch (error) {
      setRefused(
        error instanceof CallError ? error.message : 'This did not work. Your answer is still here: try again.',
      )
      setBusy(false)
    }
  }
  return (
    <Frame opened={opened} title="What gets in the way of your work?">
      <p className="tour-lead">
        {opened.note || 'Tell us where your time goes. What you say decides what is taken off your desk first.'}
      </p>
      <details className="tour-promise" open>
        <summary>What happens to your answer</summary>
        <ul>
          {opened.promise.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </details>
      <ol className="tour-questions">
        {opened.questions.map((q, i) => (
          <li key={q.id} id={`question-${q.id}`}>
            <QuestionField
              number={i + 1}
              question={q}
              frictions={opened.frictions}
              value={draft.values[q.id]}
              onChange={(value) => set(q.id, value)}
              problem={isShown ? problems.get(q.id) : undefined}
            />
          </li>
        ))}
      </ol>
      <label className="tour-quote">
        <input type="checkbox" checked={draft.mayQuote} onChange={(e) => setMayQuote(e.currentTarget.checked)} />
        <span>
          My words may be quoted, without my name.
          <small>Otherwise Product Ops reads them, and nobody else does.</small>
        </span>
      </label>
      {refused ? (
        <p className="tour-refused" role="alert">
          {refused}
        </p>
      ) : null}
      <div className="tour-send">
        <span className="tour-done" aria-live="polite">
          <progress max={opened.questions.length} value={done} aria-label="Answered" />
          {done} of {opened.questions.length}
        </span>
        <Button size="md" loading={isBusy} onClick={() => void send()}>
          Send my answer
        </Button>
      </div>
      <p className="tour-small">Until you send it, your answer is in this browser and nowhere else.</p>
    </Frame>
  )
}

function Thanks({ opened, before }: { opened: Opened; before: boolean }) {
  return (
    <Frame opened={opened} title={before ? 'Your answer has been kept' : 'Thank you. Your answer is kept'}>
      <p className="tour-lead">
        {before
          ? 'This link has been used: one answer was sent by it, and it counts. Nothing more can be sent.'
          : 'You can close this page.'}{' '}
        This link shows you later what was heard, what will be done, what will not, and why.
      </p>
      <ul className="tour-after">
        {opened.promise.slice(0, 3).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </Frame>
  )
}

const answers = { will: 'We will', later: 'Later', 'will-not': 'We will not' } as const

function Playback({ opened }: { opened: Opened }) {
  return (
    <Frame opened={opened} title="You said, and this is what becomes of it">
      <ol className="tour-playback">
        {opened.playback!.map((item) => (
          <li key={item.said}>
            <p className="tour-said">“{item.said}”</p>
            <p>
              <strong className={`tour-answer is-${item.answer}`}>{answers[item.answer]}</strong> {item.what}
            </p>
          </li>
        ))}
      </ol>
    </Frame>
  )
}
