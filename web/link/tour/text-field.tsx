/** A text that may be long; what is too long is said, and nothing of it is cut. */
import { longestText, overLength } from './draft.ts'

export function TextField({
  label,
  value,
  onChange,
}: {
  label: string
  value: string
  onChange: (text: string) => void
}) {
  const over = overLength(value)
  return (
    <>
      <textarea aria-label={label} rows={3} value={value} onChange={(e) => onChange(e.currentTarget.value)} />
      {value.length > longestText * 0.8 ? (
        <p className={over > 0 ? 'tour-count is-over' : 'tour-count'} aria-live="polite">
          {value.length.toLocaleString('en-GB')} of {longestText.toLocaleString('en-GB')} characters
          {over > 0 ? '; nothing is cut, please shorten it' : ''}
        </p>
      ) : null}
    </>
  )
}
