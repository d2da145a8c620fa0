/** A few options beside or below each other, large enough for a thumb. */
export function Choice<V extends string>({
  label,
  options,
  value,
  onChange,
  isTall = false,
  columns,
}: {
  label?: string
  options: readonly { value: V; label: string }[]
  value: V | undefined
  onChange: (value: V) => void
  isTall?: boolean
  columns?: 3 | 4
}) {
  return (
    <div
      className={`tour-choice${isTall ? ' is-tall' : ''}${columns ? ` has-${columns}` : ''}`}
      role="group"
      aria-label={label}
    >
      {options.map((o) => (
        <button key={o.value} type="button" aria-pressed={o.value === value} onClick={() => onChange(o.value)}>
          {o.label}
        </button>
      ))}
    </div>
  )
}
