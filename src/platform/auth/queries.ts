import { sql } from 'kysely'
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

interface RateTable {
  id: string
  key: string
  count: number
  lastRequest: number
}

/** Counts a call in the sign-in library's own table of rates. @returns how many there were of this key since its window began */
export async function countCall(db: Db, key: string, windowMs: number, now: Date): Promise<number> {
  const at = now.getTime()
  const row = await db
    .withTables<{ auth_rate_limit: RateTable }>()
    .insertInto('auth_rate_limit')
    .values({ id: key, key, count: 1, lastRequest: at })
    .onConflict((c) =>
      c.column('key').doUpdateSet({
        count: sql<number>`case when auth_rate_limit."lastRequest" < ${at - windowMs} then 1 else auth_rate_limit.count + 1 end`,
        lastRequest: sql<number>`case when auth_rate_limit."lastRequest" < ${at - windowMs} then ${at} else auth_rate_limit."lastRequest" end`,
      }),
    )
    .returning('count')
    .executeTakeFirstOrThrow()
  return row.count
}
