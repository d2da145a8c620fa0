/** The fields of a record and the columns that hold them: typed from the table, translated both ways. */
import type { InsertType, Kysely, SelectType, UpdateType } from 'kysely'
import type { z } from 'zod'
import type { Differences } from './record-history.ts'

/** A column that holds JSON, and what is read from it. */
interface JsonColumn<Name extends string, T> {
  column: Name
  read: (value: unknown) => T
}
export const json = <Name extends string, S extends z.ZodType>(
  column: Name,
  schema: S,
): JsonColumn<Name, z.output<S>> => ({ column, read: (value) => schema.parse(value) })

export type Columns<Row> = Record<string, (keyof Row & string) | JsonColumn<keyof Row & string, unknown>>
type Column<C> = C extends JsonColumn<infer Name, unknown> ? Name : C
type Held<Row, C> = C extends JsonColumn<string, infer T> ? T : C extends keyof Row ? SelectType<Row[C]> : never
type Inserted<Row, C> = C extends JsonColumn<string, infer T> ? T : C extends keyof Row ? InsertType<Row[C]> : never
type Updated<Row, C> = C extends JsonColumn<string, infer T> ? T : C extends keyof Row ? UpdateType<Row[C]> : never
type MayBeLeftOut<Row, C> =
  Column<C> extends keyof Row
    ? undefined extends InsertType<Row[Column<C>]>
      ? true
      : null extends InsertType<Row[Column<C>]>
        ? true
        : false
    : false

export type FieldsOf<Row, C> = { -readonly [F in keyof C]: Held<Row, C[F]> }
export type DraftOf<Row, C> = {
  -readonly [F in keyof C as MayBeLeftOut<Row, C[F]> extends true ? never : F]: Inserted<Row, C[F]>
} & { -readonly [F in keyof C as MayBeLeftOut<Row, C[F]> extends true ? F : never]?: Inserted<Row, C[F]> }
export type ChangeOf<Row, C> = { -readonly [F in keyof C]?: Updated<Row, C[F]> }
export type Row = Record<string, unknown>
type Loose = Kysely<Record<string, Row>>
/** The declaration has proven table and columns; within the kit they are names alone. */
export const loosely = (db: unknown) => db as Loose

/** Column and field by field, both ways. */
export function translation(fields: Record<string, unknown>) {
  const columns = Object.entries(fields).map(([field, c]) =>
    typeof c === 'string' ? { field, column: c, read: null } : { field, ...(c as JsonColumn<string, unknown>) },
  )
  return {
    selected: columns.map(({ field, column }) => `${column} as ${field}`),
    shape: (row: Row): Row => {
      const shaped = { ...row }
      for (const { field, read } of columns) if (read) shaped[field] = read(row[field])
      return shaped
    },
    values: (given: Row): Row => {
      const values: Row = {}
      for (const { field, column, read } of columns)
        if (given[field] !== undefined)
          values[column] = read && given[field] !== null ? JSON.stringify(given[field]) : given[field]
      return values
    },
  }
}

export function differencesOf(before: Row, change: Row, secrets: readonly string[]): Differences {
  return Object.fromEntries(
    Object.entries(change)
      .filter(([field, after]) => after !== undefined && field in before)
      .map(([field, after]) => {
        if (!secrets.includes(field)) return [field, { before: before[field], after }]
        return [field, { before: null, after: before[field] === after ? null : 'changed' }]
      }),
  )
}
