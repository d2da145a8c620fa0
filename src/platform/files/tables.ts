import type { ColumnType } from 'kysely'
import type { Db } from '../db/database.ts'

export interface FileContentTable {
  id: string
  workspace_id: string
  sha256: string
  size_bytes: number
  stored_at: ColumnType<Date, Date, never>
  removing_at: ColumnType<Date | null, Date | null | undefined, Date | null>
}
export interface FileTable {
  id: string
  workspace_id: string
  content_id: string
  kind: string
  name: string
  media_type: string
  owner_kind: string
  owner_id: string
  created_by: string
  created_at: ColumnType<Date, Date, never>
}

export type ContentsTables = { file: FileTable; file_content: FileContentTable }

export const fileTables = (db: Db) => db.withTables<ContentsTables>()
