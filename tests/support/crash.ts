/** A real server, killed without warning while it imports and writes, looked at as it fell, started again, and asked what is left. */
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addDays } from '../../src/platform/calendar/month.ts'
import { openWarehouses, type Connection } from '../../src/platform/warehouse/warehouses.ts'
import { unwrap } from '../../src/faces/cli/client.ts'
import { setUp, startServer, type ServerProcess } from './server-process.ts'

export interface CrashReport {
  kills: number
  featuresAcknowledged: number
  importsAcknowledged: number
  jobsResumed: number
  batches: number
  problems: string[]
}

interface JobView {
  id: string
  kind: string
  state: string
  result: { books?: { new: number } } | null
  error: string | null
}
interface Ledger {
  features: Set<string>
  jobs: Map<string, number>
  ended: Set<string>
}
interface Place {
  data: string
  slug: string
  workspaceId: string
  rows: number
}

const accounts = 40
const pollMs = 20
const endsWithinMs = 120_000
const pause = (ms: number) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })

/** What is written is the same at every run; when the blow falls within the write is not. */
export async function crashRounds(rounds: number, rowsPerImport: number): Promise<CrashReport> {
  const data = await mkdtemp(join(tmpdir(), 'throughline-crash-'))
  const report: CrashReport = {
    kills: 0,
    featuresAcknowledged: 0,
    importsAcknowledged: 0,
    jobsResumed: 0,
    batches: 0,
    problems: [],
  }
  const ledger: Ledger = { features: new Set(), jobs: new Map(), ended: new Set() }
  let server: ServerProcess | null = null
  try {
    const place: Place = { data, ...(await setUp(data)), rows: rowsPerImport }
    server = await startServer(data)
    await bringBook(server, place.slug)
    for (let round = 0; round < rounds; round += 1) {
      const blow = { hasFallen: false }
      const writes = writeUntil(blow, server, place, round, ledger)
      await pause(150 + Math.random() * 1500)
      blow.hasFallen = true
      await server.kill()
      report.kills += 1
      await writes
      await inCopy(place, (con) => expectWhole(con, report))
      server = await startServer(data)
      await expectAcknowledged(server, place, ledger, report)
      await inCopy(place, (con) => expectDerived(con, report))
    }
    report.featuresAcknowledged = ledger.features.size
    report.importsAcknowledged = ledger.jobs.size
    return report
  } finally {
    await server?.kill()
    await rm(data, { recursive: true, force: true })
  }
}

async function upload(server: ServerProcess, slug: string, name: string, lines: readonly string[]): Promise<string> {
  const { id } = await unwrap<{ id: string }>(
    await server.request(`/api/uploads?workspace=${slug}&name=${name}`, { method: 'POST', body: lines.join('\n') }),
  )
  return id
}

/** Accounts that all pay, so that usage reaches every rollup. */
async function bringBook(server: ServerProcess, slug: string): Promise<void> {
  const ids = Array.from({ length: accounts }, (_, i) => `K${i}`)
  const files = [
    {
      name: 'accounts.csv',
      lines: ['id,name', ...ids.map((id) => `${id},Company ${id}`)],
      mapping: { dataset: 'accounts', source: 'crm', fields: { id: { column: 'id' }, name: { column: 'name' } } },
    },
    {
      name: 'subscriptions.csv',
      lines: ['id,account,start,mrr', ...ids.map((id) => `S${id},${id},2023-06-01,100`)],
      mapping: {
        dataset: 'subscriptions',
        source: 'crm',
        amountIs: 'mrr',
        fields: {
          id: { column: 'id' },
          account: { column: 'account' },
          start: { column: 'start' },
          amount: { column: 'mrr' },
        },
      },
    },
  ]
  for (const { name, lines, mapping } of files) {
    const { jobId } = await server.call<{ jobId: string }>(
      'insights.datasets.import',
      { uploadId: await upload(server, slug, name, lines), mapping },
      slug,
    )
    await ended(server, slug, jobId)
  }
}

async function ended(server: ServerProcess, slug: string, id: string): Promise<JobView> {
  const givenUpAt = Date.now() + endsWithinMs
  while (Date.now() < givenUpAt) {
    const job = await server.call<JobView>('jobs.get', { id }, slug)
    if (job.state !== 'queued' && job.state !== 'running') return job
    await pause(pollMs)
  }
  throw new Error(`The job ${id} had no end within ${endsWithinMs / 1000} seconds.`)
}

/** Each round writes into days of its own. What the server has answered stands in the ledger; nothing else does. */
async function writeUntil(
  blow: { hasFallen: boolean },
  server: ServerProcess,
  { slug, rows }: Place,
  round: number,
  ledger: Ledger,
): Promise<void> {
  try {
    for (let n = 0; !blow.hasFallen; n += 1) {
      const name = `Feature ${round}.${n}`
      await server.call(
        'insights.features.apply',
        { features: [{ name, rules: [{ kind: 'prefix', value: `f${round}.${n}.` }] }] },
        slug,
      )
      ledger.features.add(name)
      const lines = Array.from(
        { length: rows },
        (_, i) =>
          `${addDays('2024-01-01', (round * 7 + (i % 7)) % 720)}T00:${String(Math.floor(i / 60) % 60).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}Z,K${i % accounts},f${round}.${n}.x`,
      )
      const uploadId = await upload(server, slug, `usage-${round}-${n}.csv`, ['at,account,event', ...lines])
      const { jobId } = await server.call<{ jobId: string }>(
        'insights.datasets.import',
        {
          uploadId,
          mapping: {
            dataset: 'usage',
            source: 'crm',
            fields: { time: { column: 'at' }, account: { column: 'account' }, event: { column: 'event' } },
          },
        },
        slug,
      )
      ledger.jobs.set(jobId, rows)
      const job = await ended(server, slug, jobId)
      if (job.state === 'done') ledger.ended.add(jobId)
    }
  } catch (error) {
    if (!blow.hasFallen) throw error
  }
}

/** A copy of the file, so that only the server itself ever mends what it left behind. */
async function inCopy(place: Place, work: (con: Connection) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-fallen-'))
  const name = `${place.workspaceId}.duckdb`
  try {
    for (const file of [name, `${name}.wal`])
      if (existsSync(join(place.data, 'warehouse', file)))
        await copyFile(join(place.data, 'warehouse', file), join(folder, file))
    const warehouses = openWarehouses({ folder, memoryLimitMb: 512, threads: 1 })
    try {
      await (await warehouses.open(place.workspaceId)).read(work)
    } finally {
      await warehouses.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** As the blow left it: every batch has all the rows its books name, and no row is without a batch. */
async function expectWhole(con: Connection, report: CrashReport): Promise<void> {
  const torn = await con.all<{
    id: number | null
    said: number | null
    found: number | null
  }>(`select b.id, b.rows_new as said, e.found from (select id, rows_new from batch where dataset = 'usage') b
    full join (select batch_id, count(*) as found from event group by 1) e on e.batch_id = b.id where b.rows_new is distinct from e.found`)
  for (const { id, said, found } of torn)
    report.problems.push(`after blow ${report.kills} import ${id} says ${said} rows and ${found} are there`)
  const twice = await con.one<{ n: number }>('select count(*) - count(distinct job_id) as n from batch')
  if (twice!.n > 0) report.problems.push(`after blow ${report.kills} ${twice!.n} jobs had committed twice`)
}

/** After the next start: what was acknowledged is there, jobs end by themselves, books and rows agree. */
async function expectAcknowledged(
  server: ServerProcess,
  { slug, rows }: Place,
  ledger: Ledger,
  report: CrashReport,
): Promise<void> {
  const { features } = await server.call<{ features: { name: string }[] }>('insights.features.list', {}, slug)
  for (const name of ledger.features)
    if (!features.some((f) => f.name === name)) report.problems.push(`${name} was acknowledged and is gone`)
  const known = await allJobs(server, slug)
  for (const id of ledger.jobs.keys())
    if (!known.some((job) => job.id === id)) report.problems.push(`job ${id} was acknowledged and is gone`)
  let imports = 0
  for (const { id, kind, state } of known) {
    if (ledger.ended.has(id) && state !== 'done') report.problems.push(`job ${id} had ended and is ${state} again`)
    const job = state === 'done' ? known.find((j) => j.id === id)! : await ended(server, slug, id)
    if (state !== 'done') report.jobsResumed += 1
    if (job.state !== 'done') report.problems.push(`job ${id} ended as ${job.state}: ${job.error}`)
    if (kind === 'insights.import') imports += 1
    if (kind === 'insights.import' && ![rows, accounts].includes(job.result?.books?.new ?? -1))
      report.problems.push(`import ${id} says ${JSON.stringify(job.result)}`)
    // An import that was begun and not answered any more may be there, whole.
    ledger.ended.add(id)
  }
  const overview = await server.call<{ rows: { dataset: string; rows: number; batches: number }[] }>(
    'insights.datasets.overview',
    {},
    slug,
  )
  const usage = overview.rows.find((r) => r.dataset === 'usage')!
  if (usage.batches !== imports - 2 || usage.rows !== usage.batches * rows)
    report.problems.push(
      `${usage.rows} rows of ${usage.batches} batches stand where ${imports - 2} imports of ${rows} rows ended`,
    )
  report.batches = usage.batches
}

/** Every rollup against the rows it comes from, recomputed the plain way; nothing is left to be refreshed. */
async function expectDerived(con: Connection, report: CrashReport): Promise<void> {
  const day = `select cast(e.event_time as date) as day, k.account_id, coalesce(f.feature_id, 0) as feature_id, count(distinct e.user_key) as users, count(*) as events from event e
    join customer k on k.ext_id = e.ref left join feature f on e.name = 'f' || substr(f.name, 9) || '.x' group by 1, 2, 3`
  const month = `select year(day) * 12 + month(day) - 1 as month, account_id, feature_id, sum(events) as events, sum(events) as paid_events, min(day) as first_day, max(day) as last_day, min(day) as first_paid_day from (${day}) group by 1, 2, 3`
  const rolled =
    'select day, account_id, feature_id, sum(bit_count(users))::bigint as users, sum(events)::bigint as events from r_day group by 1, 2, 3'
  const derived: Record<string, string> = {
    r_name: 'select cast(event_time as date) as day, name, count(*) as events from event group by 1, 2',
    r_day: day,
    r_month: month,
    af: `select account_id, feature_id, 0 as era, bit_or(1::bigint << (month - (select base from bit_base))::integer) as bits, max(last_day) as last_day from (${month}) group by 1, 2`,
  }
  for (const [table, plain] of Object.entries(derived)) {
    const columns = table === 'af' ? 'account_id, feature_id, era, bits, last_day' : '*'
    const stored = table === 'r_day' ? rolled : `select ${columns} from ${table}`
    const wrong = await con.one<{ n: number }>(
      `select count(*) as n from (((${stored}) except all (${plain})) union all ((${plain}) except all (${stored})))`,
    )
    if (wrong!.n > 0)
      report.problems.push(`after blow ${report.kills} ${wrong!.n} rows of ${table} differ from a recomputation`)
  }
  const left = await con.one<{ n: number }>(
    'select (select count(*) from dirty_day) + (select count(*) from dirty_part) as n',
  )
  if (left!.n > 0) report.problems.push(`after blow ${report.kills} ${left!.n} marks of work to do are left over`)
}

async function allJobs(server: ServerProcess, slug: string): Promise<JobView[]> {
  const jobs: JobView[] = []
  for (let cursor: string | undefined; ;) {
    const page: { rows: JobView[]; nextCursor: string | null } = await server.call(
      'jobs.list',
      { limit: 200, ...(cursor ? { cursor } : {}) },
      slug,
    )
    jobs.push(...page.rows)
    if (!page.nextCursor) return jobs
    cursor = page.nextCursor
  }
}
