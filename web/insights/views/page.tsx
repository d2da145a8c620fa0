/** What was shared with me, and what we shared. */
import { useRead } from '../../api.ts'
import { useMay } from '../../session.ts'
import { Page, Section } from '../../ui/page.tsx'
import { Await, Empty } from '../../ui/states.tsx'
import { ViewList } from './view-list.tsx'

export function ViewsPage() {
  const views = useRead('insights.views.list', {})
  const mayShare = useMay('insights:curate')
  return (
    <Page
      title={mayShare ? 'What did we share, and with whom?' : 'What was shared with me?'}
      lead={
        mayShare
          ? 'Pages as they stand, for people who see nothing else: live figures, controls fixed, rates and sums unless more was granted.'
          : 'Pages as somebody chose them for you, with live figures.'
      }
    >
      <Await query={views}>
        {({ rows }) => (
          <Section title="Shared views">
            {rows.length > 0 ? (
              <ViewList rows={rows} />
            ) : (
              <Empty title="Nothing is shared yet">
                {mayShare
                  ? 'Open an analysis, choose what it should show, and press Share beside “Copy link”.'
                  : 'When somebody shares a page with you, it stands here. You can ask for one at the request desk.'}
              </Empty>
            )}
          </Section>
        )}
      </Await>
    </Page>
  )
}
