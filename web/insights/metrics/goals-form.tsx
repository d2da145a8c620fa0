/** What is aimed at and when people want to be told; for a figure that is watched already or is about to be. */
import { Button, Select, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { MeasureRef } from '../../../src/insights/analyses/measures.ts'
import type { Target, Threshold, Unit } from '../../../src/insights/metrics/schemas.ts'
import type { createMetric, removeMetric, updateMetric } from '../../../src/insights/metrics/watching.ts'
import { useWrite } from '../../api.ts'
import { SideDrawer } from '../../ui/side-drawer.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
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
  const unit = (measures.find((m) => m.measure === ref.measure)?.unit ?? 'share') as Unit
  const now = options.data?.defaultMonth ?? '2026-01'
  const choices = monthChoices(now)
  const [targets, setTargets] = useState<TargetLine[]>(
    watching.targets.map((t) => ({ month: t.month, direction: t.direction, text: typed(t.value, unit) })),
  )
  const [thresholds, setThresholds] = useState<ThresholdLine[]>(
    watching.thresholds.map((t) => ({ kind: t.kind, text: typed(t.value, unitOfMove(t.kind, unit)) })),
  )
  const create = useWrite<typeof createMetric>('insights.metrics.create')
  const update = useWrite<typeof updateMetric>('insights.metrics.update')
  const remove = useWrite<typeof removeMetric>('insights.metrics.remove')
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
          notifications.show({
            title: 'This figure is watched no more',
            autoClose: 15_000,
            message: (
              <Button
                size="compact-xs"
                variant="default"
                onClick={() =>
                  create.mutate({ ref, targets: [...watching.targets], thresholds: [...watching.thresholds] })
                }
              >
                Undo
              </Button>
            ),
          })
          onClose()
        },
      },
    )
  const setTarget = (at: number, change: Partial<TargetLine>) =>
    setTargets(targets.map((t, i) => (i === at ? { ...t, ...change } : t)))
  const setThreshold = (at: number, change: Partial<ThresholdLine>) =>
    setThresholds(thresholds.map((t, i) => (i === at ? { ...t, ...change } : t)))
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
      <fieldset>
        <legend>Targets</legend>
        <p className="small faint">
          A value by a month; a figure can have one for each quarter.{' '}
          {unit === 'share' ? 'Shares are typed in percent.' : ''}
        </p>
        {targets.map((t, i) => (
          <div className="metric-line" key={i}>
            <Select
              size="xs"
              w={110}
              aria-label={`Direction of target ${i + 1}`}
              data={[
                { value: 'at-least', label: 'at least' },
                { value: 'at-most', label: 'at most' },
              ]}
              value={t.direction}
              allowDeselect={false}
              onChange={(v) => setTarget(i, { direction: v as Target['direction'] })}
            />
            <TextInput
              size="xs"
              className="metric-line-value"
              aria-label={`Value of target ${i + 1}, ${unitWords[unit]}`}
              placeholder={unitWords[unit]}
              inputMode="decimal"
              required
              value={t.text}
              onChange={(e) => setTarget(i, { text: e.currentTarget.value })}
              error={t.text !== '' && readTyped(t.text, unit) === null ? 'not a number' : undefined}
            />
            <Select
              size="xs"
              w={120}
              aria-label={`Month of target ${i + 1}`}
              data={choices}
              value={t.month}
              allowDeselect={false}
              searchable
              onChange={(v) => v && setTarget(i, { month: v })}
            />
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              aria-label={`Remove target ${i + 1}`}
              onClick={() => setTargets(targets.filter((_, j) => j !== i))}
            >
              Remove
            </Button>
          </div>
        ))}
        <Button
          size="compact-xs"
          variant="default"
          onClick={() =>
            setTargets([...targets, { month: nextFree(targets, choices, now), direction: 'at-least', text: '' }])
          }
        >
          Add a target
        </Button>
      </fieldset>
      <fieldset>
        <legend>Tell us when it</legend>
        <p className="small faint">
          Looked at after every refresh. One alert for a crossing, none again until the figure went back.
        </p>
        {thresholds.map((t, i) => (
          <div className="metric-line" key={i}>
            <Select
              size="xs"
              w={170}
              aria-label={`Kind of threshold ${i + 1}`}
              data={[
                { value: 'below', label: 'is below' },
                { value: 'above', label: 'is above' },
                { value: 'moved', label: 'moves by more than' },
              ]}
              value={t.kind}
              allowDeselect={false}
              onChange={(v) => setThreshold(i, { kind: v as Threshold['kind'] })}
            />
            <TextInput
              size="xs"
              className="metric-line-value"
              aria-label={`Value of threshold ${i + 1}`}
              placeholder={t.kind === 'moved' ? (unit === 'share' ? 'points' : '%') : unitWords[unit]}
              inputMode="decimal"
              required
              value={t.text}
              onChange={(e) => setThreshold(i, { text: e.currentTarget.value })}
              error={t.text !== '' && readTyped(t.text, unit) === null ? 'not a number' : undefined}
            />
            {t.kind === 'moved' ? <span className="small faint">in a month</span> : null}
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              aria-label={`Remove threshold ${i + 1}`}
              onClick={() => setThresholds(thresholds.filter((_, j) => j !== i))}
            >
              Remove
            </Button>
          </div>
        ))}
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => setThresholds([...thresholds, { kind: 'below', text: '' }])}
        >
          Add a threshold
        </Button>
      </fieldset>
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

const nextFree = (targets: readonly TargetLine[], choices: readonly { value: string }[], now: string) =>
  choices.find((c) => c.value > now && !targets.some((t) => t.month === c.value))?.value ?? now
