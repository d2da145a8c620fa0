/** A few values with their intervals on one axis: a dot and a whisker each, labelled where they stand. */
import './ranges.css'

export interface Range {
  label: string
  value: number
  low: number | null
  high: number | null
  note?: string
  isSubject?: boolean
}

/** @param unit said once for each row, behind its value @param zero draws a line at zero, for differences */
export function Ranges({
  rows,
  format,
  label,
  unit = '',
  zero = false,
}: {
  rows: readonly Range[]
  format: (value: number) => string
  label: string
  unit?: string
  zero?: boolean
}) {
  const ends = rows.flatMap((r) => [r.value, r.low ?? r.value, r.high ?? r.value])
  const low = Math.min(0, ...ends)
  const high = Math.max(zero ? 0 : Math.min(1, Math.max(...ends) * 1.15), ...ends)
  const span = high - low || 1
  const at = (value: number) => `${(((value - low) / span) * 100).toFixed(2)}%`
  return (
    <div
      className="ranges"
      role="img"
      aria-label={`${label}: ${rows.map((r) => `${r.label} ${format(r.value)}${unit}${r.low === null || r.high === null ? '' : `, ${format(r.low)} to ${format(r.high)}`}`).join('; ')}`}
    >
      {rows.map((r) => (
        <div className={r.isSubject ? 'range is-subject' : 'range'} key={r.label} aria-hidden>
          <div className="range-label" title={r.note}>
            {r.label}
          </div>
          <div className="range-track">
            {zero ? <span className="range-zero" style={{ left: at(0) }} /> : null}
            {r.low === null || r.high === null ? null : (
              <span
                className="range-whisker"
                style={{ left: at(r.low), width: `calc(${at(r.high)} - ${at(r.low)})` }}
              />
            )}
            <span className="range-dot" style={{ left: at(r.value) }} />
          </div>
          <div className="range-value number">
            {format(r.value)}
            {unit}
            {r.low === null || r.high === null ? null : (
              <span className="faint">
                {' '}
                {format(r.low)} to {format(r.high)}
              </span>
            )}
          </div>
          {r.note ? <div className="range-note">{r.note}</div> : null}
        </div>
      ))}
    </div>
  )
}
