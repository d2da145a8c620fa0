import { sql } from 'kysely'
import type { Db } from '../../platform/db/database.ts'
import { json } from '../../platform/db/record-fields.ts'
import { recordKind } from '../../platform/db/record.ts'
import { newId } from '../../platform/ids.ts'
import type { LinkToken } from '../../platform/link-tokens/rules.ts'
import type { LinkScope } from '../../platform/link-tokens/scope.ts'
import type { Scope } from '../../platform/scope.ts'
import { AnswerContent, FrictionEntry, Playback, Questions } from './schemas.ts'
import { tourTables } from './tables.ts'

export const waves = recordKind(tourTables, {
  table: 'tour_wave',
  noun: 'wave',
  title: (wave) => wave.title,
  fields: {
    audience: 'audience',
    title: 'title',
    state: 'state',
    note: 'note',
    questions: json('questions', Questions),
    groupOf: 'group_of',
    closesOn: 'closes_on',
    openedAt: 'opened_at',
    closedAt: 'closed_at',
    leftOver: 'left_over',
    playback: json('playback', Playback.nullable()),
    playbackAt: 'playback_at',
    createdBy: 'created_by',
    createdAt: 'created_at',
  },
  order: [['id', 'desc']],
})
export type StoredWave = NonNullable<Awaited<ReturnType<typeof waves.find>>>

/** Several questions of one wave at once: who launches, closes or answers waits for whoever does. */
export async function lockWave(tx: Db, waveId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`tour wave ${waveId}`}, 0))`.execute(tx)
}

/** How many are asked, and how many answers are counted, of each wave. */
export async function countsOf(
  db: Db,
  scope: Scope | LinkScope,
  waveIds: readonly string[],
): Promise<Map<string, { invited: number; answered: number }>> {
  if (waveIds.length === 0) return new Map()
  const ids = sql`any(${[...waveIds]}::uuid[])`
  const { rows } = await sql<{ id: string; invited: number; answered: number }>`
    select w.id,
      (select count(*) from tour_invited i where i.wave_id = w.id)::int as invited,
      (select count(*) from tour_answer a where a.wave_id = w.id)::int as answered
    from tour_wave w where w.workspace_id = ${scope.workspaceId} and w.id = ${ids}`.execute(db)
  return new Map(rows.map(({ id, ...counts }) => [id, counts]))
}

export interface Invited {
  id: string
  name: string
  email: string
  askedOn: string | null
  reminders: number
}

export async function listInvited(db: Db, scope: Scope, waveId: string): Promise<Invited[]> {
  return tourTables(db)
    .selectFrom('tour_invited')
    .select(['id', 'name', 'email', 'asked_on as askedOn', 'reminders'])
    .where('workspace_id', '=', scope.workspaceId)
    .where('wave_id', '=', waveId)
    .orderBy('name')
    .orderBy('email')
    .execute()
}

const atOnce = 500

/** @returns how many of them were new */
export async function insertInvited(
  tx: Db,
  scope: Scope,
  waveId: string,
  people: readonly { name: string; email: string }[],
  now: Date,
): Promise<number> {
  let added = 0
  for (let from = 0; from < people.length; from += atOnce) {
    const result = await tourTables(tx)
      .insertInto('tour_invited')
      .values(
        people.slice(from, from + atOnce).map((p) => ({
          id: newId(now.getTime()),
          workspace_id: scope.workspaceId,
          wave_id: waveId,
          name: p.name,
          email: p.email,
          asked_on: null,
        })),
      )
      .onConflict((c) => c.columns(['wave_id', 'email']).doNothing())
      .executeTakeFirst()
    added += Number(result.numInsertedOrUpdatedRows)
  }
  return added
}

export async function removeInvited(tx: Db, scope: Scope, waveId: string, id: string): Promise<boolean> {
  const result = await tourTables(tx)
    .deleteFrom('tour_invited')
    .where('workspace_id', '=', scope.workspaceId)
    .where('wave_id', '=', waveId)
    .where('id', '=', id)
    .executeTakeFirst()
  return Number(result.numDeletedRows) > 0
}

export async function markAsked(tx: Db, scope: Scope, ids: readonly string[], day: string): Promise<void> {
  await tourTables(tx)
    .updateTable('tour_invited')
    .set({
      asked_on: sql<string>`coalesce(asked_on, ${day}::date)`,
      reminders: sql<number>`reminders + case when asked_on is null then 0 else 1 end`,
    })
    .where('workspace_id', '=', scope.workspaceId)
    .where(sql<boolean>`id = any(${[...ids]}::uuid[])`)
    .execute()
}

/** In the order of the hashes, which says nothing of the people's. */
export async function insertTokens(tx: Db, scope: Scope, waveId: string, hashes: readonly string[]): Promise<void> {
  const sorted = [...hashes].sort()
  for (let from = 0; from < sorted.length; from += atOnce)
    await tourTables(tx)
      .insertInto('tour_token')
      .values(
        sorted.slice(from, from + atOnce).map((token_hash) => ({
          token_hash,
          workspace_id: scope.workspaceId,
          wave_id: waveId,
        })),
      )
      .onConflict((c) => c.column('token_hash').doNothing())
      .execute()
}

/** The hashes that are told to have answered: those of whole groups. */
export async function listCountedTokens(db: Db, scope: Scope, waveId: string): Promise<Set<string>> {
  const rows = await tourTables(db)
    .selectFrom('tour_token')
    .select('token_hash')
    .where('workspace_id', '=', scope.workspaceId)
    .where('wave_id', '=', waveId)
    .where('mark', '=', 2)
    .execute()
  return new Set(rows.map((r) => r.token_hash))
}

/** As links are looked up: it works, to be told what became of it, for so many days after the wave has closed. */
const readableDays = 120
export async function findTourToken(db: Db, purpose: string, tokenHash: string): Promise<LinkToken | null> {
  const row = await tourTables(db)
    .selectFrom('tour_token as t')
    .innerJoin('tour_wave as w', 'w.id', 't.wave_id')
    .select(['t.workspace_id', 't.wave_id', 'w.closes_on'])
    .where('t.token_hash', '=', tokenHash)
    .executeTakeFirst()
  if (!row) return null
  return {
    id: tokenHash,
    workspaceId: row.workspace_id,
    purpose,
    subject: { kind: 'wave', id: row.wave_id },
    expiresAt: new Date(Date.parse(row.closes_on) + readableDays * 86_400_000),
    mostUses: null,
    uses: 0,
    revokedAt: null,
  }
}

export async function findWaveByLink(db: Db, link: LinkScope): Promise<(StoredWave & { company: string }) | null> {
  const row = await tourTables(db)
    .selectFrom('tour_wave as w')
    .innerJoin('workspace as s', 's.id', 'w.workspace_id')
    .selectAll('w')
    .select('s.name as company')
    .where('w.workspace_id', '=', link.workspaceId)
    .where('w.id', '=', link.subject.id)
    .executeTakeFirst()
  return row
    ? {
        id: row.id,
        version: row.version,
        company: row.company,
        audience: row.audience,
        title: row.title,
        state: row.state,
        note: row.note,
        questions: Questions.parse(row.questions),
        groupOf: row.group_of,
        closesOn: row.closes_on,
        openedAt: row.opened_at,
        closedAt: row.closed_at,
        leftOver: row.left_over,
        playback: Playback.nullable().parse(row.playback),
        playbackAt: row.playback_at,
        createdBy: row.created_by,
        createdAt: row.created_at,
      }
    : null
}

/** @returns null for a token that is not of the wave */
export async function isTokenUsed(db: Db, link: LinkScope): Promise<boolean | null> {
  const row = await tourTables(db)
    .selectFrom('tour_token')
    .select('mark')
    .where('token_hash', '=', link.tokenId)
    .where('wave_id', '=', link.subject.id)
    .executeTakeFirst()
  return row ? row.mark > 0 : null
}

/** The first that a link sends is kept; sent again it is the same. */
export async function insertWaiting(
  db: Db,
  scope: { workspaceId: string },
  waveId: string,
  answer: { slot: string; sealed: string },
): Promise<void> {
  await tourTables(db)
    .insertInto('tour_waiting')
    .values({ workspace_id: scope.workspaceId, wave_id: waveId, ...answer })
    .onConflict((c) => c.column('slot').doNothing())
    .execute()
}

/** @returns whether it was unused until now */
export async function markUsed(tx: Db, link: LinkScope): Promise<boolean> {
  const result = await tourTables(tx)
    .updateTable('tour_token')
    .set({ mark: 1 })
    .where('token_hash', '=', link.tokenId)
    .where('wave_id', '=', link.subject.id)
    .where('mark', '=', 0)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

/** Links that were used and are not counted yet, and the answers that wait with them. */
export async function listWaiting(
  tx: Db,
  waveId: string,
): Promise<{ usedHashes: string[]; answers: { slot: string; sealed: string }[] }> {
  const used = await tourTables(tx)
    .selectFrom('tour_token')
    .select('token_hash')
    .where('wave_id', '=', waveId)
    .where('mark', '=', 1)
    .execute()
  const answers = await tourTables(tx)
    .selectFrom('tour_waiting')
    .select(['slot', 'sealed'])
    .where('wave_id', '=', waveId)
    .execute()
  return { usedHashes: used.map((r) => r.token_hash), answers }
}

/** @returns how many there were */
export async function throwWaitingAway(tx: Db, waveId: string): Promise<number> {
  const result = await tourTables(tx).deleteFrom('tour_waiting').where('wave_id', '=', waveId).executeTakeFirst()
  return Number(result.numDeletedRows)
}

/** Answers of one group, and the marks that go with them, in one transaction. */
export async function insertGroup(
  tx: Db,
  scope: { workspaceId: string },
  waveId: string,
  group: {
    answers: readonly { id: string; content: AnswerContent }[]
    slots: readonly string[]
    hashes: readonly string[]
  },
): Promise<void> {
  await tourTables(tx)
    .deleteFrom('tour_waiting')
    .where('slot', 'in', [...group.slots])
    .execute()
  await tourTables(tx)
    .insertInto('tour_answer')
    .values(
      group.answers.map(({ id, content }) => ({
        id,
        workspace_id: scope.workspaceId,
        wave_id: waveId,
        content: JSON.stringify(content),
      })),
    )
    .execute()
  await tourTables(tx)
    .updateTable('tour_token')
    .set({ mark: 2 })
    .where('token_hash', 'in', [...group.hashes])
    .execute()
}

export interface StoredAnswer {
  id: string
  waveId: string
  content: AnswerContent
  /** By entry, where somebody coded it. */
  codes: Map<number, { code: string; version: number }>
}

/** Counted answers of waves; what waits for its group is not among them. */
export async function listAnswers(db: Db, scope: Scope, waveIds: readonly string[]): Promise<StoredAnswer[]> {
  if (waveIds.length === 0) return []
  const [answers, codings] = await Promise.all([
    tourTables(db)
      .selectFrom('tour_answer')
      .select(['id', 'wave_id as waveId', 'content'])
      .where('workspace_id', '=', scope.workspaceId)
      .where('wave_id', 'in', [...waveIds])
      .orderBy('id')
      .execute(),
    tourTables(db)
      .selectFrom('tour_coding as c')
      .innerJoin('tour_answer as a', 'a.id', 'c.answer_id')
      .select(['c.answer_id as answerId', 'c.entry', 'c.code', 'c.version'])
      .where('c.workspace_id', '=', scope.workspaceId)
      .where('a.wave_id', 'in', [...waveIds])
      .execute(),
  ])
  const byAnswer = Map.groupBy(codings, (c) => c.answerId)
  // Kept as it was checked when it came in; parsing thousands of them again would cost more than reading them.
  return answers.map((a) => ({
    ...a,
    content: a.content as AnswerContent,
    codes: new Map((byAnswer.get(a.id) ?? []).map(({ entry, code, version }) => [entry, { code, version }])),
  }))
}

export async function findAnswer(db: Db, scope: Scope, id: string): Promise<StoredAnswer | null> {
  const row = await tourTables(db)
    .selectFrom('tour_answer')
    .select('wave_id')
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? ((await listAnswers(db, scope, [row.wave_id])).find((a) => a.id === id) ?? null) : null
}

/** @param known the version that was read, 0 where nobody had coded it @returns whether it still stood so */
export async function saveCoding(
  tx: Db,
  scope: Scope,
  coding: { answerId: string; entry: number; code: string; known: number },
): Promise<boolean> {
  const { answerId, entry, code, known } = coding
  if (known === 0) {
    const result = await tourTables(tx)
      .insertInto('tour_coding')
      .values({ id: newId(), workspace_id: scope.workspaceId, answer_id: answerId, entry, code })
      .onConflict((c) => c.columns(['answer_id', 'entry']).doNothing())
      .executeTakeFirst()
    return Number(result.numInsertedOrUpdatedRows) > 0
  }
  const result = await tourTables(tx)
    .updateTable('tour_coding')
    .set({ code, version: known + 1 })
    .where('workspace_id', '=', scope.workspaceId)
    .where('answer_id', '=', answerId)
    .where('entry', '=', entry)
    .where('version', '=', known)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

export const interviews = recordKind(tourTables, {
  table: 'tour_interview',
  noun: 'interview',
  title: (interview) => interview.person,
  fields: {
    audience: 'audience',
    person: 'person',
    role: 'role',
    slot: 'slot',
    state: 'state',
    notes: 'notes',
    share: 'share',
    frictions: json('frictions', FrictionEntry.array()),
    mayQuote: 'may_quote',
    heldAt: 'held_at',
    createdBy: 'created_by',
    createdAt: 'created_at',
  },
  order: [['id', 'desc']],
  // The history of changes is read by more people than the notes are for.
  secrets: ['notes', 'frictions', 'share'],
})
export type StoredInterview = NonNullable<Awaited<ReturnType<typeof interviews.find>>>

/** Members of the workspace among these addresses, so that the budget of asking knows them by who they are. */
export async function membersByEmail(db: Db, scope: Scope, emails: readonly string[]): Promise<Map<string, string>> {
  if (emails.length === 0) return new Map()
  const rows = await tourTables(db)
    .selectFrom('auth_user')
    .innerJoin('member', 'member.user_id', 'auth_user.id')
    .select(['auth_user.id', 'auth_user.email'])
    .where('member.workspace_id', '=', scope.workspaceId)
    .where(sql<boolean>`lower(auth_user.email) = any(${[...emails]}::text[])`)
    .execute()
  return new Map(rows.map((r) => [r.email.toLowerCase(), r.id]))
}
