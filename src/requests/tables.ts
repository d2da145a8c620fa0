/** The table of the request desk in the operational store. */
import type { ColumnType, Generated, Kysely } from 'kysely'
import type { Db } from '../platform/db/database.ts'
import type { PlatformTables } from '../platform/db/tables.ts'

type Time = ColumnType<Date, Date, Date>

export type RequestsTables = {
  request: {
    id: string
    workspace_id: string
    question: string
    state: 'open' | 'answered' | 'closed'
    asked_by: string
    asked_at: Time
    assigned_to: string | null
    answer: string | null
    answer_address: string | null
    answered_by: string | null
    answered_at: ColumnType<Date | null, Date | null | undefined, Date | null>
    same_as: string | null
    names_accounts: boolean
    closed_because: string | null
    closed_at: ColumnType<Date | null, Date | null | undefined, Date | null>
    version: Generated<number>
  }
}

export const requests = (db: Db): Kysely<PlatformTables & RequestsTables> => db.withTables<RequestsTables>()
