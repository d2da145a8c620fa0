/** The first page of a workspace: the answer where there is one, else what is still missing for it. */
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useRead, useWorkspace, type OutputOf } from '../api.ts'
import { DueDecisions } from '../decisions/due.tsx'
import { ViewList } from '../insights/views/view-list.tsx'
import { StoryDrawer } from '../insights/stories/story-drawer.tsx'
import { StoryList } from '../insights/stories/story-list.tsx'
import { useCurrency, useHere, useMay } from '../session.ts'
import { DataNotices } from '../insights/freshness/notices.tsx'
import { WaitingAlerts } from '../insights/metrics/alerts.tsx'
import { count, exactMoney, money, month, percent, plural, tied } from '../ui/format.ts'
import { Page, Section } from '../ui/page.tsx'
import { Await, Empty, Loading } from '../ui/states.tsx'
import { SampleMaking } from './sample-making.tsx'
import './home.css'

export function HomePage() {
  return useMay('insights:read') ? <Overview /> : <SharedWithMe />
}

function SharedWithMe() {
  const here = useHere()
  const views = useRead('insights.views.list', {})
  return (
    <Page
      title="What was shared with you?"
      lead={here ? `Pages of ${here.name} that somebody chose for you, with live figures.` : undefined}
    >
      <Section title="Shared with you">
        <Await query={views}>
          {({ rows }) =>
            rows.length > 0 ? (
              <ViewList rows={rows} />
            ) : (
              <Empty title="Nothing is shared with you yet">
                When somebody shares a page with you, it stands here. You can ask a question at the request desk.
              </Empty>
            )
          }
        </Await>
      </Section>
    </Page>
  )
}

function Overview() {
  const options = useRead('insights.analyses.options', {})
  const here = useHere()
  const isReady = options.data ? options.data.hasRevenue && options.data.hasUsage && options.data.hasFeatures : false
  return (
    <Page title={isReady ? 'What stands out?' : `Welcome to ${here?.name ?? 'Throughline'}`}>
      {options.data ? (
        isReady ? (
          <Answer options={options.data} />
        ) : (
          <FirstSteps options={options.data} />
        )
      ) : (
        <Await query={options}>{() => null}</Await>
      )}
    </Page>
  )
}

function Answer({ options }: { options: OutputOf<'insights.analyses.options'> }) {
  const workspace = useWorkspace()
  const analysis = useRead('insights.analyses.adoptionRetention', {
    segmentBy: options.defaultSegmentBy ?? 'arr',
    window: 12,
    adoptionMonths: 3,
    ...(options.defaultSegmentBy === 'arr' ? { bands: [10_000, 100_000] } : {}),
  })
  const movements = useRead('insights.analyses.movements', {})
  // Of the whole company and of revenue alone: its history may be longer than that of usage.
  const trend = useRead('insights.analyses.retentionTrend', {
    segmentBy: options.defaultSegmentBy ?? 'arr',
    ...(options.defaultSegmentBy === 'arr' ? { bands: [10_000, 100_000] } : {}),
  })
  if (!analysis.data)
    return analysis.error ? (
      <FirstSteps options={options} />
    ) : (
      <Section title="Reading">
        <Loading rows={6} />
      </Section>
    )
  const { data } = analysis
  const { all } = data.totals
  const last = movements.data?.rows.find((r) => r.month === data.meta.month)
  const net = last ? last.end - last.start : null
  const stayed = trend.data?.rows.find((r) => r.month === data.meta.month && r.segment === 'All')
  return (
    <>
      <p className="home-answer">{tied(data.sentence.text)}</p>
      <div className="home-actions">
        <Button component={Link} to={`/w/${workspace}/insights/adoption`}>
          Look at adoption and retention
        </Button>
      </div>
      <DataNotices />
      <DueDecisions />
      <WaitingAlerts />
      <Stories told={data.sentence.finding} />
      <Section title={`The company at the end of ${month(data.meta.month)}`}>
        <dl className="figures">
          <Figure
            label="ARR"
            value={money(all.arr, data.meta.currency)}
            title={exactMoney(all.arr, data.meta.currency)}
            note={
              net === null
                ? plural(all.accounts, 'account', 'accounts')
                : `${net >= 0 ? '+' : ''}${money(net, data.meta.currency)} in the month, ${plural(all.accounts, 'account', 'accounts')}`
            }
            to="/insights/revenue"
          />
          <Figure
            label={`NRR, ${plural(trend.data?.window ?? 12, 'month', 'months')}`}
            value={percent(stayed?.nrr, 1)}
            note={
              stayed
                ? `closed cohort of ${count(stayed.accounts)} accounts`
                : trend.data
                  ? 'the history is too short'
                  : ''
            }
            to="/insights/revenue"
          />
          <Figure label="GRR" value={percent(stayed?.grr, 1)} note="without expansion" to="/insights/revenue" />
          <Figure
            label="Logo retention"
            value={percent(stayed?.logo, 1)}
            note="accounts that stayed"
            to="/insights/revenue"
          />
        </dl>
      </Section>
    </>
  )
}

const mostOnHome = 6

/** What else stands out; the one that the sentence above tells is not told twice. */
function Stories({ told: said }: { told: { feature: string; segment: string } | null }) {
  const workspace = useWorkspace()
  const currency = useCurrency()
  const [open, setOpen] = useState<string>()
  const stories = useRead('insights.stories.list', {})
  const told = stories.data
  if (!told || told.total === 0) return null
  return (
    <Section
      title={
        told.counts.fresh > 0
          ? `${plural(told.counts.fresh, 'new story', 'new stories')}, ${told.total} in all`
          : plural(told.total, 'story', 'stories')
      }
      note="By fixed rules from computed values; ranked by the ARR concerned and by how far the evidence carries."
      actions={
        <Button size="compact-xs" variant="default" component={Link} to={`/w/${workspace}/insights/stories`}>
          All stories
        </Button>
      }
    >
      <StoryList
        stories={told.rows
          .filter(
            (s) =>
              said === null ||
              s.finding.rule !== 'adoption-gap' ||
              s.finding.feature !== said.feature ||
              s.finding.segment !== said.segment,
          )
          .slice(0, mostOnHome)}
        currency={currency}
        label="Stories"
        onOpen={(s) => setOpen(s.id)}
      />
      <StoryDrawer
        story={told.rows.find((s) => s.id === open)}
        currency={currency}
        onClose={() => setOpen(undefined)}
      />
    </Section>
  )
}

function Figure({
  label,
  value,
  note,
  title,
  to,
}: {
  label: string
  value: string
  note: string
  title?: string
  to: string
}) {
  const workspace = useWorkspace()
  return (
    <div className="figure">
      <dt>{label}</dt>
      <dd className="figure-value" title={title}>
        <Link to={`/w/${workspace}${to}`}>{value}</Link>
      </dd>
      <dd className="small faint">{note}</dd>
    </div>
  )
}

function FirstSteps({ options }: { options: OutputOf<'insights.analyses.options'> }) {
  const workspace = useWorkspace()
  const may = useMay('insights:edit')
  const here = useHere()
  const overview = useRead('insights.datasets.overview', {})
  if (here?.kind === 'sample') return <SampleMaking />
  return (
    <Await query={overview}>
      {({ rows }) => {
        const has = (dataset: string) => (rows.find((r) => r.dataset === dataset)?.rows ?? 0) > 0
        const steps = [
          {
            done: has('accounts'),
            title: 'Bring the accounts',
            text: 'From the CRM: id, name, segment, owner, renewal date.',
            to: '/data/import',
          },
          {
            done: options.hasRevenue || has('subscriptions') || has('mrr'),
            title: 'Bring the revenue',
            text: 'Subscriptions from billing, MRR by month, or contracts from the CRM.',
            to: '/data/import',
          },
          {
            done: options.hasUsage || has('usage'),
            title: 'Bring the usage',
            text: 'Events or daily counts, under whatever names. Keyed by user: bring the users too.',
            to: '/data/import',
          },
          {
            done: options.hasFeatures,
            title: 'Name the features',
            text: 'Raw event names are grouped and proposed; you decide which are which feature.',
            to: '/data/event-rules',
          },
          {
            done: false,
            title: 'Settle who is who',
            text: 'Ids that do not meet are proposed by domain and name, with their ARR.',
            to: '/data/who-is-who',
          },
        ]
        const next = steps.findIndex((s) => !s.done)
        return (
          <Section
            title="Five steps to the answer"
            note="Which features keep which customers: adoption by segment, tied to net revenue retention."
          >
            <ol className="steps">
              {steps.map((s, i) => (
                <li key={s.title} className={s.done ? 'is-done' : i === next ? 'is-next' : undefined}>
                  <span className="step-mark" aria-hidden>
                    {s.done ? '✓' : i + 1}
                  </span>
                  <div>
                    <h3>
                      {s.title}
                      {s.done ? <span className="visually-hidden"> (done)</span> : null}
                    </h3>
                    <p className="soft">{s.text}</p>
                  </div>
                  {may && !s.done ? (
                    <Button component={Link} variant={i === next ? 'filled' : 'default'} to={`/w/${workspace}${s.to}`}>
                      {s.to === '/data/import' ? 'Import' : 'Open'}
                    </Button>
                  ) : null}
                </li>
              ))}
            </ol>
          </Section>
        )
      }}
    </Await>
  )
}
