import type { ColumnType } from 'kysely'
import type { Db } from '../db/database.ts'

export interface AskingTable {
  id: string
  workspace_id: string
  policy: string
  person: string
  purpose: string
  asked_at: ColumnType<Date, Date, never>
  took_part_at: ColumnType<Date | null, Date | null | undefined, Date | null>
}

export type AskingTables = { asking: AskingTable }

export const askingTables = (db: Db) => db.withTables<AskingTables>()
