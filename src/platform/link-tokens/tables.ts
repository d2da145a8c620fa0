import type { ColumnType, Generated } from 'kysely'
import type { Db } from '../db/database.ts'

type Time = ColumnType<Date, Date | string, Date | string>
type MaybeTime = ColumnType<Date | null, Date | null | undefined, Date | null>

export interface LinkTokenTable {
  id: string
  workspace_id: string
  token_hash: string
  purpose: string
  subject_kind: string
  subject_id: string
  created_by: string | null
  created_at: Time
  expires_at: Time
  most_uses: number | null
  uses: Generated<number>
  revoked_at: MaybeTime
}

export type LinkTokenTables = { link_token: LinkTokenTable }

export const linkTables = (db: Db) => db.withTables<LinkTokenTables>()
