/** An objective and its key results; the value at the start is taken from the data unless somebody says another. */
import { Button, Select, TextInput } from '@mantine/core'
import type { MeasureRef } from '../../../src/insights/targets/measures.ts'
import type { Objective, ObjectiveDraft, Unit } from '../../../src/insights/targets/schemas.ts'
import { useRead } from '../../api.ts'
import { month } from '../../ui/format.ts'
import { Form } from '../../ui/form/form.tsx'
import { useOperationForm } from '../../ui/form/use-operation-form.ts'
import { Loading } from '../../ui/states.tsx'
import { useOptions } from '../analyses/cut.ts'
import { emptyRef, isWhole, MeasureFields, useMeasures } from '../metrics/measure-fields.tsx'
import { figure, monthChoices, readTyped, typed, unitWords } from '../metrics/words.ts'

/** Values as they are typed: shares in percent. */
type Line = Omit<ObjectiveDraft['keyResults'][number], 'startValue' | 'targetValue'> & {
  startValue: string
  targetValue: string
}
type Values = Omit<ObjectiveDraft, 'keyResults'> & { keyResults: Line[] }

type Units = (ref: MeasureRef) => Unit
const valuesOf = ({ title, owner, from, to, keyResults }: ObjectiveDraft, unitOf: Units): Values => ({
  title,
  owner,
  from,
  to,
  keyResults: keyResults.map(({ ref, startMonth, startValue, targetMonth, targetValue }) => ({
    ref,
    startMonth,
    startValue: typed(startValue, unitOf(ref)),
    targetMonth,
    targetValue: typed(targetValue, unitOf(ref)),
  })),
})
const draftOf = ({ keyResults, ...values }: Values, unitOf: Units): ObjectiveDraft => ({
  ...values,
  keyResults: keyResults.map((k) => ({
    ...k,
    startValue: readTyped(k.startValue, unitOf(k.ref)) ?? Number.NaN,
    targetValue: readTyped(k.targetValue, unitOf(k.ref)) ?? Number.NaN,
  })),
})

export function ObjectiveForm({ objective, onDone }: { objective: Objective | null; onDone: () => void }) {
  const options = useOptions()
  const measures = useMeasures()
  return options.isFetched && measures.length > 0 ? (
    <Fields objective={objective} onDone={onDone} />
  ) : (
    <Loading rows={8} />
  )
}

function Fields({ objective, onDone }: { objective: Objective | null; onDone: () => void }) {
  const measures = useMeasures()
  const now = useOptions().data?.defaultMonth ?? '2026-01'
  const months = monthChoices(now)
  const year = months.find((c) => c.value > now && c.value.endsWith('-12'))?.value ?? now
  const unitOf = (ref: MeasureRef) => measures.find((m) => m.measure === ref.measure)?.unit ?? 'share'
  const line = { ref: emptyRef, startMonth: now, startValue: '', targetMonth: year, targetValue: '' }
  const blank: Values = { title: '', owner: '', from: now, to: year, keyResults: [line] }
  const form = useOperationForm({
    operation: objective ? 'insights.objectives.update' : 'insights.objectives.create',
    at: objective ? 'objective' : '',
    initial: objective ? valuesOf(objective, unitOf) : blank,
    version: objective?.version ?? 0,
    input: (values, version) => {
      const draft = draftOf(values, unitOf)
      return objective ? { id: objective.id, version, objective: draft } : draft
    },
    held: (current: ObjectiveDraft) => valuesOf(current, unitOf),
    check: ({ from, to, keyResults }) => ({
      ...(from > to ? { to: 'The period ends before it begins.' } : none),
      ...Object.fromEntries(
        keyResults.flatMap((k, i) =>
          isWhole(k.ref, measures) ? [] : [[`keyResults.${i}.ref`, 'Choose its feature.']],
        ),
      ),
    }),
    onDone,
  })
  const { keyResults } = form.values
  const pick = { data: months, searchable: true, allowDeselect: false }
  return (
    <Form form={form} submit={objective ? 'Save' : 'Set the objective'} show={shown}>
      <TextInput {...form.field('title')} placeholder="Enterprise stays" />
      <TextInput {...form.field('owner')} />
      <div className="form-row">
        <Select {...form.choice('from')} {...pick} />
        <Select {...form.choice('to')} {...pick} />
      </div>
      {keyResults.map((k, i) => (
        <fieldset className="key-result-fields" key={i}>
          <legend>Key result {i + 1}</legend>
          <MeasureFields
            value={k.ref}
            onChange={(ref) => form.set(`keyResults.${i}.ref`, ref)}
            {...form.problemAt(`keyResults.${i}.ref`)}
          />
          <div className="metric-line">
            <Select {...form.choice(`keyResults.${i}.startMonth`)} {...pick} w={120} />
            <TextInput {...form.field(`keyResults.${i}.startValue`)} {...value(k.ref)} />
            <Select {...form.choice(`keyResults.${i}.targetMonth`)} {...pick} w={120} />
            <TextInput
              {...form.field(`keyResults.${i}.targetValue`)}
              {...value(k.ref)}
              aria-label={`Target of key result ${i + 1}`}
            />
          </div>
          <div className="page-actions">
            <Start line={k} unit={unitOf(k.ref)} onTake={(start) => form.set(`keyResults.${i}.startValue`, start)} />
            {keyResults.length > 1 ? (
              <Button
                size="compact-xs"
                variant="subtle"
                color="gray"
                onClick={() =>
                  form.set(
                    'keyResults',
                    keyResults.filter((_, j) => j !== i),
                  )
                }
                aria-label={`Remove key result ${i + 1}`}
              >
                Remove
              </Button>
            ) : null}
          </div>
        </fieldset>
      ))}
      {keyResults.length < 8 ? (
        <div>
          <Button size="compact-sm" variant="default" onClick={() => form.set('keyResults', [...keyResults, line])}>
            Add a key result
          </Button>
        </div>
      ) : null}
    </Form>
  )
  function value(ref: MeasureRef) {
    return { className: 'metric-line-value', inputMode: 'decimal' as const, placeholder: unitWords[unitOf(ref)] }
  }
}
const none = {}

const shown = (field: string, value: unknown) =>
  field === 'keyResults' ? (
    <ol className="versions-list">
      {(value as Line[]).map((k, i) => (
        <li key={i}>
          {k.ref.measure.toUpperCase()} {k.ref.segment ?? ''}: {k.startValue} in {month(k.startMonth)} to{' '}
          {k.targetValue} by {month(k.targetMonth)}
        </li>
      ))}
    </ol>
  ) : field === 'from' || field === 'to' ? (
    month(String(value))
  ) : (
    String(value)
  )

/** What the data say of the month in which it starts. */
function Start({ line, unit, onTake }: { line: Line; unit: Unit; onTake: (value: string) => void }) {
  const measures = useMeasures()
  const known = useRead('insights.metrics.get', { ref: line.ref }, { enabled: isWhole(line.ref, measures) })
  const value = known.data?.points.find((p) => p.month === line.startMonth)?.value ?? null
  if (value === null) return <span className="small faint">The data has no value for the start month: say one.</span>
  return (
    <Button size="compact-xs" variant="default" onClick={() => onTake(typed(value, unit))}>
      Take the data’s {figure(value, unit, known.data?.currency ?? 'EUR')} as the start
    </Button>
  )
}
