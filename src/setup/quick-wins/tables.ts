/** The tables of quick wins in the operational store. */
import type { ColumnType, Generated, Kysely } from 'kysely'
import type { Db } from '../../platform/db/database.ts'
import type { PlatformTables } from '../../platform/db/tables.ts'
import type { Audience } from '../taxonomy.ts'

type Time = ColumnType<Date, Date, Date>
export type Side = 'before' | 'after'

export type QuickWinTables = {
  quick_win: {
    id: string
    workspace_id: string
    title: string
    what: string
    friction: string | null
    audience: Audience
    owner_id: string | null
    win: string | null
    win_of: string | null
    people: number
    times_per_month: number
    stated_before: number | null
    stated_after: number | null
    delivered_on: string | null
    dropped_because: string | null
    created_by: string
    created_at: Time
    updated_at: Time
    version: Generated<number>
  }
  quick_win_sample: {
    quick_win_id: string
    workspace_id: string
    side: Side
    volunteer: string
    minutes: number
    on_day: string
  }
}

export const quickWins = (db: Db): Kysely<PlatformTables & QuickWinTables> => db.withTables<QuickWinTables>()
