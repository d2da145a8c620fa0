/** Imports and undos as jobs: after a crash they run again and find out by the job's id whether they had committed. */
import { z } from 'zod'
import type { Db } from '../../../platform/db/database.ts'
import { precondition } from '../../../platform/errors.ts'
import { findUpload, pathOf } from '../../../platform/files/queries.ts'
import { jobKind, type JobContext } from '../../../platform/jobs/queue.ts'
import { notifyLive } from '../../../platform/live/queries.ts'
import { findPerson } from '../../../platform/people/queries.ts'
import type { Services } from '../../../platform/services.ts'
import { findWorkspace } from '../../../platform/workspaces/queries.ts'
import { listFeatures } from '../../features/queries.ts'
import { saveFeatures } from '../../features/operations.ts'
import { featureMatcher } from '../../features/rules.ts'
import { refreshWorkspace } from '../refresh-job.ts'
import type { DatasetDeclaration } from '../declaration.ts'
import { datasetsOf } from '../handed.ts'
import { needDataset } from '../known.ts'
import { ImportMode, Mapping, type ImportResult } from '../schemas.ts'
import { undoBatch } from './batches.ts'
import { importFile } from './import-file.ts'

export const ImportJob = z.object({
  uploadId: z.uuid(),
  mapping: Mapping,
  mode: ImportMode,
  acceptRejects: z.boolean(),
})
const rejectsShown = 100
const maxFeaturesMade = 200

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

export const importJob = jobKind({
  kind: 'insights.import',
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
    result.notes.push(...(await nameFeatures(context, mapping, outcome.batchId!)))
    await showWhatIsNew(context, needDataset(datasets, mapping.dataset))
    if (!upload.outsidePath) await services.files.remove(upload.id)
    return { state: 'done', result }
  },
})

/** What follows from rows that came or went: a refresh of what is derived from the warehouse, or the pages of their room. */
async function showWhatIsNew(context: JobContext, { target }: DatasetDeclaration): Promise<void> {
  if (target.store === 'warehouse') return refreshWorkspace(context)
  await context.services.transaction((tx) => notifyLive(tx, context.workspaceId, ['datasets', ...target.topics]))
}

/** Where the file names features itself, each name that nobody claims becomes a feature of that name. */
export async function nameFeatures(
  { services, db, workspaceId, scope, now }: JobContext,
  mapping: Mapping,
  batchId: number,
): Promise<string[]> {
  if (mapping.dataset !== 'usage' || !mapping.fields['feature']) return []
  const featureOf = featureMatcher(await listFeatures(db, scope))
  const warehouse = await services.warehouses.open(workspaceId)
  const names = await warehouse.read((con) =>
    con.all<{ name: string }>('select name from event where batch_id = $1 group by name order by count(*) desc', [
      batchId,
    ]),
  )
  const fresh = names.map((n) => n.name).filter((name) => featureOf(name) === null && name.length <= 80)
  if (fresh.length > maxFeaturesMade)
    return [
      `The file names ${fresh.length} features; that looks like raw event names, so none was made. Group them under Features.`,
    ]
  if (fresh.length === 0) return []
  const known = await listFeatures(db, scope)
  const drafts = fresh.map((name) => {
    const same = known.find((f) => f.name.toLowerCase() === name.trim().toLowerCase())
    const rule = { kind: 'exact' as const, value: name }
    return same
      ? {
          name: same.name,
          area: same.area,
          isCore: same.isCore,
          releasedOn: same.releasedOn,
          rules: [...same.rules, rule],
        }
      : { name: name.trim(), area: null, isCore: false, releasedOn: null, rules: [rule] }
  })
  await services.transaction((tx) => saveFeatures(tx, scope, drafts, now()))
  return [
    `${fresh.length} ${fresh.length === 1 ? 'feature was' : 'features were'} made from the names in the file: ${fresh.slice(0, 8).join(', ')}${fresh.length > 8 ? ', …' : ''}.`,
  ]
}

export const undoJob = jobKind({
  kind: 'insights.undo',
  input: z.object({ batchId: z.int() }),
  async run(context, { batchId }) {
    const { services, workspaceId, scope, now, signal, progress } = context
    progress({ label: `Taking import ${batchId} back`, done: 0, total: null, unit: '' })
    const warehouse = await services.warehouses.open(workspaceId)
    const operational = { scope, transaction: services.transaction }
    const dataset = await warehouse.write(
      (con) => undoBatch(con, batchId, now(), { datasets: datasetsOf(services), operational }),
      signal,
    )
    await showWhatIsNew(context, dataset)
    return { state: 'done', result: { batchId } }
  },
})
