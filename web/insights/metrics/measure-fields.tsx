/** Which figure is meant: a measure, of which accounts, of which feature, over which window. */
import { Select } from '@mantine/core'
import type { MeasureRef } from '../../../src/insights/targets/measures.ts'
import { useRead, type OutputOf } from '../../api.ts'
import { plural } from '../../ui/format.ts'
import { useOptions } from '../analyses/cut.ts'
import { useFeatures } from '../features/use-features.ts'

export const emptyRef: MeasureRef = {
  measure: 'nrr',
  featureId: null,
  segmentBy: 'segment',
  bands: [],
  segment: null,
  window: 12,
  adoptionMonths: 3,
}
type Measures = OutputOf<'insights.metrics.measures'>['rows']
export const useMeasures = (): Measures => useRead('insights.metrics.measures', {}).data?.rows ?? []
/** Whether what is needed was chosen. */
export const isWhole = (ref: MeasureRef, measures: Measures): boolean =>
  !(measures.find((m) => m.measure === ref.measure)?.needsFeature && ref.featureId === null)

export function MeasureFields({
  value,
  onChange,
  error,
}: {
  value: MeasureRef
  onChange: (ref: MeasureRef) => void
  error?: string
}) {
  const measures = useMeasures()
  const options = useOptions()
  const of = measures.find((m) => m.measure === value.measure)
  const features = useFeatures({ enabled: of?.needsFeature ?? false })
  const attributes = options.data?.attributes.filter((a) => !a.numeric && a.values <= 60) ?? []
  const values = attributes.find((a) => a.key === value.segmentBy)?.top ?? []
  return (
    <div className="measure-fields">
      <Select
        label="Figure"
        data={measures.map((m) => ({ value: m.measure, label: m.name }))}
        value={value.measure}
        onChange={(v) => v && onChange({ ...value, measure: v })}
        allowDeselect={false}
        searchable
      />
      {of?.needsFeature ? (
        <Select
          label="Of the feature"
          required
          error={error}
          data={features.data?.features.map((f) => ({ value: f.id, label: f.name })) ?? []}
          value={value.featureId}
          onChange={(v) => onChange({ ...value, featureId: v })}
          searchable
          limit={100}
          placeholder="choose one"
        />
      ) : null}
      <Select
        label="Accounts by"
        data={attributes.map((a) => a.key)}
        value={attributes.some((a) => a.key === value.segmentBy) ? value.segmentBy : null}
        placeholder="no attribute"
        onChange={(v) => onChange({ ...value, segmentBy: v ?? 'segment', segment: null })}
        allowDeselect={false}
        searchable
      />
      <Select
        label="Only"
        data={values}
        value={value.segment}
        placeholder="all accounts"
        onChange={(v) => onChange({ ...value, segment: v })}
        clearable
        searchable
      />
      {of?.hasWindow ? (
        <Select
          label="Over"
          data={[3, 6, 12, 18, 24].map((n) => ({ value: String(n), label: plural(n, 'month', 'months') }))}
          value={String(value.window)}
          onChange={(v) => onChange({ ...value, window: Number(v) })}
          allowDeselect={false}
        />
      ) : null}
    </div>
  )
}
