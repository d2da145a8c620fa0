/** One figure: what it is, how it went, what was aimed at, what was told, and what it is made of. */
import { Button, Select } from '@mantine/core'
import { useFocusReturn } from '@mantine/hooks'
import { Link, useParams } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { MeasureRef, MeasurePoint } from '../../../src/insights/targets/measures.ts'
import type { MetricPage as Data } from '../../../src/insights/targets/schemas.ts'
import { useRead, useWorkspace } from '../../api.ts'
import { useMay } from '../../session.ts'
import { useAddress } from '../../ui/address.ts'
import { count, day, month, plural, countedTitle } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { Empty, Loading } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { useOptions } from '../analyses/cut.ts'
import { AnalysisPage, TakeAway } from '../analyses/frame.tsx'
import { AlertList } from './alerts.tsx'
import { GoalsDrawer, type Watching } from './goals-form.tsx'
import { LineagePicture } from './lineage.tsx'
import { useMeasures } from './measure-fields.tsx'
import { PublishModal } from './publish.tsx'
import { PublishedTable } from './published.tsx'
import { State } from './state.tsx'
import { exactFigure, figure, refOf, targetStates, targetText, thresholdText, type RefSearch } from './words.ts'
import './metrics.css'

const OverTime = lazy(() => import('./over-time.tsx').then((m) => ({ default: m.OverTime })))

export function MetricPage() {
  const { measure = 'nrr' } = useParams({ strict: false }) as { measure?: string }
  const [search, set] = useAddress<RefSearch>()
  const ref = refOf(measure, search)
  const mayEdit = useMay('insights:edit')
  const measures = useMeasures()
  const options = useOptions()
  const of = measures.find((m) => m.measure === measure)
  const query = useRead('insights.metrics.get', { ref }, { keepPrevious: true })
  const [watching, setWatching] = useState<Watching | null>(null)
  const [isPublishing, setPublishing] = useState(false)
  useFocusReturn({ opened: isPublishing })
  const watch = (d: Data) =>
    setWatching({
      metric: d.metric,
      ref: d.ref,
      title: d.metric ? `Goals of ${d.title}` : `Watch ${d.title}`,
      targets: d.targets,
      thresholds: d.thresholds,
    })
  const { data } = query
  const segments = data?.segments ?? []
  return (
    <AnalysisPage
      title={titleOf(of?.name ?? measure, ref, data)}
      query={query}
      actions={
        mayEdit && data ? (
          <>
            <Button variant="default" onClick={() => watch(data)}>
              {data.metric ? 'Targets and thresholds' : 'Watch this figure'}
            </Button>
            <Button onClick={() => setPublishing(true)} disabled={data.points.every((p) => p.value === null)}>
              Publish
            </Button>
          </>
        ) : undefined
      }
      controls={
        <>
          <Select
            label="Accounts by"
            w={150}
            data={options.data?.attributes.filter((a) => !a.numeric && a.values <= 60).map((a) => a.key) ?? []}
            value={ref.segmentBy}
            onChange={(v) => set({ segmentBy: v ?? undefined, segment: undefined })}
            allowDeselect={false}
            searchable
          />
          <Select
            label="Only"
            w={180}
            placeholder="all accounts"
            data={segments}
            value={ref.segment}
            onChange={(v) => set({ segment: v ?? undefined })}
            clearable
            searchable
          />
          {of?.hasWindow ? (
            <Select
              label="Over"
              w={130}
              data={[3, 6, 12, 18, 24].map((n) => ({ value: String(n), label: plural(n, 'month', 'months') }))}
              value={String(ref.window)}
              onChange={(v) => set({ window: Number(v) === 12 ? undefined : Number(v) })}
              allowDeselect={false}
            />
          ) : null}
        </>
      }
    >
      {(d) => (
        <>
          <Figure data={d} />
          {isPublishing ? <PublishModal page={d} onClose={() => setPublishing(false)} /> : null}
          <GoalsDrawer watching={watching} onClose={() => setWatching(null)} />
        </>
      )}
    </AnalysisPage>
  )
}

const titleOf = (name: string, ref: MeasureRef, data: Data | undefined) =>
  `How is ${[name, data?.feature ? `of ${data.feature}` : null, ref.segment ? `of ${ref.segment}` : null].filter(Boolean).join(' ')} doing?`

function Figure({ data }: { data: Data }) {
  return (
    <>
      <Section
        title={
          data.points.length > 0
            ? `By month, ${month(data.points[0]!.month)} to ${month(data.points.at(-1)!.month)}`
            : 'By month'
        }
        actions={<TakeAway operation="insights.metrics.get" input={{ ref: data.ref }} />}
      >
        {data.points.some((p) => p.value !== null) ? (
          <Suspense fallback={<Loading rows={9} />}>
            <OverTime page={data} />
          </Suspense>
        ) : (
          <Empty title="There is no value in any of these months">
            It takes ten accounts for a share, and months that the data reaches. The table says of how many accounts
            each month would be.
          </Empty>
        )}
      </Section>
      <Goals data={data} />
      {data.alerts.length > 0 ? (
        <Section title="Thresholds that were crossed">
          <AlertList alerts={data.alerts} />
        </Section>
      ) : null}
      {data.published.length > 0 ? (
        <Section title="What was published" note="Frozen as it was told; today’s figure stands beside it.">
          <PublishedTable rows={data.published} isNamed={false} />
        </Section>
      ) : null}
      <Section title="The values">
        <Table
          label="Values by month"
          columns={valueColumns(data)}
          rows={data.points}
          keyOf={(p) => p.month}
          initialSort={{ key: 'month', down: true }}
          maxHeight={420}
        />
      </Section>
      <Meaning data={data} />
    </>
  )
}

function Goals({ data }: { data: Data }) {
  const workspace = useWorkspace()
  if (data.targets.length === 0 && data.thresholds.length === 0 && data.keyResults.length === 0) return null
  return (
    <Section title="What was said of it">
      <dl className="goals">
        {data.targets.length > 0 ? (
          <div>
            <dt>Targets</dt>
            <dd>
              {data.targets.map((t) => (
                <p key={t.month}>{targetText(t, data.unit, data.currency)}</p>
              ))}
            </dd>
            <dd>
              <State of={targetStates[data.state]} />
            </dd>
          </div>
        ) : null}
        {data.thresholds.length > 0 ? (
          <div>
            <dt>Told when it</dt>
            <dd>
              {data.thresholds.map((t) => (
                <p key={`${t.kind} ${t.value}`}>{thresholdText(t, data.unit, data.currency)}</p>
              ))}
            </dd>
            <dd>
              {data.alerts.some((a) => a.endedAt === null) ? (
                <State of={{ mark: '▲', text: 'crossed', tone: 'bad' }} />
              ) : (
                'within'
              )}
            </dd>
          </div>
        ) : null}
        {data.keyResults.map((k) => (
          <div key={`${k.objectiveId} ${k.targetMonth}`}>
            <dt>Key result</dt>
            <dd>
              {figure(k.targetValue, data.unit, data.currency)} by {month(k.targetMonth)}
            </dd>
            <dd>
              <Link to="/w/$workspace/insights/objectives" params={{ workspace }} hash={k.objectiveId}>
                {k.objective}
              </Link>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}

function Meaning({ data }: { data: Data }) {
  const definitions = useRead('insights.metrics.definitions', {})
  const measures = useMeasures()
  const workspace = useWorkspace()
  const key = measures.find((m) => m.measure === data.ref.measure)?.definition
  const d = definitions.data?.rows.find((one) => one.key === key)
  return (
    <>
      <Section title="What it means">
        {d ? (
          <div className="meaning">
            <p>{d.definition}</p>
            {d.formula ? <p className="variant-formula">{d.formula}</p> : null}
            <p className="small faint">
              {d.name}, version {d.version}. {d.suppression ?? ''}
              {key === 'nrr' ? (
                <>
                  {' '}
                  <Link to="/w/$workspace/insights/nrr-variants" params={{ workspace }}>
                    Why another tool may say another NRR
                  </Link>
                </>
              ) : null}
            </p>
            {data.changes.length > 0 ? (
              <ul className="small changes">
                {data.changes.map((x) => (
                  <li key={x.text}>
                    <span className="faint">Since {day(x.on)}</span> {x.text}. What was published before stays as it was
                    told.
                  </li>
                ))}
              </ul>
            ) : null}
          </div>
        ) : (
          <Loading rows={3} />
        )}
      </Section>
      <Section title="What it is made of">
        <LineagePicture page={data} definition={d?.short ?? ''} />
      </Section>
    </>
  )
}

const valueColumns = ({ unit, currency, points, targets, published, counted }: Data): Column<MeasurePoint>[] => [
  { key: 'month', title: 'Month', by: (p) => p.month, render: (p) => month(p.month) },
  {
    key: 'value',
    title: 'Value',
    by: (p) => p.value,
    render: (p) =>
      p.value === null ? (
        <span className="faint" title="Fewer than 10 accounts, or no such month">
          n {count(p.base)}
        </span>
      ) : (
        <span title={exactFigure(p.value, unit, currency)}>
          {p.mark === 'directional' ? '~ ' : ''}
          {figure(p.value, unit, currency)}
        </span>
      ),
    isNumber: true,
  },
  ...(points.some((p) => p.low !== null)
    ? [
        {
          key: 'interval',
          title: '95 % interval',
          render: (p: MeasurePoint) =>
            p.low === null ? (
              <span className="faint">–</span>
            ) : (
              `${figure(p.low, unit, currency)} to ${figure(p.high, unit, currency)}`
            ),
          isNumber: true,
        },
      ]
    : []),
  { key: 'base', title: countedTitle(counted), by: (p) => p.base, render: (p) => count(p.base), isNumber: true },
  ...(targets.some((t) => points.some((p) => p.month === t.month))
    ? [
        {
          key: 'target',
          title: 'Target',
          render: (p: MeasurePoint) => {
            const t = targets.find((one) => one.month === p.month)
            return t ? figure(t.value, unit, currency) : ''
          },
          isNumber: true,
        },
      ]
    : []),
  ...(published.length > 0
    ? [
        {
          key: 'published',
          title: 'Published',
          render: (p: MeasurePoint) =>
            published
              .filter((one) => one.month === p.month)
              .map((one) => figure(one.value, unit, currency))
              .join(', '),
          isNumber: true,
        },
      ]
    : []),
]
