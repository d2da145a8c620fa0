/** The pillar's tables in the operational store. */
import type { ColumnType, Generated, Kysely } from 'kysely'
import type { Db } from '../platform/db/database.ts'
import type { PlatformTables } from '../platform/db/tables.ts'

type Time = ColumnType<Date, Date, Date>

export type InsightsTables = {
  import_mapping: { id: string; workspace_id: string; dataset: string; name: string; mapping: ColumnType<unknown, string, string>; header_signature: string; version: Generated<number>; updated_at: Time }
  feature: { id: string; workspace_id: string; name: string; area: string | null; is_core: boolean; released_on: string | null; version: Generated<number>; created_at: Time; updated_at: Time }
  feature_rule: { id: string; workspace_id: string; feature_id: string; kind: 'exact' | 'prefix' | 'pattern'; value: string }
  account_link: { workspace_id: string; source: string; ext_id: string; account_ext_id: string | null; method: 'id' | 'domain' | 'name' | 'person'; decided_by: string; decided_at: Time }
  exclusion_rule: { id: string; workspace_id: string; field: string; operator: 'is' | 'contains' | 'ends-with'; value: string; reason: 'internal' | 'test' | 'trial' | 'other'; created_at: Time }
  insights_setting: { workspace_id: string; primary_source: string | null; revenue_book: string | null; roll_up_to_parent: Generated<boolean>; version: Generated<number> }
}

export const insights = (db: Db): Kysely<PlatformTables & InsightsTables> => db.withTables<InsightsTables>()
