/** What is to be imported by itself, and when next. */
import { z } from 'zod'
import type { Db } from '../../../../platform/db/database.ts'
import { json } from '../../../../platform/db/record-fields.ts'
import { recordKind } from '../../../../platform/db/record.ts'
import { insights } from '../../../tables.ts'
import { Place, RejectLimit, Timing } from '../schemas.ts'
import { proveScope, type Scope } from '../../../../platform/scope.ts'

/** What was seen of a file that is not taken yet, and since when it is so. */
const Seen = z.record(z.string(), z.object({ size: z.number(), changedMs: z.number(), at: z.string() }))
export type Seen = z.infer<typeof Seen>

export const schedules = recordKind(insights, {
  table: 'import_schedule',
  noun: 'schedule',
  title: (schedule) => schedule.name,
  fields: {
    name: 'name',
    mappingId: 'mapping_id',
    mode: 'mode',
    rejects: json('rejects', RejectLimit),
    place: json('place', Place),
    secret: 'secret',
    timing: json('timing', Timing),
    nextAt: 'next_at',
    seen: json('seen', Seen),
    lookedAt: 'looked_at',
    looked: 'looked',
    createdBy: 'created_by',
  },
  stamps: ['created_at', 'updated_at'],
  order: [['name', 'asc']],
  secrets: ['secret'],
})
/** A schedule stands for its workspace too: the ticker has no other proof. */
export type StoredSchedule = Scope & NonNullable<Awaited<ReturnType<typeof schedules.find>>>

export async function findSchedule(db: Db, scope: Scope, id: string): Promise<StoredSchedule | null> {
  const found = await schedules.find(db, scope, id)
  return found && { ...proveScope({ workspaceId: scope.workspaceId }), ...found }
}

/** Of every workspace; only the ticker asks. */
export async function dueSchedules(db: Db, at: Date): Promise<StoredSchedule[]> {
  const due = await insights(db)
    .selectFrom('import_schedule')
    .select(['id', 'workspace_id'])
    .where('next_at', '<=', at)
    .orderBy('next_at')
    .limit(100)
    .execute()
  const found: StoredSchedule[] = []
  for (const { id, workspace_id: workspaceId } of due)
    found.push(...[await findSchedule(db, proveScope({ workspaceId }), id)].filter((s) => s !== null))
  return found
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
