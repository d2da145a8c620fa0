import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { testApp, type TestApp } from '../../../../tests/support/app.ts'
import { newId } from '../../../platform/ids.ts'
import type { Scope } from '../../../platform/scope.ts'
import type { Warehouse } from '../../../platform/warehouse/warehouses.ts'
import { platform } from '../../../platform/room.ts'
import { expectData } from '../../freshness/operations.ts'
import { insights } from '../../room.ts'
import { listFields } from '../mapping/operations.ts'
import type { DatasetDeclaration, PostgresTarget } from '../declaration.ts'
import { needed, optional } from '../declared/fields.ts'
import { datasets as ours } from '../declared/list.ts'
import { dateChecks, value } from '../declared/staging.ts'
import { usageTarget } from './usage.ts'
import { checkDatasets } from '../known.ts'
import { readMapping } from '../mapping/mapping-file.ts'
import { guessDatasets } from '../mapping/propose.ts'
import { openSource } from '../reading/source.ts'
import { countOutside, listBatches, readOverview, undoBatch } from './batches.ts'
import { checkFile } from './check-file.ts'
import { importFile } from './import-file.ts'
import { importOperation, readOverviewOperation, undoBatchOperation, uploadFromPath } from './operations.ts'
import { proposeMapping } from './proposing.ts'
import { listRejects } from './rejects.ts'

/** People outside, as a room above would bring them: a table of its own, and one for what an import replaced. */
const personTarget: PostgresTarget = {
  store: 'postgres',
  topics: ['people'],
  staging: (_, fields) => ({
    fields: {
      email: value(fields, 'email'),
      name: value(fields, 'name'),
      met_on: value(fields, 'metOn', 'date'),
    },
    checks: [
      {
        when: `not contains(${value(fields, 'email')}, '@')`,
        reason: 'E-mail is not an address',
        field: 'email',
        text: fields.get('email')!.text,
      },
      ...dateChecks(fields, ['metOn']),
    ],
    key: ['email'],
  }),
  async upsert(tx, { scope, importId, mapped }, rows) {
    largestBatch = Math.max(largestBatch, rows.length)
    batches += 1
    if (batches === failsAt) throw new Error('the store is full')
    const of = sql`${JSON.stringify(rows)}::jsonb`
    const incoming = sql`jsonb_to_recordset(${of}) as i(email text, name text, met_on date)`
    const differs = sql`(t.name is distinct from i.name or (${mapped.has('metOn')} and t.met_on is distinct from i.met_on))`
    const same = sql`t.workspace_id = ${scope.workspaceId}::uuid and t.email = i.email`
    const { rows: put } = await sql<{ email: string }>`
      insert into test_person_replaced
      select t.*, ${importId} from test_person t join ${incoming} on ${same} where ${differs}
      returning email`.execute(tx)
    await sql`
      update test_person t
      set name = i.name, met_on = case when ${mapped.has('metOn')} then i.met_on else t.met_on end, import_id = ${importId}
      from ${incoming} where ${same} and ${differs}`.execute(tx)
    const { rows: made } = await sql<{ email: string }>`
      insert into test_person
      select ${scope.workspaceId}::uuid, i.email, i.name, i.met_on, ${importId} from ${incoming}
      on conflict do nothing
      returning email`.execute(tx)
    return { new: made.length, changed: put.length, unchanged: rows.length - made.length - put.length }
  },
  async undo(tx, { scope, importId }, limit) {
    const { rows: gone } = await sql<{ email: string }>`
      delete from test_person t
      where t.ctid in (
        select ctid from test_person
        where workspace_id = ${scope.workspaceId}::uuid and import_id = ${importId} limit ${limit}
      )
      returning email`.execute(tx)
    await sql`
      with back as (
        delete from test_person_replaced
        where workspace_id = ${scope.workspaceId}::uuid and replaced_by = ${importId}
          and email in (select jsonb_array_elements_text(${JSON.stringify(gone.map((g) => g.email))}::jsonb))
        returning workspace_id, email, name, met_on, import_id
      )
      insert into test_person select * from back`.execute(tx)
    return gone.length
  },
  async count(db, scope) {
    const { rows } = await sql<{ n: string }>`
      select count(*)::int as n from test_person where workspace_id = ${scope.workspaceId}::uuid`.execute(db)
    return Number(rows[0]!.n)
  },
}
const people: DatasetDeclaration = {
  name: 'people',
  words: { title: 'People', what: 'whom we may ask', inText: 'people', isPlural: true },
  source: 'crm',
  keys: [],
  alternatives: [],
  holdsPeopleOutside: true,
  likeness: (has) => 0.5 + 0.5 * has('name'),
  fields: [
    needed('email', 'E-mail', 'email', 'Where the person is written to', {
      en: ['email', 'emailaddress'],
      de: ['E-Mail-Adresse'],
    }),
    optional('name', 'Name', 'text', 'What the person is called', {
      en: ['name', 'fullname'],
      de: ['Vollständiger Name'],
    }),
    optional('metOn', 'Met on', 'date', 'When we first met', { en: ['meton', 'firstmet'] }),
  ],
  target: personTarget,
}
const datasets = checkDatasets([...ours, people])

let app: TestApp
let scope: Scope
let warehouse: Warehouse
let largestBatch = 0
let batches = 0
let failsAt = 0
beforeAll(async () => {
  app = await testApp({ rooms: [platform, insights, { name: 'people', operations: [], datasets: [people] }] })
  for (const [name, more] of [
    ['test_person', ', primary key (workspace_id, email)'],
    ['test_person_replaced', ''],
  ] as const)
    await sql`${sql.raw(
      `create table ${name} (workspace_id uuid, email text, name text, met_on date, import_id text${name === 'test_person' ? '' : ', replaced_by text'}${more})`,
    )}`.execute(app.services.db)
})
afterAll(() => app.close())
beforeEach(async () => {
  scope = { workspaceId: (await app.workspace()).id } as Scope
  warehouse = await app.services.warehouses.open(scope.workspaceId)
  largestBatch = 0
  batches = 0
  failsAt = 0
})

const operational = () => ({ scope, transaction: app.services.transaction })
const mapping = readMapping('dataset: people\nsource: crm\nfields: { email: mail, name: name, metOn: met }', datasets)

async function write(content: string) {
  const path = join(app.dataDir, newId())
  await writeFile(path, content)
  return { path, fileName: 'people.csv', sha256: createHash('sha256').update(content).digest('hex') }
}
const bring = async (
  content: string,
  more: { acceptRejects?: boolean; jobId?: string; mapping?: typeof mapping; signal?: AbortSignal } = {},
) =>
  importFile(warehouse, app.services.files, await write(content), {
    datasets,
    mapping,
    mode: 'add',
    acceptRejects: false,
    jobId: newId(),
    importedBy: 'A test',
    currency: 'EUR',
    now: new Date('2026-01-15T12:00:00Z'),
    operational: operational(),
    ...more,
  })
const undo = (batchId: number) =>
  warehouse.write((con) => undoBatch(con, batchId, new Date(), { datasets, operational: operational() }))
const known = async () => {
  const { rows } = await sql<{ email: string; name: string | null; met_on: string | null }>`
    select email, name, met_on from test_person where workspace_id = ${scope.workspaceId}::uuid order by email`.execute(
    app.services.db,
  )
  return rows.map((r) => [r.email, r.name, r.met_on])
}

test('a dataset of a room lands in PostgreSQL with the same books, keeps what a file does not speak of, and is taken back newest first', async () => {
  const first = await bring('mail,name,met\nada@x.example,Ada,2025-01-31\nbo@x.example,Bo,\nbo@x.example,Bo,\n')
  expect(first).toMatchObject({
    committed: true,
    books: { read: 3, new: 2, changed: 0, unchanged: 1, rejected: 0 },
    rejects: [],
  })
  const before = await known()
  expect(before).toEqual([
    ['ada@x.example', 'Ada', '2025-01-31'],
    ['bo@x.example', 'Bo', null],
  ])
  const second = await bring('mail,name\nada@x.example,Ada L.\nbo@x.example,Bo\ncy@x.example,Cy\n', {
    mapping: readMapping('dataset: people\nsource: crm\nfields: { email: mail, name: name }', datasets),
  })
  expect(second.books).toEqual({ read: 3, new: 1, changed: 1, unchanged: 1, rejected: 0 })
  expect(await known()).toEqual([
    ['ada@x.example', 'Ada L.', '2025-01-31'],
    ['bo@x.example', 'Bo', null],
    ['cy@x.example', 'Cy', null],
  ])
  const outside = await countOutside(app.services.db, scope, datasets)
  const overview = await warehouse.read((con) => readOverview(con, datasets, outside))
  expect(overview.find((o) => o.dataset === 'people')).toMatchObject({ rows: 3, batches: 2, sources: ['crm'] })

  await expect(undo(first.batchId!)).rejects.toThrow('Undo import 2 first.')
  await undo(second.batchId!)
  await undo(second.batchId!)
  expect(await known()).toEqual(before)
  await undo(first.batchId!)
  expect(await known()).toEqual([])
  expect(await warehouse.read((con) => listBatches(con, { limit: 10 }))).toMatchObject([
    { id: 2, dataset: 'people', undoneAt: expect.any(String) },
    { id: 1, dataset: 'people', undoneAt: expect.any(String) },
  ])
})

const dirty = 'mail,name,met\nada@x.example,Ada,2025-01-31\n,Bo,\ncy,Cy,\ndi@x.example,Di,never\nada@x.example,Eve,\n'
const reasons = [
  [3, 'E-mail is empty'],
  [4, 'E-mail is not an address'],
  [5, 'Met on is not a date'],
  [6, 'The same id stands above with other content'],
]

test('rows that cannot be read wait for a person with their lines; nothing of what they say is kept, in the warehouse or in the result', async () => {
  const jobId = newId()
  const waiting = await bring(dirty, { jobId })
  expect(waiting).toMatchObject({
    committed: false,
    books: { read: 5, new: 1, changed: 0, unchanged: 0, rejected: 4 },
  })
  expect(await known()).toEqual([])
  const kept = await warehouse.read((con) => listRejects(con, jobId))
  expect(kept.map((r) => [r.line, r.reason])).toEqual(reasons)
  expect([...kept, ...waiting.rejects].flatMap((r) => [r.value, r.raw]).filter((text) => text !== null)).toEqual([])

  const rest = await bring(dirty, { jobId, acceptRejects: true })
  expect([rest.committed, rest.books]).toEqual([true, waiting.books])
  expect(await known()).toEqual([['ada@x.example', 'Ada', '2025-01-31']])
  const tables = await warehouse.read((con) =>
    con.all<{ name: string }>('select table_name as name from duckdb_tables() where not temporary'),
  )
  for (const { name } of tables)
    expect([
      name,
      await warehouse.read((con) =>
        con.all(
          `select 1 as there from (select cast(t as varchar) as line from ${name} t) where line ilike '%x.example%'`,
        ),
      ),
    ]).toEqual([name, []])
})

test('a check before the import tells the same, and shows what the rows say to who looks', async () => {
  const { path, fileName } = await write(dirty)
  const check = await warehouse.read(async (con) => {
    const source = await openSource(con, app.services.files, { path, fileName }, {})
    try {
      return await checkFile(con, { dataset: people, mapping, source, currency: 'EUR', today: '2026-01-15' })
    } finally {
      await source.close()
    }
  })
  expect(check).toMatchObject({ read: 5, accepted: 1, rejected: 4 })
  expect(check.firstRejects.map((r) => [r.line, r.reason])).toEqual(reasons)
  expect(check.sample).toEqual([{ email: 'ada@x.example', name: 'Ada', met_on: '2025-01-31' }])
})

test('a long file goes in by batches of a thousand; one that fails in the middle leaves nothing, and the job that runs again finds all', async () => {
  const long = `mail,name,met\n${Array.from({ length: 2500 }, (_, i) => `p${i}@x.example,P ${i},2025-01-01\n`).join('')}`
  const jobId = newId()
  failsAt = 2
  await expect(bring(long, { jobId })).rejects.toThrow('the store is full')
  expect([await known(), await warehouse.read((con) => listBatches(con, { limit: 10 }))]).toEqual([[], []])
  failsAt = 0
  const { books } = await bring(long, { jobId })
  expect(books).toEqual({ read: 2500, new: 2500, changed: 0, unchanged: 0, rejected: 0 })
  expect([largestBatch, (await known()).length]).toEqual([1000, 2500])
  // What had committed is told again, and not done again.
  expect(await bring(long, { jobId })).toMatchObject({ committed: true, batchId: 1, books })
  await undo(1)
  expect(await known()).toEqual([])
})

test('what a server that was killed left behind is taken out before its job begins anew', async () => {
  const jobId = newId()
  await app.services.transaction((tx) =>
    personTarget.upsert(
      tx,
      { scope, importId: jobId, source: 'crm', mapped: new Set(['email', 'name', 'metOn']), now: new Date() },
      [{ email: 'gone@x.example', name: 'Gone', met_on: null }],
    ),
  )
  await bring('mail,name,met\nada@x.example,Ada,\n', { jobId })
  expect(await known()).toEqual([['ada@x.example', 'Ada', null]])
})

test('what a server that was killed left behind goes too where its job is not run again', async () => {
  const jobId = newId()
  await app.services.transaction((tx) =>
    personTarget.upsert(
      tx,
      { scope, importId: jobId, source: 'crm', mapped: new Set(['email', 'name']), now: new Date() },
      [{ email: 'gone@x.example', name: 'Gone', met_on: null }],
    ),
  )
  const { services } = app
  const job = insights.jobs.find(({ kind }) => kind === 'insights.import')!
  const found = await job.committed!(
    { services, db: services.db, workspaceId: scope.workspaceId, scope, jobId, createdBy: 'x', now: services.now },
    { uploadId: newId(), mapping, mode: 'add', acceptRejects: false },
  )
  expect([found, await known()]).toEqual([null, []])
})

test('by the operations a file of it is proposed, imported, listed and undone like any other; no refresh follows', async () => {
  const { id, as } = await app.workspace()
  const owner = { ...as.admin, actor: { ...as.admin.actor!, mayReadPaths: true } }
  const { path } = await write('E-Mail-Adresse;Vollständiger Name\nada@x.example;Ada\nbo@x.example;Bo\n')
  const { id: uploadId } = await app.perform(uploadFromPath, owner, { path })
  const proposed = await app.perform(proposeMapping, owner, { uploadId })
  expect([proposed.open, proposed.mapping]).toMatchObject([
    [],
    { dataset: 'people', source: 'crm', fields: { email: { column: 'E-Mail-Adresse' } } },
  ])
  await app.perform(importOperation, owner, { uploadId, mapping: proposed.mapping })
  const books = { read: 2, new: 2, changed: 0, unchanged: 0, rejected: 0 }
  expect(await app.settle(id)).toMatchObject([{ kind: 'insights.import', state: 'done', result: { books } }])
  const rows = async () => {
    const overview = await app.perform(readOverviewOperation, owner, {})
    return overview.rows.find((r) => r.dataset === 'people')!.rows
  }
  expect(await rows()).toBe(2)
  await app.perform(undoBatchOperation, owner, { batchId: 1 })
  await app.settle(id)
  expect(await rows()).toBe(0)
  const { datasets: told } = await app.perform(listFields, owner, {})
  expect(told.at(-1)).toMatchObject({ dataset: 'people', title: 'People', keys: [] })
  await expect(app.perform(expectData, owner, { dataset: 'persons', expected: null })).rejects.toThrow(
    'It takes accounts, subscriptions, mrr, users, usage, entitlements, people.',
  )
})

test('files of a dataset that a room brings are recognised beside ours, and a mapping of one that nobody brings is refused with those that are', () => {
  const column = (name: string, samples: string[]) => ({
    name,
    type: 'VARCHAR',
    samples,
    empty: 0,
    distinct: samples.length,
  })
  const columns = [column('E-Mail-Adresse', ['a@x.example']), column('Vollständiger Name', ['Ada'])]
  expect(guessDatasets(datasets, columns)[0]).toMatchObject({ dataset: 'people' })
  expect(() => readMapping('dataset: persons\nsource: crm\nfields: { email: mail }', datasets)).toThrow(
    '“dataset”: “persons” is not known. It takes accounts, subscriptions, mrr, users, usage, entitlements, people.',
  )
  expect(() => readMapping('dataset: Persons!\nsource: crm\nfields: { email: mail }', datasets)).toThrow('“dataset”')
})

test('a list in which people outside would land in the warehouse, or which contradicts itself, does not start', () => {
  const inWarehouse = { ...people, target: usageTarget } as unknown as DatasetDeclaration
  expect(() => checkDatasets([...ours, inWarehouse])).toThrow(
    'The dataset “people” holds data about people outside and lands in the warehouse',
  )
  expect(() => checkDatasets([...ours, people, people])).toThrow('The dataset “people” is declared twice.')
  expect(() => checkDatasets([{ ...people, name: 'People' }])).toThrow('no lower-case name')
  expect(() => checkDatasets([{ ...people, fields: people.fields.slice(1) }])).toThrow('needs no field')
  expect(() => checkDatasets([{ ...people, alternatives: [{ fields: ['phone'], what: 'say how' }] }])).toThrow(
    '“phone”',
  )
})
