/** The tables of shared views in the operational store. */
import type { ColumnType, Generated, Kysely } from 'kysely'
import type { Role } from '../platform/auth/permissions.ts'
import type { Db } from '../platform/db/database.ts'
import type { PlatformTables } from '../platform/db/tables.ts'

type Time = ColumnType<Date, Date, Date>
type Json = ColumnType<unknown, string, string>
export type SharingTables = {
  shared_view: {
    id: string
    workspace_id: string
    path: string
    search: string
    reads: Json
    title: string
    note: string
    for_stakeholders: boolean
    grant_accounts: boolean
    grant_names: boolean
    grant_export: boolean
    shared_by: string
    shared_at: Time
    updated_at: Time
    version: Generated<number>
  }
  shared_view_opening: {
    workspace_id: string
    view_id: string
    on_day: string
    reader: string
    role: Role
    opened_at: Time
  }
  shared_view_person: { view_id: string; workspace_id: string; user_id: string }
}

export const sharing = (db: Db): Kysely<PlatformTables & SharingTables> => db.withTables<SharingTables>()
