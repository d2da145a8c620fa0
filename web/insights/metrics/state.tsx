/** A state as mark and word, and the run of a figure in a few strokes. */
export function State({ of }: { of: { mark: string; text: string; tone: 'good' | 'bad' | 'plain' } }) {
  return (
    <span className={`state state-${of.tone}`}>
      {of.mark ? <span aria-hidden>{of.mark}</span> : null}
      {of.text}
    </span>
  )
}

const width = 96
const height = 24

/** Missing months are gaps, the last one is a dot. */
export function Sparkline({ values, label }: { values: readonly (number | null)[]; label: string }) {
  const known = values.flatMap((v) => (v === null ? [] : [v]))
  if (known.length < 2) return <span className="faint small">too short</span>
  const low = Math.min(...known)
  const span = Math.max(...known) - low || 1
  const at = (v: number, i: number) =>
    `${(3 + (i / Math.max(1, values.length - 1)) * (width - 8)).toFixed(1)} ${(height - 4 - ((v - low) / span) * (height - 8)).toFixed(1)}`
  const path = values
    .map((v, i) => (v === null ? '' : `${i === 0 || values[i - 1] === null ? 'M' : 'L'}${at(v, i)}`))
    .join('')
  const last = values.findLastIndex((v) => v !== null)
  const [x, y] = at(values[last]!, last).split(' ')
  return (
    <svg
      className="sparkline"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={label}
    >
      <path d={path} fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" />
      <circle cx={x} cy={y} r="2.5" fill="currentColor" />
    </svg>
  )
}
