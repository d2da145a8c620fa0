import { z } from 'zod'
import type { Role } from '../platform/auth/permissions.ts'
import type { Db } from '../platform/db/database.ts'
import { json } from '../platform/db/record-fields.ts'
import type { Writer } from '../platform/db/record-history.ts'
import { recordKind, type Known } from '../platform/db/record.ts'
import { sharing } from './tables.ts'
import { Read, type Grants } from './schemas.ts'
import type { Scope } from '../platform/scope.ts'

const views = recordKind(sharing, {
  table: 'shared_view',
  noun: 'view',
  title: (view) => view.title,
  fields: {
    path: 'path',
    search: 'search',
    reads: json('reads', z.array(Read)),
    title: 'title',
    note: 'note',
    forStakeholders: 'for_stakeholders',
    grantAccounts: 'grant_accounts',
    grantNames: 'grant_names',
    grantExport: 'grant_export',
    sharedBy: 'shared_by',
    sharedAt: 'shared_at',
  },
  stamps: ['updated_at'],
  order: [
    ['shared_at', 'desc'],
    ['id', 'asc'],
  ],
})
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
  const people = await sharing(db)
    .selectFrom('shared_view_person')
    .where('workspace_id', '=', scope.workspaceId)
    .select(['view_id', 'user_id'])
    .orderBy('user_id')
    .execute()
  return (await views.list(db, scope)).map(({ grantAccounts, grantNames, grantExport, ...v }) => ({
    ...v,
    people: people.filter((p) => p.view_id === v.id).map((p) => p.user_id),
    grants: { accounts: grantAccounts, names: grantNames, export: grantExport },
  }))
}

export const findView = async (db: Db, scope: Scope, id: string): Promise<StoredView | null> =>
  (await listViews(db, scope)).find((v) => v.id === id) ?? null

type Audience = Pick<StoredView, 'title' | 'note' | 'forStakeholders' | 'people' | 'grants'>
const fieldsOf = ({ grants, title, note, forStakeholders }: Audience) => ({
  title,
  note,
  forStakeholders,
  grantAccounts: grants.accounts,
  grantNames: grants.names,
  grantExport: grants.export,
})

export async function insertView(
  db: Db,
  scope: Scope,
  { id, path, search, reads, sharedBy, ...audience }: Omit<StoredView, 'sharedAt' | 'version'>,
  at: Date,
): Promise<void> {
  const draft = { id, path, search, reads, sharedBy, ...fieldsOf(audience), sharedAt: at }
  await views.insert(db, scope, draft, at)
  await insertPeople(db, scope, id, audience.people)
}

async function insertPeople(db: Db, scope: Scope, viewId: string, people: readonly string[]): Promise<void> {
  if (people.length > 0)
    await sharing(db)
      .insertInto('shared_view_person')
      .values(people.map((userId) => ({ view_id: viewId, workspace_id: scope.workspaceId, user_id: userId })))
      .execute()
}

/** @throws not-found, conflict with the view as it is now */
export async function changeView(
  writer: Writer,
  known: Known,
  { people, ...audience }: Audience & { people: string[] },
  current: () => Promise<unknown>,
): Promise<void> {
  const { db, scope } = writer
  const before = (await findView(db, scope, known.id))?.people
  const change = fieldsOf({ ...audience, people })
  await views.changeAtVersion(writer, known, change, current, { people: { before, after: people } })
  await sharing(db)
    .deleteFrom('shared_view_person')
    .where('workspace_id', '=', scope.workspaceId)
    .where('view_id', '=', known.id)
    .execute()
  await insertPeople(db, scope, known.id, people)
}

/** @throws not-found */
export const removeView = views.remove

/** A view that is taken back keeps what was opened of it: it was of use. */
export async function insertOpening(
  db: Db,
  scope: Scope,
  o: { viewId: string; day: string; reader: string; role: Role; at: Date },
): Promise<void> {
  await sharing(db)
    .insertInto('shared_view_opening')
    .values({
      workspace_id: scope.workspaceId,
      view_id: o.viewId,
      on_day: o.day,
      reader: o.reader,
      role: o.role,
      opened_at: o.at,
    })
    .onConflict((c) => c.columns(['view_id', 'on_day', 'reader']).doNothing())
    .execute()
}

export async function listOpenings(
  db: Db,
  scope: Scope,
  { from, to, of }: { from: Date; to: Date; of: string | null },
): Promise<{ viewId: string; reader: string; at: Date; role: Role }[]> {
  let query = sharing(db)
    .selectFrom('shared_view_opening')
    .where('workspace_id', '=', scope.workspaceId)
    .where('opened_at', '>=', from)
    .where('opened_at', '<', to)
    .select(['view_id as viewId', 'reader', 'opened_at as at', 'role'])
  if (of !== null) query = query.where('view_id', '=', of)
  return query.orderBy('opened_at').execute()
}
