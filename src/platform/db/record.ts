/**
 * Records: rows of one table that people edit, each with `workspace_id`, `id` and `version`. A room says which columns are
 * which fields; finding, listing, inserting, changing at a version, removing and the history of changes follow from that.
 */
import type { Kysely, SelectQueryBuilder } from 'kysely'
import { notFound } from '../errors.ts'
import type { Scope } from '../scope.ts'
import type { Db } from './database.ts'
import {
  differencesOf,
  loosely,
  translation,
  type ChangeOf,
  type Columns,
  type DraftOf,
  type FieldsOf,
  type Row,
} from './record-fields.ts'
import {
  listHistory,
  staleConflict,
  writeHistory,
  writeRemoval,
  type Change,
  type Differences,
  type Writer,
} from './record-history.ts'

export type RecordOf<Row, C> = { id: string; version: number } & FieldsOf<Row, C>

/** What somebody wants changed: the version that they read, and all that they sent. */
export interface Known {
  id: string
  version: number
  given: object
}
/** The record as the room's read gives it, without what is computed from the warehouse: it is read within the transaction. */
type ReadCurrent = () => Promise<unknown>

interface Declared<Row, C, R> {
  table: string
  /** As it is said: `objective`. */
  noun: string
  fields: C
  /** The name of one, where it has one: `the objective “X”`. */
  title?: (record: R) => string
  /** `created_at` and `updated_at`, where the table has them. */
  stamps?: readonly (keyof Row & ('created_at' | 'updated_at'))[]
  order?: readonly [column: keyof Row & string, direction: 'asc' | 'desc'][]
  /** Fields of which the history says that they changed, and not what they held. */
  secrets?: readonly (keyof C & string)[]
}

export interface RecordKind<Tables, Name extends keyof Tables & string, C, R = RecordOf<Tables[Name], C>> {
  find: (db: Db, scope: Scope, id: string) => Promise<R | null>
  /** In the kind’s order, or in that of `narrow`, which may add columns too. */
  list: <More = unknown>(
    db: Db,
    scope: Scope,
    narrow?: (query: SelectQueryBuilder<Tables, Name, R>) => SelectQueryBuilder<Tables, Name, R & More>,
  ) => Promise<(R & More)[]>
  /** @param unlessTaken columns of which two rows may not hold the same @returns false where another one holds it */
  insert: (
    db: Db,
    scope: Scope,
    draft: { id: string } & DraftOf<Tables[Name], C>,
    at: Date,
    unlessTaken?: readonly (keyof Tables[Name] & string)[],
  ) => Promise<boolean>
  /** What refuses a stale version before anything else is asked of the record. @throws not-found, conflict */
  needVersion: (writer: Writer, known: Known, current: ReadCurrent) => Promise<R>
  /**
   * @param parts of it that other tables hold, for the history
   * @returns the new version @throws not-found, conflict with the record as it is now
   */
  changeAtVersion: (
    writer: Writer,
    known: Known,
    change: ChangeOf<Tables[Name], C>,
    current: ReadCurrent,
    parts?: Differences,
  ) => Promise<number>
  /** @throws not-found */
  remove: (writer: Writer, id: string) => Promise<void>
  history: (db: Db, scope: Scope, id: string) => Promise<Change[]>
}

/** @param tables how the room sees its own tables */
export function recordKind<Tables, Name extends keyof Tables & string, const C extends Columns<Tables[Name]>>(
  tables: (db: Db) => Kysely<Tables>,
  declared: Declared<Tables[Name], C, RecordOf<Tables[Name], C>> & { table: Name },
): RecordKind<Tables, Name, C> {
  type R = RecordOf<Tables[Name], C>
  const { noun, title, stamps = [], order = [], secrets = [] } = declared
  const table: string = declared.table
  const { selected, shape, values } = translation(declared.fields)
  const shaped = (row: Row) => shape(row) as R
  const open = (db: Db) => loosely(tables(db))
  const all = (db: Db, scope: Scope) =>
    open(db)
      .selectFrom(table)
      .where('workspace_id', '=', scope.workspaceId)
      .select(['id', 'version', ...selected])
  const stamped = (at: Date, which: readonly string[]) =>
    Object.fromEntries(stamps.filter((s) => which.includes(s)).map((s) => [s, at]))
  const find = async (db: Db, scope: Scope, id: string): Promise<R | null> => {
    const row = await all(db, scope).where('id', '=', id).executeTakeFirst()
    return row ? shaped(row) : null
  }
  const stale = async (writer: Writer, known: Known, now: R, current: ReadCurrent) =>
    staleConflict(
      writer,
      {
        kind: table,
        id: known.id,
        version: now.version,
        thing: title ? `the ${noun} “${title(now)}”` : `this ${noun}`,
      },
      known.given,
      await current(),
    )
  const need = async (writer: Writer, id: string): Promise<R> => {
    const found = await find(writer.db, writer.scope, id)
    if (!found) throw notFound(noun, id)
    return found
  }
  const needVersion = async (writer: Writer, known: Known, current: ReadCurrent): Promise<R> => {
    const found = await need(writer, known.id)
    if (found.version !== known.version) throw await stale(writer, known, found, current)
    return found
  }
  return {
    find,
    needVersion,
    async list(db, scope, narrow) {
      let query = all(db, scope)
      if (narrow) query = narrow(query as never) as never
      else for (const [column, direction] of order) query = query.orderBy(column, direction)
      return (await query.execute()).map(shaped) as never
    },
    async insert(db, scope, draft, at, unlessTaken) {
      const query = open(db)
        .insertInto(table)
        .values({
          id: draft.id,
          workspace_id: scope.workspaceId,
          ...values(draft),
          ...stamped(at, ['created_at', 'updated_at']),
        })
      const result = await (
        unlessTaken ? query.onConflict((c) => c.columns([...unlessTaken]).doNothing()) : query
      ).executeTakeFirst()
      return Number(result.numInsertedOrUpdatedRows) > 0
    },
    async changeAtVersion(writer, known, change, current, parts = {}) {
      const before = await needVersion(writer, known, current)
      const version = known.version + 1
      const result = await open(writer.db)
        .updateTable(table)
        .set({ ...values(change), ...stamped(writer.now(), ['updated_at']), version })
        .where('workspace_id', '=', writer.scope.workspaceId)
        .where('id', '=', known.id)
        .where('version', '=', known.version)
        .executeTakeFirst()
      // Somebody was faster between the two statements.
      if (Number(result.numUpdatedRows) === 0) throw await stale(writer, known, await need(writer, known.id), current)
      await writeHistory(
        writer,
        { kind: table, id: known.id, version },
        { ...differencesOf(before, change, secrets), ...parts },
      )
      return version
    },
    async remove(writer, id) {
      const held = await need(writer, id)
      await open(writer.db)
        .deleteFrom(table)
        .where('workspace_id', '=', writer.scope.workspaceId)
        .where('id', '=', id)
        .execute()
      const { version, ...kept } = Object.fromEntries(
        Object.entries(held).filter(([field]) => !(secrets as readonly string[]).includes(field)),
      )
      await writeRemoval(writer, { kind: table, id, version: Number(version) }, kept)
    },
    history: (db, scope, id) => listHistory(db, scope, table, id),
  }
}
