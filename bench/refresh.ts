/** What new usage costs: one day's refresh against a rebuild of everything, and the memory of first load and rebuild. */
import { join } from 'node:path'
import { warehouseDefaults } from '../src/platform/warehouse/warehouses.ts'
import { openGenerator, writeEvents, type UsageFile } from './company.ts'
import { startServer } from '../tests/support/server-process.ts'
import { askPage } from './page.ts'
import { atFullSize, millions, ms, nothingKept, share, type Bench } from './measure.ts'
import { questionSize } from './question.ts'
import type { RebuildFigures } from './rebuild.ts'
import { companyOf, inChild, type Company } from './stage.ts'

/** In GiB, as memory is sold and limited; the note has it in thousands too. */
const gigabytes = (mb: number) => `${(mb / 1024).toFixed(2)} GiB RSS`
const decimal = (mb: number) => `${((mb * 1.048576) / 1000).toFixed(2)} × 10⁹ bytes`

export const refresh: Bench = async (run) => {
  const size = questionSize(run.isFull)
  const company = await companyOf(run, size)
  const day = await dayOf(company)
  const rebuilt = await inChild<RebuildFigures>('rebuild.ts', { company, day })
  const server = await serverPeak(company)
  const part = rebuilt.dayMs / rebuilt.rebuildMs
  const load = company.load
  return [
    {
      what: `One day’s refresh at ${millions(size.events)} events, of a full rebuild`,
      figure: share(part),
      target: '≤ 2 %',
      ...atFullSize(
        run.isFull,
        part <= 0.02,
        `${ms(rebuilt.dayMs)} for ${day.rows.toLocaleString('en-GB')} new rows (least of ${rebuilt.days}), rebuild ${ms(rebuilt.rebuildMs)}`,
      ),
    },
    {
      what: `First load of ${millions(size.events)} events, month by month, peak memory`,
      figure: gigabytes(load.peakMb),
      target: '≤ 1.4 GB',
      met: load.peakMb * 1.048576 <= 1400,
      note: `of the bench process, ${decimal(load.peakMb)}; files in ${ms(load.importMs)}, rolled up ${ms(load.refreshMs)}; the server’s peak while it refreshes and answers ${server === null ? 'unknown' : gigabytes(server)}`,
    },
    {
      what: `Rebuild of ${millions(size.events)} events, month by month, peak memory`,
      figure: gigabytes(rebuilt.peakMb),
      target: '≤ 1.4 GB',
      met: rebuilt.peakMb * 1.048576 <= 1400,
      note: `of the bench process, ${decimal(rebuilt.peakMb)}; the engine’s own limit is ${warehouseDefaults.memoryLimitMb} MB`,
    },
  ]
}

async function dayOf({ size, dataDir }: Company): Promise<UsageFile> {
  const generator = await openGenerator(join(dataDir, '..', 'files'), size)
  try {
    return await writeEvents(generator, {
      name: 'day',
      format: 'parquet',
      seed: 90,
      first: '2026-01-01',
      days: 1,
      month: 24,
      rows: Math.round(size.events / 731),
    })
  } finally {
    generator.close()
  }
}

/** The server of the same company, asked for the page while a changed feature is worked in. */
async function serverPeak({ dataDir, slug, features }: Company): Promise<number | null> {
  const server = await startServer(dataDir, nothingKept)
  try {
    const [feature] = features
    const { jobId } = await server.call<{ jobId: string }>(
      'insights.features.apply',
      { features: [{ ...feature, area: 'Changed' }] },
      slug,
    )
    for (let state = ''; state !== 'done';) {
      await askPage(server, slug)
      state = (await server.call<{ state: string }>('jobs.get', { id: jobId }, slug)).state
      if (state === 'failed') throw new Error(`The refresh of job ${jobId} failed.`)
    }
    return server.peakMb()
  } finally {
    await server.stop()
  }
}
