/** How many have answered, counted in groups. */
import type { OutputOf } from '../api.ts'
import { count } from '../ui/format.ts'
import './setup.css'

type Wave = Pick<
  OutputOf<'setup.tour.list'>['waves'][number],
  'state' | 'invited' | 'answered' | 'groupOf' | 'leftOver'
>

export function Response({ wave: w }: { wave: Wave }) {
  if (w.state === 'draft') return <p className="response small faint">{count(w.invited)} to be asked</p>
  const rate = w.invited === 0 ? 0 : w.answered / w.invited
  return (
    <div className="response">
      <p>
        <strong className="number">{count(w.answered)}</strong> of {count(w.invited)} answered
        {w.answered > 0 ? `, ${Math.round(rate * 100)} %` : ''}
      </p>
      <progress max={1} value={rate} aria-label="Answered" />
      <p className="small faint">
        {w.answered === 0 && w.state === 'open'
          ? `Shown from the answer number ${w.groupOf} on`
          : w.state === 'open'
            ? `Counted ${w.groupOf} or more at a time`
            : w.leftOver
              ? `${w.leftOver} more were too few for a group, and nobody has read them`
              : 'All that came are counted'}
      </p>
    </div>
  )
}
