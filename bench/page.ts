/** The page's data over real HTTP from a server of its own, and the same question in PostgreSQL on raw events. */
import { chmodSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { AdoptionRetention } from '../src/insights/analyses/ground/schemas.ts'
import { startServer as startPostgres, whatIsMissing } from '../tests/support/postgres-server.ts'
import { startServer, type ServerProcess } from '../tests/support/server-process.ts'
import { cellsOf, cellsOfSums, expectSameCells, type SumRow } from './cells.ts'
import { lastMonth, type Size } from './company.ts'
import { postgresQuestion } from './hand-sql.ts'
import {
  atFullSize,
  inTurn,
  median,
  millions,
  ms,
  nothingKept,
  quantile,
  timed,
  times,
  type Bench,
  type Row,
} from './measure.ts'
import { companyOf, inWarehouse, type Company } from './stage.ts'

export const pageSize = (isFull: boolean): Size =>
  isFull ? { events: 10_000_000, accounts: 10_000 } : { events: 1_000_000, accounts: 600 }
const requests = 100

export const askPage = async (server: ServerProcess, slug: string): Promise<AdoptionRetention> => {
  const response = await server.request(
    `/api/insights.analyses.adoptionRetention?workspace=${slug}&input=${encodeURIComponent(JSON.stringify({ month: lastMonth, segmentBy: 'segment' }))}`,
  )
  if (!response.ok) throw new Error(await response.text())
  return (await response.json()) as AdoptionRetention
}

export const page: Bench = async (run) => {
  const company = await companyOf(run, pageSize(run.isFull))
  const missing = whatIsMissing()
  const postgres = missing ? null : await fillPostgres(company)
  const server = await startServer(company.dataDir, nothingKept)
  try {
    const ask = () => askPage(server, company.slug)
    for (let i = 0; i < 10; i += 1) await ask()
    const took: number[] = []
    for (let i = 0; i < requests; i += 1) took.push(await timed(ask))
    const p95 = quantile(took, 0.95)
    const rows: Row[] = [
      {
        what: `The page’s data at ${millions(company.size.events)} events of ${company.size.accounts.toLocaleString('en-GB')} accounts over HTTP, p95 of ${requests}`,
        figure: ms(p95),
        target: '≤ 300 ms',
        met: p95 <= 300,
        note: `median ${ms(median(took))}; the server’s peak ${server.peakMb() ?? 'unknown'} MB RSS`,
      },
    ]
    const what = `The same question in PostgreSQL on raw events, against the page over HTTP`
    if (!postgres)
      return [...rows, { what, figure: 'not measured', target: '≥ 5× slower', met: null, note: `skipped: ${missing}` }]
    const theirs = () => postgres.client.query<SumRow>(postgresQuestion(lastMonth, 12))
    const cells = cellsOf(await ask())
    expectSameCells(cellsOfSums((await theirs()).rows), cells, 'PostgreSQL')
    const both = await inTurn(5, { theirs, ours: ask })
    const slower = median(both.theirs) / median(both.ours)
    rows.push({
      what,
      figure: `${times(slower)} slower`,
      target: '≥ 5×',
      ...atFullSize(
        run.isFull,
        slower >= 5,
        `${ms(median(both.theirs))} against ${ms(median(both.ours))}, medians of 5; ids as whole numbers, indexes on time and on account, analysed, all in memory; ${cells.size} cells equal`,
      ),
    })
    return rows
  } finally {
    await server.stop()
    await postgres?.stop()
  }
}

/** Raw rows with whole-number ids, which spares PostgreSQL the names that files use. */
const tables: [name: string, columns: string, select: string][] = [
  [
    'account',
    'account_id integer primary key, segment text',
    `select c.account_id, coalesce(t.value, '(no value)') from customer c left join (select account_id, value from attribute where key = 'segment') t using (account_id) where c.excluded_reason is null`,
  ],
  [
    'subscription',
    'account_id integer, start_date date, end_date date, arr_cents bigint, plan text',
    `select l.account_id, s.start_date, s.end_date, s.arr_cents, s.plan from subscription s join ref r on r.ref_kind = 'account' and r.source = s.source and r.ext_id = s.account_ref join link l using (ref_id)`,
  ],
  ['entitlement', 'plan text, feature_id smallint', 'select distinct plan, feature_id from entitled_plan'],
  [
    'feature',
    'feature_id smallint primary key, name text, released_on date',
    'select feature_id, name, released_on from feature',
  ],
  [
    'event_name',
    'name_id integer primary key, feature_id smallint',
    'select rowid, feature_id from event_name where feature_id <> 0',
  ],
  [
    'event',
    'event_time timestamp, account_id integer, name_id integer',
    `select e.event_time, l.account_id, n.rowid from named_event e join ref r on r.ref_kind = e.ref_kind and r.source = e.source and r.ext_id = e.ref join link l using (ref_id) join event_name n on n.name = e.name`,
  ],
]

async function fillPostgres(company: Company): Promise<{ client: pg.Client; stop: () => Promise<void> }> {
  const server = startPostgres({ tuned: true })
  const client = new pg.Client({ host: server.socket, user: 'postgres', database: 'postgres' })
  await client.connect()
  const folder = await mkdtemp(join(tmpdir(), 'throughline-bench-'))
  chmodSync(folder, 0o755)
  try {
    await inWarehouse(company, async (warehouse) => {
      for (const [name, columns, select] of tables) {
        const path = join(folder, name)
        await warehouse.read((con) => con.run(`copy (${select}) to '${path}' (format csv, header false)`))
        chmodSync(path, 0o644)
        await client.query(`create table ${name} (${columns})`)
        await client.query(`copy ${name} from '${path}' (format csv)`)
        await rm(path)
      }
    })
    await client.query(
      'create index on event (event_time) include (account_id, name_id); create index on event (account_id, event_time); create index on subscription (account_id)',
    )
    await client.query('vacuum analyze')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return {
    client,
    stop: async () => {
      await client.end()
      server.stop()
    },
  }
}
