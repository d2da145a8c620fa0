/** What importing gives, to the byte: what is proposed, checked, rejected, booked, stored and left after an undo, of the sample company’s files and of awkward ones. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeSample } from '../../../../sample/write.ts'
import { testApp, type TestApp } from '../../../../tests/support/app.ts'
import { workbookOf } from '../../../../tests/support/workbook.ts'
import type { Caller } from '../../../platform/operation.ts'
import { newId } from '../../../platform/ids.ts'
import { datasets } from '../declared/list.ts'
import { listFields, readMappingOperation } from '../mapping/operations.ts'
import type { ImportMode, ImportResult } from '../schemas.ts'
import { undoBatch } from './batches.ts'
import { importFile } from './import-file.ts'
import {
  checkFileOperation,
  importOperation,
  listBatchesOperation,
  readOverviewOperation,
  uploadFromPath,
} from './operations.ts'
import { listRejects } from './rejects.ts'
import { previewFile, proposeMapping } from './proposing.ts'

let app: TestApp
let folder: string
let id: string
let owner: Caller
beforeAll(async () => {
  app = await testApp()
  folder = await mkdtemp(join(tmpdir(), 'throughline-golden-'))
  const workspace = await app.workspace()
  id = workspace.id
  const admin = workspace.as.admin
  owner = { ...admin, actor: { ...admin.actor!, name: 'A golden hand', mayReadPaths: true } }
  app.clock.set('2026-01-15T12:00:00Z')
})
afterAll(async () => {
  await app.close()
  await rm(folder, { recursive: true, force: true })
})

const baseTables = [
  'account',
  'account_alias',
  'account_attribute',
  'subscription',
  'subscription_term',
  'mrr_snapshot',
  'mrr_term',
  'app_user',
  'entitlement',
  'event',
]

/** Every row of every base table, also of those that hold what was replaced: how many, and one hash over all. */
async function tables(): Promise<Record<string, string>> {
  const warehouse = await app.services.warehouses.open(id)
  const told: Record<string, string> = {}
  for (const table of [...baseTables.flatMap((name) => [name, `${name}_replaced`]), 'origin']) {
    const found = await warehouse.read((con) =>
      con.one<{ n: number; sum: string | null }>(
        `select count(*) as n, sha256(string_agg(line, chr(10) order by line)) as sum from (select cast(t as varchar) as line from ${table} t)`,
      ),
    )
    told[table] = `${found!.n} ${found!.sum ?? ''}`.trim()
  }
  return told
}

async function named(name: string, content?: string | Uint8Array): Promise<string> {
  if (content !== undefined) await writeFile(join(folder, name), content)
  return (await app.perform(uploadFromPath, owner, { path: join(folder, name) })).id
}

/** What is said of a file before it is imported, without the ids that chance gives. */
async function proposed(name: string) {
  const uploadId = await named(name)
  const {
    uploadId: _,
    sizeBytes: __,
    rows: ___,
    savedMapping,
    ...preview
  } = await app.perform(previewFile, owner, {
    uploadId,
  })
  const { uploadId: ____, ...proposal } = await app.perform(proposeMapping, owner, { uploadId })
  return { preview: { ...preview, savedMapping: savedMapping?.name ?? null }, proposal }
}

/** Imported as the job does, without the refresh that follows; where it is saved, by the operation. */
async function brought(name: string, yaml: string, more: { mode?: ImportMode; acceptRejects?: boolean }) {
  const uploadId = await named(name)
  const { mapping } = await app.perform(readMappingOperation, owner, { yaml })
  const check = await app.perform(checkFileOperation, owner, { uploadId, mapping })
  const warehouse = await app.services.warehouses.open(id)
  const path = join(folder, name)
  const sha256 = createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
  const options = { datasets, mapping, mode: more.mode ?? 'add', acceptRejects: more.acceptRejects ?? false } as const
  const jobId = newId()
  await importFile(
    warehouse,
    app.services.files,
    { path, fileName: name, sha256 },
    { ...options, jobId, importedBy: 'A golden hand', currency: 'EUR', now: app.services.now() },
  )
  const batch = await warehouse.read((con) =>
    con.one<object>(
      'select * exclude (job_id, imported_by, committed_at) replace (cast(mapping as varchar) as mapping) from batch where job_id = $1',
      [jobId],
    ),
  )
  const rejects = await warehouse.read((con) => listRejects(con, jobId))
  return { check, batch: batch ?? null, rejects }
}

const awkward: [name: string, content: string | Uint8Array, yaml: string, mode?: 'replace-days'][] = [
  [
    'abos.csv',
    Buffer.from(
      'Abo;Kunde;Beginn;Ende;Betrag;Währung\ns1;Müller;01.02.2025;;1.234,50;EUR\ns1;Müller;01.02.2025;;1.234,50;EUR\ns1;Müller;01.02.2025;;9,00;EUR\ns2;;01.02.2025;;5,00;EUR\ns3;Ä;31.02.2025;;5,00;EUR\ns4;Ä;01.02.2025;01.01.2024;5,00;EUR\ns5;Ä;01.02.2025;;5,00;SEK\ns6;Ä;01.02.1825;;-5,00;EUR\ns7;Ä\ns8;Ä;01.02.2025;31.12.2025;12.000,00;USD\n',
      'latin1',
    ),
    'dataset: subscriptions\nsource: abos\namountIs: total\nendIsInclusive: true\nrates: { USD: 0.92 }\nfields:\n  id: Abo\n  account: Kunde\n  start: { column: Beginn, format: D.M.YYYY }\n  end: { column: Ende, format: D.M.YYYY }\n  amount: { column: Betrag, decimal: "," }\n  currency: Währung',
  ],
  [
    'terms.csv',
    'id,account,start,arr,currency,status,rise,once,plan\ns1,a,2025-01-01,1000,USD,active,3 %,no,Pro\ns2,b,2025-01-01,500,EUR,past_due,0.05,yes,\ns3,c,2025-01-01,10,,,five,perhaps,\n',
    'dataset: subscriptions\nsource: terms\namountIs: arr\nrates: { USD: 0.9 }\nfields: { id: id, account: account, start: start, amount: arr, currency: currency, status: status, escalator: rise, oneOff: once, plan: plan }',
  ],
  [
    'mrr.csv',
    'account,month,mrr,currency,plan\na,2025-01,100,USD,Pro\na,2025-02,90,EUR,Pro\nb,2025-01,1e3,EUR,\nb,Januar,5,EUR,\n,2025-01,5,EUR,\n',
    'dataset: mrr\nsource: ledger\nrates: { USD: 0.9 }\nfields: { account: account, month: month, amount: mrr, currency: currency, plan: plan }',
  ],
  [
    'list.xlsx',
    workbookOf([
      ['Account ID', 'Account Name', 'Website', 'Segment', 'since', 'Parent', 'ws'],
      ['A1', 'Ada', 'https://www.ada.example/de', 'SMB', '2025-01-01', '', 'w1'],
      ['A1', 'Ada & Co', 'ada.example', 'Enterprise', '2025-06-01', 'A2', 'w1'],
      ['A2', ' Bo ', '', '', '', '', ''],
      ['', 'Nobody', '', 'SMB', '', '', ''],
      ['A3', 'Cy', '', 'SMB', '1789-07-14', '', ''],
    ]),
    'dataset: accounts\nsource: lists\nfields: { id: Account ID, name: Account Name, domain: Website, parent: Parent, validFrom: since, productId: ws }\nattributes: { segment: Segment }',
  ],
  [
    'people.ndjson',
    '{"id":"u1","account":"A1","since":"2025-01-05"}\n{"id":"u1","account":"A2","since":"2025-01-05"}\n{"id":"u2","account":null}\n{"id":"u9","account":\n{"id":"u3","account":"A1","since":"05.01.2025"}\n{"id":"u4","account":"A1"}\n',
    'dataset: users\nsource: people\nfields: { id: id, account: account, createdDate: since }',
  ],
  [
    'rights.csv',
    'plan,account,feature,from,to\nPro,,Export,,\n,A1,Export,2025-01-01,2024-01-01\n,,Export,,\nPro,,,,\nPro,A1,Audit,2025-01-01,2026-01-01\n',
    'dataset: entitlements\nsource: rights\nfields: { plan: plan, account: account, feature: feature, from: from, to: to }',
  ],
  [
    'ids.csv',
    'at,user,event,id\n2025-03-01T10:00:00+02:00,u1,open,e1\n2025-03-01 23:30,u1,open,e2\n2025-03-01 23:30,u1,open,e2\n2025-03-02,,open,e3\nnever,u1,open,e4\n2035-01-01,u1,open,e5\n2025-03-02,u1,,e6\n',
    'dataset: usage\nsource: app\nfields: { time: { column: at, timeZone: Europe/Berlin }, user: user, event: event, eventId: id }',
  ],
  [
    'ids-again.csv',
    'at,user,event,id\n2025-03-01 23:30,u1,close,e2\n2025-03-03,u1,open,e7\n',
    'dataset: usage\nsource: app\nfields: { time: { column: at, timeZone: Europe/Berlin }, user: user, event: event, eventId: id }',
  ],
  [
    'days.csv',
    'day,account,sub,feature,n\n2025-03-01,A1,,Export,3\n2025-03-02,,s1,Export,4\n2025-03-02,A1,,Export,-1\n2025-03-02,A1,,Export,0\n2025-03-03,A2,,Audit,2.5\n',
    'dataset: usage\nsource: days\nfields: { time: day, account: account, subscription: sub, feature: feature, count: n }',
  ],
  [
    'days-anew.csv',
    'day,account,sub,feature,n\n2025-03-02,,s1,Export,9\n',
    'dataset: usage\nsource: days\nfields: { time: day, account: account, subscription: sub, feature: feature, count: n }',
    'replace-days',
  ],
]

/** Headers as people send them, of files that nobody imports. */
const headers: [name: string, content: string][] = [
  [
    'deals.csv',
    'Opportunity ID,Customer,Contract Start,Contract End,ACV,Currency,Product\no1,c1,03/04/2025,04/04/2025,1.200,USD,Pro\no2,c2,05/06/2025,05/07/2025,3.400,EUR,Pro\n',
  ],
  ['kunden.csv', 'Kundennummer;Kundenname;Betreuer;Verlängerung am\nK1;Ada;Zoë;31.01.2026\nK2;Bo;Zoë;01.02.2026\n'],
  [
    'track.csv',
    'receivedAt,userId,groupId,event,messageId,name\n2025-01-01T00:00:00Z,u1,g1,open,m1,x\n2025-01-02T00:00:00Z,u2,g1,open,m2,y\n',
  ],
  ['monate.csv', 'Kunde;Monat;MRR\nK1;2025-01;100,50\nK2;2025-02;7,25\n'],
  ['odd.csv', 'foo,bar\n1,2\n'],
]

test('golden: the files of the sample company and awkward ones are proposed, read, rejected, booked, stored and undone as ever', async () => {
  const { files } = await writeSample(folder, { seed: 3, scale: 0.02 })
  for (const [name, content] of [...awkward, ...headers]) await writeFile(join(folder, name), content)
  const told: Record<string, unknown> = {
    fields: (await app.perform(listFields, owner, {})).datasets.map(({ dataset, fields }) => ({ dataset, fields })),
  }
  for (const name of [...files.map((f) => f.file), ...awkward.map(([n]) => n), ...headers.map(([n]) => n)])
    told[`proposed ${name}`] = await proposed(name)
  for (const { file, mapping } of files)
    told[`imported ${file}`] = await brought(file, await readFile(join(folder, mapping), 'utf8'), {})
  told['tables of the sample company'] = await tables()
  for (const [name, , yaml, mode] of awkward)
    told[`imported ${name}`] = await brought(name, yaml, { acceptRejects: true, mode: mode ?? 'add' })
  told['tables with the awkward files'] = await tables()
  const { mapping } = await app.perform(readMappingOperation, owner, { yaml: awkward.at(-3)![2] })
  const uploadId = await named('ids-again.csv')
  await app.perform(importOperation, owner, { uploadId, mapping, saveAs: 'ids-again.csv as golden' })
  expect((await app.settle(id))[0]).toMatchObject({ state: 'done', result: { books: { unchanged: 2, new: 0 } } })
  const warehouse = await app.services.warehouses.open(id)
  await warehouse.write((con) => undoBatch(con, files.length + awkward.length + 1, app.services.now(), { datasets }))
  told['proposed ids-again.csv by its saved mapping'] = await proposed('ids-again.csv')
  const { rows: batches } = await app.perform(listBatchesOperation, owner, { limit: 100 })
  told['batches'] = batches.filter((b) => b.undoneAt === null).map(({ jobId: _, importedBy: __, ...batch }) => batch)
  told['overview'] = (await app.perform(readOverviewOperation, owner, {})).rows
  for (const { id: batchId, undoneAt } of batches.slice(0, awkward.length + 1))
    if (!undoneAt) await warehouse.write((con) => undoBatch(con, batchId, app.services.now(), { datasets }))
  told['tables after the awkward files are undone'] = await tables()
  const lines = Object.entries(told).map(([what, it]) => `${what}\n${JSON.stringify(it)}\n`)
  await expect(lines.join('\n')).toMatchFileSnapshot('../../../../tests/golden/imports.txt')
  expect(told['tables after the awkward files are undone']).toEqual({
    ...(told['tables of the sample company'] as object),
    origin: (told['tables with the awkward files'] as Record<string, string>)['origin'],
  })
}, 120_000)

test('a file with rows that cannot be read waits, with the books of what would be', async () => {
  const uploadId = await named('waits.csv', 'id,account\nu1,A1\n,A1\n')
  const { mapping } = await app.perform(readMappingOperation, owner, {
    yaml: 'dataset: users\nsource: waits\nfields: { id: id, account: account }',
  })
  await app.perform(importOperation, owner, { uploadId, mapping })
  const job = (await app.settle(id)).find((j) => j.state === 'needs-confirmation')!
  const { books, batchId, rejects } = job.result as ImportResult
  expect({ books, batchId, rejects }).toEqual({
    books: { read: 2, new: 1, changed: 0, unchanged: 0, rejected: 1 },
    batchId: null,
    rejects: [{ line: 3, reason: 'User id is empty', field: 'id', value: null, raw: ';A1' }],
  })
})
