import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { Role } from './permissions.ts'
import type { Budget } from './throttle.ts'

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

/** Takes one try in a single step, so that tries at the same moment cannot share the last one. @returns when it opens, or null where it was taken */
export async function spend(db: Db, { key, tries, everyMs }: Budget, now: Date): Promise<Date | null> {
  const full = new Date(now.getTime() + tries * everyMs)
  // Beyond what all tries together can reach, the clock was set back: nobody is shut out until it is there again.
  const next = sql<Date>`case when sign_in_budget.spent_until between ${now}::timestamptz and ${full}::timestamptz
    then sign_in_budget.spent_until else ${now}::timestamptz end + ${everyMs}::float8 * interval '1 millisecond'`
  const taken = await db
    .insertInto('sign_in_budget')
    .values({ key, spent_until: new Date(now.getTime() + everyMs) })
    .onConflict((c) => c.column('key').doUpdateSet({ spent_until: next }).where(next, '<=', full))
    .returning('key')
    .executeTakeFirst()
  if (taken) return null
  const { spent_until: until } = await db
    .selectFrom('sign_in_budget')
    .select('spent_until')
    .where('key', '=', key)
    .executeTakeFirstOrThrow()
  return new Date(until.getTime() - (tries - 1) * everyMs)
}

export async function giveBack(db: Db, { key, everyMs }: Budget): Promise<void> {
  await db
    .updateTable('sign_in_budget')
    .set({ spent_until: sql<Date>`spent_until - ${everyMs}::float8 * interval '1 millisecond'` })
    .where('key', '=', key)
    .execute()
}

export async function forgetBudgets(db: Db, key: string, now: Date): Promise<void> {
  await db
    .deleteFrom('sign_in_budget')
    .where((e) => e.or([e('key', '=', key), e('spent_until', '<', now)]))
    .execute()
}

export async function isKnownPlace(db: Db, account: string, address: string): Promise<boolean> {
  const row = await db
    .selectFrom('sign_in_place')
    .select('account')
    .where('account', '=', account)
    .where('address', '=', address)
    .executeTakeFirst()
  return row !== undefined
}

const placeDays = 90

export async function rememberPlace(db: Db, account: string, address: string, at: Date): Promise<void> {
  await db
    .insertInto('sign_in_place')
    .values({ account, address, last_at: at })
    .onConflict((c) => c.columns(['account', 'address']).doUpdateSet({ last_at: at }))
    .execute()
  await db
    .deleteFrom('sign_in_place')
    .where('last_at', '<', new Date(at.getTime() - placeDays * 86_400_000))
    .execute()
}

export interface SessionRow {
  id: string
  createdAt: Date
  updatedAt: Date
  ipAddress: string | null
  userAgent: string | null
}

export async function listSessions(db: Db, userId: string, since: Date, now: Date): Promise<SessionRow[]> {
  return db
    .selectFrom('auth_session')
    .where('userId', '=', userId)
    .where('expiresAt', '>', now)
    .where('createdAt', '>', since)
    .select(['id', 'createdAt', 'updatedAt', 'ipAddress', 'userAgent'])
    .orderBy('updatedAt', 'desc')
    .execute()
}

export async function deleteSession(db: Db, userId: string, id: string): Promise<boolean> {
  const result = await db
    .deleteFrom('auth_session')
    .where('userId', '=', userId)
    .where('id', '=', id)
    .executeTakeFirst()
  return Number(result.numDeletedRows) > 0
}

/** @param except the session that goes on, if one does */
export async function deleteSessions(db: Db, userId: string, except: string | null): Promise<number> {
  let query = db.deleteFrom('auth_session').where('userId', '=', userId)
  if (except) query = query.where('id', '!=', except)
  return Number((await query.executeTakeFirst()).numDeletedRows)
}

/** By which ways the person can sign in, and whether a second step is asked. */
export async function waysOf(db: Db, userId: string): Promise<{ providers: string[]; hasSecondStep: boolean }> {
  const accounts = await db.selectFrom('auth_account').where('userId', '=', userId).select('providerId').execute()
  const user = await db.selectFrom('auth_user').where('id', '=', userId).select('twoFactorEnabled').executeTakeFirst()
  return { providers: accounts.map((row) => row.providerId), hasSecondStep: user?.twoFactorEnabled ?? false }
}

/** @returns whether there was one */
export async function removeSecondStep(db: Db, userId: string): Promise<boolean> {
  const result = await db.deleteFrom('auth_two_factor').where('userId', '=', userId).executeTakeFirst()
  await db.updateTable('auth_user').set({ twoFactorEnabled: false }).where('id', '=', userId).execute()
  return Number(result.numDeletedRows) > 0
}

/** Links to a new password and half-done second steps of the person. */
export async function forgetPending(db: Db, userId: string): Promise<void> {
  await db.deleteFrom('auth_verification').where('value', '=', userId).execute()
}

interface RateTable {
  id: string
  key: string
  count: number
  lastRequest: number
}

const keptRatesMs = 86_400_000

/** Counts a call in a table of rates that the sign-in library made. @returns how many there were of this key since its window began */
export async function countCall(db: Db, key: string, windowMs: number, now: Date): Promise<number> {
  const at = now.getTime()
  const rates = db.withTables<{ auth_rate_limit: RateTable }>()
  // Some that nobody counts any more go with each call, so that the table stays as large as a day's places.
  await rates
    .deleteFrom('auth_rate_limit')
    .where('key', 'in', (e) =>
      e
        .selectFrom('auth_rate_limit')
        .select('key')
        .where('lastRequest', '<', at - keptRatesMs)
        .limit(20),
    )
    .execute()
  const row = await rates
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
