/** Every figure that was told, beside what it is by today’s data. */
import { useRead } from '../../api.ts'
import { CsvButton } from '../../ui/csv-button.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { Await, Empty } from '../../ui/states.tsx'
import { PublishedTable } from './published.tsx'

export function PublishedPage() {
  const published = useRead('insights.metrics.published', {})
  return (
    <Page
      title="What did we tell, and does it still hold?"
      lead="Figures as they were published. A later figure stands beside each and changes nothing of it."
    >
      <Section title="Published figures" actions={<CsvButton operation="insights.metrics.published" input={{}} />}>
        <Await query={published} rows={6}>
          {({ rows }) =>
            rows.length === 0 ? (
              <Empty title="Nothing was published yet">
                Publish a figure on its own page, or share a page: its figures are kept as they are then.
              </Empty>
            ) : (
              <PublishedTable rows={rows} isNamed />
            )
          }
        </Await>
      </Section>
    </Page>
  )
}
