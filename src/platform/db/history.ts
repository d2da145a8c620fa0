/**
 * What was so when, and what was known of it when. Valid time: from when on a field had a value. Recorded time: when that was written
 * down. Append only: a correction of the past is another row with the same or an earlier valid time and a later recorded one.
 */
import { sql } from 'kysely'
import type { Scope } from '../scope.ts'
import type { Db } from './database.ts'
import { newId } from '../ids.ts'

/** Null: from then on the field has no value. */
export type HistoryValue =
  | string
  | number
  | boolean
  | null
  | readonly HistoryValue[]
  | { readonly [key: string]: HistoryValue }

/** The column holds what `recordHistory` wrote, and that takes nothing else. */
const asWritten = (value: unknown) => value as HistoryValue

export interface HistoryEntry {
  id: string
  field: string
  value: HistoryValue
  validFrom: Date
  recordedAt: Date
  /** Where it comes from: a person, an import, a connection. */
  source: string
  who: string | null
}

const atOnce = 1000

/** @param tx the transaction of the write that makes it so */
export async function recordHistory(
  tx: Db,
  scope: Scope,
  kind: string,
  entries: readonly Omit<HistoryEntry, 'recordedAt'>[],
  recordedAt: Date,
): Promise<void> {
  for (let from = 0; from < entries.length; from += atOnce)
    await tx
      .insertInto('history')
      .values(
        entries.slice(from, from + atOnce).map((e) => ({
          id: newId(recordedAt.getTime()),
          workspace_id: scope.workspaceId,
          kind,
          thing_id: e.id,
          field: e.field,
          value: JSON.stringify(e.value),
          valid_from: e.validFrom,
          recorded_at: recordedAt,
          source: e.source,
          who: e.who,
        })),
      )
      .execute()
}

/** Both instants inclusive. Without `recordedAt`: as known today. A baseline or a deck fixes both. */
export interface AsOf {
  validAt: Date
  recordedAt?: Date
}

/**
 * Every field of every thing of a kind as it was at a time, by what was written down until another: of what was valid by then the
 * latest, and of what was said of the same moment the last word.
 * @returns by the thing's id; a thing of which nothing was known by then is not there
 */
export async function asOf(
  db: Db,
  scope: Scope,
  kind: string,
  { validAt, recordedAt }: AsOf,
): Promise<Map<string, Record<string, HistoryValue>>> {
  let query = db
    .selectFrom('history')
    .distinctOn(['thing_id', 'field'])
    .select(['thing_id', 'field', 'value'])
    .where('workspace_id', '=', scope.workspaceId)
    .where('kind', '=', kind)
    .where('valid_from', '<=', validAt)
  if (recordedAt) query = query.where('recorded_at', '<=', recordedAt)
  const rows = await query
    .orderBy('thing_id')
    .orderBy('field')
    .orderBy('valid_from', 'desc')
    .orderBy('recorded_at', 'desc')
    .orderBy('place', 'desc')
    .execute()
  const things = new Map<string, Record<string, HistoryValue>>()
  for (const { thing_id, field, value } of rows) {
    const thing = things.get(thing_id) ?? {}
    thing[field] = asWritten(value)
    things.set(thing_id, thing)
  }
  return things
}

/** All that was ever written down of one thing, in the order in which it was. */
export async function historyOf(db: Db, scope: Scope, kind: string, id: string): Promise<HistoryEntry[]> {
  const rows = await db
    .selectFrom('history')
    .select([
      'thing_id as id',
      'field',
      'value',
      'valid_from as validFrom',
      'recorded_at as recordedAt',
      'source',
      'who',
    ])
    .where('workspace_id', '=', scope.workspaceId)
    .where('kind', '=', kind)
    .where('thing_id', '=', id)
    .orderBy('recorded_at')
    .orderBy('place')
    .execute()
  return rows.map((row) => ({ ...row, value: asWritten(row.value) }))
}

/** The one exception to append-only: a person who has to be forgotten. @returns how many rows went */
export async function eraseHistory(tx: Db, scope: Scope, kind: string, id: string): Promise<number> {
  await sql`select set_config('throughline.erases', 'on', true)`.execute(tx)
  const result = await tx
    .deleteFrom('history')
    .where('workspace_id', '=', scope.workspaceId)
    .where('kind', '=', kind)
    .where('thing_id', '=', id)
    .executeTakeFirst()
  await sql`select set_config('throughline.erases', 'off', true)`.execute(tx)
  return Number(result.numDeletedRows)
}
