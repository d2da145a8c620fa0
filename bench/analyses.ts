/** The data of every page over HTTP at two sizes: how long it takes, how it grows with the events, and what the server needs. */
import { startServer, type ServerProcess } from '../tests/support/server-process.ts'
import { lastMonth } from './company.ts'
import { byHandOf, expectSameFigures } from './by-hand.ts'
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
import { pageSize } from './page.ts'
import { questionSize } from './question.ts'
import { companyOf, inWarehouse, type Company } from './stage.ts'

/** Times that each page is asked for, and that each side of a comparison is read. */
const rounds = (isFull: boolean) => (isFull ? { requests: 20, turns: 9 } : { requests: 6, turns: 3 })
const limitMs = { small: 300, large: 400 }

/** Each page as its operation and the input that it opens with; `id`s are filled in from the company. */
const pages = (company: Company, accountId: string): [page: string, operation: string, input: object][] => {
  const featureId = company.features.find((f) => f.name === 'Collaboration')!.id
  const month = lastMonth
  return [
    ['Adoption and retention', 'insights.analyses.adoptionRetention', { month }],
    ['ARR by adoption', 'insights.analyses.featureStates', { month }],
    ['A feature over 18 months', 'insights.analyses.adoptionTrend', { featureId }],
    ['Evidence', 'insights.analyses.association', {}],
    ['Evidence, another question', 'insights.analyses.association', { month, window: 11 }],
    ['Evidence of one feature', 'insights.analyses.associationDetail', { feature: 'Collaboration' }],
    ['Whitespace', 'insights.analyses.whitespace', { month }],
    ['Whitespace, the accounts', 'insights.analyses.whitespaceAccounts', { month }],
    ['Stories', 'insights.stories.list', {}],
    ['Revenue bridge', 'insights.analyses.movements', {}],
    ['Retention over 24 months', 'insights.analyses.retentionTrend', {}],
    ['Renewals', 'insights.analyses.renewals', {}],
    ['Time to adopt', 'insights.analyses.timeToAdopt', { feature: 'Collaboration' }],
    ['Adoption funnel', 'insights.analyses.adoptionFunnel', { feature: 'Collaboration' }],
    ['What changed', 'insights.analyses.whatChanged', {}],
    ['Product health', 'insights.analyses.productHealth', {}],
    ['One account', 'insights.analyses.account', { account: accountId }],
    ['Forms of NRR', 'insights.analyses.nrrVariants', {}],
    ['Stickiness', 'insights.analyses.stickiness', { month }],
    ['Stickiness over a year', 'insights.analyses.stickiness', { month, weeks: 52 }],
    ['Breadth', 'insights.analyses.breadth', { month }],
    ['Cohorts of accounts by month', 'insights.analyses.cohortRetention', {}],
    ['Cohorts of users by week', 'insights.analyses.cohortRetention', { unit: 'users', by: 'week' }],
    // The bench's users are all there in the first months: in later cohorts nobody is new.
    [
      'Cohorts of users by week, all of them new',
      'insights.analyses.cohortRetention',
      { unit: 'users', by: 'week', month: '2024-03' },
    ],
    [
      'Cohorts of users by week, one feature',
      'insights.analyses.cohortRetention',
      { unit: 'users', by: 'week', feature: 'Collaboration' },
    ],
    [
      'Cohorts of users by week, one feature, all of them new',
      'insights.analyses.cohortRetention',
      { unit: 'users', by: 'week', feature: 'Collaboration', month: '2024-03' },
    ],
    ['Metrics', 'insights.metrics.list', {}],
    ['Accounts behind a cell', 'insights.analyses.accountsBehind', { month, feature: 'Collaboration' }],
    ['Accounts behind a bar of the bridge', 'insights.analyses.movementAccounts', { kind: 'expansion' }],
    ['Accounts that renew', 'insights.analyses.renewalAccounts', {}],
    ['Accounts by time to adopt', 'insights.analyses.timeToAdoptAccounts', { feature: 'Collaboration' }],
    ['Accounts of the adoption funnel', 'insights.analyses.funnelAccounts', { feature: 'Collaboration' }],
    ['Accounts that stopped', 'insights.analyses.changedAccounts', { turn: 'stopped', feature: 'Collaboration' }],
    ['Accounts by stickiness', 'insights.analyses.stickinessAccounts', { month }],
    ['Accounts by breadth', 'insights.analyses.breadthAccounts', { month, feature: 'Collaboration' }],
    [
      'Accounts of cohorts of users by week, all of them new',
      'insights.analyses.cohortAccounts',
      { unit: 'users', by: 'week', month: '2024-03' },
    ],
  ]
}

async function ask(server: ServerProcess, slug: string, operation: string, input: object): Promise<string> {
  const response = await server.request(
    `/api/${operation}?workspace=${slug}&input=${encodeURIComponent(JSON.stringify(input))}`,
  )
  const text = await response.text()
  if (!response.ok) throw new Error(`${operation}: ${text}`)
  return text
}

interface Measured {
  size: number
  p95: Map<string, number>
  median: Map<string, number>
  followUpsMs: number
  exported: { rows: number; ms: number }
  peakMb: number | null
  steadyMb: number | null
}

async function measure(company: Company, requests: number): Promise<Measured> {
  const server = await startServer(company.dataDir, nothingKept)
  try {
    // A refresh that changes nothing, so that what follows each refresh is there: evidence and stories.
    const { jobId } = await server.call<{ jobId: string }>(
      'insights.features.apply',
      {
        features: [
          {
            name: 'Collaboration',
            isCore: true,
            area: 'Teamwork',
            rules: company.features.find((f) => f.name === 'Collaboration')!.rules,
          },
        ],
      },
      company.slug,
    )
    const followUpsMs = await timed(() => settled(server, company.slug, jobId))
    const found = new Map<string, number>()
    const middle = new Map<string, number>()
    for (const [page, operation, input] of pages(company, 'A000001')) {
      for (let i = 0; i < 3; i += 1) await ask(server, company.slug, operation, input)
      const took: number[] = []
      for (let i = 0; i < requests; i += 1) took.push(await timed(() => ask(server, company.slug, operation, input)))
      found.set(page, quantile(took, 0.95))
      middle.set(page, median(took))
      process.stderr.write(`  ${millions(company.size.events)} ${page}: ${ms(quantile(took, 0.95))}\n`)
    }
    const lines = { count: 0 }
    const exportMs = await timed(async () => {
      const table = await ask(server, company.slug, 'insights.analyses.whitespaceAccounts.csv', {})
      lines.count = table.split('\r\n').length - 2
    })
    return {
      size: company.size.events,
      p95: found,
      median: middle,
      followUpsMs,
      exported: { rows: lines.count, ms: exportMs },
      peakMb: server.peakMb(),
      steadyMb: server.nowMb(),
    }
  } finally {
    await server.stop()
  }
}

/** Each page asked again while the data stay as they are, by a server that keeps answers as it is shipped. */
async function measureAgain(company: Company): Promise<{ medians: Map<string, number>; peakMb: number | null }> {
  const server = await startServer(company.dataDir)
  try {
    const medians = new Map<string, number>()
    for (const [page, operation, input] of pages(company, 'A000001')) {
      const took: number[] = []
      for (let i = 0; i < 6; i += 1) took.push(await timed(() => ask(server, company.slug, operation, input)))
      medians.set(page, median(took.slice(1)))
    }
    return { medians, peakMb: server.peakMb() }
  } finally {
    await server.stop()
  }
}

/** Until the refresh and all that follows it has ended. */
async function settled(server: ServerProcess, slug: string, jobId: string): Promise<void> {
  for (;;) {
    const { rows } = await server.call<{ rows: { id: string; state: string; kind: string; error: string | null }[] }>(
      'jobs.list',
      { limit: 50 },
      slug,
    )
    const failed = rows.find((j) => j.state === 'failed')
    if (failed) throw new Error(`${failed.kind}: ${failed.error}`)
    if (rows.some((j) => j.id === jobId) && rows.every((j) => j.state !== 'queued' && j.state !== 'running')) return
    await new Promise((resolve) => {
      setTimeout(resolve, 100)
    })
  }
}

/** Each question against SQL by hand on the same rollups, in turn, where both say the same. */
async function compareByHand(company: Company, isFull: boolean): Promise<Row[]> {
  return inWarehouse(company, async (warehouse) => {
    const { id } = (await warehouse.read((con) =>
      con.one<{ id: number }>(`select feature_id as id from feature where name = 'Collaboration'`),
    ))!
    const { turns } = rounds(isFull)
    const rows: Row[] = []
    for (const { page, ours, sql, figures } of byHandOf(id)) {
      const hand = () => warehouse.read((con) => con.all<Record<string, unknown>>(sql))
      const own = await warehouse.read(ours)
      expectSameFigures(figures(await hand()), own, page)
      const took = await inTurn(turns, { ours: () => warehouse.read(ours), hand })
      const ratio = median(took.ours) / median(took.hand)
      rows.push({
        what: `${page} at ${millions(company.size.events)} events against SQL by hand on the same rollups`,
        figure: times(ratio),
        target: '≤ 1.7×',
        ...atFullSize(
          isFull,
          ratio <= 1.7,
          `${ms(median(took.ours))} against ${ms(median(took.hand))}, medians of ${turns}; ${own.size} rows equal`,
        ),
      })
    }
    return rows
  })
}

export const analyses: Bench = async (run) => {
  const { requests } = rounds(run.isFull)
  const small = await measure(await companyOf(run, pageSize(run.isFull)), requests)
  const large = await measure(await companyOf(run, questionSize(run.isFull)), requests)
  const again = await measureAgain(await companyOf(run, questionSize(run.isFull)))
  const byHand = await compareByHand(await companyOf(run, questionSize(run.isFull)), run.isFull)
  const growth = large.size / small.size
  const most = growth >= 10 ? 6 : growth
  const rows: Row[] = [...small.p95].map(([page, p95]) => {
    const other = large.p95.get(page)!
    const grew = large.median.get(page)! / small.median.get(page)!
    return {
      what: `${page}: the page’s data over HTTP, p95 of ${requests} at ${millions(small.size)} and ${millions(large.size)} events`,
      figure: `${ms(p95)} and ${ms(other)}`,
      target: `≤ ${limitMs.small} ms and ≤ ${limitMs.large} ms`,
      ...atFullSize(
        run.isFull,
        p95 <= limitMs.small && other <= limitMs.large,
        `${growth.toFixed(0)}× the events take ${times(grew)} the time (≤ ${most.toFixed(0)}×${grew <= most ? '' : ', not kept'})`,
      ),
    }
  })
  const slowestAgain = [...again.medians].reduce((a, b) => (b[1] > a[1] ? b : a))
  const peakMb = Math.max(large.peakMb ?? Infinity, again.peakMb ?? Infinity)
  return [
    ...rows,
    {
      what: `Any of these pages asked again while the data stay as they are, at ${millions(large.size)} events, median over pages`,
      figure: ms(median([...again.medians.values()])),
      target: '',
      met: null,
      note: `each the median of 5; the slowest is “${slowestAgain[0]}”, ${ms(slowestAgain[1])}. All other figures here are of a server that keeps no answers`,
    },
    ...byHand,
    {
      what: `The server’s memory after all pages at ${millions(large.size)} events, peak`,
      figure: `${peakMb} MB RSS`,
      target: '≤ 1.2 GB',
      ...atFullSize(
        run.isFull,
        peakMb * 1024 ** 2 <= 1.2e9,
        `${((peakMb * 1024 ** 2) / 1e9).toFixed(2)} × 10⁹ bytes, the larger of a server without and one with kept answers; refresh, evidence, stories, every page, then an export; ${large.steadyMb ?? 'unknown'} MB after the last`,
      ),
    },
    {
      what: `A refresh that changes nothing, with evidence and stories after it, at ${millions(large.size)} events`,
      figure: ms(large.followUpsMs),
      target: '',
      met: null,
      note: `${ms(small.followUpsMs)} at ${millions(small.size)}`,
    },
    {
      what: `The accounts of the whitespace as a file of CSV, at ${millions(large.size)} events`,
      figure: ms(large.exported.ms),
      target: '',
      met: null,
      note: `${large.exported.rows.toLocaleString('en-GB')} rows; ${ms(small.exported.ms)} for ${small.exported.rows.toLocaleString('en-GB')} at ${millions(small.size)}; the server’s peak is told with it`,
    },
  ]
}
