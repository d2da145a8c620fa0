/**
 * Background work. Our `job` row is the truth that people see; pg-boss hands its id to a worker. A job is idempotent:
 * after a crash it is simply run again.
 */
import { PgBoss } from 'pg-boss'
import type { z } from 'zod'
import { runStatement, type Db } from '../db/database.ts'
import type { Store } from '../db/open.ts'
import type { JobProgress } from '../db/tables.ts'
import { isProductError, notFound } from '../errors.ts'
import { newId } from '../ids.ts'
import { notifyLive } from '../live/queries.ts'
import { everythingTopic, jobsTopic } from '../live/topics.ts'
import type { Services } from '../services.ts'
import { sayFault, storageFaultOf } from '../storage-faults.ts'
import { proveScope, type Scope } from '../scope.ts'
import { isLostStore, watchOutage, type Outage } from './outage.ts'
import {
  findJobById,
  finishJob,
  insertJob,
  markRunning,
  requeue,
  saveProgress,
  unfinishedJobs,
  type JobRow,
} from './queries.ts'

export interface JobContext {
  services: Services
  db: Db
  workspaceId: string
  scope: Scope
  jobId: string
  createdBy: string
  now: () => Date
  signal: AbortSignal
  progress: (
    progress: Required<Pick<JobProgress, 'label' | 'done'>> &
      Pick<JobProgress, 'steps' | 'step' | 'secondsLeft'> & { total: number | null; unit: string },
  ) => void
}
export interface JobOutcome {
  state: 'done' | 'needs-confirmation'
  result: unknown
}
export interface JobKind<I extends z.ZodType = z.ZodType> {
  kind: string
  input: I
  /** Topics that are told when one ends, however it does; absent: everything. */
  touches?: readonly string[]
  /** Workspaces whose time has come, each told once; asked every minute. */
  due?: (db: Db, at: Date) => Promise<{ workspaceId: string; createdBy: string }[]>
  run: (context: JobContext, input: z.output<I>) => Promise<JobOutcome>
  /**
   * What the store says this job has brought about, however its run ended: the result of a done job, or null where nothing was
   * committed. Asked before a job is said to have failed or to be cancelled; may see to what should follow.
   */
  committed?: (context: CommittedContext, input: z.output<I>) => Promise<object | null>
}
export type CommittedContext = Pick<
  JobContext,
  'services' | 'db' | 'workspaceId' | 'scope' | 'jobId' | 'createdBy' | 'now'
>
export const jobKind = <I extends z.ZodType>(kind: JobKind<I>): JobKind => kind as unknown as JobKind

/** Asks every kind, once a minute, what is due. */
export const dueTick = (kinds: readonly JobKind[]): Tick => ({
  everyMs: 60_000,
  run: (services) => enqueueDue(kinds, services),
})

/** Queues what is due, in the transaction that says so: a crash between the two loses neither. */
export async function enqueueDue(
  kinds: readonly JobKind[],
  { transaction, jobs, now }: Pick<Services, 'transaction' | 'jobs' | 'now'>,
): Promise<void> {
  for (const { kind, due } of kinds) {
    if (due)
      await transaction(async (tx) => {
        for (const one of await due(tx, now())) await jobs.enqueue(tx, { ...one, kind, input: {} })
      })
  }
}
/** What is looked at from time to time while the server runs; what is due stands in the database, so that a stop loses nothing. */
export interface Tick {
  everyMs: number
  run: (services: Services) => Promise<void>
}

export interface JobQueue {
  /** Joins the caller's transaction: the job exists when that commits, and never otherwise. */
  enqueue(tx: Db, job: { workspaceId: string; kind: string; input: unknown; createdBy: string }): Promise<string>
  /** Sends an existing row again: a retry, or a confirmed import. */
  resend(tx: Db, jobId: string): Promise<void>
  /** Stops a running job's work; the row is marked by the caller. */
  interrupt(jobId: string): void
  start(kinds: JobKind[], services: Services, ticks?: readonly Tick[]): Promise<void>
  stop(): Promise<void>
  settled(jobId: string): Promise<JobRow>
}

interface End {
  state: JobRow['state']
  result?: unknown
  error: string | null
}

function toldOf(error: unknown, jobId: string): string {
  if (isProductError(error)) return error.message
  const fault = storageFaultOf(error)
  return fault
    ? sayFault(fault).message
    : `Something went wrong on our side (job ${jobId}). Nothing was changed; the server's log has the details.`
}

const queueName = 'work'
const attemptsAllowed = 3

export function openJobs(store: Store, now: () => Date): JobQueue {
  const boss = new PgBoss({
    schema: 'jobs',
    ...(store.isEmbedded ? { backend: 'pglite' as const } : {}),
    db: {
      async executeSql(text: string, values?: unknown[]) {
        const result = await store.pool.query(text, values)
        outage?.worked()
        return Array.isArray(result) ? { rows: result.flatMap((one: { rows: unknown[] }) => one.rows) } : result
      },
    },
  } as ConstructorParameters<typeof PgBoss>[0])
  const running = new Map<string, AbortController>()
  const waiting = new Map<string, { resolve: (job: JobRow) => void; reject: (error: Error) => void }[]>()
  const ticking: { stop: () => Promise<void> }[] = []
  let known: ReadonlyMap<string, JobKind> = new Map()
  let worker: string | null = null
  let outage: Outage | null = null

  async function send(tx: Db, jobId: string): Promise<void> {
    await boss.send(queueName, { jobId }, {
      retryLimit: 0,
      db: { executeSql: (text: string, values?: unknown[]) => runStatement(tx, text, values) },
    } as Parameters<PgBoss['send']>[2] & object)
    // The poll stays for what another process queues; what this one queues starts as soon as it is committed.
    store.afterCommit(() => {
      if (worker) boss.notifyWorker(worker)
    })
  }

  async function work(services: Services, jobId: string): Promise<void> {
    const job = await findJobById(store.db, jobId)
    if (!job) return
    const kind = known.get(job.kind)
    // Before the row says that it runs, so that whoever reads that can stop it.
    const stop = new AbortController()
    const began = performance.now()
    running.set(jobId, stop)
    const progress = throttledProgress(store, job)
    const end = async (how: End) => {
      await finish(job, how)
      const tookMs = Math.round(performance.now() - began)
      services.log.info({ jobId, kind: job.kind, workspaceId: job.workspaceId, state: how.state, tookMs }, 'job ended')
    }
    try {
      if (!(await markRunning(store.db, jobId, now()))) return
      if (!kind) throw new Error(`no such kind of job: ${job.kind}`)
      await services.disk.needRoom()
      const outcome = await kind.run(
        {
          services,
          db: store.db,
          workspaceId: job.workspaceId,
          scope: proveScope({ workspaceId: job.workspaceId }),
          jobId,
          createdBy: job.createdBy,
          now,
          signal: stop.signal,
          progress: progress.report,
        },
        kind.input.parse(job.input),
      )
      await progress.flush()
      services.kept.changed(job.workspaceId)
      await end({ ...outcome, error: null })
    } catch (error) {
      await progress.flush()
      if (stop.signal.aborted && stop.signal.reason === shutdown) return // stays running: the next start takes it up
      if (!stop.signal.aborted && !isProductError(error))
        services.log.error({ err: error, jobId, kind: job.kind }, 'job failed')
      services.kept.changed(job.workspaceId)
      await end(
        await asCommitted(
          kind,
          services,
          job,
          stop.signal.aborted ? { state: 'cancelled', error: null } : { state: 'failed', error: toldOf(error, jobId) },
        ),
      )
    } finally {
      running.delete(jobId)
      await tell(jobId)
    }
  }

  /** Whoever waits for the job hears how it ended, also where it was cancelled before it ran or went with its workspace. */
  async function tell(jobId: string): Promise<void> {
    if (!waiting.has(jobId)) return
    const row = await findJobById(store.db, jobId)
    if (row && (row.state === 'queued' || row.state === 'running')) return
    const told = waiting.get(jobId) ?? []
    waiting.delete(jobId)
    for (const { resolve, reject } of told) {
      if (row) resolve(row)
      else reject(notFound('job', jobId))
    }
  }

  async function finish(job: Pick<JobRow, 'id' | 'workspaceId' | 'kind'>, end: End): Promise<void> {
    await store.transaction(async (tx) => {
      await finishJob(tx, job.id, { ...end, at: now() })
      await notifyLive(tx, job.workspaceId, [jobsTopic, ...(known.get(job.kind)?.touches ?? [everythingTopic])])
    })
    await tell(job.id)
  }

  /** What a server left behind that stopped or was killed. */
  async function takeUp(kinds: ReadonlyMap<string, JobKind>, services: Services, id: string): Promise<void> {
    const job = await findJobById(store.db, id)
    if (!job) return
    const kind = kinds.get(job.kind)
    if (job.cancelRequested)
      await finish(job, await asCommitted(kind, services, job, { state: 'cancelled', error: null }))
    else if (job.attempts >= attemptsAllowed)
      await finish(
        job,
        await asCommitted(kind, services, job, {
          state: 'failed',
          error: `The server stopped ${job.attempts} times while this ran, so it was not started again. Retry it when the cause is known.`,
        }),
      )
    else await store.transaction((tx) => send(tx, job.id))
  }

  /** How a job ended by what is in the store: one whose work is there is done, whatever became of its run. */
  async function asCommitted(kind: JobKind | undefined, services: Services, job: JobRow, otherwise: End): Promise<End> {
    if (!kind?.committed) return otherwise
    try {
      const result = await kind.committed(
        {
          services,
          db: store.db,
          workspaceId: job.workspaceId,
          scope: proveScope({ workspaceId: job.workspaceId }),
          jobId: job.id,
          createdBy: job.createdBy,
          now,
        },
        kind.input.parse(job.input),
      )
      return result === null ? otherwise : { state: 'done', result, error: null }
    } catch (error) {
      services.log.error(
        { err: error, jobId: job.id, kind: job.kind },
        'what a job had committed could not be found out',
      )
      return otherwise
    }
  }

  return {
    async enqueue(tx, job) {
      const id = newId(now().getTime())
      await insertJob(tx, { id, ...job, createdAt: now() })
      await notifyLive(tx, job.workspaceId, [jobsTopic])
      await send(tx, id)
      return id
    },
    async resend(tx, jobId) {
      await requeue(tx, jobId)
      await send(tx, jobId)
    },
    interrupt(jobId) {
      running.get(jobId)?.abort(cancelled)
    },
    async start(kinds, services, ticks = []) {
      known = new Map(kinds.map((kind) => [kind.kind, kind]))
      const watched = watchOutage(services.log, now)
      outage = watched
      boss.on('error', (error) => {
        // A queue that asks twice a second would say so twice a second.
        if (isLostStore(error)) watched.failed(error)
        else services.log.error({ err: error }, 'job queue')
      })
      await boss.start()
      await boss.createQueue(queueName)
      await boss.deleteAllJobs(queueName)
      for (const { id } of await unfinishedJobs(store.db)) await takeUp(known, services, id)
      worker = await boss.work<{ jobId: string }>(
        queueName,
        { pollingIntervalSeconds: 0.5, batchSize: 1 },
        async (jobs) => {
          for (const job of jobs) await work(services, job.data.jobId)
          // What waits behind it is taken at once, not at the next poll.
          if (worker) boss.notifyWorker(worker)
        },
      )
      for (const tick of ticks) ticking.push(repeat(tick, services, watched))
    },
    async stop() {
      await Promise.all(ticking.splice(0).map((one) => one.stop()))
      for (const stop of running.values()) stop.abort(shutdown)
      await boss.stop({ graceful: true, timeout: 5000 })
      for (const [jobId, told] of waiting)
        for (const { reject } of told) reject(new Error(`The queue was stopped before job ${jobId} ended.`))
      waiting.clear()
    },
    async settled(jobId) {
      const told = new Promise<JobRow>((resolve, reject) => {
        waiting.set(jobId, [...(waiting.get(jobId) ?? []), { resolve, reject }])
      })
      told.catch(() => undefined)
      await tell(jobId)
      return told
    },
  }
}

/** One after the other, never two at once. */
function repeat({ everyMs, run }: Tick, services: Services, outage: Outage): { stop: () => Promise<void> } {
  let going: Promise<void> | null = null
  const timer = setInterval(() => {
    going ??= run(services)
      .catch((error: unknown) => {
        if (!outage.isOn() || !isLostStore(error)) services.log.error({ err: error }, 'tick failed')
      })
      .finally(() => {
        going = null
      })
  }, everyMs)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      await going
    },
  }
}

const shutdown = new Error('the server stops')
const cancelled = new Error('cancelled')

/** Writes progress at most twice a second, and tells the open pages. */
function throttledProgress(store: Store, job: JobRow) {
  let latest: JobProgress | null = null
  let timer: NodeJS.Timeout | null = null
  let writing = Promise.resolve()
  const write = () => {
    timer = null
    const progress = latest
    latest = null
    if (!progress) return
    writing = store
      .transaction(async (tx) => {
        await saveProgress(tx, job.id, progress)
        await notifyLive(tx, job.workspaceId, [jobsTopic])
      })
      .catch(() => undefined)
  }
  return {
    report: (progress: JobProgress) => {
      latest = progress
      timer ??= setTimeout(write, 500)
    },
    flush: async () => {
      if (timer) {
        clearTimeout(timer)
        write()
      }
      await writing
    },
  }
}
