import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { LinkScope } from '../link-tokens/scope.ts'
import type { Scope } from '../scope.ts'
import type { Asking } from './rules.ts'
import { askingTables } from './tables.ts'

/** Whoever else of the workspace wants to ask waits until this transaction ends, so that two rooms never both take the last of a budget. */
export async function lockLedger(tx: Db, scope: Scope): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`asking ${scope.workspaceId}`}, 0))`.execute(tx)
}

/** What was asked of each of these people since a time. */
export async function askingsOf(
  db: Db,
  scope: Scope,
  of: { policy: string; people: readonly string[]; since: Date },
): Promise<Map<string, Asking[]>> {
  if (of.people.length === 0) return new Map()
  const rows = await askingTables(db)
    .selectFrom('asking')
    .select(['person', 'asked_at as askedAt', 'took_part_at as tookPartAt'])
    .where('workspace_id', '=', scope.workspaceId)
    .where('policy', '=', of.policy)
    .where(sql<boolean>`person = any(${[...of.people]}::text[])`)
    .where((e) => e.or([e('asked_at', '>=', of.since), e('took_part_at', '>=', of.since)]))
    .execute()
  return Map.groupBy(rows, (row) => row.person)
}

export async function insertAskings(
  tx: Db,
  scope: Scope,
  askings: readonly { id: string; policy: string; person: string; purpose: string; askedAt: Date }[],
): Promise<void> {
  const atOnce = 1000
  for (let from = 0; from < askings.length; from += atOnce)
    await askingTables(tx)
      .insertInto('asking')
      .values(
        askings.slice(from, from + atOnce).map((a) => ({
          id: a.id,
          workspace_id: scope.workspaceId,
          policy: a.policy,
          person: a.person,
          purpose: a.purpose,
          asked_at: a.askedAt,
        })),
      )
      .execute()
}

/** @returns whether there is such an asking; the first time counts */
export async function markTookPart(db: Db, scope: Scope | LinkScope, askingId: string, at: Date): Promise<boolean> {
  const result = await askingTables(db)
    .updateTable('asking')
    .set({ took_part_at: sql<Date>`coalesce(took_part_at, ${at})` })
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', askingId)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

/** Takes a person out of the ledger. */
export async function forgetAskings(db: Db, scope: Scope, person: string): Promise<void> {
  await askingTables(db)
    .deleteFrom('asking')
    .where('workspace_id', '=', scope.workspaceId)
    .where('person', '=', person)
    .execute()
}
