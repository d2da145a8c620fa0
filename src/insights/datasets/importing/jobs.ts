/** Imports and undos as jobs: after a crash they run again and find out by the job's id whether they had committed. */
import { z } from 'zod'
import { RowNumber } from '../../../platform/field-types.ts'
import type { Db } from '../../../platform/db/database.ts'
import { precondition } from '../../../platform/errors.ts'
import { findUpload, pathOf } from '../../../platform/files/queries.ts'
import { jobKind, type JobContext } from '../../../platform/jobs/queue.ts'
import { findPerson } from '../../../platform/people/queries.ts'
import type { Services } from '../../../platform/services.ts'
import { findWorkspace } from '../../../platform/workspaces/queries.ts'
import { listFeatures } from '../../features/queries.ts'
import { saveFeatures } from '../../features/operations.ts'
import { featureMatcher } from '../../features/rules.ts'
import { refreshWhatIsMarked, refreshWorkspace } from '../refresh-job.ts'
import { ImportMode, Mapping, type ImportResult } from '../schemas.ts'
import { undoBatch } from './batches.ts'
import { findByJob, importFile } from './import-file.ts'
import { listRejects } from './rejects.ts'

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
    const { services, db, workspaceId, jobId, now, signal, progress } = context
    const upload = await findUpload(db, { workspaceId }, uploadId)
    if (!upload) throw precondition('The uploaded file is gone. Upload it again.')
    const workspace = await findWorkspace(db, workspaceId)
    const person = await findPerson(db, context.createdBy)
    const reading = (percent: number) =>
      progress({ label: `Reading ${upload.name}`, done: Math.max(0, Math.round(percent)), total: 100, unit: '%' })
    reading(0)
    const outcome = await importFile(
      await services.warehouses.open(workspaceId),
      services.files,
      { path: pathOf(services.files, upload), fileName: upload.name, sha256: upload.sha256 },
      {
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
    await refreshWorkspace(context)
    if (!upload.outsidePath) await services.files.remove(upload.id)
    return { state: 'done', result }
  },
  async committed({ services, db, workspaceId, jobId, createdBy }, { uploadId }) {
    const warehouse = await services.warehouses.open(workspaceId)
    const [stands, rejects] = await warehouse.read(async (con) => [
      await findByJob(con, jobId),
      await listRejects(con, jobId),
    ])
    if (!stands) return null
    await refreshWhatIsMarked(services, workspaceId, createdBy)
    const upload = await findUpload(db, { workspaceId }, uploadId)
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

/** Where the file names features itself, each name that nobody claims becomes a feature of that name. */
export async function nameFeatures(
  { services, db, workspaceId, now }: JobContext,
  mapping: Mapping,
  batchId: number,
): Promise<string[]> {
  if (mapping.dataset !== 'usage' || !mapping.fields['feature']) return []
  const featureOf = featureMatcher(await listFeatures(db, { workspaceId }))
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
  const known = await listFeatures(db, { workspaceId })
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
  await services.transaction((tx) => saveFeatures(tx, { workspaceId }, drafts, now()))
  return [
    `${fresh.length} ${fresh.length === 1 ? 'feature was' : 'features were'} made from the names in the file: ${fresh.slice(0, 8).join(', ')}${fresh.length > 8 ? ', …' : ''}.`,
  ]
}

export const undoJob = jobKind({
  kind: 'insights.undo',
  input: z.object({ batchId: RowNumber }),
  async run(context, { batchId }) {
    const { services, workspaceId, now, signal, progress } = context
    progress({ label: `Taking import ${batchId} back`, done: 0, total: null, unit: '' })
    await (await services.warehouses.open(workspaceId)).write((con) => undoBatch(con, batchId, now()), signal)
    await refreshWorkspace(context)
    return { state: 'done', result: { batchId } }
  },
  async committed({ services, workspaceId, createdBy }, { batchId }) {
    const warehouse = await services.warehouses.open(workspaceId)
    const isUndone = await warehouse.read((con) =>
      con.one('select 1 as there from batch where id = $1 and undone_at is not null', [batchId]),
    )
    if (!isUndone) return null
    await refreshWhatIsMarked(services, workspaceId, createdBy)
    return { batchId }
  },
})
