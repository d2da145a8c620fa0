/** Stories as lines: what stands out, how far it carries, what ARR it concerns. A line opens the story. */
import type { Story } from '../../../src/insights/stories/schemas.ts'
import { exactMoney, money, tied } from '../../ui/format.ts'
import './stories.css'

export const evidenceWords: Record<Story['finding']['evidence'], { word: string; hint: string }> = {
  associated: { word: 'associated', hint: 'Among like accounts, by the rules of evidence; not proof of cause' },
  clear: { word: 'clear', hint: 'The 95 % intervals lie apart' },
  directional: { word: 'directional', hint: '10 to 29 accounts: a hint, no more' },
  'no-clear-association': { word: 'no clear association', hint: 'It looked real until like was compared with like' },
  fact: { word: 'counted', hint: 'Counted, not estimated' },
}

export function StoryList({
  stories,
  currency,
  onOpen,
  label,
}: {
  stories: readonly Story[]
  currency: string
  onOpen: (story: Story) => void
  label: string
}) {
  return (
    <ul className="stories" aria-label={label}>
      {stories.map((s) => (
        <li key={s.id}>
          <button type="button" className="story" onClick={() => onOpen(s)}>
            <span className="story-arr number" title={`${exactMoney(s.finding.arr, currency)} of ARR concerned`}>
              {money(s.finding.arr, currency)}
            </span>
            <span className="story-text">
              {tied(s.finding.text)}
              <span className="story-marks">
                <span
                  className={`story-evidence is-${s.finding.evidence}`}
                  title={evidenceWords[s.finding.evidence].hint}
                >
                  {evidenceWords[s.finding.evidence].word}
                </span>
                {s.isNew ? <span className="story-tag">new</span> : null}
                {s.pinnedBy ? <span className="story-tag">pinned</span> : null}
                {s.returned ? <span className="story-tag is-returned">is back</span> : null}
                {s.assignedName ? <span className="faint">with {s.assignedName}</span> : null}
                {s.notes.length > 0 ? (
                  <span className="faint">{s.notes.length === 1 ? '1 note' : `${s.notes.length} notes`}</span>
                ) : null}
                {s.dismissed ? <span className="faint">dismissed: {s.dismissed.reason}</span> : null}
              </span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
