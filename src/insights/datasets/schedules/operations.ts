import { z } from 'zod'
import { VersionNumber } from '../../../platform/field-types.ts'
import { conflict, invalid, notFound, precondition } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import { operation, type WorkspaceContext } from '../../../platform/operation.ts'
import { parseDownloadUrl } from '../../../platform/outside/download.ts'
import { seal } from '../../../platform/sealed.ts'
import { refuseSample } from '../importing/operations.ts'
import { listMappings } from '../mapping/queries.ts'
import { secretKey } from './fetching.ts'
import { listFolder, openFolder, rootsFor } from './folder.ts'
import { startRun } from './job.ts'
import { findFile, listFiles, settleFile, type StoredFile } from './queries/files.ts'
import { lastRuns, listRuns, openRuns, type StoredRun } from './queries/runs.ts'
import { findSchedule, schedules, setNext, type StoredSchedule } from './queries/schedules.ts'
import { nextDue, timingText } from './rules.ts'
import { Run, Schedule, ScheduleDraft, TakenFile } from './schemas.ts'

const shownFile = ({ id, name, sizeBytes, state, jobId, batchId, books, problem, at }: StoredFile): TakenFile => ({
  id,
  name,
  sizeBytes,
  state,
  jobId,
  batchId,
  books,
  problem,
  at: at.toISOString(),
})
const shownRun = ({ scheduleId: _, startedAt, finishedAt, ...r }: StoredRun, files: readonly StoredFile[]): Run => {
  const file = files.find((f) => f.jobId === r.jobId)
  return {
    ...r,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    file: file ? shownFile(file) : null,
  }
}

export const listSchedulesOperation = operation({
  name: 'insights.schedules.list',
  summary: 'Imports that repeat: from where, when, and how the last one went',
  kind: 'read',
  may: 'insights:edit',
  restsOn: ['insights.datasets', 'insights.mappings'],
  input: z.object({}),
  output: z.object({
    rows: z.array(Schedule),
    roots: z.array(z.string()).describe('folders of the server that may be read'),
  }),
  example: () => ({}),
  csv: {
    fileName: () => 'schedules.csv',
    rows: (o) =>
      o.rows.map((s) => ({
        schedule: s.name,
        dataset: s.dataset,
        from: s.place.kind === 'folder' ? `${s.place.folder}/${s.place.pattern}` : s.place.url,
        when: s.when,
        paused: s.isPaused,
        next: s.nextAt,
        last: s.last?.outcome ?? null,
        last_at: s.last?.finishedAt ?? null,
        message: s.last?.message ?? null,
      })),
  },
  async run({ db, scope, services }) {
    const all = await schedules.list(db, scope)
    const mappings = await listMappings(db, scope)
    const last = await lastRuns(db, scope)
    const open = await openRuns(db, scope)
    const refused = await listFiles(db, scope, { state: 'refused' })
    const files = await listFiles(db, scope, { jobIds: last.flatMap((r) => r.jobId ?? []) })
    return {
      roots: rootsFor(services.importRoots, scope.slug),
      rows: all.map(({ secret, seen: _, createdBy: __, nextAt, lookedAt, ...s }) => {
        const mapping = mappings.find((m) => m.id === s.mappingId)
        const run = last.find((r) => r.scheduleId === s.id)
        const stopped = refused.find((f) => f.scheduleId === s.id)
        return {
          ...s,
          dataset: mapping?.mapping.dataset ?? null,
          mapping: mapping?.name ?? null,
          hasSecret: secret !== null,
          when: timingText(s.timing),
          isPaused: nextAt === null,
          nextAt: nextAt?.toISOString() ?? null,
          lookedAt: lookedAt?.toISOString() ?? null,
          isRunning: open.includes(s.id),
          last: run ? shownRun(run, files) : null,
          stoppedAt: stopped ? shownFile(stopped) : null,
        }
      }),
    }
  },
})

/** What can be said of a place before anything is written. @throws invalid, precondition */
async function checkPlace(context: WorkspaceContext, { place }: Pick<ScheduleDraft, 'place'>): Promise<void> {
  const { services, scope } = context
  await refuseSample(context)
  if (place.kind === 'url') parseDownloadUrl(place.url, services.downloads.mayReachPrivate)
  else await listFolder(await openFolder(place.folder, rootsFor(services.importRoots, scope.slug)), place.pattern)
}

async function needMapping({ db, scope }: WorkspaceContext, id: string): Promise<void> {
  if (!(await listMappings(db, scope)).some((m) => m.id === id)) throw notFound('mapping', id)
}

const sealed = ({ services }: WorkspaceContext, draft: ScheduleDraft, id: string): string | null => {
  if (!draft.secret) return null
  if (draft.place.kind !== 'url' || !draft.place.header)
    throw invalid('“secret”: say which header carries it (“place.header”).')
  return seal(draft.secret, secretKey(services), id)
}

const example = {
  name: 'Daily usage',
  mode: 'add' as const,
  place: { kind: 'url' as const, url: 'https://files.example.com/usage.csv', header: null },
  timing: { every: 'day' as const, at: '06:00', timeZone: 'Europe/Berlin' },
}

export const createSchedule = operation({
  name: 'insights.schedules.create',
  summary: 'Repeat an import: a mapping, a folder or an address, and when',
  kind: 'write',
  may: 'insights:edit',
  input: ScheduleDraft,
  output: z.object({ id: z.string(), nextAt: z.string() }),
  example: (f) => ({ ...example, name: `Schedule ${newId()}`, mappingId: f['mappingId']! }),
  target: (input) => input.name,
  prepare: checkPlace,
  async run(context, draft) {
    const { db, scope, actor, now } = context
    await needMapping(context, draft.mappingId)
    const id = newId(now().getTime())
    const nextAt = nextDue(draft.timing, now())
    const row = { ...draft, id, secret: sealed(context, draft, id), nextAt, createdBy: actor.userId }
    if (!(await schedules.insert(db, scope, row, now(), ['workspace_id', 'name'])))
      throw conflict(`There is a schedule “${draft.name}” already. Choose another name, or change that one.`)
    return { id, nextAt: nextAt.toISOString() }
  },
})

const originOf = (place: ScheduleDraft['place']) =>
  place.kind === 'url' && URL.canParse(place.url) ? new URL(place.url).origin : null

export const updateScheduleOperation = operation({
  name: 'insights.schedules.update',
  summary: 'Change a schedule; what it took before stays known',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({ id: z.uuid(), version: VersionNumber, schedule: ScheduleDraft }),
  output: z.object({ version: z.int() }),
  example: (f) => ({
    id: f['scheduleId']!,
    version: 1,
    schedule: { ...example, name: `Schedule ${newId()}`, mappingId: f['mappingId']! },
  }),
  target: (input) => input.id,
  prepare: (context, { schedule }) => checkPlace(context, schedule),
  async run(context, { id, version, schedule: draft }) {
    const { db, scope, now } = context
    const { secret: _, ...given } = draft
    const known = { id, version, given }
    const before = await schedules.needVersion(context, known, () => editable(context, id))
    await needMapping(context, draft.mappingId)
    if ((await schedules.list(db, scope)).some((s) => s.id !== id && s.name === draft.name))
      throw conflict(`There is a schedule “${draft.name}” already. Choose another name.`)
    const keeps = draft.secret === undefined && draft.place.kind === 'url' && draft.place.header !== null
    // Whoever may change the address must not learn the secret by sending it elsewhere.
    if (keeps && before.secret && originOf(draft.place) !== originOf(before.place))
      throw invalid('“secret”: the address leads to another host now, so the secret is to be entered anew.')
    const secret = keeps ? before.secret : sealed(context, draft, id)
    const nextAt = before.nextAt === null ? null : nextDue(draft.timing, now())
    // What was seen at another place is forgotten with it.
    const forgotten = { seen: {}, lookedAt: null, looked: null }
    const change = { ...draft, secret, nextAt, ...forgotten }
    const changed = await schedules.changeAtVersion(context, known, change, () => editable(context, id))
    return { version: changed }
  },
})

/** As the list gives it, of what can be changed; the secret stays sealed. */
async function editable({ db, scope }: WorkspaceContext, id: string) {
  const found = await schedules.find(db, scope, id)
  if (!found) return null
  const { name, mappingId, mode, rejects, place, timing, version, secret } = found
  return { id, name, mappingId, mode, rejects, place, timing, version, hasSecret: secret !== null }
}

async function need({ db, scope }: WorkspaceContext, id: string): Promise<StoredSchedule> {
  const schedule = await findSchedule(db, scope, id)
  if (!schedule) throw notFound('schedule', id)
  return schedule
}

export const pauseSchedule = operation({
  name: 'insights.schedules.pause',
  summary: 'Stop a schedule for a while, or let it go on',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({ id: z.uuid(), isPaused: z.boolean() }),
  output: z.object({ nextAt: z.string().nullable() }),
  example: (f) => ({ id: f['scheduleId']!, isPaused: true }),
  target: (input) => input.id,
  async run(context, { id, isPaused }) {
    const schedule = await need(context, id)
    const nextAt = isPaused ? null : nextDue(schedule.timing, context.now())
    await setNext(context.db, context.scope, id, nextAt)
    return { nextAt: nextAt?.toISOString() ?? null }
  },
})

export const runSchedule = operation({
  name: 'insights.schedules.run',
  summary: 'Look at a schedule’s place now',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({ id: z.uuid() }),
  output: z.object({ jobId: z.string() }),
  example: (f) => ({ id: f['scheduleId']! }),
  target: (input) => input.id,
  async run(context, { id }) {
    const schedule = await need(context, id)
    return { jobId: await started(context, schedule, null) }
  },
})

async function started(
  { db, services, actor }: WorkspaceContext,
  schedule: StoredSchedule,
  acceptFileId: string | null,
): Promise<string> {
  const jobId = await startRun(db, services, schedule, { by: actor.name, acceptFileId })
  if (!jobId) throw conflict('This schedule is at work already. Wait until it is done.')
  return jobId
}

export const settleScheduledFile = operation({
  name: 'insights.schedules.settle',
  summary: 'Decide about a file that a schedule did not take: import what can be read of it, or skip it',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({ fileId: z.uuid(), how: z.enum(['import-rest', 'skip']) }),
  output: z.object({ jobId: z.string() }),
  example: (f) => ({ fileId: f['scheduledFileId']!, how: 'skip' as const }),
  target: (input) => `${input.how} ${input.fileId}`,
  async run(context, { fileId, how }) {
    const { db, scope, now } = context
    const file = await findFile(db, scope, fileId)
    if (!file) throw notFound('file', fileId)
    if (file.state !== 'refused') throw precondition('This file does not wait any more.')
    if (how === 'skip') await settleFile(db, file.id, { ...file, state: 'skipped' }, now())
    return {
      jobId: await started(context, await need(context, file.scheduleId), how === 'import-rest' ? file.id : null),
    }
  },
})

export const listScheduleRuns = operation({
  name: 'insights.schedules.runs',
  summary: 'What a schedule did, newest first, and what came in',
  kind: 'read',
  may: 'insights:edit',
  restsOn: ['insights.datasets'],
  input: z.object({ id: z.uuid(), limit: z.int().min(1).max(200).default(50) }),
  output: z.object({ rows: z.array(Run) }),
  example: (f) => ({ id: f['scheduleId']! }),
  csv: {
    fileName: () => 'schedule-runs.csv',
    rows: (o) =>
      o.rows.map((r) => ({
        started_at: r.startedAt,
        finished_at: r.finishedAt,
        outcome: r.outcome,
        times: r.times,
        message: r.message,
        file: r.file?.name ?? null,
        read: r.file?.books?.read ?? null,
        new: r.file?.books?.new ?? null,
        changed: r.file?.books?.changed ?? null,
        unchanged: r.file?.books?.unchanged ?? null,
        rejected: r.file?.books?.rejected ?? null,
      })),
  },
  async run(context, { id, limit }) {
    await need(context, id)
    const runs = await listRuns(context.db, context.scope, { scheduleId: id, limit })
    const files = await listFiles(context.db, context.scope, { scheduleId: id })
    return { rows: runs.map((r) => shownRun(r, files)) }
  },
})

export const removeSchedule = operation({
  name: 'insights.schedules.remove',
  summary: 'Repeat an import no more; what it brought in stays',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({ id: z.uuid() }),
  output: z.object({}),
  example: (f) => ({ id: f['scheduleId']! }),
  target: (input) => input.id,
  async run(context, { id }) {
    await schedules.remove(context, id)
    return {}
  },
})
