/** What is late, what does not come in, and what seems wrong with the data, until somebody saw it or it is so no more. */
import { Link } from '@tanstack/react-router'
import type { DataFinding } from '../../../src/insights/freshness/schemas.ts'
import { useRead, useWorkspace, useWrite } from '../../api.ts'
import { useFreshness } from '../../freshness.tsx'
import { useMay } from '../../session.ts'
import { day, plural, tied } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/page.tsx'
import '../metrics/metrics.css'
import './freshness.css'

/** For the first page: nothing where nothing is wrong. */
export function DataNotices() {
  const fresh = useFreshness()
  const findings = useRead('insights.freshness.findings', {})
  const late = fresh.data?.late ?? []
  const stopped = fresh.data?.stopped ?? []
  const found = findings.data?.rows ?? []
  const total = late.length + stopped.length + found.length
  if (total === 0) return null
  return (
    <Section
      title={
        late.length + stopped.length === 0
          ? `${plural(total, 'thing', 'things')} about the data ${total === 1 ? 'looks' : 'look'} odd`
          : `${plural(total, 'thing', 'things')} about the data ${total === 1 ? 'needs' : 'need'} a look`
      }
    >
      <NoticeList late={late} stopped={stopped} findings={found} isShort />
    </Section>
  )
}

export function NoticeList({
  late,
  stopped,
  findings,
  isShort = false,
}: {
  late: readonly string[]
  stopped: readonly string[]
  findings: readonly DataFinding[]
  /** The rules behind stand on the page of the data. */ isShort?: boolean
}) {
  const workspace = useWorkspace()
  const mayEdit = useMay('insights:edit')
  const plain = (text: string) => (
    <li key={text}>
      <span className="alert-mark" aria-hidden>
        ▲
      </span>
      <p>
        {isShort || mayEdit ? (
          <Link to="/w/$workspace/data" params={{ workspace }} hash={mayEdit ? 'schedules' : 'fresh'}>
            {text}
          </Link>
        ) : (
          text
        )}
      </p>
    </li>
  )
  return (
    <ul className="alerts">
      {late.map((text) => plain(`Late: ${text}.`))}
      {stopped.map(plain)}
      {findings.map((f) => (
        <Found key={f.id} finding={f} isShort={isShort} />
      ))}
    </ul>
  )
}

/** Now, and in findings of before. */
const isWhoIsWho: ReadonlySet<string> = new Set(['/data/who-is-who', '/insights/accounts'])

/** Where a role may not look, the sentence stands without a link. */
function NoticeText({ finding: f }: { finding: DataFinding }) {
  const workspace = useWorkspace()
  const mayNames = useMay('insights:accounts')
  const text = tied(f.text)
  const [path, hash] = f.address.split('#')
  if (isWhoIsWho.has(path!) && !mayNames) return <>{text}</>
  return (
    <Link to={`/w/$workspace${path!}` as '/w/$workspace'} params={{ workspace }} {...(hash ? { hash } : {})}>
      {text}
    </Link>
  )
}

function Found({ finding: f, isShort = false }: { finding: DataFinding; isShort?: boolean }) {
  const may = useMay('insights:edit')
  const acknowledge = useWrite('insights.freshness.acknowledge')
  return (
    <Notice
      id={f.id}
      isOpen={f.acknowledgedAt === null && f.endedAt === null}
      may={may}
      acknowledge={acknowledge}
      text={<NoticeText finding={f} />}
      hint={f.rule}
      details={
        <>
          Found {day(f.foundAt)}
          {f.endedAt ? `; no longer so since ${day(f.endedAt)}` : ''}.{' '}
          {f.acknowledgedAt
            ? `${f.acknowledgedBy ?? ''}, ${day(f.acknowledgedAt)}: “${f.note ?? ''}”`
            : isShort
              ? ''
              : f.rule}
        </>
      }
    />
  )
}

/** What was found before, with what was made of it. */
export function PastFindings() {
  const findings = useRead('insights.freshness.findings', { all: true, limit: 100 })
  const past = (findings.data?.rows ?? []).filter((f) => f.acknowledgedAt !== null || f.endedAt !== null)
  if (past.length === 0) return null
  return (
    <details className="more-lines">
      <summary>{plural(past.length, 'finding', 'findings')} before, seen or no longer so</summary>
      <ul className="alerts">
        {past.map((f) => (
          <Found key={f.id} finding={f} />
        ))}
      </ul>
    </details>
  )
}
