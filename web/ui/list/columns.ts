/** What a column of a list is, and what sorting, finding and grouping make of its rows. */
import type { ReactNode } from 'react'

export interface ListColumn<T> {
  key: string
  title: string
  /** What is sorted by, found in and compared; null comes last whatever the direction. */
  by?: (row: T) => string | number | null
  render: (row: T) => ReactNode
  /** The few names that it holds: what can be filtered and grouped by. */
  choice?: (row: T) => string
  isNumber?: boolean
  hint?: string
  /** In pixels; the first column takes what is left. */
  width?: number
  /** Not shown until it is chosen. */
  isHidden?: boolean
  edit?: CellEdit<T>
  /** Says who an account is or who looks after it; left out of a shared view that grants no names. */
  isWho?: boolean
}

/** A cell that is changed where it stands. */
export interface CellEdit<T> {
  may: (row: T) => boolean
  value: (row: T) => string
  /** The choices; without them a text is typed. */
  options?: readonly { value: string; label: string }[]
  maxLength?: number
  /** @throws what the server says against it; it stands beside the cell, and the input stays */
  save: (row: T, value: string) => Promise<unknown>
}

export interface Sort {
  key: string
  isDown: boolean
}
/** In an address: `question`, or `-question` from the end. */
export const sortFrom = (text: string | undefined): Sort | null =>
  !text ? null : text.startsWith('-') ? { key: text.slice(1), isDown: true } : { key: text, isDown: false }
export const sortText = (sort: Sort | null): string | undefined =>
  sort === null ? undefined : `${sort.isDown ? '-' : ''}${sort.key}`

/** A number begins with the largest; a third click goes back to the order that the list came in. */
export function nextSort<T>(now: Sort | null, column: Pick<ListColumn<T>, 'key' | 'isNumber'>): Sort | null {
  const first = column.isNumber === true
  if (now?.key !== column.key) return { key: column.key, isDown: first }
  return now.isDown === first ? { key: column.key, isDown: !first } : null
}

export const compare = (a: string | number, b: string | number): number =>
  typeof a === 'number' && typeof b === 'number'
    ? a - b
    : String(a).localeCompare(String(b), 'en', { sensitivity: 'base', numeric: true })

/** What a column says in words; numbers and days are sorted by, not found in. */
function wordsOf<T>(row: T, column: ListColumn<T>): string {
  if (column.choice) return column.choice(row)
  const value = column.isNumber ? null : column.by?.(row)
  return typeof value === 'string' ? value : ''
}

/** Every word that is sought begins a word of the row. */
export function isFound<T>(row: T, columns: readonly ListColumn<T>[], sought: string): boolean {
  const words = columns.flatMap((c) =>
    wordsOf(row, c)
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u),
  )
  return sought
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .every((part) => words.some((word) => word.startsWith(part)))
}

/** Which values of which columns are shown; a column that is not named shows all. */
export type Only = Readonly<Record<string, readonly string[]>>
export const isIn = <T>(row: T, columns: readonly ListColumn<T>[], only: Only): boolean =>
  columns.every((c) => {
    const wanted = only[c.key]
    return !wanted || wanted.length === 0 || !c.choice || wanted.includes(c.choice(row))
  })

export const choicesOf = <T>(rows: readonly T[], column: ListColumn<T>): string[] =>
  [...new Set(rows.map((row) => column.choice?.(row) ?? ''))].filter((name) => name !== '').sort(compare)

/** Rows by what they have in common, each group in the order of the rows. */
export function grouped<T>(rows: readonly T[], nameOf: (row: T) => string): { name: string; rows: T[] }[] {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const name = nameOf(row)
    const group = groups.get(name)
    if (group) group.push(row)
    else groups.set(name, [row])
  }
  return [...groups].map(([name, of]) => ({ name, rows: of }))
}
