import { describe, expect, test } from 'vitest'
import { dateFormats, strptimeFormat } from './dates.ts'
import { detectCsv, detectEncoding } from './detect.ts'

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((p) => (typeof p === 'string' ? Buffer.from(p, 'utf8') : Buffer.from(p))))

describe('encodings', () => {
  test.each([
    ['UTF-8', bytes('id;naïve\n1;Größe'), 'utf-8', 0],
    ['UTF-8 with mark', bytes([0xef, 0xbb, 0xbf], 'id\n1'), 'utf-8', 3],
    ['UTF-16 LE with mark', Buffer.from('\uFEFFid\n1', 'utf16le'), 'utf-16le', 2],
    ['UTF-16 LE without', Buffer.from('id;name\n1;x', 'utf16le'), 'utf-16le', 0],
    ['UTF-16 BE', Buffer.from('\uFEFFid\n1', 'utf16le').swap16(), 'utf-16be', 2],
    ['Latin-1', Buffer.from('id;Größe\n1;ä', 'latin1'), 'latin-1', 0],
    ['UTF-8 cut inside a character', bytes('id\nä').subarray(0, 4), 'utf-8', 0],
  ])('%s', (_, head, encoding, bomBytes) => {
    expect(detectEncoding(head)).toEqual({ encoding, bomBytes })
  })
})

describe('shape of a CSV', () => {
  test.each([
    [',', 'a,b\n1,"x;y;z"\n2,w'],
    [';', 'a;b;c\r\n1,5;2;3\r\n1,6;2;3'],
    ['\t', 'a\tb\n1\t2'],
    ['|', 'a|b\n1|2'],
  ])('the delimiter %j is found', (delimiter, text) => {
    expect(detectCsv(text, true).delimiter).toBe(delimiter)
  })
  test('line ends are told, repeated and empty names become names of their own', () => {
    const shape = detectCsv('id,,Id\r\n1,2,3\r\n', true)
    expect([shape.lineEnd, shape.header]).toEqual(['crlf', ['id', 'column 2', 'Id (2)']])
  })
  test('the length of a line is that of all that was read, not of the rows looked at', () => {
    expect(detectCsv(`id,name\n${'u1,Ada Lovel\n'.repeat(5000)}`, true).lineBytes).toBeCloseTo(13, 2)
    expect(detectCsv(`id,name\r${'u1,Ada Lovel\r'.repeat(5000)}`, true).lineBytes).toBeCloseTo(13, 2)
  })
  test('one column is a table too', () => {
    expect(detectCsv('id\n1\n2', true).header).toEqual(['id'])
  })
  test.each([
    ['empty', '', /is empty/],
    ['NUL', 'a,b\n1,\0', /NUL bytes/],
    ['10,000 columns', Array.from({ length: 10_000 }, (_, i) => `c${i}`).join(','), /10,000 columns/],
    ['one endless line', `a,${'x'.repeat(3_000_000)}`, /longer than 2 MB/],
  ])('%s is refused with a word', (_, text, message) => {
    expect(() => detectCsv(text, true)).toThrow(message)
  })
})

describe('dates', () => {
  test.each([
    [['2025-01-31', '2025-12-01T10:00:00Z'], ['iso']],
    [['2025-01'], ['iso']],
    [['31.01.2025', '01.02.2025'], ['D.M.YYYY']],
    [['01/31/2025', '02/01/2025'], ['M/D/YYYY']],
    [
      ['03/04/2025', '05/06/2025'],
      ['D/M/YYYY', 'M/D/YYYY'],
    ],
    [['31/01/2025 18:30'], ['D/M/YYYY H:mm']],
    [['20250131'], ['YYYYMMDD']],
    [['1735689600'], ['unix']],
    [['1735689600000'], ['unix-ms']],
    [['01.02.25'], ['D.M.YY', 'M.D.YY']],
    [['hello'], []],
    [[''], []],
    [['31.01.2025', '01/31/2025'], []],
  ])('%j may be %j', (values, formats) => {
    expect(dateFormats(values)).toEqual(formats)
  })
  test('our tokens become the engine’s', () => {
    expect(strptimeFormat('D.M.YYYY H:mm')).toBe('%-d.%-m.%Y %-H:%M')
  })
})
