/** One bar per feature or segment, cut by state: each bar is the whole book, so that the shares within it add up. */
import type { FeatureStates } from '../../../src/insights/analyses/feature-states/operations.ts'
import type { AdoptionState } from '../../../src/insights/features/adoption-states.ts'
import { count, exactMoney, money, percent, plural } from '../../ui/format.ts'
import { PictureButtons } from '../../ui/picture-buttons.tsx'
import { statesSvg } from './states-picture.ts'
import { adoptionStates, stateHints, stateWords } from './state-words.ts'
import './states-bars.css'

const partOf = (row: FeatureStates, state: AdoptionState) => row.states.find((s) => s.state === state)!

export function StatesBars({
  rows,
  label,
  currency,
  by,
  nameOf,
  onOpen,
  about,
}: {
  rows: readonly FeatureStates[]
  label: string
  currency: string
  by: 'arr' | 'accounts'
  nameOf: (row: FeatureStates) => string
  onOpen?: ((row: FeatureStates) => void) | undefined
  about: string
}) {
  const whole = (row: FeatureStates) => row[by] || 1
  const text = (value: number) => (by === 'arr' ? money(value, currency) : count(value))
  const picture = () => statesSvg(rows, { title: label, subtitle: about, by, nameOf, text })
  return (
    <figure className="states">
      <div className="states-head">
        <ul className="states-key" aria-label="States">
          {adoptionStates.map((s) => (
            <li key={s} title={stateHints[s]}>
              <span className={`states-swatch is-${s}`} aria-hidden />
              {stateWords[s]}
            </li>
          ))}
        </ul>
        <div className="page-actions">
          <PictureButtons name={label} of={label} svg={picture} isPlain />
        </div>
      </div>
      <table className="states-table" aria-label={label}>
        <thead className="visually-hidden">
          <tr>
            <th scope="col">Name</th>
            {adoptionStates.map((s) => (
              <th key={s} scope="col">
                {stateWords[s]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const adopted = partOf(row, 'adopted')
            return (
              <tr key={`${row.feature} ${row.segment}`}>
                <th scope="row">
                  {onOpen ? (
                    <button type="button" className="states-name" onClick={() => onOpen(row)} title={nameOf(row)}>
                      {nameOf(row)}
                    </button>
                  ) : (
                    <span className="states-name" title={nameOf(row)}>
                      {nameOf(row)}
                    </span>
                  )}
                  {row.isCore && nameOf(row) === row.feature ? <span className="heat-tag">core</span> : null}
                </th>
                <td className="states-cell" colSpan={adoptionStates.length}>
                  <div className="states-bar">
                    {adoptionStates.map((state) => {
                      const part = partOf(row, state)
                      const share = part[by] / whole(row)
                      if (part[by] === 0) return null
                      return (
                        <span
                          key={state}
                          className={`states-part is-${state}`}
                          style={{ width: `${share * 100}%` }}
                          title={`${stateWords[state]}: ${plural(part.accounts, 'account', 'accounts')}, ${exactMoney(part.arr, currency)}, ${percent(share)} of the book`}
                        >
                          {share > 0.085 ? <span>{percent(share, 0)}</span> : null}
                          <span className="visually-hidden">
                            {stateWords[state]} {percent(share)}
                          </span>
                        </span>
                      )
                    })}
                  </div>
                </td>
                <td className="states-sum number">
                  {text(adopted[by])} <span className="faint">of {text(row[by])}</span>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </figure>
  )
}
