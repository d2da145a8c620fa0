import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from '../../../../tests/support/app.ts'
import { workbookOf, workbookOfSheets } from '../../../../tests/support/workbook.ts'
import { newId } from '../../../platform/ids.ts'
import type { Caller } from '../../../platform/operation.ts'
import type { FileOptions } from '../schemas.ts'
import { importOperation, uploadFromPath } from './operations.ts'
import { previewFile, proposeMapping } from './proposing.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app.close())

/** A workspace of its own, whose owner names files by path as the command does. */
async function anOwner(): Promise<{ id: string; owner: Caller }> {
  const { id, as } = await app.workspace()
  return { id, owner: { ...as.admin, actor: { ...as.admin.actor!, mayReadPaths: true } } }
}
async function upload(owner: Caller, name: string, content: string | Uint8Array): Promise<string> {
  const path = join(app.dataDir, `${newId()}-${name}`)
  await writeFile(path, content)
  return (await app.perform(uploadFromPath, owner, { path })).id
}

const halfQuoted = '5" screens, half a quote'
const titles = [['Accounts of December', 'made by Zoë'], ['A "note", with; quotes\nover two lines'], [], [halfQuoted]]
const header = ['Account No', 'Called', 'Renews\non']
const rows = [
  ['A1', 'Ada', '31.01.2026'],
  ['A2', 'Bo; Co', '01.02.2026'],
]
const cell = (text: string, by: string) =>
  text !== halfQuoted && (text.includes(by) || /["\n]/.test(text)) ? `"${text.replaceAll('"', '""')}"` : text
const csvOf = (table: readonly (readonly string[])[], by = ',', end = '\n') =>
  table.map((cells) => cells.map((text) => cell(text, by)).join(by) + end).join('')

type Table = readonly (readonly string[])[]
const formats: [string, string, (table: Table) => string | Uint8Array][] = [
  ['CSV', 'a.csv', (t) => csvOf(t)],
  ['CSV with semicolons, a mark and CR LF', 'a.csv', (t) => `\uFEFF${csvOf(t, ';', '\r\n')}`],
  ['CSV in UTF-16 with tabs', 'a.txt', (t) => Buffer.from(`\uFEFF${csvOf(t, '\t')}`, 'utf16le')],
  ['CSV in Latin-1 with semicolons', 'a.csv', (t) => Buffer.from(csvOf(t, ';'), 'latin1')],
  ['Excel', 'a.xlsx', (t) => workbookOf(t)],
]

test.each(formats)(
  '%s: a file with lines above its header finds its saved mapping by itself, however many they are',
  async (_, name, write) => {
    const { id, owner } = await anOwner()
    const first = await upload(owner, name, write([...titles.slice(0, 1), [], header, ...rows]))
    // A person says once where the header stands, and what the columns are.
    const seen = await app.perform(previewFile, owner, {
      uploadId: first,
      dataset: 'accounts',
      file: { skipLines: 2 },
    })
    expect(seen.savedMapping).toBeNull()
    const mapping = {
      ...seen.mapping,
      fields: {
        id: { column: 'Account No' },
        name: { column: 'Called' },
        renewalDate: { column: 'Renews\non', format: 'D.M.YYYY' },
      },
    }
    await app.perform(importOperation, owner, { uploadId: first, mapping, saveAs: 'Monthly list' })
    expect((await app.settle(id))[0]).toMatchObject({ state: 'done', result: { books: { read: 2, new: 2 } } })

    for (const lines of [
      titles.slice(0, 3),
      titles,
      titles.slice(0, 1),
      [],
      Array.from({ length: 60 }, () => ['x', 'y']),
    ]) {
      const uploadId = await upload(
        owner,
        name,
        write([...lines, header, ...rows, ['A3', `After ${lines.length}`, '02.03.2026']]),
      )
      const preview = await app.perform(previewFile, owner, { uploadId })
      expect([lines.length, preview.savedMapping?.name, preview.columns.map((c) => c.name), preview.rows[0]]).toEqual([
        lines.length,
        'Monthly list',
        header,
        rows[0],
      ])
      const proposed = await app.perform(proposeMapping, owner, { uploadId, dataset: 'accounts' })
      expect([proposed.open, proposed.savedAs]).toEqual([[], 'Monthly list'])
      await app.perform(importOperation, owner, { uploadId, mapping: proposed.mapping, saveAs: proposed.savedAs! })
      expect((await app.settle(id))[0]).toMatchObject({ state: 'done', result: { books: { read: 3, rejected: 0 } } })
    }
    expect(
      await (
        await app.services.warehouses.open(id)
      ).read((con) => con.all('select ext_id, name, renewal_date as day from account order by 1')),
    ).toEqual([
      { ext_id: 'A1', name: 'Ada', day: '2026-01-31' },
      { ext_id: 'A2', name: 'Bo; Co', day: '2026-02-01' },
      { ext_id: 'A3', name: 'After 60', day: '2026-03-02' },
    ])
  },
)

test('of a workbook the sheet of a saved mapping is found by its columns, by its name before others; a sheet that a person names holds', async () => {
  const { id, owner } = await anOwner()
  const cover = [['About this report'], ['Made each month']]
  const bring = (sheets: Record<string, Table>) => upload(owner, 'a.xlsx', workbookOfSheets(sheets))
  const first = await bring({ Cover: cover, List: [...titles.slice(0, 1), header, ...rows] })
  const { mapping } = await app.perform(previewFile, owner, {
    uploadId: first,
    dataset: 'accounts',
    file: { sheet: 'List', skipLines: 1 },
  })
  const fields = { id: { column: 'Account No' }, name: { column: 'Called' } }
  await app.perform(importOperation, owner, { uploadId: first, mapping: { ...mapping, fields }, saveAs: 'Report' })
  expect((await app.settle(id))[0]).toMatchObject({ state: 'done', result: { books: { read: 2 } } })

  const next = await bring({ Cover: cover, Notes: [['List'], ['none']], List: [header, ...rows, ['A3', 'Cy', '']] })
  const preview = await app.perform(previewFile, owner, { uploadId: next })
  expect([preview.savedMapping?.name, preview.file.sheet]).toEqual(['Report', 'List'])
  expect(preview.columns.map((c) => c.name)).toEqual(header)
  const proposed = await app.perform(proposeMapping, owner, { uploadId: next })
  await app.perform(importOperation, owner, { uploadId: next, mapping: proposed.mapping, saveAs: proposed.savedAs! })
  expect((await app.settle(id))[0]).toMatchObject({ state: 'done', result: { books: { read: 3, new: 1 } } })

  const named = await app.perform(previewFile, owner, { uploadId: next, file: { sheet: 'Notes' } })
  expect([named.savedMapping, named.file.sheet]).toEqual([null, 'Notes'])
  const found = async (sheets: Record<string, Table>) => {
    const { savedMapping, file, columns } = await app.perform(previewFile, owner, { uploadId: await bring(sheets) })
    return [savedMapping?.name, file.sheet, file.skipLines, columns.length]
  }
  const table = [...titles.slice(0, 1), header, ...rows]
  expect(await found({ Cover: cover, 'November 2026': table })).toEqual(['Report', 'November 2026', 1, header.length])
  expect(await found({ Old: table, Empty: [], List: [header, ...rows] })).toEqual([
    'Report',
    'List',
    undefined,
    header.length,
  ])
  // Where none has its columns it is the sheet that was read before, else the first.
  expect(await found({ Cover: cover, List: [['Day'], ['1']] })).toEqual([undefined, 'List', undefined, 1])
  expect(await found({ Cover: cover, Other: [['Day'], ['1']] })).toEqual([undefined, 'Cover', undefined, 1])
  // Where a person says how many lines are above the header, their number holds, on the sheet that was read before.
  const counted = await app.perform(previewFile, owner, {
    uploadId: await bring({ Cover: cover, List: [['One'], ['two'], ['Day'], ['1']] }),
    file: { skipLines: 2 },
  })
  expect([counted.file.sheet, counted.file.skipLines, counted.columns[0]!.name]).toEqual(['List', 2, 'Day'])
  await expect(app.perform(previewFile, owner, { uploadId: next, file: { sheet: 'Nowhere' } })).rejects.toThrow(
    'There is no sheet “Nowhere”. It has: Cover, Notes, List.',
  )
})

test('a rejected row is named by its line in the file, also below lines that were skipped', async () => {
  const { id, owner } = await anOwner()
  const bring = async (table: Table, file: FileOptions = {}) => {
    const uploadId = await upload(owner, 'a.csv', csvOf(table))
    const { mapping } = await app.perform(previewFile, owner, { uploadId, dataset: 'accounts', file })
    await app.perform(importOperation, owner, { uploadId, mapping, saveAs: 'List' })
    return (await app.settle(id))[0]!
  }
  await bring([['A list'], ['Account ID', 'Account Name'], ['A1', 'Ada']], { skipLines: 1 })
  expect(await bring([...titles, ['Account ID', 'Account Name'], ['A1', 'Ada'], ['', 'Bo']])).toMatchObject({
    state: 'needs-confirmation',
    result: { rejects: [{ line: 8, reason: 'Account id is empty' }] },
  })
})

test('what a person says of the lines above holds; a row that names other columns is no header', async () => {
  const { id, owner } = await anOwner()
  const first = await upload(owner, 'a.csv', csvOf([header, ...rows]))
  const { mapping } = await app.perform(previewFile, owner, { uploadId: first, dataset: 'accounts' })
  await app.perform(importOperation, owner, {
    uploadId: first,
    mapping: { ...mapping, fields: { id: { column: 'Account No' } } },
  })
  await app.settle(id)
  const second = await upload(owner, 'a.csv', csvOf([['A list'], header, ...rows]))
  const told = await app.perform(previewFile, owner, { uploadId: second, file: { skipLines: 0 } })
  expect([told.savedMapping, told.columns[0]!.name, told.mapping.file.skipLines]).toEqual([null, 'A list', 0])
  expect((await app.perform(previewFile, owner, { uploadId: second })).mapping.file.skipLines).toBe(1)
  const other = await upload(owner, 'a.csv', csvOf([['A list'], ['Account No', 'Called'], ...rows]))
  expect((await app.perform(previewFile, owner, { uploadId: other })).savedMapping).toBeNull()
})
