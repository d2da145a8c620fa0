/** Imports and undos as jobs: after a crash they run again and find out by the job's id whether they had committed. */
import { z } from 'zod'
import type { Db } from '../../../platform/db/database.ts'
import { RowNumber } from '../../../platform/field-types.ts'
import { precondition } from '../../../platform/errors.ts'
import { findUpload, pathOf } from '../../../platform/files/queries/uploads.ts'
import { jobKind, type JobContext } from '../../../platform/jobs/queue.ts'
import { notifyLive } from '../../../platform/live/queries.ts'
import { findPerson } from '../../../platform/people/queries.ts'
import type { Services } from '../../../platform/services.ts'
import { findWorkspace } from '../../../platform/workspaces/queries.ts'
import type { DatasetDeclaration } from '../declaration.ts'
import { datasetsOf } from '../handed.ts'
import { needDataset } from '../known.ts'
import { ImportMode, Mapping, type ImportResult } from '../schemas.ts'
import { undoBatch } from './batches.ts'
import { findByJob, importFile } from './import-file.ts'
import { listRejects } from './rejects.ts'
import { takeBackLeft } from './rooms.ts'

export const ImportJob = z.object({
  uploadId: z.uuid(),
  mapping: Mapping,
  mode: ImportMode,
  acceptRejects: z.boolean(),
})
const rejectsShown = 100

export const enqueueImport = (
  tx: Db,
  services: Services,
  job: { workspaceId: string; createdBy: string; input: z.input<typeof ImportJob> },
): Promise<string> =>
  services.jobs.enqueue(tx, {
    workspaceId: job.workspaceId,
    kind: 'insights.import',
    input: job.input,
    createdBy: job.createdBy,
  })

/** What the rooms above do with an import; handed in, since this floor does not know them. */
export interface AfterImport {
  /** Takes up what the file names by itself. @returns notes for the person who imported it */
  nameFeatures: (context: JobContext, mapping: Mapping, batchId: number) => Promise<string[]>
  /** Works out anew what is derived from the data. */
  refresh: (context: JobContext) => Promise<void>
  /** Queues that work where marks of it stand, since nobody is there who could do it now. */
  refreshLater: (services: Services, workspaceId: string, userId: string) => Promise<void>
}

export const importJob = (after: AfterImport) =>
  jobKind({
    kind: 'insights.import',
    touches: [
      'data',
      'insights.datasets',
      'insights.features',
      'insights.freshness',
      'insights.mappings',
      'insights.schedules',
    ],
    input: ImportJob,
    async run(context, { uploadId, mapping, mode, acceptRejects }) {
      const { services, db, workspaceId, scope, jobId, now, signal, progress } = context
      const upload = await findUpload(db, scope, uploadId)
      if (!upload) throw precondition('The uploaded file is gone. Upload it again.')
      const workspace = await findWorkspace(db, workspaceId)
      const person = await findPerson(db, context.createdBy)
      const reading = (percent: number) =>
        progress({ label: `Reading ${upload.name}`, done: Math.max(0, Math.round(percent)), total: 100, unit: '%' })
      reading(0)
      const datasets = datasetsOf(services)
      const outcome = await importFile(
        await services.warehouses.open(workspaceId),
        services.files,
        { path: pathOf(services.files, upload), fileName: upload.name, sha256: upload.sha256 },
        {
          datasets,
          operational: { scope, transaction: services.transaction },
          mapping,
          mode,
          acceptRejects,
          jobId,
          importedBy: person?.name ?? 'the server',
          currency: workspace?.currency ?? 'EUR',
          now: now(),
          signal,
          onProgress: reading,
        },
      )
      const result: ImportResult = {
        batchId: outcome.batchId,
        books: outcome.books,
        firstDay: outcome.firstDay,
        lastDay: outcome.lastDay,
        rejects: outcome.rejects.slice(0, rejectsShown),
        notes: [],
      }
      if (!outcome.committed) return { state: 'needs-confirmation', result }
      result.notes.push(...(await after.nameFeatures(context, mapping, outcome.batchId!)))
      await showWhatIsNew(context, after, needDataset(datasets, mapping.dataset))
      if (!upload.outsidePath) await services.files.remove(upload.id)
      return { state: 'done', result }
    },
    async committed({ services, db, scope, workspaceId, jobId, createdBy }, { uploadId }) {
      const warehouse = await services.warehouses.open(workspaceId)
      const [stands, rejects] = await warehouse.read(async (con) => [
        await findByJob(con, jobId),
        await listRejects(con, jobId),
      ])
      if (!stands) {
        await takeBackLeft(datasetsOf(services), { scope, transaction: services.transaction }, jobId)
        return null
      }
      await after.refreshLater(services, workspaceId, createdBy)
      const upload = await findUpload(db, scope, uploadId)
      if (upload && !upload.outsidePath) await services.files.remove(uploadId)
      const { batchId, books, firstDay, lastDay } = stands
      const result: ImportResult = {
        batchId,
        books,
        firstDay,
        lastDay,
        rejects: rejects.slice(0, rejectsShown),
        notes: [
          'The import was complete when its job was cut off. What follows from it is worked out by a job of its own.',
        ],
      }
      return result
    },
  })

/** What follows from rows that came or went: what is derived from the warehouse is worked out anew, or the pages of their room are told. */
async function showWhatIsNew(context: JobContext, after: AfterImport, { target }: DatasetDeclaration): Promise<void> {
  if (target.store === 'warehouse') return after.refresh(context)
  await context.services.transaction((tx) =>
    notifyLive(tx, context.workspaceId, ['insights.datasets', ...target.topics]),
  )
}

export const undoJob = (after: AfterImport) =>
  jobKind({
    kind: 'insights.undo',
    touches: ['data', 'insights.datasets'],
    input: z.object({ batchId: RowNumber }),
    async run(context, { batchId }) {
      const { services, workspaceId, scope, now, signal, progress } = context
      progress({ label: `Taking import ${batchId} back`, done: 0, total: null, unit: '' })
      const warehouse = await services.warehouses.open(workspaceId)
      const operational = { scope, transaction: services.transaction }
      const dataset = await warehouse.write(
        (con) => undoBatch(con, batchId, now(), { datasets: datasetsOf(services), operational }),
        signal,
      )
      await showWhatIsNew(context, after, dataset)
      return { state: 'done', result: { batchId } }
    },
    async committed({ services, workspaceId, createdBy }, { batchId }) {
      const warehouse = await services.warehouses.open(workspaceId)
      const isUndone = await warehouse.read((con) =>
        con.one('select 1 as there from batch where id = $1 and undone_at is not null', [batchId]),
      )
      if (!isUndone) return null
      await after.refreshLater(services, workspaceId, createdBy)
      return { batchId }
    },
  })
