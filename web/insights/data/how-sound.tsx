import { Button } from '@mantine/core'
import type { DatasetAge } from '../../../src/insights/freshness/schemas.ts'
import { useRead } from '../../api.ts'
import { useFreshness } from '../../freshness.tsx'
import { ago, day } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { Await } from '../../ui/states.tsx'
import { NoticeList, PastFindings } from '../freshness/notices.tsx'

/** Whether the data can be relied on today, first of all. */
export function HowSound({ onExpect }: { onExpect: ((age: DatasetAge) => void) | null }) {
  const fresh = useFreshness()
  const findings = useRead('insights.freshness.findings', {})
  return (
    <Section id="fresh" title="Is it fresh and sound?" note="Checked after each import and refresh, by fixed rules.">
      <Await query={fresh} rows={2}>
        {({ late, stopped, old, dataTo, refreshedAt, datasets }) => {
          const found = findings.data?.rows ?? []
          const none = datasets.every((d) => d.lastImportAt === null)
          const usage = datasets.find((d) => d.dataset === 'usage')
          const aged = old ? (
            <div className="old-data">
              <span>{old.text}</span>
              {onExpect && usage ? (
                <Button size="compact-xs" variant="default" onClick={() => onExpect(usage)}>
                  Say when it is expected
                </Button>
              ) : null}
            </div>
          ) : null
          return late.length + stopped.length + found.length > 0 ? (
            <>
              <NoticeList late={late} stopped={stopped} findings={found} />
              {aged}
            </>
          ) : (
            (aged ?? (
              <p className="all-well">
                {none ? (
                  <span className="soft">There is no data yet.</span>
                ) : (
                  <>
                    <span aria-hidden>✓</span>
                    <span>
                      Nothing is late and nothing looks odd.{' '}
                      {dataTo ? `Usage is known to ${day(dataTo)}` : 'There is no usage yet'}
                      {refreshedAt ? `, refreshed ${ago(refreshedAt)}` : ''}.
                    </span>
                  </>
                )}
              </p>
            ))
          )
        }}
      </Await>
      <PastFindings />
    </Section>
  )
}
