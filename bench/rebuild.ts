/** In a process of its own: a few days come in one after the other, are taken back, and everything is rolled up anew. */
import { openFiles } from '../src/platform/files/files.ts'
import { datasets } from '../src/insights/datasets/declared/list.ts'
import { undoBatch } from '../src/insights/datasets/importing/batches.ts'
import { importFile } from '../src/insights/datasets/importing/import-file.ts'
import { refreshDerived } from '../src/insights/datasets/refresh.ts'
import { mappings, today, type UsageFile } from './company.ts'
import { timed } from './measure.ts'
import { decisionsOf, inWarehouse, peakMb, type Company } from './stage.ts'

export interface RebuildFigures {
  dayMs: number
  days: number
  rebuildMs: number
  peakMb: number
}

const { company, day } = JSON.parse(process.argv[2]!) as { company: Company; day: UsageFile }
const days = 3

await inWarehouse(company, async (warehouse) => {
  const files = await openFiles(company.dataDir)
  const now = new Date(`${today}T06:00:00Z`)
  const refresh = () =>
    warehouse.write((con) => refreshDerived(con, { decisions: decisionsOf(company.features), today }))
  await refresh()
  const took: number[] = []
  for (let i = 0; i < days; i += 1) {
    const { batchId } = await importFile(
      warehouse,
      files,
      { path: day.path, fileName: 'day.parquet', sha256: day.path },
      {
        datasets,
        mapping: mappings.usage,
        mode: 'add',
        acceptRejects: false,
        jobId: `day ${performance.now()}`,
        importedBy: 'bench',
        currency: 'EUR',
        now,
      },
    )
    took.push(await timed(refresh))
    await warehouse.write((con) => undoBatch(con, batchId!, now, { datasets }))
    await refresh()
  }
  await warehouse.write((con) => con.run('insert into dirty_day select distinct cast(event_time as date) from event'))
  const rebuildMs = await timed(refresh)
  process.stdout.write(
    `${JSON.stringify({ dayMs: Math.min(...took), days, rebuildMs, peakMb: peakMb() } satisfies RebuildFigures)}\n`,
  )
})
