/** What data is there, what came in with each file, and how to take it back. */
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { DatasetAge } from '../../../src/insights/freshness/schemas.ts'
import { useRead, useWorkspace } from '../../api.ts'
import { useFreshness } from '../../freshness.tsx'
import { useHere, useMay } from '../../session.ts'
import { Page, Section } from '../../ui/page.tsx'
import { Await } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { ExpectDrawer } from '../freshness/expect-drawer.tsx'
import { Schedules } from '../freshness/schedules.tsx'
import { datasetColumns } from './dataset-columns.tsx'
import { useDatasetNames } from './words.ts'
import { HowSound } from './how-sound.tsx'
import { Imports } from './imports.tsx'
import { Mappings } from './mappings.tsx'
import { SampleStays } from './sample-stays.tsx'
import { UsageByDay } from './usage-by-day.tsx'
import './import.css'

export function DataPage() {
  const workspace = useWorkspace()
  const here = useHere()
  const mayEdit = useMay('insights:edit')
  const canImport = mayEdit && here?.kind === 'own'
  const [expecting, setExpecting] = useState<DatasetAge>()
  const overview = useRead('insights.datasets.overview', {})
  const fresh = useFreshness()
  const nameOf = useDatasetNames()
  return (
    <Page
      title="What data is there?"
      lead="Exports as your systems give them. Ids may differ from file to file; who is who is settled afterwards."
      actions={
        canImport ? (
          <Button component={Link} to={`/w/${workspace}/data/import`}>
            Import a file
          </Button>
        ) : undefined
      }
    >
      {here?.kind === 'sample' ? (
        <div className="page-remark">
          <SampleStays />
        </div>
      ) : null}
      <HowSound onExpect={canImport ? setExpecting : null} />
      <Section title="Datasets">
        <Await query={overview}>
          {({ rows }) => (
            <Table
              label="Datasets"
              columns={datasetColumns(nameOf, fresh.data?.datasets ?? [], canImport ? setExpecting : null)}
              rows={rows}
              keyOf={(r) => r.dataset}
            />
          )}
        </Await>
      </Section>
      <UsageByDay />
      {mayEdit ? <Schedules /> : null}
      {mayEdit ? <Imports /> : null}
      {mayEdit ? <Mappings /> : null}
      <ExpectDrawer of={expecting} onClose={() => setExpecting(undefined)} />
    </Page>
  )
}
