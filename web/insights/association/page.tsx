import { lazy, Suspense } from 'react'
import type { Association, AssociationRow } from '../../../src/insights/analyses/association/schemas.ts'
import { useRead, useIsShared } from '../../api.ts'
import { count, moment, month, percent, plural, points } from '../../ui/format.ts'
import { Page, Section } from '../../ui/page.tsx'
import { PageLink } from '../../ui/page-link.tsx'
import { Empty, Loading, Remark } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { months, MonthSelect, NumberSelect, SegmentBySelect, ShowSegmentSelect } from '../analyses/controls.tsx'
import { segmentByOf, type Options } from '../analyses/cut.ts'
import { AnalysisPage, TakeAway, WithOptions } from '../analyses/frame.tsx'
import { NegativeControl } from './control.tsx'
import { FeatureEvidence } from './feature-evidence.tsx'
import { classOf, inputOf, interval, useAssociationState } from './state.ts'
import { featureColumn } from '../features/feature-name.tsx'
import './association.css'

const Whiskers = lazy(() => import('./whiskers.tsx').then((m) => ({ default: m.Whiskers })))
const title = 'Which features are associated with staying?'

export function AssociationPage() {
  return (
    <WithOptions title={title}>
      {(options) =>
        options.hasRevenue && options.hasUsage && options.hasFeatures ? <Evidence options={options} /> : <WhatItTakes />
      }
    </WithOptions>
  )
}

function WhatItTakes() {
  return (
    <Page title={title}>
      <Section title="What it takes">
        <Empty
          title="Here stands which features go with staying, compared among accounts that are alike"
          action={
            <PageLink to="/insights/adoption" whenShared={null}>
              See what is missing
            </PageLink>
          }
        >
          It takes revenue, usage and features over at least half a year.
        </Empty>
      </Section>
    </Page>
  )
}

function Evidence({ options }: { options: Options }) {
  const [state, set] = useAssociationState()
  const input = inputOf(state)
  const query = useRead('insights.analyses.association', input, { keepPrevious: true })
  const asked = query.data?.question
  const windows = [...new Set([6, 9, 12, 18, asked?.window ?? 12])].sort((a, b) => a - b)
  return (
    <AnalysisPage
      title={title}
      query={query}
      controls={
        <>
          <MonthSelect options={options} value={state.month} onChange={(v) => set({ month: v })} label="Until" />
          <NumberSelect
            label="Staying over"
            of={windows}
            words={months}
            value={state.window ?? asked?.window ?? 12}
            onChange={(n) => set({ window: n })}
          />
          <SegmentBySelect
            options={options}
            value={state.segmentBy ?? asked?.segmentBy ?? segmentByOf(options, state)}
            onChange={(v) => set({ segmentBy: v, show: undefined })}
          />
          {query.data && query.data.segments.length > 0 ? (
            <ShowSegmentSelect
              segments={segmentsOf(query.data)}
              value={state.show}
              onChange={(show) => set({ show })}
            />
          ) : null}
        </>
      }
    >
      {(data) => (
        <Figures
          data={data}
          input={input}
          show={state.show}
          feature={state.feature}
          onShow={(feature) => set({ feature }, { asStep: true })}
        />
      )}
    </AnalysisPage>
  )
}

const segmentsOf = (data: Association) => [...new Set(data.segments.map((r) => r.segment!))].sort()

function Figures({
  data,
  input,
  show,
  feature,
  onShow,
}: {
  data: Association
  input: object
  show: string | undefined
  feature: string | undefined
  onShow: (feature: string | undefined) => void
}) {
  const isShared = useIsShared()
  const rows = show ? data.segments.filter((r) => r.segment === show) : data.features
  const drawn = rows.filter((r) => r.adjusted || r.unadjusted)
  const told = rows.filter((r) => r.evidence === 'associated')
  const headline =
    told.length === 0
      ? 'No feature is clearly told from chance'
      : told.length === 1
        ? `${told[0]!.feature} is ${told[0]!.word}`
        : `${told.length} features are associated with staying or leaving`
  return (
    <>
      <How data={data} />
      {rows.length === 0 ? (
        <Section title="Nothing to compare">
          <Empty title="No eligible account">No account of this segment could use any feature on the base day.</Empty>
        </Section>
      ) : (
        <>
          <Section
            title={headline}
            note={`${show ?? 'All segments'}. Adoption as it was ${plural(data.question.window, 'month', 'months')} before the end of ${month(data.question.month)}; staying is having ARR then.`}
          >
            {drawn.length === 0 ? (
              <Remark>
                Nothing can be drawn: no feature has 10 adopters and 10 others that could use it. The counts stand
                below.
              </Remark>
            ) : (
              <Suspense fallback={<Loading rows={10} />}>
                <Whiskers
                  rows={drawn}
                  name={`association-${data.question.month}`}
                  title="Difference in staying, adopters against others"
                />
              </Suspense>
            )}
          </Section>
          <Section
            title="The figures"
            note={
              isShared
                ? 'The word goes by the adjusted difference, the number of tests, and the losses on both sides.'
                : 'Open a feature for its strata, its revenue and the tests that should show nothing.'
            }
            actions={<TakeAway operation="insights.analyses.association" input={input} />}
          >
            <Table
              label="Features and staying"
              columns={columns}
              rows={rows}
              keyOf={(r) => `${r.featureId} ${r.segment ?? ''}`}
              onOpen={isShared ? undefined : (r) => onShow(r.feature)}
              isCurrent={(r) => r.feature === feature}
              maxHeight={620}
            />
          </Section>
        </>
      )}
      <NegativeControl features={data.features} current={data.negativeControl} />
      {isShared ? null : (
        <FeatureEvidence feature={feature} segment={show} input={input} onClose={() => onShow(undefined)} />
      )}
    </>
  )
}

/** Whether this was asked beforehand: the first thing to know of such a figure. */
function How({ data: { provenance: p } }: { data: Association }) {
  if (p.kind === 'stored')
    return p.changedDefinitions.length === 0 ? (
      <p className="small faint stored">Asked and stored on {moment(p.registeredAt)}, before the answer was known.</p>
    ) : (
      <div className="page-remark">
        <Remark>
          Stored on {moment(p.registeredAt)}. Since then {p.changedDefinitions.slice(0, 3).join(', ')}
          {p.changedDefinitions.length > 3 ? ` and ${p.changedDefinitions.length - 3} more` : ''}{' '}
          {p.changedDefinitions.length === 1 ? 'was' : 'were'} defined otherwise; the next refresh computes anew.
        </Remark>
      </div>
    )
  return (
    <div className="page-remark">
      <Remark>
        <strong>Exploratory.</strong> This question was not stored beforehand;{' '}
        {p.looks === 1 ? 'it is the first other question' : `${count(p.looks)} questions`} asked of this month. The more
        are asked, the likelier one shows something by chance.
      </Remark>
    </div>
  )
}

const arm = (a: AssociationRow['adopters']) =>
  a.rate === null ? (
    <span className="faint" title="Fewer than 10 accounts: the count is shown, the rate is not">
      n {count(a.accounts)}
    </span>
  ) : (
    <span title={`${a.stayed} of ${a.accounts} stayed`}>
      {a.mark === 'directional' ? '~ ' : ''}
      {percent(a.rate, 0)} <span className="faint small">of {count(a.accounts)}</span>
    </span>
  )
const none = (why: string) => (
  <span className="faint" title={why}>
    –
  </span>
)

const columns: Column<AssociationRow>[] = [
  featureColumn,
  {
    key: 'evidence',
    title: 'Evidence',
    by: (r) => r.word,
    render: (r) => (
      <span className={classOf(r)} title={r.caveat}>
        {r.word}
      </span>
    ),
  },
  {
    key: 'adjusted',
    title: 'Adjusted',
    by: (r) => r.adjusted?.value ?? null,
    render: (r) =>
      r.adjusted ? (
        <>
          <strong>{points(r.adjusted.value)}</strong> <span className="faint small">{interval(r.adjusted)}</span>
        </>
      ) : (
        none(r.strataDisagree ? 'Strata contradict each other: not pooled' : 'Too few accounts to compare')
      ),
    isNumber: true,
    startsGroup: true,
    hint: 'Percentage points, among accounts alike in segment, size and tenure, with the 95 % interval',
  },
  {
    key: 'unadjusted',
    title: 'Unadjusted',
    by: (r) => r.unadjusted?.value ?? null,
    render: (r) =>
      r.unadjusted ? (
        <>
          {points(r.unadjusted.value)} <span className="faint small">{interval(r.unadjusted)}</span>
        </>
      ) : (
        none('Fewer than 10 accounts on one side')
      ),
    isNumber: true,
    hint: 'Percentage points, as it looks at first',
  },
  {
    key: 'q',
    title: 'q',
    by: (r) => r.q,
    render: (r) => (r.q === null ? none('Not tested: too few accounts') : r.q < 0.001 ? '< 0.001' : r.q.toFixed(3)),
    isNumber: true,
    hint: 'The share of false ones among all that would be told at this level',
  },
  {
    key: 'adopters',
    title: 'Adopters',
    by: (r) => r.adopters.rate,
    render: (r) => arm(r.adopters),
    isNumber: true,
    startsGroup: true,
    hint: 'How many of those who had adopted it stayed',
  },
  {
    key: 'others',
    title: 'Others',
    by: (r) => r.others.rate,
    render: (r) => arm(r.others),
    isNumber: true,
    hint: 'How many of the eligible accounts that had not adopted it stayed',
  },
  {
    key: 'gap',
    title: 'Detectable',
    by: (r) => r.detectableGap,
    render: (r) =>
      r.detectableGap === null ? none('No gap up to 100 % could be told') : (r.detectableGap * 100).toFixed(0),
    isNumber: true,
    hint: 'Percentage points: the smallest gap that so many accounts would show four times out of five',
  },
]
