import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp, type TestWorkspace } from '../../../tests/support/app.ts'
import { newId } from '../../platform/ids.ts'
import { datasets } from '../datasets/declared/list.ts'
import { importFile } from '../datasets/importing/import-file.ts'
import { readMapping } from '../datasets/mapping/mapping-file.ts'
import { enqueueRefresh } from '../datasets/refresh-wanted.ts'
import { undoBatchOperation } from '../datasets/importing/operations.ts'
import { addDays } from '../../platform/calendar/month.ts'
import { acknowledgeDataFinding, expectData, listDataFindings, readFreshness, readUsageDays } from './operations.ts'

let app: TestApp
let folder: string
beforeAll(async () => {
  app = await testApp()
  folder = await mkdtemp(join(tmpdir(), 'freshness-'))
})
afterAll(async () => {
  await app.close()
  await rm(folder, { recursive: true, force: true })
})

async function settled(workspaceId: string) {
  for (const job of await app.settle(workspaceId)) expect(job.error).toBeNull()
}
async function bring(own: TestWorkspace, mapping: string, content: string, fileName = 'file.csv') {
  const path = join(folder, newId())
  await writeFile(path, content)
  await importFile(
    await app.services.warehouses.open(own.id),
    app.services.files,
    { path, fileName, sha256: createHash('sha256').update(content).digest('hex') },
    {
      datasets,
      mapping: readMapping(mapping, datasets),
      mode: 'add',
      acceptRejects: true,
      jobId: newId(),
      importedBy: 'A test',
      currency: 'EUR',
      now: app.services.now(),
    },
  )
}
const refresh = async (own: TestWorkspace) => {
  await app.services.transaction((tx) => enqueueRefresh(tx, app.services, own.id, own.as.admin.actor!.userId))
  await settled(own.id)
}
const found = async (own: TestWorkspace, all = false) =>
  (await app.perform(listDataFindings, own.as.leader, { all })).rows
const usage = 'dataset: usage\nsource: product\nfields: { time: day, account: account, event: event, count: n }'
const accounts = 'dataset: accounts\nsource: crm\nfields: { id: id, name: name }'
const subscriptions =
  'dataset: subscriptions\nsource: billing\namountIs: arr\nfields: { id: id, account: account, start: start, amount: arr }'
const first = '2026-08-03'
const ids = Array.from({ length: 12 }, (_, i) => `a${i}`)
/** Ten weeks of counts by day, account and event, until the day; `change` says otherwise. */
const days = (upTo: string, change: (day: string, event: string) => number = () => 40, from = first) => {
  const rows: string[] = []
  for (let day = from; day <= upTo; day = addDays(day, 1))
    for (const event of ['share', 'report', 'login']) {
      const n = change(day, event)
      if (n > 0) rows.push(`${day},a${day.charCodeAt(9) % 12},${event},${n}`)
    }
  return `day,account,event,n\n${rows.join('\n')}\n`
}

test('a company whose data is quiet is told nothing; what goes wrong is told, once, until it is put right or seen', async () => {
  const own = await app.workspace()
  app.clock.set('2026-11-01T09:00:00Z')
  await bring(own, accounts, `id,name\n${ids.map((id) => `${id},Name ${id}`).join('\n')}\n`)
  await bring(
    own,
    subscriptions,
    `id,account,start,arr\n${ids.map((id) => `s${id},${id},2025-01-01,1000`).join('\n')}\n`,
  )
  await bring(own, usage, days('2026-10-31'))
  await refresh(own)
  expect(await found(own)).toEqual([])

  app.clock.set('2026-11-05T09:00:00Z')
  await bring(
    own,
    usage,
    days('2026-11-04', (day, event) => (day === '2026-11-02' ? 0 : event === 'report' ? 0 : 40), '2026-11-01'),
    'november.csv',
  )
  await bring(
    own,
    subscriptions,
    `id,account,start,arr\n${ids.map((id) => `s${id},${id},2025-01-01,${id === 'a1' ? 100_000 : 1000}`).join('\n')}\n`,
  )
  await refresh(own)
  const told = await found(own)
  expect(told.map((f) => f.text).sort()).toEqual([
    'ARR of the book went from €12 k to €111 k (+825 %) with import 5.',
    'The event “report” has not come since 31 Oct 2026; by then some 120 more of it were to be expected.',
    'There is no usage of 2 Nov 2026; the Mondays before have a median of 120 rows.',
  ])
  expect(told.every((f) => f.rule.startsWith('Told where') && f.address.startsWith('/'))).toBe(true)
  await refresh(own)
  expect((await found(own)).length).toBe(3)

  const book = told.find((f) => f.kind === 'book-arr')!
  await app.perform(acknowledgeDataFinding, own.as['product-ops'], { id: book.id, note: 'A big contract.' })
  await expect(
    app.perform(acknowledgeDataFinding, own.as.admin, { id: book.id, note: 'Me too.' }),
  ).rejects.toMatchObject({ code: 'conflict' })
  await bring(
    own,
    usage,
    days('2026-11-04', () => 40, '2026-11-01'),
    'november-again.csv',
  )
  await refresh(own)
  expect(await found(own)).toEqual([])
  expect((await found(own, true)).map((f) => [f.kind, f.endedAt !== null, f.note]).sort()).toEqual([
    ['book-arr', false, 'A big contract.'],
    ['event-vanished', true, null],
    ['missing-days', true, null],
  ])

  // Taken back, the import of the book is no finding any more.
  await app.perform(undoBatchOperation, own.as.admin, { batchId: 5 })
  await settled(own.id)
  expect((await found(own, true)).find((f) => f.id === book.id)!.endedAt).not.toBeNull()
})

test('rows by day are those of the files, with how many of them are known', async () => {
  const own = await app.workspace()
  app.clock.set('2026-11-05T09:00:00Z')
  expect((await app.perform(readUsageDays, own.as.leader)).rows).toEqual([])
  await bring(own, accounts, 'id,name\na1,Ada\n')
  await bring(
    own,
    usage,
    'day,account,event,n\n2026-11-01,a1,share,5\n2026-11-01,nobody,share,3\n2026-11-03,a1,share,2\n',
  )
  await refresh(own)
  expect((await app.perform(readUsageDays, own.as.leader)).rows).toEqual([
    { day: '2026-11-01', rows: 8, matched: 5, unmapped: 5 },
    { day: '2026-11-03', rows: 2, matched: 2, unmapped: 2 },
  ])
})

test('data that is expected and does not come is late for everybody, until it comes', async () => {
  const own = await app.workspace()
  app.clock.set('2026-11-23T05:30:00Z') // Monday, 06:30 in Berlin
  await bring(
    own,
    usage,
    days('2026-11-22', () => 40, '2026-11-20'),
  )
  await app.perform(expectData, own.as.admin, {
    dataset: 'usage',
    expected: { days: [1, 2, 3, 4, 5], at: '07:00', timeZone: 'Europe/Berlin' },
  })
  const late = async (at: string) => {
    app.clock.set(at)
    return (await app.perform(readFreshness, own.as.leader)).late
  }
  expect(await late('2026-11-24T05:59:00Z')).toEqual([])
  expect(await late('2026-11-24T06:00:00Z')).toEqual(['usage was expected by 07:00'])
  // An export that holds nothing new is no new data.
  await bring(
    own,
    usage,
    days('2026-11-22', () => 40, '2026-11-20'),
  )
  expect(await late('2026-11-24T06:10:00Z')).toEqual(['usage was expected by 07:00'])
  await bring(
    own,
    usage,
    days('2026-11-23', () => 40, '2026-11-23'),
  )
  expect(await late('2026-11-24T06:20:00Z')).toEqual([])
  expect(await late('2026-11-25T08:00:00Z')).toEqual(['usage was expected by 07:00'])
  const read = await app.perform(readFreshness, own.as.leader)
  expect(read.datasets.find((d) => d.dataset === 'usage')).toMatchObject({
    expectedText: 'by 07:00 every weekday, Europe/Berlin',
    nextBy: '2026-11-26T06:00:00.000Z',
    lastDay: '2026-11-23',
    late: 'usage was expected by 07:00',
  })
  await app.perform(expectData, own.as.admin, { dataset: 'usage', expected: null })
  expect(await late('2026-11-26T08:00:00Z')).toEqual([])
})

test('data that ended long ago is said to be old until new usage is expected or comes', async () => {
  const own = await app.workspace()
  app.clock.set('2026-11-27T09:00:00Z')
  const old = async () => (await app.perform(readFreshness, own.as.leader, {})).old
  expect(await old()).toBeNull()
  await bring(
    own,
    usage,
    days('2025-12-31', () => 40, '2025-12-01'),
  )
  await refresh(own)
  expect(await old()).toEqual({
    age: '10 months old',
    text: 'Usage ends on 31 Dec 2025, 10 months ago, and no new usage is expected: nothing can be late.',
  })
  const expected = { days: [1, 2, 3, 4, 5, 6, 7], at: '07:00', timeZone: 'UTC' }
  await app.perform(expectData, own.as.admin, { dataset: 'usage', expected })
  expect(await old()).toBeNull()
  await app.perform(expectData, own.as.admin, { dataset: 'usage', expected: null })
  await bring(
    own,
    usage,
    days('2026-11-26', () => 40, '2026-11-20'),
    'new.csv',
  )
  await refresh(own)
  expect(await old()).toBeNull()
})
