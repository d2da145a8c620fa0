import type { Db } from '../../platform/db/database.ts'
import { recordKind } from '../../platform/db/record.ts'
import type { Scope } from '../../platform/scope.ts'
import { quickWins, type Side } from './tables.ts'

/** The newest first. */
export const quickWinRecords = recordKind(quickWins, {
  table: 'quick_win',
  noun: 'quick win',
  title: (win) => win.title,
  fields: {
    title: 'title',
    what: 'what',
    friction: 'friction',
    audience: 'audience',
    ownerId: 'owner_id',
    win: 'win',
    winOf: 'win_of',
    people: 'people',
    timesPerMonth: 'times_per_month',
    statedBefore: 'stated_before',
    statedAfter: 'stated_after',
    deliveredOn: 'delivered_on',
    droppedBecause: 'dropped_because',
    createdBy: 'created_by',
    createdAt: 'created_at',
  },
  stamps: ['updated_at'],
  order: [['id', 'desc']],
})
export type StoredQuickWin = NonNullable<Awaited<ReturnType<typeof quickWinRecords.find>>>

export interface StoredSample {
  quickWinId: string
  side: Side
  volunteer: string
  minutes: number
}

export const listSamples = (db: Db, scope: Scope, quickWinId?: string): Promise<StoredSample[]> => {
  let query = quickWins(db)
    .selectFrom('quick_win_sample')
    .where('workspace_id', '=', scope.workspaceId)
    .select(['quick_win_id as quickWinId', 'side', 'volunteer', 'minutes'])
  if (quickWinId !== undefined) query = query.where('quick_win_id', '=', quickWinId)
  return query.orderBy('minutes').execute()
}

/** One of each volunteer and side: a second tap corrects the first. */
export async function saveSample(db: Db, scope: Scope, sample: StoredSample & { onDay: string }): Promise<void> {
  const { minutes, onDay } = sample
  await quickWins(db)
    .insertInto('quick_win_sample')
    .values({
      quick_win_id: sample.quickWinId,
      workspace_id: scope.workspaceId,
      side: sample.side,
      volunteer: sample.volunteer,
      minutes,
      on_day: onDay,
    })
    .onConflict((c) => c.columns(['quick_win_id', 'side', 'volunteer']).doUpdateSet({ minutes, on_day: onDay }))
    .execute()
}
