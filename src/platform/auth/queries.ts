import type { Db } from '../db/database.ts'
import type { Role } from './permissions.ts'

export interface Membership {
  workspaceId: string
  slug: string
  role: Role
}

export async function findMembership(db: Db, userId: string, slug: string): Promise<Membership | null> {
  const row = await db
    .selectFrom('member')
    .innerJoin('workspace', 'workspace.id', 'member.workspace_id')
    .where('member.user_id', '=', userId)
    .where('workspace.slug', '=', slug)
    .select(['workspace.id as workspaceId', 'workspace.slug', 'member.role'])
    .executeTakeFirst()
  return row ?? null
}
