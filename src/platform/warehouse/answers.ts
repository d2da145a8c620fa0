/** What statements found in one state of the data, kept while there is room, so that whoever asks the same next does not wait for it. */
import type { DuckDBResultReader, DuckDBValue } from '@duckdb/node-api'
import { LRUCache } from 'lru-cache'

/** As the engine gave it, column by column: rows are made anew for each who asks, and theirs to change. */
export interface Answer {
  names: readonly string[]
  columns: readonly (readonly DuckDBValue[])[]
  rows: number
}

export interface Answers {
  find(question: string): Answer | undefined
  keep(question: string, answer: Answer): void
}

const bytesPerMb = 1_000_000
/** One answer takes this share of the room at most: a list of all accounts is asked for once and would drive all others out. */
const largestShare = 1 / 16

/** @param mb room for all of them together, as `bytesOf` estimates it; with 0 nothing is kept */
export function openAnswers(mb: number): Answers {
  const maxSize = Math.round(mb * bytesPerMb)
  if (maxSize < 1) return { find: () => undefined, keep() {} }
  const largest = Math.max(1, Math.round(maxSize * largestShare))
  const kept = new LRUCache<string, Answer>({
    maxSize,
    maxEntrySize: largest,
    sizeCalculation: (answer, question) => bytesOf(answer) + 2 * question.length,
  })
  return {
    find: (question) => kept.get(question),
    keep(question, answer) {
      // Told by its rows: weighing each value would cost the longest lists the most, for nothing.
      if (answer.rows * answer.columns.length * leastBytes <= largest) kept.set(question, answer)
    },
  }
}

export const answerOf = (reader: DuckDBResultReader): Answer => ({
  names: reader.deduplicatedColumnNames(),
  columns: reader.getColumns(),
  rows: reader.currentRowCount,
})

const bytesOf = ({ columns }: Answer): number =>
  columns.reduce((sum, column) => sum + column.reduce<number>((bytes, value) => bytes + bytesOfValue(value), 0), 256)

const leastBytes = 12

/** About what a value takes in memory. */
function bytesOfValue(value: DuckDBValue): number {
  if (typeof value === 'string') return 24 + value.length
  if (typeof value === 'bigint') return 32
  if (value === null || typeof value !== 'object') return leastBytes
  if ('items' in value && Array.isArray(value.items))
    return (value.items as DuckDBValue[]).reduce<number>((bytes, item) => bytes + bytesOfValue(item), 64)
  if ('entries' in value && typeof value.entries === 'object' && value.entries)
    return (Object.values(value.entries) as DuckDBValue[]).reduce<number>(
      (bytes, item) => bytes + bytesOfValue(item),
      64,
    )
  return 64
}

export function rowsOf<T extends object>({ names, columns, rows: count }: Answer): T[] {
  const rows = Array.from({ length: count }, (): Record<string, unknown> => ({}))
  for (const [at, column] of columns.entries()) {
    const name = names[at]!
    for (let i = 0; i < count; i += 1) rows[i]![name] = plainValue(column[i] ?? null)
  }
  return rows as T[]
}

function plainRow(row: Record<string, DuckDBValue>): Record<string, unknown> {
  const plain: Record<string, unknown> = {}
  for (const key in row) plain[key] = plainValue(row[key] ?? null)
  return plain
}

/** BIGINT as number (exact to nine thousand million million, beyond that the nearest), DATE and TIMESTAMP as ISO text, DECIMAL as number; lists and structs by element. */
function plainValue(value: DuckDBValue): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (value === null || typeof value !== 'object') return value
  if ('items' in value && Array.isArray(value.items)) return value.items.map((item) => plainValue(item))
  if ('entries' in value && typeof value.entries === 'object' && value.entries && !Array.isArray(value.entries))
    return plainRow(value.entries as Record<string, DuckDBValue>)
  if ('toDouble' in value && typeof value.toDouble === 'function') return value.toDouble()
  return value.toString()
}
