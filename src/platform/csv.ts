/** Tables as text for a spreadsheet. */
type Cell = string | number | boolean | null | undefined

export type CsvRow = Record<string, Cell>

/**
 * RFC 4180 with a byte-order mark, so that spreadsheets read it as UTF-8. Text that a spreadsheet would run as a formula
 * gets a leading apostrophe (OWASP, CSV injection); numbers keep their sign. Where Excel separates by semicolons, a semicolon, a
 * tab or a line end within a text begins a cell as well, so that a formula after one gets an apostrophe too.
 */
export const renderCsv = (rows: readonly CsvRow[], columns: readonly string[] = Object.keys(rows[0] ?? {})): string =>
  csvHead(columns) + csvLines(rows, columns)

/** What a table begins with; lines of it may follow in parts. */
export const csvHead = (columns: readonly string[]): string => `\uFEFF${line(columns)}`

export const csvLines = (rows: readonly CsvRow[], columns: readonly string[]): string =>
  rows.map((row) => line(columns.map((c) => row[c]))).join('')

const line = (cells: readonly Cell[]): string => `${cells.map(cell).join(',')}\r\n`

/**
 * Where a cell may begin for a program that separates otherwise: quotes within a line do not hold for it. Looked for backwards from
 * what begins a formula: forwards, a text of line ends alone would be gone through again from each of them.
 */
const mayBegin = /(?=[=+\-@])(?<=[;\t\r\n]\s*)/g

function cell(value: Cell): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') return String(value)
  const text = (/^[\s]*[=+\-@\t\r]/.test(value) ? `'${value}` : value).replaceAll(mayBegin, "'")
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
