import { z } from 'zod'
import { notFound, precondition } from '../errors.ts'
import { operation } from '../operation.ts'
import { findJob, listJobs, requestCancel, type JobRow } from './queries.ts'

export const Job = z.object({
  id: z.string(),
  kind: z.string(),
  state: z.enum(['queued', 'running', 'needs-confirmation', 'done', 'failed', 'cancelled']),
  progress: z.object({
    label: z.string().optional(),
    done: z.number().optional(),
    total: z.number().nullable().optional(),
    unit: z.string().optional(),
    steps: z.array(z.string()).optional().describe('of work in several steps: all of them, in their order'),
    step: z.int().optional().describe('the one it is at, from 0'),
    secondsLeft: z.int().optional().describe('about how long the rest takes'),
  }),
  result: z.unknown(),
  error: z.string().nullable(),
  attempts: z.int(),
  cancelRequested: z.boolean(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
})

const view = (job: JobRow): z.infer<typeof Job> => ({
  id: job.id,
  kind: job.kind,
  state: job.state,
  progress: job.progress,
  result: job.result ?? null,
  error: job.error,
  attempts: job.attempts,
  cancelRequested: job.cancelRequested,
  createdAt: job.createdAt.toISOString(),
  startedAt: job.startedAt?.toISOString() ?? null,
  finishedAt: job.finishedAt?.toISOString() ?? null,
})

export const listJobsOperation = operation({
  name: 'jobs.list',
  summary: 'The workspace’s jobs, newest first',
  kind: 'read',
  may: 'insights:edit',
  restsOn: [],
  input: z.object({ cursor: z.uuid().optional(), limit: z.int().min(1).max(200).default(50) }),
  output: z.object({ rows: z.array(Job), nextCursor: z.string().nullable() }),
  example: () => ({ limit: 10 }),
  async run({ db, scope }, { cursor, limit }) {
    const jobs = await listJobs(db, scope, { before: cursor, limit: limit + 1 })
    return { rows: jobs.slice(0, limit).map(view), nextCursor: jobs.length > limit ? jobs[limit - 1]!.id : null }
  },
})

export const getJob = operation({
  name: 'jobs.get',
  summary: 'One job: state, progress, result',
  kind: 'read',
  may: 'insights:edit',
  restsOn: [],
  input: z.object({ id: z.uuid() }),
  output: Job,
  example: (f) => ({ id: f['jobId']! }),
  async run({ db, scope }, { id }) {
    const job = await findJob(db, scope, id)
    if (!job) throw notFound('job', id)
    return view(job)
  },
})

export const cancelJob = operation({
  name: 'jobs.cancel',
  summary: 'Stop a job; what it had not committed is undone',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({ id: z.uuid() }),
  output: z.object({}),
  example: (f) => ({ id: f['jobId']! }),
  target: (input) => input.id,
  async run({ db, scope, now, services }, { id }) {
    const state = await requestCancel(db, scope, id, now())
    if (!state) throw notFound('job', id)
    if (state === 'done' || state === 'failed' || state === 'cancelled')
      throw precondition('This job is over already; there is nothing to stop.')
    services.jobs.interrupt(id)
    return {}
  },
})

export const retryJob = operation({
  name: 'jobs.retry',
  summary: 'Run a failed or cancelled job again',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({ id: z.uuid() }),
  output: z.object({}),
  example: (f) => ({ id: f['failedJobId']! }),
  target: (input) => input.id,
  async run({ db, scope, services }, { id }) {
    const job = await findJob(db, scope, id)
    if (!job) throw notFound('job', id)
    if (job.state !== 'failed' && job.state !== 'cancelled')
      throw precondition(`This job is ${job.state}; only a failed or cancelled one can be run again.`)
    await services.jobs.resend(db, id)
    return {}
  },
})
