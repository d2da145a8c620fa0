/** A strip of months for each feature: what the account may use, does, and did. A table, so that it reads without colour. */
import type { OutputOf } from '../../api.ts'
import { count, day, month, plural } from '../../ui/format.ts'

type Account = OutputOf<'insights.analyses.account'>
const stateWords = {
  'not-released': 'not released',
  'not-entitled': 'not entitled',
  'not-measured': 'not measured',
  'never-used': 'never used',
  dormant: 'dormant',
  adopted: 'adopted',
} as const
const stateMarks = {
  'not-released': '–',
  'not-entitled': '–',
  'not-measured': '?',
  'never-used': '○',
  dormant: '◐',
  adopted: '●',
} as const

export function FeatureStrips({ data }: { data: Account }) {
  const { features, months } = data
  return (
    <div className="strips-frame" tabIndex={0} role="region" aria-label="Use by feature and month">
      <table className="strips">
        <caption className="visually-hidden">
          Events of this account by feature and month, {month(months[0]!.month)} to {month(months.at(-1)!.month)}
        </caption>
        <thead>
          <tr>
            <th scope="col">Feature</th>
            <th scope="col">Now</th>
            <th scope="col" className="strips-end">
              Last use
            </th>
            <th scope="col" className="strips-months">
              <span className="strips-span">
                <span>{month(months[0]!.month)}</span>
                <span>{month(months.at(-1)!.month)}</span>
              </span>
            </th>
          </tr>
        </thead>
        <tbody>
          {features.map((f) => {
            const most = Math.max(1, ...f.events)
            const total = f.events.reduce((sum, n) => sum + n, 0)
            return (
              <tr
                key={f.feature}
                className={f.state === 'not-entitled' || f.state === 'not-released' ? 'is-out' : undefined}
              >
                <th scope="row">
                  <span className="strips-feature" title={f.feature}>
                    {f.feature}
                  </span>
                  {f.isCore ? <span className="heat-tag">core</span> : null}
                </th>
                <td>
                  <span
                    className={`state state-${f.state}`}
                    title={f.lastUse ? `last use ${day(f.lastUse)}` : undefined}
                  >
                    <span aria-hidden>{stateMarks[f.state]}</span> {stateWords[f.state]}
                  </span>
                </td>
                <td className="strips-end">{f.lastUse ? day(f.lastUse) : <span className="faint">never</span>}</td>
                <td>
                  <span
                    className="strip"
                    role="img"
                    aria-label={
                      total === 0
                        ? 'no event in these months'
                        : `${plural(total, 'event', 'events')} in ${plural(f.events.filter((n) => n > 0).length, 'month', 'months')}, most ${count(most)} in ${month(months[f.events.indexOf(most)]!.month)}`
                    }
                  >
                    {f.events.map((n, i) => (
                      <span
                        key={months[i]!.month}
                        className={n > 0 ? 'strip-on' : 'strip-off'}
                        style={
                          n > 0 ? ({ '--t': `${Math.round(15 + (85 * n) / most)}%` } as React.CSSProperties) : undefined
                        }
                        title={`${month(months[i]!.month)}: ${plural(n, 'event', 'events')}`}
                      />
                    ))}
                  </span>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
