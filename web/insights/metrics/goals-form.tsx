/** What is aimed at and when people want to be told; for a figure that is watched already or is about to be. */
import { Button, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { MeasureRef } from '../../../src/insights/targets/measures.ts'
import type { Target, Threshold, Unit } from '../../../src/insights/targets/schemas.ts'
import { useWrite } from '../../api.ts'
import { FormLines } from '../../ui/form-lines.tsx'
import { SideDrawer } from '../../ui/side-drawer.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { showUndo } from '../../ui/undo.tsx'
import { useOptions } from '../analyses/cut.ts'
import { emptyRef, isWhole, MeasureFields, useMeasures } from './measure-fields.tsx'
import { monthChoices, readTyped, typed, unitWords } from './words.ts'

export interface Watching {
  metric: { id: string; version: number } | null
  ref: MeasureRef | null
  title: string
  targets: readonly Target[]
  thresholds: readonly Threshold[]
}

export function GoalsDrawer({ watching, onClose }: { watching: Watching | null; onClose: () => void }) {
  const options = useOptions()
  const measures = useMeasures()
  const isReady = options.isFetched && measures.length > 0
  return (
    <SideDrawer of={watching} onClose={onClose} title={({ title }) => title}>
      {(open) => (isReady ? <Form watching={open} onClose={onClose} /> : <Loading rows={8} />)}
    </SideDrawer>
  )
}

interface TargetLine {
  month: string
  text: string
  direction: Target['direction']
}
interface ThresholdLine {
  kind: Threshold['kind']
  text: string
}
/** A move is typed as a size: points of a share, percent of the rest. */
const unitOfMove = (kind: Threshold['kind'], unit: Unit): Unit => (kind === 'moved' ? 'share' : unit)

function Form({ watching, onClose }: { watching: Watching; onClose: () => void }) {
  const measures = useMeasures()
  const options = useOptions()
  const [ref, setRef] = useState(watching.ref ?? emptyRef)
  const unit = measures.find((m) => m.measure === ref.measure)?.unit ?? 'share'
  const now = options.data?.defaultMonth ?? '2026-01'
  const choices = monthChoices(now)
  const [targets, setTargets] = useState<TargetLine[]>(
    watching.targets.map((t) => ({ month: t.month, direction: t.direction, text: typed(t.value, unit) })),
  )
  const [thresholds, setThresholds] = useState<ThresholdLine[]>(
    watching.thresholds.map((t) => ({ kind: t.kind, text: typed(t.value, unitOfMove(t.kind, unit)) })),
  )
  const create = useWrite('insights.metrics.create')
  const update = useWrite('insights.metrics.update')
  const remove = useWrite('insights.metrics.remove')
  const error = create.error ?? update.error ?? remove.error
  const save = () => {
    const goals = {
      targets: targets.flatMap((t) => {
        const value = readTyped(t.text, unit)
        return value === null ? [] : [{ month: t.month, direction: t.direction, value }]
      }),
      thresholds: thresholds.flatMap((t) => {
        const value = readTyped(t.text, unitOfMove(t.kind, unit))
        return value === null ? [] : [{ kind: t.kind, value }]
      }),
    }
    if (watching.metric) update.mutate({ ...watching.metric, ...goals }, { onSuccess: onClose })
    else create.mutate({ ref, ...goals }, { onSuccess: onClose })
  }
  const takeOut = () =>
    remove.mutate(
      { id: watching.metric!.id },
      {
        onSuccess: () => {
          showUndo('This figure is watched no more', () =>
            create.mutate({ ref, targets: [...watching.targets], thresholds: [...watching.thresholds] }),
          )
          onClose()
        },
      },
    )
  return (
    <form
      className="metric-form"
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      {error ? <Failed error={error} /> : null}
      {watching.ref === null ? <MeasureFields value={ref} onChange={setRef} /> : null}
      <FormLines
        legend="Targets"
        note={`A value by a month; a figure can have one for each quarter. ${unit === 'share' ? 'Shares are typed in percent.' : ''}`}
        one="target"
        lines={targets}
        fresh={(): TargetLine => ({ month: nextFree(targets, choices, now), direction: 'at-least', text: '' })}
        onChange={setTargets}
      >
        {(t, change, place) => (
          <>
            <Select
              size="xs"
              w={110}
              aria-label={`Direction of target ${place}`}
              data={[
                { value: 'at-least', label: 'at least' },
                { value: 'at-most', label: 'at most' },
              ]}
              value={t.direction}
              allowDeselect={false}
              onChange={(v) => change({ direction: v as Target['direction'] })}
            />
            <NumberText
              label={`Value of target ${place}, ${unitWords[unit]}`}
              placeholder={unitWords[unit]}
              text={t.text}
              unit={unit}
              onChange={(text) => change({ text })}
            />
            <Select
              size="xs"
              w={120}
              aria-label={`Month of target ${place}`}
              data={choices}
              value={t.month}
              allowDeselect={false}
              searchable
              onChange={(v) => v && change({ month: v })}
            />
          </>
        )}
      </FormLines>
      <FormLines
        legend="Tell us when it"
        note="Looked at after every refresh. One alert for a crossing, none again until the figure went back."
        one="threshold"
        lines={thresholds}
        fresh={(): ThresholdLine => ({ kind: 'below', text: '' })}
        onChange={setThresholds}
      >
        {(t, change, place) => (
          <>
            <Select
              size="xs"
              w={170}
              aria-label={`Kind of threshold ${place}`}
              data={[
                { value: 'below', label: 'is below' },
                { value: 'above', label: 'is above' },
                { value: 'moved', label: 'moves by more than' },
              ]}
              value={t.kind}
              allowDeselect={false}
              onChange={(v) => change({ kind: v as Threshold['kind'] })}
            />
            <NumberText
              label={`Value of threshold ${place}`}
              placeholder={thresholdUnit(t.kind, unit)}
              text={t.text}
              unit={unit}
              onChange={(text) => change({ text })}
            />
            {t.kind === 'moved' ? <span className="small faint">in a month</span> : null}
          </>
        )}
      </FormLines>
      <div className="page-actions">
        <Button type="submit" loading={create.isPending || update.isPending} disabled={!isWhole(ref, measures)}>
          {watching.metric ? 'Save' : 'Watch this figure'}
        </Button>
        {watching.metric ? (
          <Button variant="default" onClick={takeOut} loading={remove.isPending}>
            Watch it no more
          </Button>
        ) : null}
      </div>
    </form>
  )
}

function NumberText({
  label,
  placeholder,
  text,
  unit,
  onChange,
}: {
  label: string
  placeholder: string
  text: string
  unit: Unit
  onChange: (text: string) => void
}) {
  return (
    <TextInput
      size="xs"
      className="form-line-value"
      aria-label={label}
      placeholder={placeholder}
      inputMode="decimal"
      required
      value={text}
      onChange={(e) => onChange(e.currentTarget.value)}
      error={text !== '' && readTyped(text, unit) === null ? 'not a number' : undefined}
    />
  )
}

function thresholdUnit(kind: Threshold['kind'], unit: Unit): string {
  if (kind !== 'moved') return unitWords[unit]
  return unit === 'share' ? 'points' : '%'
}

const nextFree = (targets: readonly TargetLine[], choices: readonly { value: string }[], now: string) =>
  choices.find((c) => c.value > now && !targets.some((t) => t.month === c.value))?.value ?? now
