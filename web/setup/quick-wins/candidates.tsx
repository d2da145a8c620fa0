/** What to begin with: the frictions of the listening tour that cost most and are no quick win yet. */
import { Button } from '@mantine/core'
import { useRead, type OutputOf } from '../../api.ts'
import { count, day, plural } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { Await } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { audienceNames } from '../words.ts'
import { hoursText } from './words.ts'

type Candidate = OutputOf<'setup.quickWins.candidates'>['rows'][number]

export function Candidates({ onPlan }: { onPlan: ((code: string) => void) | null }) {
  const found = useRead('setup.quickWins.candidates', {})
  const options = useRead('setup.quickWins.options', {})
  const named = new Map((options.data?.wins ?? []).map((w) => [w.win, w.name]))
  return (
    <Section
      title="What to begin with"
      note={
        found.data?.asOf
          ? `From the listening tour, ${day(found.data.asOf.slice(0, 10))}: estimates by those who answered.`
          : undefined
      }
    >
      <Await query={found} rows={2}>
        {({ rows, asOf }) =>
          rows.length === 0 ? (
            <p className="soft">
              {asOf === null
                ? 'The listening tour says what costs most time. It has no results yet; a quick win can be planned without it.'
                : 'Every friction that the listening tour found is a quick win already.'}
            </p>
          ) : (
            <Table
              label="Candidates"
              columns={columnsOf(named, onPlan)}
              rows={rows}
              keyOf={(c) => `${c.code} ${c.audience}`}
            />
          )
        }
      </Await>
    </Section>
  )
}

const columnsOf = (
  named: ReadonlyMap<string, string>,
  onPlan: ((code: string) => void) | null,
): Column<Candidate>[] => [
  { key: 'name', title: 'Friction', by: (c) => c.name, render: (c) => c.name },
  { key: 'whose', title: 'Whose time', by: (c) => c.audience, render: (c) => audienceNames[c.audience] },
  {
    key: 'people',
    title: 'Named by',
    by: (c) => c.people,
    render: (c) => plural(c.people, 'person', 'people'),
    isNumber: true,
  },
  {
    key: 'hours',
    title: 'Hours a week',
    by: (c) => c.hoursPerWeek,
    render: (c) => (
      <>
        {hoursText(c.hoursPerWeek)}{' '}
        <span className="faint small">
          {count(Math.round(c.low))} to {count(Math.round(c.high))}
        </span>
      </>
    ),
    isNumber: true,
  },
  {
    key: 'win',
    title: 'Delivered by',
    render: (c) => (c.win ? (named.get(c.win) ?? c.win) : <span className="faint">nothing here yet</span>),
  },
  ...(onPlan
    ? [
        {
          key: 'plan',
          title: '',
          render: (c: Candidate) => (
            <Button
              size="compact-xs"
              variant="default"
              aria-label={`Plan: ${c.name}, ${audienceNames[c.audience]}`}
              onClick={() => onPlan(c.code)}
            >
              Plan
            </Button>
          ),
        },
      ]
    : []),
]
