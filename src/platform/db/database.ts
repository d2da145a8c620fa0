import { CompiledQuery, type Kysely } from 'kysely'
import type { PlatformTables } from './tables.ts'

/** The operational store. A module sees its own tables by `db.withTables<ItsTables>()`. */
export type Db = Kysely<PlatformTables>

/** A statement of a library that writes its own SQL, within our transaction. */
export const runStatement = async (db: Db, text: string, values: unknown[] = []): Promise<{ rows: unknown[] }> => ({
  rows: (await db.executeQuery(CompiledQuery.raw(text, values))).rows,
})
