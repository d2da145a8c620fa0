import type { Kysely } from 'kysely'
import type { PlatformTables } from './tables.ts'

/** The operational store. A module sees its own tables by `db.withTables<ItsTables>()`. */
export type Db = Kysely<PlatformTables>
