import { addresses } from '../platform/rooms/addresses.ts'
import { z } from 'zod'
import { forbidden, invalid, notFound } from '../platform/errors.ts'
import { hashToken, newId } from '../platform/ids.ts'
import { operation, type WorkspaceContext } from '../platform/operation.ts'
import { listPeople, namesOfPeople } from '../platform/people/queries.ts'
import type { Shareable } from '../platform/rooms/shareable.ts'
import { accountsOf, allAccountsOf, answersOf } from './opening.ts'
import { named } from '../platform/field-types.ts'
import { changeView, findView, insertView, listViews, removeView, type StoredView } from './queries.ts'
import { insertOpening } from './queries.ts'
import { checkGrants, checkReads, mayChange, maySee, needGrant } from './rules.ts'
import { OpenedView, ViewChange, ViewDraft, ViewSummary } from './schemas.ts'

const shareableAt = ({ services }: WorkspaceContext, path: string): Shareable | null =>
  services.rooms.shareables.find((s) => s.path === path) ?? null
const viewerOf = ({ actor, scope }: WorkspaceContext) => ({ userId: actor.userId, role: scope.role, may: scope.may })

function summaryOf(context: WorkspaceContext, v: StoredView, names: ReadonlyMap<string, string>): ViewSummary {
  const isInside = mayChange(v, viewerOf(context))
  return {
    id: v.id,
    path: v.path,
    search: v.search,
    question: shareableAt(context, v.path)?.question ?? v.path,
    title: v.title,
    note: v.note,
    sharedBy: names.get(v.sharedBy) ?? 'somebody who left',
    sharedAt: v.sharedAt.toISOString(),
    grants: v.grants,
    link: `${context.services.baseUrl()}/w/${context.scope.slug}${addresses.view}/${v.id}`,
    forStakeholders: v.forStakeholders,
    mayChange: isInside,
    version: v.version,
    people: isInside ? v.people.map((userId) => ({ userId, name: names.get(userId) ?? userId })) : [],
  }
}

/** @throws not-found for whoever it was not shared with, as if it did not exist */
async function need(context: WorkspaceContext, id: string): Promise<{ view: StoredView; shareable: Shareable }> {
  const view = await findView(context.db, context.scope, id)
  const shareable = view ? shareableAt(context, view.path) : null
  if (!view || !shareable || !maySee(view, shareable, viewerOf(context))) throw notFound('shared view', id)
  return { view, shareable }
}

async function needOwn(context: WorkspaceContext, id: string): Promise<{ view: StoredView; shareable: Shareable }> {
  const found = await need(context, id)
  if (!mayChange(found.view, viewerOf(context))) throw forbidden('Who shared it changes it, or Product Ops.')
  return found
}

async function checkPeople({ db, scope }: WorkspaceContext, people: readonly string[]): Promise<string[]> {
  const members = new Set((await listPeople(db, scope)).map((p) => p.userId))
  const stranger = people.find((id) => !members.has(id))
  if (stranger !== undefined) throw invalid(`“people”: ${stranger} is not a person of this workspace.`)
  return [...new Set(people)]
}

export const shareView = operation({
  name: 'insights.views.share',
  summary: 'Share a page as it stands with people or with all stakeholders; its figures count as published',
  kind: 'write',
  may: 'insights:curate',
  command: false,
  input: ViewDraft,
  output: z.object({
    id: z.string(),
    link: z.string(),
    published: z.int().describe('figures frozen as they were shared'),
  }),
  target: (input) => `${input.title} (${input.path})`,
  example: () => ({
    path: '/insights/health',
    reads: [{ operation: 'insights.analyses.productHealth', input: {} }],
    title: 'Product health',
    forStakeholders: true,
  }),
  prepare: async (context, draft) => {
    const { shareable, reads } = checkReads(context.services.rooms.shareables, draft.path, draft.reads)
    checkGrants(draft.grants, context.scope.role)
    await shareable.checkGroups(context, reads, draft.grants)
    await answersOf(context, shareable, { reads, grants: draft.grants })
    return { reads, publish: await shareable.publish(context, reads) }
  },
  async run(context, { path, search, reads: _, ...audience }, { reads, publish }) {
    const { db, scope, actor, now, services } = context
    const id = newId(now().getTime())
    await insertView(
      db,
      scope,
      {
        ...audience,
        id,
        path,
        search,
        reads,
        people: await checkPeople(context, audience.people),
        sharedBy: actor.userId,
      },
      now(),
    )
    return {
      id,
      link: `${services.baseUrl()}/w/${scope.slug}${addresses.view}/${id}`,
      published: await publish(context, `Shared: ${audience.title}`),
    }
  },
})

export const listViewsOperation = operation({
  name: 'insights.views.list',
  summary: 'What was shared with you, and what you shared',
  kind: 'read',
  may: 'shared:read',
  restsOn: ['people'],
  input: z.object({}),
  output: z.object({ rows: z.array(ViewSummary), shareable: z.array(z.string()).describe('pages that can be shared') }),
  example: () => ({}),
  async run(context) {
    const views = (await listViews(context.db, context.scope)).filter((v) => {
      const shareable = shareableAt(context, v.path)
      return shareable !== null && maySee(v, shareable, viewerOf(context))
    })
    const names = await namesOfPeople(
      context.db,
      views.flatMap((v) => [v.sharedBy, ...v.people]),
    )
    return {
      rows: views.map((v) => summaryOf(context, v, names)),
      shareable: context.services.rooms.shareables.map((s) => s.path),
    }
  },
})

export const updateViewOperation = operation({
  name: 'insights.views.update',
  summary: 'Change with whom a view is shared, what it grants, its title and note',
  kind: 'write',
  may: 'insights:curate',
  command: false,
  input: ViewChange,
  output: z.object({}),
  example: (f) => ({ id: f['viewId']!, version: 1, title: 'Product health', forStakeholders: true }),
  target: (input) => input.id,
  prepare: async (context, change) => {
    const { view, shareable } = await needOwn(context, change.id)
    checkGrants(change.grants, context.scope.role)
    await shareable.checkGroups(context, view.reads, change.grants)
  },
  async run(context, { id, version, ...audience }) {
    await needOwn(context, id)
    const current = async () => {
      const { view } = await needOwn(context, id)
      return summaryOf(context, view, await namesOfPeople(context.db, [view.sharedBy, ...view.people]))
    }
    const people = await checkPeople(context, audience.people)
    await changeView(context, { id, version, given: audience }, { ...audience, people }, current)
    return {}
  },
})

export const unshareView = operation({
  name: 'insights.views.unshare',
  summary: 'Take a shared view back; its link shows nothing from then on',
  kind: 'write',
  may: 'insights:curate',
  input: z.object({ id: z.uuid() }),
  output: z.object({}),
  example: (f) => ({ id: f['viewId']! }),
  target: (input) => input.id,
  async run(context, { id }) {
    await needOwn(context, id)
    await removeView(context, id)
    return {}
  },
})

/** Once a day for each reader, whoever that is: of them only a hash is kept that changes with the day. Who shared it is no reader. */
async function noteOpening({ db, scope, actor, now, services }: WorkspaceContext, view: StoredView): Promise<void> {
  if (actor.userId === view.sharedBy) return
  const at = now()
  const day = at.toISOString().slice(0, 10)
  const reader = hashToken(`${services.secretFor('openings')} ${day} ${view.id} ${actor.userId}`)
  await insertOpening(db, scope, { viewId: view.id, day, reader, role: scope.role, at })
}

export const openView = operation({
  name: 'insights.views.open',
  summary: 'A shared view: its analyses as they were asked, by today’s data; aggregates only',
  kind: 'read',
  may: 'shared:read',
  input: z.object({ id: z.uuid() }),
  output: OpenedView,
  example: (f) => ({ id: f['viewId']! }),
  async run(context, { id }) {
    const { view, shareable } = await need(context, id)
    await shareable.checkGroups(context, view.reads, view.grants)
    const answers = await answersOf(context, shareable, view)
    const options = await shareable.choices(context, view.reads)
    const { dataTo, month } = await shareable.standing(context)
    const names = await namesOfPeople(context.db, [view.sharedBy, ...view.people])
    await noteOpening(context, view)
    return {
      view: summaryOf(context, view, names),
      dataTo,
      month,
      options,
      accounts: view.grants.accounts ? (shareable.accounts?.operation.name ?? null) : null,
      withheld: [...new Set(answers.flatMap((a) => a.said ?? []))],
      answers: answers.map(({ analysis, output }) => ({ operation: analysis.name, output })),
    }
  },
})

const Choice = named(z.string().max(60), z.unknown(), 60).describe(
  'of the page’s drill-down: a segment, a feature, a kind of movement',
)

export const listViewAccounts = operation({
  name: 'insights.views.accounts',
  summary: 'The rows behind a figure of a shared view, where it grants them; names only where it grants those',
  kind: 'read',
  may: 'shared:read',
  sensitive: true,
  command: false,
  input: z.object({
    id: z.uuid(),
    choice: Choice.default({}),
    cursor: z.string().max(12).optional(),
    limit: z.int().min(1).max(200).default(100),
  }),
  output: z.looseObject({ rows: z.array(z.record(z.string(), z.unknown())), nextCursor: z.string().nullable() }),
  example: (f) => ({ id: f['viewId']!, choice: { kind: 'churn' } }),
  target: (input) => input.id,
  async run(context, { id, ...asked }) {
    const { view, shareable } = await need(context, id)
    needGrant(view.grants, 'accounts')
    await shareable.checkGroups(context, view.reads, view.grants)
    return accountsOf(context, shareable, view, asked)
  },
})

const Cell = z.union([z.string(), z.number(), z.boolean(), z.null()])
const mostExported = 10_000

export const exportView = operation({
  name: 'insights.views.export',
  summary: 'A table of a shared view as CSV, where it grants export; the rows of accounts where it grants those too',
  kind: 'read',
  may: 'shared:read',
  sensitive: true,
  command: false,
  input: z.object({
    id: z.uuid(),
    operation: z.string().max(120).optional().describe('which of its analyses; the first where absent'),
    choice: Choice.optional().describe('the accounts behind this, instead of the analysis'),
  }),
  output: z.object({ fileName: z.string(), table: z.array(z.record(z.string(), Cell)) }),
  example: (f) => ({ id: f['viewId']! }),
  target: (input) => input.id,
  csv: { fileName: (o) => o.fileName, rows: (o) => o.table },
  async run(context, { id, operation: named, choice }) {
    const { view, shareable } = await need(context, id)
    needGrant(view.grants, 'export')
    await shareable.checkGroups(context, view.reads, view.grants)
    if (choice) return exportAccounts(context, shareable, view, choice)
    const analysis = named === undefined ? shareable.analyses[0] : shareable.analyses.find((a) => a.name === named)
    if (!analysis?.csv) throw notFound('table of this view', named ?? shareable.path)
    const [answer] = await answersOf(context, { ...shareable, analyses: [analysis] }, view)
    return { fileName: analysis.csv.fileName(answer!.output), table: analysis.csv.rows(answer!.output) }
  },
})

async function exportAccounts(
  context: WorkspaceContext,
  shareable: Shareable,
  view: StoredView,
  choice: Record<string, unknown>,
) {
  needGrant(view.grants, 'accounts')
  const rows = await allAccountsOf(context, shareable, view, choice, mostExported)
  const { csv } = shareable.accounts!.operation
  return { fileName: csv?.fileName({}) ?? 'accounts.csv', table: csv ? csv.rows({ rows }) : [] }
}
