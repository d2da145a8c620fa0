import { createWriteStream } from 'node:fs'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { workbook, workbookWith, zip } from '../../../../tests/support/workbook.ts'
import { isProductError } from '../../../platform/errors.ts'
import { openFiles, type Files } from '../../../platform/files/files.ts'
import { newId } from '../../../platform/ids.ts'
import { openWarehouses, type Warehouse, type Warehouses } from '../../../platform/warehouse/warehouses.ts'
import { mostTextOf } from '../reading/bounds.ts'
import { openSource, sampleColumns } from '../reading/source.ts'
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
  ['a JSON document over several lines', '{\n  "users": []\n}', 'x.json', /one JSON document and no table/],
  ['a JSON text', '"users"', 'x.json', /one JSON document and no table/],
  ['a compressed file', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]), 'x.csv.gz', /compressed \(gzip\)/],
  [
    'an OpenDocument sheet',
    zip([
      { name: 'mimetype', body: Buffer.from('application/vnd.oasis.opendocument.spreadsheet') },
      { name: 'content.xml', body: Buffer.from('<office/>') },
    ]),
    'x.ods',
    /OpenDocument sheet \(\.ods\)/,
  ],
  ['one JSON list', '[{"id":"u1"}]', 'x.json', /one object per line/],
  [
    'a zip that is no workbook',
    zip([{ name: 'readme.txt', body: Buffer.from('hello') }]),
    'x.xlsx',
    /ZIP archive and no spreadsheet.*readme\.txt/,
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
  const sheet = Buffer.concat([Buffer.from('<worksheet>'), Buffer.alloc(80 << 20, '<a/>'), Buffer.from('</worksheet>')])
  expect(await messageOf(users, await file(workbook(sheet)), 'x.xlsx')).toMatch(/unpacks to far more/)
  expect(await messageOf(users, await file(workbook(sheet, 1000)), 'x.xlsx')).toMatch(/damaged/)
})

test('formula cells give their stored value and are never run', async () => {
  const sheet = Buffer.from(
    '<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>account</t></is></c></row><row r="2"><c r="A2" t="str"><f>HYPERLINK("http://x","y")</f><v>u1</v></c><c r="B2"><f>1/0</f></c></row></sheetData></worksheet>',
  )
  expect(await messageOf(users, await file(workbook(sheet)), 'x.xlsx')).toBe(
    'rejected: line 2 Account id is an error of a spreadsheet',
  )
})

const mb = 1024 ** 2
const under = async (of: string): Promise<number> => {
  const names = await readdir(of, { recursive: true }).catch(() => [])
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(of, name)).then(
        (s) => (s.isFile() ? s.size : 0),
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** What a piece of work held and wrote at its height, above what was there before. */
async function heightOf(work: () => Promise<unknown>): Promise<{ heldMb: number; wroteMb: number }> {
  const before = { held: process.memoryUsage().rss, written: await under(folder) }
  const height = { held: 0, written: 0 }
  const look = async () => {
    height.held = Math.max(height.held, process.memoryUsage().rss)
    height.written = Math.max(height.written, await under(folder))
  }
  const timer = setInterval(() => void look(), 25)
  try {
    await work()
  } finally {
    clearInterval(timer)
    await look()
  }
  return { heldMb: (height.held - before.held) / mb, wroteMb: (height.written - before.written) / mb }
}

const sheetOf = (rows: Iterable<string>) =>
  Buffer.from(`<worksheet><sheetData>${[...rows].join('')}</sheetData></worksheet>`)
const strings = (body: string) => ({ name: 'xl/sharedStrings.xml', body: Buffer.from(body) })
const longString = strings(`<sst><si><t>id</t></si><si><t>account</t></si><si><t>${'x'.repeat(32_000)}</t></si></sst>`)
const header = '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>'
const shared = '<c t="s"><v>2</v></c>'
const times = (n: number, text: string) => Array.from({ length: n }, () => text)

const spreadsheets: Record<string, { file: () => Buffer; message: RegExp }> = {
  'cells that repeat one long text': {
    file: () => workbookWith(sheetOf([header, ...times(20_000, `<row>${shared}${shared}</row>`)]), [longString]),
    message: /more than \d+ MB of text/,
  },
  'rows of very many cells of one long text': {
    file: () => workbookWith(sheetOf([header, ...times(2000, `<row>${shared.repeat(500)}</row>`)]), [longString]),
    message: /Row 2 of the sheet holds more than 2 MB/,
  },
  'rows that hold nothing but their last column': {
    file: () => workbookWith(sheetOf([header, ...times(200_000, '<row><c r="ALL1"/></row>')]), [longString]),
    message: /more than \d+ MB of text/,
  },
  'a text without an end': {
    file: () => workbookWith(sheetOf([header]), [strings(`<sst><si><t>${'x'.repeat(40 * mb)}</t></si></sst>`)]),
    message: /more than 4 MB in one place|32,767/,
  },
  'a stretch of no tags that the parser would hold': {
    file: () => workbookWith(sheetOf([header, `<!--${'<'.repeat(40 * mb)}-->`]), [longString]),
    message: /more than 4 MB in one place/,
  },
  'tags within tags without an end': {
    file: () => workbookWith(sheetOf([header, '<a>'.repeat(5_000_000)]), [longString]),
    message: /nested deeper/,
  },
  'millions of texts': {
    file: () =>
      workbookWith(sheetOf([header]), [strings(`<sst>${'<si><t>abcdefgh</t></si>'.repeat(4_000_000)}</sst>`)]),
    message: /too much text|unpacks to far more/,
  },
}

test.each(Object.entries(spreadsheets))(
  'a small spreadsheet of %s is refused before it fills memory or disk',
  async (_, { file: bytes, message }) => {
    const path = await file(bytes())
    expect((await stat(path)).size).toBeLessThan(10 * mb)
    let said = ''
    const { heldMb, wroteMb } = await heightOf(async () => {
      said = await messageOf(users, path, 'x.xlsx')
    })
    expect(said).toMatch(message)
    expect(heldMb).toBeLessThan(400)
    expect(wroteMb).toBeLessThan(200)
    expect(await readdir(join(folder, 'tmp'))).toEqual([])
  },
)

test('a small file of columns whose values repeat is refused by what it says once it is unpacked', async () => {
  const path = join(folder, 'repeats.parquet')
  await warehouse.read((con) =>
    con.run(
      `copy (select 'u' || (i % 9) as id, repeat('x', 1000) as account from range(3000000) r(i)) to '${path}' (format parquet)`,
    ),
  )
  expect((await stat(path)).size).toBeLessThan(10 * mb)
  let said = ''
  const { heldMb, wroteMb } = await heightOf(async () => {
    said = await messageOf(users, path, 'x.parquet')
  })
  expect(said).toMatch(/2,8\d\d MB of text/)
  expect(heldMb).toBeLessThan(400)
  expect(wroteMb).toBeLessThan(200)
})

test('what a column holds is shown by its beginnings, however long its values are', async () => {
  const path = await file(`id,account\n${`u,${'x'.repeat(100_000)}\n`.repeat(90)}`)
  await warehouse.read(async (con) => {
    const source = await openSource(con, files, { path, fileName: 'x.csv' }, {})
    const { columns, rows } = await sampleColumns(con, source)
    expect(Math.max(...columns.flatMap((c) => c.samples.map((s) => s.length)))).toBe(500)
    expect(Math.max(...rows.flat().map((v) => v?.length ?? 0))).toBe(500)
    await source.close()
  })
})

test('a file below 10 MB becomes less than 700 MB of text, and no file more than 2 GB', () => {
  expect(mostTextOf(10 * mb)).toBeLessThan(700 * mb)
  expect(mostTextOf(20 * 1024 * mb)).toBe(2048 * mb)
})

test('reading stops when nobody waits for it any more, and leaves nothing behind', async () => {
  const path = await file(
    workbookWith(sheetOf([header, ...times(150_000, `<row>${'<c><v>1234567</v></c>'.repeat(12)}</row>`)]), [
      longString,
    ]),
  )
  const gone = new AbortController()
  const reading = warehouse.read((con) => openSource(con, files, { path, fileName: 'x.xlsx', signal: gone.signal }, {}))
  const left = performance.now()
  setTimeout(() => gone.abort(), 100)
  await expect(reading).rejects.toThrow(/abort/i)
  expect(performance.now() - left).toBeLessThan(3000)
  expect(await readdir(join(folder, 'tmp'))).toEqual([])
})
