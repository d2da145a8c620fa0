/** Who is who: the ids that count for the account, the files that told of it, and the people seen in it. */
import { useRead, type OutputOf } from '../../api.ts'
import { count, moment, month, plural } from '../../ui/format.ts'
import { Section } from '../../ui/page.tsx'
import { Await } from '../../ui/states.tsx'
import { Table, type Column } from '../../ui/table.tsx'

type Known = OutputOf<'insights.analyses.accountSources'>
const methods: Record<string, string> = {
  own: 'its own id in the book of record',
  alias: 'stated in the accounts file',
  id: 'equal id',
  person: 'decided by a person',
  revenue: 'known by its revenue alone',
}
const kinds = { account: 'account', user: 'user', subscription: 'subscription' } as const

const idColumns: Column<Known['ids'][number]>[] = [
  { key: 'source', title: 'System', by: (r) => r.source, render: (r) => r.source },
  {
    key: 'kind',
    title: 'Names',
    by: (r) => r.kind,
    render: (r) => plural(r.count, kinds[r.kind], `${kinds[r.kind]}s`),
  },
  {
    key: 'some',
    title: 'Ids',
    render: (r) => (
      <span className="cut" title={r.some.join(', ')}>
        {r.some.slice(0, 3).join(', ')}
        {r.count > 3 ? ` and ${count(r.count - 3)} more` : ''}
      </span>
    ),
  },
  {
    key: 'method',
    title: 'Matched by',
    by: (r) => r.method,
    render: (r) =>
      r.kind === 'account'
        ? (methods[r.method ?? ''] ?? r.method)
        : `the account it belongs to, ${methods[r.method ?? ''] ?? r.method}`,
  },
]
const importColumns: Column<Known['imports'][number]>[] = [
  {
    key: 'file',
    title: 'File',
    by: (r) => r.fileName,
    render: (r) => (
      <span className="cut" title={r.fileName}>
        {r.fileName}
      </span>
    ),
  },
  { key: 'dataset', title: 'What', by: (r) => r.dataset, render: (r) => `${r.dataset}, ${r.source}` },
  { key: 'at', title: 'Imported', by: (r) => r.committedAt, render: (r) => moment(r.committedAt) },
  { key: 'rows', title: 'Rows about it', by: (r) => r.rows, render: (r) => count(r.rows), isNumber: true },
]

export function Sources({ account }: { account: string }) {
  const known = useRead('insights.analyses.accountSources', { account })
  return (
    <Section title="Who is who" note="The ids that count for this account and why, and the files that told of it.">
      <Await query={known} rows={5}>
        {(data) => (
          <>
            <Table
              label="Ids of this account"
              columns={idColumns}
              rows={data.ids}
              keyOf={(r) => `${r.source} ${r.kind} ${r.method}`}
            />
            <p className="account-people">{people(data)}</p>
            <Table
              label="Imports that told of this account"
              columns={importColumns}
              rows={data.imports}
              keyOf={(r) => String(r.batch)}
              empty={<p className="soft">No import names it.</p>}
            />
          </>
        )}
      </Await>
    </Section>
  )
}

function people({ users }: Known): string {
  const seen = users.filter((u) => u.users !== null && u.users > 0)
  const last = users.at(-1)
  if (users.some((u) => u.users === null) && seen.length === 0)
    return 'Its events do not say who made them, so people are not counted.'
  if (seen.length === 0 || !last) return 'Nobody was seen in the last twelve months.'
  const most = seen.reduce((best, u) => (u.users! > best.users! ? u : best))
  return `${plural(last.users ?? 0, 'person was', 'people were')} active in ${month(last.month)}${most.users === last.users ? ', the most of the last twelve months' : `; most were ${count(most.users!)} in ${month(most.month)}`}.`
}
