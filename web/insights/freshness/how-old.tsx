/** In “How we know”: when each file that a page stands on came in last, and whether it is late. */
import type { Dataset } from '../../../src/insights/datasets/schemas.ts'
import { useFreshness } from '../../freshness.tsx'
import { ago, day, moment } from '../../ui/format.ts'
import { DefinitionLinks } from '../definition-links.tsx'
import '../adoption/how-we-know.css'

export function HowOld({
  datasets,
  definitions = [],
}: {
  datasets: readonly Dataset[]
  definitions?: readonly string[]
}) {
  const fresh = useFreshness()
  const shown = fresh.data?.datasets.filter((d) => datasets.includes(d.dataset) && d.lastImportAt !== null) ?? []
  return (
    <>
      <dl className="know-facts">
        {definitions.length > 0 && fresh.data ? (
          <div>
            <dt>Usage</dt>
            <dd>
              {fresh.data.dataTo ? `to ${day(fresh.data.dataTo)}` : 'none yet'}
              {fresh.data.refreshedAt
                ? `; everything refreshed ${moment(fresh.data.refreshedAt)} (${ago(fresh.data.refreshedAt)})`
                : ''}
            </dd>
          </div>
        ) : null}
        {shown.map((d) => (
          <div key={d.dataset}>
            <dt>{d.title}</dt>
            <dd>
              came in last {moment(d.lastImportAt)} ({ago(d.lastImportAt!)})
              {d.late ? (
                <strong className="is-late">; late: {d.late}</strong>
              ) : d.expectedText ? (
                `; expected ${d.expectedText}`
              ) : (
                ''
              )}
            </dd>
          </div>
        ))}
      </dl>
      <DefinitionLinks keys={definitions} />
    </>
  )
}
