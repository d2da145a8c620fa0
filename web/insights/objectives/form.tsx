/** An objective and its key results; the value at the start is taken from the data unless somebody says another. */
import { Button, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { MeasureRef } from '../../../src/insights/targets/measures.ts'
import type { Objective, Unit } from '../../../src/insights/targets/schemas.ts'
import { useRead, useWrite } from '../../api.ts'
import { SideDrawer } from '../../ui/side-drawer.tsx'
import { Failed, Loading } from '../../ui/states.tsx'
import { useOptions } from '../analyses/cut.ts'
import { emptyRef, isWhole, MeasureFields, useMeasures } from '../metrics/measure-fields.tsx'
import { figure, monthChoices, readTyped, typed, unitWords } from '../metrics/words.ts'

export interface EditingObjective {
  objective: Objective | null
}
interface Line {
  ref: MeasureRef
  startMonth: string
  start: string
  targetMonth: string
  target: string
}

export function ObjectiveDrawer({ editing, onClose }: { editing: EditingObjective | null; onClose: () => void }) {
  const options = useOptions()
  const measures = useMeasures()
  const isReady = options.isFetched && measures.length > 0
  return (
    <SideDrawer
      of={editing}
      width={640}
      onClose={onClose}
      title={({ objective }) => objective?.title ?? 'New objective'}
    >
      {({ objective }) => (isReady ? <Form objective={objective} onClose={onClose} /> : <Loading rows={8} />)}
    </SideDrawer>
  )
}

function Form({ objective, onClose }: { objective: Objective | null; onClose: () => void }) {
  const options = useOptions()
  const measures = useMeasures()
  const now = options.data?.defaultMonth ?? '2026-01'
  const choices = monthChoices(now)
  const year = choices.find((c) => c.value > now && c.value.endsWith('-12'))?.value ?? now
  const unitOf = (ref: MeasureRef) => measures.find((m) => m.measure === ref.measure)?.unit ?? 'share'
  const [title, setTitle] = useState(objective?.title ?? '')
  const [owner, setOwner] = useState(objective?.owner ?? '')
  const [from, setFrom] = useState(objective?.from ?? now)
  const [to, setTo] = useState(objective?.to ?? year)
  const [lines, setLines] = useState<Line[]>(
    objective?.keyResults.map((k) => ({
      ref: k.ref,
      startMonth: k.startMonth,
      start: typed(k.startValue, k.unit),
      targetMonth: k.targetMonth,
      target: typed(k.targetValue, k.unit),
    })) ?? [{ ref: emptyRef, startMonth: now, start: '', targetMonth: year, target: '' }],
  )
  const create = useWrite('insights.objectives.create')
  const update = useWrite('insights.objectives.update')
  const error = create.error ?? update.error
  const set = (at: number, change: Partial<Line>) =>
    setLines((all) => all.map((l, i) => (i === at ? { ...l, ...change } : l)))
  const keyResults = lines.flatMap((l) => {
    const startValue = readTyped(l.start, unitOf(l.ref))
    const targetValue = readTyped(l.target, unitOf(l.ref))
    return startValue === null || targetValue === null
      ? []
      : [{ ref: l.ref, startMonth: l.startMonth, startValue, targetMonth: l.targetMonth, targetValue }]
  })
  const save = () => {
    const draft = { title: title.trim(), owner: owner.trim(), from, to, keyResults }
    if (objective)
      update.mutate({ id: objective.id, version: objective.version, objective: draft }, { onSuccess: onClose })
    else create.mutate(draft, { onSuccess: onClose })
  }
  return (
    <form
      className="metric-form"
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      {error ? <Failed error={error} /> : null}
      <TextInput
        label="What should become better"
        placeholder="Enterprise stays"
        required
        minLength={3}
        maxLength={160}
        value={title}
        onChange={(e) => setTitle(e.currentTarget.value)}
      />
      <TextInput
        label="Owner"
        description="Who answers for it"
        required
        maxLength={80}
        value={owner}
        onChange={(e) => setOwner(e.currentTarget.value)}
      />
      <div className="metric-line">
        <Select
          label="From"
          w={130}
          data={choices}
          value={from}
          onChange={(v) => v && setFrom(v)}
          allowDeselect={false}
          searchable
        />
        <Select
          label="To"
          w={130}
          data={choices}
          value={to}
          onChange={(v) => v && setTo(v)}
          allowDeselect={false}
          searchable
        />
      </div>
      {lines.map((line, i) => (
        <ResultFields
          key={i}
          index={i}
          line={line}
          unit={unitOf(line.ref)}
          choices={choices}
          onChange={(change) => set(i, change)}
          onRemove={lines.length > 1 ? () => setLines(lines.filter((_, j) => j !== i)) : null}
        />
      ))}
      {lines.length < 8 ? (
        <div>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() =>
              setLines([
                ...lines,
                { ref: emptyRef, startMonth: now, start: '', targetMonth: to > now ? to : year, target: '' },
              ])
            }
          >
            Add a key result
          </Button>
        </div>
      ) : null}
      <div className="page-actions">
        <Button
          type="submit"
          loading={create.isPending || update.isPending}
          disabled={
            title.trim().length < 3 ||
            owner.trim() === '' ||
            keyResults.length < lines.length ||
            !lines.every((l) => isWhole(l.ref, measures))
          }
        >
          {objective ? 'Save' : 'Set the objective'}
        </Button>
      </div>
    </form>
  )
}

function ResultFields({
  index,
  line,
  unit,
  choices,
  onChange,
  onRemove,
}: {
  index: number
  line: Line
  unit: Unit
  choices: { value: string; label: string }[]
  onChange: (change: Partial<Line>) => void
  onRemove: (() => void) | null
}) {
  const measures = useMeasures()
  const known = useRead('insights.metrics.get', { ref: line.ref }, { enabled: isWhole(line.ref, measures) })
  const value = known.data?.points.find((p) => p.month === line.startMonth)?.value ?? null
  return (
    <fieldset className="key-result-fields">
      <legend>Key result {index + 1}</legend>
      <MeasureFields value={line.ref} onChange={(ref) => onChange({ ref })} />
      <div className="metric-line">
        <Select
          label="Starts in"
          w={120}
          data={choices}
          value={line.startMonth}
          onChange={(v) => v && onChange({ startMonth: v })}
          allowDeselect={false}
          searchable
        />
        <TextInput
          label="At"
          className="metric-line-value"
          inputMode="decimal"
          required
          placeholder={unitWords[unit]}
          value={line.start}
          onChange={(e) => onChange({ start: e.currentTarget.value })}
        />
        <Select
          label="Is to be by"
          w={120}
          data={choices}
          value={line.targetMonth}
          onChange={(v) => v && onChange({ targetMonth: v })}
          allowDeselect={false}
          searchable
        />
        <TextInput
          label="At"
          className="metric-line-value"
          aria-label={`Target of key result ${index + 1}`}
          inputMode="decimal"
          required
          placeholder={unitWords[unit]}
          value={line.target}
          onChange={(e) => onChange({ target: e.currentTarget.value })}
        />
      </div>
      <div className="page-actions">
        {value !== null ? (
          <Button size="compact-xs" variant="default" onClick={() => onChange({ start: typed(value, unit) })}>
            Take the data’s {figure(value, unit, known.data?.currency ?? 'EUR')} as the start
          </Button>
        ) : (
          <span className="small faint">The data has no value for the start month: say one.</span>
        )}
        {onRemove ? (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            onClick={onRemove}
            aria-label={`Remove key result ${index + 1}`}
          >
            Remove
          </Button>
        ) : null}
      </div>
    </fieldset>
  )
}
