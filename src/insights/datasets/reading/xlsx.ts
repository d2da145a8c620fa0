/** A spreadsheet's sheet as CSV, streamed within bounds: no formula is run, a cell is what was last saved in it. */
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { invalid, limit } from '../../../platform/errors.ts'
import { pacer, textCounter } from './bounds.ts'
import { noSavedValue } from '../mapping/convert.ts'
import { maxColumns, maxLineBytes } from './detect.ts'
import { xmlReader, type Xml } from './xml.ts'

const maxUnpackedBytes = 1024 ** 3
const maxRatio = 200
const maxStrings = 5_000_000
/** Of what shared strings take in memory. */
const maxStringBytes = 192 * 1024 ** 2
const bytesOfString = 40
const maxRows = 1_048_576
const maxSheets = 10_000
/** Of the parts beside sheets and strings: which sheets there are, and how cells look. */
const maxPartBytes = 32 * 1024 ** 2
/** A cell of a spreadsheet holds no more. */
const maxCellLength = 32_767
/** So much is parsed at once: what comes of it waits in memory. */
const sliceLength = 8192

export interface Sheet {
  name: string
  entry: string
  isHidden: boolean
}

class Workbook {
  readonly zip: ZipFile
  readonly entries: Map<string, Entry>
  readonly #pace: () => void
  #unpacked = 0
  constructor(zip: ZipFile, entries: Map<string, Entry>, signal: AbortSignal | undefined) {
    this.zip = zip
    this.entries = entries
    this.#pace = pacer(signal)
  }

  /**
   * Feeds an entry to a parser; counts what it unpacks to, whatever the archive says of itself.
   * @param isEnough asked now and then; the rest of the entry is left unread
   */
  async feed(
    name: string,
    xml: Xml,
    {
      drained = () => null,
      isEnough = () => false,
      mostBytes = maxUnpackedBytes,
    }: { drained?: () => Promise<void> | null; isEnough?: () => boolean; mostBytes?: number } = {},
  ): Promise<void> {
    const entry = this.entries.get(name)
    if (!entry)
      throw invalid(`The spreadsheet lacks ${name}; it may be damaged. Save it again as .xlsx, or export CSV.`)
    const stream = await new Promise<Readable>((resolve, reject) => {
      this.zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened)))
    })
    const decoder = new TextDecoder()
    let read = 0
    const parse = async (text: string) => {
      for (let at = 0; at < text.length; at += sliceLength) {
        xml.write(text.slice(at, at + sliceLength))
        const wait = drained()
        if (wait) await wait
      }
    }
    try {
      for await (const chunk of intact(stream)) {
        this.#pace()
        const bytes = chunk as Uint8Array
        read += bytes.length
        this.#unpacked += bytes.length
        if (
          this.#unpacked > maxUnpackedBytes ||
          read > mostBytes ||
          (read > 50 * 1024 ** 2 && read > maxRatio * entry.compressedSize)
        )
          throw limit(
            'The spreadsheet unpacks to far more than it should hold. Export the sheet as CSV and import that.',
          )
        await parse(decoder.decode(bytes, { stream: true }))
        if (isEnough()) return
      }
      xml.close()
    } finally {
      stream.destroy()
    }
  }
}

async function openWorkbook(path: string, signal: AbortSignal | undefined): Promise<Workbook> {
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false }, (error, opened) =>
      error
        ? reject(invalid('This is not an Excel file (.xlsx). Old .xls files must be saved as .xlsx or CSV first.'))
        : resolve(opened),
    )
  })
  const entries = new Map<string, Entry>()
  await new Promise<void>((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      entries.set(entry.fileName, entry)
      if (entries.size > 10_000)
        reject(limit('The spreadsheet holds too many parts. Export the sheet as CSV and import that.'))
      else zip.readEntry()
    })
    zip.on('end', resolve)
    zip.on('error', reject)
    zip.readEntry()
  })
  if (!entries.has('xl/workbook.xml') && !entries.has('xl/_rels/workbook.xml.rels')) {
    zip.close()
    throw invalid(otherArchive(entries))
  }
  return new Workbook(zip, entries, signal)
}

/** Archives that are no Excel file, by what is in them. */
function otherArchive(entries: ReadonlyMap<string, Entry>): string {
  if (entries.has('content.xml'))
    return 'This is an OpenDocument sheet (.ods), which is not read. Save it as .xlsx or CSV and import that.'
  if (entries.has('xl/workbook.bin'))
    return 'This is a binary Excel file (.xlsb), which is not read. Save it as .xlsx or CSV and import that.'
  if ([...entries.keys()].some((name) => name.endsWith('.iwa')))
    return 'This is a Numbers file, which is not read. Export it as Excel (.xlsx) or CSV and import that.'
  const named = [...entries.keys()].slice(0, 3).join(', ')
  return `This is a ZIP archive and no spreadsheet. Unpack it and import what is in it${named ? `: ${named}` : ''}.`
}

async function sheetsOf(book: Workbook): Promise<{ sheets: Sheet[]; is1904: boolean }> {
  const targets = new Map<string, string>()
  const relations = xmlReader({
    open(name, { Id, Target }) {
      if (name === 'Relationship' && Id !== undefined && Target !== undefined) targets.set(Id, Target)
    },
  })
  await book.feed('xl/_rels/workbook.xml.rels', relations, { mostBytes: maxPartBytes })
  const sheets: Sheet[] = []
  let is1904 = false
  const workbook = xmlReader({
    open(name, attributes) {
      if (name === 'workbookPr') is1904 = attributes['date1904'] === '1' || attributes['date1904'] === 'true'
      if (name !== 'sheet') return
      const target = targets.get(attributes['r:id'] ?? '')
      if (target === undefined) return
      const entry = target.startsWith('/') ? target.slice(1) : `xl/${target}`
      if (sheets.length < maxSheets && book.entries.has(entry))
        sheets.push({ name: attributes['name'] ?? '', entry, isHidden: /hidden/i.test(attributes['state'] ?? '') })
    },
  })
  await book.feed('xl/workbook.xml', workbook, { mostBytes: maxPartBytes })
  return { sheets, is1904 }
}

/** Shared strings; the phonetic hints of East Asian text are left out. */
async function stringsOf(book: Workbook): Promise<string[]> {
  if (!book.entries.has('xl/sharedStrings.xml')) return []
  const strings: string[] = []
  let text = ''
  let inText = false
  let inHint = false
  let bytes = 0
  const xml = xmlReader({
    open(name) {
      if (name === 'si') text = ''
      if (name === 't') inText = true
      if (name === 'rPh') inHint = true
    },
    text(part) {
      if (inText && !inHint) text = longer(text, part)
    },
    close(name) {
      if (name === 't') inText = false
      if (name === 'rPh') inHint = false
      if (name !== 'si') return
      strings.push(ownText(unescaped(text)))
      bytes += bytesOfString + 2 * text.length
      if (strings.length > maxStrings || bytes > maxStringBytes)
        throw limit('The spreadsheet holds too much text. Export the sheet as CSV and import that.')
    },
  })
  await book.feed('xl/sharedStrings.xml', xml)
  return strings
}

/** Characters that XML cannot hold are written as their codes: a carriage return as _x000D_. */
const unescaped = (text: string) =>
  text.includes('_x')
    ? text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text

/** A part of a text keeps the whole of it in memory; a text of its own does not. */
const ownText = (text: string) => (text.length > 12 ? Buffer.from(text).toString() : text)

function longer(text: string, part: string): string {
  if (text.length + part.length > maxCellLength)
    throw invalid(
      `A cell holds more than ${maxCellLength.toLocaleString('en-GB')} characters, which no spreadsheet can. Export the sheet as CSV and import that.`,
    )
  return text + part
}

/** Of the formats without a code: 27 to 36 and 50 to 58 are dates of East Asian spreadsheets. */
const isDateFormat = (id: number) =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)

/** Which cell styles show a number as a date. */
async function dateStylesOf(book: Workbook): Promise<Set<number>> {
  const dateStyles = new Set<number>()
  if (!book.entries.has('xl/styles.xml')) return dateStyles
  const custom = new Set<number>()
  let inCells = false
  let index = 0
  const xml = xmlReader({
    open(name, attributes) {
      if (
        name === 'numFmt' &&
        /[ymdhs]/i.test(String(attributes['formatCode']).replaceAll(/"[^"]*"|\[[^\]]*\]|[\\_*]./g, ''))
      )
        custom.add(Number(attributes['numFmtId']))
      if (name === 'cellXfs') inCells = true
      if (name === 'xf' && inCells) {
        const id = Number(attributes['numFmtId'])
        if (isDateFormat(id) || custom.has(id)) dateStyles.add(index)
        index += 1
      }
    },
    close(name) {
      if (name === 'cellXfs') inCells = false
    },
  })
  await book.feed('xl/styles.xml', xml, { mostBytes: maxPartBytes })
  return dateStyles
}

/** What the archive's own checks say of it (sizes, checksums) is the file's fault. */
async function* intact(stream: NodeJS.ReadableStream): AsyncIterable<unknown> {
  const chunks = stream[Symbol.asyncIterator]()
  for (;;) {
    const next = await chunks.next().catch((cause: unknown) => {
      throw invalid(
        `The spreadsheet is damaged: ${cause instanceof Error ? cause.message : String(cause)}. Save it again as .xlsx, or export CSV.`,
      )
    })
    if (next.done) return
    yield next.value
  }
}

/** A workbook that is open: what it shares among its sheets is read once. */
export interface OpenBook {
  sheets: readonly string[]
  /** Those that a person sees, where there are any: a hidden one is only read when it is named. */
  shown: readonly string[]
  /** The first lines of a sheet as CSV. */
  head(sheet: string): Promise<string>
  /** Writes a sheet as CSV in UTF-8; an empty row stays an empty line, so that line numbers are the sheet's. @returns its rows */
  write(sheet: string, target: string): Promise<number>
}

const headRows = 250

/** @throws invalid where it is no workbook, or none that can be read; limit where it is beyond bounds */
export async function withWorkbook<T>(
  { path, signal, fileBytes }: { path: string; signal?: AbortSignal | undefined; fileBytes: number },
  work: (book: OpenBook) => Promise<T>,
): Promise<T> {
  const book = await openWorkbook(path, signal)
  try {
    const { sheets, is1904 } = await sheetsOf(book)
    if (sheets.length === 0) throw invalid('The spreadsheet has no sheet.')
    const reading = { strings: await stringsOf(book), dateStyles: await dateStylesOf(book), is1904 }
    const entryOf = (name: string) => {
      const sheet = sheets.find((s) => s.name === name)
      if (!sheet) throw invalid(`There is no sheet “${name}”. It has: ${sheets.map((s) => s.name).join(', ')}.`)
      return sheet.entry
    }
    return await work({
      sheets: sheets.map((s) => s.name),
      shown: (sheets.some((s) => !s.isHidden) ? sheets.filter((s) => !s.isHidden) : sheets).map((s) => s.name),
      async head(name) {
        const lines = linesOf(reading, textCounter(fileBytes))
        await book.feed(entryOf(name), lines.xml, { isEnough: () => lines.rows() > headRows })
        return lines.take()
      },
      async write(name, target) {
        const entry = entryOf(name)
        const lines = linesOf(reading, textCounter(fileBytes))
        const out = await open(target, 'w', 0o600)
        try {
          const flush = () => out.writeFile(lines.take())
          await book.feed(entry, lines.xml, { drained: () => (lines.waiting() > 1 << 16 ? flush() : null) })
          await flush()
        } finally {
          await out.close()
        }
        return lines.rows()
      },
    })
  } finally {
    book.zip.close()
  }
}

/** The lines of CSV that a sheet's XML says, as far as the parser was fed with it. */
function linesOf(
  { strings, dateStyles, is1904 }: { strings: string[]; dateStyles: ReadonlySet<number>; is1904: boolean },
  count: (bytes: number) => void,
) {
  let pending = ''
  let row: string[] = []
  let rows = 0
  let column = 0
  let type = ''
  let style = -1
  let value = ''
  let inValue = false
  let isFormula = false
  const put = (line: string) => {
    count(Buffer.byteLength(line))
    pending += line
  }
  const xml = xmlReader({
    open(name, attributes) {
      if (name === 'row') {
        const at = Number(attributes['r'] ?? rows + 1)
        if (!(at <= maxRows)) throw limit(`The sheet has a row ${at}; a sheet ends at row ${maxRows}.`)
        while (rows < at - 1) {
          pending += '\n'
          rows += 1
        }
        row = []
        column = 0
      } else if (name === 'c') {
        column = attributes['r'] ? columnOf(attributes['r']) : column + 1
        if (column > maxColumns)
          throw invalid(
            `The sheet has more than ${maxColumns.toLocaleString('en-GB')} columns. Leave out the ones that are not needed.`,
          )
        type = attributes['t'] ?? 'n'
        style = attributes['s'] === undefined ? -1 : Number(attributes['s'])
        value = ''
        isFormula = false
      } else if (name === 'v' || name === 't') inValue = true
      else if (name === 'f') isFormula = true
    },
    text(part) {
      if (inValue) value = longer(value, part)
    },
    close(name) {
      if (name === 'v' || name === 't') inValue = false
      else if (name === 'c') {
        if (isFormula && value === '' && type !== 'str') row[column - 1] = noSavedValue
        else if (column > 0)
          row[column - 1] = cellText(value, type, type === 'n' && dateStyles.has(style), strings, is1904)
      } else if (name === 'row') {
        put(lineOf(row, rows + 1))
        rows += 1
      }
    },
  })
  return {
    xml,
    rows: () => rows,
    waiting: () => pending.length,
    take() {
      const text = pending
      pending = ''
      return text
    },
  }
}

function lineOf(row: readonly string[], number: number): string {
  let line = ''
  for (let i = 0; i < row.length; i += 1) {
    const cell = row[i]
    if (cell) line += quoted(cell)
    if (i < row.length - 1) line += ','
    if (line.length > maxLineBytes)
      throw invalid(
        `Row ${number} of the sheet holds more than ${maxLineBytes / 1024 ** 2} MB of text. Leave out the columns that are not needed.`,
      )
  }
  return `${line}\n`
}

const quoted = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

function columnOf(reference: string): number {
  let n = 0
  for (const char of reference) {
    const code = char.charCodeAt(0)
    if (code < 65 || code > 90) break
    n = n * 26 + code - 64
  }
  return n
}

function cellText(value: string, type: string, isDate: boolean, strings: string[], is1904: boolean): string {
  if (type === 's') return (strings[Number(value)] ?? '').replaceAll('\0', '')
  if (type === 'b') return value === '1' ? 'true' : 'false'
  if (type === 'inlineStr' || type === 'str') return unescaped(value).replaceAll('\0', '')
  if (!isDate || value === '') return value.replaceAll('\0', '')
  const serial = Number(value)
  if (!Number.isFinite(serial)) return value
  const ms = Math.round(serial * 86_400_000) + Date.UTC(is1904 ? 1904 : 1899, is1904 ? 0 : 11, is1904 ? 1 : 30)
  if (Math.abs(ms) > 8e15) return value
  const iso = new Date(ms).toISOString()
  return Number.isInteger(serial) ? iso.slice(0, 10) : iso.slice(0, 19)
}
