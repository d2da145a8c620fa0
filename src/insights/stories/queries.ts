import type { Db } from '../../platform/db/database.ts'
import { recordKind } from '../../platform/db/record.ts'
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

export const stories = recordKind(insights, {
  table: 'story',
  noun: 'story',
  fields: {
    identity: 'identity',
    finding: 'finding',
    weight: 'weight',
    foundAt: 'found_at',
    seenAt: 'seen_at',
    holds: 'holds',
    pinnedBy: 'pinned_by',
    assignedTo: 'assigned_to',
    assignedName: 'assigned_name',
    dismissedAt: 'dismissed_at',
    dismissedBy: 'dismissed_by',
    dismissedReason: 'dismissed_reason',
    dismissedLow: 'dismissed_low',
    dismissedHigh: 'dismissed_high',
    returnedAt: 'returned_at',
  },
  order: [
    ['weight', 'desc'],
    ['id', 'asc'],
  ],
})
export type StoryChange = Parameters<typeof stories.changeAtVersion>[2]

/** What an older release told in another shape is left out; the next refresh tells it anew. */
export async function listStories(db: Db, scope: Scope): Promise<StoredStory[]> {
  return (await stories.list(db, scope)).flatMap(({ finding, ...row }) => {
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
