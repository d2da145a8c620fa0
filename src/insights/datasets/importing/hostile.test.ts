import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { workbook, zip } from '../../../../tests/support/workbook.ts'
import { isProductError } from '../../../platform/errors.ts'
import { openFiles, type Files } from '../../../platform/files/files.ts'
import { newId } from '../../../platform/ids.ts'
import { openWarehouses, type Warehouse, type Warehouses } from '../../../platform/warehouse/warehouses.ts'
import { readMapping } from '../mapping/mapping-file.ts'
import { datasets } from '../declared/list.ts'
import { importFile } from './import-file.ts'

let folder: string
let files: Files
let warehouses: Warehouses
let warehouse: Warehouse
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-'))
  files = await openFiles(folder)
  warehouses = openWarehouses({ folder: join(folder, 'warehouse'), memoryLimitMb: 512, threads: 1 })
  warehouse = await warehouses.open(newId())
})
afterAll(async () => {
  await warehouses.close()
  await rm(folder, { recursive: true, force: true })
})

const users = 'dataset: users\nsource: product\nfields: { id: id, account: account }'
const usage = 'dataset: usage\nsource: product\nfields: { time: at, account: account, event: event }'

async function messageOf(mapping: string, path: string, fileName: string): Promise<string> {
  const before = process.memoryUsage().rss
  try {
    const outcome = await importFile(
      warehouse,
      files,
      { path, fileName, sha256: 'x' },
      {
        datasets,
        mapping: readMapping(mapping, datasets),
        mode: 'add',
        acceptRejects: false,
        jobId: newId(),
        importedBy: 'A test',
        currency: 'EUR',
        now: new Date('2026-01-15T12:00:00Z'),
      },
    )
    return outcome.committed
      ? 'committed'
      : `rejected: ${outcome.rejects.map((r) => `line ${r.line} ${r.reason}`).join('; ')}`
  } catch (error) {
    if (!isProductError(error)) throw error
    return error.message
  } finally {
    expect(process.memoryUsage().rss - before).toBeLessThan(700 * 1024 * 1024)
    const left = await warehouse.read((con) =>
      con.one(
        'select (select count(*) from app_user) + (select count(*) from event) + (select count(*) from batch) as n',
      ),
    )
    expect(left).toEqual({ n: 0 })
  }
}
async function file(content: string | Uint8Array): Promise<string> {
  const path = join(folder, newId())
  await writeFile(path, content)
  return path
}

test.each([
  ['an empty file', '', 'x.csv', /empty/],
  ['only white space', '\n \n', 'x.csv', /empty/],
  ['a header alone', 'id,account\n', 'x.csv', /no rows/],
  ['NUL bytes', 'id,account\nu\u0000\u0000\u0000\u00001,a1\n\u0000', 'x.csv', /NUL bytes/],
  [
    'a picture',
    Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]), Buffer.alloc(500, 7)]),
    'x.csv',
    /NUL bytes|no column/,
  ],
  ['an old spreadsheet', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), 'x.xls', /old Excel/],
  ['one JSON list', '[{"id":"u1"}]', 'x.json', /one object per line/],
  [
    'a zip that is no workbook',
    zip([{ name: 'readme.txt', body: Buffer.from('hello') }]),
    'x.xlsx',
    /workbook|spreadsheet|sheet/i,
  ],
  [
    'broken Parquet',
    Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(200, 1), Buffer.from('PAR1')]),
    'x.parquet',
    /cannot be read as parquet: [^/]*$/,
  ],
  ['10,000 columns', `${Array.from({ length: 10_000 }, (_, i) => `c${i}`).join(',')}\n`, 'x.csv', /10,000 columns/],
  ['a mapping for another file', 'user,org\nu1,a1\n', 'x.csv', /no column “id”/],
  ['an open quote to the end', `id,account\nu1,"a1\n${'u2,a2\n'.repeat(1000)}`, 'x.csv', /quote|cannot be read/i],
])('%s gets a clear message and changes nothing', async (_, content, name, message) => {
  expect(await messageOf(users, await file(content), name)).toMatch(message)
})

test('a line of 200 MB in the middle of a file is refused within bounded memory', async () => {
  const path = join(folder, newId())
  const out = createWriteStream(path)
  out.write('at,account,event\n')
  for (let i = 0; i < 60_000; i += 1) out.write('2025-12-01T10:00:00Z,a1,open\n')
  out.write('2025-12-01T10:00:00Z,a1,')
  for (let i = 0; i < 200; i += 1) if (!out.write(Buffer.alloc(1 << 20, 0x78))) await once(out, 'drain')
  out.write('\n2025-12-01T10:00:00Z,a1,open\n')
  out.end()
  await once(out, 'close')
  expect((await stat(path)).size).toBeGreaterThan(200 << 20)
  expect(await messageOf(usage, path, 'x.csv')).toMatch(/line|2 MB|long/i)
})

test('a quote that opens in the middle of 80 MB and never closes is refused, not swallowed', async () => {
  const line = Buffer.from('2025-12-01T10:00:00Z,a1,open\n'.repeat(36_000))
  const path = await file(
    Buffer.concat([
      Buffer.from('at,account,event\n'),
      ...Array.from({ length: 20 }, () => line),
      Buffer.from('2025-12-01T10:00:00Z,a1,"open\n'),
      ...Array.from({ length: 60 }, () => line),
    ]),
  )
  expect(await messageOf(usage, path, 'x.csv')).toMatch(/About 19.9 MB into the file a quote is opened/)
})

test('a zip bomb as spreadsheet is refused while it is read, also where it lies about its size', async () => {
  const sheet = Buffer.concat([Buffer.from('<worksheet>'), Buffer.alloc(80 << 20, 0x20), Buffer.from('</worksheet>')])
  expect(await messageOf(users, await file(workbook(sheet)), 'x.xlsx')).toMatch(/unpacks to far more/)
  expect(await messageOf(users, await file(workbook(sheet, 1000)), 'x.xlsx')).toMatch(/damaged/)
})

test('formula cells give their stored value and are never run', async () => {
  const sheet = Buffer.from(
    '<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>account</t></is></c></row><row r="2"><c r="A2" t="str"><f>HYPERLINK("http://x","y")</f><v>u1</v></c><c r="B2"><f>1/0</f></c></row></sheetData></worksheet>',
  )
  expect(await messageOf(users, await file(workbook(sheet)), 'x.xlsx')).toBe('rejected: line 2 Account id is empty')
})
