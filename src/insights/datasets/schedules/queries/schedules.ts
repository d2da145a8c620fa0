/** What is to be imported by itself, and when next. */
import type { Db } from '../../../../platform/db/database.ts'
import { insights } from '../../../tables.ts'
import type { ImportMode } from '../../schemas.ts'
import { Place, RejectLimit, Timing } from '../schemas.ts'
import { proveScope, type Scope } from '../../../../platform/scope.ts'

/** What was seen of a file that is not taken yet, and since when it is so. */
export type Seen = Record<string, { size: number; changedMs: number; at: string }>
export interface StoredSchedule extends Scope {
  id: string
  name: string
  mappingId: string | null
  mode: ImportMode
  rejects: RejectLimit
  place: Place
  secret: string | null
  timing: Timing
  nextAt: Date | null
  seen: Seen
  lookedAt: Date | null
  looked: string | null
  version: number
  createdBy: string
}

const columns = [
  'id',
  'workspace_id',
  'name',
  'mapping_id',
  'mode',
  'rejects',
  'place',
  'secret',
  'timing',
  'next_at',
  'seen',
  'looked_at',
  'looked',
  'version',
  'created_by',
] as const
type Row = {
  id: string
  workspace_id: string
  name: string
  mapping_id: string | null
  mode: ImportMode
  rejects: unknown
  place: unknown
  secret: string | null
  timing: unknown
  next_at: Date | null
  seen: unknown
  looked_at: Date | null
  looked: string | null
  version: number
  created_by: string
}
const shape = (r: Row): StoredSchedule => ({
  ...proveScope({ workspaceId: r.workspace_id }),
  id: r.id,
  name: r.name,
  mappingId: r.mapping_id,
  mode: r.mode,
  rejects: RejectLimit.parse(r.rejects),
  place: Place.parse(r.place),
  secret: r.secret,
  timing: Timing.parse(r.timing),
  nextAt: r.next_at,
  seen: r.seen as Seen,
  lookedAt: r.looked_at,
  looked: r.looked,
  version: r.version,
  createdBy: r.created_by,
})

export async function listSchedules(db: Db, scope: Scope): Promise<StoredSchedule[]> {
  return (
    await insights(db)
      .selectFrom('import_schedule')
      .select(columns)
      .where('workspace_id', '=', scope.workspaceId)
      .orderBy('name')
      .execute()
  ).map(shape)
}

export async function findSchedule(db: Db, scope: Scope, id: string): Promise<StoredSchedule | null> {
  const row = await insights(db)
    .selectFrom('import_schedule')
    .select(columns)
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? shape(row) : null
}

/** Of every workspace; only the ticker asks. */
export async function dueSchedules(db: Db, at: Date): Promise<StoredSchedule[]> {
  return (
    await insights(db)
      .selectFrom('import_schedule')
      .select(columns)
      .where('next_at', '<=', at)
      .orderBy('next_at')
      .limit(100)
      .execute()
  ).map(shape)
}

export type Draft = Pick<
  StoredSchedule,
  'name' | 'mappingId' | 'mode' | 'rejects' | 'place' | 'secret' | 'timing' | 'nextAt'
>
const rowOf = (d: Draft) => ({
  name: d.name,
  mapping_id: d.mappingId,
  mode: d.mode,
  rejects: JSON.stringify(d.rejects),
  place: JSON.stringify(d.place),
  secret: d.secret,
  timing: JSON.stringify(d.timing),
  next_at: d.nextAt,
})

/** @returns false where another one bears the name */
export async function insertSchedule(
  db: Db,
  scope: Scope,
  draft: Draft & { id: string; createdBy: string },
  at: Date,
): Promise<boolean> {
  const result = await insights(db)
    .insertInto('import_schedule')
    .values({
      id: draft.id,
      workspace_id: scope.workspaceId,
      ...rowOf(draft),
      created_by: draft.createdBy,
      created_at: at,
      updated_at: at,
    })
    .onConflict((c) => c.columns(['workspace_id', 'name']).doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows) > 0
}

/** What was seen at another place is forgotten with it. @returns whether the version was still the one that was read */
export async function updateSchedule(
  db: Db,
  scope: Scope,
  known: { id: string; version: number },
  draft: Draft,
  at: Date,
): Promise<boolean> {
  const result = await insights(db)
    .updateTable('import_schedule')
    .set({ ...rowOf(draft), seen: '{}', looked_at: null, looked: null, version: known.version + 1, updated_at: at })
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', known.id)
    .where('version', '=', known.version)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

export async function setNext(db: Db, scope: Scope, id: string, nextAt: Date | null): Promise<boolean> {
  const result = await insights(db)
    .updateTable('import_schedule')
    .set({ next_at: nextAt })
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

/** Whoever comes first moves the time on; another ticker then finds it moved. */
export async function claimDue(db: Db, id: string, due: Date, nextAt: Date): Promise<boolean> {
  const result = await insights(db)
    .updateTable('import_schedule')
    .set({ next_at: nextAt })
    .where('id', '=', id)
    .where('next_at', '=', due)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

export async function saveLook(
  db: Db,
  id: string,
  look: { seen: Seen; at: Date; said: string; nextAt?: Date },
): Promise<void> {
  await insights(db)
    .updateTable('import_schedule')
    .set({
      seen: JSON.stringify(look.seen),
      looked_at: look.at,
      looked: look.said,
      ...(look.nextAt ? { next_at: look.nextAt } : {}),
    })
    .where('id', '=', id)
    .execute()
}

export async function deleteSchedule(db: Db, scope: Scope, id: string): Promise<boolean> {
  const result = await insights(db)
    .deleteFrom('import_schedule')
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return Number(result.numDeletedRows) > 0
}
