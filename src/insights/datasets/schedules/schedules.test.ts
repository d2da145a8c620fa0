import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { appendFile, mkdir, mkdtemp, readdir, realpath, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { workbookOfSheets } from '../../../../tests/support/workbook.ts'
import { testApp, type TestApp, type TestWorkspace } from '../../../../tests/support/app.ts'
import { openFiles } from '../../../platform/files/files.ts'
import { openDownloads } from '../../../platform/outside/download.ts'
import { getJob } from '../../../platform/jobs/operations.ts'
import { saveMapping } from '../mapping/queries.ts'
import { datasets } from '../declared/list.ts'
import { readMapping } from '../mapping/mapping-file.ts'
import {
  createSchedule,
  listScheduleRuns,
  listSchedulesOperation,
  pauseSchedule,
  removeSchedule,
  runSchedule,
  settleScheduledFile,
  updateScheduleOperation,
} from './operations.ts'
import { listRejectsOperation } from '../importing/operations.ts'
import { newId } from '../../../platform/ids.ts'
import { finishJob, insertJob } from '../../../platform/jobs/queries.ts'
import type { InsightsTables } from '../../tables.ts'
import { insertRun } from './queries/runs.ts'
import { startDue } from './ticker.ts'
import type { ScheduleDraft, Place, RejectLimit } from './schemas.ts'
import { scopeOf } from '../../../../tests/support/scope.ts'

let app: TestApp
let root: string
let outside: string
let server: ReturnType<typeof createServer>
let address: string
let own: TestWorkspace
let mappingId: string
let folder: string
let answer: (request: IncomingMessage, response: ServerResponse) => void
const asked: IncomingMessage['headers'][] = []

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'exports-')))
  outside = await realpath(await mkdtemp(join(tmpdir(), 'elsewhere-')))
  app = await testApp({
    mayReachPrivate: true,
    importRoots: [
      { path: root, workspace: null },
      { path: outside, workspace: 'somebody-else' },
    ],
  })
  server = createServer((request, response) => {
    asked.push(request.headers)
    answer(request, response)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.close()
  server.closeAllConnections()
  await app.close()
  await Promise.all([root, outside].map((path) => rm(path, { recursive: true, force: true })))
})
let minute = 0
beforeEach(async () => {
  own = await app.workspace()
  folder = join(root, own.id)
  await mkdir(folder)
  mappingId = await saveMapping(
    app.services.db,
    scopeOf(own.id),
    {
      name: 'usage from product',
      headerSignature: '[]',
      mapping: readMapping(
        'dataset: usage\nsource: product\nfields: { time: at, account: account, event: event }',
        datasets,
      ),
    },
    new Date('2026-11-01T00:00:00Z'),
  )
  minute = 0
  asked.length = 0
  await clock()
})

// One clock turns for all workspaces: what a test leaves behind would run, and ask the server, in the next ones.
afterEach(async () => {
  for (const { id } of (await app.perform(listSchedulesOperation, admin())).rows)
    await app.perform(removeSchedule, admin(), { id })
  await settled()
})

/** The clock moves on by so many minutes, and what is due is started and ended. */
async function clock(minutes = 0) {
  minute += minutes
  app.clock.set(new Date(Date.UTC(2026, 10, 25, 10, minute)).toISOString())
  await startDue(app.services)
  await settled()
}
const settled = () => app.settle(own.id)
const admin = () => own.as.admin
const head = 'at,account,event\n'
const put = (name: string, text: string) => writeFile(join(folder, name), text)
const aSchedule = async (place: Partial<Place> & { kind: Place['kind'] }, more: Partial<ScheduleDraft> = {}) =>
  (
    await app.perform(createSchedule, admin(), {
      name: 'Usage',
      mappingId,
      mode: 'add',
      timing: { every: 'minutes', minutes: 10 },
      ...(more as object),
      place: (place.kind === 'folder'
        ? { folder, pattern: 'usage-*.csv', ...place }
        : { header: null, url: `${address}/usage.csv`, ...place }) as Place,
    })
  ).id
const state = async () => (await app.perform(listSchedulesOperation, admin())).rows[0]!
const runs = async (id: string) =>
  (await app.perform(listScheduleRuns, admin(), { id })).rows.map((r) => [r.outcome, r.message, r.times])
const batches = async () =>
  (await app.services.warehouses.open(own.id)).read((con) =>
    con.all<{ file_name: string; imported_by: string; rows_new: number }>(
      'select file_name, imported_by, rows_new from batch where undone_at is null order by id',
    ),
  )
const events = async () =>
  (await (
    await app.services.warehouses.open(own.id)
  ).read((con) => con.one<{ n: number }>('select count(*) as n from event')))!.n
const uploads = async () => (await readdir(join(app.dataDir, 'uploads'))).length

test('files of a folder come in by name, each once, once they no longer change, and stay where they are', async () => {
  await put('usage-2.csv', `${head}2026-11-02,a,x\n2026-11-02,b,x\n`)
  await put('usage-1.csv', `${head}2026-11-01,a,x\n`)
  await put('other.csv', 'nonsense')
  const id = await aSchedule({ kind: 'folder' })
  await clock(10)
  expect([await batches(), (await state()).looked]).toEqual([
    [],
    'usage-1.csv is new; it is taken when it no longer changes.',
  ])
  expect((await state()).nextAt).toBe('2026-11-25T10:11:00.000Z')
  await clock(1)
  expect(await batches()).toEqual([
    { file_name: 'usage-1.csv', imported_by: 'Schedule “Usage”', rows_new: 1 },
    { file_name: 'usage-2.csv', imported_by: 'Schedule “Usage”', rows_new: 2 },
  ])
  expect(await runs(id)).toEqual([
    ['imported', 'usage-2.csv: 2 rows read, 2 new, 0 changed, 0 unchanged.', 1],
    ['imported', 'usage-1.csv: 1 row read, 1 new, 0 changed, 0 unchanged.', 1],
  ])
  await clock(10)
  await clock(10)
  expect([await batches(), (await readdir(folder)).length, (await state()).looked, await uploads()]).toEqual([
    expect.objectContaining({ length: 2 }),
    3,
    'No new file.',
    0,
  ])
  expect(
    await app.services.db
      .selectFrom('job')
      .select('kind')
      .where('workspace_id', '=', own.id)
      .where('kind', '=', 'insights.runSchedule')
      .execute(),
  ).toHaveLength(2)
  // What came in is rolled up: nothing waits for a refresh.
  expect(
    await (
      await app.services.warehouses.open(own.id)
    ).read((con) =>
      con.one(
        'select (select count(*) from dirty_day) + (select count(*) from dirty_part) as left, (select sum(events) from r_name)::bigint as events',
      ),
    ),
  ).toEqual({ left: 0, events: 3 })
})

test('a file that still grows is waited for, and so is what follows it', async () => {
  await put('usage-1.csv', `${head}2026-11-01,a,x\n`)
  await put('usage-2.csv', `${head}2026-11-02,a,x\n`)
  await aSchedule({ kind: 'folder' })
  await clock(10)
  for (let i = 0; i < 3; i += 1) {
    await appendFile(join(folder, 'usage-1.csv'), `2026-11-01,a${i},x\n`)
    await clock(1)
    expect([await batches(), (await state()).looked]).toEqual([
      [],
      'usage-1.csv is looked at until it no longer changes.',
    ])
  }
  await clock(1)
  expect((await batches()).map((b) => [b.file_name, b.rows_new])).toEqual([
    ['usage-1.csv', 4],
    ['usage-2.csv', 1],
  ])
})

test('the same bytes under a new time are not taken again; new bytes under the same name are, and so are old ones that came back', async () => {
  await put('usage-1.csv', `${head}2026-11-01,a,x\n`)
  await aSchedule({ kind: 'folder' })
  await clock(10)
  await clock(1)
  await utimes(join(folder, 'usage-1.csv'), 1_800_000_000, 1_800_000_000)
  await clock(10)
  await clock(1)
  expect([(await batches()).length, await uploads()]).toEqual([1, 0])
  await put('usage-1.csv', `${head}2026-11-01,a,x\n2026-11-01,b,x\n`)
  await clock(10)
  await clock(1)
  expect((await batches()).length).toBe(2)
  await put('usage-1.csv', `${head}2026-11-01,a,x\n`)
  await utimes(join(folder, 'usage-1.csv'), 1_800_000_100, 1_800_000_100)
  await clock(10)
  await clock(1)
  expect((await batches()).length).toBe(3)
})

test.each<[RejectLimit, number]>([
  [{ kind: 'none' }, 0],
  [{ kind: 'rows', upTo: 1 }, 0],
  [{ kind: 'rows', upTo: 2 }, 8],
  [{ kind: 'share', upTo: 10 }, 0],
  [{ kind: 'share', upTo: 20 }, 8],
])('with %o, a file of which 2 of 10 rows cannot be read brings in %i', async (rejects, rows) => {
  await put('usage-1.csv', `${head}${'2026-11-01,a,x\n'.repeat(8)}nonsense,a,x\nnonsense,b,x\n`)
  await aSchedule({ kind: 'folder' }, { rejects })
  await clock(10)
  await clock(1)
  expect(await events()).toBe(rows)
  if (rows === 0)
    expect((await state()).last).toMatchObject({
      outcome: 'stopped',
      message: expect.stringMatching(
        /^2 of 10 rows of usage-1\.csv cannot be read, and (none|up to).* may be left out\. Nothing was changed\./,
      ),
    })
  else
    expect((await state()).last).toMatchObject({
      outcome: 'imported',
      message: 'usage-1.csv: 10 rows read, 8 new, 0 changed, 0 unchanged, 2 left out.',
    })
})

test('a file that was refused waits for a person, what follows it waits too; its rest can be imported or it can be skipped', async () => {
  await put('usage-1.csv', `${head}2026-11-01,a,x\nnonsense,b,x\n`)
  await put('usage-2.csv', `${head}nonsense,a,x\n2026-11-02,b,x\n`)
  await put('usage-3.csv', `${head}2026-11-03,a,x\n`)
  const id = await aSchedule({ kind: 'folder' })
  await clock(10)
  await clock(1)
  await clock(10)
  await clock(10)
  const stopped = (await state()).stoppedAt!
  expect([stopped.name, await batches(), (await runs(id)).length]).toEqual(['usage-1.csv', [], 1])
  expect((await app.perform(listRejectsOperation, admin(), { jobId: stopped.jobId })).rows).toMatchObject([
    { line: 3, value: 'nonsense' },
  ])
  await app.perform(settleScheduledFile, admin(), { fileId: stopped.id, how: 'import-rest' })
  await settled()
  expect((await batches()).map((b) => b.file_name)).toEqual(['usage-1.csv'])
  await clock(1)
  await clock(10)
  const second = (await state()).stoppedAt!
  expect(second.name).toBe('usage-2.csv')
  await app.perform(settleScheduledFile, admin(), { fileId: second.id, how: 'skip' })
  await settled()
  await clock(10)
  expect((await batches()).map((b) => b.file_name)).toEqual(['usage-1.csv', 'usage-3.csv'])
  await expect(app.perform(settleScheduledFile, admin(), { fileId: second.id, how: 'skip' })).rejects.toMatchObject({
    code: 'precondition',
  })
  await settled()
  expect(await uploads()).toBe(0)
})

test('a header row that changed is told by column, nothing changes, and a corrected file goes on', async () => {
  await put('usage-1.csv', 'at,customer,event\n2026-11-01,a,x\n')
  await aSchedule({ kind: 'folder' })
  await clock(10)
  await clock(1)
  expect((await state()).last).toMatchObject({
    outcome: 'stopped',
    message:
      'usage-1.csv has no column “account” (Account id) any more, which the mapping “usage from product” reads. It has: at, customer, event. Nothing was changed. Correct the file, or import it once by hand and map it anew; the schedule then takes it.',
  })
  expect(await batches()).toEqual([])
  await put('usage-1.csv', `${head}2026-11-01,a,x\n`)
  await clock(10)
  await clock(1)
  expect((await batches()).length).toBe(1)
})

test('files of one schedule may have titles above their header, not always as many', async () => {
  await aSchedule({ kind: 'folder' })
  for (const [k, above] of ['', 'Usage,of November\n\n', '"A title,\nof two lines"\n'].entries()) {
    await put(`usage-${k}.csv`, `${above}${head}2026-11-0${k + 1},a,x\n`)
    await clock(10)
    await clock(1)
  }
  expect(await batches()).toHaveLength(3)
})

test('of workbooks it is the sheet with the columns, whatever it is called that month; one that has them no more is named', async () => {
  const columns = ['at', 'account', 'event']
  const bring = (name: string, sheets: Parameters<typeof workbookOfSheets>[0]) =>
    writeFile(join(folder, name), workbookOfSheets(sheets))
  const notes = [['Made by the billing tool'], ['each month']]
  await aSchedule({ kind: 'folder', pattern: 'usage-*.xlsx' })
  await bring('usage-1.xlsx', { October: [columns, ['2026-10-01', 'a', 'x']] })
  await clock(10)
  await clock(1)
  await bring('usage-2.xlsx', { Notes: notes, November: [['Usage'], columns, ['2026-11-01', 'a', 'x']] })
  await clock(10)
  await clock(1)
  expect(await batches()).toMatchObject([{ rows_new: 1 }, { rows_new: 1 }])
  await bring('usage-3.xlsx', {
    Notes: notes,
    December: [
      ['at', 'event'],
      ['2026-12-01', 'x'],
    ],
  })
  await clock(10)
  await clock(1)
  expect((await state()).last?.message).toMatch(/^usage-3\.xlsx, sheet “Notes”, has no column “at” \(/)
  expect(await batches()).toHaveLength(2)
})

test('a mapping that was changed since is tried again by itself', async () => {
  await put('usage-1.csv', 'at,customer,event\n2026-11-01,a,x\n')
  await aSchedule({ kind: 'folder' })
  await clock(10)
  await clock(1)
  await saveMapping(
    app.services.db,
    scopeOf(own.id),
    {
      name: 'usage from product',
      headerSignature: '[]',
      mapping: readMapping(
        'dataset: usage\nsource: product\nfields: { time: at, account: customer, event: event }',
        datasets,
      ),
    },
    new Date('2026-11-26T00:00:00Z'),
  )
  await clock(10)
  expect((await batches()).length).toBe(1)
})

test('a run that the server’s stop cut off between the import and its note begins anew and imports nothing twice', async () => {
  await put('usage-1.csv', `${head}2026-11-01,a,x\n2026-11-01,b,x\n`)
  const id = await aSchedule({ kind: 'folder' })
  await clock(10)
  await clock(1)
  const { jobId, id: runId } = (await app.perform(listScheduleRuns, admin(), { id })).rows[0]!
  // As it lay when the batch was committed and nothing after it was.
  const saved = await app.services.files.save(
    (async function* () {
      yield new TextEncoder().encode(`${head}2026-11-01,a,x\n2026-11-01,b,x\n`)
    })(),
  )
  const db = app.services.db.withTables<InsightsTables>()
  await db
    .updateTable('import_file')
    .set({ state: 'taken', upload_id: saved.id, batch_id: null, books: null })
    .where('schedule_id', '=', id)
    .execute()
  await db
    .updateTable('import_run')
    .set({ finished_at: null, outcome: null, message: null })
    .where('id', '=', runId)
    .execute()
  await app.services.transaction((tx) => app.services.jobs.resend(tx, jobId!))
  await settled()
  expect([(await batches()).length, await events(), await uploads()]).toEqual([1, 2, 0])
  expect(await runs(id)).toEqual([['imported', 'usage-1.csv: 2 rows read, 2 new, 0 changed, 0 unchanged.', 1]])
})

test('a run whose job was given up is closed, so that the next one can begin', async () => {
  await put('usage-1.csv', `${head}2026-11-01,a,x\n`)
  const id = await aSchedule({ kind: 'folder' })
  await app.services.transaction(async (tx) => {
    await insertRun(tx, { id: newId(), workspaceId: own.id, scheduleId: id, askedBy: null, at: app.services.now() })
  })
  const jobId = newId()
  await insertJob(app.services.db, {
    id: jobId,
    workspaceId: own.id,
    kind: 'insights.runSchedule',
    input: {},
    createdBy: 'x',
    createdAt: app.services.now(),
  })
  await app.services.db
    .withTables<InsightsTables>()
    .updateTable('import_run')
    .set({ job_id: jobId })
    .where('schedule_id', '=', id)
    .execute()
  await finishJob(app.services.db, jobId, {
    state: 'failed',
    error: 'The server stopped 3 times while this ran.',
    at: app.services.now(),
  })
  await clock(10)
  await clock(1)
  expect((await runs(id)).map(([outcome, message]) => [outcome, message])).toEqual([
    ['imported', expect.any(String)],
    ['failed', 'The server stopped 3 times while this ran.'],
  ])
})

test.each([
  ['an empty file', ''],
  ['a file without rows', head],
  ['bytes that are no table', '\u0000\u0001\u0002'],
])('%s is refused with a word, and nothing changes', async (_, text) => {
  await put('usage-1.csv', text)
  await aSchedule({ kind: 'folder' })
  await clock(10)
  await clock(1)
  expect((await state()).last).toMatchObject({
    outcome: 'stopped',
    message: expect.stringContaining('Nothing was changed'),
  })
  expect([await batches(), await uploads()]).toEqual([[], 0])
})

test('no folder but those below what the operator allows, whatever way it is named', async () => {
  await mkdir(join(outside, 'secret'))
  await symlink(join(outside, 'secret'), join(folder, 'way-out'))
  await writeFile(join(folder, 'no-folder'), '')
  for (const [place, message] of [
    ['/etc', /lies outside/],
    [outside, /lies outside/],
    [`${folder}/../..`, /lies outside/],
    [join(folder, 'way-out'), /lies outside/],
    ['exports', /lies outside/],
    [`${root}x`, /lies outside/],
    [join(folder, 'nowhere'), /no folder/],
    [join(folder, 'no-folder'), /no folder/],
  ] as const) {
    await expect(aSchedule({ kind: 'folder', folder: place })).rejects.toThrow(message)
  }
  expect((await app.perform(listSchedulesOperation, admin())).roots).toEqual([root])
})

test('a link in the folder is no way to a file elsewhere', async () => {
  await writeFile(join(outside, 'usage-9.csv'), `${head}2026-11-01,a,x\n`)
  await symlink(join(outside, 'usage-9.csv'), join(folder, 'usage-9.csv'))
  await aSchedule({ kind: 'folder' })
  await clock(10)
  await clock(1)
  await clock(10)
  expect([await batches(), (await state()).looked]).toEqual([[], 'No file fits the pattern.'])
})

test('a folder that is gone is said once, counted, and taken up when it is back', async () => {
  const id = await aSchedule({ kind: 'folder' })
  await rm(folder, { recursive: true })
  await clock(10)
  await clock(10)
  await clock(10)
  expect(await runs(id)).toEqual([['failed', `There is no folder ${folder} on the server.`, 3]])
  await mkdir(folder)
  await put('usage-1.csv', `${head}2026-11-01,a,x\n`)
  await clock(10)
  await clock(1)
  expect((await batches()).length).toBe(1)
})

test('after a stop of a day it is caught up once, and two tickers at once start one run', async () => {
  answer = (_, response) => {
    response.end(`${head}2026-11-01,a,x\n`)
  }
  const id = await aSchedule({ kind: 'url' })
  minute += 24 * 60
  app.clock.set(new Date(Date.UTC(2026, 10, 25, 10, minute)).toISOString())
  await Promise.all([startDue(app.services), startDue(app.services), startDue(app.services)])
  await settled()
  await clock()
  expect([asked.length, (await runs(id)).length, (await state()).nextAt]).toEqual([1, 1, '2026-11-26T10:10:00.000Z'])
})

test('an address is asked whether it changed, and the secret goes along, never out', async () => {
  let version = 1
  answer = (request, response) => {
    response.setHeader('etag', `"${version}"`)
    if (request.headers['if-none-match'] === `"${version}"`) {
      response.statusCode = 304
      response.end()
      return
    }
    response.end(`${head}2026-11-0${version},a,x\n`)
  }
  const id = await aSchedule({ kind: 'url', header: 'Authorization' }, { secret: 'Bearer s3cr3t-of-mine' })
  await clock(10)
  await clock(10)
  await clock(10)
  version = 2
  await clock(10)
  expect(await runs(id)).toEqual([
    ['imported', 'usage.csv: 1 row read, 1 new, 0 changed, 0 unchanged.', 1],
    ['unchanged', 'The same as before: usage.csv.', 2],
    ['imported', 'usage.csv: 1 row read, 1 new, 0 changed, 0 unchanged.', 1],
  ])
  expect(asked.map((h) => [h.authorization, h['if-none-match']])).toEqual([
    ['Bearer s3cr3t-of-mine', undefined],
    ['Bearer s3cr3t-of-mine', '"1"'],
    ['Bearer s3cr3t-of-mine', '"1"'],
    ['Bearer s3cr3t-of-mine', '"1"'],
  ])
  expect([await events(), await uploads()]).toEqual([2, 0])
  const rows = await Promise.all(
    (['import_schedule', 'import_run', 'import_file'] as const).map((table) =>
      app.services.db.withTables<Record<string, object>>().selectFrom(table).selectAll().execute(),
    ),
  )
  const said = JSON.stringify([
    await state(),
    rows,
    await app.services.db.selectFrom('job').selectAll().execute(),
    await app.services.db.selectFrom('audit').selectAll().execute(),
  ])
  expect([said.includes('s3cr3t'), (await state()).hasSecret]).toEqual([false, true])
})

test('without marks of its own, the same bytes are known by their hash', async () => {
  answer = (_, response) => {
    response.end(`${head}2026-11-01,a,x\n`)
  }
  const id = await aSchedule({ kind: 'url' })
  await clock(10)
  await clock(10)
  expect([(await runs(id)).map(([outcome]) => outcome), (await batches()).length, await uploads()]).toEqual([
    ['unchanged', 'imported'],
    1,
    0,
  ])
})

test('whoever turns the address to another host must enter the secret anew', async () => {
  answer = (_, response) => {
    response.end(`${head}2026-11-01,a,x\n`)
  }
  const id = await aSchedule({ kind: 'url', header: 'X-Key' }, { secret: 'mine' })
  const change = (url: string, more: object = {}) =>
    app.perform(updateScheduleOperation, admin(), {
      id,
      version: 1,
      schedule: {
        name: 'Usage',
        mappingId,
        mode: 'add',
        timing: { every: 'minutes', minutes: 10 },
        place: { kind: 'url', url, header: 'X-Key' },
        ...more,
      },
    })
  await expect(change(address.replace('127.0.0.1', 'localhost'))).rejects.toThrow(/entered anew/)
  await change(`${address}/other.csv`)
  await clock(10)
  expect(asked[0]!['x-key']).toBe('mine')
})

test.each<[string, (request: IncomingMessage, response: ServerResponse) => void, RegExp]>([
  [
    '404',
    (_, r) => {
      r.statusCode = 404
      r.end()
    },
    /answered 404: there is no such file/,
  ],
  [
    '403',
    (_, r) => {
      r.statusCode = 403
      r.end()
    },
    /answered 403: it does not let us in/,
  ],
  [
    '500',
    (_, r) => {
      r.statusCode = 500
      r.end('oops')
    },
    /answered 500; no file came/,
  ],
  [
    'a page to sign in',
    (_, r) => {
      r.setHeader('content-type', 'text/html; charset=utf-8')
      r.end('<html>')
    },
    /a web page instead of a file/,
  ],
  [
    'a connection that breaks off',
    (_, r) => {
      r.setHeader('content-length', '1000')
      r.write(head)
      setImmediate(() => r.destroy())
    },
    /broke off before the file was whole/,
  ],
  [
    'being sent on for ever',
    (_, r) => {
      r.statusCode = 302
      r.setHeader('location', '/again')
      r.end()
    },
    /sends on more than 3 times/,
  ],
  [
    'being sent to a place that is none',
    (_, r) => {
      r.statusCode = 302
      r.setHeader('location', 'ftp://elsewhere/x')
      r.end()
    },
    /begins with https/,
  ],
])('%s is told, counted, and changes nothing', async (_, how, message) => {
  answer = how
  const id = await aSchedule({ kind: 'url' })
  await clock(10)
  await clock(10)
  expect(await runs(id)).toEqual([['failed', expect.stringMatching(message), 2]])
  const jobs = await app.services.db
    .selectFrom('job')
    .select(['id', 'state'])
    .where('workspace_id', '=', own.id)
    .execute()
  expect(jobs.map((j) => j.state)).toEqual(['failed', 'failed'])
  expect((await app.perform(getJob, admin(), { id: jobs[0]!.id })).error).toMatch(message)
  expect([await batches(), await uploads()]).toEqual([[], 0])
})

test('a secret goes to the address it was given for, not to where that sends on', async () => {
  const elsewhere = createServer((request, response) => {
    asked.push(request.headers)
    response.end(`${head}2026-11-01,a,x\n`)
  })
  await new Promise<void>((resolve) => {
    elsewhere.listen(0, '127.0.0.1', resolve)
  })
  answer = (_, response) => {
    response.statusCode = 302
    response.setHeader('location', `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/signed`)
    response.end()
  }
  await aSchedule({ kind: 'url', header: 'X-Key' }, { secret: 'mine' })
  await clock(10)
  elsewhere.close()
  expect([asked.map((h) => h['x-key']), (await batches()).length]).toEqual([['mine', undefined], 1])
})

test('a file without end is cut off at the bound and leaves nothing', async () => {
  const files = await openFiles(await mkdtemp(join(root, 'bounded-')), 1_000_000)
  let isOpen = true
  answer = (_, response) => {
    const more = () => {
      while (isOpen && response.write('x'.repeat(60_000)));
    }
    response.on('drain', more).on('close', () => {
      isOpen = false
    })
    more()
  }
  const download = await openDownloads({ mayReachPrivate: true }).open(`${address}/endless.csv`, {})
  if (download.kind !== 'file') throw new Error('no file')
  await expect(files.save(download.bytes)).rejects.toMatchObject({ code: 'limit' })
})

test.each([
  ['http://files.example.com/x.csv', /only https/],
  ['https://127.0.0.1/x.csv', /own network/],
  ['https://user:word@files.example.com/', /header, which is kept encrypted/],
  ['file:///etc/passwd', /begins with https/],
])('where the own network is closed, %s is refused', async (url, message) => {
  await expect(openDownloads({ mayReachPrivate: false }).open(url, {})).rejects.toThrow(message)
})

test('paused it rests, by hand it runs, removed it is gone and what came in stays', async () => {
  answer = (_, response) => {
    response.end(`${head}2026-11-01,a,x\n`)
  }
  const id = await aSchedule({ kind: 'url' })
  await app.perform(pauseSchedule, admin(), { id, isPaused: true })
  await clock(60)
  expect([asked.length, (await state()).isPaused]).toEqual([0, true])
  await app.perform(runSchedule, own.as['product-ops'], { id })
  await settled()
  expect((await state()).last).toMatchObject({ outcome: 'imported', askedBy: own.as['product-ops'].actor!.name })
  await app.perform(pauseSchedule, admin(), { id, isPaused: false })
  expect((await state()).nextAt).toBe('2026-11-25T11:10:00.000Z')
  await app.perform(removeSchedule, admin(), { id })
  expect([(await app.perform(listSchedulesOperation, admin())).rows, (await batches()).length]).toEqual([[], 1])
})

test('a mapping that was forgotten is said, and a schedule never runs twice at once', async () => {
  const { promise: isAsked, resolve: arrived } = Promise.withResolvers<ServerResponse>()
  answer = (_, response) => arrived(response)
  const id = await aSchedule({ kind: 'url' })
  const { jobId } = await app.perform(runSchedule, admin(), { id })
  await expect(app.perform(runSchedule, admin(), { id })).rejects.toMatchObject({ code: 'conflict' })
  const response = await isAsked
  response.end(`${head}2026-11-01,a,x\n`)
  await app.services.jobs.settled(jobId)
  await settled()
  await app.services.db
    .withTables<{ import_mapping: { id: string } }>()
    .deleteFrom('import_mapping')
    .where('id', '=', mappingId)
    .execute()
  await clock(10)
  expect((await state()).last).toMatchObject({
    outcome: 'failed',
    message: expect.stringContaining('mapping of this schedule was forgotten'),
  })
})
