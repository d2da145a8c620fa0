/** What people said in their own words, and which friction it counts as: a rule suggests, a person corrects. */
import { Select } from '@mantine/core'
import { useRead, useWrite, type OutputOf } from '../api.ts'
import { Section } from '../ui/page.tsx'
import { Await, Failed } from '../ui/states.tsx'
import { Table, type Column } from '../ui/table.tsx'
import type { Wave } from './wave.tsx'
import { hours } from './words.ts'
import './setup.css'

type Entry = OutputOf<'setup.tour.entries'>['entries'][number]

const bywords = { person: 'they chose it', words: 'suggested by their words', coder: 'coded here' }

export function Coding({ wave }: { wave: Wave }) {
  const entries = useRead('setup.tour.entries', { id: wave.id, ownWordsOnly: true })
  const names = useRead('setup.tour.codes', {})
  const code = useWrite('setup.tour.code')
  const options = (names.data?.codes ?? []).map((c) => ({ value: c.code, label: c.name }))
  const columns: Column<Entry>[] = [
    { key: 'words', title: 'In their words', by: (e) => e.words, render: (e) => e.words },
    { key: 'hours', title: 'A week', isNumber: true, by: (e) => e.hoursPerWeek, render: (e) => hours(e.hoursPerWeek) },
    {
      key: 'code',
      title: 'Counts as',
      width: 280,
      by: (e) => e.code,
      render: (e) => (
        <Select
          size="xs"
          aria-label={`What “${e.words}” counts as`}
          allowDeselect={false}
          value={e.code}
          data={options}
          onChange={(v) =>
            v && v !== e.code && code.mutate({ answerId: e.answerId, entry: e.entry, code: v, was: e.coded })
          }
        />
      ),
    },
    { key: 'by', title: 'Since', by: (e) => e.by, render: (e) => bywords[e.by] },
  ]
  return (
    <Await query={entries} rows={3}>
      {({ entries: rows }) =>
        rows.length === 0 ? null : (
          <Section title="Said in own words" note="The words suggest a friction; say which one it is.">
            {code.error ? <Failed error={code.error} /> : null}
            <Table label="Own words" columns={columns} rows={rows} keyOf={(e) => `${e.answerId} ${e.entry}`} />
          </Section>
        )
      }
    </Await>
  )
}
