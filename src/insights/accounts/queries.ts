import type { Db } from '../../platform/db/database.ts'
import { settingKind } from '../../platform/db/setting.ts'
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

export const accountSettings = settingKind(insights, {
  table: 'insights_setting',
  thing: 'the books of record',
  fields: { primarySource: 'primary_source', revenueBook: 'revenue_book', rollUpToParent: 'roll_up_to_parent' },
  unset: { primarySource: null, revenueBook: null, rollUpToParent: false },
})
export const findSettings = accountSettings.find
