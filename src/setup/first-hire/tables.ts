/** The table of the first hire. */
import type { Generated, Kysely } from 'kysely'
import type { Db } from '../../platform/db/database.ts'
import type { PlatformTables } from '../../platform/db/tables.ts'
import type { Pillar } from '../taxonomy.ts'
import type { Background, ReportsTo } from './schemas.ts'

export type FirstHireTables = {
  first_hire: {
    workspace_id: string
    pillar: Pillar | null
    title: string
    description: string
    background: Background | null
    does_all_research: boolean
    reports_to: ReportsTo | null
    leader_coaches: boolean | null
    product_managers: number | null
    product_ops: number | null
    version: Generated<number>
  }
}

export const firstHireTables = (db: Db): Kysely<PlatformTables & FirstHireTables> => db.withTables<FirstHireTables>()
