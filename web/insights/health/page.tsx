/** A line for each part of the product: adoption and its trend, who stays, how satisfied. */
import { lazy, Suspense } from 'react'
import type { AreaHealth } from '../../../src/insights/analyses/product-health/operations.ts'
import { useIsShared, useRead, type OutputOf } from '../../api.ts'
import { useAddress } from '../../ui/address.ts'
import { count, month, percent, plural } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { PageLink } from '../../ui/page-link.tsx'
import { Empty, Loading, Remark } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { AdoptionMonthsSelect, months, MonthSelect, NumberSelect } from '../analyses/controls.tsx'
import type { Options } from '../analyses/cut.ts'
import { AnalysisPage, TakeAway, WithOptions } from '../analyses/frame.tsx'
import './health.css'

const Trends = lazy(() => import('./trends.tsx').then((m) => ({ default: m.Trends })))

type Data = OutputOf<'insights.analyses.productHealth'>
interface State {
  month?: string
  window?: number
  adoptionMonths?: number
}
const title = 'How healthy is each part of the product?'

export function HealthPage() {
  return <WithOptions title={title}>{(options) => <Health options={options} />}</WithOptions>
}

function Health({ options }: { options: Options }) {
  const [state, set] = useAddress<State>()
  const isShared = useIsShared()
  const window = state.window ?? 12
  const adoptionMonths = state.adoptionMonths ?? 3
  const input = { window, adoptionMonths, ...(state.month ? { month: state.month } : {}) }
  const query = useRead('insights.analyses.productHealth', input, { keepPrevious: true })
  return (
    <AnalysisPage
      title={title}
      query={query}
      controls={
        <>
          <MonthSelect options={options} value={state.month} onChange={(m) => set({ month: m })} />
          <NumberSelect
            label="Retention over"
            of={[3, 6, 12, 18]}
            words={months}
            value={window}
            onChange={(n) => set({ window: n })}
          />
          <AdoptionMonthsSelect value={adoptionMonths} onChange={(n) => set({ adoptionMonths: n })} />
        </>
      }
    >
      {(data) =>
        data.areas.length === 0 ? (
          <Section title="The areas">
            <Empty title="No area can be judged yet">
              It takes features with an area, and accounts that may use them.
            </Empty>
          </Section>
        ) : (
          <>
            {data.windowProblem ? (
              <div className="page-remark">
                <Remark>{data.windowProblem}</Remark>
              </div>
            ) : null}
            <Section
              title={`The areas at the end of ${month(data.month)}`}
              note="Use of the core features of each; an area without one is judged by all of its features. ~ marks 10 to 29 accounts."
              actions={<TakeAway operation="insights.analyses.productHealth" input={input} />}
            >
              <Table label="Health by area" columns={areaColumns(data)} rows={data.areas} keyOf={(a) => a.area} />
            </Section>
            <Section title="Adoption, month by month">
              <Suspense fallback={<Loading rows={8} />}>
                <Trends areas={data.areas} />
              </Suspense>
            </Section>
            <Section
              title="The features they are judged by"
              note={isShared ? undefined : 'A feature opens how far accounts get with it.'}
            >
              <Table
                label="Features by area"
                columns={featureColumns}
                rows={data.areas.flatMap((a) => a.features.map((f) => ({ ...f, area: a.area })))}
                keyOf={(f) => f.feature}
              />
            </Section>
          </>
        )
      }
    </AnalysisPage>
  )
}

const stateWords: Record<AreaHealth['state'], [mark: string, word: string, why: string]> = {
  gaining: ['▲', 'gaining', 'Adoption rose beyond chance in six months'],
  steady: ['■', 'steady', 'Adoption did not move beyond chance in six months'],
  slipping: ['▼', 'slipping', 'Adoption fell beyond chance in six months'],
  'too-few': ['○', 'too few', 'Fewer than 10 eligible accounts at one of the ends'],
  'too-short': ['○', 'too short', 'Usage, or the area itself, is not known for six months before'],
}
const tilde = (mark: string) => (mark === 'directional' ? '~ ' : '')
const few = (
  <span className="faint" title="Fewer than 10 accounts">
    too few
  </span>
)

function Retention({ area, of }: { area: AreaHealth; of: 'adopters' | 'others' }) {
  const arm = area.retention?.[of]
  if (!arm)
    return (
      <span className="faint" title="No eligible account at the start of the window">
        –
      </span>
    )
  return arm.nrr === null ? (
    few
  ) : (
    <span
      title={`GRR ${percent(arm.grr, 1)}, logo retention ${percent(arm.logo, 1)}, of ${plural(arm.accounts, 'account', 'accounts')}`}
    >
      {tilde(arm.mark)}
      {percent(arm.nrr, 0)}
    </span>
  )
}

const areaColumns = (data: Data): Column<AreaHealth>[] => [
  {
    key: 'area',
    title: 'Area',
    by: (a) => a.area,
    render: (a) => (
      <>
        {a.area}
        {a.byCore ? null : <span className="faint small"> no core feature</span>}
      </>
    ),
  },
  {
    key: 'state',
    title: 'Adoption is',
    by: (a) => stateWords[a.state][1],
    render: (a) => {
      const [mark, word, why] = stateWords[a.state]
      return (
        <span className={`health health-${a.state}`} title={why}>
          <span aria-hidden>{mark}</span> {word}
        </span>
      )
    },
  },
  {
    key: 'rate',
    title: 'Adoption',
    by: (a) => a.adoption.value,
    isNumber: true,
    render: (a) =>
      a.adoption.value === null ? (
        few
      ) : (
        <span title={`95 % interval ${percent(a.adoption.low)} to ${percent(a.adoption.high)}`}>
          {tilde(a.adoption.mark)}
          {percent(a.adoption.value)}{' '}
          <span className="faint small">
            {count(a.adopters)} of {count(a.eligible)}
          </span>
        </span>
      ),
  },
  {
    key: 'before',
    title: data.areas[0] ? month(data.areas[0].trend[0]!.month) : 'Before',
    by: (a) => a.trend[0]?.rate.value ?? null,
    isNumber: true,
    render: (a) => (a.trend[0]?.rate.value == null ? <span className="faint">–</span> : percent(a.trend[0].rate.value)),
  },
  {
    key: 'nrr',
    title: 'NRR, users',
    by: (a) => a.retention?.adopters.nrr ?? null,
    isNumber: true,
    startsGroup: true,
    render: (a) => <Retention area={a} of="adopters" />,
    hint: 'accounts that used a core feature of the area at the start',
  },
  {
    key: 'others',
    title: 'NRR, others',
    by: (a) => a.retention?.others.nrr ?? null,
    isNumber: true,
    render: (a) => <Retention area={a} of="others" />,
  },
  ...(data.satisfactionKey
    ? [
        {
          key: 'satisfaction',
          title: data.satisfactionKey,
          isNumber: true,
          startsGroup: true,
          by: (a: AreaHealth) => a.satisfaction?.median ?? null,
          render: (a: AreaHealth) =>
            a.satisfaction?.median == null ? (
              few
            ) : (
              <span title="Median over the area’s adopters">
                {tilde(a.satisfaction.mark)}
                {a.satisfaction.median.toLocaleString('en-GB', { maximumFractionDigits: 1 })}{' '}
                <span className="faint small">n {count(a.satisfaction.accounts)}</span>
              </span>
            ),
        } satisfies Column<AreaHealth>,
      ]
    : []),
  ...(data.areas.some((a) => a.keyResults.length > 0)
    ? [
        {
          key: 'results',
          title: 'Key results',
          startsGroup: true,
          render: (a: AreaHealth) => a.keyResults.map((k) => k.name).join(', ') || '–',
        } satisfies Column<AreaHealth>,
      ]
    : []),
]

type Feature = AreaHealth['features'][number] & { area: string }

const featureColumns: Column<Feature>[] = [
  {
    key: 'feature',
    title: 'Feature',
    by: (f) => f.feature,
    render: (f) => (
      <PageLink to="/insights/adoption-funnel" search={{ feature: f.feature }}>
        {f.feature}
      </PageLink>
    ),
  },
  { key: 'area', title: 'Area', by: (f) => f.area, render: (f) => f.area },
  { key: 'eligible', title: 'Eligible', by: (f) => f.eligible, render: (f) => count(f.eligible), isNumber: true },
  { key: 'adopters', title: 'Adopters', by: (f) => f.adopters, render: (f) => count(f.adopters), isNumber: true },
  {
    key: 'rate',
    title: 'Adoption',
    by: (f) => f.rate.value,
    isNumber: true,
    render: (f) =>
      f.rate.value === null ? (
        few
      ) : (
        <>
          {tilde(f.rate.mark)}
          {percent(f.rate.value)}{' '}
          <span className="faint small">
            {percent(f.rate.low)} to {percent(f.rate.high)}
          </span>
        </>
      ),
  },
]
