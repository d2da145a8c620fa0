/** Who changed what of a record, field by field, and how that is said to somebody who changed it at the same time. */
import { isDeepStrictEqual } from 'node:util'
import { conflict, type ProductError } from '../errors.ts'
import { newId } from '../ids.ts'
import type { Scope } from '../scope.ts'
import { shortDay } from '../wording.ts'
import type { Db } from './database.ts'

/** Who writes, where and when; an operation's context is one. */
export interface Writer {
  db: Db
  scope: Scope
  actor: { userId: string; name: string }
  now: () => Date
}

/** A field as it was and as it became, by its name. */
export type Differences = Record<string, { before: unknown; after: unknown }>

export interface Change {
  version: number
  at: Date
  by: { id: string; name: string }
  /** Null where a version was saved in which nothing differed; `removed`, for the whole of what was taken out. */
  field: string | null
  before: unknown
  after: unknown
}

/** Stands for the whole record in the history of what was removed. */
const removed = ''

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null))

export async function writeHistory(
  { db, scope, actor, now }: Writer,
  record: { kind: string; id: string; version: number },
  differences: Differences,
): Promise<void> {
  const at = now()
  const changed = Object.entries(differences)
    .map(([field, { before, after }]) => ({ field, before: asJson(before), after: asJson(after) }))
    .filter(({ before, after }) => !isDeepStrictEqual(before, after))
  const rows = changed.length > 0 ? changed : [{ field: null, before: null, after: null }]
  await db
    .insertInto('record_change')
    .values(
      rows.map(({ field, before, after }) => ({
        id: newId(at.getTime()),
        workspace_id: scope.workspaceId,
        kind: record.kind,
        record_id: record.id,
        version: record.version,
        at,
        by_id: actor.userId,
        by_name: actor.name,
        field,
        before: JSON.stringify(before),
        after: JSON.stringify(after),
      })),
    )
    .execute()
}

export const writeRemoval = (
  writer: Writer,
  record: { kind: string; id: string; version: number },
  held: object,
): Promise<void> => writeHistory(writer, record, { [removed]: { before: held, after: null } })

/** The latest first. */
export async function listHistory(db: Db, scope: Scope, kind: string, id: string): Promise<Change[]> {
  const rows = await db
    .selectFrom('record_change')
    .where('workspace_id', '=', scope.workspaceId)
    .where('kind', '=', kind)
    .where('record_id', '=', id)
    .select(['version', 'at', 'by_id', 'by_name', 'field', 'before', 'after'])
    .orderBy('version', 'desc')
    .orderBy('id')
    .execute()
  return rows.map(({ by_id, by_name, field, ...r }) => ({
    ...r,
    field: field === removed ? 'removed' : field,
    by: { id: by_id, name: by_name },
  }))
}

/** Who made a version, where that was written down: what a job or a list of many changed has no history. */
async function whoMade(db: Db, scope: Scope, record: { kind: string; id: string; version: number }) {
  return db
    .selectFrom('record_change')
    .where('workspace_id', '=', scope.workspaceId)
    .where('kind', '=', record.kind)
    .where('record_id', '=', record.id)
    .where('version', '=', record.version)
    .select(['by_name as name', 'at'])
    .limit(1)
    .executeTakeFirst()
}

const when = (at: Date) => ` on ${shortDay(at.toISOString().slice(0, 10))} at ${at.toISOString().slice(11, 16)} UTC`

/**
 * What is said to whoever changed a version that is not the latest any more.
 * @param thing in words that fit after “changed”: `the objective “X”`
 * @param given what was sent, which is not lost with the refusal
 * @param current the record as its read gives it
 */
export function changedSince(
  thing: string,
  {
    current,
    version,
    given,
    by,
  }: { current: unknown; version: number; given: object; by?: { name: string; at: Date } },
): ProductError {
  return conflict(
    `${by ? by.name : 'Somebody'} changed ${thing}${by ? when(by.at) : ''}, after you opened it. Your change was not saved: compare the two, then save again.`,
    { current, version, given, changedBy: by?.name ?? null, changedAt: by?.at.toISOString() ?? null },
  )
}

export async function staleConflict(
  { db, scope }: Pick<Writer, 'db' | 'scope'>,
  record: { kind: string; id: string; version: number; thing: string },
  given: object,
  current: unknown,
): Promise<ProductError> {
  const by = await whoMade(db, scope, record)
  return changedSince(record.thing, { current, version: record.version, given, ...(by ? { by } : {}) })
}
