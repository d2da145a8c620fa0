/** One feature and its rules; what the rules would catch is shown while they are written. */
import { Autocomplete, Button, Checkbox, Select, TagsInput, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { Feature, FeatureRule } from '../../../src/insights/features/schemas.ts'
import { useRead, useWrite, type ApiError } from '../../api.ts'
import { count, plural } from '../../ui/format.ts'
import { FormLines } from '../../ui/form-lines.tsx'
import { SideDrawer } from '../../ui/side-drawer.tsx'
import { Await, Failed } from '../../ui/states.tsx'
import { showUndo } from '../../ui/undo.tsx'
import './drawer.css'

export interface Editing {
  feature: Feature | null
  rules: FeatureRule[]
  name?: string
}

export function FeatureDrawer({
  editing,
  features,
  onClose,
}: {
  editing: Editing | null
  features: readonly Feature[]
  onClose: () => void
}) {
  return (
    <SideDrawer of={editing} onClose={onClose} title={({ feature }) => feature?.name ?? 'New feature'}>
      {(open) => (
        <Form
          key={open.feature?.id ?? JSON.stringify(open.rules)}
          editing={open}
          features={features}
          onClose={onClose}
        />
      )}
    </SideDrawer>
  )
}

function Form({ editing, features, onClose }: { editing: Editing; features: readonly Feature[]; onClose: () => void }) {
  const { feature } = editing
  const [name, setName] = useState(feature?.name ?? editing.name ?? '')
  const [area, setArea] = useState(feature?.area ?? '')
  const [isCore, setCore] = useState(feature?.isCore ?? false)
  const [releasedOn, setReleased] = useState(feature?.releasedOn ?? '')
  const [rules, setRules] = useState<FeatureRule[]>(
    editing.rules.length > 0 ? editing.rules : [{ kind: 'prefix', value: '' }],
  )
  const [owner, setOwner] = useState(feature?.owner ?? '')
  const [plans, setPlans] = useState<string[] | null>(feature?.entitledPlans ?? null)
  const known = useRead(
    'insights.features.get',
    { id: feature?.id ?? '' },
    { enabled: feature !== null && plans !== null },
  )
  const update = useWrite('insights.features.update')
  const create = useWrite('insights.features.apply')
  const remove = useWrite('insights.features.remove')
  const error: ApiError | null = update.error ?? create.error ?? remove.error
  const given = rules.filter((r) => r.value !== '')
  const draft = {
    name: name.trim(),
    area: area.trim() || null,
    isCore,
    releasedOn: releasedOn || null,
    owner: owner.trim() || null,
    entitledPlans: plans,
    rules: given,
  }
  const done = (title: string) => {
    notifications.show({ title, message: 'The figures are being refreshed.' })
    onClose()
  }
  const save = () => {
    if (feature)
      update.mutate(
        { id: feature.id, version: feature.version, ...draft },
        { onSuccess: () => done(`${draft.name} is saved`) },
      )
    else create.mutate({ features: [draft] }, { onSuccess: () => done(`${draft.name} is made`) })
  }
  const takeOut = () => {
    if (!feature) return
    remove.mutate(
      { id: feature.id },
      {
        onSuccess: () => {
          showUndo(`${feature.name} is taken out`, () => create.mutate({ features: [draftOf(feature)] }))
          onClose()
        },
      },
    )
  }
  return (
    <form
      className="feature-form"
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      {error ? <Failed error={error} /> : null}
      <TextInput label="Name" required maxLength={80} value={name} onChange={(e) => setName(e.currentTarget.value)} />
      <Autocomplete
        label="Area"
        description="Groups features, e.g. Teamwork or Insight"
        data={[...new Set(features.flatMap((f) => f.area ?? []))]}
        value={area}
        onChange={setArea}
      />
      <Checkbox
        label="Core: the product is not the same without it"
        checked={isCore}
        onChange={(e) => setCore(e.currentTarget.checked)}
      />
      <TextInput
        label="Released on"
        description="Before that day nobody is eligible; empty: it was always there"
        type="date"
        value={releasedOn}
        onChange={(e) => setReleased(e.currentTarget.value)}
      />
      <TextInput
        label="Owner"
        description="Who looks after it"
        maxLength={120}
        value={owner}
        onChange={(e) => setOwner(e.currentTarget.value)}
      />
      <Checkbox
        label="Entitled as the entitlement files say, or everybody where there is none"
        checked={plans === null}
        onChange={(e) => setPlans(e.currentTarget.checked ? null : [])}
      />
      {plans === null ? null : (
        <TagsInput
          label="Plans that may use it"
          description="As the subscriptions name them"
          data={known.data?.plans ?? []}
          value={plans}
          onChange={setPlans}
        />
      )}
      <FormLines
        legend="Its event names"
        note="Exact goes before beginning before pattern; the longest wins. In a pattern * stands for anything and ? for one character."
        one="rule"
        lines={rules}
        fresh={(): FeatureRule => ({ kind: 'exact', value: '' })}
        onChange={setRules}
      >
        {(rule, change, place) => (
          <>
            <Select
              size="xs"
              w={130}
              aria-label={`Kind of rule ${place}`}
              data={[
                { value: 'exact', label: 'is' },
                { value: 'prefix', label: 'begins with' },
                { value: 'pattern', label: 'fits pattern' },
              ]}
              value={rule.kind}
              allowDeselect={false}
              onChange={(v) => change({ kind: v as FeatureRule['kind'] })}
            />
            <TextInput
              size="xs"
              className="form-line-value"
              aria-label={`Value of rule ${place}`}
              placeholder={rulePlaceholders[rule.kind]}
              value={rule.value}
              onChange={(e) => change({ value: e.currentTarget.value })}
            />
          </>
        )}
      </FormLines>
      <Caught id={feature?.id ?? null} rules={given} />
      <div className="feature-actions">
        <Button type="submit" disabled={draft.name === ''} loading={update.isPending || create.isPending}>
          {feature ? 'Save' : 'Make the feature'}
        </Button>
        {feature ? (
          <Button variant="default" onClick={takeOut} loading={remove.isPending}>
            Take it out
          </Button>
        ) : null}
      </div>
    </form>
  )
}

/** What it takes to make it again. */
const draftOf = ({ name, area, isCore, releasedOn, owner, entitledPlans, rules }: Feature) => ({
  name,
  area,
  isCore,
  releasedOn,
  owner,
  entitledPlans,
  rules,
})

const rulePlaceholders = { pattern: '*export*', prefix: 'report.', exact: 'report.created' }

function Caught({ id, rules }: { id: string | null; rules: FeatureRule[] }) {
  const [settled] = useDebouncedValue(rules, 250)
  const preview = useRead(
    'insights.features.preview',
    { id, rules: settled },
    { keepPrevious: true, enabled: settled.length > 0 },
  )
  if (settled.length === 0) return <p className="small faint">Without a rule the feature has no use.</p>
  return (
    <Await query={preview} rows={3}>
      {({ rows, names, events }) => (
        <div role="status">
          <p className="small">
            <strong>{plural(names, 'event name', 'event names')}</strong>, {plural(events, 'event', 'events')}
            {names === 0 ? ': no name in the data fits' : ''}
          </p>
          <ul className="caught">
            {rows.slice(0, 12).map((n) => (
              <li key={n.name}>
                <code>{n.name}</code>
                <span className="faint number">
                  {count(n.events)}
                  {n.featureId && n.featureId !== id ? `, now ${n.feature}` : ''}
                </span>
              </li>
            ))}
          </ul>
          {names > 12 ? <p className="small faint">and {count(names - 12)} more</p> : null}
        </div>
      )}
    </Await>
  )
}
