/** Planning a quick win, and changing one. */
import { Button, NumberInput, Select, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { QuickWin } from '../../../src/setup/quick-wins/schemas.ts'
import { useRead, useWrite, type InputOf } from '../../api.ts'
import { Failed, Await } from '../../ui/states.tsx'
import { audienceNames } from '../words.ts'
import './quick-wins.css'

type Draft = Required<InputOf<'setup.quickWins.create'>>

/** What the server takes of it to be changed, with what is to change. */
export const changeOf = (w: QuickWin, some: Partial<InputOf<'setup.quickWins.update'>>) => ({
  ...draftOf(w),
  id: w.id,
  version: w.version,
  deliveredOn: w.deliveredOn,
  droppedBecause: w.droppedBecause,
  ...some,
})

const draftOf = (w: QuickWin): Draft => ({
  title: w.title,
  what: w.what,
  friction: w.friction?.code ?? null,
  audience: w.audience,
  ownerId: w.owner?.id ?? null,
  win: w.win?.win ?? null,
  winOf: w.winOf?.id ?? null,
  people: w.people,
  timesPerMonth: w.timesPerMonth,
  statedBefore: w.statedBefore,
  statedAfter: w.statedAfter,
})
const fresh = (friction: string | null): Draft => ({
  title: '',
  what: '',
  friction,
  audience: 'product-managers',
  ownerId: null,
  win: null,
  winOf: null,
  people: 1,
  timesPerMonth: 4,
  statedBefore: null,
  statedAfter: null,
})

export function QuickWinForm({
  known,
  friction = null,
  onDone,
}: {
  known: QuickWin | null
  friction?: string | null
  onDone: (win: QuickWin) => void
}) {
  const [draft, setDraft] = useState<Draft>(() => (known ? draftOf(known) : fresh(friction)))
  const set = (some: Partial<Draft>) => setDraft((d) => ({ ...d, ...some }))
  const options = useRead('setup.quickWins.options', {})
  const views = useRead('insights.views.list', {}, { enabled: draft.win === 'sharing.opened' })
  const create = useWrite('setup.quickWins.create')
  const update = useWrite('setup.quickWins.update')
  const error = create.error ?? update.error
  const send = () => {
    if (known) update.mutate(changeOf(known, draft), { onSuccess: onDone })
    else create.mutate(draft, { onSuccess: onDone })
  }
  return (
    <Await query={options} rows={6}>
      {({ wins, people, frictions }) => {
        const kind = wins.find((w) => w.win === draft.win)
        return (
          <form
            className="qw-form"
            onSubmit={(event) => {
              event.preventDefault()
              send()
            }}
          >
            {error ? <Failed error={error} /> : null}
            <TextInput
              label="Quick win"
              description="What people need not do any more"
              required
              maxLength={160}
              value={draft.title}
              onChange={(e) => set({ title: e.currentTarget.value })}
            />
            <Textarea
              label="What is done instead"
              autosize
              minRows={2}
              maxLength={2000}
              value={draft.what}
              onChange={(e) => set({ what: e.currentTarget.value })}
            />
            <div className="qw-pair">
              <Select
                label="Whose time it is"
                data={Object.entries(audienceNames).map(([value, label]) => ({ value, label }))}
                value={draft.audience}
                onChange={(v) => set({ audience: v as Draft['audience'] })}
                allowDeselect={false}
              />
              <Select
                label="Friction"
                data={frictions.map((f) => ({ value: f.code, label: f.name }))}
                value={draft.friction}
                onChange={(v) => set({ friction: v })}
                clearable
                searchable
              />
              <NumberInput
                label="People who do it"
                min={1}
                max={100_000}
                allowDecimal={false}
                value={draft.people}
                onChange={(v) => set({ people: Number(v) || 1 })}
              />
              <NumberInput
                label="Times a month, each"
                min={0.01}
                max={10_000}
                decimalScale={2}
                value={draft.timesPerMonth}
                onChange={(v) => set({ timesPerMonth: Number(v) || 1 })}
              />
            </div>
            <Select
              label="Delivered by"
              description={kind?.how ?? 'What of Throughline does it, and so counts how often'}
              data={wins.map((w) => ({ value: w.win, label: w.name }))}
              value={draft.win}
              placeholder="nothing here: the times are stated"
              onChange={(v) => set({ win: v, winOf: null })}
              clearable
            />
            {draft.win === 'sharing.opened' ? (
              <Select
                label="Which view"
                data={(views.data?.rows ?? []).map((v) => ({ value: v.id, label: v.title }))}
                value={draft.winOf}
                placeholder="any shared view"
                onChange={(v) => set({ winOf: v })}
                clearable
                searchable
              />
            ) : null}
            <div className="qw-pair">
              <NumberInput
                label="Minutes each time, before"
                description="Stated: an estimate until it is timed"
                min={0}
                max={100_000}
                value={draft.statedBefore ?? ''}
                onChange={(v) => set({ statedBefore: v === '' ? null : Number(v) })}
              />
              <NumberInput
                label="Minutes each time, afterwards"
                description="What it is expected to take"
                min={0}
                max={100_000}
                value={draft.statedAfter ?? ''}
                onChange={(v) => set({ statedAfter: v === '' ? null : Number(v) })}
              />
            </div>
            <Select
              label="Owner"
              data={people.map((p) => ({ value: p.id, label: p.name }))}
              value={draft.ownerId}
              placeholder="nobody yet"
              onChange={(v) => set({ ownerId: v })}
              clearable
              searchable
            />
            <div>
              <Button
                type="submit"
                disabled={draft.title.trim().length < 3}
                loading={create.isPending || update.isPending}
              >
                {known ? 'Save' : 'Plan it'}
              </Button>
            </div>
          </form>
        )
      }}
    </Await>
  )
}
