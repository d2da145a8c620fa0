import { z } from 'zod'
import { RowNumber } from '../../../platform/field-types.ts'
import { stat } from 'node:fs/promises'
import { createReadStream } from 'node:fs'
import { createHash } from 'node:crypto'
import { basename, isAbsolute } from 'node:path'
import { forbidden, invalid, notFound, precondition } from '../../../platform/errors.ts'
import { insertUpload } from '../../../platform/files/queries/uploads.ts'
import { newId } from '../../../platform/ids.ts'
import { findJob, setJobInput } from '../../../platform/jobs/queries.ts'
import { operation, type WorkspaceContext } from '../../../platform/operation.ts'
import { findWorkspace } from '../../../platform/workspaces/queries.ts'
import { datasetsOf } from '../handed.ts'
import { needDataset } from '../known.ts'
import { checkMapping } from '../mapping/mapping-file.ts'
import { convertFields } from '../mapping/convert.ts'
import { questionsOf } from '../mapping/propose.ts'
import { unanswered } from '../mapping/settle.ts'
import { saveMapping, signatureOf } from '../mapping/queries.ts'
import { sampleColumns } from '../reading/source.ts'
import { Batch, Check, DatasetOverview, ImportMode, Mapping, Reject } from '../schemas.ts'
import { countOutside, findUndoable, listBatches, readOverview } from './batches.ts'
import { checkFile } from './check-file.ts'
import { enqueueImport, ImportJob } from './jobs.ts'
import { listRejects } from './rejects.ts'
import { withSource } from './uploaded.ts'
import { inWarehouse } from '../../../platform/warehouse/in-warehouse.ts'

export async function refuseSample({ db, scope }: Pick<WorkspaceContext, 'db' | 'scope'>): Promise<void> {
  const workspace = await findWorkspace(db, scope.workspaceId)
  if (workspace?.kind === 'sample')
    throw precondition(
      'This is the sample company; its data stays as it is. Make a workspace of your own and import there.',
    )
}

export const uploadFromPath = operation({
  name: 'uploads.fromPath',
  summary: 'Name a file on the server’s own disk instead of uploading it',
  kind: 'write',
  may: 'insights:edit',
  command: false,
  input: z.object({ path: z.string().min(1).max(4096) }),
  output: z.object({ id: z.string(), name: z.string(), sizeBytes: z.int() }),
  example: (f) => ({ path: f['filePath']! }),
  target: (input) => input.path,
  async prepare({ actor }, { path }) {
    if (!actor.mayReadPaths)
      throw forbidden('Only the command line on the server itself may name files by path. Upload the file instead.')
    if (!isAbsolute(path)) throw invalid(`“path”: ${path} is not absolute.`)
    const found = await stat(path).catch(() => null)
    if (!found?.isFile()) throw invalid(`There is no file ${path} on the server.`)
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Uint8Array)
    return { sizeBytes: found.size, sha256: hash.digest('hex') }
  },
  async run({ db, scope, actor, now }, { path }, found) {
    const upload = {
      id: newId(now().getTime()),
      workspaceId: scope.workspaceId,
      name: basename(path),
      ...found,
      outsidePath: path,
    }
    await insertUpload(db, { ...upload, createdBy: actor.userId, createdAt: now() })
    return { id: upload.id, name: upload.name, sizeBytes: upload.sizeBytes }
  },
})

export const readOverviewOperation = operation({
  name: 'insights.datasets.overview',
  summary: 'What data is there: rows, sources, days',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data'],
  input: z.object({}),
  output: z.object({ rows: z.array(DatasetOverview) }),
  example: () => ({}),
  async run(context) {
    const datasets = datasetsOf(context.services)
    const outside = await countOutside(context.db, context.scope, datasets)
    return inWarehouse(context, async (con) => ({ rows: await readOverview(con, datasets, outside) }))
  },
})

export const checkFileOperation = operation({
  name: 'insights.datasets.check',
  summary: 'Read the whole file by a mapping without changing anything',
  kind: 'read',
  may: 'insights:edit',
  input: z.object({ uploadId: z.uuid(), mapping: Mapping }),
  output: Check,
  command: false,
  example: (f) => ({
    uploadId: f['uploadId']!,
    mapping: {
      dataset: 'users',
      source: 'product',
      fields: { id: { column: 'id' }, account: { column: 'account' } },
    },
  }),
  async run(context, { uploadId, mapping }) {
    const datasets = datasetsOf(context.services)
    checkMapping(mapping, datasets)
    const dataset = needDataset(datasets, mapping.dataset)
    const currency = (await findWorkspace(context.db, context.scope.workspaceId))?.currency ?? 'EUR'
    return withSource(context, uploadId, mapping.file, (con, source) =>
      checkFile(con, { dataset, mapping, source, currency, today: context.now().toISOString().slice(0, 10) }),
    )
  },
})

export const importOperation = operation({
  name: 'insights.datasets.import',
  summary: 'Bring a file in by a mapping; runs as a job',
  kind: 'write',
  may: 'insights:edit',
  touches: ['insights.mappings'],
  command: false,
  input: z.object({
    uploadId: z.uuid(),
    mapping: Mapping,
    mode: ImportMode.default('add'),
    acceptRejects: z.boolean().default(false),
    saveAs: z.string().trim().max(80).optional(),
  }),
  output: z.object({ jobId: z.string(), mappingId: z.string() }),
  example: (f) => ({
    uploadId: f['uploadId']!,
    mapping: {
      dataset: 'users',
      source: 'product',
      fields: { id: { column: 'id' }, account: { column: 'account' } },
    },
  }),
  target: (input) => `${input.mapping.dataset} from ${input.mapping.source}`,
  async prepare(context, { uploadId, mapping }) {
    await refuseSample(context)
    const datasets = datasetsOf(context.services)
    checkMapping(mapping, datasets)
    const dataset = needDataset(datasets, mapping.dataset)
    return withSource(context, uploadId, mapping.file, async (con, source) => {
      convertFields(dataset.fields, mapping, new Map(source.columns.map((c) => [c.name, { type: c.type }])))
      const { columns } = await sampleColumns(con, source)
      const [question] = questionsOf(dataset, mapping, columns, source.file.format)
      if (question) throw unanswered(question)
      return { columns }
    })
  },
  async run({ db, scope, services, actor, now }, { uploadId, mapping, mode, acceptRejects, saveAs }, { columns }) {
    const mappingId = await saveMapping(
      db,
      scope,
      { name: saveAs || `${mapping.dataset} from ${mapping.source}`, mapping, headerSignature: signatureOf(columns) },
      now(),
    )
    return {
      mappingId,
      jobId: await enqueueImport(db, services, {
        workspaceId: scope.workspaceId,
        createdBy: actor.userId,
        input: { uploadId, mapping, mode, acceptRejects },
      }),
    }
  },
})

export const confirmImport = operation({
  name: 'insights.datasets.confirm',
  summary: 'Import what can be read of a file and leave the rejected rows out',
  kind: 'write',
  may: 'insights:edit',
  touches: ['jobs'],
  input: z.object({ jobId: z.uuid() }),
  output: z.object({ jobId: z.string() }),
  example: (f) => ({ jobId: f['waitingJobId']! }),
  target: (input) => input.jobId,
  async run({ db, scope, services }, { jobId }) {
    const job = await findJob(db, scope, jobId)
    if (!job) throw notFound('job', jobId)
    if (job.kind !== 'insights.import' || job.state !== 'needs-confirmation')
      throw precondition('This job does not wait for a confirmation.')
    await setJobInput(db, jobId, { ...ImportJob.parse(job.input), acceptRejects: true })
    await services.jobs.resend(db, jobId)
    return { jobId }
  },
})

export const listBatchesOperation = operation({
  name: 'insights.datasets.batches',
  summary: 'What was imported, newest first, with its books',
  kind: 'read',
  may: 'insights:edit',
  restsOn: ['data'],
  input: z.object({ before: RowNumber.optional(), limit: z.int().min(1).max(200).default(50) }),
  output: z.object({ rows: z.array(Batch), nextBefore: z.int().nullable() }),
  example: () => ({}),
  csv: {
    fileName: () => 'imports.csv',
    rows: (o) =>
      o.rows.map(({ books, ...b }) => ({
        id: b.id,
        dataset: b.dataset,
        file: b.fileName,
        source: b.source,
        importedBy: b.importedBy,
        committedAt: b.committedAt,
        ...books,
        firstDay: b.firstDay,
        lastDay: b.lastDay,
        undoneAt: b.undoneAt,
      })),
  },
  run: (context, { before, limit }) =>
    inWarehouse(context, async (con) => {
      const rows = await listBatches(con, { before, limit: limit + 1 })
      return { rows: rows.slice(0, limit), nextBefore: rows.length > limit ? rows[limit - 1]!.id : null }
    }),
})

export const undoBatchOperation = operation({
  name: 'insights.datasets.undo',
  summary: 'Take an import back; the newest of its dataset first',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({ batchId: RowNumber }),
  output: z.object({ jobId: z.string() }),
  example: (f) => ({ batchId: Number(f['batchId']) }),
  target: (input) => String(input.batchId),
  async prepare(context, { batchId }) {
    await refuseSample(context)
    return inWarehouse(context, (con) => findUndoable(con, batchId))
  },
  async run({ db, scope, services, actor }, { batchId }) {
    return {
      jobId: await services.jobs.enqueue(db, {
        workspaceId: scope.workspaceId,
        kind: 'insights.undo',
        input: { batchId },
        createdBy: actor.userId,
      }),
    }
  },
})

export const listRejectsOperation = operation({
  name: 'insights.datasets.rejects',
  summary: 'The rows of an import that could not be taken, with line and reason',
  kind: 'read',
  may: 'insights:edit',
  sensitive: true,
  input: z.object({ jobId: z.uuid() }),
  output: z.object({ rows: z.array(Reject) }),
  example: (f) => ({ jobId: f['jobId']! }),
  target: (input) => input.jobId,
  csv: {
    fileName: () => 'rejected-rows.csv',
    rows: (o) => o.rows.map((r) => ({ line: r.line, reason: r.reason, field: r.field, value: r.value, row: r.raw })),
  },
  async run(context, { jobId }) {
    if (!(await findJob(context.db, context.scope, jobId))) throw notFound('job', jobId)
    return inWarehouse(context, async (con) => ({ rows: await listRejects(con, jobId) }))
  },
})
