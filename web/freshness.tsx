/** How old the data of every page is, in its top line; where data is late, that instead. */
import { Link } from '@tanstack/react-router'
import { useRead, useWorkspace } from './api.ts'
import { useMay } from './session.ts'
import { ago, day, moment } from './ui/format.ts'

/** Lateness comes with the hour, not with an event. */
export function useFreshness() {
  const may = useMay('insights:read')
  return useRead('insights.freshness.read', {}, { refetchMs: 60_000, enabled: may })
}

export function Freshness({ isStrip = false }: { isStrip?: boolean }) {
  const workspace = useWorkspace()
  const fresh = useFreshness()
  if (!fresh.data) return null
  const { dataTo, refreshedAt, late, stopped, old, datasets } = fresh.data
  if (datasets.every((d) => d.lastImportAt === null) && late.length === 0) return null
  const problem = late[0]
    ? `late: ${late[0]}${late.length > 1 ? `, and ${late.length - 1} more` : ''}`
    : stopped.length > 0
      ? 'an import has stopped'
      : null
  const age = `${dataTo ? `Data to ${day(dataTo)}${old ? `, ${old.age}` : ''}` : 'No usage yet'}${refreshedAt ? `, refreshed ${ago(refreshedAt)}` : ''}`
  return (
    <Link
      to="/w/$workspace/data"
      params={{ workspace }}
      hash="fresh"
      className={isStrip ? 'top-strip' : 'top-fresh'}
      title={[...late, ...stopped, old?.text.replace(/\.$/, ''), refreshedAt ? `Refreshed ${moment(refreshedAt)}` : '']
        .filter(Boolean)
        .join('. ')}
    >
      {problem ? (
        <>
          <span className="top-late">
            <span aria-hidden>▲ </span>
            {problem}
          </span>
          <span className="top-age">{dataTo ? `Data to ${day(dataTo)}${old ? `, ${old.age}` : ''}` : ''}</span>
        </>
      ) : (
        age
      )}
    </Link>
  )
}
