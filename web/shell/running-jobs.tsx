/** What the server is working on, in the top line; long work can be left and found again. */
import { Link } from '@tanstack/react-router'
import { useRead, useWorkspace } from '../api.ts'
import { useMay } from '../session.ts'
import './running-jobs.css'

export function RunningJobs() {
  const workspace = useWorkspace()
  const may = useMay('insights:edit')
  const jobs = useRead('jobs.list', { limit: 5 }, { enabled: may })
  const running = jobs.data?.rows.find((j) => j.state === 'running' || j.state === 'queued')
  if (!running) return null
  const { label, done, total } = running.progress
  const share = total && done !== undefined ? Math.round((done / total) * 100) : null
  const text = `${label ?? 'Waiting to start'}${share === null ? '' : `, ${share} %`}`
  return (
    <Link
      to="/w/$workspace/settings/jobs"
      params={{ workspace }}
      className="running"
      role="status"
      aria-label={`The server works: ${text}`}
    >
      <span className="running-bar" aria-hidden>
        <span style={{ width: `${share ?? 30}%` }} />
      </span>
      <span>{text}</span>
    </Link>
  )
}
