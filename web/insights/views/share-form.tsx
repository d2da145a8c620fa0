/** With whom, and what beyond rates and sums. */
import { Button, Checkbox, MultiSelect, Switch, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Grants, ViewSummary } from '../../../src/sharing/schemas.ts'
import { useRead, type ApiError } from '../../api.ts'
import { Failed } from '../../ui/states.tsx'
import './views.css'

export interface Audience {
  title: string
  note: string
  people: string[]
  forStakeholders: boolean
  grants: Grants
}
export const freshAudience = (title: string): Audience => ({
  title,
  note: '',
  people: [],
  forStakeholders: false,
  grants: { accounts: false, names: false, export: false },
})
export const audienceOf = (v: ViewSummary): Audience => ({
  title: v.title,
  note: v.note,
  people: v.people.map((p) => p.userId),
  forStakeholders: v.forStakeholders,
  grants: v.grants,
})

interface Props {
  start: Audience
  lead: string
  verb: string
  error: ApiError | null
  isPending: boolean
  onSave: (audience: Audience) => void
}

export function ShareForm({ start, lead, verb, error, isPending, onSave }: Props) {
  const colleagues = useRead('people.colleagues', {})
  const [audience, setAudience] = useState(start)
  const change = (some: Partial<Audience>) => setAudience((now) => ({ ...now, ...some }))
  const grant = (some: Partial<Grants>) => change({ grants: { ...audience.grants, ...some } })
  return (
    <form
      className="share-form"
      onSubmit={(event) => {
        event.preventDefault()
        onSave(audience)
      }}
    >
      {error ? <Failed error={error} /> : null}
      <p className="soft">{lead}</p>
      <TextInput
        label="Title"
        required
        maxLength={160}
        value={audience.title}
        onChange={(e) => change({ title: e.currentTarget.value })}
        data-autofocus
      />
      <Textarea
        label="Note"
        description="What to look at, or why it is shared"
        autosize
        minRows={2}
        maxLength={2000}
        value={audience.note}
        onChange={(e) => change({ note: e.currentTarget.value })}
      />
      <MultiSelect
        label="People"
        placeholder={audience.people.length > 0 ? '' : 'nobody by name'}
        data={(colleagues.data?.rows ?? []).map((p) => ({
          value: p.userId,
          label: `${p.name}, ${p.role.replace('-', ' ')}`,
        }))}
        value={audience.people}
        onChange={(people) => change({ people })}
        searchable
        clearable
      />
      <Switch
        label="All stakeholders"
        description="Those who come later too"
        checked={audience.forStakeholders}
        onChange={(e) => change({ forStakeholders: e.currentTarget.checked })}
      />
      <fieldset className="share-grants">
        <legend>They may also</legend>
        <Checkbox
          label="See the accounts behind a figure, without their names"
          checked={audience.grants.accounts}
          onChange={(e) =>
            grant({ accounts: e.currentTarget.checked, ...(e.currentTarget.checked ? {} : { names: false }) })
          }
        />
        <Checkbox
          label="See names and owners of those accounts"
          description="Without them, segments and owners with fewer than 3 accounts are left out"
          checked={audience.grants.names}
          disabled={!audience.grants.accounts}
          onChange={(e) => grant({ names: e.currentTarget.checked })}
        />
        <Checkbox
          label="Take tables and pictures as files (CSV, PNG, SVG)"
          checked={audience.grants.export}
          onChange={(e) => grant({ export: e.currentTarget.checked })}
        />
      </fieldset>
      <div>
        <Button
          type="submit"
          loading={isPending}
          disabled={audience.title.trim() === '' || (audience.people.length === 0 && !audience.forStakeholders)}
        >
          {verb}
        </Button>
      </div>
    </form>
  )
}
