/**
 * One run of a schedule: one file in, then the next as a run of its own. A run that the server's stop cut off begins anew with
 * the file it had taken, and finds by its job's id whether that was committed.
 */
import { z } from 'zod'
import { isProductError, precondition } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import { jobKind, type JobContext } from '../../../platform/jobs/queue.ts'
import { notifyLive } from '../../../platform/live/queries.ts'
import type { Services } from '../../../platform/services.ts'
import type { Db } from '../../../platform/db/database.ts'
import { findWorkspace, type Workspace } from '../../../platform/workspaces/queries.ts'
import { count, plural } from '../../../platform/wording.ts'
import { findByJob, importFile, type ImportOutcome } from '../importing/import-file.ts'
import type { AfterImport } from '../importing/jobs.ts'
import { takeBackLeft } from '../importing/rooms.ts'
import { listMappings, type SavedMapping } from '../mapping/queries.ts'
import { openSource, type LookedFor } from '../reading/source.ts'
import { datasetsOf } from '../handed.ts'
import { needDataset } from '../known.ts'
import type { Books, FileOptions } from '../schemas.ts'
import { fetchNext, lookAtFolder } from './fetching.ts'
import { findFile, listFiles, settleFile, type StoredFile } from './queries/files.ts'
import { finishRun, insertRun, setRunJob } from './queries/runs.ts'
import { findSchedule, saveLook, type StoredSchedule } from './queries/schedules.ts'
import { isWithin, limitText } from './rules.ts'
import type { RunOutcome } from './schemas.ts'

export const RunJob = z.object({
  scheduleId: z.uuid(),
  runId: z.uuid(),
  byPerson: z.boolean(),
  /** A refused file whose readable rows a person wants. */ acceptFileId: z.uuid().nullable(),
})

/** In the caller's transaction. @returns the job's id, or null where one of this schedule is under way */
export async function startRun(
  tx: Db,
  services: Services,
  schedule: Pick<StoredSchedule, 'id' | 'workspaceId' | 'createdBy'>,
  asked: { by: string | null; acceptFileId?: string | null },
): Promise<string | null> {
  const at = services.now()
  const runId = newId(at.getTime())
  if (
    !(await insertRun(tx, {
      id: runId,
      workspaceId: schedule.workspaceId,
      scheduleId: schedule.id,
      askedBy: asked.by,
      at,
    }))
  )
    return null
  const input: z.input<typeof RunJob> = {
    scheduleId: schedule.id,
    runId,
    byPerson: asked.by !== null,
    acceptFileId: asked.acceptFileId ?? null,
  }
  const jobId = await services.jobs.enqueue(tx, {
    workspaceId: schedule.workspaceId,
    kind: 'insights.runSchedule',
    createdBy: schedule.createdBy,
    input,
  })
  await setRunJob(tx, runId, jobId)
  return jobId
}

interface Told {
  outcome: RunOutcome
  message: string
  refreshes: boolean
}

export const runScheduleJob = (after: AfterImport) =>
  jobKind({
    kind: 'insights.runSchedule',
    touches: ['insights.datasets', 'insights.freshness', 'insights.schedules'],
    input: RunJob,
    async run(context, input) {
      const { services, db, workspaceId, scope, now } = context
      const schedule = await findSchedule(db, scope, input.scheduleId)
      const workspace = await findWorkspace(db, workspaceId)
      if (!schedule || !workspace) throw precondition('The schedule was removed, so nothing was imported.')
      const end = async (outcome: RunOutcome, message: string) =>
        services.transaction(async (tx) => {
          await finishRun(tx, input.runId, { outcome, message, at: now() })
          await notifyLive(tx, workspaceId, ['insights.datasets', 'insights.schedules'])
        })
      try {
        const told = await importNext(context, after, schedule, workspace, input)
        await end(told.outcome, told.message)
        const follows = told.outcome === 'imported' && (await goOn(context, schedule, workspace))
        if (!follows) await refreshWhatIsLeft(context, after, told.refreshes)
        return { state: 'done', result: { outcome: told.outcome, message: told.message } }
      } catch (error) {
        context.signal.throwIfAborted()
        const message = isProductError(error)
          ? error.message
          : `Something went wrong on our side (job ${context.jobId}). Nothing was changed.`
        const warehouse = await services.warehouses.open(workspaceId)
        // What was committed stands, whatever failed after it; the queue asks for it next.
        if (!(await warehouse.read((con) => findByJob(con, context.jobId)))) {
          for (const file of await listFiles(db, schedule, { jobIds: [context.jobId], state: 'taken' }))
            await refuse(context, file, message)
          await end('failed', message)
        }
        await refreshWhatIsLeft(context, after, false)
        throw error
      }
    },
    async committed({ services, db, scope, workspaceId, jobId, createdBy, now }, { runId }) {
      const [file] = await listFiles(db, scope, { jobIds: [jobId] })
      const warehouse = await services.warehouses.open(workspaceId)
      const stands = file ? await warehouse.read((con) => findByJob(con, jobId)) : null
      if (!file || !stands) {
        await takeBackLeft(datasetsOf(services), { scope, transaction: services.transaction }, jobId)
        return null
      }
      await settleImported(services, file, stands, now())
      const message = importedText(file.name, stands.books)
      await services.transaction(async (tx) => {
        await finishRun(tx, runId, { outcome: 'imported', message, at: now() })
        await notifyLive(tx, workspaceId, ['datasets', 'schedules'])
      })
      await after.refreshLater(services, workspaceId, createdBy)
      return { outcome: 'imported', message }
    },
  })

async function settleImported(services: Services, file: StoredFile, stands: ImportOutcome, at: Date): Promise<void> {
  await settleFile(
    services.db,
    file.id,
    { state: 'imported', batchId: stands.batchId, books: stands.books, problem: null, uploadId: null },
    at,
  )
  if (file.uploadId) await services.files.remove(file.uploadId)
}

/** Files that came before in the same row of runs may still wait for their refresh. */
async function refreshWhatIsLeft(context: JobContext, after: AfterImport, isNeeded: boolean): Promise<void> {
  const warehouse = await context.services.warehouses.open(context.workspaceId)
  const left = await warehouse.read((con) => con.one('select 1 as there from dirty_part limit 1'))
  if (isNeeded || left) await after.refresh(context)
}

async function importNext(
  context: JobContext,
  after: AfterImport,
  schedule: StoredSchedule,
  workspace: Workspace,
  input: z.output<typeof RunJob>,
): Promise<Told> {
  const { services, db, scope, now, jobId } = context
  const mapping = schedule.mappingId
    ? (await listMappings(db, scope)).find((m) => m.id === schedule.mappingId)
    : undefined
  if (!mapping)
    throw precondition(
      'The mapping of this schedule was forgotten. Choose another one, or import a file by hand to make it anew.',
    )
  const [cutOff] = await listFiles(db, scope, { jobIds: [jobId] })
  if (cutOff && cutOff.state !== 'taken') return tellAgain(cutOff)
  if (cutOff) return importTaken(context, after, schedule, mapping, workspace, cutOff, input.acceptFileId === cutOff.id)
  if (input.acceptFileId && (await findFile(db, scope, input.acceptFileId))?.state !== 'refused')
    throw precondition('This file does not wait any more.')
  const fetched = await fetchNext({
    services,
    schedule,
    workspace: workspace.slug,
    mappingAt: mapping.updatedAt,
    byPerson: input.byPerson,
    now: now(),
    jobId,
    signal: context.signal,
  })
  if (fetched.seen)
    await saveLook(db, schedule.id, {
      seen: fetched.seen,
      at: now(),
      said:
        fetched.kind === 'file'
          ? `${fetched.file.name} is taken.`
          : fetched.kind === 'stopped'
            ? `${fetched.file.name} waits for a person.`
            : fetched.said,
      ...(fetched.kind === 'waiting' && schedule.nextAt ? { nextAt: soon(schedule.nextAt, now()) } : {}),
    })
  if (fetched.kind === 'stopped')
    return {
      outcome: 'stopped',
      message: fetched.file.problem ?? `${fetched.file.name} waits for a person.`,
      refreshes: false,
    }
  if (fetched.kind !== 'file') return { outcome: fetched.kind, message: fetched.said, refreshes: false }
  return importTaken(context, after, schedule, mapping, workspace, fetched.file, input.acceptFileId === fetched.file.id)
}

const lookAgainMs = 60_000
/** A file that may still grow is looked at again in a minute. */
export const soon = (nextAt: Date, now: Date): Date => new Date(Math.min(nextAt.getTime(), now.getTime() + lookAgainMs))

const tellAgain = (file: StoredFile): Told =>
  file.state === 'imported' && file.books
    ? { outcome: 'imported', message: importedText(file.name, file.books), refreshes: true }
    : { outcome: 'stopped', message: file.problem ?? file.name, refreshes: false }

async function importTaken(
  context: JobContext,
  after: AfterImport,
  schedule: StoredSchedule,
  mapping: SavedMapping,
  workspace: Workspace,
  file: StoredFile,
  acceptsAll: boolean,
): Promise<Told> {
  const { services, scope, jobId, now, signal, progress } = context
  const reading = (percent: number) =>
    progress({ label: `Reading ${file.name}`, done: Math.max(0, Math.round(percent)), total: 100, unit: '%' })
  reading(0)
  const warehouse = await services.warehouses.open(workspace.id)
  const path = services.files.path(file.uploadId!)
  const bring = (here: Pick<FileOptions, 'skipLines' | 'sheet'>, acceptRejects: boolean) =>
    importFile(
      warehouse,
      services.files,
      { path, fileName: file.name, sha256: file.sha256 },
      {
        datasets: datasetsOf(services),
        operational: { scope, transaction: services.transaction },
        mapping: { ...mapping.mapping, file: { ...mapping.mapping.file, ...here } },
        mode: schedule.mode,
        acceptRejects,
        jobId,
        importedBy: `Schedule “${schedule.name}”`,
        currency: workspace.currency,
        now: now(),
        signal,
        onProgress: reading,
      },
    )
  let outcome: ImportOutcome
  try {
    const { missing, here } = await lookAtHeader(context, path, file.name, mapping)
    if (missing) return await refuse(context, file, missing)
    outcome = await bring(here, acceptsAll)
    if (!outcome.committed && isWithin(schedule.rejects, outcome.books)) outcome = await bring(here, true)
  } catch (error) {
    if (!isProductError(error)) throw error
    return refuse(context, file, `${file.name}: ${error.message} Nothing was changed.`)
  }
  if (!outcome.committed)
    return refuse(
      context,
      file,
      `${count(outcome.books.rejected)} of ${plural(outcome.books.read, 'row', 'rows')} of ${file.name} cannot be read, and ${limitText(schedule.rejects)}. Nothing was changed. Correct the file, import the rest, or skip it.`,
    )
  const notes = await after.nameFeatures(context, mapping.mapping, outcome.batchId!)
  await settleImported(services, file, outcome, now())
  return { outcome: 'imported', message: [importedText(file.name, outcome.books), ...notes].join(' '), refreshes: true }
}

async function refuse({ services, db, now }: JobContext, file: StoredFile, problem: string): Promise<Told> {
  if (file.uploadId) await services.files.remove(file.uploadId)
  await settleFile(db, file.id, { state: 'refused', batchId: null, books: null, problem, uploadId: null }, now())
  return { outcome: 'stopped', message: problem, refreshes: false }
}

const importedText = (name: string, b: Books): string =>
  `${name}: ${plural(b.read, 'row', 'rows')} read, ${count(b.new)} new, ${count(b.changed)} changed, ${count(b.unchanged)} unchanged${b.rejected > 0 ? `, ${count(b.rejected)} left out` : ''}.`

/** Where the header stands, and of one that changed what is missing, in the words of the mapping; null where all is there. */
async function lookAtHeader(
  { services, workspaceId, signal }: JobContext,
  path: string,
  fileName: string,
  { name, mapping }: SavedMapping,
): Promise<{ missing: string | null; here: Pick<FileOptions, 'skipLines' | 'sheet'> }> {
  const { fields } = needDataset(datasetsOf(services), mapping.dataset)
  const read = Object.values(mapping.fields).flatMap((from) => from.column ?? [])
  const { sheet: calledBefore, ...file } = mapping.file
  const known: LookedFor = {
    isHeader: (columns) => read.every((column) => columns.includes(column)),
    sheets: new Set(calledBefore ?? []),
  }
  return (await services.warehouses.open(workspaceId)).read(async (con) => {
    const source = await openSource(con, services.files, { path, fileName, signal }, file, known)
    const { skipLines, sheet } = source.file
    try {
      const there = new Set(source.columns.map((c) => c.name))
      const gone = Object.entries(mapping.fields).flatMap(([field, from]) =>
        from.column !== undefined && !there.has(from.column)
          ? [`“${from.column}” (${fields.find((f) => f.name === field)?.label ?? field})`]
          : [],
      )
      if (gone.length === 0) return { missing: null, here: { skipLines, sheet } }
      const shown = [...there].slice(0, 30)
      const more = there.size > shown.length ? ', …' : ''
      const missing = [
        `${fileName}${source.file.sheets.length > 1 ? `, sheet “${sheet}”,` : ''} has no column ${gone.join(', ')} any more, which the mapping “${name}” reads.`,
        `It has: ${shown.join(', ')}${more}.`,
        'Nothing was changed.',
        'Correct the file, or import it once by hand and map it anew; the schedule then takes it.',
      ].join(' ')
      return { missing, here: { skipLines, sheet } }
    } finally {
      await source.close()
    }
  })
}

/** Where another file waits, its run is started at once and refreshes in this one's stead. */
async function goOn(
  { services, now, scope }: JobContext,
  before: StoredSchedule,
  workspace: Workspace,
): Promise<boolean> {
  if (before.place.kind !== 'folder') return false
  const schedule = await findSchedule(services.db, scope, before.id)
  if (!schedule) return false
  const mappingAt = (await listMappings(services.db, scope)).find((m) => m.id === schedule.mappingId)?.updatedAt ?? null
  const look = await lookAtFolder({
    services,
    schedule,
    workspace: workspace.slug,
    mappingAt,
    byPerson: false,
    now: now(),
  }).catch(() => null)
  if (!look) return false
  if (look.kind === 'waiting' && schedule.nextAt)
    await saveLook(services.db, schedule.id, {
      seen: look.seen,
      at: now(),
      said: `${look.file} is looked at until it no longer changes.`,
      nextAt: soon(schedule.nextAt, now()),
    })
  if (look.kind !== 'take') return false
  return (await services.transaction((tx) => startRun(tx, services, schedule, { by: null }))) !== null
}
