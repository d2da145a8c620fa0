/** A file as a relation of the engine: CSV, spreadsheet, NDJSON or Parquet, in whatever encoding, within bounds. */
import { createReadStream } from 'node:fs'
import { open, rm, stat } from 'node:fs/promises'
import { parse } from 'csv-parse'
import { invalid, isProductError, limit } from '../../../platform/errors.ts'
import type { Files } from '../../../platform/files/files.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { literal, name } from '../mapping/convert.ts'
import type { FileOptions, SourceColumn } from '../schemas.ts'
import type { Reading } from './bounds.ts'
import {
  decoderOf,
  detectEncoding,
  detectUnder,
  lineOfOtherEncoding,
  maxColumns,
  maxLineBytes,
  type CsvUnder,
  type Encoding,
} from './detect.ts'
import { verifyRecords } from './long-records.ts'
import { withWorkbook, type OpenBook } from './xlsx.ts'

export interface SourceFile {
  /** To be read with `select … from <relation>`; text columns are VARCHAR. */
  relation: string
  columns: { name: string; type: string }[]
  file: FileOptions & { lineEnd: string | null; sheets: string[] }
  /** True where a row of only nulls is a broken row (NDJSON) rather than an empty line. */
  emptyIsBroken: boolean
  /** The engine's own list of rows that are no rows, after a read. */
  hasRejects: boolean
  /** The lines in the file of records by their number among the readable ones, and of the unreadable ones by the engine's number. */
  linesOf: (records: readonly number[], unreadable: readonly number[]) => Promise<Lines>
  rowsEstimated: number
  /** Refuses what the engine would drop without a word: a record beyond its buffers. Before a whole reading. @throws invalid */
  verify: () => Promise<void>
  close: () => Promise<void>
}

export interface Lines {
  readable: Map<number, number>
  unreadable: Map<number, number>
}

/** What is known of a file that comes again: its columns, so that lines above them are no table, and what its sheet was called. */
export interface LookedFor {
  isHeader: (columns: readonly string[]) => boolean
  sheets: ReadonlySet<string>
}

const headBytes = 1024 * 1024
const maxObjectBytes = 16 * 1024 * 1024
/** A file that keeps columns together packs what is sorted far better than a sheet. */
const mostTypedBytes = 1024 ** 3
const typedBytesForByte = 150
const bytesOfNumber = 8

/** @param known where its header is known, neither the lines above it nor the sheet it stands on need to be */
export async function openSource(
  con: Connection,
  files: Files,
  reading: Reading,
  given: FileOptions,
  known: LookedFor | null = null,
): Promise<SourceFile> {
  const { path, fileName } = reading
  const { size } = await stat(path)
  if (size === 0) throw invalid('The file is empty. Choose a file with a header and at least one row.')
  const head = await readHead(path)
  refuseOtherKinds(head)
  const format = given.format ?? formatOf(head, fileName)
  if (format === 'parquet') return openTyped(con, `read_parquet(${literal(path)})`, { ...given, format }, size)
  if (format === 'ndjson') return openNdjson(con, path, given, size)
  if (format === 'xlsx') return openXlsx(files, { ...reading, fileBytes: size }, given, known)
  return openCsv(files, reading, { head, size }, { ...given, format }, known)
}

async function openXlsx(
  files: Files,
  reading: Reading & { fileBytes: number },
  given: FileOptions,
  known: LookedFor | null,
): Promise<SourceFile> {
  const target = files.temporary(`sheet-${process.hrtime.bigint()}.csv`)
  try {
    return await withWorkbook(reading, async (book) => {
      const sheet = given.sheet ?? (await findSheet(book, given, known))
      const rows = await book.write(sheet, target)
      const text = new TextDecoder().decode(await readHead(target))
      const isWhole = (await stat(target)).size <= headBytes
      const shape = detectUnder(text, isWhole, asWritten(given), known?.isHeader ?? anyHeader)
      return csvSource(target, shape, {
        file: { ...given, format: 'xlsx', ...above(shape, given), sheet, lineEnd: null, sheets: [...book.sheets] },
        rows: rows - 1 - shape.skipLines,
        close: () => rm(target, { force: true }),
        signal: reading.signal,
      })
    })
  } catch (error) {
    await rm(target, { force: true })
    throw error
  }
}

const asWritten = ({ skipLines }: FileOptions) => ({
  delimiter: ',',
  quote: '"',
  ...(skipLines === undefined ? {} : { skipLines }),
})
const anyHeader = () => true
const mostSheets = 50

/** The sheet whose columns are known, one of a known name before others; where none has them the one of a known name, else the first. */
async function findSheet(book: OpenBook, given: FileOptions, known: LookedFor | null): Promise<string> {
  const first = book.shown[0]!
  if (!known) return first
  const named = book.sheets.filter((sheet) => known.sheets.has(sheet))
  for (const sheet of [...new Set([...named, ...book.shown])].slice(0, mostSheets)) {
    const text = await book.head(sheet)
    if (text.trim() !== '' && hasHeader(text, given, known)) return sheet
  }
  return named[0] ?? first
}

function hasHeader(text: string, given: FileOptions, { isHeader }: LookedFor): boolean {
  try {
    return isHeader(detectUnder(text, true, asWritten(given), isHeader).header)
  } catch (error) {
    if (isProductError(error)) return false
    throw error
  }
}

/** What is said of the lines above the header: nothing where there are none and nobody spoke of them. */
const above = (shape: { skipLines: number }, given: FileOptions) => ({
  skipLines: shape.skipLines === 0 && given.skipLines === undefined ? undefined : shape.skipLines,
})

async function readHead(path: string): Promise<Uint8Array> {
  const handle = await open(path, 'r')
  try {
    const buffer = Buffer.alloc(headBytes)
    const { bytesRead } = await handle.read(buffer, 0, headBytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

const startsWith = (head: Uint8Array, ...bytes: number[]) => bytes.every((byte, i) => head[i] === byte)

/** Kinds of file that people bring and that hold no table as they are, by their first bytes. */
function refuseOtherKinds(head: Uint8Array): void {
  if (startsWith(head, 0xd0, 0xcf))
    throw invalid('This is an old Excel file (.xls). Save it as .xlsx or CSV and import that.')
  const packed = startsWith(head, 0x1f, 0x8b)
    ? 'gzip'
    : startsWith(head, 0x28, 0xb5, 0x2f, 0xfd)
      ? 'zstd'
      : startsWith(head, 0x42, 0x5a, 0x68)
        ? 'bzip2'
        : null
  if (packed) throw invalid(`This file is compressed (${packed}). Unpack it and import what is in it.`)
  if (startsWith(head, 0x25, 0x50, 0x44, 0x46))
    throw invalid('This is a PDF, which holds no table. Export CSV or .xlsx and import that.')
}

function formatOf(head: Uint8Array, fileName: string): 'csv' | 'parquet' | 'ndjson' | 'xlsx' {
  const magic = String.fromCharCode(...head.subarray(0, 4))
  if (magic === 'PAR1') return 'parquet'
  if (magic.startsWith('PK')) return 'xlsx'
  if (/\.(ndjson|jsonl)$/i.test(fileName)) return 'ndjson'
  const text = new TextDecoder()
    .decode(head.subarray(0, 2000))
    .replace(/^\uFEFF/, '')
    .trimStart()
  if (text.startsWith('{') && /^\{[^\n]*\}\s*(\n|$)/.test(text)) return 'ndjson'
  if (text.startsWith('[')) throw invalid('This is one JSON list. Write one object per line (NDJSON) and import that.')
  if (/^\{\s*["}]/.test(text) || /\.json$/i.test(fileName))
    throw invalid(
      'This is one JSON document and no table. Write one object per line (NDJSON), or export CSV, and import that.',
    )
  return 'csv'
}

async function openCsv(
  files: Files,
  { path, signal }: Reading,
  { head, size }: { head: Uint8Array; size: number },
  given: FileOptions,
  known: LookedFor | null,
): Promise<SourceFile> {
  const detected = detectEncoding(head)
  const encoding = given.encoding ?? detected.encoding
  const odd = !given.encoding && encoding === 'latin-1' ? lineOfOtherEncoding(head) : null
  if (odd !== null)
    throw invalid(
      `Line ${odd} is in another encoding than the other lines, which are UTF-8. Save the whole file as UTF-8, or say “file.encoding” where latin-1 is right for all of it.`,
    )
  const text = decoderOf(encoding).decode(head)
  const shape = detectUnder(text, size <= headBytes, given, known?.isHeader ?? anyHeader)
  const file = {
    ...given,
    ...above(shape, given),
    encoding,
    delimiter: shape.delimiter,
    quote: shape.quote,
    lineEnd: shape.lineEnd,
    sheets: [],
  }
  const rows = Math.max(0, Math.round(size / (shape.lineBytes * (encoding.startsWith('utf-16') ? 2 : 1))) - 1)
  // The engine reads no row at all where lines end in CR LF and a name in the header holds a bare LF, as Excel writes it.
  const isMixed = shape.lineEnd === 'crlf' && shape.header.some((column) => /(^|[^\r])\n/.test(column))
  if (encoding === 'utf-8' && shape.lineEnd !== 'cr' && !isMixed)
    return csvSource(path, shape, { file, rows, signal, close: async () => undefined })
  const target = files.temporary(`utf8-${process.hrtime.bigint()}.csv`)
  const close = () => rm(target, { force: true })
  try {
    await transcode({ path, signal }, target, encoding, isMixed ? '' : shape.lineEnd === 'cr' ? '\n' : '\r')
  } catch (error) {
    await close()
    throw error
  }
  return csvSource(target, shape, { file, rows, signal, close })
}

/** @param cr what stands for a CR from then on */
async function transcode(
  { path, signal }: Pick<Reading, 'path' | 'signal'>,
  target: string,
  encoding: Encoding,
  cr: string,
): Promise<void> {
  const decoder = decoderOf(encoding)
  const out = await open(target, 'w', 0o600)
  const write = (text: string) => out.writeFile(cr === '\r' ? text : text.replaceAll('\r', cr))
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, ...(signal ? { signal } : {}) }))
      await write(decoder.decode(chunk as Uint8Array, { stream: true }))
    await write(decoder.decode())
  } finally {
    await out.close()
  }
}

interface CsvOptions {
  signal: AbortSignal | undefined
  file: SourceFile['file']
  rows: number
  close: () => Promise<void>
}

/** Every column as text: what a value means is the mapping's to say. */
const asText = (columns: readonly { name: string }[]) =>
  `{${columns.map((c) => `${literal(c.name)}: 'VARCHAR'`).join(', ')}}`

function csvSource(path: string, shape: CsvUnder, options: CsvOptions): SourceFile {
  const columns = shape.header.map((column) => ({ name: column, type: 'VARCHAR' }))
  const relation = `read_csv(
    ${literal(path)},
    auto_detect = false,
    header = true,
    delim = ${literal(shape.delimiter)},
    quote = ${literal(shape.quote)},
    escape = ${literal(shape.quote)},
    skip = ${shape.skipRecords},
    null_padding = false,
    strict_mode = true,
    max_line_size = ${maxLineBytes},
    buffer_size = ${maxLineBytes * 16},
    store_rejects = true,
    rejects_table = 'file_error',
    rejects_scan = 'file_scan',
    columns = ${asText(columns)}
  )`
  return {
    relation,
    columns,
    file: options.file,
    emptyIsBroken: false,
    hasRejects: true,
    rowsEstimated: options.rows,
    verify: () => verifyRecords(path, shape.quote, options.signal),
    close: options.close,
    linesOf: (records, unreadable) => csvLines({ path, signal: options.signal }, shape, records, unreadable),
  }
}

/** Counts lines as an editor shows them; only done where something was rejected. The engine counts records: a quoted line end is none, an empty line is one. */
async function csvLines(
  { path, signal }: Pick<Reading, 'path' | 'signal'>,
  shape: CsvUnder,
  records: readonly number[],
  unreadable: readonly number[],
): Promise<Lines> {
  const wanted = new Set(records)
  const broken = new Set(unreadable)
  const lines: Lines = { readable: new Map(), unreadable: new Map() }
  const parser = createReadStream(path).pipe(
    parse({
      delimiter: shape.delimiter,
      quote: shape.quote,
      escape: shape.quote,
      relax_column_count: true,
      relax_quotes: true,
      from_line: shape.skipLines + 1,
      bom: true,
      max_record_size: maxLineBytes * 2,
    }),
  )
  let number = 0
  let readable = 0
  let before = shape.skipLines
  let left = wanted.size + broken.size
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      if (signal?.aborted) break
      number += 1
      const line = before + 1
      before = line + record.reduce((sum, cell) => sum + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 0)
      if (number === 1) continue
      if (broken.has(number)) {
        lines.unreadable.set(number, line)
        left -= 1
      } else if (record.length > 1 || record[0] !== '' || shape.header.length === 1) {
        readable += 1
        if (wanted.has(readable)) {
          lines.readable.set(readable, line)
          left -= 1
        }
      }
      if (left === 0) {
        parser.destroy()
        break
      }
    }
  } catch {
    /* beyond what can be counted, the record's number stands in for its line */
  }
  signal?.throwIfAborted()
  return lines
}

async function openTyped(con: Connection, relation: string, file: FileOptions, size: number): Promise<SourceFile> {
  const columns = await describe(con, relation).catch((cause: unknown) => {
    throw invalid(`The file cannot be read as ${file.format}: ${engineWords(cause)}`)
  })
  // A Parquet file says in its footer how many rows it holds.
  const counted = await con.one<{ n: number }>(`select count(*) as n from ${relation}`).catch(() => null)
  return {
    relation,
    columns,
    file: { ...file, lineEnd: null, sheets: [] },
    emptyIsBroken: false,
    hasRejects: false,
    rowsEstimated: Number(counted?.n ?? Math.round(size / 20)),
    verify: () => verifyText(con, relation, columns, size),
    close: async () => undefined,
    linesOf: sameNumbers,
  }
}

/** What a column repeats takes next to nothing in such a file, and its full length in each row once it is read. */
async function verifyText(
  con: Connection,
  relation: string,
  columns: readonly { name: string; type: string }[],
  size: number,
): Promise<void> {
  const lengths = columns.map((c) =>
    /^(VARCHAR|BLOB|JSON|STRUCT|MAP|.*\])/.test(c.type)
      ? `coalesce(strlen(cast(${name(c.name)} as varchar)), 0)`
      : String(bytesOfNumber),
  )
  const row = await con.one<{ bytes: number }>(
    `select coalesce(sum(1 + ${lengths.join(' + ')}), 0)::double as bytes from ${relation}`,
  )
  if (row!.bytes > Math.max(mostTypedBytes, typedBytesForByte * size))
    throw limit(
      `The file holds ${Math.round(row!.bytes / 1024 ** 2).toLocaleString('en-GB')} MB of text once it is unpacked, far more than a file of its size should. Export what is needed and import that.`,
    )
}

async function openNdjson(con: Connection, path: string, given: FileOptions, size: number): Promise<SourceFile> {
  const sniffed = await describe(
    con,
    `read_json(
      ${literal(path)},
      format = 'newline_delimited',
      sample_size = 20000,
      maximum_object_size = ${maxObjectBytes},
      ignore_errors = true
    )`,
  ).catch((cause: unknown) => {
    throw invalid(`The file cannot be read as NDJSON, one object per line: ${engineWords(cause)}`)
  })
  const columns = sniffed.map((c) => ({ name: c.name, type: 'VARCHAR' }))
  const relation = `read_json(
    ${literal(path)},
    format = 'newline_delimited',
    ignore_errors = true,
    maximum_object_size = ${maxObjectBytes},
    columns = ${asText(columns)}
  )`
  return {
    relation,
    columns,
    file: { ...given, format: 'ndjson', lineEnd: null, sheets: [] },
    emptyIsBroken: true,
    hasRejects: false,
    rowsEstimated: Math.round(size / 150),
    verify: async () => undefined,
    close: async () => undefined,
    linesOf: sameNumbers,
  }
}

const sameNumbers = async (records: readonly number[]): Promise<Lines> => ({
  readable: new Map(records.map((n) => [n, n])),
  unreadable: new Map(),
})

async function describe(con: Connection, relation: string): Promise<{ name: string; type: string }[]> {
  const columns = await con.all<{ column_name: string; column_type: string }>(`describe select * from ${relation}`)
  if (columns.length > maxColumns)
    throw invalid(
      `The file has ${columns.length.toLocaleString('en-GB')} columns; at most ${maxColumns.toLocaleString('en-GB')} are read. Leave out the ones that are not needed.`,
    )
  return columns.map((c) => ({ name: c.column_name, type: c.column_type }))
}

export const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!.slice(0, 300)

/** The engine's own sentence about a file, without its kind of error and without where the file lies on this machine. */
export const engineWords = (error: unknown): string =>
  firstLine(error)
    .replace(/^[A-Z][A-Za-z ]* Error: /, '')
    .replaceAll(/( (in|of|from))?( file)? ?["'](\/|[A-Za-z]:\\)[^"']*["']:?/g, '')

/** The engine keeps its lists of broken rows per connection; a new read needs them gone. */
export async function forgetRejects(con: Connection): Promise<void> {
  await con.run('drop table if exists file_error')
  await con.run('drop table if exists file_scan')
}

/** Enough to see what a column holds; a thousand rows of whole values may be gigabytes. */
const longestSample = 500

/** Columns with sample values, of the first rows. */
export async function sampleColumns(
  con: Connection,
  source: SourceFile,
  rows = 1000,
): Promise<{ columns: SourceColumn[]; rows: (string | null)[][] }> {
  await forgetRejects(con)
  const picks = source.columns
    .map((c, i) => `left(cast(${name(c.name)} as varchar), ${longestSample}) as c${i}`)
    .join(', ')
  const sample = await con
    .all<Record<string, string | null>>(`select ${picks} from ${source.relation} limit ${rows}`)
    .catch((cause: unknown) => {
      throw invalid(`The file cannot be read: ${engineWords(cause)}`)
    })
  const columns = source.columns.map((c, i) => {
    const values = sample.map((row) => row[`c${i}`]?.trim() ?? '')
    const distinct = [...new Set(values.filter(Boolean))]
    return {
      name: c.name,
      type: c.type,
      samples: distinct.slice(0, 200),
      empty: values.filter((v) => !v).length,
      distinct: distinct.length,
    }
  })
  return { columns, rows: sample.slice(0, 20).map((row) => source.columns.map((_, i) => row[`c${i}`] ?? null)) }
}
