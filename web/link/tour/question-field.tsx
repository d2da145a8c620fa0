/** One question of the listening tour, in the form that its kind is answered in. */
import { useId } from 'react'
import type { FrictionEntry, Question } from '../../../src/setup/listening-tour/schemas.ts'
import type { Value } from './draft.ts'
import { Choice } from './choice.tsx'
import { TextField } from './text-field.tsx'
import { FrictionsField, type FrictionName } from './frictions-field.tsx'

export function QuestionField({
  number,
  question: q,
  frictions,
  value,
  onChange,
  problem,
}: {
  number: number
  question: Question
  frictions: readonly FrictionName[]
  value: Value | undefined
  onChange: (value: Value | undefined) => void
  problem: string | undefined
}) {
  const id = useId()
  return (
    <fieldset className={problem ? 'tour-question has-problem' : 'tour-question'} aria-describedby={`${id}-help`}>
      <legend>
        <span className="tour-number">{number}</span>
        {q.text}
        {q.isNeeded ? null : <span className="tour-optional"> optional</span>}
      </legend>
      <p className="tour-help" id={`${id}-help`}>
        {problem ? <strong role="alert">{problem}</strong> : q.help}
      </p>
      {q.kind === 'text' ? (
        <TextField label={q.text} value={typeof value === 'string' ? value : ''} onChange={onChange} />
      ) : q.kind === 'share' ? (
        <ShareField label={q.text} value={typeof value === 'number' ? value : undefined} onChange={onChange} />
      ) : q.kind === 'scale' ? (
        <ScaleField question={q} value={typeof value === 'number' ? value : undefined} onChange={onChange} />
      ) : q.kind === 'frictions' ? (
        <FrictionsField
          frictions={frictions}
          value={Array.isArray(value) ? (value as FrictionEntry[]) : []}
          onChange={onChange}
        />
      ) : (
        <Choice
          isTall
          options={q.options.map((o) => ({ value: o, label: o }))}
          value={typeof value === 'string' ? value : undefined}
          onChange={(next) => onChange(next === value ? undefined : next)}
        />
      )}
    </fieldset>
  )
}

function ShareField({
  label,
  value,
  onChange,
}: {
  label: string
  value: number | undefined
  onChange: (v: number) => void
}) {
  return (
    <div className="tour-share">
      <output className={value === undefined ? 'is-unsaid' : ''}>{value === undefined ? '– ' : value} %</output>
      <input
        type="range"
        min={0}
        max={100}
        step={5}
        aria-label={label}
        aria-valuetext={value === undefined ? 'not said yet' : `${value} per cent of the week`}
        value={value ?? 0}
        onChange={(e) => onChange(Number(e.currentTarget.value))}
        onPointerUp={(e) => onChange(Number(e.currentTarget.value))}
      />
      <p>
        <span>nothing</span>
        <span>{value === undefined ? 'move it' : `about ${Math.round(value * 0.4)} hours of 40`}</span>
        <span>all of it</span>
      </p>
    </div>
  )
}

function ScaleField({
  question,
  value,
  onChange,
}: {
  question: Question
  value: number | undefined
  onChange: (v: number) => void
}) {
  const [low = '', high = ''] = question.options
  return (
    <div>
      <Choice
        options={[1, 2, 3, 4, 5].map((n) => ({ value: String(n), label: String(n) }))}
        value={value === undefined ? undefined : String(value)}
        onChange={(next) => onChange(Number(next))}
      />
      <p className="tour-ends">
        <span>{low}</span>
        <span>{high}</span>
      </p>
    </div>
  )
}
