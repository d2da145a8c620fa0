import { sql } from 'kysely'
import type { Role } from '../platform/auth/permissions.ts'
import type { Db } from '../platform/db/database.ts'
import { recordKind } from '../platform/db/record.ts'
import { requests } from './tables.ts'
import type { Scope } from '../platform/scope.ts'

/** The newest first. */
export const requestRecords = recordKind(requests, {
  table: 'request',
  noun: 'request',
  title: (request) => request.question,
  fields: {
    question: 'question',
    state: 'state',
    askedBy: 'asked_by',
    askedAt: 'asked_at',
    assignedTo: 'assigned_to',
    answer: 'answer',
    answerAddress: 'answer_address',
    answeredBy: 'answered_by',
    answeredAt: 'answered_at',
    sameAs: 'same_as',
    namesAccounts: 'names_accounts',
    closedBecause: 'closed_because',
    closedAt: 'closed_at',
  },
  order: [['id', 'desc']],
})
export type StoredRequest = NonNullable<Awaited<ReturnType<typeof requestRecords.find>>>

const words = sql<string[]>`tsvector_to_array(to_tsvector('english', question))`.as('words')
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
  const { before, state, askedBy, reader, ids } = wanted
  return requestRecords.list(db, scope, (all) => {
    let query = all
    if (before) query = query.where('id', '<', before)
    if (state) query = query.where('state', '=', state)
    if (askedBy) query = query.where('asked_by', '=', askedBy)
    if (reader)
      query = query.where((e) =>
        e.or([e('asked_by', '=', reader), e.and([e('state', '=', 'answered'), e('names_accounts', '=', false)])]),
      )
    if (ids) query = query.where('id', 'in', ids.length > 0 ? ids : [null as never])
    return query.orderBy('id', 'desc').limit(wanted.limit)
  })
}

/** Asked since a moment, with the words that they are found by. */
export async function listAskedSince(
  db: Db,
  scope: Scope,
  since: Date,
): Promise<(StoredRequest & { words: string[] })[]> {
  return requestRecords.list(db, scope, (all) =>
    all
      .select(words)
      .where((e) => e.or([e('asked_at', '>=', since), e('answered_at', '>=', since)]))
      .orderBy('id', 'desc')
      .limit(5000),
  )
}

/** Open ones, the oldest first. */
export async function listOpen(db: Db, scope: Scope): Promise<StoredRequest[]> {
  return requestRecords.list(db, scope, (all) => all.where('state', '=', 'open').orderBy('id').limit(500))
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
  const rows = await requestRecords.list(db, scope, (all) =>
    all
      .select(words)
      .where('state', '=', 'answered')
      .where('same_as', 'is', null)
      .where(sql<boolean>`to_tsvector('english', question) @@ ${asked.query}::tsquery`)
      .orderBy(sql`ts_rank(to_tsvector('english', question), ${asked.query}::tsquery)`, 'desc')
      .orderBy('id', 'desc')
      .limit(100),
  )
  return { typed: asked.words, rows }
}

/** @param taken the earlier request whose answer answers this one too */
export async function insertRequest(
  db: Db,
  scope: Scope,
  r: Pick<StoredRequest, 'id' | 'question' | 'askedBy' | 'askedAt' | 'namesAccounts'> & { taken: StoredRequest | null },
): Promise<void> {
  const { taken, ...asked } = r
  const answered = taken && {
    state: 'answered' as const,
    answer: taken.answer,
    answerAddress: taken.answerAddress,
    answeredBy: taken.answeredBy,
    answeredAt: r.askedAt,
    sameAs: taken.id,
    namesAccounts: r.namesAccounts || taken.namesAccounts,
  }
  await requestRecords.insert(db, scope, { state: 'open', ...asked, ...answered }, r.askedAt)
}

/** Those whose answer stands and was given within a span, each with the role that whoever asked has today. */
export async function listAnsweredWithin(
  db: Db,
  scope: Scope,
  { from, to }: { from: Date; to: Date },
): Promise<{ id: string; askedAt: Date; answeredAt: Date; role: Role | null }[]> {
  const rows = await requests(db)
    .selectFrom('request')
    .leftJoin('member', (on) =>
      on.onRef('member.user_id', '=', 'request.asked_by').onRef('member.workspace_id', '=', 'request.workspace_id'),
    )
    .where('request.workspace_id', '=', scope.workspaceId)
    .where('request.state', '=', 'answered')
    .where('request.answered_at', '>=', from)
    .where('request.answered_at', '<', to)
    .select(['request.id', 'request.asked_at', 'request.answered_at', 'member.role'])
    .orderBy('request.answered_at')
    .execute()
  return rows.map((r) => ({ id: r.id, askedAt: r.asked_at, answeredAt: r.answered_at!, role: r.role }))
}
