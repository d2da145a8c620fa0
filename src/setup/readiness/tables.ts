import type { ColumnType, Generated, Kysely } from 'kysely'
import type { Db } from '../../platform/db/database.ts'
import type { PlatformTables } from '../../platform/db/tables.ts'

interface ReadinessTable {
  workspace_id: string
  share_above: number
  teams_above: number
  opaque_above: number
  said_share: number | null
  said_opaque: string | null
  said_teams: number | null
  said_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  version: Generated<number>
}

export type ReadinessTables = { setup_readiness: ReadinessTable }
export const readinessTables = (db: Db): Kysely<PlatformTables & ReadinessTables> => db.withTables<ReadinessTables>()
