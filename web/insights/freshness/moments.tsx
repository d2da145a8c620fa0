/** Days, a time and a time zone, asked for in one column. */
import { Checkbox, Select, TextInput } from '@mantine/core'

export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
const zones = () => [...new Set(['UTC', ownZone(), ...Intl.supportedValuesOf('timeZone')])]
const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
export const workdays = [1, 2, 3, 4, 5]

export function DaysField({
  value,
  onChange,
  error,
}: {
  value: readonly number[]
  onChange: (days: number[]) => void
  error?: string
}) {
  return (
    <fieldset>
      <legend className="day-legend">Days</legend>
      <div className="day-boxes">
        {dayNames.map((name, i) => (
          <Checkbox
            key={name}
            size="xs"
            label={name}
            checked={value.includes(i + 1)}
            onChange={(e) =>
              onChange(
                e.currentTarget.checked ? [...value, i + 1].sort((a, b) => a - b) : value.filter((d) => d !== i + 1),
              )
            }
          />
        ))}
      </div>
      {error ? (
        <p className="form-problem" role="alert">
          {error}
        </p>
      ) : null}
    </fieldset>
  )
}

export const TimeField = ({
  label,
  value,
  onChange,
  error,
}: {
  label: string
  value: string
  onChange: (clock: string) => void
  error?: string
}) => (
  <TextInput
    className="short-field"
    label={label}
    type="time"
    required
    error={error}
    value={value}
    onChange={(e) => onChange(e.currentTarget.value.slice(0, 5))}
  />
)

export const ZoneField = ({ value, onChange }: { value: string; onChange: (zone: string) => void }) => (
  <Select
    label="Time zone"
    description="By the clock there, through summer and winter time"
    data={zones()}
    value={value}
    onChange={(v) => v && onChange(v)}
    searchable
    allowDeselect={false}
    limit={60}
  />
)
