/** On Home: decisions whose day to be looked at again has come. */
import { Link } from '@tanstack/react-router'
import { useRead, useWorkspace } from '../api.ts'
import { useMay } from '../session.ts'
import { plural } from '../ui/format.ts'
import { Section } from '../ui/page.tsx'
import { dueText } from './words.ts'
import './decisions.css'

export function DueDecisions() {
  const workspace = useWorkspace()
  const may = useMay('decisions:read')
  const due = useRead('decisions.list', { dueOnly: true, limit: 10 }, { enabled: may })
  const rows = due.data?.rows ?? []
  if (rows.length === 0) return null
  return (
    <Section title={`${plural(rows.length, 'decision is', 'decisions are')} due to be looked at again`}>
      <ul className="due-list">
        {rows.map((d) => (
          <li key={d.id}>
            <Link to={`/w/${workspace}/decisions/${d.id}`}>{d.title}</Link>
            <span className={d.due?.state === 'overdue' ? 'due-mark is-overdue' : 'due-mark'}>
              {d.due ? dueText(d.due) : ''}
            </span>
            <span className="soft small">
              {d.measure}
              {d.expected ? `: ${d.expected} expected` : ''}
              {d.decider ? `; ${d.decider.name} decided` : ''}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
