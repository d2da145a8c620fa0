/** The sample company comes in like anybody's data: its files are written, then read by the same import, and refreshed once. */
import { readFile, rm } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { sampleExclusions, writeSample } from '../../../sample/write.ts'
import { insertExclusion, listExclusions } from '../../insights/accounts/queries.ts'
import { datasetsOf } from '../../insights/datasets/handed.ts'
import { importFile } from '../../insights/datasets/importing/import-file.ts'
import { readMapping } from '../../insights/datasets/mapping/mapping-file.ts'
import { refreshWorkspace } from '../../insights/refresh/job.ts'
import { saveFeatures } from '../../insights/features/operations.ts'
import { FeatureDraft } from '../../insights/features/schemas.ts'
import { newId } from '../../platform/ids.ts'
import { jobKind } from '../../platform/jobs/queue.ts'
import { sampleSteps, tellSteps } from './progress.ts'
import { addFirstSteps } from './first-steps.ts'
import { addStartingPoints } from './starting-points.ts'
import { addTour } from './tour.ts'

/** Of the companies that the generator makes, one in which the planted effect can be told from chance, and what only seems one cannot. */
export const sampleSeed = 3
export const sampleCurrency = 'EUR'

export const loadSampleJob = jobKind({
  kind: 'setup.loadSample',
  input: z.object({ seed: z.int(), scale: z.number().positive() }),
  async run(context, { seed, scale }) {
    const { services, workspaceId, scope, jobId, now, signal, progress } = context
    const folder = services.files.temporary(`sample-${jobId}`)
    const tell = tellSteps(progress, scale)
    tell(0)({ label: sampleSteps[0].name, done: 0, total: null, unit: 'months' })
    try {
      const written = await writeSample(folder, {
        seed,
        scale,
        onProgress: (done, total) => tell(0)({ label: sampleSteps[0].name, done, total, unit: 'months' }),
      })
      const warehouse = await services.warehouses.open(workspaceId)
      const datasets = datasetsOf(services)
      for (const [i, file] of written.files.entries()) {
        tell(1)({ label: `Importing ${file.file}`, done: i, total: written.files.length, unit: 'files' })
        const path = join(folder, file.file)
        await importFile(
          warehouse,
          services.files,
          {
            path,
            fileName: file.file,
            sha256: createHash('sha256')
              .update(await readFile(path))
              .digest('hex'),
          },
          {
            datasets,
            mapping: readMapping(await readFile(join(folder, file.mapping), 'utf8'), datasets),
            mode: 'add',
            acceptRejects: false,
            jobId: `${jobId}/${i}`,
            importedBy: 'The sample company',
            currency: sampleCurrency,
            now: now(),
            signal,
          },
        )
      }
      const features = z.array(FeatureDraft).parse(parse(await readFile(join(folder, 'features.yaml'), 'utf8')))
      await services.transaction(async (tx) => {
        await saveFeatures(tx, scope, features, now())
        if ((await listExclusions(tx, scope)).length === 0)
          for (const rule of sampleExclusions)
            await insertExclusion(tx, scope, { id: newId(now().getTime()), ...rule }, now())
      })
      await refreshWorkspace({ ...context, progress: tell(2) })
      tell(3)({ label: sampleSteps[3].name, done: 0, total: null, unit: '' })
      await addStartingPoints(context)
      await addTour(context, seed)
      await addFirstSteps(context)
      return { state: 'done', result: { accounts: written.accounts, events: written.events } }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
})
