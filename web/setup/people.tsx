/** Who a wave asks: named by a list that is pasted in, asked by mail or by a link that somebody hands over. */
import { Button, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useRead, useWrite } from '../api.ts'
import { day, plural } from '../ui/format.ts'
import { CsvButton } from '../ui/csv-button.tsx'
import { Section } from '../ui/page.tsx'
import { Await, Failed, Remark } from '../ui/states.tsx'
import { Table, type Column } from '../ui/table.tsx'
import type { OutputOf } from '../api.ts'
import type { Wave } from './wave.tsx'
import './setup.css'

type Person = OutputOf<'setup.tour.people'>['people'][number]

/** `Ada Lovelace <ada@example.com>`, `Ada Lovelace, ada@example.com`, a row of a sheet, or the address alone. */
export function peopleIn(text: string): { name: string; email: string }[] {
  return text.split('\n').flatMap((line) => {
    const email = /[^\s<>,;"]+@[^\s<>,;"]+/.exec(line)?.[0]
    if (!email) return []
    return [
      {
        name:
          line
            .replace(email, '')
            .replaceAll(/[<>,;"\t]+/g, ' ')
            .trim() || email.split('@')[0]!,
        email,
      },
    ]
  })
}

export function People({ wave }: { wave: Wave }) {
  const people = useRead('setup.tour.people', { id: wave.id })
  return (
    <Section
      title="Who is asked"
      note={
        wave.state === 'draft'
          ? 'Ten people or more: of fewer, an answer is as good as signed. Interview them instead.'
          : `Who has answered is told ${wave.groupOf} or more people at a time, as their answers are.`
      }
      actions={wave.state === 'open' ? <CsvButton operation="setup.tour.links" input={{ id: wave.id }} /> : null}
    >
      {wave.state === 'closed' ? null : <Invite wave={wave} />}
      <Await query={people} rows={4}>
        {({ people: rows, isMailSetUp }) => (
          <>
            {wave.state === 'open' && !isMailSetUp ? (
              <Remark>No mail server is set up. Download the links as a table, and hand each person theirs.</Remark>
            ) : null}
            {wave.state === 'open' && isMailSetUp ? <Remind wave={wave} /> : null}
            {rows.length > 0 ? (
              <Table label="People" columns={columnsFor(wave)} rows={rows} keyOf={(p) => p.id} maxHeight={420} />
            ) : null}
          </>
        )}
      </Await>
    </Section>
  )
}

function columnsFor(wave: Wave): Column<Person>[] {
  const shown: Column<Person>[] = [
    { key: 'name', title: 'Name', by: (p) => p.name, render: (p) => p.name },
    { key: 'email', title: 'Address', by: (p) => p.email, render: (p) => p.email },
  ]
  if (wave.state === 'draft') return shown
  return [
    ...shown,
    {
      key: 'asked',
      title: 'Asked',
      by: (p) => p.askedOn,
      render: (p) => (p.askedOn ? day(p.askedOn) : 'rests: was asked lately'),
    },
    { key: 'reminders', title: 'Reminders', isNumber: true, by: (p) => p.reminders, render: (p) => p.reminders },
    {
      key: 'answered',
      title: 'Known to have answered',
      by: (p) => Number(p.hasAnswered),
      render: (p) => (p.hasAnswered ? 'yes' : '–'),
    },
  ]
}

function Remind({ wave }: { wave: Wave }) {
  const remind = useWrite('setup.tour.remind')
  return (
    <div className="steps">
      <Button size="xs" variant="default" loading={remind.isPending} onClick={() => remind.mutate({ id: wave.id })}>
        Remind those who are not known to have answered
      </Button>
      {remind.isSuccess ? (
        <span className="small soft">Reminders are on their way: two at most, two days apart.</span>
      ) : null}
      {remind.error ? <Failed error={remind.error} /> : null}
    </div>
  )
}

function Invite({ wave }: { wave: Wave }) {
  const [text, setText] = useState('')
  const invite = useWrite('setup.tour.invite')
  const found = peopleIn(text)
  return (
    <div className="invite">
      <Textarea
        label="Add people"
        description="One a line, with name and address; a column from a sheet will do"
        placeholder="Ada Lovelace, ada@example.com"
        autosize
        minRows={2}
        maxRows={10}
        value={text}
        onChange={(e) => setText(e.currentTarget.value)}
      />
      <Button
        size="xs"
        disabled={found.length === 0}
        loading={invite.isPending}
        onClick={() => invite.mutate({ id: wave.id, people: found }, { onSuccess: () => setText('') })}
      >
        {found.length === 0 ? 'Add' : `Add ${plural(found.length, 'person', 'people')}`}
      </Button>
      {invite.error ? <Failed error={invite.error} /> : null}
    </div>
  )
}
