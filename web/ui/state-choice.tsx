import { SegmentedControl } from '@mantine/core'

/** Which of a list: all, or those in one state. */
export function StateChoice<S extends string>({
  label,
  states,
  value,
  onChange,
}: {
  label: string
  states: Readonly<Record<S, string>>
  value: S | undefined
  onChange: (state: S | undefined) => void
}) {
  return (
    <SegmentedControl
      size="xs"
      aria-label={label}
      value={value ?? 'all'}
      onChange={(v) => onChange(v === 'all' ? undefined : (v as S))}
      data={[
        { value: 'all', label: 'All' },
        ...Object.entries<string>(states).map(([state, name]) => ({ value: state, label: name })),
      ]}
    />
  )
}
