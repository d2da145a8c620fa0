/** Output as people and scripts want it: a table, JSON, or CSV (which the HTTP face renders). */
export type Cell = string | number | boolean | null | undefined

/** Columns as wide as what they hold, numbers on the right; control characters of the data never reach the terminal. */
export function table(
  rows: readonly Record<string, Cell>[],
  columns: readonly string[] = Object.keys(rows[0] ?? {}),
): string {
  if (rows.length === 0) return '(no rows)'
  const text = (value: Cell) =>
    value === null || value === undefined
      ? '–'
      : typeof value === 'number'
        ? number(value)
        : String(value).replaceAll(/\p{Cc}/gu, ' ')
  const widths = columns.map((c) => Math.min(48, Math.max(c.length, ...rows.map((row) => text(row[c]).length))))
  const isNumeric = columns.map((c) => rows.some((row) => typeof row[c] === 'number'))
  const line = (cells: string[]) =>
    cells
      .map((cell, i) => {
        const width = widths[i]!
        const cut = cell.length > width ? `${cell.slice(0, width - 1)}…` : cell
        return isNumeric[i] ? cut.padStart(width) : cut.padEnd(width)
      })
      .join('  ')
      .trimEnd()
  return [
    line([...columns]),
    line(widths.map((w) => '─'.repeat(w))),
    ...rows.map((row) => line(columns.map((c) => text(row[c])))),
  ].join('\n')
}

const number = (value: number) =>
  Number.isInteger(value)
    ? value.toLocaleString('en-GB')
    : value.toLocaleString('en-GB', { maximumFractionDigits: Math.abs(value) < 10 ? 3 : 2 })

/** The rows of an answer, where it has some; else its plain fields, a line each. */
export function readable(output: unknown): string {
  if (output && typeof output === 'object' && 'rows' in output && Array.isArray(output.rows))
    return table(output.rows.map((row) => flat(row as Record<string, unknown>)))
  if (output && typeof output === 'object') {
    return Object.entries(output)
      .map(([key, value]) =>
        Array.isArray(value) && value.every((v) => v && typeof v === 'object')
          ? `${key}\n${table(value.map((v) => flat(v as Record<string, unknown>)))}`
          : `${key}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
      )
      .join('\n')
  }
  return String(output)
}

function flat(row: Record<string, unknown>): Record<string, Cell> {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      value !== null && typeof value === 'object' ? JSON.stringify(value) : (value as Cell),
    ]),
  )
}
