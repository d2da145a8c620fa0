/** What a text file is: encoding, delimiter, quote, line end; from its first part, never from its name alone. */
import { parse } from 'csv-parse/sync'
import { invalid } from '../../../platform/errors.ts'
import type { FileOptions } from '../schemas.ts'

export type Encoding = NonNullable<FileOptions['encoding']>

export const maxColumns = 1000
export const maxLineBytes = 2 * 1024 * 1024

/** Reads the byte-order mark, else the pattern of zero bytes, else whether the bytes are UTF-8; Latin-1 (as Windows writes it) is what is left. */
export function detectEncoding(head: Uint8Array): { encoding: Encoding; bomBytes: number } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', bomBytes: 3 }
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', bomBytes: 2 }
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', bomBytes: 2 }
  const zeros = [0, 0]
  const seen = Math.min(head.length, 4096)
  for (let i = 0; i < seen; i += 1) if (head[i] === 0) zeros[i % 2]! += 1
  if (zeros[1]! > seen / 5 && zeros[0]! < seen / 50) return { encoding: 'utf-16le', bomBytes: 0 }
  if (zeros[0]! > seen / 5 && zeros[1]! < seen / 50) return { encoding: 'utf-16be', bomBytes: 0 }
  return { encoding: isUtf8(head) ? 'utf-8' : 'latin-1', bomBytes: 0 }
}

function isUtf8(bytes: Uint8Array): boolean {
  // The last character may be cut by the end of the part that was read.
  for (let cut = 0; cut < 4; cut += 1) {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, bytes.length - cut))
      return true
    } catch {
      /* try a shorter part */
    }
  }
  return false
}

export const decoderOf = (encoding: Encoding): TextDecoder =>
  new TextDecoder(encoding === 'latin-1' ? 'windows-1252' : encoding)

export interface CsvShape {
  delimiter: string
  quote: string
  lineEnd: 'lf' | 'crlf' | 'cr'
  header: string[]
  rows: string[][]
  lineBytes: number
}

/**
 * The line of bytes that are no UTF-8 in a file that speaks UTF-8 elsewhere; null where it is of one encoding. Letters of
 * Latin-1 hardly ever stand together as UTF-8 writes one.
 */
export function lineOfOtherEncoding(head: Uint8Array): number | null {
  const text = new TextDecoder('utf-8').decode(head)
  const at = text.indexOf('\uFFFD')
  if (at < 0 || !/[\u0080-\uFFFC]/.test(text.replace(/^\uFEFF/, ''))) return null
  return text.slice(0, at).split(/\r\n|\n|\r/).length
}

/** With what is above the header: in lines, and in records as the engine counts them. */
export type CsvUnder = CsvShape & { skipLines: number; skipRecords: number }

const delimiters = [',', ';', '\t', '|']

function lineEndOf(text: string): CsvShape['lineEnd'] {
  if (text.includes('\r\n')) return 'crlf'
  return text.includes('\r') && !text.includes('\n') ? 'cr' : 'lf'
}

/**
 * The delimiter under which the first rows agree best on a number of columns above one.
 * @throws invalid where there is no header, too many columns, NUL bytes or a line beyond the bound
 */
export function detectCsv(
  text: string,
  isWhole: boolean,
  given: { delimiter?: string; quote?: string; skipLines?: number } = {},
): CsvShape {
  if (text.includes('\0'))
    throw invalid('The file holds NUL bytes, so it is not a text table. Export it again as CSV in UTF-8.')
  if (text.trim() === '') throw invalid('The file is empty. Choose a file with a header and at least one row.')
  const lineEnd = lineEndOf(text)
  const longest = text.split(/\r\n|\n|\r/).reduce((most, line) => Math.max(most, line.length), 0)
  if (longest > maxLineBytes)
    throw invalid(
      `A line is longer than ${maxLineBytes / 1024 / 1024} MB. A quote may be open, or this is not a CSV file.`,
    )
  const quote = given.quote ?? quoteOf(text)
  const whole = isWhole
    ? text
    : text.slice(0, Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1 || text.length)
  const tried = (given.delimiter ? [given.delimiter] : delimiters).map((delimiter) => ({
    delimiter,
    rows: sample(whole, delimiter, quote, given.skipLines ?? 0),
  }))
  const best = tried.map((t) => ({ ...t, score: score(t.rows) })).sort((a, b) => b.score - a.score)[0]!
  const header = best.rows[0]
  if (!header) throw invalid('The file has no header. The first row must name the columns.')
  if (header.length > maxColumns)
    throw invalid(
      `The file has ${header.length.toLocaleString('en-GB')} columns; at most ${maxColumns.toLocaleString('en-GB')} are read. Leave out the ones that are not needed.`,
    )
  return {
    delimiter: best.delimiter,
    quote,
    lineEnd,
    header: nameColumns(header),
    rows: best.rows.slice(1),
    lineBytes: whole.length / Math.max(1, countOf(whole.trimEnd(), lineEnd === 'cr' ? '\r' : '\n') + 1),
  }
}

/** An apostrophe begins words of many tongues: it is a quote only where the whole first line is quoted by it. */
const quoteOf = (text: string) => {
  const [first = ''] = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/, 1)
  return !text.includes('"') && /^('[^']*'[,;\t|])*'[^']*'\s*$/.test(first) ? "'" : '"'
}

/** So many lines above a header are looked through, and so many lines may one header take. */
const mostAbove = 200
const tallestHeader = 20

/**
 * The shape under a header that is known, wherever in the first lines it stands: exports put titles, notes and empty lines
 * above it, not always as many. Where it is not there, the shape as it is read without knowing.
 */
export function detectUnder(
  text: string,
  isWhole: boolean,
  given: { delimiter?: string; quote?: string; skipLines?: number },
  isHeader: (columns: readonly string[]) => boolean,
): CsvUnder {
  // A line for a spreadsheet, above the header: which sign is between the values.
  const hint = /^\uFEFF?sep=(.)(\r\n|\n|\r)/i.exec(text)
  if (hint && given.skipLines === undefined)
    return detectUnder(text, isWhole, { ...given, delimiter: given.delimiter ?? hint[1]!, skipLines: 1 }, isHeader)
  const under = (lines: number, more: { delimiter?: string; quote?: string }) => {
    const shape = detectCsv(text, isWhole, { ...more, skipLines: lines })
    return { ...shape, skipLines: lines, skipRecords: recordsIn(text, lines, shape) }
  }
  const shape = under(given.skipLines ?? 0, given)
  if (isHeader(shape.header)) return shape
  const quote = given.quote ?? quoteOf(text)
  const lines = text.split(/\r\n|\n|\r/, mostAbove + tallestHeader)
  for (const [above, line] of lines.slice(0, mostAbove + 1).entries())
    for (const delimiter of given.delimiter ? [given.delimiter] : delimiters) {
      if (!line.includes(delimiter)) continue
      const [row] = sample(lines.slice(above, above + tallestHeader).join('\n'), delimiter, quote, 0)
      if (row && isHeader(nameColumns(row))) return under(above, { quote, delimiter })
    }
  return shape
}

/**
 * The engine leaves out records, of which a quoted line end is a part; people and editors count lines.
 * @throws invalid where a quote that opens there would take the header with it
 */
function recordsIn(text: string, lines: number, { delimiter, quote }: Pick<CsvShape, 'delimiter' | 'quote'>): number {
  if (lines === 0) return 0
  const above = text.split(/\r\n|\n|\r/, lines).map((line) => `${line}\n`)
  try {
    return parse(above.join(''), { delimiter, quote, escape: quote, relax_column_count: true, relax_quotes: true })
      .length
  } catch {
    throw invalid('A quote that opens above the header does not close there. Take those lines out of the file.')
  }
}

const countOf = (text: string, char: string) => text.split(char).length - 1

function sample(text: string, delimiter: string, quote: string, skipLines: number): string[][] {
  try {
    return parse(text, {
      delimiter,
      quote,
      escape: quote,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      to: 200,
      from_line: skipLines + 1,
      bom: true,
    }) as string[][]
  } catch {
    return text
      .split(/\r\n|\n|\r/)
      .slice(skipLines, skipLines + 200)
      .map((line) => line.split(delimiter))
  } // a quote is left open: the reader will say where
}

function score(rows: string[][]): number {
  const width = rows[0]?.length ?? 0
  if (width === 0) return -1
  const agreeing = rows.filter((row) => row.length === width).length / rows.length
  return width === 1 ? 0.1 * agreeing : agreeing + Math.min(width, 50) / 1000
}

/** Every column gets a name of its own: empty ones a number, repeated ones a suffix. */
function nameColumns(header: readonly string[]): string[] {
  const seen = new Map<string, number>()
  return header.map((raw, i) => {
    const base = raw.replace(/^\uFEFF/, '').trim() || `column ${i + 1}`
    const n = (seen.get(base.toLowerCase()) ?? 0) + 1
    seen.set(base.toLowerCase(), n)
    return n === 1 ? base : `${base} (${n})`
  })
}
