import { inject, afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { sql } from 'kysely'
import { z } from 'zod'
import { testApp, type TestApp, type TestWorkspace } from '../../../tests/support/app.ts'
import { startServer } from '../../../tests/support/postgres-server.ts'
import { newDatabase } from '../../../tests/support/stores.ts'
import { precondition } from '../errors.ts'
import type { Connection } from '../warehouse/warehouses.ts'
import { cancelJob, getJob, retryJob } from './operations.ts'
import { findJobById, requestCancel } from './queries.ts'
import { jobKind, openJobs } from './queue.ts'
import { scopeOf } from '../../../tests/support/scope.ts'

let isRepaired = false
const ran: string[] = []
const parts = (con: Connection) => con.all<{ part: string }>('select part from dirty_part')

const kinds = [
  jobKind({
    kind: 'count',
    input: z.object({ to: z.int() }),
    async run({ progress }, { to }) {
      for (let done = 1; done <= to; done += 1) progress({ label: 'Counting', done, total: to, unit: 'steps' })
      return { state: 'done', result: { counted: to } }
    },
  }),
  jobKind({
    kind: 'fail',
    input: z.object({ how: z.enum(['told', 'by SQL', 'until repaired']) }),
    async run({ db }, { how }) {
      if (how === 'told') throw precondition('The file is gone. Upload it again.')
      if (how === 'by SQL') await sql`select secret_column from no_such_table`.execute(db)
      if (!isRepaired) throw precondition('It is broken.')
      return { state: 'done', result: null }
    },
  }),
  jobKind({
    kind: 'commit and wait',
    input: z.object({ part: z.string(), after: z.enum(['wait', 'fail']) }),
    async run({ services, workspaceId, signal }, { part, after }) {
      const warehouse = await services.warehouses.open(workspaceId)
      await warehouse.write((con) => con.run('insert into dirty_part values ($1)', [part]))
      ran.push(part)
      if (after === 'fail') throw new Error('what follows the commit broke')
      await new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('stopped')))
      })
      return { state: 'done', result: null }
    },
    async committed({ services, workspaceId }, { part }) {
      const rows = await (await services.warehouses.open(workspaceId)).read(parts)
      return rows.some((row) => row.part === part) ? { found: part } : null
    },
  }),
  jobKind({
    kind: 'write and wait',
    input: z.object({ part: z.string() }),
    async run({ services, workspaceId, signal, progress }, { part }) {
      const warehouse = await services.warehouses.open(workspaceId)
      await warehouse.write(async (con) => {
        await con.run('insert into dirty_part values ($1)', [part])
        ran.push(part)
        progress({ label: 'Waiting', done: 0, total: null, unit: '' })
        await new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('stopped')))
        })
      }, signal)
      return { state: 'done', result: null }
    },
  }),
]

const { missing } = inject('postgres')
const stores = [
  { name: 'embedded', skip: null, address: async () => undefined },
  { name: 'PostgreSQL', skip: missing, address: async () => ({ url: await newDatabase() }) },
]

describe.each(stores)('$name', ({ skip, address }) => {
  if (skip) {
    test.skip(`not run: ${skip}`, () => undefined)
    return
  }
  let app: TestApp
  let workspace: TestWorkspace
  beforeAll(async () => {
    app = await testApp({ store: await address(), kinds })
    workspace = await app.workspace()
  })
  afterAll(() => app.close())

  const enqueue = (kind: string, input: unknown) =>
    app.store.transaction((tx) =>
      app.services.jobs.enqueue(tx, { workspaceId: workspace.id, kind, input, createdBy: 'somebody' }),
    )
  const ask = (id: string) => app.perform(getJob, workspace.as.admin, { id })
  const written = async () =>
    (await (await app.services.warehouses.open(workspace.id)).read(parts)).map((row) => row.part)
  const isRunning = (part: string, times = 1) =>
    vi.waitFor(() => expect(ran.filter((one) => one === part)).toHaveLength(times), { timeout: 20_000, interval: 20 })

  /** The server stops and another one starts on the same store. */
  async function restart(): Promise<void> {
    await app.services.jobs.stop()
    app.services.jobs = openJobs(app.store, app.services.now)
    await app.services.jobs.start(kinds, app.services)
  }

  test('a job runs, tells how far it is, and keeps its result', async () => {
    const id = await enqueue('count', { to: 3 })
    await app.services.jobs.settled(id)
    expect(await ask(id)).toMatchObject({
      state: 'done',
      progress: { label: 'Counting', done: 3, total: 3, unit: 'steps' },
      result: { counted: 3 },
      error: null,
      attempts: 1,
    })
  })

  test('a failed job says what to do, and of an error of ours nothing but where to look', async () => {
    const [told, ours, unreadable, unknown] = await Promise.all([
      enqueue('fail', { how: 'told' }),
      enqueue('fail', { how: 'by SQL' }),
      enqueue('count', { to: 'three' }),
      enqueue('nothing', {}),
    ])
    expect(await app.services.jobs.settled(told)).toMatchObject({
      state: 'failed',
      error: 'The file is gone. Upload it again.',
    })
    for (const id of [ours, unreadable, unknown]) {
      const { state, error } = await app.services.jobs.settled(id)
      expect(state).toBe('failed')
      expect(error).toContain(id)
      expect(error).not.toMatch(/select|secret_column|no_such_table|expected|nothing”/i)
    }
  })

  test('a job of a transaction that was rolled back never existed', async () => {
    let id = ''
    await expect(
      app.store.transaction(async (tx) => {
        id = await app.services.jobs.enqueue(tx, {
          workspaceId: workspace.id,
          kind: 'count',
          input: { to: 1 },
          createdBy: 'somebody',
        })
        throw new Error('stop')
      }),
    ).rejects.toThrow('stop')
    expect(await findJobById(app.store.db, id)).toBeNull()
    expect((await sql`select 1 from jobs.job where data->>'jobId' = ${id}`.execute(app.store.db)).rows).toEqual([])
  })

  test('a failed job runs again when it is retried; a finished one is not', async () => {
    isRepaired = false
    const id = await enqueue('fail', { how: 'until repaired' })
    expect((await app.services.jobs.settled(id)).state).toBe('failed')
    isRepaired = true
    await app.perform(retryJob, workspace.as.admin, { id })
    expect(await app.services.jobs.settled(id)).toMatchObject({ state: 'done', error: null, attempts: 1 })
    await expect(app.perform(retryJob, workspace.as.admin, { id })).rejects.toThrow('only a failed or cancelled one')
    await expect(app.perform(cancelJob, workspace.as.admin, { id })).rejects.toThrow('over already')
  })

  test('a cancelled job ends at once and leaves nothing; one that waits behind it is cancelled before it starts', async () => {
    const part = `cancelled ${workspace.id}`
    const id = await enqueue('write and wait', { part })
    const behind = await enqueue('write and wait', { part: 'behind' })
    await isRunning(part)
    await app.perform(cancelJob, workspace.as.admin, { id: behind })
    await app.perform(cancelJob, workspace.as.admin, { id })
    expect(await app.services.jobs.settled(id)).toMatchObject({ state: 'cancelled', error: null })
    expect((await ask(behind)).state).toBe('cancelled')
    // A later job passes where the cancelled one would have run.
    await app.services.jobs.settled(await enqueue('count', { to: 1 }))
    expect(ran).not.toContain('behind')
    expect(await written()).toEqual([])
  })

  test('a job that a stopped server left is taken up by the next, three times, and then given up until somebody retries it', async () => {
    const part = `resumed ${workspace.id}`
    const id = await enqueue('write and wait', { part })
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await isRunning(part, attempt)
      await restart()
    }
    expect(await ask(id)).toMatchObject({
      state: 'failed',
      attempts: 3,
      error: expect.stringContaining('The server stopped 3 times while this ran'),
    })
    expect(await written()).toEqual([])
    await app.perform(retryJob, workspace.as.admin, { id })
    await isRunning(part, 4)
    expect(await ask(id)).toMatchObject({ state: 'running', attempts: 1 })
    await app.perform(cancelJob, workspace.as.admin, { id })
    expect((await app.services.jobs.settled(id)).state).toBe('cancelled')
  })

  test('a job whose work is in the store is done, whether what followed it failed, was cancelled or was cut off three times', async () => {
    const names = ['failed', 'cancelled', 'cut off'].map((how) => `committed, then ${how} ${workspace.id}`)
    const [failed, cancelled, cutOff] = names as [string, string, string]
    const of = (part: string, after: 'wait' | 'fail') => enqueue('commit and wait', { part, after })
    const isFound = (part: string) => ({ state: 'done', result: { found: part }, error: null })
    expect(await app.services.jobs.settled(await of(failed, 'fail'))).toMatchObject(isFound(failed))
    const stopped = await of(cancelled, 'wait')
    await isRunning(cancelled)
    await app.perform(cancelJob, workspace.as.admin, { id: stopped })
    expect(await app.services.jobs.settled(stopped)).toMatchObject(isFound(cancelled))
    const left = await of(cutOff, 'wait')
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await isRunning(cutOff, attempt)
      await restart()
    }
    expect(await ask(left)).toMatchObject({ ...isFound(cutOff), attempts: 3 })
    await (await app.services.warehouses.open(workspace.id)).write((con) => con.run('delete from dirty_part'))
  })

  test('a job that was being cancelled when the server stopped is cancelled, not taken up', async () => {
    const part = `cancelling ${workspace.id}`
    const id = await enqueue('write and wait', { part })
    await isRunning(part)
    await requestCancel(app.store.db, scopeOf(workspace.id), id, app.services.now())
    await restart()
    expect((await ask(id)).state).toBe('cancelled')
  })
})

test.skipIf(missing)('a PostgreSQL that goes away is told once and its return once; jobs go on', async () => {
  const server = startServer()
  const app = await testApp({
    store: { url: `postgresql://postgres@/postgres?host=${encodeURIComponent(server.socket)}` },
    kinds,
  })
  try {
    const told: string[] = []
    const say = (_: object, text: string) => {
      told.push(text)
    }
    await app.services.jobs.stop()
    app.services.jobs = openJobs(app.store, app.services.now)
    await app.services.jobs.start(kinds, { ...app.services, log: { error: say, warn: say, info: say } as never })
    const workspace = await app.workspace()
    const toldOf = (text: string) =>
      vi.waitFor(() => expect(told.some((line) => line.includes(text))).toBe(true), { timeout: 30_000 })
    server.down()
    await toldOf('has lost the store')
    expect(await app.store.isReady()).toBe(false)
    server.up()
    await toldOf('the store is back')
    const id = await app.store.transaction((tx) =>
      app.services.jobs.enqueue(tx, { workspaceId: workspace.id, kind: 'count', input: { to: 1 }, createdBy: 'x' }),
    )
    expect((await app.services.jobs.settled(id)).state).toBe('done')
    expect(told.filter((line) => line !== 'job ended')).toEqual([
      'the job queue has lost the store; jobs wait until it is back',
      'the store is back; jobs go on',
    ])
  } finally {
    await app.close()
    server.stop()
  }
})
