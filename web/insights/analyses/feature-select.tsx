/** One feature, core ones first. */
import { Select } from '@mantine/core'
import type { listFeaturesOperation } from '../../../src/insights/features/operations.ts'
import { useRead, useSharedFrame } from '../../api.ts'

export function FeatureSelect({ value, onChange }: { value: string | undefined; onChange: (feature: string) => void }) {
  const isFixed = useSharedFrame() !== null
  const features = useRead<typeof listFeaturesOperation>('insights.features.list', {}, { enabled: !isFixed })
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
