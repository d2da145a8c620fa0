/** One feature: who has adopted it over time and now, by which definition, and from which events. */
import { Button, Switch } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { TrendPoint } from '../../../src/insights/analyses/adoption-trend/operations.ts'
import { useRead, useIsShared, useWorkspace, type OutputOf } from '../../api.ts'
import { useMay } from '../../session.ts'
import { useAddress } from '../../ui/address.ts'
import { count, day, money, month, percent } from '../../ui/format.ts'
import { Page, Section } from '../../ui/page.tsx'
import { Await, Empty, Failed, Loading, Remark } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { SegmentSelect } from '../analyses/controls.tsx'
import { bandsFor, useOptions } from '../analyses/cut.ts'
import { AnswerText, TakeAway } from '../analyses/frame.tsx'
import { Definitions } from './definitions.tsx'
import { FeatureDrawer, type Editing } from './drawer.tsx'
import { StatesBars } from './states-bars.tsx'
import { useFeatures } from './use-features.ts'
import '../revenue/revenue.css'
import './feature-page.css'

const Lines = lazy(() => import('../../ui/lines.tsx').then((m) => ({ default: m.Lines })))

interface State {
  id?: string
  segmentBy?: string
  andBy?: string
  restated?: boolean
}
type Known = OutputOf<'insights.features.get'>

export function FeaturePage() {
  const [state, set] = useAddress<State>()
  const options = useOptions()
  const workspace = useWorkspace()
  const isShared = useIsShared()
  const feature = useRead('insights.features.get', { id: state.id ?? '' }, { enabled: Boolean(state.id) })
  if (!state.id || feature.error)
    return (
      <Page title="Which feature?">
        {feature.error ? (
          <Failed
            error={feature.error}
            onRetry={() => {
              void feature.refetch()
            }}
          />
        ) : null}
        <Empty
          title="No feature is named in the address"
          action={
            isShared ? undefined : (
              <Button component={Link} to={`/w/${workspace}/data/event-rules`}>
                All features
              </Button>
            )
          }
        >
          Open one from the catalogue.
        </Empty>
      </Page>
    )
  if (!feature.data || !options.data)
    return (
      <Page title="Who has adopted it?">
        <Loading rows={12} />
      </Page>
    )
  const segmentBy = state.segmentBy ?? options.data.defaultSegmentBy ?? 'arr'
  return (
    <One
      known={feature.data}
      options={options.data}
      segmentBy={segmentBy}
      andBy={state.andBy}
      restated={state.restated ?? false}
      set={set}
    />
  )
}

function One({
  known,
  options,
  segmentBy,
  andBy,
  restated,
  set,
}: {
  known: Known
  options: NonNullable<ReturnType<typeof useOptions>['data']>
  segmentBy: string
  andBy: string | undefined
  restated: boolean
  set: (change: Partial<State>) => void
}) {
  const { feature } = known
  const mayEdit = useMay('insights:edit')
  const isShared = useIsShared()
  const [editing, setEditing] = useState<Editing | null>(null)
  const hasData = options.hasRevenue && options.hasUsage
  const input = { featureId: feature.id, segmentBy, ...bandsFor(segmentBy, andBy), ...(restated ? { restated } : {}) }
  const trend = useRead('insights.analyses.adoptionTrend', input, {
    enabled: hasData,
    keepPrevious: true,
  })
  const all = useFeatures({ enabled: mayEdit })
  const statesInput = statesOf(feature.id, segmentBy, restated)
  const canRestate =
    restated || known.definitions.filter((d) => d.state === 'approved').some((d) => d.validFrom !== null)
  return (
    <Page
      title={`Who has adopted ${feature.name}?`}
      actions={
        mayEdit ? (
          <Button variant="default" onClick={() => setEditing({ feature, rules: feature.rules })}>
            Edit
          </Button>
        ) : undefined
      }
      lead={trend.data ? <AnswerText answer={trend.data.answer} silence={trend.data.standing.silence} /> : undefined}
      controls={
        hasData ? (
          <>
            <SegmentSelect options={options} cut={{ segmentBy, andBy }} onChange={set} />
            {canRestate ? (
              <Switch
                label="Restate the past by the latest definition"
                checked={restated}
                onChange={(e) => set({ restated: e.currentTarget.checked || undefined })}
              />
            ) : null}
          </>
        ) : undefined
      }
    >
      <Facts known={known} />
      {hasData ? (
        <Section
          title="Adoption over time"
          note={
            restated
              ? 'By the latest definition for all time.'
              : 'By the definition of each time; a new one breaks the line.'
          }
          actions={
            <TakeAway
              operation="insights.analyses.adoptionTrend"
              input={input}
              alsoReads={[
                { operation: 'insights.analyses.featureStates', input: statesInput },
                { operation: 'insights.features.get', input: { id: feature.id } },
              ]}
            />
          }
        >
          <Await query={trend} rows={8}>
            {(data) =>
              data.rows.length === 0 ? (
                <Empty title="No month to show yet">
                  Either nobody paid since its release, or no usage is known from then.
                </Empty>
              ) : (
                <Trend data={data} />
              )
            }
          </Await>
        </Section>
      ) : (
        <Section title="Adoption over time">
          <Empty title="It takes usage and revenue">
            Import accounts, revenue and usage; then this shows who has adopted {feature.name}, month by month.
          </Empty>
        </Section>
      )}
      {hasData ? <States name={feature.name} input={statesInput} /> : null}
      <Definitions known={known} />
      {isShared ? null : (
        <Section
          title="Its event names"
          note={
            known.eventNames.some((n) => !n.counts) ? 'Not every event counts by the definition in force.' : undefined
          }
        >
          <Table
            label="Event names"
            rows={known.eventNames}
            keyOf={(n) => n.name}
            maxHeight={360}
            columns={[
              { key: 'name', title: 'Event name', by: (n) => n.name, render: (n) => <code>{n.name}</code> },
              { key: 'events', title: 'Events', by: (n) => n.events, render: (n) => count(n.events), isNumber: true },
              { key: 'counts', title: 'Counts', render: (n) => (n.counts ? 'yes' : <span className="faint">no</span>) },
            ]}
            empty={
              <Remark>
                No event name in the data fits its rules, so nobody can adopt it.{' '}
                {mayEdit
                  ? 'Edit the rules, or import the usage that holds it.'
                  : 'Ask Product Ops to look at its rules.'}
              </Remark>
            }
          />
        </Section>
      )}
      <FeatureDrawer editing={editing} features={all.data?.features ?? []} onClose={() => setEditing(null)} />
    </Page>
  )
}

function Facts({ known: { feature } }: { known: Known }) {
  const facts = [
    ['Area', feature.area],
    ['Owner', feature.owner],
    ['Core', feature.isCore ? 'yes' : 'no'],
    ['Released', feature.releasedOn ? day(feature.releasedOn) : 'always there'],
    [
      'Entitled',
      feature.entitledPlans ? feature.entitledPlans.join(', ') || 'no plan' : 'as the entitlement files say',
    ],
    ['Last use', day(feature.lastUse)],
  ] as const
  return (
    <dl className="facts">
      {facts.map(([what, text]) => (
        <div key={what}>
          <dt>{what}</dt>
          <dd>{text ?? <span className="faint">not said</span>}</dd>
        </div>
      ))}
    </dl>
  )
}

function Trend({ data }: { data: OutputOf<'insights.analyses.adoptionTrend'> }) {
  const lines = useMemo(
    () =>
      ['All', ...data.segments]
        .filter((s) => s !== '(no value)')
        .map((name) => ({
          name,
          isAll: name === 'All',
          points: data.rows
            .filter((r) => r.segment === name)
            .map((r) => ({
              month: r.month,
              value: r.rate.value,
              low: r.rate.low,
              high: r.rate.high,
              mark: r.rate.mark,
            })),
        }))
        .filter((l) => l.points.some((p) => p.value !== null)),
    [data],
  )
  const marks = useMemo(
    () => data.breaks.map((b) => ({ month: b.month, label: `version ${b.version}`, isBreak: true })),
    [data],
  )
  return (
    <>
      {lines.length === 0 ? (
        <Remark>No segment has 10 eligible accounts in any month, too few for a rate. The counts stand below.</Remark>
      ) : (
        <Suspense fallback={<Loading rows={8} />}>
          <Lines
            name={`adoption-${data.feature}`}
            title={`Adoption of ${data.feature}`}
            subtitle="Share of eligible accounts at each month’s end"
            height={280}
            lines={lines}
            marks={marks}
          />
        </Suspense>
      )}
      {data.breaks.map((b) => (
        <p key={b.month} className="small soft break-note">
          <strong>{month(b.month)}</strong>: version {b.version} holds from here, {b.words}. Before: {b.before}.
        </p>
      ))}
      <div className="under-chart">
        <Table
          label="Adoption by month and segment"
          columns={trendColumns}
          rows={data.rows}
          keyOf={(r) => `${r.month} ${r.segment}`}
          initialSort={{ key: 'month', down: true }}
          maxHeight={360}
        />
      </div>
    </>
  )
}

const trendColumns: Column<TrendPoint>[] = [
  { key: 'month', title: 'Month', by: (r) => r.month, render: (r) => month(r.month) },
  { key: 'segment', title: 'Segment', by: (r) => r.segment, render: (r) => r.segment },
  { key: 'eligible', title: 'Eligible', by: (r) => r.eligible, render: (r) => count(r.eligible), isNumber: true },
  { key: 'adopters', title: 'Adopters', by: (r) => r.adopters, render: (r) => count(r.adopters), isNumber: true },
  {
    key: 'rate',
    title: 'Adoption',
    by: (r) => r.rate.value,
    render: (r) =>
      r.rate.value === null ? (
        <span className="faint" title="Fewer than 10 eligible accounts">
          –
        </span>
      ) : (
        `${r.rate.mark === 'directional' ? '~ ' : ''}${percent(r.rate.value, 1)}`
      ),
    isNumber: true,
  },
  {
    key: 'interval',
    title: '95 % interval',
    render: (r) =>
      r.rate.low === null ? (
        <span className="faint">–</span>
      ) : (
        <span className="faint">
          {percent(r.rate.low, 0)} to {percent(r.rate.high, 0)}
        </span>
      ),
    isNumber: true,
  },
  {
    key: 'version',
    title: 'Definition',
    by: (r) => r.definition,
    render: (r) => (r.definition === null ? <span className="faint">default</span> : `version ${r.definition}`),
    isNumber: true,
  },
]

const statesOf = (featureId: string, segmentBy: string, restated: boolean) => ({
  featureId,
  segmentBy,
  ...bandsFor(segmentBy),
  ...(restated ? { restated } : {}),
})

function States({ name, input }: { name: string; input: ReturnType<typeof statesOf> }) {
  const states = useRead('insights.analyses.featureStates', input, { keepPrevious: true })
  return (
    <Await query={states} rows={4}>
      {(data) => {
        const rows = data.rows.filter((r) => r.feature === name)
        const all = rows.find((r) => r.segment === 'All')
        if (!all)
          return (
            <Section title="States now">
              <Empty title={`${name} is not released at the end of ${month(data.month)}`}>
                Its states show from the month of its release.
              </Empty>
            </Section>
          )
        return (
          <Section
            title={`States, ${month(data.month)}`}
            note={`${money(all.arr, data.currency)} of ARR, every account in one state.`}
          >
            <StatesBars
              rows={rows}
              label={`States of ${name} by segment`}
              currency={data.currency}
              by="arr"
              nameOf={(r) => r.segment}
              about={`${month(data.month)}. Each bar is the whole ARR of the segment.`}
            />
          </Section>
        )
      }}
    </Await>
  )
}
