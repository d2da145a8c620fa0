/** What was done and what was refused, newest first; nothing here can be changed. */
import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { read, useRead, useWorkspace, type OutputOf } from '../api.ts'
import { CsvButton } from '../ui/csv-button.tsx'
import { moment } from '../ui/format.ts'
import { Page, Section } from '../ui/page.tsx'
import { Await, Empty } from '../ui/states.tsx'
import { Table, type Column } from '../ui/table.tsx'

type Row = OutputOf<'audit.list'>['rows'][number]
const pageSize = 100

const columns: Column<Row>[] = [
  { key: 'at', title: 'When', render: (r) => <span className="number">{moment(r.at)}</span> },
  { key: 'who', title: 'Who', render: (r) => r.actor ?? <span className="faint">the server</span> },
  { key: 'what', title: 'What', render: (r) => <code>{r.operation}</code> },
  {
    key: 'target',
    title: 'On',
    render: (r) => (
      <span className="cut" title={r.target ?? ''}>
        {r.target ?? ''}
      </span>
    ),
  },
  { key: 'face', title: 'By', render: (r) => <span className="soft">{r.face}</span> },
  { key: 'outcome', title: 'Outcome', render: (r) => (r.outcome === 'denied' ? <strong>refused</strong> : 'done') },
]

export function AuditPage() {
  const workspace = useWorkspace()
  const [search, setSearch] = useState('')
  const first = useRead('audit.list', { limit: pageSize })
  const [older, setOlder] = useState<{ rows: Row[]; nextCursor: string | null } | null>(null)
  const [isBusy, setBusy] = useState(false)
  const more = async (cursor: string) => {
    setBusy(true)
    const page = await read('audit.list', workspace, { limit: pageSize, cursor })
    setOlder((now) => ({ rows: [...(now?.rows ?? []), ...page.rows], nextCursor: page.nextCursor }))
    setBusy(false)
  }
  const fits = (r: Row) =>
    `${r.actor ?? ''} ${r.operation} ${r.target ?? ''} ${r.outcome}`.toLowerCase().includes(search.toLowerCase())
  return (
    <Page
      title="What was done, and by whom?"
      lead="Every change, every sensitive look and every refusal. The log is only ever added to."
      controls={
        <TextInput
          w={280}
          placeholder="Search what is loaded"
          aria-label="Search"
          value={search}
          onChange={(e) => setSearch(e.currentTarget.value)}
        />
      }
    >
      <Section title="Audit log" actions={<CsvButton operation="audit.list" input={{ limit: 200 }} />}>
        <Await query={first}>
          {(page) => {
            const rows = [...page.rows, ...(older?.rows ?? [])].filter(fits)
            const next = older ? older.nextCursor : page.nextCursor
            return (
              <>
                <Table
                  label="Audit log"
                  columns={columns}
                  rows={rows}
                  keyOf={(r) => r.id}
                  empty={
                    <Empty title={search ? 'Nothing fits the search' : 'Nothing was done yet'}>
                      {search ? 'Load older entries, or try another word.' : 'The first change will stand here.'}
                    </Empty>
                  }
                />
                {next ? (
                  <div className="table-foot">
                    <Button
                      size="compact-xs"
                      variant="default"
                      loading={isBusy}
                      onClick={() => {
                        void more(next)
                      }}
                    >
                      Load older
                    </Button>
                  </div>
                ) : null}
              </>
            )
          }}
        </Await>
      </Section>
    </Page>
  )
}
