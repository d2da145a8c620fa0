/** The forms of NRR that tools use, on one book, with what stands between each two of them. */
import { Select } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { StepRow, VariantRow } from '../../../src/insights/analyses/nrr-variants/operations.ts'
import { useRead, type OutputOf } from '../../api.ts'
import { useAddress } from '../../ui/address.ts'
import { count, exactMoney, money, month, percent, plural } from '../../ui/format.ts'
import { Page, Section } from '../../ui/page.tsx'
import { Empty, Loading, Remark } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { months, MonthSelect, NumberSelect } from '../analyses/controls.tsx'
import type { Options } from '../analyses/cut.ts'
import { AnalysisPage, TakeAway, WithOptions } from '../analyses/frame.tsx'
import { Switched } from './switches.tsx'
import { points } from './words.ts'
import './metrics.css'

const Ladder = lazy(() => import('./ladder.tsx').then((m) => ({ default: m.Ladder })))

type Data = OutputOf<'insights.analyses.nrrVariants'>
export interface VariantsState {
  month?: string
  window?: number
  segmentBy?: string
  segment?: string
  leaveOutPastDue?: boolean
  leaveOutEscalators?: boolean
  countOneOffs?: boolean
}
const title = 'Why do two tools disagree about NRR?'

export function NrrVariantsPage() {
  return (
    <WithOptions title={title}>
      {(options) => (options.hasRevenue ? <Variants options={options} /> : <NoRevenue />)}
    </WithOptions>
  )
}

const NoRevenue = () => (
  <Page title={title}>
    <Section title="What it takes">
      <Empty title="Here stand the forms of NRR side by side">Bring subscriptions, MRR by month, or contracts.</Empty>
    </Section>
  </Page>
)

function Variants({ options }: { options: Options }) {
  const [state, set] = useAddress<VariantsState>()
  const segmentBy =
    state.segmentBy ??
    (options.attributes.some((a) => a.key === options.defaultSegmentBy) ? options.defaultSegmentBy! : 'segment')
  const window = state.window ?? 12
  const input = {
    window,
    segmentBy,
    ...(state.month ? { month: state.month } : {}),
    ...(state.segment ? { segment: state.segment } : {}),
    leaveOutPastDue: state.leaveOutPastDue ?? false,
    leaveOutEscalators: state.leaveOutEscalators ?? false,
    countOneOffs: state.countOneOffs ?? false,
  }
  const query = useRead('insights.analyses.nrrVariants', input, { keepPrevious: true })
  return (
    <AnalysisPage
      title={title}
      query={query}
      controls={
        <>
          <MonthSelect options={options} value={state.month} onChange={(m) => set({ month: m })} />
          <NumberSelect
            label="Over"
            of={[1, 3, 6, 12, 18, 24]}
            words={months}
            value={window}
            onChange={(n) => set({ window: n === 12 ? undefined : n })}
          />
          <Select
            label="Only"
            w={180}
            placeholder="all accounts"
            data={query.data?.segments ?? []}
            value={state.segment ?? null}
            onChange={(v) => set({ segment: v ?? undefined })}
            clearable
            searchable
          />
        </>
      }
    >
      {(data) =>
        data.problem ? (
          <Section title="The forms">
            <Remark>{data.problem}</Remark>
          </Section>
        ) : data.rows[0]?.value === null ? (
          <Section title="The forms">
            <Empty title={`${plural(data.rows[0].accounts, 'account', 'accounts')} with ARR at the start`}>
              A form is shown from ten accounts on. Take a larger segment or a shorter window.
            </Empty>
          </Section>
        ) : (
          <Forms data={data} input={input} set={set} />
        )
      }
    </AnalysisPage>
  )
}

function Forms({ data, input, set }: { data: Data; input: object; set: (change: Partial<VariantsState>) => void }) {
  const { currency } = data.standing
  return (
    <>
      <Section
        title={`From one form to the next, ${month(data.base!)} to ${month(data.month)}`}
        note="A dot is a form; the bars before it are what stands between it and the form that it starts from. Blue raises, orange lowers."
        actions={<TakeAway operation="insights.analyses.nrrVariants" input={input} />}
      >
        <Suspense fallback={<Loading rows={10} />}>
          <Ladder rows={data.rows} steps={data.steps} currency={currency} />
        </Suspense>
      </Section>
      <Section
        title="The forms"
        note={`Each on the same accounts and month-ends. GRR of the closed cohort is ${percent(data.grr, 1)}: expansion does not count in it.`}
      >
        <div className="variant-list">
          {data.rows.map((r, i) => (
            <Form key={r.key} row={r} isOurs={i === 0} />
          ))}
        </div>
      </Section>
      <Section title="What makes each step" note="The accounts behind a step, and the ARR that they moved or hold.">
        <Table
          label="Steps between forms"
          columns={stepColumns(data.rows, currency)}
          rows={data.steps}
          keyOf={(s) => `${s.from} ${s.to} ${s.text}`}
        />
      </Section>
      {data.switches ? <Switched data={data} switches={data.switches} onThrow={set} /> : null}
    </>
  )
}

function Form({ row, isOurs }: { row: VariantRow; isOurs: boolean }) {
  return (
    <article className={isOurs ? 'variant is-ours' : 'variant'} aria-label={row.name}>
      <header>
        <div>
          <h3>{row.name}</h3>
          <p className="small faint">{row.usedBy}</p>
        </div>
        <div className="variant-value">
          <span>
            {row.value === null
              ? `n ${count(row.accounts)}`
              : `${row.mark === 'directional' ? '~ ' : ''}${percent(row.value, 1)}`}
          </span>
          <span className="small faint">
            {isOurs
              ? 'the default'
              : row.value === null
                ? 'fewer than 10 accounts'
                : row.difference === null
                  ? ''
                  : Math.abs(row.difference) < 0.0005
                    ? 'the same'
                    : points(row.difference)}
          </span>
        </div>
      </header>
      <p className="variant-formula">{row.formula}</p>
      <dl>
        <div>
          <dt>Base</dt>
          <dd>
            {row.base}; {plural(row.accounts, 'account', 'accounts')} here
          </dd>
        </div>
        <div>
          <dt>Reactivation</dt>
          <dd>{row.reactivation}</dd>
        </div>
        <div>
          <dt>New in the window</dt>
          <dd>{row.newInWindow}</dd>
        </div>
        <div>
          <dt>Source</dt>
          <dd>{row.source}</dd>
        </div>
      </dl>
    </article>
  )
}

const stepColumns = (rows: readonly VariantRow[], currency: string): Column<StepRow>[] => {
  const name = (key: string) => rows.find((r) => r.key === key)?.name ?? key
  return [
    {
      key: 'text',
      title: 'What',
      render: (s) => (
        <span className="wraps-cell">
          {s.text}
          <span className="small faint step-why">{s.why}</span>
        </span>
      ),
    },
    {
      key: 'change',
      title: 'Step',
      by: (s) => s.change,
      render: (s) => (Math.abs(s.change) < 0.0005 ? <span className="faint">0</span> : points(s.change)),
      isNumber: true,
    },
    { key: 'accounts', title: 'Accounts', by: (s) => s.accounts, render: (s) => count(s.accounts), isNumber: true },
    {
      key: 'arr',
      title: 'ARR',
      by: (s) => s.arr,
      render: (s) => <span title={exactMoney(s.arr, currency)}>{money(s.arr, currency)}</span>,
      isNumber: true,
    },
    {
      key: 'from',
      title: 'From',
      render: (s) => <span className="wraps-cell">{name(s.from)}</span>,
      startsGroup: true,
    },
    { key: 'to', title: 'To', render: (s) => <span className="wraps-cell">{name(s.to)}</span> },
  ]
}
