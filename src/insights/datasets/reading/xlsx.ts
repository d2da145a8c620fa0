/** A spreadsheet's sheet as CSV, streamed within bounds: no formula is run, a cell is what was last saved in it. */
import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { SaxesParser } from 'saxes'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { invalid, limit } from '../../../platform/errors.ts'
import { maxColumns } from './detect.ts'

const maxUnpackedBytes = 1024 ** 3
const maxRatio = 200
const maxStrings = 5_000_000
const maxStringBytes = 256 * 1024 ** 2
const maxRows = 1_048_576

export interface Sheet {
  name: string
  entry: string
}

class Workbook {
  readonly zip: ZipFile
  readonly entries: Map<string, Entry>
  #unpacked = 0
  constructor(zip: ZipFile, entries: Map<string, Entry>) {
    this.zip = zip
    this.entries = entries
  }

  /**
   * Feeds an entry to a parser; counts what it unpacks to, whatever the archive says of itself.
   * @param isEnough asked now and then; the rest of the entry is left unread
   */
  async feed(
    name: string,
    parser: SaxesParser,
    drained: () => Promise<void> | null = () => null,
    isEnough = () => false,
  ): Promise<void> {
    const entry = this.entries.get(name)
    if (!entry)
      throw invalid(`The spreadsheet lacks ${name}; it may be damaged. Save it again as .xlsx, or export CSV.`)
    const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
      this.zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened)))
    })
    const decoder = new TextDecoder()
    let read = 0
    parser.on('error', (error) => {
      throw invalid(`The spreadsheet cannot be read: ${error.message}. Save it again as .xlsx, or export CSV.`)
    })
    parser.on('doctype', () => {
      throw invalid('The spreadsheet declares a document type, which no spreadsheet program writes. It was not read.')
    })
    for await (const chunk of intact(stream)) {
      const bytes = chunk as Uint8Array
      read += bytes.length
      this.#unpacked += bytes.length
      if (this.#unpacked > maxUnpackedBytes || (read > 50 * 1024 ** 2 && read > maxRatio * entry.compressedSize)) {
        throw limit('The spreadsheet unpacks to far more than it should hold. Export the sheet as CSV and import that.')
      }
      parser.write(decoder.decode(bytes, { stream: true }))
      const wait = drained()
      if (wait) await wait
      if (isEnough()) return
    }
    parser.close()
  }
}

async function openWorkbook(path: string): Promise<Workbook> {
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
  return new Workbook(zip, entries)
}

async function sheetsOf(book: Workbook): Promise<{ sheets: Sheet[]; is1904: boolean }> {
  const targets = new Map<string, string>()
  const relations = new SaxesParser()
  relations.on('opentag', (tag) => {
    if (tag.name === 'Relationship') targets.set(tag.attributes['Id'] as string, tag.attributes['Target'] as string)
  })
  await book.feed('xl/_rels/workbook.xml.rels', relations)
  const sheets: Sheet[] = []
  let is1904 = false
  const parser = new SaxesParser()
  parser.on('opentag', (tag) => {
    if (tag.name === 'workbookPr') is1904 = tag.attributes['date1904'] === '1' || tag.attributes['date1904'] === 'true'
    if (tag.name !== 'sheet') return
    const target = targets.get(tag.attributes['r:id'] as string)
    if (target)
      sheets.push({
        name: tag.attributes['name'] as string,
        entry: target.startsWith('/') ? target.slice(1) : `xl/${target}`,
      })
  })
  await book.feed('xl/workbook.xml', parser)
  return { sheets: sheets.filter((sheet) => book.entries.has(sheet.entry)), is1904 }
}

/** Shared strings; the phonetic hints of East Asian text are left out. */
async function stringsOf(book: Workbook): Promise<string[]> {
  if (!book.entries.has('xl/sharedStrings.xml')) return []
  const strings: string[] = []
  let text = ''
  let inText = false
  let inHint = false
  let bytes = 0
  const parser = new SaxesParser()
  parser.on('opentag', ({ name }) => {
    if (name === 'si') text = ''
    if (name === 't') inText = true
    if (name === 'rPh') inHint = true
  })
  parser.on('text', (part) => {
    if (inText && !inHint) text += part
  })
  parser.on('closetag', ({ name }) => {
    if (name === 't') inText = false
    if (name === 'rPh') inHint = false
    if (name !== 'si') return
    strings.push(text)
    bytes += text.length
    if (strings.length > maxStrings || bytes > maxStringBytes)
      throw limit('The spreadsheet holds too much text. Export the sheet as CSV and import that.')
  })
  await book.feed('xl/sharedStrings.xml', parser)
  return strings
}

/** Which cell styles show a number as a date. */
async function dateStylesOf(book: Workbook): Promise<Set<number>> {
  const dateStyles = new Set<number>()
  if (!book.entries.has('xl/styles.xml')) return dateStyles
  const custom = new Set<number>()
  let inCells = false
  let index = 0
  const parser = new SaxesParser()
  parser.on('opentag', ({ name, attributes }) => {
    if (
      name === 'numFmt' &&
      /[ymdhs]/i.test(String(attributes['formatCode']).replaceAll(/"[^"]*"|\[[^\]]*\]|\\./g, ''))
    )
      custom.add(Number(attributes['numFmtId']))
    if (name === 'cellXfs') inCells = true
    if (name === 'xf' && inCells) {
      const id = Number(attributes['numFmtId'])
      if ((id >= 14 && id <= 22) || (id >= 45 && id <= 47) || custom.has(id)) dateStyles.add(index)
      index += 1
    }
  })
  parser.on('closetag', ({ name }) => {
    if (name === 'cellXfs') inCells = false
  })
  await book.feed('xl/styles.xml', parser)
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
  /** The first lines of a sheet as CSV. */
  head(sheet: string): Promise<string>
  /** Writes a sheet as CSV in UTF-8; an empty row stays an empty line, so that line numbers are the sheet's. @returns its rows */
  write(sheet: string, target: string): Promise<number>
}

const headRows = 250

/** @throws invalid where it is no workbook, or none that can be read; limit where it is beyond bounds */
export async function withWorkbook<T>(path: string, work: (book: OpenBook) => Promise<T>): Promise<T> {
  const book = await openWorkbook(path)
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
      async head(name) {
        const lines = linesOf(reading)
        await book.feed(
          entryOf(name),
          lines.parser,
          () => null,
          () => lines.rows() > headRows,
        )
        return lines.take()
      },
      async write(name, target) {
        const entry = entryOf(name)
        const lines = linesOf(reading)
        const out = createWriteStream(target, { mode: 0o600 })
        const flush = () => (out.write(lines.take()) ? null : once(out, 'drain').then(() => undefined))
        await book.feed(entry, lines.parser, () => (lines.waiting() > 1 << 16 ? flush() : null))
        await new Promise<void>((resolve, reject) => {
          out.on('error', reject)
          out.end(lines.take(), () => resolve())
        })
        return lines.rows()
      },
    })
  } finally {
    book.zip.close()
  }
}

/** The lines of CSV that a sheet's XML says, as far as the parser was fed with it. */
function linesOf({
  strings,
  dateStyles,
  is1904,
}: {
  strings: string[]
  dateStyles: ReadonlySet<number>
  is1904: boolean
}) {
  let pending = ''
  let row: string[] = []
  let rows = 0
  let column = 0
  let type = ''
  let style = -1
  let value = ''
  let inValue = false
  const parser = new SaxesParser()
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'row') {
      const at = Number(attributes['r'] ?? rows + 1)
      if (at > maxRows) throw limit(`The sheet has a row ${at}; a sheet ends at row ${maxRows}.`)
      while (rows < at - 1) {
        pending += '\n'
        rows += 1
      }
      row = []
      column = 0
    } else if (name === 'c') {
      column = attributes['r'] ? columnOf(String(attributes['r'])) : column + 1
      if (column > maxColumns)
        throw invalid(
          `The sheet has more than ${maxColumns.toLocaleString('en-GB')} columns. Leave out the ones that are not needed.`,
        )
      type = String(attributes['t'] ?? 'n')
      style = attributes['s'] === undefined ? -1 : Number(attributes['s'])
      value = ''
    } else if (name === 'v' || name === 't') inValue = true
  })
  parser.on('text', (part) => {
    if (inValue) value += part
  })
  parser.on('closetag', ({ name }) => {
    if (name === 'v' || name === 't') inValue = false
    else if (name === 'c')
      row[column - 1] = cellText(value, type, type === 'n' && dateStyles.has(style), strings, is1904)
    else if (name === 'row') {
      pending += `${Array.from(row, (cell) => quoted(cell ?? '')).join(',')}\n`
      rows += 1
    }
  })
  return {
    parser,
    rows: () => rows,
    waiting: () => pending.length,
    take() {
      const text = pending
      pending = ''
      return text
    },
  }
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
  if (type === 'e') return ''
  if (!isDate || value === '') return value.replaceAll('\0', '')
  const serial = Number(value)
  if (!Number.isFinite(serial)) return value
  const ms = Math.round(serial * 86_400_000) + Date.UTC(is1904 ? 1904 : 1899, is1904 ? 0 : 11, is1904 ? 1 : 30)
  if (Math.abs(ms) > 8e15) return value
  const iso = new Date(ms).toISOString()
  return Number.isInteger(serial) ? iso.slice(0, 10) : iso.slice(0, 19)
}
