/** The effect beside the expectation: the sentence, then the line over the months and its table. */
import { Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import type { Effect } from '../../src/decisions/schemas.ts'
import { useRead, useWorkspace } from '../api.ts'
import { CsvButton } from '../ui/csv-button.tsx'
import { count, month, tied, countedTitle } from '../ui/format.ts'
import { CopyLink } from '../ui/copy-link.tsx'
import { Section } from '../ui/page.tsx'
import { Await, Loading, Remark } from '../ui/states.tsx'
import { Table, type Column } from '../ui/table.tsx'
import { valueOf, verdictNames } from './words.ts'

const EffectChart = lazy(() => import('./effect-chart.tsx').then((m) => ({ default: m.EffectChart })))
type Point = Effect['line'][number]

const columns = ({ unit, currency, counted }: Effect): Column<Point>[] => [
  { key: 'month', title: 'Month', by: (p) => p.month, render: (p) => month(p.month) },
  {
    key: 'value',
    title: 'Value',
    by: (p) => p.value,
    render: (p) =>
      p.value === null ? (
        <span className="faint">{p.mark === 'suppressed' && p.base > 0 ? 'too few' : 'not known'}</span>
      ) : (
        `${p.mark === 'directional' ? '~ ' : ''}${valueOf(p.value, unit, currency)}`
      ),
    isNumber: true,
  },
  {
    key: 'low',
    title: '95 % interval',
    render: (p) =>
      p.low === null ? (
        <span className="faint">none</span>
      ) : (
        `${valueOf(p.low, unit, currency)} to ${valueOf(p.high, unit, currency)}`
      ),
    isNumber: true,
    hint: 'where the measure is a share of accounts',
  },
  { key: 'base', title: countedTitle(counted), by: (p) => p.base, render: (p) => count(p.base), isNumber: true },
]

export function EffectSection({ id }: { id: string }) {
  const input = { ids: [id], months: 12 }
  const effects = useRead('decisions.effects', input)
  return (
    <Section
      title="The effect beside the expectation"
      actions={
        <>
          <CopyLink />
          <CsvButton operation="decisions.effects" input={input} />
        </>
      }
    >
      <Await query={effects} rows={8}>
        {({ rows: [effect] }) =>
          effect ? <Shown effect={effect} /> : <p className="soft">Nothing was expected of a metric.</p>
        }
      </Await>
    </Section>
  )
}

function Shown({ effect }: { effect: Effect }) {
  const workspace = useWorkspace()
  return (
    <>
      <p className={`effect-verdict is-${effect.verdict}`}>{verdictNames[effect.verdict]}</p>
      <p className="effect-sentence">{tied(effect.sentence)}</p>
      <p className="small faint">
        {tied(effect.caveat)}{' '}
        <Link to="/w/$workspace/data/definitions" params={{ workspace }} hash="effect">
          What effect means
        </Link>
      </p>
      {effect.problem ? (
        <div className="page-remark">
          <Remark>{effect.problem}</Remark>
        </div>
      ) : null}
      {effect.line.some((p) => p.value !== null) ? (
        <div className="effect-picture">
          <Suspense fallback={<Loading rows={8} />}>
            <EffectChart effect={effect} />
          </Suspense>
          <details className="effect-table">
            <summary>The months as a table</summary>
            <Table
              label="The measure by month"
              columns={columns(effect)}
              rows={effect.line}
              keyOf={(p) => p.month}
              initialSort={{ key: 'month', down: true }}
              maxHeight={360}
            />
          </details>
        </div>
      ) : null}
    </>
  )
}
