/** Tables as text for a spreadsheet. */
type Cell = string | number | boolean | null | undefined

/**
 * RFC 4180 with a byte-order mark, so that spreadsheets read it as UTF-8. Text that a spreadsheet would run as a formula
 * gets a leading apostrophe (OWASP, CSV injection); numbers keep their sign.
 */
export function renderCsv(
  rows: readonly Record<string, Cell>[],
  columns: readonly string[] = Object.keys(rows[0] ?? {}),
): string {
  const lines = [columns.map((c) => cell(c)), ...rows.map((row) => columns.map((c) => cell(row[c])))]
  return `\uFEFF${lines.map((line) => line.join(',')).join('\r\n')}\r\n`
}

function cell(value: Cell): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') return String(value)
  const text = /^[\s]*[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
