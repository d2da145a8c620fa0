import type { Kysely } from 'kysely'
import type { Db } from '../db/database.ts'
import { settingKind } from '../db/setting.ts'
import type { PlatformTables } from '../db/tables.ts'
import type { Role } from '../auth/permissions.ts'

export interface Workspace {
  id: string
  slug: string
  name: string
  currency: string
  kind: 'own' | 'sample'
  version: number
}

const columns = [
  'workspace.id',
  'workspace.slug',
  'workspace.name',
  'workspace.currency',
  'workspace.kind',
  'workspace.version',
] as const

export async function insertWorkspace(db: Db, workspace: Workspace & { createdAt: Date }): Promise<void> {
  const { createdAt, ...row } = workspace
  await db
    .insertInto('workspace')
    .values({ ...row, created_at: createdAt })
    .execute()
}

export async function findWorkspace(db: Db, id: string): Promise<Workspace | null> {
  return (await db.selectFrom('workspace').select(columns).where('id', '=', id).executeTakeFirst()) ?? null
}

export async function findWorkspaceBySlug(db: Db, slug: string): Promise<Workspace | null> {
  return (await db.selectFrom('workspace').select(columns).where('slug', '=', slug).executeTakeFirst()) ?? null
}

export async function findSlugs(db: Db, prefix: string): Promise<string[]> {
  const rows = await db.selectFrom('workspace').select('slug').where('slug', 'like', `${prefix}%`).execute()
  return rows.map((row) => row.slug)
}

export async function workspacesOf(db: Db, userId: string): Promise<(Workspace & { role: Role })[]> {
  return db
    .selectFrom('workspace')
    .innerJoin('member', 'member.workspace_id', 'workspace.id')
    .where('member.user_id', '=', userId)
    .select([...columns, 'member.role'])
    .orderBy('workspace.name')
    .execute()
}

export const workspaceSettings = settingKind((db: Db): Kysely<PlatformTables> => db, {
  table: 'workspace',
  thing: 'the workspace',
  key: 'id',
  fields: { name: 'name' },
})

export async function findSample(db: Db): Promise<Workspace | null> {
  return (
    (await db
      .selectFrom('workspace')
      .select(columns)
      .where('kind', '=', 'sample')
      .orderBy('created_at')
      .limit(1)
      .executeTakeFirst()) ?? null
  )
}

export async function addMember(
  db: Db,
  member: { workspaceId: string; userId: string; role: Role; joinedAt: Date; isByGroup?: boolean },
): Promise<void> {
  await db
    .insertInto('member')
    .values({
      workspace_id: member.workspaceId,
      user_id: member.userId,
      role: member.role,
      joined_at: member.joinedAt,
      by_group: member.isByGroup ?? false,
    })
    .onConflict((c) => c.columns(['workspace_id', 'user_id']).doNothing())
    .execute()
  // Whoever lets them in has the say over an earlier removal.
  await db
    .deleteFrom('member_removal')
    .where('workspace_id', '=', member.workspaceId)
    .where('user_id', '=', member.userId)
    .execute()
}

export const listWorkspaceIds = (db: Db): Promise<{ id: string }[]> =>
  db.selectFrom('workspace').select('id').orderBy('created_at').execute()
