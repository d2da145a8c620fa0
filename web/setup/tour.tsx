/** The waves of the listening tour, and how a new one begins. */
import { Button, Select, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Audience } from '../../src/setup/taxonomy.ts'
import { useRead, useWorkspace, useWrite, type OutputOf } from '../api.ts'
import { useMay } from '../session.ts'
import { day } from '../ui/format.ts'
import { FormModal } from '../ui/form/form-modal.tsx'
import { Page } from '../ui/page.tsx'
import { PlaceLink } from '../ui/place-link.tsx'
import { Await, Empty, Failed } from '../ui/states.tsx'
import { Response } from './response.tsx'
import { audienceNames } from './words.ts'
import './setup.css'

type Wave = OutputOf<'setup.tour.list'>['waves'][number]

export function TourPage() {
  const list = useRead('setup.tour.list', {})
  const mayEdit = useMay('setup:edit')
  const [isNew, setNew] = useState(false)
  const begin = mayEdit ? <Button onClick={() => setNew(true)}>New wave</Button> : null
  return (
    <Page
      title="What gets in the way of our product people?"
      lead={
        <p>
          The product organisation, asked as a customer would be: a few questions by a personal link, answered in under
          four minutes, read in groups that tell on nobody.
        </p>
      }
      actions={list.data && list.data.waves.length > 0 ? begin : null}
    >
      <Await query={list} rows={5}>
        {({ waves }) =>
          waves.length === 0 ? (
            <Empty title="Nobody has been asked yet" action={begin}>
              A wave asks one audience: product managers, leaders, or sales and support. What they say shows where the
              hours go, and that decides what Product Operations takes away first.
            </Empty>
          ) : (
            <ul className="waves">
              {waves.map((w) => (
                <WaveLine key={w.id} wave={w} />
              ))}
            </ul>
          )
        }
      </Await>
      {isNew ? <NewWave onClose={() => setNew(false)} /> : null}
    </Page>
  )
}

const stateOf = (w: Wave): string =>
  w.state === 'draft'
    ? 'Draft'
    : w.state === 'open'
      ? `Open until ${day(w.closesOn)}`
      : `Closed ${w.closedAt ? day(w.closedAt.slice(0, 10)) : ''}`

function WaveLine({ wave: w }: { wave: Wave }) {
  return (
    <li>
      <div>
        <h2>
          <PlaceLink address={`/start/tour/${w.id}`}>{w.title}</PlaceLink>
        </h2>
        <p className="small soft">
          {audienceNames[w.audience]} · {stateOf(w)}
        </p>
      </div>
      <Response wave={w} />
    </li>
  )
}

/** A fortnight from today: long enough for a holiday, short enough to be remembered. */
const inAFortnight = () => new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 10)

function NewWave({ onClose }: { onClose: () => void }) {
  const workspace = useWorkspace()
  const navigate = useNavigate()
  const [audience, setAudience] = useState<Audience>('product-managers')
  const [title, setTitle] = useState('')
  const [closesOn, setClosesOn] = useState(inAFortnight)
  const create = useWrite('setup.tour.create')
  const submit = () =>
    create.mutate(
      { audience, title: title || audienceNames[audience], closesOn },
      { onSuccess: (wave) => void navigate({ to: `/w/${workspace}/start/tour/${wave.id}` as never }) },
    )
  return (
    <FormModal title="New wave" onClose={onClose}>
      <div className="stack">
        <Select
          label="Who is asked?"
          allowDeselect={false}
          value={audience}
          onChange={(v) => setAudience((v ?? 'product-managers') as Audience)}
          data={Object.entries(audienceNames).map(([value, label]) => ({ value, label }))}
        />
        <TextInput
          label="Title"
          placeholder={audienceNames[audience]}
          value={title}
          onChange={(e) => setTitle(e.currentTarget.value)}
        />
        <TextInput
          label="Open until"
          type="date"
          value={closesOn}
          onChange={(e) => setClosesOn(e.currentTarget.value)}
        />
        {create.error ? <Failed error={create.error} /> : null}
        <Button loading={create.isPending} onClick={submit}>
          Start from the question set
        </Button>
      </div>
    </FormModal>
  )
}
