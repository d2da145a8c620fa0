/** Do they come back: cohorts of new accounts or users, the curve over all of them, and each by itself. */
import { SegmentedControl, Select, TextInput } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import type { CohortAccount } from '../../../src/insights/analyses/cohorts/accounts.ts'
import { useIsShared, useRead, type InputOf, type OutputOf } from '../../api.ts'
import { useMay } from '../../session.ts'
import { isPick, useAddress, type Fits } from '../../ui/address.ts'
import { count, percent, plural } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { Empty, Loading, Remark } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { AccountPages } from '../account/account-pages.tsx'
import { lastUseColumn, nameColumn, ownerColumn, renewalColumn, segmentColumn } from '../account/columns.tsx'
import { MonthSelect, NumberSelect, SegmentSelect, ShowSegmentSelect } from '../analyses/controls.tsx'
import { cutOf, type Cut, type Options } from '../analyses/cut.ts'
import { AccountsDrawer, AnalysisPage, TakeAway, WithOptions } from '../analyses/frame.tsx'
import { useFeatures } from '../features/use-features.ts'
import { CohortHeat, cohortName } from './heat.tsx'
import '../analyses/analyses.css'

const Lines = lazy(() => import('../../ui/lines.tsx').then((m) => ({ default: m.Lines })))

interface State extends Cut {
  segment?: string
  unit?: 'users'
  by?: 'week'
  kind?: 'unbounded' | 'bracket'
  spans?: number[]
  cohorts?: number
  feature?: string
  open?: { cohort?: string; step: number }
}
type Data = OutputOf<'insights.analyses.cohortRetention'>
type Input = InputOf<'insights.analyses.cohortRetention'>
const fits: Fits<State> = { spans: Array.isArray, open: isPick() }
const usualSpans = [0, 1, 4, 7, 12]

export function CohortsPage() {
  const [state] = useAddress<State>(fits)
  return <WithOptions title={titleOf(state)}>{(options) => <Cohorts options={options} />}</WithOptions>
}

const titleOf = (state: State) => `Do new ${state.unit === 'users' ? 'users' : 'accounts'} come back?`

function Cohorts({ options }: { options: Options }) {
  const [state, set] = useAddress<State>(fits)
  const may = useMay('insights:accounts')
  const spans = state.spans ?? usualSpans
  const cohorts = state.cohorts ?? 12
  const input: Input = {
    ...cutOf(options, state),
    unit: state.unit ?? 'accounts',
    by: state.by ?? 'month',
    kind: state.kind ?? 'n-day',
    cohorts,
    ...(state.kind === 'bracket' ? { spans } : {}),
    ...(state.feature ? { feature: state.feature } : {}),
  }
  const query = useRead('insights.analyses.cohortRetention', input, {
    keepPrevious: true,
  })
  return (
    <AnalysisPage
      title={titleOf(state)}
      query={query}
      controls={
        <>
          <Select
            label="New"
            w={120}
            data={[
              { value: 'accounts', label: 'accounts' },
              { value: 'users', label: 'users' },
            ]}
            value={state.unit ?? 'accounts'}
            onChange={(v) => set({ unit: v === 'users' ? 'users' : undefined, open: undefined })}
            allowDeselect={false}
          />
          <UseOf value={state.feature} onChange={(feature) => set({ feature, open: undefined })} />
          <Select
            label="By"
            w={110}
            data={[
              { value: 'month', label: 'month' },
              { value: 'week', label: 'week' },
            ]}
            value={state.by ?? 'month'}
            onChange={(v) => set({ by: v === 'week' ? 'week' : undefined, open: undefined })}
            allowDeselect={false}
          />
          <NumberSelect
            label="Cohorts"
            width={100}
            of={[6, 12, 18, 26]}
            words={String}
            value={cohorts}
            onChange={(n) => set({ cohorts: n, open: undefined })}
          />
          <SegmentSelect options={options} cut={state} onChange={(change) => set({ ...change, segment: undefined })} />
          <ShowSegmentSelect
            segments={query.data?.segments}
            value={state.segment}
            onChange={(segment) => set({ segment })}
          />
          <MonthSelect options={options} value={state.month} onChange={(m) => set({ month: m })} label="As known at" />
        </>
      }
    >
      {(data) => <Shown data={data} state={state} set={set} input={input} spans={spans} may={may} />}
    </AnalysisPage>
  )
}

function UseOf({ value, onChange }: { value: string | undefined; onChange: (feature: string | undefined) => void }) {
  const features = useFeatures()
  return (
    <Select
      label="Coming back is use of"
      w={180}
      data={(features.data?.features ?? []).map((f) => f.name).sort()}
      value={value ?? null}
      placeholder="anything"
      onChange={(v) => onChange(v ?? undefined)}
      clearable
      clearButtonProps={{ 'aria-label': 'Use of anything' }}
      searchable
      limit={100}
    />
  )
}

function Shown({
  data,
  state,
  set,
  input,
  spans,
  may,
}: {
  data: Data
  state: State
  set: (change: Partial<State>, options?: { asStep?: boolean }) => void
  input: Input
  spans: number[]
  may: boolean
}) {
  const isShared = useIsShared()
  const segment = state.segment && data.segments.includes(state.segment) ? state.segment : 'All'
  const rows = data.rows.filter((r) => r.segment === segment)
  if (rows.length === 0)
    return (
      <Section title="No cohorts">
        <Empty title={data.answer.text}>{data.answer.caveat ?? 'Choose more cohorts, or an earlier month.'}</Empty>
      </Section>
    )
  const one = data.unit === 'accounts' ? 'account' : 'user'
  return (
    <>
      <Section
        title="The curve"
        note="Over the cohorts that reached each point, every member alike. A period that is not over is no part of it."
        actions={<TakeAway operation="insights.analyses.cohortRetention" input={input} />}
      >
        {/* It changes what is asked, which a view has fixed; which of them it is stands under how we know. */}
        {isShared ? null : (
          <div className="chart-choice">
            <SegmentedControl
              size="xs"
              aria-label="What counts as coming back"
              data={[
                { value: 'n-day', label: `in exactly that ${data.by}` },
                { value: 'unbounded', label: 'in it or later' },
                { value: 'bracket', label: 'within a span' },
              ]}
              value={data.kind}
              onChange={(v) => set({ kind: v === 'n-day' ? undefined : (v as State['kind']), open: undefined })}
            />
            {data.kind === 'bracket' ? <Spans value={spans} onChange={(next) => set({ spans: next })} /> : null}
          </div>
        )}
        <Curve data={data} segment={segment} />
        {data.kind === 'unbounded' ? (
          <Remark>The newest cohorts fall by construction: who has not come back yet still may.</Remark>
        ) : null}
      </Section>
      <Section
        title={`Each cohort${segment === 'All' ? '' : `, ${segment}`}`}
        note={`By the ${data.by} in which the ${one} began. * marks a ${data.by} that is not over; below 10 ${data.unit} only the count stands.`}
      >
        <CohortHeat
          data={data}
          rows={rows}
          segment={segment}
          onOpen={
            may
              ? (cohort, step) => set({ open: cohort === null ? { step } : { cohort, step } }, { asStep: true })
              : null
          }
        />
      </Section>
      {data.segments.length > 1 ? (
        <Section title="By segment" note="The average of the cohorts that reached each point.">
          <BySegment data={data} />
        </Section>
      ) : null}
      <AccountsDrawer
        of={state.open}
        onClose={() => set({ open: undefined })}
        title={({ cohort, step }) =>
          `${cohort ? `Cohort of ${cohortName(data, cohort)}` : 'All cohorts'}, ${data.steps[step]?.text ?? ''}`
        }
      >
        {(open) => (
          <AccountPages
            operation="insights.analyses.cohortAccounts"
            input={{ ...input, ...open, ...(segment === 'All' ? {} : { segment }) }}
            label="Accounts of the cohort"
            columns={() => accountColumns(data)}
            keyOf={(r) => `${r.accountId} ${r.cohort}`}
            sum={(list) => <>{plural(list.total, 'account', 'accounts')}, those that did not come back first.</>}
          />
        )}
      </AccountsDrawer>
    </>
  )
}

const keyOf = (step: number) => String(step).padStart(3, '0')

function Curve({ data, segment }: { data: Data; segment: string }) {
  const all = data.averages.find((a) => a.segment === segment)!
  const shown = all.points.filter((p) => p.rate.value !== null)
  if (shown.length === 0)
    return (
      <Remark>
        Fewer than 10 {data.unit} reached any {data.by}, too few for a curve. The counts stand below.
      </Remark>
    )
  const rest =
    segment === 'All'
      ? data.averages
          .filter((a) => a.segment !== 'All' && a.points.filter((p) => p.rate.value !== null).length > 1)
          .sort((a, b) => b.points[0]!.reached - a.points[0]!.reached)
      : []
  const lines = [all, ...rest].map((a) => ({
    name: a.segment,
    isAll: a.segment === 'All',
    points: a.points.map((p) => ({
      month: keyOf(p.step),
      value: p.rate.value,
      low: p.rate.low,
      high: p.rate.high,
      mark: p.rate.mark,
    })),
  }))
  const lowest = Math.min(...lines.flatMap((l) => l.points.map((p) => p.value ?? 1)))
  const last = shown.at(-1)!
  const label = (key: string) => data.steps[Number(key)]?.text ?? key
  return (
    <Suspense fallback={<Loading rows={6} />}>
      <Lines
        name={`cohorts-${data.unit}-${data.kind}`}
        title={`${percent(last.rate.value, 0)} came back at ${data.steps[last.step]!.text}`}
        subtitle={`Share of ${data.unit} that ${data.feature ? `used ${data.feature}` : 'came back'}; a ring marks 10 to 29`}
        lines={lines}
        label={label}
        span={[lowest > 0.5 ? 0.5 : 0, 1]}
        height={260}
      />
    </Suspense>
  )
}

function BySegment({ data }: { data: Data }) {
  const steps = data.steps.filter((_, i) => data.averages[0]!.points.some((p) => p.step === i))
  const columns: Column<Data['averages'][number]>[] = [
    { key: 'segment', title: 'Segment', render: (a) => a.segment },
    {
      key: 'n',
      title: data.unit === 'accounts' ? 'Accounts' : 'Users',
      by: (a) => a.points[0]?.reached ?? 0,
      render: (a) => count(a.points[0]?.reached ?? 0),
      isNumber: true,
    },
    ...steps.map((s, i): Column<Data['averages'][number]> => ({
      key: s.text,
      title: s.text,
      by: (a) => a.points.find((p) => p.step === i)?.rate.value ?? null,
      isNumber: true,
      render: (a) => {
        const p = a.points.find((one) => one.step === i)
        return !p ? (
          <span className="faint" title="No cohort reached it yet">
            –
          </span>
        ) : p.rate.value === null ? (
          <span className="faint" title="Fewer than 10 reached it">
            {count(p.returned)} of {count(p.reached)}
          </span>
        ) : (
          <span
            title={`${count(p.returned)} of ${count(p.reached)}; 95 % interval ${percent(p.rate.low)} to ${percent(p.rate.high)}`}
          >
            {p.rate.mark === 'directional' ? '~ ' : ''}
            {percent(p.rate.value, 0)}
          </span>
        )
      },
    })),
  ]
  return (
    <Table
      label="Coming back by segment"
      columns={columns}
      rows={data.averages}
      keyOf={(a) => a.segment}
      maxHeight={420}
    />
  )
}

/** Where each span begins, and where the last one ends. */
function Spans({ value, onChange }: { value: number[]; onChange: (spans: number[]) => void }) {
  const [text, setText] = useState(value.join(', '))
  const [problem, setProblem] = useState<string | null>(null)
  const save = () => {
    const list = text
      .split(/[,;\s]+/)
      .filter(Boolean)
      .map(Number)
    if (
      list.length < 2 ||
      list.some((n, i) => !Number.isInteger(n) || n < 0 || n > 200 || (i > 0 && n <= list[i - 1]!))
    )
      return setProblem('Whole numbers that rise, as 0, 1, 4, 7, 12')
    setProblem(null)
    onChange(list.slice(0, 20))
  }
  return (
    <TextInput
      size="xs"
      w={220}
      aria-label="Where spans begin, and where the last ends"
      placeholder="0, 1, 4, 7, 12"
      value={text}
      error={problem}
      onChange={(e) => setText(e.currentTarget.value)}
      onBlur={save}
      onKeyDown={(e) => {
        if (e.key === 'Enter') e.currentTarget.blur()
      }}
    />
  )
}

const accountColumns = (data: Data): Column<CohortAccount>[] => [
  nameColumn,
  { key: 'cohort', title: 'Began', by: (r) => r.cohort, render: (r) => cohortName(data, r.cohort), isNumber: true },
  {
    key: 'returned',
    title: 'Came back',
    by: (r) => r.returned / r.members,
    render: (r) =>
      data.unit === 'accounts' ? (
        r.returned > 0 ? (
          'yes'
        ) : (
          'no'
        )
      ) : (
        <>
          {count(r.returned)} of {plural(r.members, 'user', 'users')}
        </>
      ),
    isNumber: data.unit === 'users',
  },
  lastUseColumn(),
  { ...segmentColumn, title: 'Segment then' },
  renewalColumn,
  ownerColumn,
]
