/** First load in a process of its own: the files of the book, then usage month by month, each imported and rolled up as the import job does. */
import { rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { openFiles } from '../src/platform/files/files.ts'
import type { Mapping } from '../src/insights/datasets/schemas.ts'
import { datasets } from '../src/insights/datasets/declared/list.ts'
import { importFile, type ImportOutcome } from '../src/insights/datasets/importing/import-file.ts'
import { refreshDerived } from '../src/insights/datasets/refresh.ts'
import { mappings, today } from './company.ts'
import { decisionsOf, inWarehouse, peakMb, type LoadFigures, type LoadInput } from './stage.ts'
import { timed } from './measure.ts'

const input = JSON.parse(process.argv[2]!) as LoadInput
const figures: LoadFigures = { importMs: 0, refreshMs: 0, peakMb: 0, rows: 0 }

await inWarehouse(input, async (warehouse) => {
  const files = await openFiles(input.dataDir)
  let outcome: ImportOutcome
  const bring = (path: string, mapping: Mapping) =>
    timed(async () => {
      outcome = await importFile(
        warehouse,
        files,
        { path, fileName: basename(path), sha256: path },
        {
          datasets,
          mapping,
          mode: 'add',
          acceptRejects: false,
          jobId: path,
          importedBy: 'bench',
          currency: 'EUR',
          now: new Date(`${today}T06:00:00Z`),
        },
      )
    })
  for (const name of ['accounts', 'subscriptions', 'byPlan'] as const) await bring(input.files[name], mappings[name])
  for (const { path, rows } of input.usage) {
    figures.importMs += await bring(path, mappings.usage)
    if (outcome!.books.new !== rows) throw new Error(`${path}: ${outcome!.books.new} of ${rows} rows came in.`)
    figures.rows += rows
    figures.refreshMs += await timed(() =>
      warehouse.write((con) => refreshDerived(con, { decisions: decisionsOf(input.features), today })),
    )
    await rm(path)
  }
})
figures.peakMb = peakMb()
process.stdout.write(`${JSON.stringify(figures)}\n`)
