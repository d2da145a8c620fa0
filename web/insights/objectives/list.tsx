/** Key results under their objectives. */
import { Link } from '@tanstack/react-router'
import type { KeyResult, Objective } from '../../../src/insights/targets/schemas.ts'
import { useWorkspace } from '../../api.ts'
import { month, percent } from '../../ui/format.ts'
import type { ListColumn } from '../../ui/list/columns.ts'
import { Sparkline, State } from '../metrics/state.tsx'
import { exactFigure, figure, progressStates, refSearch } from '../metrics/words.ts'

export interface Result extends KeyResult {
  objective: Objective
}
/** How bad it stands, for sorting: what needs a look first. */
const order = ['not-reached', 'behind', 'no-value', 'not-begun', 'on-the-line', 'ahead', 'reached'] as const

export const resultColumns = (currency: string): ListColumn<Result>[] => [
  { key: 'what', title: 'Key result', by: (k) => k.title, render: (k) => <What result={k} currency={currency} /> },
  {
    key: 'objective',
    title: 'Objective',
    width: 180,
    isHidden: true,
    by: (k) => k.objective.title,
    choice: (k) => k.objective.title,
    render: (k) => k.objective.title,
  },
  {
    key: 'owner',
    title: 'Owner',
    width: 140,
    isHidden: true,
    by: (k) => k.objective.owner,
    choice: (k) => k.objective.owner,
    render: (k) => k.objective.owner,
  },
  {
    key: 'since',
    title: 'Since the start',
    width: 124,
    render: (k) => (
      <Sparkline values={k.points.map((p) => p.value)} label={`${k.title} since ${month(k.startMonth)}`} />
    ),
  },
  {
    key: 'way',
    title: 'Of the way',
    hint: 'The mark is where the straight line between start and target is by now',
    width: 290,
    by: (k) => k.done,
    render: (k) => <Way result={k} currency={currency} />,
  },
  {
    key: 'now',
    title: 'Now',
    width: 104,
    isNumber: true,
    render: (k) => (
      <>
        <strong title={exactFigure(k.point?.value, k.unit, currency)}>
          {k.point?.mark === 'directional' ? '~ ' : ''}
          {figure(k.point?.value, k.unit, currency)}
        </strong>
        <span className="small faint key-result-line">{k.point ? month(k.point.month) : ''}</span>
      </>
    ),
  },
  {
    key: 'state',
    title: 'State',
    width: 130,
    by: (k) => order.indexOf(k.state),
    choice: (k) => progressStates[k.state].text,
    render: (k) => <State of={progressStates[k.state]} />,
  },
]

function What({ result: k, currency }: { result: KeyResult; currency: string }) {
  const workspace = useWorkspace()
  return (
    <>
      <Link
        to="/w/$workspace/insights/metrics/$measure"
        params={{ workspace, measure: k.ref.measure }}
        search={refSearch(k.ref)}
      >
        {k.title}
      </Link>
      <span className="small faint key-result-line">
        from {figure(k.startValue, k.unit, currency)} in {month(k.startMonth)} to{' '}
        {figure(k.targetValue, k.unit, currency)} by {month(k.targetMonth)}
      </span>
    </>
  )
}

export function Way({ result: k, currency }: { result: KeyResult; currency: string }) {
  const done = Math.min(1, Math.max(0, k.done ?? 0))
  return (
    <>
      <div
        className="way"
        role="img"
        aria-label={k.done === null ? 'No value' : `${percent(k.done)} of the way, ${percent(k.expected)} expected`}
      >
        <span className={`way-done way-${progressStates[k.state].tone}`} style={{ width: `${done * 100}%` }} />
        <span className="way-line" style={{ left: `${k.expected * 100}%` }} />
      </div>
      <span className="small faint key-result-line">
        {k.done === null
          ? (k.problem ?? 'too few accounts for a figure')
          : `${k.done <= -0.005 ? `${percent(-k.done, 0)} the other way` : `${percent(Math.max(0, k.done), 0)} of the way`}; the line is at ${percent(k.expected, 0)}, ${figure(k.lineValue, k.unit, currency)}`}
      </span>
    </>
  )
}
