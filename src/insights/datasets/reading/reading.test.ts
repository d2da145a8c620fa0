import { describe, expect, test } from 'vitest'
import { dateFormats, exampleOf, strptimeFormat } from './dates.ts'
import { detectCsv, detectEncoding } from './detect.ts'
import { monthNames } from './month-names.ts'

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
    [['2025-1-5', '2025-01-31'], ['YYYY-M-D']],
    [['03-Jan-2025', '31-DEC-2024'], ['D-MMM-YYYY']],
    [['03-Jan-25'], ['D-MMM-YY']],
    [['3 January 2025', '12 May 2025'], ['D MMM YYYY']],
    [['Jan 3, 2025', 'Sept. 30, 2025', 'March 1st, 2025'], ['MMM D, YYYY']],
    [['3. Januar 2025', '14. März 2025'], ['D. MMM YYYY']],
    [['1er février 2025', '14 août 2025'], ['D MMM YYYY']],
    [['3 de enero de 2025'], ['D de MMM de YYYY']],
    [['2025-Jan-03'], ['YYYY-MMM-D']],
    [['Jan 2025', 'Okt. 2025'], ['MMM YYYY']],
    [['Jan-25'], ['MMM-YY']],
    [['3 Smarch 2025'], []],
    [['32 January 2025'], []],
    [['03-Jan-2025', '2025-01-03'], []],
    [['1/31/2025 3:05 PM', '2/1/2025 12:00 AM'], ['M/D/YYYY h:mm A']],
    [
      ['1/2/2025 3:05 PM', '2/1/2025 12:00 AM'],
      ['D/M/YYYY h:mm A', 'M/D/YYYY h:mm A'],
    ],
    [['1/31/2025, 3:05:09\u202FPM'], ['M/D/YYYY, h:mm:ss A']],
    [['31/1/2025 3:05p.m.'], ['D/M/YYYY h:mmA']],
    [['31/01/2025, 15:05:09'], ['D/M/YYYY, H:mm:ss']],
    [['31.01.2025T15:05'], ['D.M.YYYYTH:mm']],
    [['2025-01-31 3:05 PM'], ['YYYY-M-D h:mm A']],
    [['January 3, 2025 at 3:05 PM'], ['MMM D, YYYY at h:mm A']],
    [['1/31/2025 15:05 PM'], []],
    [['1/31/2025 3:05 PM', '1/31/2025 15:05'], []],
    [['31/01/2025 24:30'], []],
  ])('%j may be %j', (values, formats) => {
    expect(dateFormats(values)).toEqual(formats)
  })
  test('our tokens become the engine’s', () => {
    expect(strptimeFormat('D.M.YYYY H:mm')).toBe('%-d.%-m.%Y %-H:%M')
    expect(strptimeFormat('MMM D, YYYY h:mm A')).toBe('%b %-d, %Y %-I:%M %p')
    expect(strptimeFormat('DD/MM/YYYY HHhmm')).toBe('%d/%m/%Y %Hh%M')
  })
  test('a question shows a date of each form', () => {
    expect(['D.M.YYYY', 'M/D/YY h:mm A', 'MMM D, YYYY'].map(exampleOf)).toEqual([
      '31.12.2025',
      '12/31/25 6:30 PM',
      'Dec 31, 2025',
    ])
  })
  test('no name of a month means two months', () => {
    const all = monthNames.flat()
    expect([monthNames.length, new Set(all).size]).toEqual([12, all.length])
  })
})
