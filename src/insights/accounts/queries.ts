import type { Db } from '../../platform/db/database.ts'
import { insights } from '../tables.ts'
import type { Scope } from '../../platform/scope.ts'

export interface StoredLink {
  source: string
  extId: string
  accountExtId: string | null
  method: 'id' | 'domain' | 'name' | 'person'
  decidedBy: string
  decidedAt: Date
}
export interface StoredExclusion {
  id: string
  field: string
  operator: 'is' | 'contains' | 'ends-with'
  value: string
  reason: 'internal' | 'test' | 'trial' | 'other'
}
export interface StoredSettings {
  primarySource: string | null
  revenueBook: string | null
  rollUpToParent: boolean
  version: number
}

export async function listLinks(db: Db, scope: Scope): Promise<StoredLink[]> {
  return insights(db)
    .selectFrom('account_link')
    .where('workspace_id', '=', scope.workspaceId)
    .select([
      'source',
      'ext_id as extId',
      'account_ext_id as accountExtId',
      'method',
      'decided_by as decidedBy',
      'decided_at as decidedAt',
    ])
    .orderBy('decided_at', 'desc')
    .execute()
}

export async function saveLink(db: Db, scope: Scope, link: StoredLink): Promise<void> {
  const row = {
    account_ext_id: link.accountExtId,
    method: link.method,
    decided_by: link.decidedBy,
    decided_at: link.decidedAt,
  }
  await insights(db)
    .insertInto('account_link')
    .values({ workspace_id: scope.workspaceId, source: link.source, ext_id: link.extId, ...row })
    .onConflict((c) => c.columns(['workspace_id', 'source', 'ext_id']).doUpdateSet(row))
    .execute()
}

export async function deleteLink(db: Db, scope: Scope, source: string, extId: string): Promise<boolean> {
  const result = await insights(db)
    .deleteFrom('account_link')
    .where('workspace_id', '=', scope.workspaceId)
    .where('source', '=', source)
    .where('ext_id', '=', extId)
    .executeTakeFirst()
  return Number(result.numDeletedRows) > 0
}

export async function listExclusions(db: Db, scope: Scope): Promise<StoredExclusion[]> {
  return insights(db)
    .selectFrom('exclusion_rule')
    .where('workspace_id', '=', scope.workspaceId)
    .select(['id', 'field', 'operator', 'value', 'reason'])
    .orderBy('created_at')
    .execute()
}

export async function insertExclusion(db: Db, scope: Scope, rule: StoredExclusion, at: Date): Promise<void> {
  await insights(db)
    .insertInto('exclusion_rule')
    .values({ ...rule, workspace_id: scope.workspaceId, created_at: at })
    .execute()
}

export async function deleteExclusion(db: Db, scope: Scope, id: string): Promise<boolean> {
  const result = await insights(db)
    .deleteFrom('exclusion_rule')
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return Number(result.numDeletedRows) > 0
}

export async function findSettings(db: Db, scope: Scope): Promise<StoredSettings> {
  const row = await insights(db)
    .selectFrom('insights_setting')
    .where('workspace_id', '=', scope.workspaceId)
    .select([
      'primary_source as primarySource',
      'revenue_book as revenueBook',
      'roll_up_to_parent as rollUpToParent',
      'version',
    ])
    .executeTakeFirst()
  return row ?? { primarySource: null, revenueBook: null, rollUpToParent: false, version: 0 }
}

/** @returns whether the version was still the one that was read; version 0 means none was saved yet */
export async function saveSettings(db: Db, scope: Scope, s: StoredSettings): Promise<boolean> {
  const row = {
    primary_source: s.primarySource,
    revenue_book: s.revenueBook,
    roll_up_to_parent: s.rollUpToParent,
    version: s.version + 1,
  }
  if (s.version === 0) {
    const result = await insights(db)
      .insertInto('insights_setting')
      .values({ workspace_id: scope.workspaceId, ...row })
      .onConflict((c) => c.column('workspace_id').doNothing())
      .executeTakeFirst()
    return Number(result.numInsertedOrUpdatedRows ?? 0) > 0
  }
  const result = await insights(db)
    .updateTable('insights_setting')
    .set(row)
    .where('workspace_id', '=', scope.workspaceId)
    .where('version', '=', s.version)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}
