/** What Product Ops delivers, above the line, and what only a larger team could, below it. */
import { Button, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useRead, useWrite, type OutputOf } from '../../api.ts'
import { useMay } from '../../session.ts'
import { CopyLink } from '../../ui/copy-link.tsx'
import { CsvButton } from '../../ui/csv-button.tsx'
import { day, plural } from '../../ui/format.ts'
import { Page, Section } from '../../ui/page.tsx'
import { SideDrawer } from '../../ui/side-drawer.tsx'
import { Await, Empty, Failed } from '../../ui/states.tsx'
import './charter.css'

type Charter = OutputOf<'setup.charter.get'>

export function CharterPage() {
  const found = useRead('setup.charter.get', {})
  const mayEdit = useMay('setup:edit')
  const [isEditing, setEditing] = useState(false)
  const edit = mayEdit ? (
    <Button size="xs" onClick={() => setEditing(true)}>
      {found.data?.version === 0 ? 'Write the charter' : 'Write a new edition'}
    </Button>
  ) : null
  return (
    <Page
      title="What does Product Ops deliver, and what does it not?"
      lead={found.data ? <p>{sentenceOf(found.data)}</p> : undefined}
      actions={
        <>
          <CopyLink />
          {edit}
        </>
      }
    >
      <Await query={found}>
        {(charter) => (
          <>
            {charter.version === 0 ? (
              <Empty title="There is no charter yet" action={edit}>
                A charter says what the team of today delivers, and what only a larger one could. Everybody in the
                workspace reads it, and each edition says what changed.
              </Empty>
            ) : (
              <>
                <Sides charter={charter} />
                <Editions charter={charter} />
              </>
            )}
            <SideDrawer of={isEditing ? charter : null} onClose={() => setEditing(false)} title={() => 'The charter'}>
              {(open) => <CharterForm charter={open} onDone={() => setEditing(false)} />}
            </SideDrawer>
          </>
        )}
      </Await>
    </Page>
  )
}

const sentenceOf = ({ version, above, below, team }: Charter): string =>
  version === 0
    ? 'Nobody has said so yet.'
    : `${plural(above.length, 'thing is', 'things are')} above the line, delivered by ${team.charAt(0).toLowerCase()}${team.slice(1)}; ${plural(below.length, 'thing waits', 'things wait')} below it.`

function Sides({ charter: { above, below, because } }: { charter: Charter }) {
  return (
    <Section
      title="The line"
      note={because || undefined}
      actions={<CsvButton operation="setup.charter.get" input={{}} />}
    >
      <div className="charter">
        <h3>Above: the team of today delivers</h3>
        <ul>
          {above.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
        <hr />
        <h3>Below: only a larger team could</h3>
        {below.length === 0 ? (
          <p className="soft">Nothing.</p>
        ) : (
          <ul className="soft">
            {below.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        )}
      </div>
    </Section>
  )
}

function Editions({ charter: { editions } }: { charter: Charter }) {
  return (
    <Section title="Editions" note="The newest first, each with what changed.">
      <ol className="charter-editions">
        {editions.map((e) => (
          <li key={e.edition}>
            <p>
              <strong>Edition {e.edition}</strong>{' '}
              <span className="faint">
                {e.by}, {day(e.at.slice(0, 10))}
              </span>
            </p>
            <ul>
              {e.changes.length === 0 ? <li className="soft">Only its words around the line.</li> : null}
              {e.changes.map((c) => (
                <li key={`${c.move} ${c.text}`}>
                  <span className="charter-move">{c.move}</span>
                  <span>{c.text}</span>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </Section>
  )
}

const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

function CharterForm({ charter, onDone }: { charter: Charter; onDone: () => void }) {
  const publish = useWrite('setup.charter.publish')
  const [team, setTeam] = useState(charter.team)
  const [above, setAbove] = useState(charter.above.join('\n'))
  const [below, setBelow] = useState(charter.below.join('\n'))
  const [because, setBecause] = useState('')
  return (
    <form
      className="charter-form"
      onSubmit={(event) => {
        event.preventDefault()
        publish.mutate(
          {
            team: team.trim(),
            above: linesOf(above),
            below: linesOf(below),
            because: because.trim(),
            version: charter.version,
          },
          { onSuccess: onDone },
        )
      }}
    >
      {publish.error ? <Failed error={publish.error} /> : null}
      <TextInput
        label="The team of today"
        description="Who delivers it, and how much of their time"
        required
        maxLength={300}
        value={team}
        onChange={(e) => setTeam(e.currentTarget.value)}
      />
      <Textarea
        label="Above the line"
        description="What this team delivers, one a line"
        required
        autosize
        minRows={4}
        value={above}
        onChange={(e) => setAbove(e.currentTarget.value)}
      />
      <Textarea
        label="Below the line"
        description="What only a larger team could, one a line"
        autosize
        minRows={4}
        value={below}
        onChange={(e) => setBelow(e.currentTarget.value)}
      />
      <TextInput
        label={charter.version === 0 ? 'Why it is so' : 'Why it changes'}
        maxLength={1000}
        value={because}
        onChange={(e) => setBecause(e.currentTarget.value)}
      />
      <div>
        <Button type="submit" disabled={team.trim() === '' || linesOf(above).length === 0} loading={publish.isPending}>
          Publish to everybody
        </Button>
      </div>
    </form>
  )
}
