/** Who reads the page over HTTP while a file comes in and is rolled up, by the same server. */
import { join } from 'node:path'
import { rm } from 'node:fs/promises'
import { startServer } from '../tests/support/server-process.ts'
import { mappings, openGenerator, writeEvents } from './company.ts'
import { atFullSize, millions, ms, nothingKept, quantile, timed, times, type Bench } from './measure.ts'
import { askPage, pageSize } from './page.ts'
import { companyOf } from './stage.ts'

const requests = 100

export const readers: Bench = async (run) => {
  const company = await companyOf(run, pageSize(run.isFull))
  const { slug } = company
  const rows = company.size.events / 5
  const generator = await openGenerator(join(company.dataDir, '..', 'files'), company.size)
  const { path } = await writeEvents(generator, {
    name: `more-${performance.now()}`,
    format: 'csv',
    seed: 70,
    first: '2025-12-01',
    days: 31,
    month: 23,
    rows,
  })
  generator.close()
  const server = await startServer(company.dataDir, nothingKept)
  try {
    const ask = () => timed(() => askPage(server, slug))
    for (let i = 0; i < 10; i += 1) await ask()
    const idle: number[] = []
    const busy: number[] = []
    for (let i = 0; i < requests; i += 1) idle.push(await ask())
    const { id } = await server.call<{ id: string }>('uploads.fromPath', { path }, slug)
    const { jobId } = await server.call<{ jobId: string }>(
      'insights.datasets.import',
      { uploadId: id, mapping: mappings.usage, mode: 'replace-days', acceptRejects: false },
      slug,
    )
    for (let state = ''; state !== 'done';) {
      busy.push(await ask())
      const job = await server.call<{ state: string; error: string | null }>('jobs.get', { id: jobId }, slug)
      state = job.state
      if (state === 'failed') throw new Error(job.error!)
    }
    const ratio = quantile(busy, 0.95) / quantile(idle, 0.95)
    return [
      {
        what: `The page over HTTP while ${millions(rows)} rows come in beside ${millions(company.size.events)}, p95 against idle`,
        figure: times(ratio),
        target: '≤ 3×',
        ...atFullSize(
          run.isFull,
          ratio <= 3,
          `${ms(quantile(busy, 0.95))} of ${busy.length} answers against ${ms(quantile(idle, 0.95))} of ${idle.length}; one reader, reading, inserting and rolling up together`,
        ),
      },
    ]
  } finally {
    await server.stop()
    await rm(path, { force: true })
  }
}
