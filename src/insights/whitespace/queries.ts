import type { Db } from '../../platform/db/database.ts'
import { newId } from '../../platform/ids.ts'
import type { MessageState } from '../../platform/outbox/tables.ts'
import { insights } from '../tables.ts'
import type { Scope } from '../../platform/scope.ts'

export interface StoredList {
  id: string
  name: string
  month: string
  question: unknown
  note: string | null
  createdBy: string
  createdAt: Date
  archivedAt: Date | null
}
export interface StoredItem {
  listId: string
  accountId: string
  account: string
  featureId: string
  feature: string
  segment: string
  owner: string | null
  ownerEmail: string | null
  arrCents: number
  renewalDate: string | null
  lastUse: string | null
}
export interface StoredHandover {
  id: string
  listId: string
  jobId: string | null
  /** What it is in the outbox, which knows what became of it. */
  messageId: string | null
  way: 'csv' | 'mail' | 'webhook'
  target: string
  items: number
  outcome: MessageState
  error: string | null
  handedBy: string
  handedAt: Date
}

export const listLists = (db: Db, scope: Scope): Promise<StoredList[]> =>
  insights(db)
    .selectFrom('whitespace_list')
    .where('workspace_id', '=', scope.workspaceId)
    .select([
      'id',
      'name',
      'month',
      'question',
      'note',
      'created_by as createdBy',
      'created_at as createdAt',
      'archived_at as archivedAt',
    ])
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()

export const findList = async (db: Db, scope: Scope, id: string): Promise<StoredList | null> =>
  (await listLists(db, scope)).find((l) => l.id === id) ?? null

export async function insertList(db: Db, scope: Scope, list: Omit<StoredList, 'archivedAt'>): Promise<void> {
  await insights(db)
    .insertInto('whitespace_list')
    .values({
      id: list.id,
      workspace_id: scope.workspaceId,
      name: list.name,
      month: list.month,
      question: JSON.stringify(list.question),
      note: list.note,
      created_by: list.createdBy,
      created_at: list.createdAt,
    })
    .execute()
}

const atOnce = 500

export async function insertItems(
  db: Db,
  scope: Scope,
  listId: string,
  items: readonly Omit<StoredItem, 'listId'>[],
): Promise<void> {
  for (let at = 0; at < items.length; at += atOnce) {
    await insights(db)
      .insertInto('whitespace_item')
      .values(
        items.slice(at, at + atOnce).map((i) => ({
          id: newId(),
          workspace_id: scope.workspaceId,
          list_id: listId,
          account_ext_id: i.accountId,
          account_name: i.account,
          feature_id: i.featureId,
          feature_name: i.feature,
          segment: i.segment,
          owner: i.owner,
          owner_email: i.ownerEmail,
          arr_cents: i.arrCents,
          renewal_date: i.renewalDate,
          last_use: i.lastUse,
        })),
      )
      .execute()
  }
}

export async function listItems(db: Db, scope: Scope, listId?: string): Promise<StoredItem[]> {
  let query = insights(db)
    .selectFrom('whitespace_item')
    .where('workspace_id', '=', scope.workspaceId)
    .select([
      'list_id as listId',
      'account_ext_id as accountId',
      'account_name as account',
      'feature_id as featureId',
      'feature_name as feature',
      'segment',
      'owner',
      'owner_email as ownerEmail',
      'arr_cents as arrCents',
      'renewal_date as renewalDate',
      'last_use as lastUse',
    ])
    .orderBy('arr_cents', 'desc')
    .orderBy('account_ext_id')
    .orderBy('feature_name')
  if (listId) query = query.where('list_id', '=', listId)
  return query.execute()
}

/** @returns whether there was such a list */
export async function archiveList(db: Db, scope: Scope, id: string, at: Date | null): Promise<boolean> {
  const result = await insights(db)
    .updateTable('whitespace_list')
    .set({ archived_at: at })
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

export async function insertHandover(db: Db, scope: Scope, h: StoredHandover): Promise<void> {
  await insights(db)
    .insertInto('whitespace_handover')
    .values({
      id: h.id,
      workspace_id: scope.workspaceId,
      list_id: h.listId,
      job_id: h.jobId,
      message_id: h.messageId,
      way: h.way,
      target: h.target,
      items: h.items,
      outcome: h.outcome,
      error: h.error,
      handed_by: h.handedBy,
      handed_at: h.handedAt,
    })
    .onConflict((c) =>
      c
        .columns(['list_id', 'job_id', 'target'])
        .doUpdateSet({ outcome: h.outcome, error: h.error, handed_at: h.handedAt }),
    )
    .execute()
}

export async function listHandovers(db: Db, scope: Scope, listId?: string): Promise<StoredHandover[]> {
  let query = insights(db)
    .selectFrom('whitespace_handover')
    .where('workspace_id', '=', scope.workspaceId)
    .select([
      'id',
      'list_id as listId',
      'job_id as jobId',
      'message_id as messageId',
      'way',
      'target',
      'items',
      'outcome',
      'error',
      'handed_by as handedBy',
      'handed_at as handedAt',
    ])
    .orderBy('handed_at', 'desc')
    .orderBy('id', 'desc')
  if (listId) query = query.where('list_id', '=', listId)
  return query.execute()
}
