/** One feature, core ones first. */
import { Select } from '@mantine/core'
import { useIsShared } from '../../api.ts'
import { useFeatures } from '../features/use-features.ts'

export function FeatureSelect({ value, onChange }: { value: string | undefined; onChange: (feature: string) => void }) {
  const isFixed = useIsShared()
  const features = useFeatures()
  const names = (isCore: boolean) =>
    (features.data?.features ?? [])
      .filter((f) => f.isCore === isCore)
      .map((f) => f.name)
      .sort()
  const data = isFixed
    ? value
      ? [value]
      : []
    : [
        { group: 'Core', items: names(true) },
        { group: 'Others', items: names(false) },
      ].filter((g) => g.items.length > 0)
  return (
    <Select
      label="Feature"
      w={190}
      data={data}
      value={value ?? null}
      onChange={(v) => {
        if (v) onChange(v)
      }}
      allowDeselect={false}
      searchable
      limit={100}
    />
  )
}
