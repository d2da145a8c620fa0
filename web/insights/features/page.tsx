/** The feature catalogue: which raw events are which feature, and what is still no feature's. */
import { Button, TextInput } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Feature } from '../../../src/insights/features/schemas.ts'
import { useRead, useWorkspace } from '../../api.ts'
import { useMay } from '../../session.ts'
import { CsvButton } from '../../ui/csv-button.tsx'
import { count, day, percent, plural } from '../../ui/format.ts'
import { Page, Section } from '../../ui/page.tsx'
import { Await, Empty } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { FeatureDrawer, type Editing } from './drawer.tsx'
import { Proposals } from './proposals.tsx'
import { useFeatures } from './use-features.ts'
import { FeatureName } from './feature-name.tsx'
import './feature-page.css'

const kindWords = { exact: 'is', prefix: 'begins with', pattern: 'fits' } as const
const rulesText = (f: Pick<Feature, 'rules'>) =>
  f.rules.map((r) => (r.kind === 'exact' ? r.value : r.kind === 'prefix' ? `${r.value}*` : r.value)).join(', ')

export function FeaturesPage() {
  const workspace = useWorkspace()
  const mayEdit = useMay('insights:edit')
  const navigate = useNavigate()
  const features = useFeatures()
  const [editing, setEditing] = useState<Editing | null>(null)
  const { data } = features
  return (
    <Page
      title="Which events are which feature?"
      lead={
        data && data.events > 0 ? (
          <>
            {plural(data.features.length, 'feature', 'features')} from {count(data.eventNames - data.unmappedNames)} of{' '}
            {plural(data.eventNames, 'event name', 'event names')}. {percent(data.unmappedEvents / data.events)} of all
            events belong to none: they are counted and never become a line of the heat map.
          </>
        ) : (
          'A feature is what people get value from; its events are how its use shows. A rule per feature turns raw event names into features.'
        )
      }
      actions={
        mayEdit ? (
          <Button onClick={() => setEditing({ feature: null, rules: [] })} variant="default">
            New feature
          </Button>
        ) : undefined
      }
    >
      <Section title="Features" actions={<CsvButton operation="insights.features.list" input={{}} />}>
        <Await query={features}>
          {(list) => (
            <Table
              label="Features"
              columns={columns}
              rows={list.features}
              keyOf={(f) => f.id}
              initialSort={{ key: 'events', down: true }}
              onOpen={(feature) => {
                void navigate({ to: `/w/${workspace}/insights/feature`, search: { id: feature.id } as never })
              }}
              empty={
                <Empty
                  title="No feature is named yet"
                  action={
                    list.eventNames === 0 ? (
                      <Button component={Link} to={`/w/${workspace}/data/import`}>
                        Import usage
                      </Button>
                    ) : undefined
                  }
                >
                  {list.eventNames === 0
                    ? 'Import usage first: its event names are then grouped and proposed here.'
                    : 'The groups below are proposed from the event names. Take what is right, leave what is not.'}
                </Empty>
              }
            />
          )}
        </Await>
      </Section>
      {mayEdit && data && data.unmappedNames > 0 ? <Proposals onEdit={setEditing} /> : null}
      {data && data.unmappedNames > 0 ? <Unmapped onEdit={mayEdit ? setEditing : null} /> : null}
      <FeatureDrawer editing={editing} features={data?.features ?? []} onClose={() => setEditing(null)} />
    </Page>
  )
}

const columns: Column<Feature>[] = [
  {
    key: 'name',
    title: 'Feature',
    by: (f) => f.name.toLowerCase(),
    render: (f) => <FeatureName name={f.name} isCore={f.isCore} />,
  },
  { key: 'area', title: 'Area', by: (f) => f.area, render: (f) => f.area ?? <span className="faint">–</span> },
  { key: 'owner', title: 'Owner', by: (f) => f.owner, render: (f) => f.owner ?? <span className="faint">–</span> },
  {
    key: 'adoption',
    title: 'Adopted when',
    by: (f) => f.definitionVersion,
    render: (f) => (
      <span className="cut" title={f.adoption}>
        {f.definitionVersion === null ? <span className="faint">default: any use</span> : f.adoption}
        {f.proposals > 0 ? (
          <span className="version-state is-proposed"> {plural(f.proposals, 'proposal', 'proposals')}</span>
        ) : null}
      </span>
    ),
  },
  {
    key: 'released',
    title: 'Released',
    by: (f) => f.releasedOn,
    render: (f) => (f.releasedOn ? day(f.releasedOn) : <span className="faint">always there</span>),
  },
  {
    key: 'rules',
    title: 'Its event names',
    render: (f) => (
      <span className="cut" title={f.rules.map((r) => `${kindWords[r.kind]} ${r.value}`).join('\n')}>
        {rulesText(f) || <span className="faint">no rule yet</span>}
      </span>
    ),
  },
  { key: 'names', title: 'Names', by: (f) => f.eventNames, render: (f) => count(f.eventNames), isNumber: true },
  { key: 'events', title: 'Events', by: (f) => f.events, render: (f) => count(f.events), isNumber: true },
  {
    key: 'last',
    title: 'Last use',
    by: (f) => f.lastUse,
    render: (f) => (f.lastUse ? day(f.lastUse) : <span className="faint">never</span>),
    isNumber: true,
  },
]

const pageSize = 50

function Unmapped({ onEdit }: { onEdit: ((editing: Editing) => void) | null }) {
  const [search, setSearch] = useState('')
  const [limit, setLimit] = useState(pageSize)
  const names = useRead('insights.features.eventNames', { search, unmappedOnly: true, limit }, { keepPrevious: true })
  return (
    <Section
      title="Event names of no feature"
      note="General traffic belongs here. Open a name to make it a feature."
      actions={
        <>
          <TextInput
            size="xs"
            placeholder="Search names"
            aria-label="Search names"
            value={search}
            onChange={(e) => setSearch(e.currentTarget.value)}
          />
          <CsvButton operation="insights.features.eventNames" input={{ unmappedOnly: true, limit: 200 }} />
        </>
      }
    >
      <Await query={names} rows={5}>
        {({ rows, total }) => (
          <>
            <Table
              label="Event names of no feature"
              isPaged
              columns={[
                { key: 'name', title: 'Event name', render: (n) => <code>{n.name}</code> },
                { key: 'events', title: 'Events', render: (n) => count(n.events), isNumber: true },
              ]}
              rows={rows}
              keyOf={(n) => n.name}
              maxHeight={420}
              onOpen={onEdit ? (n) => onEdit({ feature: null, rules: [{ kind: 'exact', value: n.name }] }) : undefined}
              empty={<p className="soft">No name fits.</p>}
            />
            <div className="table-foot">
              <span>
                {count(rows.length)} of {count(total)} shown
                {rows.length < total && limit < 200 ? (
                  <Button size="compact-xs" variant="subtle" ml={8} onClick={() => setLimit(200)}>
                    Show more
                  </Button>
                ) : null}
              </span>
            </div>
          </>
        )}
      </Await>
    </Section>
  )
}
