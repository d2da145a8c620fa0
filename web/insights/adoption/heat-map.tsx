/** Features down, segments across; the colour is the rate, the whisker its interval. A table, so that it reads without colour. */
import type { KeyboardEvent } from 'react'
import type { AdoptionRetention, AdoptionRow } from '../../../src/insights/analyses/ground/schemas.ts'
import { count, money, percent, plural } from '../../ui/format.ts'
import { drawnOf, type Drawn } from '../analyses/find-feature.tsx'
import type { Cell } from './state.ts'
import './heat-map.css'

interface Props {
  data: AdoptionRetention
  find: string | undefined
  current: Cell | undefined
  onOpen: (cell: Cell) => void
}

export const mostColumns = 12
/** With more columns than these the counts stand below the rates. */
const mostRoomy = 6

/** The columns of the map, in their order: all segments, or those with the most ARR where there are too many to read. */
export function columnsOf(data: AdoptionRetention): AdoptionRetention['totals']['segments'] {
  const { segments } = data.totals
  const largest = new Set([...segments].sort((a, b) => b.arr - a.arr).slice(0, mostColumns))
  return segments.filter((s) => largest.has(s))
}

/** Core features first, then by how widely they are used. */
export const orderedFeatures = (data: AdoptionRetention): AdoptionRow[] =>
  [...data.totals.features].sort(
    (a, b) =>
      Number(b.isCore) - Number(a.isCore) ||
      (b.now.adoptionRate.value ?? -1) - (a.now.adoptionRate.value ?? -1) ||
      (a.feature < b.feature ? -1 : 1),
  )

/** As many as can be read: those that are sought, and the finding among them. */
export function drawnFeatures(data: AdoptionRetention, find?: string): Drawn<AdoptionRow> {
  const ordered = orderedFeatures(data)
  const drawn = drawnOf(ordered, (f) => f.feature, find)
  const finding = find ? undefined : ordered.find((f) => f.feature === data.sentence.finding?.feature)
  return !finding || drawn.rows.includes(finding) ? drawn : { ...drawn, rows: [finding, ...drawn.rows.slice(0, -1)] }
}

export function HeatMap({ data, find, current, onOpen }: Props) {
  const { totals, meta, rows, sentence } = data
  const cells = new Map(rows.map((r) => [`${r.segment}\u0000${r.feature}`, r]))
  const features = drawnFeatures(data, find).rows
  const columns = columnsOf(data)
  const firstOther = features.findIndex((f) => !f.isCore)
  return (
    <div className="heat-frame" role="region" aria-label="Heat map" tabIndex={-1}>
      <table
        className={columns.length > mostRoomy ? 'heat is-dense' : 'heat'}
        onKeyDown={walk}
        aria-describedby="heat-scale"
      >
        <caption className="visually-hidden">
          Share of eligible accounts that use each feature, by {meta.segmentBy}
          {meta.andBy === null ? '' : ` and ${meta.andBy}`}
        </caption>
        <thead>
          <tr>
            <th scope="col">Feature</th>
            {columns.map((s) => (
              <th key={s.segment} scope="col" className="heat-segment">
                <span className="heat-segment-name" title={s.segment}>
                  {meta.andBy === null ? s.segment : <Pair segment={s.segment} />}
                </span>
                <span className="heat-base">
                  {count(s.accounts)} · {money(s.arr, meta.currency)}
                </span>
              </th>
            ))}
            <th scope="col" className="heat-segment heat-all">
              <span className="heat-segment-name">All</span>
              <span className="heat-base">
                {count(totals.all.accounts)} · {money(totals.all.arr, meta.currency)}
              </span>
            </th>
          </tr>
        </thead>
        <tbody>
          {features.map((f, i) => (
            <tr key={f.feature} className={i === firstOther && i > 0 ? 'heat-break' : undefined}>
              <th scope="row">
                <span className="heat-feature" title={f.feature}>
                  {f.feature}
                </span>
                {f.isCore ? <span className="heat-tag">core</span> : null}
              </th>
              {columns.map((s) => {
                const row = cells.get(`${s.segment}\u0000${f.feature}`)
                const isFinding = sentence.finding?.segment === s.segment && sentence.finding.feature === f.feature
                return (
                  <HeatCell
                    key={s.segment}
                    row={row}
                    isFinding={isFinding}
                    isCurrent={current?.feature === f.feature && current.segment === s.segment}
                    currency={meta.currency}
                    onOpen={() => onOpen({ feature: f.feature, segment: s.segment, state: 'others' })}
                  />
                )
              })}
              <HeatCell
                row={f}
                isAll
                isFinding={false}
                isCurrent={current?.feature === f.feature && current.segment === null}
                currency={meta.currency}
                onOpen={() => onOpen({ feature: f.feature, segment: null, state: 'others' })}
              />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Not measured</th>
            {[...columns, totals.all].map((s, i) => (
              <td key={s.segment} className={i === columns.length ? 'heat-all' : undefined}>
                {s.notMeasured === 0 ? (
                  <span className="faint">none</span>
                ) : (
                  <button
                    type="button"
                    className="heat-plain"
                    onClick={() =>
                      features[0] &&
                      onOpen({
                        feature: features[0].feature,
                        segment: i === columns.length ? null : s.segment,
                        state: 'not-measured',
                      })
                    }
                  >
                    {plural(s.notMeasured, 'account', 'accounts')}
                    <span className="heat-base">{money(s.arrNotMeasured, meta.currency)}</span>
                  </button>
                )}
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </div>
  )
}

/** The two values of a pair, one above the other. */
function Pair({ segment }: { segment: string }) {
  const at = segment.indexOf(' · ')
  return (
    <>
      {segment.slice(0, at)} <br />
      {segment.slice(at + 3)}
    </>
  )
}

function HeatCell({
  row,
  isFinding,
  isCurrent,
  isAll = false,
  currency,
  onOpen,
}: {
  row: AdoptionRow | undefined
  isFinding: boolean
  isCurrent: boolean
  isAll?: boolean
  currency: string
  onOpen: () => void
}) {
  if (!row || row.now.eligible === 0)
    return (
      <td className={isAll ? 'heat-all' : undefined}>
        <span
          className="heat-none"
          title="No account is eligible: nobody here is entitled, or the feature was not released yet"
        >
          –
        </span>
      </td>
    )
  const { adoptionRate: rate, adopters, eligible, arrOthers } = row.now
  const isSuppressed = rate.mark === 'suppressed'
  const classes = [
    'heat-cell',
    isSuppressed ? 'is-suppressed' : '',
    rate.mark === 'directional' ? 'is-directional' : '',
    isFinding ? 'is-finding' : '',
    isCurrent ? 'is-current' : '',
  ]
    .filter(Boolean)
    .join(' ')
  const label = `${row.feature}, ${row.segment}: ${isSuppressed ? `${adopters} of ${eligible}, too few accounts for a rate` : `${percent(rate.value)}, ${adopters} of ${eligible} accounts, 95 % interval ${percent(rate.low)} to ${percent(rate.high)}${rate.mark === 'directional' ? ', directional' : ''}`}; ${money(arrOthers, currency)} of ARR does not use it${isFinding ? '. This is the finding.' : ''}`
  return (
    <td className={isAll ? 'heat-all' : undefined}>
      <button
        type="button"
        className={classes}
        style={isSuppressed ? undefined : ({ '--t': `${Math.round((rate.value ?? 0) * 100)}%` } as React.CSSProperties)}
        onClick={onOpen}
        title={label}
        aria-label={label}
      >
        <span className="heat-rate">{isSuppressed ? `${adopters} of ${eligible}` : percent(rate.value)}</span>{' '}
        <span className="heat-n">{isSuppressed ? 'too few' : `${count(adopters)} of ${count(eligible)}`}</span>
        {isSuppressed || rate.low === null || rate.high === null ? null : (
          <span className="whisker" aria-hidden>
            <span
              className="whisker-range"
              style={{ left: `${rate.low * 100}%`, width: `${(rate.high - rate.low) * 100}%` }}
            />
            <span className="whisker-dot" style={{ left: `${(rate.value ?? 0) * 100}%` }} />
          </span>
        )}
      </button>
    </td>
  )
}

/** The arrow keys walk the cells. */
function walk(event: KeyboardEvent<HTMLTableElement>): void {
  const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key]
  const cell = (event.target as HTMLElement).closest('td')
  if (!step || !cell) return
  const row = cell.parentElement as HTMLTableRowElement
  const table = event.currentTarget
  let y = row.rowIndex + step[0]!
  let x = cell.cellIndex + step[1]!
  for (let tries = 0; tries < 60; tries += 1, y += step[0]!, x += step[1]!) {
    const to = table.rows[y]?.cells[x]
    if (!to) return
    const button = to.querySelector('button')
    if (button) {
      event.preventDefault()
      button.focus()
      return
    }
  }
}

export function HeatScale() {
  return (
    <div className="heat-scale small faint" id="heat-scale">
      <span>0 %</span>
      <span className="heat-ramp" aria-hidden />
      <span>100 % of eligible accounts</span>
      <span className="heat-key">
        <span className="whisker whisker-key" aria-hidden>
          <span className="whisker-range" style={{ left: '20%', width: '50%' }} />
          <span className="whisker-dot" style={{ left: '42%' }} />
        </span>
        95 % interval
      </span>
      <span className="heat-key">
        <span className="heat-swatch is-directional" aria-hidden />
        10 to 29 accounts: directional
      </span>
      <span className="heat-key">
        <span className="heat-swatch is-suppressed" aria-hidden />
        below 10: counts only
      </span>
    </div>
  )
}
