import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { Scope } from '../scope.ts'
import type { LinkToken } from './rules.ts'
import type { LinkScope, LinkSubject } from './scope.ts'
import { linkTables } from './tables.ts'

export async function insertLink(
  db: Db,
  scope: Scope | LinkScope,
  link: {
    id: string
    tokenHash: string
    purpose: string
    subject: LinkSubject
    createdBy: string | null
    createdAt: Date
    expiresAt: Date
    mostUses: number | null
  },
): Promise<void> {
  await linkTables(db)
    .insertInto('link_token')
    .values({
      id: link.id,
      workspace_id: scope.workspaceId,
      token_hash: link.tokenHash,
      purpose: link.purpose,
      subject_kind: link.subject.kind,
      subject_id: link.subject.id,
      created_by: link.createdBy,
      created_at: link.createdAt,
      expires_at: link.expiresAt,
      most_uses: link.mostUses,
    })
    .execute()
}

/** Of any workspace: the token alone says of which. */
export async function findLink(db: Db, tokenHash: string): Promise<LinkToken | null> {
  const row = await linkTables(db)
    .selectFrom('link_token')
    .selectAll()
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst()
  return row
    ? {
        id: row.id,
        workspaceId: row.workspace_id,
        purpose: row.purpose,
        subject: { kind: row.subject_kind, id: row.subject_id },
        expiresAt: row.expires_at,
        mostUses: row.most_uses,
        uses: row.uses,
        revokedAt: row.revoked_at,
      }
    : null
}

/** Counts one use. @returns whether the link still worked: of two at once, one has the last use */
export async function useLink(tx: Db, id: string, now: Date): Promise<boolean> {
  const result = await linkTables(tx)
    .updateTable('link_token')
    .set({ uses: sql<number>`uses + 1` })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .where((e) => e.or([e('most_uses', 'is', null), e('uses', '<', e.ref('most_uses'))]))
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

/** Makes all open links to a thing useless. @returns how many there were */
export async function revokeLinks(
  db: Db,
  scope: Scope | LinkScope,
  of: { subject: LinkSubject; purpose?: string },
  now: Date,
): Promise<number> {
  let query = linkTables(db)
    .updateTable('link_token')
    .set({ revoked_at: now })
    .where('workspace_id', '=', scope.workspaceId)
    .where('subject_kind', '=', of.subject.kind)
    .where('subject_id', '=', of.subject.id)
    .where('revoked_at', 'is', null)
  if (of.purpose) query = query.where('purpose', '=', of.purpose)
  return Number((await query.executeTakeFirst()).numUpdatedRows)
}
