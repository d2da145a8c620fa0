import { sql } from 'kysely'
import type { Db } from '../platform/db/database.ts'
import { requests } from './tables.ts'
import type { Scope } from '../platform/scope.ts'

export interface StoredRequest {
  id: string
  question: string
  state: 'open' | 'answered' | 'closed'
  askedBy: string
  askedAt: Date
  assignedTo: string | null
  answer: string | null
  answerAddress: string | null
  answeredBy: string | null
  answeredAt: Date | null
  sameAs: string | null
  namesAccounts: boolean
  closedBecause: string | null
  closedAt: Date | null
  version: number
}

const columns = [
  'id',
  'question',
  'state',
  'asked_by as askedBy',
  'asked_at as askedAt',
  'assigned_to as assignedTo',
  'answer',
  'answer_address as answerAddress',
  'answered_by as answeredBy',
  'answered_at as answeredAt',
  'same_as as sameAs',
  'names_accounts as namesAccounts',
  'closed_because as closedBecause',
  'closed_at as closedAt',
  'version',
] as const
const words = sql<string[]>`tsvector_to_array(to_tsvector('english', question))`.as('words')
const mine = (db: Db, scope: Scope) => requests(db).selectFrom('request').where('workspace_id', '=', scope.workspaceId)

export async function findRequest(db: Db, scope: Scope, id: string): Promise<StoredRequest | null> {
  return (await mine(db, scope).select(columns).where('id', '=', id).executeTakeFirst()) ?? null
}

/** `reader`: whose own questions, beside answered ones that name no account, are all there is to see; absent for who sees everything. */
export async function listRequests(
  db: Db,
  scope: Scope,
  wanted: {
    before?: string
    limit: number
    state?: StoredRequest['state']
    askedBy?: string
    reader?: string
    ids?: readonly string[]
  },
): Promise<StoredRequest[]> {
  let query = mine(db, scope).select(columns)
  const { before, state, askedBy, reader, ids } = wanted
  if (before) query = query.where('id', '<', before)
  if (state) query = query.where('state', '=', state)
  if (askedBy) query = query.where('asked_by', '=', askedBy)
  if (reader)
    query = query.where((e) =>
      e.or([e('asked_by', '=', reader), e.and([e('state', '=', 'answered'), e('names_accounts', '=', false)])]),
    )
  if (ids) query = query.where('id', 'in', ids.length > 0 ? ids : [null as never])
  return query.orderBy('id', 'desc').limit(wanted.limit).execute()
}

/** Asked since a moment, with the words that they are found by. */
export async function listAskedSince(
  db: Db,
  scope: Scope,
  since: Date,
): Promise<(StoredRequest & { words: string[] })[]> {
  return mine(db, scope)
    .select(columns)
    .select(words)
    .where((e) => e.or([e('asked_at', '>=', since), e('answered_at', '>=', since)]))
    .orderBy('id', 'desc')
    .limit(5000)
    .execute()
}

/** Open ones, the oldest first. */
export async function listOpen(db: Db, scope: Scope): Promise<StoredRequest[]> {
  return mine(db, scope).select(columns).where('state', '=', 'open').orderBy('id').limit(500).execute()
}

/** Answered questions that share a word with what is typed, whatever its ending; the last word may be a beginning. */
export async function findAlike(
  db: Db,
  scope: Scope,
  typed: string,
): Promise<{ typed: string[]; rows: (StoredRequest & { words: string[] })[] }> {
  const {
    rows: [asked],
  } = await sql<{ words: string[]; query: string | null }>`
    select tsvector_to_array(to_tsvector('english', ${typed}::text)) as words,
      replace(nullif(plainto_tsquery('english', ${typed}::text)::text, ''), ''' & ''', ''':* | ''') || ':*' as query`.execute(
    db,
  )
  if (!asked?.query) return { typed: [], rows: [] }
  const rows = await mine(db, scope)
    .select(columns)
    .select(words)
    .where('state', '=', 'answered')
    .where('same_as', 'is', null)
    .where(sql<boolean>`to_tsvector('english', question) @@ ${asked.query}::tsquery`)
    .orderBy(sql`ts_rank(to_tsvector('english', question), ${asked.query}::tsquery)`, 'desc')
    .orderBy('id', 'desc')
    .limit(100)
    .execute()
  return { typed: asked.words, rows }
}

export async function insertRequest(
  db: Db,
  scope: Scope,
  r: {
    id: string
    question: string
    askedBy: string
    askedAt: Date
    namesAccounts: boolean
    taken: StoredRequest | null
  },
): Promise<void> {
  await requests(db)
    .insertInto('request')
    .values({
      id: r.id,
      workspace_id: scope.workspaceId,
      question: r.question,
      state: r.taken ? 'answered' : 'open',
      asked_by: r.askedBy,
      asked_at: r.askedAt,
      assigned_to: null,
      answer: r.taken?.answer ?? null,
      answer_address: r.taken?.answerAddress ?? null,
      answered_by: r.taken?.answeredBy ?? null,
      answered_at: r.taken ? r.askedAt : null,
      same_as: r.taken?.id ?? null,
      names_accounts: r.namesAccounts || (r.taken?.namesAccounts ?? false),
      closed_because: null,
    })
    .execute()
}

type Change =
  | { to: 'answered'; answer: string; address: string | null; by: string; at: Date; namesAccounts: boolean }
  | { to: 'closed'; because: string; at: Date; namesAccounts: boolean }
  | { to: 'open' }
  | { to: 'assigned'; person: string | null }

/** @returns whether the version was still the one that was read */
export async function updateRequest(
  db: Db,
  scope: Scope,
  known: { id: string; version: number },
  change: Change,
): Promise<boolean> {
  const result = await requests(db)
    .updateTable('request')
    .set({ version: known.version + 1, ...columnsOf(change) })
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', known.id)
    .where('version', '=', known.version)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

function columnsOf(change: Change) {
  switch (change.to) {
    case 'answered':
      return {
        state: 'answered' as const,
        answer: change.answer,
        answer_address: change.address,
        answered_by: change.by,
        answered_at: change.at,
        names_accounts: change.namesAccounts,
      }
    case 'closed':
      return {
        state: 'closed' as const,
        closed_because: change.because,
        closed_at: change.at,
        names_accounts: change.namesAccounts,
      }
    case 'open':
      return { state: 'open' as const, same_as: null, answered_at: null, closed_at: null, closed_because: null }
    case 'assigned':
      return { assigned_to: change.person }
  }
}
