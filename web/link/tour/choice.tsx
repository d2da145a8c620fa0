/** A few options beside or below each other, large enough for a thumb. */
export function Choice<V extends string>({
  label,
  options,
  value,
  onChange,
  isTall = false,
}: {
  label?: string
  options: readonly { value: V; label: string }[]
  value: V | undefined
  onChange: (value: V) => void
  isTall?: boolean
}) {
  return (
    <div className={isTall ? 'tour-choice is-tall' : 'tour-choice'} role="group" aria-label={label}>
      {options.map((o) => (
        <button key={o.value} type="button" aria-pressed={o.value === value} onClick={() => onChange(o.value)}>
          {o.label}
        </button>
      ))}
    </div>
  )
}
