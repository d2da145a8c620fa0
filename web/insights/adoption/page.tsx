import { Button, Select, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { AdoptionRetention } from '../../../src/insights/analyses/ground/schemas.ts'
import { useRead, useWorkspace } from '../../api.ts'
import { useHere, useMay } from '../../session.ts'
import { count, day, month, plural, tied } from '../../ui/format.ts'
import { Page, Section } from '../../ui/page.tsx'
import { PictureButtons } from '../../ui/picture-buttons.tsx'
import { Empty, Failed, Loading, Remark } from '../../ui/states.tsx'
import { FindFeature } from '../analyses/find-feature.tsx'
import { AdoptionMonthsSelect, AndBySelect, months, MonthSelect, NumberSelect } from '../analyses/controls.tsx'
import { bandsFor, groupedBy, segmentByOf, type Options } from '../analyses/cut.ts'
import { TakeAway, WithOptions } from '../analyses/frame.tsx'
import { CellDrawer } from './cell-drawer.tsx'
import { Figures } from './figures.tsx'
import { drawnFeatures, HeatMap, HeatScale, mostColumns } from './heat-map.tsx'
import { HowWeKnow } from './how-we-know.tsx'
import { heatMapSvg } from './picture.ts'
import { useAdoptionState, type AdoptionState } from './state.ts'
import './page.css'

const title = 'Which features keep which customers?'

export function AdoptionPage() {
  return (
    <WithOptions title={title}>
      {(options) =>
        options.hasRevenue && options.hasUsage && options.hasFeatures ? (
          <Analysis options={options} />
        ) : (
          <Page title={title}>
            <Missing options={options} />
          </Page>
        )
      }
    </WithOptions>
  )
}

function Missing({ options }: { options: Options }) {
  const workspace = useWorkspace()
  const may = useMay('insights:edit')
  const here = useHere()
  const needs = [
    [options.hasRevenue, 'revenue: subscriptions, MRR by month, or CRM contracts'],
    [options.hasUsage, 'usage: events or daily counts, by account, user or subscription'],
    [options.hasFeatures, 'features: which events belong to which feature'],
  ] as const
  const onlyFeatures = options.hasRevenue && options.hasUsage
  return (
    <Section title="What it takes">
      <Empty
        title={
          here?.kind === 'sample'
            ? 'The sample company is being loaded'
            : 'Here stands feature adoption by segment, tied to net revenue retention'
        }
        action={
          may && here?.kind === 'own' ? (
            <Button
              component={Link}
              to={onlyFeatures ? `/w/${workspace}/data/event-rules` : `/w/${workspace}/data/import`}
            >
              {onlyFeatures ? 'Name the features' : 'Import a file'}
            </Button>
          ) : undefined
        }
      >
        <ul className="needs">
          {needs.map(([has, what]) => (
            <li key={what}>
              {has ? '✓ ' : '○ '}
              {what}
              {has ? <span className="visually-hidden"> (there)</span> : null}
            </li>
          ))}
        </ul>
      </Empty>
    </Section>
  )
}

const defaultBands: Record<string, number[]> = { arr: [10_000, 100_000] }

function Analysis({ options }: { options: Options }) {
  const [state, set] = useAdoptionState()
  const segmentBy = segmentByOf(options, state)
  const isNumber = segmentBy === 'arr' || options.attributes.find((a) => a.key === segmentBy)?.numeric
  const bands = isNumber ? (state.bands ?? defaultBands[segmentBy] ?? [10, 100, 1000]) : undefined
  const input = {
    segmentBy,
    ...bandsFor('', state.andBy === segmentBy ? undefined : state.andBy),
    window: state.window ?? 12,
    adoptionMonths: state.adoptionMonths ?? 3,
    ...(state.month ? { month: state.month } : {}),
    ...(bands ? { bands } : {}),
  }
  const analysis = useRead('insights.analyses.adoptionRetention', input, {
    keepPrevious: true,
  })
  const { data } = analysis
  return (
    <Page
      title={title}
      lead={
        data ? (
          <Answer
            data={data}
            onOpen={() =>
              data.sentence.finding &&
              set({
                cell: {
                  feature: data.sentence.finding.feature,
                  segment: data.sentence.finding.segment,
                  state: 'others',
                },
              })
            }
          />
        ) : undefined
      }
      controls={
        <Controls
          options={options}
          state={state}
          set={set}
          segmentBy={segmentBy}
          bands={bands}
          shown={data?.meta.month}
        />
      }
    >
      {analysis.error ? (
        <Section title="This could not be analysed">
          <Failed
            error={analysis.error}
            onRetry={() => {
              void analysis.refetch()
            }}
          />
        </Section>
      ) : null}
      {!data && !analysis.error ? (
        <Section title="Adoption">
          <Loading rows={12} label="Reading the rollups" />
        </Section>
      ) : null}
      {data ? (
        <div className={analysis.isPlaceholderData ? 'is-stale' : undefined} aria-busy={analysis.isPlaceholderData}>
          {data.meta.windowProblem ? (
            <div className="page-remark">
              <Remark>
                {data.meta.windowProblem.text}
                {data.meta.windowProblem.longestThatFits > 0 ? (
                  <Button
                    size="compact-xs"
                    variant="subtle"
                    onClick={() => set({ window: data.meta.windowProblem!.longestThatFits })}
                  >
                    Use {plural(data.meta.windowProblem.longestThatFits, 'month', 'months')}
                  </Button>
                ) : null}
              </Remark>
            </div>
          ) : null}
          <Section
            title={`Adoption by ${groupedBy(data.meta.segmentBy, data.meta.andBy ?? undefined)}, ${month(data.meta.month)}`}
            note={`Share of eligible accounts with any use in the ${plural(data.meta.adoptionMonths, 'full month', 'full months')} to ${day(data.meta.nowDay)}. Open a cell for retention and the accounts behind it.`}
            actions={<Exports data={data} input={input} find={state.find} />}
          >
            {data.totals.segments.length > mostColumns ? (
              <div className="page-remark">
                <Remark>
                  There are {count(data.totals.segments.length)} segments. The map shows the {mostColumns} with the most
                  ARR; <a href="#figures">the table</a> below and the CSV have them all.
                </Remark>
              </div>
            ) : null}
            <FindFeature
              drawn={drawnFeatures(data, state.find)}
              order="core ones first, then the most used"
              find={state.find}
              onFind={(find) => set({ find })}
            />
            <HeatMap data={data} find={state.find} current={state.cell} onOpen={(cell) => set({ cell })} />
            <HeatScale />
          </Section>
          <Section
            id="figures"
            title="The figures"
            note={
              data.meta.base
                ? `Adoption at ${day(data.meta.nowDay)}; retention of the closed cohort of ${day(data.meta.baseDay)} over ${plural(data.meta.window, 'month', 'months')}, by segment and adoption as they were then. ~ marks 10 to 29 accounts.`
                : `Adoption at ${day(data.meta.nowDay)}. ~ marks 10 to 29 accounts.`
            }
          >
            <Figures data={data} current={state.cell} onOpen={(cell) => set({ cell })} />
          </Section>
          <Section title="How we know">
            <HowWeKnow data={data} />
          </Section>
          <CellDrawer data={data} state={state} cell={state.cell} input={input} onChange={(cell) => set({ cell })} />
        </div>
      ) : null}
    </Page>
  )
}

function Answer({ data, onOpen }: { data: AdoptionRetention; onOpen: () => void }) {
  const { sentence, meta } = data
  // The caveat begins with it, for those who read the sentence alone.
  const caveat = meta.silence ? sentence.caveat.slice(meta.silence.length).trimStart() : sentence.caveat
  const may = useMay('insights:accounts')
  return (
    <div className="answer">
      <p className="answer-text">{tied(sentence.text)}</p>
      {meta.silence ? <Remark>{tied(meta.silence)}</Remark> : null}
      <p className="small faint">{tied(caveat)}</p>
      {sentence.finding ? (
        <div>
          <Button size="xs" onClick={onOpen}>
            {may ? `Show the ${sentence.finding.others} accounts` : 'Show the evidence'}
          </Button>
        </div>
      ) : null}
    </div>
  )
}

function Controls({
  options,
  state,
  set,
  segmentBy,
  bands,
  shown,
}: {
  options: Options
  state: AdoptionState
  set: (change: Partial<AdoptionState>) => void
  segmentBy: string
  bands: number[] | undefined
  shown: string | undefined
}) {
  const [cuts, setCuts] = useState(bands?.join(', ') ?? '')
  const windows = [...new Set([3, 6, 12, 18, 24, state.window ?? 12])].sort((a, b) => a - b)
  return (
    <>
      <MonthSelect options={options} value={state.month ?? shown} onChange={(m) => set({ month: m })} />
      <Select
        label="Segment by"
        w={160}
        data={[
          ...options.attributes.filter((a) => a.numeric || a.values <= 60).map((a) => ({ value: a.key, label: a.key })),
          { value: 'arr', label: 'ARR, in bands' },
        ]}
        value={segmentBy}
        onChange={(v) => {
          set({ segmentBy: v ?? undefined, bands: undefined })
          setCuts(v === 'arr' ? defaultBands['arr']!.join(', ') : '10, 100, 1000')
        }}
        allowDeselect={false}
        searchable
      />
      <AndBySelect
        options={options}
        segmentBy={segmentBy}
        value={state.andBy}
        onChange={(andBy) => set({ andBy, cell: undefined })}
      />
      {bands ? (
        <TextInput
          label="Cut at"
          w={160}
          value={cuts}
          onChange={(e) => setCuts(e.currentTarget.value)}
          onBlur={() => {
            const list = cuts
              .split(/[,;\s]+/)
              .map(Number)
              .filter((n) => Number.isFinite(n) && n > 0)
              .sort((a, b) => a - b)
            if (list.length > 0) set({ bands: list.slice(0, 10) })
          }}
          onKeyDown={(e) => {
            if (e.key === 'Enter') e.currentTarget.blur()
          }}
        />
      ) : null}
      <NumberSelect
        label="Retention over"
        of={windows}
        words={months}
        value={state.window ?? 12}
        onChange={(n) => set({ window: n })}
      />
      <AdoptionMonthsSelect value={state.adoptionMonths ?? 3} onChange={(n) => set({ adoptionMonths: n })} />
    </>
  )
}

function Exports({
  data,
  input,
  find,
}: {
  data: AdoptionRetention
  input: Record<string, unknown>
  find: string | undefined
}) {
  const name = `adoption-${groupedBy(data.meta.segmentBy, data.meta.andBy ?? undefined).replaceAll(' ', '-')}-${data.meta.month}`
  return (
    <>
      <TakeAway operation="insights.analyses.adoptionRetention" input={input} />
      <PictureButtons name={name} svg={() => heatMapSvg(data, find)} />
    </>
  )
}
