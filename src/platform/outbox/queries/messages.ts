import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'
import type { LinkScope } from '../../link-tokens/scope.ts'
import type { Scope } from '../../scope.ts'
import type { Addressed } from '../policy.ts'
import { outboxTables, type MessageState, type OutboxMessageTable } from '../tables.ts'
import type { Selectable } from 'kysely'

export interface StoredMessage extends Addressed {
  id: string
  permission: OutboxMessageTable['permission']
  topic: string | null
  content: string | null
  state: MessageState
  reason: string | null
  attempts: number
  nextAt: Date
  createdBy: string
  createdAt: Date
  endedAt: Date | null
}

const shape = (row: Selectable<OutboxMessageTable>): StoredMessage => ({
  id: row.id,
  channel: row.channel,
  recipient: row.recipient,
  purpose: row.purpose,
  about: row.about_kind === null ? null : { kind: row.about_kind, id: row.about_id! },
  permission: row.permission,
  topic: row.topic,
  content: row.content,
  state: row.state,
  reason: row.reason,
  attempts: row.attempts,
  nextAt: row.next_at,
  createdBy: row.created_by,
  createdAt: row.created_at,
  endedAt: row.ended_at,
})

/** @returns the message of this key, this one or the one that was there */
export async function insertMessage(
  tx: Db,
  scope: Scope | LinkScope,
  m: Addressed &
    Pick<StoredMessage, 'id' | 'permission' | 'topic' | 'content' | 'state' | 'reason' | 'createdBy'> & {
      key: string
      at: Date
    },
): Promise<Pick<StoredMessage, 'id' | 'state' | 'reason'>> {
  const made = await outboxTables(tx)
    .insertInto('outbox_message')
    .values({
      id: m.id,
      workspace_id: scope.workspaceId,
      key: m.key,
      channel: m.channel,
      recipient: m.recipient,
      purpose: m.purpose,
      about_kind: m.about?.kind ?? null,
      about_id: m.about?.id ?? null,
      permission: m.permission,
      topic: m.topic,
      content: m.content,
      state: m.state,
      reason: m.reason,
      next_at: m.at,
      created_by: m.createdBy,
      created_at: m.at,
    })
    .onConflict((c) => c.columns(['workspace_id', 'key']).doNothing())
    .returning(['id', 'state', 'reason'])
    .executeTakeFirst()
  return (
    made ??
    (await outboxTables(tx)
      .selectFrom('outbox_message')
      .select(['id', 'state', 'reason'])
      .where('workspace_id', '=', scope.workspaceId)
      .where('key', '=', m.key)
      .executeTakeFirstOrThrow())
  )
}

/**
 * Takes the next message that is due, and says so before anything goes out: of several senders one has it, and after a crash it is
 * known that it may have gone.
 */
export async function beginNext(db: Db, scope: Scope, jobId: string, now: Date): Promise<StoredMessage | null> {
  const row = await outboxTables(db)
    .updateTable('outbox_message')
    .set({ begun_at: now, begun_by: jobId, attempts: sql<number>`attempts + 1` })
    .where('id', '=', (e) =>
      e
        .selectFrom('outbox_message')
        .select('id')
        .where('workspace_id', '=', scope.workspaceId)
        .where('state', '=', 'queued')
        .where('begun_at', 'is', null)
        .where('next_at', '<=', now)
        .orderBy('next_at')
        .orderBy('id')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .executeTakeFirst()
  return row ? shape(row) : null
}

/** What became of an attempt. Only what was begun is settled. */
/** Of a sender that begun it: one that a person released meanwhile belongs to whoever sends it now. */
export async function settleMessage(
  tx: Db,
  id: string,
  jobId: string,
  end: { state: MessageState; reason: string | null; content?: string; nextAt?: Date; at: Date },
): Promise<void> {
  await outboxTables(tx)
    .updateTable('outbox_message')
    .set({
      state: end.state,
      reason: end.reason,
      begun_at: null,
      begun_by: null,
      ended_at: end.state === 'queued' ? null : end.at,
      ...(end.content === undefined ? {} : { content: end.content }),
      ...(end.nextAt ? { next_at: end.nextAt } : {}),
    })
    .where('id', '=', id)
    .where('begun_by', '=', jobId)
    .execute()
}

export const mayHaveArrived =
  'The server stopped while this was on its way, so it may have arrived. Send it again only if it has not.'

/** What a sender that is gone had begun: nobody knows whether it arrived, so that it is not sent again by itself. @returns how many */
export async function holdInterrupted(
  tx: Db,
  scope: Scope,
  gone: { jobId: string; begunBefore: Date },
  now: Date,
): Promise<number> {
  const result = await outboxTables(tx)
    .updateTable('outbox_message')
    .set({ state: 'held', reason: mayHaveArrived, begun_at: null, begun_by: null, ended_at: now })
    .where('workspace_id', '=', scope.workspaceId)
    .where('state', '=', 'queued')
    .where((e) => e.or([e('begun_by', '=', gone.jobId), e('begun_at', '<', gone.begunBefore)]))
    .executeTakeFirst()
  return Number(result.numUpdatedRows)
}

/** Of what went out or ended long ago the text is not kept. */
export async function forgetContents(db: Db, scope: Scope, endedBefore: Date): Promise<void> {
  await outboxTables(db)
    .updateTable('outbox_message')
    .set({ content: null })
    .where('workspace_id', '=', scope.workspaceId)
    .where('content', 'is not', null)
    .where('ended_at', '<', endedBefore)
    .execute()
}

const nobodyWorksOn = (kind: string) =>
  sql<boolean>`not exists (select 1 from job where job.workspace_id = m.workspace_id and job.kind = ${kind} and job.state in ('queued', 'running'))`

/** Workspaces with something to send that nobody is sending. */
export async function workspacesToSend(
  db: Db,
  kind: string,
  at: Date,
  begunBefore: Date,
): Promise<{ workspaceId: string; createdBy: string }[]> {
  const rows = await outboxTables(db)
    .selectFrom('outbox_message as m')
    .select('m.workspace_id')
    .distinct()
    .where('m.state', '=', 'queued')
    .where('m.next_at', '<=', at)
    .where((e) => e.or([e('m.begun_at', 'is', null), e('m.begun_at', '<', begunBefore)]))
    .where(nobodyWorksOn(kind))
    .execute()
  return rows.map((row) => ({ workspaceId: row.workspace_id, createdBy: 'outbox' }))
}

export async function hasDueMessages(db: Db, scope: Scope, now: Date): Promise<boolean> {
  const row = await outboxTables(db)
    .selectFrom('outbox_message')
    .select('id')
    .where('workspace_id', '=', scope.workspaceId)
    .where('state', '=', 'queued')
    .where('begun_at', 'is', null)
    .where('next_at', '<=', now)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export async function listMessages(
  db: Db,
  scope: Scope,
  page: { before?: string; limit: number; state?: MessageState },
): Promise<StoredMessage[]> {
  let query = outboxTables(db).selectFrom('outbox_message').selectAll().where('workspace_id', '=', scope.workspaceId)
  if (page.before) query = query.where('id', '<', page.before)
  if (page.state) query = query.where('state', '=', page.state)
  return (await query.orderBy('id', 'desc').limit(page.limit).execute()).map(shape)
}

export async function findMessageForUpdate(tx: Db, scope: Scope, id: string): Promise<StoredMessage | null> {
  const row = await outboxTables(tx)
    .selectFrom('outbox_message')
    .selectAll()
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ? shape(row) : null
}

/** Puts an ended message back in line, with all its attempts. */
export async function queueMessageAgain(tx: Db, scope: Scope, id: string, now: Date): Promise<void> {
  await outboxTables(tx)
    .updateTable('outbox_message')
    .set({ state: 'queued', reason: null, attempts: 0, next_at: now, ended_at: null })
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .execute()
}

/** For rooms that show what became of what they wrote. */
export async function statesOfMessages(
  db: Db,
  scope: Scope,
  ids: readonly string[],
): Promise<Map<string, { state: MessageState; reason: string | null }>> {
  if (ids.length === 0) return new Map()
  const rows = await outboxTables(db)
    .selectFrom('outbox_message')
    .select(['id', 'state', 'reason'])
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map(({ id, state, reason }) => [id, { state, reason }]))
}
