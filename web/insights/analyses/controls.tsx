/** What can be chosen above an analysis; each choice is a change of its address. */
import { Select } from '@mantine/core'
import { month, plural } from '../../ui/format.ts'
import { segmentByOf, type Cut, type Options } from './cut.ts'

export function MonthSelect({
  options,
  value,
  onChange,
  label = 'Month',
}: {
  options: Options
  value: string | null | undefined
  onChange: (month: string | undefined) => void
  label?: string
}) {
  return (
    <Select
      label={label}
      w={130}
      data={options.months.map((m) => ({ value: m, label: month(m) }))}
      value={value ?? options.defaultMonth}
      onChange={(v) => onChange(v ?? undefined)}
      allowDeselect={false}
      searchable
    />
  )
}

/** One of a few numbers, each in its words. */
export function NumberSelect({
  label,
  of,
  words,
  value,
  onChange,
  width = 130,
}: {
  label: string
  of: readonly number[]
  words: (n: number) => string
  value: number
  onChange: (n: number) => void
  width?: number
}) {
  return (
    <Select
      label={label}
      w={width}
      data={of.map((n) => ({ value: String(n), label: words(n) }))}
      value={String(value)}
      onChange={(v) => onChange(Number(v))}
      allowDeselect={false}
    />
  )
}

export const months = (n: number): string => plural(n, 'month', 'months')
export const fullMonths = (n: number): string => plural(n, 'full month', 'full months')

export function AdoptionMonthsSelect(props: { value: number; onChange: (months: number) => void; label?: string }) {
  return <NumberSelect label="Adoption is any use in" width={170} of={[1, 3, 6, 12]} words={fullMonths} {...props} />
}

/** Of the segments that were found, all or one. */
export function ShowSegmentSelect({
  segments,
  value,
  onChange,
}: {
  segments: readonly string[] | undefined
  value: string | undefined
  onChange: (segment: string | undefined) => void
}) {
  return (
    <Select
      label="Show"
      w={170}
      data={[{ value: '', label: 'all segments' }, ...(segments ?? []).map((s) => ({ value: s, label: s }))]}
      value={value ?? ''}
      onChange={(v) => onChange(v || undefined)}
      allowDeselect={false}
      searchable
    />
  )
}

const groupings = (options: Options) => [
  ...options.attributes.filter((a) => !a.numeric && a.values <= 60).map((a) => ({ value: a.key, label: a.key })),
  { value: 'arr', label: 'ARR, in bands' },
]

/** Attributes that group accounts, and bands of ARR. */
export function SegmentBySelect({
  options,
  value,
  onChange,
}: {
  options: Options
  value: string
  onChange: (segmentBy: string | undefined) => void
}) {
  return (
    <Select
      label="Segment by"
      w={160}
      data={groupings(options)}
      value={value}
      onChange={(v) => onChange(v ?? undefined)}
      allowDeselect={false}
      searchable
    />
  )
}

/** By one attribute, or by two at once. */
export function SegmentSelect({
  options,
  cut,
  onChange,
}: {
  options: Options
  cut: Cut
  onChange: (change: Pick<Cut, 'segmentBy' | 'andBy'>) => void
}) {
  const segmentBy = segmentByOf(options, cut)
  return (
    <>
      <SegmentBySelect options={options} value={segmentBy} onChange={(by) => onChange({ segmentBy: by })} />
      <AndBySelect
        options={options}
        segmentBy={segmentBy}
        value={cut.andBy}
        onChange={(andBy) => onChange({ andBy })}
      />
    </>
  )
}

export function AndBySelect({
  options,
  segmentBy,
  value,
  onChange,
}: {
  options: Options
  segmentBy: string
  value: string | undefined
  onChange: (andBy: string | undefined) => void
}) {
  const data = groupings(options).filter((g) => g.value !== segmentBy)
  return data.length === 0 ? null : (
    <Select
      label="and by"
      w={150}
      data={data}
      value={value === segmentBy ? null : (value ?? null)}
      placeholder="nothing else"
      onChange={(v) => onChange(v ?? undefined)}
      clearable
      clearButtonProps={{ 'aria-label': 'One attribute only' }}
      searchable
    />
  )
}
