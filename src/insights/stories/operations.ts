import { z } from 'zod'
import { PersonId, RowNumber, VersionNumber } from '../../platform/field-types.ts'
import { invalid, notFound, precondition } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { operation, type WorkspaceContext } from '../../platform/operation.ts'
import { listPeople } from '../../platform/people/queries.ts'
import {
  findStory,
  insertNote,
  listNotes,
  listStories,
  stories,
  type StoredStory,
  type StoryChange,
} from './queries.ts'
import { isDismissed, returnText } from './rules.ts'
import { Story, type StoryNote } from './schemas.ts'

const stateOf = (s: StoredStory): Story['state'] => (isDismissed(s) ? 'dismissed' : s.holds ? 'open' : 'gone')

function shown(s: StoredStory, latest: Date | null, notes: readonly StoryNote[]): Story {
  return {
    id: s.id,
    finding: s.finding,
    weight: s.weight,
    state: stateOf(s),
    isNew: s.holds && latest !== null && s.foundAt.getTime() === latest.getTime(),
    foundAt: s.foundAt.toISOString(),
    seenAt: s.seenAt.toISOString(),
    pinnedBy: s.pinnedBy,
    assignedTo: s.assignedTo,
    assignedName: s.assignedName,
    notes: [...notes],
    version: s.version,
    dismissed: isDismissed(s)
      ? { at: s.dismissedAt!.toISOString(), by: s.dismissedBy ?? '', reason: s.dismissedReason ?? '' }
      : null,
    returned: s.returnedAt && s.dismissedAt ? returnText(s, s.finding) : null,
  }
}

/** Pinned ones first, then by weight. */
const inOrder = (a: Story, b: Story) =>
  Number(b.pinnedBy !== null) - Number(a.pinnedBy !== null) || b.weight - a.weight || (a.id < b.id ? -1 : 1)

export const listStoriesOperation = operation({
  name: 'insights.stories.list',
  summary: 'What stands out, ranked by the ARR concerned and by evidence',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['people'],
  input: z.object({
    state: z.enum(['open', 'dismissed', 'gone', 'all']).default('open'),
    featureId: z.uuid().optional(),
    limit: z.int().min(1).max(200).default(100),
    offset: RowNumber.default(0),
  }),
  output: z.object({
    rows: z.array(Story),
    total: z.int(),
    counts: z.object({ open: z.int(), fresh: z.int(), dismissed: z.int(), gone: z.int() }),
    toldAt: z.string().nullable(),
    month: z.string().nullable(),
  }),
  example: () => ({}),
  csv: {
    fileName: () => 'stories.csv',
    rows: (o) =>
      o.rows.map((s) => ({
        story: s.finding.text,
        caveat: s.finding.caveat,
        evidence: s.finding.evidence,
        rule: s.finding.rule,
        feature: s.finding.feature,
        segment: s.finding.segment,
        arr: s.finding.arr,
        accounts: s.finding.accounts,
        value: s.finding.value,
        low: s.finding.low,
        high: s.finding.high,
        state: s.state,
        new: s.isNew,
        assigned: s.assignedName,
        found_at: s.foundAt,
      })),
  },
  async run({ db, scope }, { state, featureId, limit, offset }) {
    const stored = await listStories(db, scope)
    const notes = await listNotes(db, scope)
    const latest = stored.reduce<Date | null>((last, s) => (last === null || s.seenAt > last ? s.seenAt : last), null)
    const all = stored.map((s) => shown(s, latest, notes.get(s.id) ?? [])).sort(inOrder)
    const rows = all.filter(
      (s) => (state === 'all' || s.state === state) && (!featureId || s.finding.featureId === featureId),
    )
    const count = (of: Story['state']) => all.filter((s) => s.state === of).length
    return {
      rows: rows.slice(offset, offset + limit),
      total: rows.length,
      counts: {
        open: count('open'),
        fresh: all.filter((s) => s.state === 'open' && s.isNew).length,
        dismissed: count('dismissed'),
        gone: count('gone'),
      },
      toldAt: latest?.toISOString() ?? null,
      month: all.find((s) => s.state === 'open')?.finding.month ?? null,
    }
  },
})

const On = z.object({ id: z.uuid(), version: VersionNumber })
const Changed = z.object({ version: z.int() })
const example = (f: Record<string, string>) => ({ id: f['storyId']!, version: 1 })

async function change(
  context: WorkspaceContext,
  { id, version, ...given }: { id: string; version: number; [field: string]: unknown },
  make: (story: StoredStory) => StoryChange | Promise<StoryChange>,
): Promise<{ version: number }> {
  const { db, scope } = context
  const story = await findStory(db, scope, id)
  if (!story) throw notFound('story', id)
  const known = { id, version, given }
  const current = async () =>
    shown((await findStory(db, scope, id)) ?? story, null, (await listNotes(db, scope)).get(id) ?? [])
  await stories.needVersion(context, known, current)
  const changed = await stories.changeAtVersion(context, known, await make(story), current)
  return { version: changed }
}

export const pinStory = operation({
  name: 'insights.stories.pin',
  summary: 'Keep a story on top, or let it go',
  kind: 'write',
  may: 'insights:curate',
  input: On.extend({ pinned: z.boolean().default(true) }),
  output: Changed,
  example,
  target: (input) => input.id,
  run: (context, input) => change(context, input, () => ({ pinnedBy: input.pinned ? context.actor.name : null })),
})

export const annotateStory = operation({
  name: 'insights.stories.annotate',
  summary: 'Write a note on a story',
  kind: 'write',
  may: 'insights:curate',
  input: z.object({ id: z.uuid(), text: z.string().trim().min(1).max(2000) }),
  output: z.object({ noteId: z.string() }),
  example: (f) => ({ id: f['storyId']!, text: 'Known since spring' }),
  target: (input) => input.id,
  async run({ db, scope, actor, now }, { id, text }) {
    if (!(await findStory(db, scope, id))) throw notFound('story', id)
    const noteId = newId(now().getTime())
    await insertNote(db, scope, { id: noteId, storyId: id, text, writtenBy: actor.name, writtenAt: now() })
    return { noteId }
  },
})

export const assignStory = operation({
  name: 'insights.stories.assign',
  summary: 'Give a story to somebody of the workspace, or to nobody',
  kind: 'write',
  may: 'insights:curate',
  input: On.extend({ userId: PersonId.nullable() }),
  output: Changed,
  example: (f) => ({ ...example(f), userId: null }),
  target: (input) => input.id,
  run: (context, input) =>
    change(context, input, async () => {
      if (input.userId === null) return { assignedTo: null, assignedName: null }
      const person = (await listPeople(context.db, context.scope)).find((p) => p.userId === input.userId)
      if (!person) throw invalid('“userId”: this person is no member of the workspace.')
      return { assignedTo: person.userId, assignedName: person.name }
    }),
})

export const dismissStory = operation({
  name: 'insights.stories.dismiss',
  summary: 'Put a story away with a reason; it returns only if its value leaves its interval of now',
  kind: 'write',
  may: 'insights:curate',
  input: On.extend({ reason: z.string().trim().min(3).max(500) }),
  output: Changed,
  example: (f) => ({ ...example(f), reason: 'Known, and meant so' }),
  target: (input) => input.id,
  run: (context, input) =>
    change(context, input, (s) => {
      if (isDismissed(s)) throw precondition('This story is dismissed already.')
      return {
        dismissedAt: context.now(),
        dismissedBy: context.actor.name,
        dismissedReason: input.reason,
        dismissedLow: s.finding.low,
        dismissedHigh: s.finding.high,
        returnedAt: null,
        pinnedBy: null,
      }
    }),
})

export const restoreStory = operation({
  name: 'insights.stories.restore',
  summary: 'Bring a dismissed story back',
  kind: 'write',
  may: 'insights:curate',
  input: On,
  output: Changed,
  example: (f) => ({ id: f['dismissedStoryId']!, version: 2 }),
  target: (input) => input.id,
  run: (context, input) =>
    change(context, input, (s) => {
      if (!isDismissed(s)) throw precondition('This story is not dismissed.')
      return {
        dismissedAt: null,
        dismissedBy: null,
        dismissedReason: null,
        dismissedLow: null,
        dismissedHigh: null,
        returnedAt: null,
      }
    }),
})
