/** Thresholds that were crossed: waiting for somebody to say that they saw it, or with what was said. */
import { Link } from '@tanstack/react-router'
import type { Alert } from '../../../src/insights/targets/schemas.ts'
import { useRead, useWorkspace, useWrite } from '../../api.ts'
import { useMay } from '../../session.ts'
import { day, plural, tied } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/page.tsx'
import { refSearch } from './words.ts'
import './metrics.css'

/** For the first page: nothing where nothing waits. */
export function WaitingAlerts() {
  const alerts = useRead('insights.metrics.alerts', { waitingOnly: true, limit: 20 })
  if (!alerts.data || alerts.data.rows.length === 0) return null
  const { rows } = alerts.data
  return (
    <Section title={`${plural(rows.length, 'threshold was', 'thresholds were')} crossed`}>
      <AlertList alerts={rows} isLinked />
    </Section>
  )
}

export function AlertList({ alerts, isLinked = false }: { alerts: readonly Alert[]; isLinked?: boolean }) {
  return (
    <ul className="alerts">
      {alerts.map((a) => (
        <One key={a.id} alert={a} isLinked={isLinked} />
      ))}
    </ul>
  )
}

function One({ alert: a, isLinked }: { alert: Alert; isLinked: boolean }) {
  const workspace = useWorkspace()
  const may = useMay('insights:edit')
  const text = tied(a.text)
  const acknowledge = useWrite('insights.metrics.acknowledge')
  return (
    <Notice
      id={a.id}
      isOpen={!a.acknowledgedAt}
      may={may}
      acknowledge={acknowledge}
      text={
        isLinked ? (
          <Link
            to="/w/$workspace/insights/metrics/$measure"
            params={{ workspace, measure: a.ref.measure }}
            search={refSearch(a.ref)}
          >
            {text}
          </Link>
        ) : (
          text
        )
      }
      details={
        <>
          Raised {day(a.raisedAt)}
          {a.endedAt ? `; went back ${day(a.endedAt)}` : '; it still is so'}.
          {a.acknowledgedAt ? ` ${a.acknowledgedBy ?? ''}, ${day(a.acknowledgedAt)}: “${a.note ?? ''}”` : ''}
        </>
      }
    />
  )
}
