/** A decision that was taken, set as a memo. */
import { Button, Modal, Radio, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { Decision } from '../../src/decisions/schemas.ts'
import { useRead, useWrite } from '../api.ts'
import { useMay, useSession } from '../session.ts'
import { day, moment, tied } from '../ui/format.ts'
import { Page, Section } from '../ui/page.tsx'
import { PlaceLink } from '../ui/place-link.tsx'
import { Failed, Remark } from '../ui/states.tsx'
import { EffectSection } from './effect.tsx'
import { FindingQuote } from './finding.tsx'
import { dueText, outcomeNames, stateNames } from './words.ts'

export function Memo({ decision: d }: { decision: Decision }) {
  const me = useSession()?.person?.id
  const mayDecide = useMay('decisions:decide')
  const options = useRead('decisions.options', {}, { enabled: mayDecide })
  const isMine = d.decider?.id === me
  const hasLeft = options.data !== undefined && !options.data.productManagers.some((p) => p.id === d.decider?.id)
  // Before its day the text comes first, from then on what came of it.
  const isTime = d.revisited !== null || (d.due !== null && d.due.state !== 'ahead')
  const mayRevisit = d.state === 'decided' && mayDecide && (isMine || hasLeft)
  return (
    <Page title={d.content.title === '' ? 'Untitled draft' : d.content.title} lead={<Byline decision={d} />}>
      {d.withdrawn ? (
        <div className="page-remark">
          <Remark>
            Withdrawn on {day(d.withdrawn.at)} by {d.withdrawn.by.name}: {d.withdrawn.because}
          </Remark>
        </div>
      ) : null}
      {d.due && d.due.state !== 'ahead' ? (
        <div className="page-remark">
          <Remark>It is time to look at this again: {dueText(d.due)}. What came of it stands below.</Remark>
        </div>
      ) : null}
      {isTime ? <EffectSection id={d.id} /> : <Text decision={d} />}
      {d.revisited ? (
        <Section title="What was learnt">
          <div className="memo">
            <p>
              <strong>{outcomeNames[d.revisited.outcome]}</strong>, {day(d.revisited.at)}, {d.revisited.by.name}
            </p>
            <Words text={d.revisited.learnt} />
          </div>
        </Section>
      ) : null}
      {isTime && mayRevisit ? (
        <Section title="Look at it again" note="What was learnt, and whether the decision stands.">
          <Revisit decision={d} />
        </Section>
      ) : null}
      {isTime ? <Text decision={d} /> : d.decidedAt ? <EffectSection id={d.id} /> : null}
      {d.links.length > 0 ? (
        <Section title="Belongs to">
          <ul className="memo-links">
            {d.links.map((l) => (
              <li key={`${l.direction} ${l.relation} ${l.kind} ${l.id}`}>
                <span className="faint">
                  {l.direction === 'from'
                    ? `${l.kind}, ${l.relation.replaceAll('-', ' ')} this`
                    : `${l.relation.replaceAll('-', ' ')} ${l.kind}`}
                </span>{' '}
                {l.address ? (
                  <PlaceLink address={l.address}>
                    {l.title ?? (l.kind === 'analysis' ? 'the page as it is today' : l.id)}
                  </PlaceLink>
                ) : (
                  (l.title ?? l.id)
                )}
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      {d.editions.length > 1 ? <Editions decision={d} /> : null}
      {isMine && d.decidedAt && d.state !== 'withdrawn' ? <Later decision={d} /> : null}
    </Page>
  )
}

function Byline({ decision: d }: { decision: Decision }) {
  if (!d.decidedAt)
    return (
      <p>
        {stateNames[d.state]}, prepared by {d.preparedBy.name};{' '}
        {d.decider ? `${d.decider.name} is to decide` : 'nobody is named yet who decides'}.
      </p>
    )
  return (
    <p>
      Decided by <strong>{d.decider?.name}</strong> on {day(d.decidedAt)}
      {d.preparedBy.id === d.decider?.id ? '' : `, prepared by ${d.preparedBy.name}`}.{' '}
      {d.state === 'decided' ? `To be looked at again on ${day(d.content.revisitOn)}.` : ''}
    </p>
  )
}

const Words = ({ text }: { text: string }) => (
  <>
    {text
      .split(/\n{2,}/)
      .filter(Boolean)
      .map((part, i) => (
        <p key={i}>{tied(part)}</p>
      ))}
  </>
)

function Text({ decision: { content } }: { decision: Decision }) {
  const { options, taken } = content
  return (
    <>
      <Section title="What was found">
        <div className="memo">
          <FindingQuote finding={content.finding} />
          <Words text={content.note} />
        </div>
      </Section>
      <Section title="What could be done">
        <ol className="memo-options">
          {options.map((o, i) =>
            o.title === '' ? null : (
              <li key={i} className={taken === i ? 'is-taken' : undefined}>
                <h3>
                  {o.title}
                  {taken === i ? <span className="taken-mark">taken</span> : null}
                </h3>
                {o.pros ? (
                  <p>
                    <span className="faint">For it: </span>
                    {o.pros}
                  </p>
                ) : null}
                {o.cons ? (
                  <p>
                    <span className="faint">Against it: </span>
                    {o.cons}
                  </p>
                ) : null}
              </li>
            ),
          )}
        </ol>
      </Section>
      <Section title="Why">
        <div className="memo">
          {content.why === '' ? <p className="soft">Not written yet.</p> : <Words text={content.why} />}
        </div>
      </Section>
    </>
  )
}

function Editions({ decision: d }: { decision: Decision }) {
  return (
    <Section title="Editions" note="The text was corrected after the decision. What stood before is kept.">
      {d.editions.toReversed().map((e) => (
        <details key={e.edition} className="edition">
          <summary>
            Edition {e.edition}
            {e.edition === d.edition ? ', which counts' : ''}: {moment(e.at)}, {e.by.name}
            {e.reason ? `. ${e.reason}` : ''}
          </summary>
          <div className="memo">
            <p>
              <strong>{e.content.title}</strong>
            </p>
            <Words text={e.content.note} />
            {e.content.options.map((o, i) =>
              o.title ? (
                <p key={i}>
                  {o.title}
                  {o.pros ? `. For it: ${o.pros}` : ''}
                  {o.cons ? `. Against it: ${o.cons}` : ''}
                </p>
              ) : null,
            )}
            <Words text={e.content.why} />
          </div>
        </details>
      ))}
    </Section>
  )
}

function Revisit({ decision }: { decision: Decision }) {
  const revisit = useWrite('decisions.revisit')
  const [learnt, setLearnt] = useState('')
  const [outcome, setOutcome] = useState<'kept' | 'changed' | 'reversed' | null>(null)
  return (
    <form
      className="decision-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (outcome) revisit.mutate({ id: decision.id, version: decision.version, outcome, learnt: learnt.trim() })
      }}
    >
      {revisit.error ? <Failed error={revisit.error} /> : null}
      <Textarea
        label="What was learnt"
        required
        autosize
        minRows={3}
        maxLength={4000}
        value={learnt}
        onChange={(e) => setLearnt(e.currentTarget.value)}
      />
      <Radio.Group
        label="The decision is"
        name="outcome"
        required
        value={outcome}
        onChange={(v) => setOutcome(v as typeof outcome)}
      >
        <div className="outcomes">
          {(['kept', 'changed', 'reversed'] as const).map((o) => (
            <Radio key={o} value={o} label={outcomeNames[o].toLowerCase()} />
          ))}
        </div>
      </Radio.Group>
      <div className="decision-actions">
        <Button type="submit" disabled={outcome === null || learnt.trim() === ''} loading={revisit.isPending}>
          Mark as revisited
        </Button>
      </div>
    </form>
  )
}

/** Correcting the words, and withdrawing: what can still be done to a decision that stands. */
function Later({ decision: d }: { decision: Decision }) {
  const [open, setOpen] = useState<'correct' | 'withdraw' | 'revisit' | null>(null)
  const titles = {
    correct: 'Correct the words',
    withdraw: 'Withdraw this decision',
    revisit: 'Look at it again before its day',
  }
  return (
    <div className="decision-later">
      <Button size="xs" variant="default" onClick={() => setOpen('correct')}>
        Correct the words
      </Button>
      {d.due?.state === 'ahead' ? (
        <Button size="xs" variant="default" onClick={() => setOpen('revisit')}>
          Look at it again now
        </Button>
      ) : null}
      {d.state === 'decided' ? (
        <Button size="xs" variant="default" onClick={() => setOpen('withdraw')}>
          Withdraw
        </Button>
      ) : null}
      <Modal opened={open !== null} onClose={() => setOpen(null)} title={open ? titles[open] : ''}>
        {open === 'revisit' ? (
          <Revisit decision={d} />
        ) : open === 'correct' ? (
          <Correct decision={d} onDone={() => setOpen(null)} />
        ) : open === 'withdraw' ? (
          <Withdraw decision={d} onDone={() => setOpen(null)} />
        ) : null}
      </Modal>
    </div>
  )
}

function Correct({ decision: d, onDone }: { decision: Decision; onDone: () => void }) {
  const update = useWrite('decisions.update')
  const [why, setWhy] = useState(d.content.why)
  const [note, setNote] = useState(d.content.note)
  const [reason, setReason] = useState('')
  return (
    <form
      className="decision-form"
      onSubmit={(event) => {
        event.preventDefault()
        update.mutate(
          {
            ...d.content,
            why,
            note,
            id: d.id,
            version: d.version,
            deciderId: d.decider?.id ?? null,
            correction: reason.trim(),
          },
          { onSuccess: onDone },
        )
      }}
    >
      {update.error ? <Failed error={update.error} /> : null}
      <Textarea
        label="What it means"
        autosize
        minRows={2}
        maxLength={4000}
        value={note}
        onChange={(e) => setNote(e.currentTarget.value)}
      />
      <Textarea
        label="Why this option"
        autosize
        minRows={2}
        maxLength={4000}
        value={why}
        onChange={(e) => setWhy(e.currentTarget.value)}
      />
      <Textarea
        label="What is corrected, and why"
        description="The earlier text is kept and shown"
        required
        maxLength={500}
        value={reason}
        onChange={(e) => setReason(e.currentTarget.value)}
      />
      <div className="decision-actions">
        <Button type="submit" disabled={reason.trim() === ''} loading={update.isPending}>
          Save as a new edition
        </Button>
      </div>
    </form>
  )
}

function Withdraw({ decision: d, onDone }: { decision: Decision; onDone: () => void }) {
  const withdraw = useWrite('decisions.withdraw')
  const [because, setBecause] = useState('')
  return (
    <form
      className="decision-form"
      onSubmit={(event) => {
        event.preventDefault()
        withdraw.mutate({ id: d.id, version: d.version, because: because.trim() }, { onSuccess: onDone })
      }}
    >
      {withdraw.error ? <Failed error={withdraw.error} /> : null}
      <Textarea
        label="Why it is withdrawn"
        description="Its text is kept and shown"
        required
        autosize
        minRows={2}
        maxLength={1000}
        value={because}
        onChange={(e) => setBecause(e.currentTarget.value)}
      />
      <div className="decision-actions">
        <Button type="submit" disabled={because.trim() === ''} loading={withdraw.isPending}>
          Withdraw “{d.content.title}”
        </Button>
      </div>
    </form>
  )
}
