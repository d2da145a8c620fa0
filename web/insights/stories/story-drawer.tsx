/** One story: the sentence, its picture and figures, the caveat, what people wrote, and what can be done with it. */
import { Button, Select, Textarea, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Story } from '../../../src/insights/stories/schemas.ts'
import { useRead, useWorkspace, useWrite } from '../../api.ts'
import { useMay } from '../../session.ts'
import { linkTo } from '../../ui/address.ts'
import { count, day, exactMoney, moment, money, month, percent, points, tied } from '../../ui/format.ts'
import { Ranges } from '../../ui/ranges.tsx'
import { SideDrawer } from '../../ui/side-drawer.tsx'
import { Failed, Remark } from '../../ui/states.tsx'
import { showUndo } from '../../ui/undo.tsx'
import { DecideOnStory } from './decide-on-story.tsx'
import { evidenceWords } from './story-list.tsx'
import './stories.css'

export function StoryDrawer({
  story,
  currency,
  onClose,
}: {
  story: Story | undefined
  currency: string
  onClose: () => void
}) {
  return (
    <SideDrawer
      of={story}
      width={680}
      onClose={onClose}
      title={({ finding }) => `What stands out, ${month(finding.month)}`}
    >
      {(open) => <Body key={open.id} story={open} currency={currency} onClose={onClose} />}
    </SideDrawer>
  )
}

function Body({ story, currency, onClose }: { story: Story; currency: string; onClose: () => void }) {
  const { finding } = story
  const workspace = useWorkspace()
  const may = useMay('insights:curate')
  const figure = (f: (typeof finding.figures)[number]) =>
    f.unit === 'money' ? (
      <span title={exactMoney(f.value, currency)}>{money(f.value, currency)}</span>
    ) : f.unit === 'share' ? (
      percent(f.value, 1)
    ) : f.unit === 'points' ? (
      `${points(f.value)} points`
    ) : (
      count(f.value)
    )
  return (
    <div className="story-body">
      <div>
        {story.returned ? <Remark>It is back. {tied(story.returned)}</Remark> : null}
        {story.state === 'gone' ? (
          <Remark>
            The latest refresh does not find this any more. The figures are those of {moment(story.seenAt)}.
          </Remark>
        ) : null}
        <p className="story-head">{tied(finding.text)}</p>
        <p className="small faint story-how-far">
          <span className={`story-evidence is-${finding.evidence}`}>
            {evidenceWords[finding.evidence].word}: {evidenceWords[finding.evidence].hint.toLowerCase()}.
          </span>
        </p>
      </div>
      {finding.bars.length > 0 ? (
        <Ranges
          rows={finding.bars}
          label="The figures with their 95 % intervals"
          format={finding.unit === 'points' ? points : (v) => percent(v)}
          unit={finding.unit === 'points' ? ' points' : ''}
          zero={finding.unit === 'points'}
        />
      ) : null}
      <dl className="drawer-figures">
        {finding.figures.map((f) => (
          <div key={f.label}>
            <dt>{f.label}</dt>
            <dd>{figure(f)}</dd>
          </div>
        ))}
      </dl>
      <p className="small soft">{tied(finding.caveat)}</p>
      <div className="drawer-actions">
        <Button size="xs" component={Link} {...(linkTo(workspace, finding.address) as object)}>
          Open the analysis
        </Button>
        <DecideOnStory story={story} currency={currency} />
        {may ? <Actions story={story} onClose={onClose} /> : null}
      </div>
      <Notes story={story} may={may} />
      <p className="small faint">
        First told {day(story.foundAt.slice(0, 10))}, last computed {moment(story.seenAt)}. Rule:{' '}
        {finding.rule.replaceAll('-', ' ')}.
      </p>
    </div>
  )
}

function Actions({ story, onClose }: { story: Story; onClose: () => void }) {
  const pin = useWrite('insights.stories.pin')
  const dismiss = useWrite('insights.stories.dismiss')
  const restore = useWrite('insights.stories.restore')
  const assign = useWrite('insights.stories.assign')
  const colleagues = useRead('people.colleagues', {})
  const [isDismissing, setDismissing] = useState(false)
  const [reason, setReason] = useState('')
  const on = { id: story.id, version: story.version }
  const error = pin.error ?? dismiss.error ?? restore.error ?? assign.error
  const putAway = () =>
    dismiss.mutate(
      { ...on, reason },
      {
        onSuccess: ({ version }) => {
          showUndo('The story is dismissed', () => restore.mutate({ id: story.id, version }))
          onClose()
        },
      },
    )
  return (
    <>
      <Button
        size="xs"
        variant="default"
        loading={pin.isPending}
        onClick={() => pin.mutate({ ...on, pinned: story.pinnedBy === null })}
      >
        {story.pinnedBy ? 'Unpin' : 'Pin'}
      </Button>
      {story.state === 'dismissed' ? (
        <Button size="xs" variant="default" loading={restore.isPending} onClick={() => restore.mutate(on)}>
          Bring it back
        </Button>
      ) : (
        <Button size="xs" variant="default" onClick={() => setDismissing(!isDismissing)} aria-expanded={isDismissing}>
          Dismiss …
        </Button>
      )}
      <Select
        size="xs"
        w={190}
        aria-label="Given to"
        placeholder="Given to nobody"
        clearable
        searchable
        data={(colleagues.data?.rows ?? []).map((p) => ({ value: p.userId, label: p.name }))}
        value={story.assignedTo}
        onChange={(userId) => assign.mutate({ ...on, userId })}
      />
      {isDismissing ? (
        <form
          className="story-dismiss"
          onSubmit={(e) => {
            e.preventDefault()
            putAway()
          }}
        >
          <TextInput
            size="xs"
            label="Why it is put away"
            description="It comes back only if its value leaves the interval of now"
            value={reason}
            onChange={(e) => setReason(e.currentTarget.value)}
            minLength={3}
            required
            autoFocus
          />
          <Button size="xs" type="submit" mt={8} loading={dismiss.isPending} disabled={reason.trim().length < 3}>
            Dismiss
          </Button>
        </form>
      ) : null}
      {error ? <Failed error={error} /> : null}
    </>
  )
}

function Notes({ story, may }: { story: Story; may: boolean }) {
  const annotate = useWrite('insights.stories.annotate')
  const [text, setText] = useState('')
  if (!may && story.notes.length === 0) return null
  return (
    <div>
      <h3>Notes</h3>
      {story.notes.length > 0 ? (
        <ul className="story-notes">
          {story.notes.map((n) => (
            <li key={n.id}>
              <p>{n.text}</p>
              <p className="small faint">
                {n.writtenBy}, {moment(n.writtenAt)}
              </p>
            </li>
          ))}
        </ul>
      ) : null}
      {may ? (
        <form
          onSubmit={(e) => {
            e.preventDefault()
            annotate.mutate({ id: story.id, text }, { onSuccess: () => setText('') })
          }}
        >
          <Textarea
            aria-label="A note"
            placeholder="What do you know about this?"
            autosize
            minRows={2}
            maxLength={2000}
            value={text}
            onChange={(e) => setText(e.currentTarget.value)}
          />
          {annotate.error ? <Failed error={annotate.error} /> : null}
          {text.trim() ? (
            <Button size="xs" mt={8} type="submit" variant="default" loading={annotate.isPending}>
              Add the note
            </Button>
          ) : null}
        </form>
      ) : null}
    </div>
  )
}
