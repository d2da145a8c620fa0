import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp, type TestWorkspace } from '../../../tests/support/app.ts'
import { insertUpload } from '../../platform/files/queries/uploads.ts'
import { getJob } from '../../platform/jobs/operations.ts'
import { latestJob } from '../../platform/jobs/queries.ts'
import { openJobs } from '../../platform/jobs/queue.ts'
import { importOperation, undoBatchOperation } from '../datasets/importing/operations.ts'
import { importJob, undoJob } from './import-jobs.ts'
import { refreshJob } from './job.ts'

let app: TestApp
let own: TestWorkspace
beforeAll(async () => {
  app = await testApp()
  own = await app.workspace()
})
afterAll(() => app.close())

async function upload(text: string): Promise<string> {
  const saved = await app.services.files.save(
    (async function* () {
      yield new TextEncoder().encode(text)
    })(),
  )
  await insertUpload(app.services.db, {
    ...saved,
    workspaceId: own.id,
    name: 'users.csv',
    outsidePath: null,
    createdBy: 'x',
    createdAt: app.services.now(),
  })
  return saved.id
}

/** As a server leaves a job that was killed three times in the work after its commit; then the next server starts. */
async function killedThrice(jobId: string): Promise<void> {
  await app.services.jobs.stop()
  await app.services.db
    .updateTable('job')
    .set({ state: 'running', attempts: 3, result: null, finished_at: null })
    .where('id', '=', jobId)
    .execute()
  const warehouse = await app.services.warehouses.open(own.id)
  await warehouse.write((con) => con.run(`insert into dirty_part values ('users')`))
  app.services.jobs = openJobs(app.store, app.services.now)
  await app.services.jobs.start([importJob, undoJob, refreshJob], app.services)
}

test('an import and an undo that were committed are done, however often the server was killed in the refresh after them', async () => {
  const mapping = {
    dataset: 'users' as const,
    source: 'product',
    fields: { id: { column: 'id' }, account: { column: 'account' } },
  }
  const { jobId } = await app.perform(importOperation, own.as.admin, {
    uploadId: await upload('id,account\nu1,a1\nu2,a1\n'),
    mapping,
  })
  await app.settle(own.id)
  await killedThrice(jobId)
  expect(await app.perform(getJob, own.as.admin, { id: jobId })).toMatchObject({
    state: 'done',
    error: null,
    result: { batchId: 1, books: { read: 2, new: 2 }, notes: [expect.stringContaining('complete')] },
  })
  // What the refresh had not done yet is done by one of its own.
  expect((await latestJob(app.services.db, own.id, 'insights.refresh'))?.createdBy).toBe(own.as.admin.actor!.userId)
  await app.settle(own.id)
  const warehouse = await app.services.warehouses.open(own.id)
  expect(await warehouse.read((con) => con.all('select part from dirty_part'))).toEqual([])

  const undo = await app.perform(undoBatchOperation, own.as.admin, { batchId: 1 })
  await app.settle(own.id)
  await killedThrice(undo.jobId)
  expect(await app.perform(getJob, own.as.admin, { id: undo.jobId })).toMatchObject({
    state: 'done',
    result: { batchId: 1 },
  })
  await app.settle(own.id)
})

test('an import that had not committed is given up after three tries, and says so', async () => {
  const { jobId } = await app.perform(importOperation, own.as.admin, {
    uploadId: await upload('id,account\nu1\n'),
    mapping: {
      dataset: 'users',
      source: 'product',
      fields: { id: { column: 'id' }, account: { column: 'account' } },
    },
  })
  await app.settle(own.id)
  await killedThrice(jobId)
  expect(await app.perform(getJob, own.as.admin, { id: jobId })).toMatchObject({
    state: 'failed',
    error: expect.stringContaining('The server stopped 3 times'),
  })
})
