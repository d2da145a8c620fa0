/** What a workspace has once, as one row with a `version`: its settings, and the workspace itself. */
import type { Kysely } from 'kysely'
import type { Scope } from '../scope.ts'
import type { Db } from './database.ts'
import {
  differencesOf,
  loosely,
  translation,
  type ChangeOf,
  type Columns,
  type FieldsOf,
  type Row,
} from './record-fields.ts'
import { listHistory, staleConflict, writeHistory, type Change, type Writer } from './record-history.ts'

export interface SettingKind<Row, C> {
  /** As it is, or as it is before anybody set it: version 0. */
  find: (db: Db, scope: Scope) => Promise<{ version: number } & FieldsOf<Row, C>>
  /** @returns the new version @throws conflict with the setting as it is now */
  changeAtVersion: (
    writer: Writer,
    known: { version: number; given: object },
    change: ChangeOf<Row, C>,
    current: () => Promise<unknown>,
  ) => Promise<number>
  history: (db: Db, scope: Scope) => Promise<Change[]>
}

/**
 * @param tables how the room sees its own tables
 * @param declared `thing` as it is said: `the books of record`; `unset` before anybody set it, absent where the row is always there
 */
export function settingKind<Tables, Name extends keyof Tables & string, const C extends Columns<Tables[Name]>>(
  tables: (db: Db) => Kysely<Tables>,
  declared: {
    table: Name
    thing: string
    fields: C
    unset?: FieldsOf<Tables[Name], C>
    /** The column that is the workspace’s id. */
    key?: keyof Tables[Name] & ('workspace_id' | 'id')
  },
): SettingKind<Tables[Name], C> {
  type S = { version: number } & FieldsOf<Tables[Name], C>
  const { thing, unset } = declared
  const table: string = declared.table
  const key: string = declared.key ?? 'workspace_id'
  const { selected, shape, values } = translation(declared.fields)
  const open = (db: Db) => loosely(tables(db))
  const findRow = async (db: Db, scope: Scope): Promise<Row | null> => {
    const row = await open(db)
      .selectFrom(table)
      .where(key, '=', scope.workspaceId)
      .select(['version', ...selected])
      .executeTakeFirst()
    return row ? shape(row) : null
  }
  const find = async (db: Db, scope: Scope) => ((await findRow(db, scope)) ?? { ...unset, version: 0 }) as S
  const changed = async ({ db, scope }: Writer, isNew: boolean, known: number, row: Row): Promise<boolean> => {
    if (isNew) {
      const result = await open(db)
        .insertInto(table)
        .values({ [key]: scope.workspaceId, ...values({ ...unset }), ...row })
        .onConflict((c) => c.column(key).doNothing())
        .executeTakeFirst()
      return Number(result.numInsertedOrUpdatedRows) > 0
    }
    const result = await open(db)
      .updateTable(table)
      .set(row)
      .where(key, '=', scope.workspaceId)
      .where('version', '=', known)
      .executeTakeFirst()
    return Number(result.numUpdatedRows) > 0
  }
  return {
    find,
    async changeAtVersion(writer, known, change, current) {
      const { db, scope } = writer
      const stale = async (version: number) =>
        staleConflict(writer, { kind: table, id: scope.workspaceId, version, thing }, known.given, await current())
      const row = await findRow(db, scope)
      const before = row ?? { ...unset, version: 0 }
      if (before['version'] !== known.version) throw await stale(Number(before['version']))
      const version = known.version + 1
      if (!(await changed(writer, row === null, known.version, { ...values(change), version })))
        throw await stale((await find(db, scope)).version)
      await writeHistory(writer, { kind: table, id: scope.workspaceId, version }, differencesOf(before, change, []))
      return version
    },
    history: (db, scope) => listHistory(db, scope, table, scope.workspaceId),
  }
}
