import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'
import type { LinkScope } from '../../link-tokens/scope.ts'
import type { Scope } from '../../scope.ts'
import { outboxTables } from '../tables.ts'

interface Happened {
  topic: string
  thing: { kind: string; id: string }
  ids: Record<string, string>
}
export interface OpenReaction {
  eventId: string
  reaction: string
  attempts: number
  happening: Happened & { happenedAt: Date }
}

/** A row for each reaction, so that each is ticked off by itself. */
export async function insertEvent(
  tx: Db,
  scope: Scope | LinkScope,
  event: Happened & { id: string; at: Date },
  reactions: readonly string[],
): Promise<void> {
  const thing = { thing_kind: event.thing.kind, thing_id: event.thing.id }
  await outboxTables(tx)
    .insertInto('outbox_event')
    .values({
      id: event.id,
      workspace_id: scope.workspaceId,
      topic: event.topic,
      ...thing,
      ids: JSON.stringify(event.ids),
      happened_at: event.at,
    })
    .execute()
  await outboxTables(tx)
    .insertInto('outbox_reaction')
    .values(
      reactions.map((reaction) => ({
        event_id: event.id,
        reaction,
        workspace_id: scope.workspaceId,
        ...thing,
        next_at: event.at,
      })),
    )
    .execute()
}

/** Of rows `r`: those whose time has come and that no earlier one of the same thing stands before. */
const isNext = (now: Date) => sql<boolean>`r.done_at is null and r.given_up_at is null and r.next_at <= ${now}
  and not exists (
    select 1 from outbox_reaction b
    where b.workspace_id = r.workspace_id and b.reaction = r.reaction and b.thing_kind = r.thing_kind
      and b.thing_id = r.thing_id and b.place < r.place and b.done_at is null and b.given_up_at is null)`

/** The next row, held until the transaction ends. */
export async function takeReaction(tx: Db, scope: Scope, now: Date): Promise<OpenReaction | null> {
  const { rows } = await sql<{
    event_id: string
    reaction: string
    attempts: number
    topic: string
    thing_kind: string
    thing_id: string
    ids: Record<string, string>
    happened_at: Date
  }>`
    select r.event_id, r.reaction, r.attempts, r.thing_kind, r.thing_id, e.topic, e.ids, e.happened_at
    from outbox_reaction r join outbox_event e on e.id = r.event_id
    where r.workspace_id = ${scope.workspaceId} and ${isNext(now)}
    order by r.place limit 1 for update of r skip locked`.execute(tx)
  const row = rows[0]
  return row
    ? {
        eventId: row.event_id,
        reaction: row.reaction,
        attempts: row.attempts,
        happening: {
          topic: row.topic,
          thing: { kind: row.thing_kind, id: row.thing_id },
          ids: row.ids,
          happenedAt: row.happened_at,
        },
      }
    : null
}

export async function tickOff(tx: Db, of: OpenReaction, at: Date): Promise<void> {
  await outboxTables(tx)
    .updateTable('outbox_reaction')
    .set({ done_at: at, error: null, attempts: sql<number>`attempts + 1` })
    .where('event_id', '=', of.eventId)
    .where('reaction', '=', of.reaction)
    .execute()
}

/** @param failed `nextAt` null: it is given up, and what waits behind it goes on */
export async function failReaction(
  db: Db,
  of: OpenReaction,
  failed: { error: string; nextAt: Date | null; at: Date },
): Promise<void> {
  await outboxTables(db)
    .updateTable('outbox_reaction')
    .set({
      attempts: sql<number>`attempts + 1`,
      error: failed.error.slice(0, 500),
      ...(failed.nextAt ? { next_at: failed.nextAt } : { given_up_at: failed.at }),
    })
    .where('event_id', '=', of.eventId)
    .where('reaction', '=', of.reaction)
    .where('done_at', 'is', null)
    .execute()
}

export async function hasDueReactions(db: Db, scope: Scope, now: Date): Promise<boolean> {
  const row = await outboxTables(db)
    .selectFrom('outbox_reaction as r')
    .select('r.event_id')
    .where('r.workspace_id', '=', scope.workspaceId)
    .where(isNext(now))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Workspaces with rows that are due and that nobody is working on. */
export async function workspacesToReact(
  db: Db,
  kind: string,
  at: Date,
): Promise<{ workspaceId: string; createdBy: string }[]> {
  const rows = await outboxTables(db)
    .selectFrom('outbox_reaction as r')
    .select('r.workspace_id')
    .distinct()
    .where(isNext(at))
    .where(
      sql<boolean>`not exists (select 1 from job where job.workspace_id = r.workspace_id and job.kind = ${kind} and job.state in ('queued', 'running'))`,
    )
    .execute()
  return rows.map((row) => ({ workspaceId: row.workspace_id, createdBy: 'outbox' }))
}
