import { expect, test } from 'vitest'
import { renderCsv } from './csv.ts'

test('text that a spreadsheet would run is neutralised, numbers keep their sign, quotes and line ends are kept', () => {
  const csv = renderCsv([{ name: '=HYPERLINK("http://x")', n: -5, note: 'a "b",\nc' }, { name: '  @sum', n: 1.5, note: null }, { name: '+1', n: 0, note: '-x' }])
  expect(csv).toBe('\uFEFFname,n,note\r\n"\'=HYPERLINK(""http://x"")",-5,"a ""b"",\nc"\r\n\'  @sum,1.5,\r\n\'+1,0,\'-x\r\n')
})

test('no rows still have their header', () => {
  expect(renderCsv([], ['a', 'b'])).toBe('\uFEFFa,b\r\n')
})
