import type { Generated, Kysely } from 'kysely'
import type { Db } from '../../platform/db/database.ts'
import type { PlatformTables } from '../../platform/db/tables.ts'

interface HourlyRateTable {
  workspace_id: string
  amount: number | null
  basis: string
  version: Generated<number>
}

export type CostTables = { setup_hourly_rate: HourlyRateTable }
export const costTables = (db: Db): Kysely<PlatformTables & CostTables> => db.withTables<CostTables>()
