/** The watched figures against what was said of them. */
import { Button } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { MetricRow } from '../../../src/insights/targets/schemas.ts'
import { useRead, useWorkspace } from '../../api.ts'
import { useMay } from '../../session.ts'
import { CsvButton } from '../../ui/csv-button.tsx'
import { month, plural } from '../../ui/format.ts'
import { Page, Section } from '../../ui/page.tsx'
import { Await, Empty } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { GoalsDrawer, type Watching } from './goals-form.tsx'
import { PublishedSection } from './published.tsx'
import { Sparkline, State } from './state.tsx'
import { changeOf, exactFigure, figure, refSearch, targetStates, targetText } from './words.ts'
import './metrics.css'

const title = 'How are we doing against what we said?'
const fresh: Watching = { metric: null, ref: null, title: 'Watch a figure', targets: [], thresholds: [] }

export function MetricsPage() {
  const workspace = useWorkspace()
  const may = useMay('insights:edit')
  const navigate = useNavigate()
  const metrics = useRead('insights.metrics.list', {})
  const [watching, setWatching] = useState<Watching | null>(null)
  const open = (m: MetricRow) => {
    void navigate({
      to: '/w/$workspace/insights/metrics/$measure',
      params: { workspace, measure: m.ref.measure },
      search: refSearch(m.ref),
    })
  }
  return (
    <Page
      title={title}
      lead={
        metrics.data && metrics.data.rows.length > 0 ? (
          <p>{leadOf(metrics.data.rows)}</p>
        ) : (
          'Figures that somebody gave a target, or wants to be told of when they move.'
        )
      }
      actions={
        may ? (
          <Button onClick={() => setWatching(fresh)} variant="default">
            Watch a figure
          </Button>
        ) : undefined
      }
    >
      <Await query={metrics} rows={8}>
        {({ rows, currency, month: at }) => (
          <Section
            title={at ? `Watched figures, ${month(at)}` : 'Watched figures'}
            note={at ? 'Against the month before and the next target. The run is of thirteen months.' : undefined}
            actions={rows.length > 0 ? <CsvButton operation="insights.metrics.list" input={{}} /> : undefined}
          >
            {rows.length === 0 ? (
              <Empty
                title="Nothing is watched yet"
                action={
                  may ? (
                    <Button onClick={() => setWatching(fresh)}>Watch a figure</Button>
                  ) : (
                    <Button component={Link} variant="default" to={`/w/${workspace}/insights/metrics/nrr`}>
                      Look at NRR
                    </Button>
                  )
                }
              >
                Choose a figure such as NRR of Enterprise, say what it should be and by when, and be told when it
                crosses a line. Every figure has a page of its own, watched or not: its definition, its values over
                time, and the files it comes from.
              </Empty>
            ) : (
              <Table
                label="Watched figures"
                columns={columns(currency, workspace)}
                rows={rows}
                keyOf={(m) => m.id}
                onOpen={open}
              />
            )}
          </Section>
        )}
      </Await>
      <PublishedSection />
      <GoalsDrawer watching={watching} onClose={() => setWatching(null)} />
    </Page>
  )
}

function leadOf(rows: readonly MetricRow[]): string {
  const aimed = rows.filter((r) => r.target)
  const met = aimed.filter((r) => r.state === 'met').length
  const missed = aimed.filter((r) => r.state === 'missed').length
  const crossed = rows.filter((r) => r.openAlerts > 0).length
  const parts = [
    aimed.length === 0
      ? `${plural(rows.length, 'figure is', 'figures are')} watched, none has a target yet`
      : `${met} of ${plural(aimed.length, 'target', 'targets')} met${missed > 0 ? `, ${missed} missed` : ''}`,
    crossed > 0
      ? `${plural(crossed, 'figure is', 'figures are')} beyond a threshold`
      : 'no figure is beyond a threshold',
  ]
  return `${parts.join('; ')}.`
}

const columns = (currency: string, workspace: string): Column<MetricRow>[] => [
  {
    key: 'title',
    title: 'Figure',
    by: (m) => m.title,
    render: (m) => (
      <Link
        to="/w/$workspace/insights/metrics/$measure"
        params={{ workspace, measure: m.ref.measure }}
        search={refSearch(m.ref)}
        onClick={(e) => e.stopPropagation()}
      >
        {m.title}
      </Link>
    ),
  },
  {
    key: 'value',
    title: 'Value',
    render: (m) =>
      m.point?.value == null ? (
        <span className="faint" title={m.problem ?? 'Fewer than 10 accounts, or no such month'}>
          {m.problem ? 'none' : `n ${m.point?.base ?? 0}`}
        </span>
      ) : (
        <strong title={exactFigure(m.point.value, m.unit, currency)}>
          {m.point.mark === 'directional' ? '~ ' : ''}
          {figure(m.point.value, m.unit, currency)}
        </strong>
      ),
    isNumber: true,
  },
  {
    key: 'prior',
    title: 'In a month',
    render: (m) =>
      m.point?.value == null || m.prior === null ? (
        <span className="faint">–</span>
      ) : (
        changeOf(m.prior, m.point.value, m.unit, currency)
      ),
    isNumber: true,
  },
  {
    key: 'run',
    title: 'Run',
    render: (m) => (
      <Sparkline values={m.points.map((p) => p.value)} label={`${m.title} over ${m.points.length} months`} />
    ),
  },
  {
    key: 'target',
    title: 'Target',
    render: (m) => (m.target ? targetText(m.target, m.unit, currency) : <span className="faint">none</span>),
    startsGroup: true,
  },
  {
    key: 'state',
    title: 'State',
    by: (m) => m.state,
    render: (m) => (m.state === 'no-target' ? <span className="faint">–</span> : <State of={targetStates[m.state]} />),
  },
  {
    key: 'alerts',
    title: 'Thresholds',
    by: (m) => m.openAlerts,
    render: (m) =>
      m.openAlerts > 0 ? (
        <State of={{ mark: '▲', text: `${m.openAlerts} crossed`, tone: 'bad' }} />
      ) : m.thresholds.length > 0 ? (
        'within'
      ) : (
        <span className="faint">none</span>
      ),
  },
]
