/** What data is there, what came in with each file, and how to take it back. */
import { Button, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type {
  listBatchesOperation,
  readOverviewOperation,
  undoBatchOperation,
} from '../../../src/insights/datasets/importing/operations.ts'
import type { listMappingsOperation, removeMapping } from '../../../src/insights/datasets/mapping/operations.ts'
import type { Batch, DatasetOverview } from '../../../src/insights/datasets/schemas.ts'
import { csvAddress, useRead, useWorkspace, useWrite, type OutputOf } from '../../api.ts'
import { useHere, useMay } from '../../session.ts'
import type { listDataFindings, readUsageDays } from '../../../src/insights/freshness/operations.ts'
import type { DatasetAge } from '../../../src/insights/freshness/schemas.ts'
import { useFreshness } from '../../freshness.tsx'
import { CsvButton } from '../../ui/csv-button.tsx'
import { ago, count, day, moment, percent, plural } from '../../ui/format.ts'
import { Page, Section } from '../../ui/page.tsx'
import { Await, Empty, Loading } from '../../ui/states.tsx'
import { useAddress } from '../../ui/address.ts'
import { Table, type Column } from '../../ui/table.tsx'
import { download } from '../../ui/picture.ts'
import { ExpectDrawer } from '../freshness/expect-drawer.tsx'
import { NoticeList, PastFindings } from '../freshness/notices.tsx'
import { Schedules } from '../freshness/schedules.tsx'
import type { UsageDay } from '../freshness/usage-days.tsx'
import { SampleStays } from './sample-stays.tsx'
import { datasetNames } from './words.ts'
import './import.css'

const UsageDays = lazy(() => import('../freshness/usage-days.tsx').then((m) => ({ default: m.UsageDays })))

export function DataPage() {
  const workspace = useWorkspace()
  const here = useHere()
  const mayEdit = useMay('insights:edit')
  const canImport = mayEdit && here?.kind === 'own'
  const [expecting, setExpecting] = useState<DatasetAge>()
  const overview = useRead<typeof readOverviewOperation>('insights.datasets.overview', {})
  const fresh = useFreshness()
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
      <State onExpect={canImport ? setExpecting : null} />
      <Section title="Datasets">
        <Await query={overview}>
          {({ rows }) => (
            <Table
              label="Datasets"
              columns={overviewColumns(fresh.data?.datasets ?? [], canImport ? setExpecting : null)}
              rows={rows}
              keyOf={(r) => r.dataset}
            />
          )}
        </Await>
      </Section>
      <Days />
      {mayEdit ? <Schedules /> : null}
      {mayEdit ? <Imports /> : null}
      {mayEdit ? <Mappings /> : null}
      <ExpectDrawer of={expecting} onClose={() => setExpecting(undefined)} />
    </Page>
  )
}

/** Whether the data can be relied on today, first of all. */
function State({ onExpect }: { onExpect: ((age: DatasetAge) => void) | null }) {
  const fresh = useFreshness()
  const findings = useRead<typeof listDataFindings>('insights.freshness.findings', {})
  return (
    <Section id="fresh" title="Is it fresh and sound?" note="Checked after each import and refresh, by fixed rules.">
      <Await query={fresh} rows={2}>
        {({ late, stopped, old, dataTo, refreshedAt, datasets }) => {
          const found = findings.data?.rows ?? []
          const none = datasets.every((d) => d.lastImportAt === null)
          const usage = datasets.find((d) => d.dataset === 'usage')
          const aged = old ? (
            <div className="old-data">
              <span>{old.text}</span>
              {onExpect && usage ? (
                <Button size="compact-xs" variant="default" onClick={() => onExpect(usage)}>
                  Say when it is expected
                </Button>
              ) : null}
            </div>
          ) : null
          return late.length + stopped.length + found.length > 0 ? (
            <>
              <NoticeList late={late} stopped={stopped} findings={found} />
              {aged}
            </>
          ) : (
            (aged ?? (
              <p className="all-well">
                {none ? (
                  <span className="soft">There is no data yet.</span>
                ) : (
                  <>
                    <span aria-hidden>✓</span>
                    <span>
                      Nothing is late and nothing looks odd.{' '}
                      {dataTo ? `Usage is known to ${day(dataTo)}` : 'There is no usage yet'}
                      {refreshedAt ? `, refreshed ${ago(refreshedAt)}` : ''}.
                    </span>
                  </>
                )}
              </p>
            ))
          )
        }}
      </Await>
      <PastFindings />
    </Section>
  )
}

/** Rows by day, where a gap and a low day can be seen; nothing where there is no usage. */
function Days() {
  const days = useRead<typeof readUsageDays>('insights.freshness.days', {})
  if (!days.data || days.data.rows.length === 0) return null
  const { rows } = days.data
  return (
    <Section
      id="days"
      title="Usage by day"
      actions={<CsvButton operation="insights.freshness.days" input={{ days: 366 }} />}
    >
      <Suspense fallback={<Loading rows={6} />}>
        <UsageDays rows={rows} />
      </Suspense>
      <details className="more-lines">
        <summary>As a table</summary>
        <Table
          label="Usage by day"
          columns={dayColumns}
          rows={rows}
          keyOf={(d) => d.day}
          initialSort={{ key: 'day', down: true }}
          maxHeight={320}
        />
      </details>
    </Section>
  )
}

const dayColumns: Column<UsageDay>[] = [
  { key: 'day', title: 'Day', by: (d) => d.day, render: (d) => day(d.day) },
  { key: 'rows', title: 'Rows', by: (d) => d.rows, render: (d) => count(d.rows), isNumber: true },
  {
    key: 'matched',
    title: 'Of a known account',
    by: (d) => d.matched / d.rows,
    render: (d) => percent(d.matched / d.rows),
    isNumber: true,
  },
  {
    key: 'unmapped',
    title: 'Of these of no feature',
    by: (d) => (d.matched === 0 ? 0 : d.unmapped / d.matched),
    render: (d) => percent(d.matched === 0 ? null : d.unmapped / d.matched),
    isNumber: true,
  },
]

const overviewColumns = (
  ages: readonly DatasetAge[],
  onExpect: ((age: DatasetAge) => void) | null,
): Column<DatasetOverview>[] => [
  {
    key: 'dataset',
    title: 'Dataset',
    width: 300,
    render: (r) => (
      <>
        {datasetNames[r.dataset].title}
        <span className="faint small wraps"> {datasetNames[r.dataset].what}</span>
      </>
    ),
  },
  {
    key: 'rows',
    title: 'Rows',
    render: (r) => (r.rows === 0 ? <span className="faint">none yet</span> : count(r.rows)),
    isNumber: true,
  },
  { key: 'sources', title: 'From', render: (r) => r.sources.join(', ') || <span className="faint">–</span> },
  {
    key: 'days',
    title: 'Days',
    render: (r) => (r.firstDay ? `${day(r.firstDay)} to ${day(r.lastDay)}` : <span className="faint">–</span>),
  },
  {
    key: 'last',
    title: 'Last import',
    render: (r) =>
      r.lastImportAt ? (
        <span title={moment(r.lastImportAt)}>{ago(r.lastImportAt)}</span>
      ) : (
        <span className="faint">–</span>
      ),
    isNumber: true,
  },
  {
    key: 'expected',
    title: 'Expected',
    render: (r) => {
      const age = ages.find((a) => a.dataset === r.dataset)
      return age ? <Expected age={age} onExpect={onExpect} /> : null
    },
  },
]

function Expected({ age, onExpect }: { age: DatasetAge; onExpect: ((age: DatasetAge) => void) | null }) {
  const set = onExpect ? (
    <Button
      size="compact-xs"
      variant="default"
      aria-label={`${age.expected ? 'Change' : 'Set'} by when ${datasetNames[age.dataset].title} are expected`}
      onClick={() => onExpect(age)}
    >
      {age.expected ? 'Change' : 'Set'}
    </Button>
  ) : null
  if (!age.expectedText)
    return (
      <span className="expected-cell">
        <span className="faint">–</span>
        {set}
      </span>
    )
  return (
    <span className="expected-cell">
      <span
        className={age.late ? 'is-late' : undefined}
        title={`${age.expectedText}. ${age.late ? `Late: ${age.late}` : `Next by ${moment(age.nextBy)}`}`}
      >
        {age.late ? 'late: ' : ''}
        {age.expectedText.split(', ')[0]}
      </span>
      {set}
    </span>
  )
}

function Imports() {
  const workspace = useWorkspace()
  const here = useHere()
  const batches = useRead<typeof listBatchesOperation>('insights.datasets.batches', { limit: 100 })
  const undo = useWrite<typeof undoBatchOperation>('insights.datasets.undo')
  const takeBack = (batch: Batch) =>
    undo.mutate(
      { batchId: batch.id },
      {
        onSuccess: () =>
          notifications.show({
            title: `Import ${batch.id} is being taken back`,
            message: `${batch.fileName}. Import the file again to bring it back.`,
          }),
        onError: (error) => notifications.show({ color: 'red', title: 'This was not undone', message: error.message }),
      },
    )
  const columns: Column<Batch>[] = [
    {
      key: 'file',
      title: 'File',
      render: (b) => (
        <div className={b.undoneAt ? 'faint cut cut-short' : 'cut cut-short'} title={b.fileName}>
          {b.undoneAt ? <s>{b.fileName}</s> : b.fileName}
        </div>
      ),
    },
    {
      key: 'dataset',
      title: 'Dataset',
      render: (b) => (
        <div className="cut cut-shorter" title={`${datasetNames[b.dataset].title}, ${b.source}`}>
          {datasetNames[b.dataset].title}, {b.source}
        </div>
      ),
    },
    {
      key: 'read',
      title: 'Read',
      by: (b) => b.books.read,
      render: (b) => count(b.books.read),
      isNumber: true,
      startsGroup: true,
    },
    { key: 'new', title: 'New', by: (b) => b.books.new, render: (b) => count(b.books.new), isNumber: true },
    {
      key: 'changed',
      title: 'Changed',
      by: (b) => b.books.changed,
      render: (b) => count(b.books.changed),
      isNumber: true,
    },
    {
      key: 'unchanged',
      title: 'Unchanged',
      by: (b) => b.books.unchanged,
      render: (b) => count(b.books.unchanged),
      isNumber: true,
    },
    {
      key: 'rejected',
      title: 'Rejected',
      by: (b) => b.books.rejected,
      render: (b) =>
        b.books.rejected > 0 ? (
          <a href={csvAddress('insights.datasets.rejects', workspace, { jobId: b.jobId })}>{count(b.books.rejected)}</a>
        ) : (
          '0'
        ),
      isNumber: true,
    },
    {
      key: 'at',
      title: 'When',
      by: (b) => b.committedAt,
      render: (b) => <span title={`by ${b.importedBy}`}>{moment(b.committedAt)}</span>,
      isNumber: true,
      startsGroup: true,
    },
    {
      key: 'undo',
      title: <span className="visually-hidden">Undo</span>,
      render: (b) =>
        b.undoneAt ? (
          <span className="faint small" title={`undone ${moment(b.undoneAt)}`}>
            undone
          </span>
        ) : here?.kind === 'sample' ? null : (
          <Button
            size="compact-xs"
            variant="default"
            disabled={!b.canUndo || undo.isPending}
            title={b.blockedBy === null ? undefined : `Undo import ${b.blockedBy} first: it came after this one`}
            onClick={() => takeBack(b)}
          >
            Undo
          </Button>
        ),
    },
  ]
  return (
    <Section
      id="imports"
      title="Imports"
      note="Read = new + changed + unchanged + rejected. The newest of a dataset is undone first."
      actions={<CsvButton operation="insights.datasets.batches" input={{ limit: 200 }} />}
    >
      <Await query={batches}>
        {({ rows }) => (
          <Table
            label="Imports"
            columns={columns}
            rows={rows}
            keyOf={(b) => String(b.id)}
            empty={
              <Empty
                title="Nothing was imported yet"
                action={
                  here?.kind === 'own' ? (
                    <Button component={Link} to={`/w/${workspace}/data/import`}>
                      Import a file
                    </Button>
                  ) : undefined
                }
              >
                Begin with accounts, then subscriptions, then usage; any order works.
              </Empty>
            }
          />
        )}
      </Await>
    </Section>
  )
}

type Saved = OutputOf<typeof listMappingsOperation>['rows'][number]

function Mappings() {
  const here = useHere()
  const [, set] = useAddress<{ repeat?: string }>()
  const mappings = useRead<typeof listMappingsOperation>('insights.mappings.list', {})
  const remove = useWrite<typeof removeMapping>('insights.mappings.remove')
  const columns: Column<Saved>[] = [
    { key: 'name', title: 'Mapping', by: (m) => m.name, render: (m) => m.name },
    {
      key: 'fields',
      title: 'Fields',
      render: (m) => <span className="soft">{Object.keys(m.mapping.fields).join(', ')}</span>,
    },
    { key: 'at', title: 'Saved', by: (m) => m.updatedAt, render: (m) => moment(m.updatedAt), isNumber: true },
    {
      key: 'more',
      title: <span className="visually-hidden">Actions</span>,
      render: (m) => (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button size="compact-xs" variant="default" aria-label={`Actions for ${m.name}`}>
              …
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              onClick={() =>
                download(
                  `${m.name.replaceAll(/[^\w-]+/g, '-')}.mapping.yaml`,
                  new Blob([m.yaml], { type: 'text/yaml' }),
                )
              }
            >
              Download as YAML
            </Menu.Item>
            {here?.kind === 'own' ? (
              <Menu.Item onClick={() => set({ repeat: m.id })}>Repeat it by a schedule</Menu.Item>
            ) : null}
            <Menu.Item onClick={() => remove.mutate({ id: m.id })}>Forget it</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ),
    },
  ]
  return (
    <Section
      title="Mappings"
      note="Saved with each import and proposed again for a file with the same columns. As a file they serve the command line."
    >
      <Await query={mappings} rows={3}>
        {({ rows }) => (
          <Table
            label="Mappings"
            columns={columns}
            rows={rows}
            keyOf={(m) => m.id}
            empty={<p className="soft">{plural(0, 'mapping', 'mappings')} saved yet; the first import saves one.</p>}
          />
        )}
      </Await>
    </Section>
  )
}
