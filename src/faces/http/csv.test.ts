import { expect, test } from 'vitest'
import { operations } from '../../operations.ts'
import { renderCsv } from '../../platform/csv.ts'
import { columnsOf, inLargePages, tableOf } from './csv.ts'

test('text that a spreadsheet would run is neutralised, numbers keep their sign, quotes and line ends are kept', () => {
  const csv = renderCsv([
    { name: '=HYPERLINK("http://x")', n: -5, note: 'a "b",\nc' },
    { name: '  @sum', n: 1.5, note: null },
    { name: '+1', n: 0, note: '-x' },
  ])
  expect(csv).toBe(
    '\uFEFFname,n,note\r\n"\'=HYPERLINK(""http://x"")",-5,"a ""b"",\nc"\r\n\'  @sum,1.5,\r\n\'+1,0,\'-x\r\n',
  )
})

test('where semicolons, tabs or line ends within a text begin a cell for the spreadsheet, no formula begins there either', () => {
  const csv = renderCsv([{ id: 'x', note: 'x;=1+1', more: 'a\n=cmd|x;  @y;\t-z' }])
  expect(csv).toBe(`\uFEFFid,note,more\r\nx,"x;'=1+1","a\n'=cmd|x;  '@y;\t'-z"\r\n`)
  // As such a program reads it: cut at every semicolon, tab and line end, whatever is quoted.
  for (const part of csv.split(/[;\t\r\n]/)) expect(part).not.toMatch(/^\s*[=+@-]/)
})

test('a text of line ends alone is gone through once, and not from each of them', () => {
  const lines = '\n'.repeat(1_000_000)
  expect(renderCsv([{ a: `${lines}x;${lines}=1` }])).toBe(`\uFEFFa\r\n"${lines}x;${lines}'=1"\r\n`)
})

test('no rows still have their header', () => {
  expect(renderCsv([], ['a', 'b'])).toBe('\uFEFFa,b\r\n')
})

test('the columns of a table without rows come from its output’s schema, for every table there is', () => {
  const tables = Object.fromEntries(operations.filter((op) => op.csv).map((op) => [op.name, columnsOf(op)]))
  expect(tables['audit.list']).toEqual(['id', 'at', 'actor', 'face', 'operation', 'outcome', 'target'])
  expect(tables['insights.datasets.rejects']).toEqual(['line', 'reason', 'field', 'value', 'row'])
  // A shared view's table is that of the page it shows.
  expect(
    Object.entries(tables)
      .filter(([, columns]) => columns.length < 2)
      .map(([name]) => name),
  ).toEqual(['insights.views.export'])
})

test('a table that comes in pages is exported in the largest that it allows, and what is no input stays as it is', () => {
  const op = (name: string) => operations.find((one) => one.name === name)!
  expect(inLargePages(op('insights.analyses.stickinessAccounts'), { weeks: 4, limit: 3 })).toEqual({
    weeks: 4,
    limit: 10_000,
  })
  expect(inLargePages(op('audit.list'), {})).toEqual({ limit: 200 })
  expect(inLargePages(op('insights.analyses.stickiness'), { weeks: 4 })).toEqual({ weeks: 4 })
  expect(inLargePages(op('audit.list'), 'weeks')).toBe('weeks')
})

test('a table of too many rows is refused by their number, before any of them is read', async () => {
  const op = operations.find((one) => one.name === 'insights.analyses.whitespaceAccounts')!
  let isRead = false
  async function* outputs(total: number) {
    yield await Promise.resolve({ rows: [], nextCursor: null, total, arr: 0 })
    isRead = true
  }
  await expect(tableOf(op, outputs(500_001))).rejects.toThrow('more than 500,000 rows')
  expect(isRead).toBe(false)
  const { parts } = await tableOf(op, outputs(500_000))
  for await (const rows of parts) expect(rows).toEqual([])
  expect(isRead).toBe(true)
})
