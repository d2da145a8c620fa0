/** What joins two things of any pillars. Kinds and relations are the callers' words; both ends can be read from. */
import type { Db } from '../db/database.ts'
import type { Scope } from '../scope.ts'

export interface Thing {
  kind: string
  id: string
}
export interface Joined {
  relation: string
  direction: 'to' | 'from'
  thing: Thing
  by: string
  at: Date
}

/** Linking twice is linking once. */
export async function linkThings(
  db: Db,
  scope: Scope,
  link: { from: Thing; relation: string; to: Thing; by: string; at: Date },
): Promise<void> {
  await db
    .insertInto('link')
    .values({
      workspace_id: scope.workspaceId,
      from_kind: link.from.kind,
      from_id: link.from.id,
      relation: link.relation,
      to_kind: link.to.kind,
      to_id: link.to.id,
      created_by: link.by,
      created_at: link.at,
    })
    .onConflict((c) => c.doNothing())
    .execute()
}

export async function unlinkThings(
  db: Db,
  scope: Scope,
  link: { from: Thing; relation: string; to: Thing },
): Promise<void> {
  await db
    .deleteFrom('link')
    .where('workspace_id', '=', scope.workspaceId)
    .where('from_kind', '=', link.from.kind)
    .where('from_id', '=', link.from.id)
    .where('relation', '=', link.relation)
    .where('to_kind', '=', link.to.kind)
    .where('to_id', '=', link.to.id)
    .execute()
}

/** What the thing points to, then what points to it; the oldest first. */
export async function listLinksOf(db: Db, scope: Scope, thing: Thing): Promise<Joined[]> {
  const to = await db
    .selectFrom('link')
    .where('workspace_id', '=', scope.workspaceId)
    .where('from_kind', '=', thing.kind)
    .where('from_id', '=', thing.id)
    .select(['relation', 'to_kind as kind', 'to_id as id', 'created_by as by', 'created_at as at'])
    .orderBy('created_at')
    .orderBy('to_id')
    .execute()
  const from = await db
    .selectFrom('link')
    .where('workspace_id', '=', scope.workspaceId)
    .where('to_kind', '=', thing.kind)
    .where('to_id', '=', thing.id)
    .select(['relation', 'from_kind as kind', 'from_id as id', 'created_by as by', 'created_at as at'])
    .orderBy('created_at')
    .orderBy('from_id')
    .execute()
  const joined =
    (direction: Joined['direction']) =>
    ({ relation, kind, id, by, at }: (typeof to)[number]): Joined => ({
      relation,
      direction,
      thing: { kind, id },
      by,
      at,
    })
  return [...to.map(joined('to')), ...from.map(joined('from'))]
}
