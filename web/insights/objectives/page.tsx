/** Objectives: did what we set out to do change the figures, and are we on the line. */
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { KeyResult, Objective } from '../../../src/insights/targets/schemas.ts'
import { csvAddress, useRead, useWorkspace, useWrite } from '../../api.ts'
import { useMay } from '../../session.ts'
import { month, percent, plural } from '../../ui/format.ts'
import { Page, Section } from '../../ui/page.tsx'
import { Await, Empty } from '../../ui/states.tsx'
import { showUndo } from '../../ui/undo.tsx'
import { Sparkline, State } from '../metrics/state.tsx'
import { exactFigure, figure, progressStates, refSearch } from '../metrics/words.ts'
import { ObjectiveDrawer, type EditingObjective } from './form.tsx'
import '../metrics/metrics.css'
import './objectives.css'

export function ObjectivesPage() {
  const workspace = useWorkspace()
  const may = useMay('insights:edit')
  const [editing, setEditing] = useState<EditingObjective | null>(null)
  const objectives = useRead('insights.objectives.list', {})
  const rows = objectives.data?.rows ?? []
  const remove = useWrite('insights.objectives.remove')
  const create = useWrite('insights.objectives.create')
  const takeOut = (o: Objective) =>
    remove.mutate(
      { id: o.id },
      {
        onSuccess: () => showUndo(`“${o.title}” is taken out`, () => create.mutate(draftOf(o))),
      },
    )
  return (
    <Page
      title="Did it change what we set out to change?"
      lead={
        rows.length > 0
          ? leadOf(rows)
          : 'An objective says what should become better. Its key results are figures of the data, so that effect is seen and not just spend.'
      }
      actions={
        may ? (
          <Button variant="default" onClick={() => setEditing({ objective: null })}>
            New objective
          </Button>
        ) : undefined
      }
    >
      <Await query={objectives} rows={8}>
        {({ currency }) =>
          rows.length === 0 ? (
            <Section title="Objectives">
              <Empty
                title="No objective is set yet"
                action={
                  may ? <Button onClick={() => setEditing({ objective: null })}>New objective</Button> : undefined
                }
              >
                For example: “Enterprise stays”, with NRR of Enterprise from 97 % to 105 % by the end of the year.
              </Empty>
            </Section>
          ) : (
            <>
              {rows.map((o) => (
                <One
                  key={o.id}
                  objective={o}
                  currency={currency}
                  onEdit={may ? () => setEditing({ objective: o }) : null}
                  onTakeOut={() => takeOut(o)}
                />
              ))}
              <p className="small faint objectives-rule">
                On the line means within a twentieth of the way from the straight line between start and target.{' '}
                <a href={csvAddress('insights.objectives.list', workspace, {})}>Key results as CSV</a>
              </p>
            </>
          )
        }
      </Await>
      <ObjectiveDrawer editing={editing} onClose={() => setEditing(null)} />
    </Page>
  )
}

function leadOf(rows: readonly Objective[]): string {
  const all = rows.flatMap((o) => o.keyResults)
  const of = (...states: string[]) => all.filter((k) => states.includes(k.state)).length
  return `${plural(all.length, 'key result', 'key results')} of ${plural(rows.length, 'objective', 'objectives')}: ${of('reached', 'ahead')} reached or ahead, ${of('on-the-line')} on the line, ${of('behind', 'not-reached')} behind.`
}

const draftOf = (o: Objective) => ({
  title: o.title,
  owner: o.owner,
  from: o.from,
  to: o.to,
  keyResults: o.keyResults.map(({ ref, startMonth, startValue, targetMonth, targetValue }) => ({
    ref,
    startMonth,
    startValue,
    targetMonth,
    targetValue,
  })),
})

function One({
  objective: o,
  currency,
  onEdit,
  onTakeOut,
}: {
  objective: Objective
  currency: string
  onEdit: (() => void) | null
  onTakeOut: () => void
}) {
  return (
    <Section
      id={o.id}
      title={o.title}
      note={`${o.owner}; ${month(o.from)} to ${month(o.to)}`}
      actions={
        onEdit ? (
          <>
            <Button size="compact-xs" variant="default" onClick={onEdit}>
              Change
            </Button>
            <Button size="compact-xs" variant="subtle" color="gray" onClick={onTakeOut}>
              Take out
            </Button>
          </>
        ) : undefined
      }
    >
      <ul className="key-results">
        {o.keyResults.map((k) => (
          <Result key={k.id} result={k} currency={currency} />
        ))}
      </ul>
    </Section>
  )
}

function Result({ result: k, currency }: { result: KeyResult; currency: string }) {
  const workspace = useWorkspace()
  const done = Math.min(1, Math.max(0, k.done ?? 0))
  const of = (v: number) => figure(v, k.unit, currency)
  return (
    <li className="key-result">
      <div className="key-result-what">
        <Link
          to="/w/$workspace/insights/metrics/$measure"
          params={{ workspace, measure: k.ref.measure }}
          search={refSearch(k.ref)}
        >
          {k.title}
        </Link>
        <p className="small faint">
          from {of(k.startValue)} in {month(k.startMonth)} to {of(k.targetValue)} by {month(k.targetMonth)}
        </p>
      </div>
      <Sparkline values={k.points.map((p) => p.value)} label={`${k.title} since ${month(k.startMonth)}`} />
      <div className="key-result-way">
        <div
          className="way"
          role="img"
          aria-label={k.done === null ? 'No value' : `${percent(k.done)} of the way, ${percent(k.expected)} expected`}
        >
          <span className={`way-done way-${progressStates[k.state].tone}`} style={{ width: `${done * 100}%` }} />
          <span className="way-line" style={{ left: `${k.expected * 100}%` }} />
        </div>
        <p className="small faint">
          {k.done === null
            ? (k.problem ?? 'too few accounts for a figure')
            : `${k.done <= -0.005 ? `${percent(-k.done, 0)} the other way` : `${percent(Math.max(0, k.done), 0)} of the way`}; the line is at ${percent(k.expected, 0)}, ${of(k.lineValue)}`}
        </p>
      </div>
      <div className="key-result-now">
        <strong title={exactFigure(k.point?.value, k.unit, currency)}>
          {k.point?.mark === 'directional' ? '~ ' : ''}
          {figure(k.point?.value, k.unit, currency)}
        </strong>
        <span className="small">{k.point ? month(k.point.month) : ''}</span>
      </div>
      <State of={progressStates[k.state]} />
    </li>
  )
}
