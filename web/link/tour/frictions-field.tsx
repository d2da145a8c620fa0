/** Up to three frictions: chosen by name or said in own words, each with how often, how long and what is missing. */
import { useState } from 'react'
import type { FrictionEntry } from '../../../src/setup/listening-tour/schemas.ts'
import { Choice } from './choice.tsx'
import { TextField } from './text-field.tsx'

export interface FrictionName {
  code: string
  name: string
  what: string
  isFirst: boolean
}
const most = 3
/** Reached by own words, or said in the field of what is missing. */
const notOffered = new Set(['other', 'skills'])

const often = [
  { value: 'daily', label: 'Daily' },
  { value: 'weekly', label: 'Weekly' },
  { value: 'monthly', label: 'Monthly' },
  { value: 'quarterly', label: 'Quarterly' },
] as const
const hours = [
  { value: '0.5', label: '½ h' },
  { value: '1', label: '1 h' },
  { value: '2', label: '2 h' },
  { value: '4', label: 'Half a day' },
  { value: '8', label: 'A day' },
  { value: '16', label: '2 days' },
] as const
const lack = [
  { value: 'system', label: 'A system' },
  { value: 'skill', label: 'A skill' },
  { value: 'both', label: 'Both' },
  { value: 'unsure', label: 'Not sure' },
] as const

const fresh = (code: string | null): FrictionEntry => ({
  code,
  words: '',
  often: 'weekly',
  hours: 2,
  system: '',
  waiting: 0,
  delayed: '',
  lack: 'unsure',
})

export function FrictionsField({
  frictions,
  value,
  onChange,
}: {
  frictions: readonly FrictionName[]
  value: FrictionEntry[]
  onChange: (value: FrictionEntry[]) => void
}) {
  const [isWhole, setWhole] = useState(false)
  const offered = frictions.filter(
    (f) => !notOffered.has(f.code) && (isWhole || f.isFirst || value.some((e) => e.code === f.code)),
  )
  const isFull = value.length >= most
  const toggle = (code: string | null) =>
    onChange(
      value.some((e) => e.code === code)
        ? value.filter((e) => e.code !== code)
        : [...value, fresh(code)].slice(0, most),
    )
  return (
    <div className="tour-frictions">
      <div className="tour-chips" role="group" aria-label="Frictions">
        {[...offered, { code: null, name: 'Something else', what: 'In your own words' }].map((f) => {
          const isChosen = value.some((e) => e.code === f.code)
          return (
            <button
              key={f.code ?? 'own'}
              type="button"
              title={f.what}
              aria-pressed={isChosen}
              disabled={isFull && !isChosen}
              onClick={() => toggle(f.code)}
            >
              {f.name}
            </button>
          )
        })}
        {isWhole ? null : (
          <button type="button" className="is-more" onClick={() => setWhole(true)}>
            Show more
          </button>
        )}
      </div>
      {value.map((entry, i) => (
        <Entry
          key={entry.code ?? 'own'}
          entry={entry}
          name={frictions.find((f) => f.code === entry.code)?.name ?? null}
          onChange={(next) => onChange(value.map((e, at) => (at === i ? next : e)))}
          onRemove={() => toggle(entry.code)}
        />
      ))}
    </div>
  )
}

function Entry({
  entry,
  name,
  onChange,
  onRemove,
}: {
  entry: FrictionEntry
  name: string | null
  onChange: (entry: FrictionEntry) => void
  onRemove: () => void
}) {
  const set = (change: Partial<FrictionEntry>) => onChange({ ...entry, ...change })
  return (
    <section className="tour-entry" aria-label={name ?? 'Something else'}>
      <header>
        <h2>{name ?? 'Something else'}</h2>
        <button type="button" onClick={onRemove}>
          Remove
        </button>
      </header>
      {entry.code === null ? (
        <label>
          What is it, in a few words?
          <input value={entry.words} maxLength={300} onChange={(e) => set({ words: e.currentTarget.value })} />
        </label>
      ) : null}
      <div>
        <p>How often?</p>
        <Choice
          label="How often?"
          columns={4}
          options={often}
          value={entry.often}
          onChange={(next) => set({ often: next })}
        />
      </div>
      <div>
        <p>How long each time?</p>
        <Choice
          label="How long each time?"
          columns={3}
          options={hours}
          value={hours.find((h) => Number(h.value) === entry.hours)?.value}
          onChange={(next) => set({ hours: Number(next) })}
        />
      </div>
      <div>
        <p>What would take it away?</p>
        <Choice
          label="What would take it away?"
          columns={4}
          options={lack}
          value={entry.lack}
          onChange={(next) => set({ lack: next })}
        />
      </div>
      <details>
        <summary>Which system, who waits, what it delayed</summary>
        <label>
          In which system?
          <input value={entry.system} maxLength={80} onChange={(e) => set({ system: e.currentTarget.value })} />
        </label>
        <label>
          How many others wait for it?
          <input
            type="number"
            inputMode="numeric"
            min={0}
            max={1000}
            value={entry.waiting || ''}
            onChange={(e) =>
              set({ waiting: Math.min(1000, Math.max(0, Math.round(Number(e.currentTarget.value) || 0))) })
            }
          />
        </label>
        <label>
          Which decision did it delay?
          <TextField
            label="Which decision did it delay?"
            value={entry.delayed}
            onChange={(delayed) => set({ delayed })}
          />
        </label>
      </details>
    </section>
  )
}
