/** The tables of the choice of a pillar. */
import type { ColumnType, Generated, Kysely } from 'kysely'
import type { Db } from '../../platform/db/database.ts'
import type { PlatformTables } from '../../platform/db/tables.ts'
import type { Pillar } from '../taxonomy.ts'

type MaybeTime = ColumnType<Date | null, Date | null | undefined, Date | null>
type Json = ColumnType<unknown, string, string>
export type Situation = 'high-growth' | 'enterprise' | 'neither'
export type Lacking = 'figures' | 'portfolio' | 'customers'
export type Existing = 'nothing' | 'some' | 'works'

export type PillarTables = {
  pillar_situation: {
    workspace_id: string
    situation: Situation | null
    research_unowned: boolean | null
    leaders_lack: Lacking | null
    data_exists: Existing | null
    process_exists: Existing | null
    customer_exists: Existing | null
    data_weeks: number | null
    process_weeks: number | null
    customer_weeks: number | null
    version: Generated<number>
  }
  pillar_choice: {
    workspace_id: string
    pillar: Pillar | null
    because: string | null
    recommended: Pillar | null
    sums: Json
    chosen_by: string | null
    chosen_at: MaybeTime
    version: Generated<number>
  }
}

export const pillarTables = (db: Db): Kysely<PlatformTables & PillarTables> => db.withTables<PillarTables>()
