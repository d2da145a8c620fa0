import { z } from 'zod'
import type { Db } from '../platform/db/database.ts'
import { sharing } from './tables.ts'
import { Read, type Grants } from './schemas.ts'
import type { Scope } from '../platform/scope.ts'

export interface StoredView {
  id: string
  path: string
  search: string
  reads: Read[]
  title: string
  note: string
  forStakeholders: boolean
  people: string[]
  grants: Grants
  sharedBy: string
  sharedAt: Date
  version: number
}

export async function listViews(db: Db, scope: Scope): Promise<StoredView[]> {
  const rows = await sharing(db)
    .selectFrom('shared_view')
    .where('workspace_id', '=', scope.workspaceId)
    .selectAll()
    .orderBy('shared_at', 'desc')
    .orderBy('id')
    .execute()
  const people = await sharing(db)
    .selectFrom('shared_view_person')
    .where('workspace_id', '=', scope.workspaceId)
    .select(['view_id', 'user_id'])
    .orderBy('user_id')
    .execute()
  return rows.map((v) => ({
    id: v.id,
    path: v.path,
    search: v.search,
    reads: z.array(Read).parse(v.reads),
    title: v.title,
    note: v.note,
    forStakeholders: v.for_stakeholders,
    people: people.filter((p) => p.view_id === v.id).map((p) => p.user_id),
    grants: { accounts: v.grant_accounts, names: v.grant_names, export: v.grant_export },
    sharedBy: v.shared_by,
    sharedAt: v.shared_at,
    version: v.version,
  }))
}

export const findView = async (db: Db, scope: Scope, id: string): Promise<StoredView | null> =>
  (await listViews(db, scope)).find((v) => v.id === id) ?? null

type Audience = Pick<StoredView, 'title' | 'note' | 'forStakeholders' | 'people' | 'grants'>
const columns = (a: Audience) => ({
  title: a.title,
  note: a.note,
  for_stakeholders: a.forStakeholders,
  grant_accounts: a.grants.accounts,
  grant_names: a.grants.names,
  grant_export: a.grants.export,
})

export async function insertView(
  db: Db,
  scope: Scope,
  view: Omit<StoredView, 'sharedAt' | 'version'>,
  at: Date,
): Promise<void> {
  await sharing(db)
    .insertInto('shared_view')
    .values({
      id: view.id,
      workspace_id: scope.workspaceId,
      path: view.path,
      search: view.search,
      reads: JSON.stringify(view.reads),
      ...columns(view),
      shared_by: view.sharedBy,
      shared_at: at,
      updated_at: at,
    })
    .execute()
  await insertPeople(db, scope, view.id, view.people)
}

async function insertPeople(db: Db, scope: Scope, viewId: string, people: readonly string[]): Promise<void> {
  if (people.length > 0)
    await sharing(db)
      .insertInto('shared_view_person')
      .values(people.map((userId) => ({ view_id: viewId, workspace_id: scope.workspaceId, user_id: userId })))
      .execute()
}

/** @returns whether the version was still the one that was read */
export async function updateView(
  db: Db,
  scope: Scope,
  view: { id: string; version: number },
  audience: Audience,
  at: Date,
): Promise<boolean> {
  const result = await sharing(db)
    .updateTable('shared_view')
    .set({ ...columns(audience), updated_at: at, version: view.version + 1 })
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', view.id)
    .where('version', '=', view.version)
    .executeTakeFirst()
  if (Number(result.numUpdatedRows) === 0) return false
  await sharing(db)
    .deleteFrom('shared_view_person')
    .where('workspace_id', '=', scope.workspaceId)
    .where('view_id', '=', view.id)
    .execute()
  await insertPeople(db, scope, view.id, audience.people)
  return true
}

export async function deleteView(db: Db, scope: Scope, id: string): Promise<void> {
  await sharing(db)
    .deleteFrom('shared_view')
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .execute()
}
