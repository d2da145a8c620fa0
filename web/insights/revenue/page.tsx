/** How revenue moved from month to month, and who stayed. */
import { Button, SegmentedControl, Select } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { MovementKind } from '../../../src/insights/analyses/ground/revenue.ts'
import { useRead, useWorkspace } from '../../api.ts'
import { useMay } from '../../session.ts'
import { isOneOf, useAddress } from '../../ui/address.ts'
import { isMonth } from '../../ui/format.ts'
import { Page, Section } from '../../ui/page.tsx'
import { Empty } from '../../ui/states.tsx'
import { months, MonthSelect, NumberSelect } from '../analyses/controls.tsx'
import { segmentByOf, type Options } from '../analyses/cut.ts'
import { AnswerText, WithOptions } from '../analyses/frame.tsx'
import { HowOld } from '../freshness/how-old.tsx'
import { Movements } from './movements.tsx'
import { Retention } from './retention.tsx'
import './revenue.css'

interface State {
  kind?: MovementKind
  in?: string
  to?: string
  over?: number
  unit?: 'mrr'
  segmentBy?: string
  segment?: string
  window?: number
}
const title = 'How does our revenue move, and who stays?'

export function RevenuePage() {
  return (
    <WithOptions title={title}>
      {(options) => (options.hasRevenue ? <Revenue options={options} /> : <NoRevenue />)}
    </WithOptions>
  )
}

function NoRevenue() {
  const workspace = useWorkspace()
  const next = useMay('insights:edit') ? (
    <Button component={Link} to={`/w/${workspace}/data/import`}>
      Import revenue
    </Button>
  ) : undefined
  return (
    <Page title={title}>
      <Section title="What it takes">
        <Empty title="Here stands the bridge of ARR, and retention by segment" action={next}>
          Bring subscriptions, MRR by month, or contracts.
        </Empty>
      </Section>
    </Page>
  )
}

const back = (text: string, months: number): string => {
  const index = Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1 - months
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`
}

function Revenue({ options }: { options: Options }) {
  const [state, set] = useAddress<State>({ kind: isOneOf('new', 'reactivation', 'expansion', 'contraction', 'churn') })
  const segmentBy = segmentByOf(options, state)
  const to = state.to ?? options.defaultMonth ?? undefined
  const over = Number.isInteger(state.over) ? state.over! : 12
  const attributes = options.attributes.filter((a) => !a.numeric && a.values <= 60)
  const values = attributes.find((a) => a.key === segmentBy)?.top ?? []
  const input = {
    ...(to ? { from: isMonth(to) ? back(to, over - 1) : to, to } : {}),
    segmentBy,
    ...(state.segment ? { segment: state.segment } : {}),
  }
  const movements = useRead('insights.analyses.movements', input, { keepPrevious: true })
  const answer = movements.data?.answer
  return (
    <Page
      title={title}
      lead={answer ? <AnswerText answer={answer} /> : undefined}
      controls={
        <>
          <MonthSelect options={options} value={to} onChange={(m) => set({ to: m })} label="To" />
          <NumberSelect
            label="Over"
            of={[1, 3, 6, 12, 24]}
            words={months}
            value={over}
            onChange={(n) => set({ over: n })}
          />
          <Select
            label="Segment by"
            w={150}
            data={attributes.map((a) => a.key)}
            value={attributes.some((a) => a.key === segmentBy) ? segmentBy : null}
            placeholder="no attribute"
            onChange={(v) => set({ segmentBy: v ?? undefined, segment: undefined })}
            allowDeselect={false}
            searchable
          />
          <Select
            label="Only"
            w={160}
            placeholder="all segments"
            data={values}
            value={state.segment ?? null}
            onChange={(v) => set({ segment: v ?? undefined })}
            clearable
            searchable
          />
          <SegmentedControl
            size="sm"
            value={state.unit ?? 'arr'}
            onChange={(v) => set({ unit: v === 'mrr' ? 'mrr' : undefined })}
            data={[
              { value: 'arr', label: 'ARR' },
              { value: 'mrr', label: 'MRR' },
            ]}
            aria-label="Unit"
          />
        </>
      }
    >
      <Movements
        input={input}
        movements={movements}
        segment={state.segment}
        perMonth={state.unit === 'mrr'}
        window={state.window ?? 12}
        isOpenEnded={!state.to && over === 12}
        open={state.kind ? { kind: state.kind, month: isMonth(state.in) ? state.in : undefined } : undefined}
        onOpen={(bar) => set({ kind: bar?.kind, in: bar?.month }, { asStep: true })}
      />
      <Retention
        segmentBy={segmentBy}
        window={state.window ?? 12}
        segment={state.segment}
        onWindow={(window) => set({ window })}
      />
      <Section title="How we know">
        <div className="know">
          <HowOld
            datasets={['subscriptions', 'mrr', 'accounts']}
            definitions={['arr', 'nrr', 'grr', 'logo-retention']}
          />
        </div>
      </Section>
    </Page>
  )
}
