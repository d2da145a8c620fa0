/** What is expected of which metric, chosen as a sentence: “Adoption rate of Collaboration in Enterprise is to be 25 %”. */
import { Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { z } from 'zod'
import type { Expectation, Expected } from '../../src/decisions/schemas.ts'
import type { MeasureRef } from '../../src/insights/targets/measures.ts'
import { useRead, type OutputOf } from '../api.ts'
import { bandsFor, useOptions } from '../insights/analyses/cut.ts'
import type { Unit } from '../../src/platform/rooms/measure.ts'
import { counted, isNumberOf, month, plural } from '../ui/format.ts'
import { useCurrency } from '../session.ts'
import { expectedKinds, parseTyped, typedOf, valueOf } from './words.ts'

type Options = OutputOf<'decisions.options'>
type Ref = z.infer<typeof MeasureRef>
interface Props {
  options: Options
  value: Expectation | null
  onChange: (value: Expectation | null) => void
}

const plainRef: Ref = {
  measure: 'adoption-rate',
  featureId: null,
  segmentBy: 'segment',
  bands: [],
  segment: null,
  window: 12,
  adoptionMonths: 3,
}

export function MeasureField({ options, value, onChange }: Props) {
  const analysis = useOptions()
  const currency = useCurrency()
  const ref = value?.measure ?? null
  const of = (key: string | undefined) => options.measures.find((m) => m.key === key)
  const unit = of(ref?.measure)?.unit ?? 'share'
  const [typed, setTyped] = useState(() => typedExpected(value?.expected, unit))
  const segmentBy = ref?.segmentBy ?? analysis.data?.defaultSegmentBy ?? 'segment'
  const attribute = analysis.data?.attributes.find((a) => a.key === segmentBy)
  const setRef = (change: Partial<Ref>) => {
    const next = { ...(ref ?? { ...plainRef, segmentBy, ...bandsFor(segmentBy) }), ...change }
    const needs = of(next.measure)?.needsFeature ?? false
    onChange({
      measure: { ...next, featureId: needs ? (next.featureId ?? options.features[0]?.id ?? null) : null },
      expected: value?.expected ?? { as: 'direction', direction: 'up' },
    })
  }
  const kind = kindOf(value?.expected)
  const setExpected = (next: Kind, text: string) => {
    if (value) onChange({ ...value, expected: expectedOf(next, parseTyped(text, unit) ?? 0) })
  }
  return (
    <div className="measure">
      <div className="measure-line">
        <Select
          label="Metric"
          w={210}
          placeholder="choose one"
          data={options.measures
            .filter((m) => !m.needsFeature || options.features.length > 0)
            .map((m) => ({ value: m.key, label: m.name }))}
          value={ref?.measure ?? null}
          onChange={(v) => {
            if (v) setRef({ measure: v })
          }}
          allowDeselect={false}
          searchable
        />
        {of(ref?.measure)?.needsFeature ? (
          <Select
            label="of feature"
            w={190}
            data={options.features.map((f) => ({ value: f.id, label: f.name }))}
            value={ref?.featureId ?? null}
            onChange={(v) => setRef({ featureId: v })}
            allowDeselect={false}
            searchable
            limit={100}
          />
        ) : null}
        {ref ? (
          <Select
            label={`in ${segmentBy === 'segment' ? 'segment' : segmentBy}`}
            w={170}
            placeholder="all accounts"
            data={[...new Set([...(attribute?.top ?? []), ...(ref.segment === null ? [] : [ref.segment])])]}
            value={ref.segment}
            onChange={(segment) => setRef({ segment })}
            clearable
            searchable
          />
        ) : null}
        {ref && of(ref.measure)?.hasWindow ? (
          <Select
            label="over"
            w={120}
            data={[3, 6, 12, 18, 24].map((n) => ({ value: String(n), label: plural(n, 'month', 'months') }))}
            value={String(ref.window)}
            onChange={(v) => setRef({ window: Number(v) })}
            allowDeselect={false}
          />
        ) : null}
      </div>
      {ref ? (
        <>
          <Now measure={ref} of={of(ref.measure)} currency={currency} />
          <div className="measure-line">
            <Select
              label="It"
              w={170}
              data={expectedKinds}
              value={kind}
              onChange={(v) => setExpected(v as Kind, typed)}
              allowDeselect={false}
            />
            {kind === 'value' || kind === 'change' ? (
              <TextInput
                label={kind === 'value' ? 'Expected value' : 'Expected change'}
                w={140}
                inputMode="decimal"
                value={typed}
                error={typed !== '' && parseTyped(typed, unit) === null ? 'a number' : undefined}
                onChange={(e) => {
                  setTyped(e.currentTarget.value)
                  setExpected(kind, e.currentTarget.value)
                }}
                rightSection={<span className="small faint">{unitMark(unit, kind, currency)}</span>}
                rightSectionWidth={44}
              />
            ) : null}
          </div>
        </>
      ) : null}
    </div>
  )
}

/** A value, a change, or only the direction: `direction` is up. */
type Kind = 'value' | 'change' | 'direction' | 'down'

function kindOf(expected: Expected | undefined): Kind {
  if (!expected || expected.as !== 'direction') return expected?.as ?? 'direction'
  return expected.direction === 'down' ? 'down' : 'direction'
}

function typedExpected(expected: Expected | undefined, unit: Unit): string {
  if (!expected || expected.as === 'direction') return ''
  return typedOf(expected.as === 'value' ? expected.value : expected.change, unit)
}

function expectedOf(kind: Kind, number: number): Expected {
  if (kind === 'value') return { as: 'value', value: number }
  if (kind === 'change') return { as: 'change', change: number }
  return { as: 'direction', direction: kind === 'down' ? 'down' : 'up' }
}

function unitMark(unit: Unit, kind: Kind, currency: string): string {
  switch (unit) {
    case 'money':
      return currency
    case 'share':
      return kind === 'change' ? 'pts' : '%'
    case 'hours':
      return 'h'
    case 'accounts':
    case 'count':
      return ''
  }
}

type Told = Pick<Options['measures'][number], 'unit' | 'counted'>

function Now({ measure, of, currency }: { measure: Ref; of: Told | undefined; currency: string }) {
  const now = useRead('decisions.measureNow', { measure }, { keepPrevious: true })
  return (
    <p className="small soft measure-now" role="status">
      {now.data
        ? nowText(now.data.figure, of ?? { unit: 'share' }, currency)
        : (now.error?.message ?? 'Reading its value …')}
    </p>
  )
}

function nowText(
  figure: OutputOf<'decisions.measureNow'>['figure'],
  { unit, counted: noun }: Told,
  currency: string,
): string {
  if (!figure || (figure.value === null && figure.base === 0)) return 'Its value is not known.'
  const { value, low, high, base } = figure
  const at = `In ${month(figure.month)} it is`
  if (value === null) return `${at} not shown: ${counted(base, noun)}, fewer than 10.`
  const told = (n: number | null) => valueOf(n, unit, currency)
  const interval = low === null ? '' : `, ${told(low)} to ${told(high)}`
  const of = isNumberOf(unit) ? '' : `, of ${counted(base, noun)}`
  return `${at} ${told(value)}${interval}${of}.`
}
