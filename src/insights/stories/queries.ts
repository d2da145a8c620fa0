import type { Db } from '../../platform/db/database.ts'
import { insights } from '../tables.ts'
import type { Known } from './rules.ts'
import { Finding, type StoryNote } from './schemas.ts'
import type { Scope } from '../../platform/scope.ts'

export interface StoredStory extends Known {
  weight: number
  seenAt: Date
  pinnedBy: string | null
  assignedTo: string | null
  assignedName: string | null
  dismissedBy: string | null
}

const selected = [
  'id',
  'identity',
  'finding',
  'weight',
  'found_at as foundAt',
  'seen_at as seenAt',
  'holds',
  'pinned_by as pinnedBy',
  'assigned_to as assignedTo',
  'assigned_name as assignedName',
  'dismissed_at as dismissedAt',
  'dismissed_by as dismissedBy',
  'dismissed_reason as dismissedReason',
  'dismissed_low as dismissedLow',
  'dismissed_high as dismissedHigh',
  'returned_at as returnedAt',
  'version',
] as const

/** What an older release told in another shape is left out; the next refresh tells it anew. */
export async function listStories(db: Db, scope: Scope): Promise<StoredStory[]> {
  const rows = await insights(db)
    .selectFrom('story')
    .where('workspace_id', '=', scope.workspaceId)
    .select(selected)
    .orderBy('weight', 'desc')
    .orderBy('id')
    .execute()
  return rows.flatMap(({ finding, ...row }) => {
    const parsed = Finding.safeParse(finding)
    return parsed.success ? [{ ...row, finding: parsed.data }] : []
  })
}

export const findStory = async (db: Db, scope: Scope, id: string): Promise<StoredStory | null> =>
  (await listStories(db, scope)).find((s) => s.id === id) ?? null

const told = (finding: Finding, weight: number, at: Date) => ({
  finding: JSON.stringify(finding),
  weight,
  month: finding.month,
  seen_at: at,
  holds: true,
})

export async function insertStory(
  db: Db,
  scope: Scope,
  story: { id: string; identity: string; finding: Finding; weight: number; at: Date },
): Promise<void> {
  const { finding } = story
  await insights(db)
    .insertInto('story')
    .values({
      id: story.id,
      workspace_id: scope.workspaceId,
      identity: story.identity,
      rule: finding.rule,
      feature_id: finding.featureId,
      segment_by: finding.segmentBy,
      segment: finding.segment,
      found_at: story.at,
      ...told(finding, story.weight, story.at),
    })
    .onConflict((c) => c.columns(['workspace_id', 'identity']).doUpdateSet(told(finding, story.weight, story.at)))
    .execute()
}

/** @param foundAt when a story that held no more holds again it is found anew */
export async function retellStory(
  db: Db,
  scope: Scope,
  id: string,
  story: { finding: Finding; weight: number; at: Date; returnedAt: Date | null; foundAt: Date },
): Promise<void> {
  await insights(db)
    .updateTable('story')
    .set({ ...told(story.finding, story.weight, story.at), returned_at: story.returnedAt, found_at: story.foundAt })
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .execute()
}

export async function endStories(db: Db, scope: Scope, ids: readonly string[]): Promise<void> {
  if (ids.length > 0)
    await insights(db)
      .updateTable('story')
      .set({ holds: false })
      .where('workspace_id', '=', scope.workspaceId)
      .where('id', 'in', [...ids])
      .execute()
}

export type StoryChange = Partial<{
  pinned_by: string | null
  assigned_to: string | null
  assigned_name: string | null
  dismissed_at: Date | null
  dismissed_by: string | null
  dismissed_reason: string | null
  dismissed_low: number | null
  dismissed_high: number | null
  returned_at: Date | null
}>

/** @returns whether the version was still the one that was read */
export async function changeStory(
  db: Db,
  scope: Scope,
  id: string,
  version: number,
  change: StoryChange,
): Promise<boolean> {
  const result = await insights(db)
    .updateTable('story')
    .set({ ...change, version: version + 1 })
    .where('workspace_id', '=', scope.workspaceId)
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

export async function insertNote(
  db: Db,
  scope: Scope,
  note: { id: string; storyId: string; text: string; writtenBy: string; writtenAt: Date },
): Promise<void> {
  await insights(db)
    .insertInto('story_note')
    .values({
      id: note.id,
      workspace_id: scope.workspaceId,
      story_id: note.storyId,
      text: note.text,
      written_by: note.writtenBy,
      written_at: note.writtenAt,
    })
    .execute()
}

export async function listNotes(db: Db, scope: Scope): Promise<Map<string, StoryNote[]>> {
  const rows = await insights(db)
    .selectFrom('story_note')
    .where('workspace_id', '=', scope.workspaceId)
    .select(['id', 'story_id', 'text', 'written_by', 'written_at'])
    .orderBy('written_at')
    .orderBy('id')
    .execute()
  const notes = new Map<string, StoryNote[]>()
  for (const row of rows)
    notes.set(row.story_id, [
      ...(notes.get(row.story_id) ?? []),
      { id: row.id, text: row.text, writtenBy: row.written_by, writtenAt: row.written_at.toISOString() },
    ])
  return notes
}
