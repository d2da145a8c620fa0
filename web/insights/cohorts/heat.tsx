/** A row for each cohort, a column for each step; the colour is the share that came back. A table, so that it reads without colour. */
import type { CohortRow } from '../../../src/insights/analyses/cohorts/operations.ts'
import type { OutputOf } from '../../api.ts'
import { count, day, month, percent, plural } from '../../ui/format.ts'
import '../adoption/heat-map.css'
import './cohorts.css'

type Data = OutputOf<'insights.analyses.cohortRetention'>
export const cohortName = (data: Pick<Data, 'by'>, cohort: string) =>
  data.by === 'month' ? month(cohort) : day(cohort)

interface Props {
  data: Data
  rows: readonly CohortRow[]
  segment: string
  onOpen: ((cohort: string | null, step: number) => void) | null
}

export function CohortHeat({ data, rows, segment, onOpen }: Props) {
  const average = data.averages.find((a) => a.segment === segment)
  const steps = data.steps.filter((_, i) => rows.some((r) => r.cells.some((c) => c.step === i)))
  return (
    <div className="heat-frame cohorts" role="region" aria-label="Cohorts" tabIndex={0}>
      <table className="heat">
        <caption className="visually-hidden">Share of each cohort that came back, by {data.by}</caption>
        <thead>
          <tr>
            <th scope="col">{data.by === 'month' ? 'Cohort' : 'Week from'}</th>
            <th scope="col" className="number">
              {data.unit === 'accounts' ? 'Accounts' : 'Users'}
            </th>
            {steps.map((s) => (
              <th key={s.text} scope="col" className="cohort-step">
                {s.from === s.to ? s.from : `${s.from}–${s.to}`}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((r) => (
            <tr key={r.cohort}>
              <th scope="row">{cohortName(data, r.cohort)}</th>
              <td className="number cohort-size">{count(r.size)}</td>
              {steps.map((s, i) => {
                const cell = r.cells.find((c) => c.step === i)
                if (!cell)
                  return (
                    <td key={s.text}>
                      <span className="heat-none" title={`${s.text} has not begun`}>
                        ·
                      </span>
                    </td>
                  )
                const isSuppressed = cell.rate.value === null
                const label = `${cohortName(data, r.cohort)}, ${s.text}: ${isSuppressed ? '' : `${percent(cell.rate.value, 0)}, `}${count(cell.returned)} of ${plural(r.size, data.unit === 'accounts' ? 'account' : 'user', data.unit)}${isSuppressed ? ', too few for a rate' : `, 95 % interval ${percent(cell.rate.low)} to ${percent(cell.rate.high)}`}${cell.isComplete ? '' : '; not over yet'}`
                const classes = [
                  'heat-cell',
                  'cohort-cell',
                  isSuppressed ? 'is-suppressed' : '',
                  cell.rate.mark === 'directional' ? 'is-directional' : '',
                  cell.isComplete ? '' : 'is-incomplete',
                ]
                  .filter(Boolean)
                  .join(' ')
                const inside = (
                  <>
                    <span className="heat-rate">
                      {isSuppressed ? count(cell.returned) : percent(cell.rate.value, 0)}
                      {cell.isComplete ? '' : '*'}
                    </span>
                    {isSuppressed ? null : <span className="heat-n">{count(cell.returned)}</span>}
                  </>
                )
                const style = isSuppressed
                  ? undefined
                  : ({ '--t': `${Math.round(cell.rate.value! * 100)}%` } as React.CSSProperties)
                return (
                  <td key={s.text}>
                    {onOpen ? (
                      <button
                        type="button"
                        className={classes}
                        style={style}
                        title={label}
                        aria-label={label}
                        onClick={() => onOpen(r.cohort, i)}
                      >
                        {inside}
                      </button>
                    ) : (
                      <span className={classes} style={style} title={label}>
                        {inside}
                      </span>
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Average</th>
            <td />
            {steps.map((s, i) => {
              const p = average?.points.find((one) => one.step === i)
              return (
                <td
                  key={s.text}
                  className="cohort-average"
                  title={p ? `${count(p.returned)} of ${count(p.reached)} that reached it` : 'No cohort reached it yet'}
                >
                  {!p ? (
                    <span className="faint">–</span>
                  ) : p.rate.value === null ? (
                    <span className="faint">too few</span>
                  ) : (
                    <>
                      {p.rate.mark === 'directional' ? '~ ' : ''}
                      {percent(p.rate.value, 0)}
                    </>
                  )}
                </td>
              )
            })}
          </tr>
        </tfoot>
      </table>
    </div>
  )
}
