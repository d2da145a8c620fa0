import type { ColumnType, Generated } from 'kysely'
import type { Db } from '../db/database.ts'
import type { Permission } from '../auth/permissions.ts'

type Time = ColumnType<Date, Date | string, Date | string>
type MaybeTime = ColumnType<Date | null, Date | null | undefined, Date | null>

export type MessageState = 'queued' | 'sent' | 'failed' | 'held'
export type Channel = 'mail' | 'webhook'

export interface OutboxMessageTable {
  id: string
  workspace_id: string
  key: string
  channel: Channel
  recipient: string
  purpose: string
  about_kind: string | null
  about_id: string | null
  permission: Permission
  topic: string | null
  content: string | null
  state: MessageState
  reason: string | null
  attempts: Generated<number>
  next_at: Time
  begun_at: MaybeTime
  begun_by: ColumnType<string | null, string | null | undefined, string | null>
  created_by: string
  created_at: Time
  ended_at: MaybeTime
}
export interface OutboxEventTable {
  id: string
  workspace_id: string
  topic: string
  thing_kind: string
  thing_id: string
  ids: ColumnType<unknown, string, never>
  happened_at: Time
}
export interface OutboxReactionTable {
  place: Generated<number>
  event_id: string
  reaction: string
  workspace_id: string
  thing_kind: string
  thing_id: string
  attempts: Generated<number>
  next_at: Time
  error: ColumnType<string | null, string | null | undefined, string | null>
  done_at: MaybeTime
  given_up_at: MaybeTime
}

export type OutboxTables = {
  outbox_message: OutboxMessageTable
  outbox_event: OutboxEventTable
  outbox_reaction: OutboxReactionTable
}

export const outboxTables = (db: Db) => db.withTables<OutboxTables>()
