/** The table of the charter. */
import type { ColumnType, Generated, Kysely } from 'kysely'
import type { Db } from '../../platform/db/database.ts'
import type { PlatformTables } from '../../platform/db/tables.ts'

type Json = ColumnType<unknown, string, string>

export type CharterTables = {
  charter: {
    workspace_id: string
    team: string
    above: Json
    below: Json
    because: string
    published_by: string | null
    published_at: ColumnType<Date | null, Date | null | undefined, Date | null>
    version: Generated<number>
  }
}

export const charterTables = (db: Db): Kysely<PlatformTables & CharterTables> => db.withTables<CharterTables>()
