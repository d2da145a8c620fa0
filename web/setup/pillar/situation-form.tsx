import { Button, NumberInput, Select } from '@mantine/core'
import { useState } from 'react'
import type { Pillar } from '../../../src/setup/taxonomy.ts'
import { useWrite, type InputOf, type OutputOf } from '../../api.ts'
import { Failed } from '../../ui/states.tsx'
import { pillarNames } from '../words.ts'

type Said = OutputOf<'setup.pillar.get'>['said']
type Draft = InputOf<'setup.pillar.saveSituation'>
const yesNo = (value: boolean | null | undefined) => (value == null ? null : value ? 'yes' : 'no')
const existing = [
  { value: 'nothing', label: 'Nothing' },
  { value: 'some', label: 'Some of it' },
  { value: 'works', label: 'It works' },
]

export function SituationForm({ said, mayEdit }: { said: Said; mayEdit: boolean }) {
  const [draft, setDraft] = useState<Draft>(said)
  const save = useWrite('setup.pillar.saveSituation')
  const set = (some: Partial<Draft>) => setDraft((d) => ({ ...d, ...some }))
  const lacks = {
    figures: 'Figures of the business',
    portfolio: 'A view of the portfolio',
    customers: 'What customers say',
  }
  return (
    <form
      className="pillar-situation"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate(draft)
      }}
    >
      {save.error ? <Failed error={save.error} /> : null}
      <fieldset disabled={!mayEdit}>
        <div className="pillar-three">
          <Select
            label="The company"
            placeholder="not said"
            clearable
            data={[
              { value: 'high-growth', label: 'Grows fast' },
              { value: 'enterprise', label: 'Is an enterprise, or in transformation' },
              { value: 'neither', label: 'Neither' },
            ]}
            value={draft.situation ?? null}
            onChange={(v) => set({ situation: v as Draft['situation'] })}
          />
          <Select
            label="Research"
            placeholder="not said"
            clearable
            data={[
              { value: 'yes', label: 'Nobody owns it' },
              { value: 'no', label: 'Somebody owns it' },
            ]}
            value={yesNo(draft.researchUnowned)}
            onChange={(v) => set({ researchUnowned: v === null ? null : v === 'yes' })}
          />
          <Select
            label="Leaders lack most"
            placeholder="not said"
            clearable
            data={Object.entries(lacks).map(([value, label]) => ({ value, label }))}
            value={draft.leadersLack ?? null}
            onChange={(v) => set({ leadersLack: v as Draft['leadersLack'] })}
          />
        </div>
        {(Object.keys(pillarNames) as Pillar[]).map((p) => (
          <div className="pillar-three" key={p}>
            <p className="pillar-name">{pillarNames[p]}</p>
            <Select
              label="What exists already"
              aria-label={`What exists already for ${pillarNames[p]}`}
              placeholder="not said"
              clearable
              data={existing}
              value={draft[`${p}Exists`] ?? null}
              onChange={(v) => set({ [`${p}Exists`]: v })}
            />
            <NumberInput
              label="Weeks until it is of use"
              aria-label={`Weeks until ${pillarNames[p]} is of use`}
              placeholder="not said"
              min={1}
              max={104}
              allowDecimal={false}
              value={draft[`${p}Weeks`] ?? ''}
              onChange={(v) => set({ [`${p}Weeks`]: v === '' ? null : Number(v) })}
            />
          </div>
        ))}
        {mayEdit ? (
          <div>
            <Button type="submit" variant="default" loading={save.isPending}>
              Save
            </Button>
          </div>
        ) : null}
      </fieldset>
    </form>
  )
}
