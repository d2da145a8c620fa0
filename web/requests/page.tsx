import { SegmentedControl, Select } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Group } from '../../src/requests/schemas.ts'
import { useRead, useWorkspace, type OutputOf } from '../api.ts'
import { useAddress } from '../ui/address.ts'
import { CsvButton } from '../ui/csv-button.tsx'
import { count, day, plural } from '../ui/format.ts'
import { usePages } from '../ui/list/pages.ts'
import { Page, Section } from '../ui/page.tsx'
import { PlaceLink } from '../ui/place-link.tsx'
import { StateChoice } from '../ui/state-choice.tsx'
import { Await, Empty } from '../ui/states.tsx'
import { Table, type Column } from '../ui/table.tsx'
import { useOpening } from '../ui/thing/opening.ts'
import { Ask } from './ask.tsx'
import { RequestList } from './list.tsx'
import { RequestDrawer } from './request-drawer.tsx'
import { lasting, stateNames } from './words.ts'
import './requests.css'

interface State {
  state?: 'open' | 'answered' | 'closed'
  mine?: true
  days?: number
  ask?: true
}

export function RequestsPage() {
  const [state, set] = useAddress<State>()
  const workspace = useWorkspace()
  const input = {
    ...(state.state ? { state: state.state } : {}),
    ...(state.mine ? { mineOnly: true } : {}),
  }
  const list = usePages('requests.list', input)
  const opening = useOpening()
  const days = state.days ?? 90
  const figures = useRead('requests.figures', { days }, { keepPrevious: true })
  return (
    <Page title="What is being asked of us?" lead={figures.data ? <p>{sentenceOf(figures.data)}</p> : undefined}>
      <div className="ask-place">
        <Ask key={state.ask ? 'asked for' : 'there'} isFocused={state.ask === true} />
      </div>
      <Section title="Questions">
        <RequestList
          pages={list}
          input={input}
          opening={opening}
          filters={<Which state={state} set={set} />}
          empty={
            state.state || state.mine ? (
              <p className="soft">No question fits.</p>
            ) : (
              <Empty title="Nothing was asked yet">
                A question asked here is logged in one line, answered with a link to an analysis, and found by the next
                person who asks the same.
              </Empty>
            )
          }
        />
      </Section>
      <Section
        title="How long an answer takes"
        note={
          <>
            Hours as the clock counts them, nights and weekends too.{' '}
            <Link to="/w/$workspace/data/definitions" params={{ workspace }} hash="time-to-answer">
              Definition
            </Link>
          </>
        }
        actions={
          <Select
            size="xs"
            w={130}
            aria-label="Over"
            data={[30, 90, 180, 365].map((n) => ({ value: String(n), label: `last ${n} days` }))}
            value={String(days)}
            onChange={(v) => set({ days: Number(v) })}
            allowDeselect={false}
          />
        }
      >
        <Await query={figures} rows={3}>
          {(f) => <Times figures={f} />}
        </Await>
      </Section>
      <Section
        title="Asked again and again"
        note="Questions that are alike in their words, or took the same answer: what is worth automating."
        actions={<CsvButton operation="requests.figures" input={{ days }} />}
      >
        <Await query={figures} rows={3}>
          {(f) => (
            <Table
              label="Repeated questions"
              columns={groupColumns}
              rows={f.groups}
              keyOf={(g) => g.requestIds[0]!}
              empty={
                <p className="soft">
                  No question was asked twice in these {f.from === f.to ? 'hours' : `${days} days`}.
                </p>
              }
            />
          )}
        </Await>
      </Section>
      <RequestDrawer opening={opening} />
    </Page>
  )
}

function Which({ state, set }: { state: State; set: (change: Partial<State>) => void }) {
  return (
    <>
      <StateChoice
        label="Which questions"
        states={stateNames}
        value={state.state}
        onChange={(next) => set({ state: next })}
      />
      <SegmentedControl
        size="xs"
        aria-label="Whose questions"
        value={state.mine ? 'mine' : 'all'}
        onChange={(v) => set({ mine: v === 'mine' ? true : undefined })}
        data={[
          { value: 'all', label: 'Everybody’s' },
          { value: 'mine', label: 'Mine' },
        ]}
      />
    </>
  )
}

type Figures = OutputOf<'requests.figures'>

function sentenceOf({ open, oldestOpenHours, times }: Figures): string {
  const waiting =
    open === 0
      ? 'No question is open.'
      : `${plural(open, 'question is', 'questions are')} open, the oldest for ${lasting(oldestOpenHours)}.`
  return times.answered === 0
    ? waiting
    : `${waiting} Half of the ${plural(times.answered, 'answer', 'answers')} came ${times.medianHours === 0 ? 'at once: they were found' : `within ${lasting(times.medianHours)}`}.`
}

function Times({ figures: f }: { figures: Figures }) {
  if (f.times.answered === 0)
    return (
      <p className="soft">
        Nothing was answered between {day(f.from)} and {day(f.to)}.
      </p>
    )
  const rows = [
    [
      'Half answered within',
      f.times.medianHours === 0 ? 'at once' : lasting(f.times.medianHours),
      plural(f.times.answered, 'answer', 'answers'),
    ],
    [
      '90 % answered within',
      f.times.p90Hours === null ? 'too few' : lasting(f.times.p90Hours),
      f.times.p90Hours === null ? 'fewer than 10 answers' : plural(f.times.answered, 'answer', 'answers'),
    ],
    [
      'Half of those that a person answered',
      lasting(f.byPeople.medianHours),
      plural(f.byPeople.answered, 'answer', 'answers'),
    ],
    ['Found at once', count(f.foundAtOnce), 'took an earlier answer'],
  ] as const
  return (
    <dl className="times">
      {rows.map(([label, value, note]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className="times-value">{value}</dd>
          <dd className="small faint">{note}</dd>
        </div>
      ))}
    </dl>
  )
}

const groupColumns: Column<Group>[] = [
  {
    key: 'question',
    title: 'Question, as asked last',
    by: (g) => g.question.toLowerCase(),
    render: (g) => (
      <span className="cut question" title={g.question}>
        {g.question}
      </span>
    ),
  },
  { key: 'times', title: 'Asked', by: (g) => g.times, render: (g) => `${count(g.times)} times`, isNumber: true },
  {
    key: 'people',
    title: 'By',
    by: (g) => g.people,
    render: (g) => plural(g.people, 'person', 'people'),
    isNumber: true,
  },
  {
    key: 'last',
    title: 'Last',
    by: (g) => g.lastAskedAt,
    render: (g) => day(g.lastAskedAt.slice(0, 10)),
    isNumber: true,
  },
  {
    key: 'answer',
    title: 'Answer',
    render: (g) =>
      g.address ? (
        <PlaceLink address={g.address}>Open the analysis</PlaceLink>
      ) : (
        <span className="faint">none yet</span>
      ),
  },
]
