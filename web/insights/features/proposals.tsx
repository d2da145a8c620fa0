/** Groups of raw names that look like features: taken in bulk, named by a person. */
import { Button, Checkbox, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { FeatureProposal } from '../../../src/insights/features/schemas.ts'
import { useRead, useWrite } from '../../api.ts'
import { count, percent, plural } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { Await } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import type { Editing } from './drawer.tsx'

const keyOf = (p: FeatureProposal) => p.draft.rules.map((r) => `${r.kind}${r.value}`).join('|')
/** Groups worth a look are ticked from the start; the long tail is not. */
const worthALook = 0.01

export function Proposals({ onEdit }: { onEdit: (editing: Editing) => void }) {
  const proposals = useRead('insights.features.proposals', {})
  const apply = useWrite('insights.features.apply')
  const [ticks, setTicks] = useState<Record<string, boolean>>({})
  const [names, setNames] = useState<Record<string, string>>({})
  const [cores, setCores] = useState<Record<string, boolean>>({})
  const isTicked = (p: FeatureProposal) => ticks[keyOf(p)] ?? (!p.exists && p.shareOfUnmapped >= worthALook)
  const columns: Column<FeatureProposal>[] = [
    {
      key: 'tick',
      title: <span className="visually-hidden">Take</span>,
      width: 36,
      render: (p) => (
        <Checkbox
          size="xs"
          checked={isTicked(p)}
          onChange={(e) => setTicks({ ...ticks, [keyOf(p)]: e.currentTarget.checked })}
          aria-label={`Take ${p.draft.name}`}
        />
      ),
    },
    {
      key: 'name',
      title: 'Feature',
      render: (p) => (
        <TextInput
          size="xs"
          variant="default"
          w={170}
          aria-label={`Name for ${p.draft.name}`}
          value={names[keyOf(p)] ?? p.draft.name}
          onChange={(e) => setNames({ ...names, [keyOf(p)]: e.currentTarget.value })}
          error={p.exists && !names[keyOf(p)] ? 'There is one of this name' : undefined}
        />
      ),
    },
    {
      key: 'core',
      title: 'Core',
      render: (p) => (
        <Checkbox
          size="xs"
          checked={cores[keyOf(p)] ?? false}
          onChange={(e) => setCores({ ...cores, [keyOf(p)]: e.currentTarget.checked })}
          aria-label={`${p.draft.name} is core`}
        />
      ),
    },
    {
      key: 'why',
      title: 'Why',
      render: (p) => (
        <span className="wraps-cell" title={p.eventNames.map((n) => `${n.name}: ${count(n.events)}`).join('\n')}>
          {p.why}{' '}
          <span className="faint">
            {p.eventNames
              .slice(0, 3)
              .map((n) => n.name)
              .join(', ')}
            {p.eventNames.length > 3 ? ', …' : ''}
          </span>
        </span>
      ),
    },
    { key: 'events', title: 'Events', by: (p) => p.events, render: (p) => count(p.events), isNumber: true },
    { key: 'share', title: 'Of the unmapped', render: (p) => percent(p.shareOfUnmapped), isNumber: true },
    {
      key: 'edit',
      title: <span className="visually-hidden">Edit</span>,
      render: (p) => (
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => onEdit({ feature: null, rules: p.draft.rules, name: names[keyOf(p)] ?? p.draft.name })}
        >
          Edit
        </Button>
      ),
    },
  ]
  const take = (list: FeatureProposal[]) =>
    apply.mutate(
      {
        features: list.map((p) => ({
          ...p.draft,
          name: (names[keyOf(p)] ?? p.draft.name).trim(),
          isCore: cores[keyOf(p)] ?? false,
        })),
      },
      {
        onSuccess: ({ created, changed }) =>
          notifications.show({
            title: plural(created + changed, 'feature', 'features'),
            message: 'The figures are being refreshed.',
          }),
        onError: (error) => notifications.show({ color: 'red', title: 'Nothing was taken', message: error.message }),
      },
    )
  return (
    <Await query={proposals} rows={4}>
      {({ rows }) => {
        if (rows.length === 0) return null
        const taken = rows.filter(isTicked)
        return (
          <Section
            title="Proposed from the event names"
            note="Names that share a beginning or a word. Names of general traffic are left out. Rename, tick what is right, mark what is core."
            actions={
              <Button size="xs" disabled={taken.length === 0} loading={apply.isPending} onClick={() => take(taken)}>
                {taken.length === 0 ? 'Tick what is a feature' : `Make ${plural(taken.length, 'feature', 'features')}`}
              </Button>
            }
          >
            <Table
              label="Proposed features"
              columns={columns}
              rows={rows.slice(0, 100)}
              keyOf={keyOf}
              maxHeight={520}
            />
          </Section>
        )
      }}
    </Await>
  )
}
