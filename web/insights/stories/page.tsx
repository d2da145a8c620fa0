/** All stories: open, dismissed, and those that hold no more. */
import { SegmentedControl } from '@mantine/core'
import { useRead } from '../../api.ts'
import { useCurrency } from '../../session.ts'
import { useAddress } from '../../ui/address.ts'
import { CsvButton } from '../../ui/csv-button.tsx'
import { moment, month, plural } from '../../ui/format.ts'
import { Page, Section } from '../../ui/page.tsx'
import { Await, Empty } from '../../ui/states.tsx'
import { StoryDrawer } from './story-drawer.tsx'
import { StoryList } from './story-list.tsx'

interface State {
  state?: 'dismissed' | 'gone'
  story?: string
}

export function StoriesPage() {
  const [state, set] = useAddress<State>()
  const currency = useCurrency()
  const input = { state: state.state ?? ('open' as const), limit: 200 }
  const stories = useRead('insights.stories.list', input, { keepPrevious: true })
  const all = useRead('insights.stories.list', { state: 'all', limit: 200 }, { enabled: state.story !== undefined })
  const { data } = stories
  const open = [...(data?.rows ?? []), ...(all.data?.rows ?? [])].find((s) => s.id === state.story)
  return (
    <Page
      title="What stands out, and what became of it?"
      lead={
        data
          ? data.toldAt === null
            ? 'After the next refresh of the data, what stands out is told here by fixed rules.'
            : `${plural(data.counts.open, 'story', 'stories')} of ${data.month ? month(data.month) : 'the last month'}${data.counts.fresh > 0 ? `, ${data.counts.fresh} new since the refresh of ${moment(data.toldAt)}` : ''}. Ranked by the ARR concerned and by how far the evidence carries.`
          : undefined
      }
      controls={
        <SegmentedControl
          size="sm"
          aria-label="Which stories"
          value={state.state ?? 'open'}
          onChange={(v) => set({ state: v === 'open' ? undefined : (v as State['state']) })}
          data={[
            { value: 'open', label: `Open${data ? ` ${data.counts.open}` : ''}` },
            { value: 'dismissed', label: `Dismissed${data ? ` ${data.counts.dismissed}` : ''}` },
            { value: 'gone', label: `No longer${data ? ` ${data.counts.gone}` : ''}` },
          ]}
        />
      }
    >
      <Section
        title={
          state.state === 'dismissed'
            ? 'Dismissed'
            : state.state === 'gone'
              ? 'What held once and does not now'
              : 'By weight'
        }
        actions={<CsvButton operation="insights.stories.list" input={input} />}
      >
        <Await query={stories} rows={10}>
          {({ rows }) =>
            rows.length === 0 ? (
              <Empty title={state.state ? 'Nothing here' : 'Nothing stands out'}>
                {state.state === 'dismissed'
                  ? 'What is dismissed comes back by itself if its value leaves the interval it had.'
                  : state.state === 'gone'
                    ? 'Every story that was told still holds.'
                    : 'No figure differs clearly enough, or there is not enough data yet.'}
              </Empty>
            ) : (
              <StoryList
                stories={rows}
                currency={currency}
                label="Stories"
                onOpen={(s) => set({ story: s.id }, { asStep: true })}
              />
            )
          }
        </Await>
      </Section>
      <StoryDrawer story={open} currency={currency} onClose={() => set({ story: undefined }, { asStep: true })} />
    </Page>
  )
}
