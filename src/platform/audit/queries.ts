import type { Db } from '../db/database.ts'
import { newId } from '../ids.ts'
import type { Actor, Face } from '../operation.ts'
import type { Scope } from '../scope.ts'

export interface AuditEntry {
  at: Date
  workspaceId: string | null
  actor: Actor | null
  /** Where nobody is the actor. */
  face?: Face | undefined
  operation: string
  outcome: 'done' | 'denied'
  target: string | null
}

export async function insertAudit(db: Db, entry: AuditEntry): Promise<void> {
  await db
    .insertInto('audit')
    .values({
      id: newId(entry.at.getTime()),
      at: entry.at,
      workspace_id: entry.workspaceId,
      actor_id: entry.actor?.userId ?? null,
      actor_name: entry.actor?.name ?? null,
      face: entry.actor?.face ?? entry.face ?? 'http',
      operation: entry.operation,
      outcome: entry.outcome,
      target: entry.target,
    })
    .execute()
}

export async function listAudit(
  db: Db,
  scope: Scope,
  page: { before?: string; limit: number; operation?: string; outcome?: 'done' | 'denied' },
) {
  let query = db
    .selectFrom('audit')
    .where('workspace_id', '=', scope.workspaceId)
    .select(['id', 'at', 'actor_name as actor', 'face', 'operation', 'outcome', 'target'])
  if (page.before) query = query.where('id', '<', page.before)
  if (page.operation) query = query.where('operation', 'like', `${page.operation.replaceAll(/[%_\\]/g, '\\$&')}%`)
  if (page.outcome) query = query.where('outcome', '=', page.outcome)
  return query.orderBy('id', 'desc').limit(page.limit).execute()
}
