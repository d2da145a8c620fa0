import type { Db } from '../db/database.ts'
import { newId } from '../ids.ts'
import type { Actor } from '../operation.ts'

export interface AuditEntry {
  at: Date; workspaceId: string | null; actor: Actor | null; operation: string; outcome: 'done' | 'denied'; target: string | null
}

export async function insertAudit(db: Db, entry: AuditEntry): Promise<void> {
  await db.insertInto('audit').values({
    id: newId(entry.at.getTime()), at: entry.at, workspace_id: entry.workspaceId, actor_id: entry.actor?.userId ?? null, actor_name: entry.actor?.name ?? null,
    face: entry.actor?.face ?? 'http', operation: entry.operation, outcome: entry.outcome, target: entry.target,
  }).execute()
}
