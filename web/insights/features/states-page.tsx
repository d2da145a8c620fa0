/** ARR by feature adoption. */
import { SegmentedControl, Select } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import type { FeatureStates } from '../../../src/insights/analyses/feature-states/operations.ts'
import { useRead, useIsShared, useWorkspace } from '../../api.ts'
import { isOneOf, isText, useAddress } from '../../ui/address.ts'
import { count, exactMoney, money, month } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { Empty } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { drawnOf, FindFeature } from '../analyses/find-feature.tsx'
import { MonthSelect, SegmentSelect } from '../analyses/controls.tsx'
import { cutOf, type Cut, type Options } from '../analyses/cut.ts'
import { AnalysisPage, TakeAway, WithOptions } from '../analyses/frame.tsx'
import { adoptionStates, stateHints, stateWords } from './state-words.ts'
import { StatesBars } from './states-bars.tsx'
import { useFeatures } from './use-features.ts'
import { featureColumn } from './feature-name.tsx'

interface State extends Cut {
  segment?: string
  by?: 'accounts'
  restated?: boolean
  /** Part of a feature's name, where there are more features than can be drawn. */
  find?: string
}

const title = 'How much ARR stands behind each feature?'

export function FeatureStatesPage() {
  return <WithOptions title={title}>{(options) => <States options={options} />}</WithOptions>
}

function States({ options }: { options: Options }) {
  const [state, set] = useAddress<State>({ by: isOneOf('accounts'), find: isText })
  const workspace = useWorkspace()
  const navigate = useNavigate()
  const input = { ...cutOf(options, state), ...(state.restated ? { restated: true } : {}) }
  const query = useRead('insights.analyses.featureStates', input, { keepPrevious: true })
  const isShared = useIsShared()
  const features = useFeatures()
  const by = state.by ?? 'arr'
  const open = (row: FeatureStates) => {
    const id = features.data?.features.find((f) => f.name === row.feature)?.id
    if (id) void navigate({ to: `/w/${workspace}/insights/feature`, search: { id } as never })
  }
  return (
    <AnalysisPage
      title={title}
      query={query}
      controls={
        <>
          <MonthSelect options={options} value={state.month} onChange={(m) => set({ month: m })} />
          <SegmentSelect options={options} cut={state} onChange={(change) => set({ ...change, segment: undefined })} />
          <Select
            label="Only"
            w={160}
            placeholder="all segments"
            data={query.data?.segments ?? []}
            value={state.segment ?? null}
            onChange={(v) => set({ segment: v ?? undefined })}
            clearable
          />
          <SegmentedControl
            size="sm"
            value={by}
            onChange={(v) => set({ by: v === 'accounts' ? 'accounts' : undefined })}
            data={[
              { value: 'arr', label: 'ARR' },
              { value: 'accounts', label: 'Accounts' },
            ]}
            aria-label="Bars show"
          />
        </>
      }
    >
      {(data) => {
        const rows = data.rows.filter((r) => r.segment === (state.segment ?? 'All'))
        const adopted = (r: FeatureStates) => r.states.find((s) => s.state === 'adopted')![by]
        const byUse = rows.toSorted((a, b) => Number(b.isCore) - Number(a.isCore) || adopted(b) - adopted(a))
        const drawn = drawnOf(byUse, (r) => r.feature, state.find)
        return rows.length === 0 ? (
          <Section title="States">
            {state.segment !== undefined && !data.segments.includes(state.segment) ? (
              <Empty title={`There is no segment “${state.segment}” in ${month(data.month)}`}>
                Choose one of {data.segments.join(', ')}, or all of them.
              </Empty>
            ) : (
              <Empty title="Nobody is in these segments">Choose another month or segment.</Empty>
            )}
          </Section>
        ) : (
          <>
            <Section
              title={`State of every account, ${month(data.month)}`}
              note={`Each bar is the whole book${state.segment ? ` of ${state.segment}` : ''}. Shares add up within a feature, never over features: an account uses many.`}
              actions={<TakeAway operation="insights.analyses.featureStates" input={input} />}
            >
              <FindFeature
                drawn={drawn}
                order="core ones first, then those that most have adopted"
                find={state.find}
                onFind={(find) => set({ find })}
              />
              <StatesBars
                rows={drawn.rows}
                label="ARR by feature adoption"
                currency={data.currency}
                by={by}
                nameOf={(r) => r.feature}
                onOpen={isShared ? undefined : open}
                about={`${month(data.month)}${state.segment ? `, ${state.segment}` : ''}. Shares add up within a feature, never over features.`}
              />
            </Section>
            <Section title="The figures">
              <Table
                label="States by feature"
                columns={columns(data.currency, by)}
                rows={rows}
                keyOf={(r) => r.feature}
                onOpen={isShared ? undefined : open}
                maxHeight={520}
              />
            </Section>
          </>
        )
      }}
    </AnalysisPage>
  )
}

const columns = (currency: string, by: 'arr' | 'accounts'): Column<FeatureStates>[] => [
  featureColumn,
  { key: 'area', title: 'Area', by: (r) => r.area, render: (r) => r.area ?? <span className="faint">–</span> },
  ...adoptionStates.map((state): Column<FeatureStates> => {
    const part = (r: FeatureStates) => r.states.find((s) => s.state === state)!
    return {
      key: state,
      title: stateWords[state],
      hint: stateHints[state],
      by: (r) => part(r)[by],
      isNumber: true,
      render: (r) =>
        part(r).accounts === 0 ? (
          <span className="faint">–</span>
        ) : by === 'arr' ? (
          <span title={`${exactMoney(part(r).arr, currency)}, ${count(part(r).accounts)} accounts`}>
            {money(part(r).arr, currency)} <span className="faint small">{count(part(r).accounts)}</span>
          </span>
        ) : (
          count(part(r).accounts)
        ),
    }
  }),
]
