import { Button } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import type { DecisionRow, DecisionState, Effect } from '../../src/decisions/schemas.ts'
import type { z } from 'zod'
import { useRead, useWorkspace } from '../api.ts'
import { useMay } from '../session.ts'
import { useAddress } from '../ui/address.ts'
import { CsvButton } from '../ui/csv-button.tsx'
import { CursorFoot } from '../ui/cursor-foot.tsx'
import { CopyLink } from '../ui/copy-link.tsx'
import { day, plural } from '../ui/format.ts'
import { Page, Section } from '../ui/page.tsx'
import { StateChoice } from '../ui/state-choice.tsx'
import { Await, Empty } from '../ui/states.tsx'
import { Table, type Column } from '../ui/table.tsx'
import { Bullet } from './bullet.tsx'
import { dueText, outcomeNames, stateNames } from './words.ts'
import './decisions.css'

interface State {
  state?: z.infer<typeof DecisionState>
  cursor?: string
}
const title = 'What did we decide, and did it work?'

export function DecisionsPage() {
  const [state, set] = useAddress<State>()
  const workspace = useWorkspace()
  const mayPrepare = useMay('decisions:prepare')
  const input = { ...(state.state ? { state: state.state } : {}), ...(state.cursor ? { cursor: state.cursor } : {}) }
  const list = useRead('decisions.list', input, { keepPrevious: true })
  const due = useRead('decisions.list', { dueOnly: true })
  const dueRows = due.data?.rows ?? []
  const start = mayPrepare ? (
    <Button component={Link} to={`/w/${workspace}/decisions/new`} size="xs">
      Prepare a decision
    </Button>
  ) : undefined
  return (
    <Page
      title={title}
      actions={start}
      lead={
        due.data ? (
          <p>
            {dueRows.length === 0
              ? 'No decision is due to be looked at again.'
              : `${plural(dueRows.length, 'decision is', 'decisions are')} due to be looked at again: ${dueRows
                  .slice(0, 3)
                  .map((d) => `${d.title}, ${d.due ? dueText(d.due) : ''}`)
                  .join('; ')}.`}
          </p>
        ) : undefined
      }
      controls={
        <StateChoice
          label="Which decisions"
          states={{ draft: 'Drafts', decided: 'Decided', revisited: 'Revisited', withdrawn: 'Withdrawn' }}
          value={state.state}
          onChange={(next) => set({ state: next, cursor: undefined })}
        />
      }
    >
      <Section
        title="Decisions"
        note="The bar is the value now, the line across what was expected, the notch the value when it was decided."
        actions={
          <>
            <CopyLink />
            <CsvButton operation="decisions.list" input={{ ...input, limit: 200 }} />
          </>
        }
      >
        <Await query={list}>
          {({ rows, nextCursor }) =>
            rows.length === 0 ? (
              <Nothing isFiltered={state.state !== undefined} />
            ) : (
              <>
                <Rows rows={rows} />
                <CursorFoot
                  shown={plural(rows.length, 'decision', 'decisions')}
                  cursor={state.cursor}
                  nextCursor={nextCursor}
                  onCursor={(cursor) => set({ cursor })}
                />
              </>
            )
          }
        </Await>
      </Section>
    </Page>
  )
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  const workspace = useWorkspace()
  if (isFiltered) return <p className="soft">No decision is in this state.</p>
  return (
    <Empty
      title="No decision yet"
      action={
        <Button component={Link} variant="default" to={`/w/${workspace}/insights/adoption`}>
          Look at adoption and retention
        </Button>
      }
    >
      A decision says what was found, what could be done, which was taken by which product manager and why, and what is
      expected of which metric by when. On that day it shows what came of it. Start one from any cell of the adoption
      page.
    </Empty>
  )
}

function Rows({ rows }: { rows: readonly DecisionRow[] }) {
  const navigate = useNavigate()
  const workspace = useWorkspace()
  const ids = rows
    .filter((r) => r.measure !== null && r.decidedOn !== null)
    .map((r) => r.id)
    .slice(0, 50)
  const effects = useRead('decisions.effects', { ids }, { enabled: ids.length > 0 })
  const effectOf = new Map((effects.data?.rows ?? []).map((e) => [e.id, e]))
  return (
    <Table
      label="Decisions"
      columns={columns(effectOf, effects.isPending && ids.length > 0)}
      rows={rows}
      keyOf={(r) => r.id}
      onOpen={(r) => {
        void navigate({ to: `/w/${workspace}/decisions/${r.id}` })
      }}
    />
  )
}

function StateOf({ row: { state, due, outcome, revisitOn } }: { row: DecisionRow }) {
  if (due && due.state !== 'ahead')
    return (
      <span
        className={due.state === 'overdue' ? 'due-mark is-overdue' : 'due-mark'}
        title={`to be looked at again on ${day(revisitOn)}`}
      >
        {dueText(due)}
      </span>
    )
  return (
    <>
      {stateNames[state]}
      {outcome ? `, ${outcomeNames[outcome].toLowerCase()}` : ''}
      {due ? <span className="faint">, look again {day(revisitOn)}</span> : null}
    </>
  )
}

const columns = (effectOf: Map<string, Effect>, isReading: boolean): Column<DecisionRow>[] => [
  {
    key: 'title',
    title: 'Decision',
    by: (r) => r.title.toLowerCase(),
    render: (r) => (
      <span className="cut decision-title" title={r.title}>
        {r.title}
      </span>
    ),
  },
  {
    key: 'state',
    title: 'State',
    by: (r) => (r.due ? `b ${r.revisitOn}` : r.state === 'draft' ? 'a' : `c ${r.state}`),
    render: (r) => <StateOf row={r} />,
    hint: 'sorted by the day to look at it again',
  },
  {
    key: 'measure',
    title: 'Expected of',
    by: (r) => r.measure,
    render: (r) =>
      r.measure ? (
        <span className="cut decision-measure" title={`${r.measure}: ${r.expected ?? ''}`}>
          {r.measure}
        </span>
      ) : (
        <span className="faint">nothing yet</span>
      ),
  },
  {
    key: 'effect',
    title: 'Now against expected',
    render: (r) => {
      const effect = effectOf.get(r.id)
      return effect ? (
        <Bullet effect={effect} />
      ) : (
        <span className="faint small">{isReading && r.decidedOn ? 'reading' : '–'}</span>
      )
    },
  },
  {
    key: 'decider',
    title: 'Decided by',
    by: (r) => r.decider?.name ?? null,
    render: (r) =>
      r.decider ? (
        <>
          {r.decider.name}
          {r.decidedOn === null ? <span className="faint"> is to</span> : null}
        </>
      ) : (
        <span className="faint">nobody named</span>
      ),
  },
  {
    key: 'decided',
    title: 'On',
    by: (r) => r.decidedOn,
    render: (r) => (r.decidedOn ? day(r.decidedOn) : <span className="faint">–</span>),
    isNumber: true,
  },
]
