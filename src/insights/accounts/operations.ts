import { z } from 'zod'
import { DataName, DataText, RowNumber, VersionNumber } from '../../platform/field-types.ts'
import { invalid, notFound } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { operation, type WorkspaceContext } from '../../platform/operation.ts'
import { enqueueRefresh } from '../datasets/refresh-wanted.ts'
import {
  accountSettings,
  deleteExclusion,
  deleteLink,
  findSettings,
  insertExclusion,
  listExclusions,
  listLinks,
  saveLink,
} from './queries.ts'
import { accountMatcher } from './rules.ts'
import { AccountSettings, ExclusionRule, Link, LinkDecision, Unmatched } from './schemas.ts'
import {
  countExcluded,
  namesOf,
  readBook,
  readHomeless,
  readParents,
  readSources,
  readUnmatched,
  searchBook,
} from './warehouse.ts'
import { inWarehouse } from '../../platform/warehouse/in-warehouse.ts'

const refreshed = ({ db, services, scope, actor }: WorkspaceContext) => {
  return enqueueRefresh(db, services, scope.workspaceId, actor.userId)
}

export const listUnmatched = operation({
  name: 'insights.accounts.unmatched',
  summary: 'Ids of other systems that no account of the book bears, with their ARR, usage and who they may be',
  kind: 'read',
  may: 'insights:accounts',
  restsOn: ['data'],
  sensitive: true,
  input: z.object({
    search: z.string().max(100).default(''),
    source: DataName.optional(),
    offset: RowNumber.default(0),
    limit: z.int().min(1).max(5000).default(50),
  }),
  output: z.object({
    rows: z.array(Unmatched),
    total: z.int(),
    arr: z.number(),
    events: z.int(),
    homeless: z.object({ users: z.int(), subscriptions: z.int(), events: z.int() }),
  }),
  example: () => ({}),
  csv: {
    fileName: () => 'unmatched-accounts.csv',
    rows: (o) =>
      o.rows.map(({ proposals, ...u }) => ({
        ...u,
        proposed: proposals[0]?.accountExtId ?? null,
        proposedName: proposals[0]?.accountName ?? null,
        confidence: proposals[0]?.confidence ?? null,
        why: proposals[0]?.why ?? null,
      })),
  },
  run: (context, { search, source, offset, limit }) =>
    inWarehouse(context, async (con) => {
      const text = search.toLowerCase()
      const decided = new Set(
        (await listLinks(context.db, context.scope))
          .filter((l) => l.accountExtId === null)
          .map((l) => `${l.source} ${l.extId}`),
      )
      const all = (await readUnmatched(con)).filter(
        (u) =>
          !decided.has(`${u.source} ${u.extId}`) &&
          (!source || u.source === source) &&
          `${u.extId} ${u.name ?? ''} ${u.domain ?? ''}`.toLowerCase().includes(text),
      )
      const propose = accountMatcher(await readBook(con))
      return {
        rows: all.slice(offset, offset + limit).map((u) => ({ ...u, proposals: propose(u) })),
        total: all.length,
        arr: all.reduce((sum, u) => sum + u.arr, 0),
        events: all.reduce((sum, u) => sum + u.events, 0),
        homeless: await readHomeless(con),
      }
    }),
})

export const listLinksOperation = operation({
  name: 'insights.accounts.links',
  summary: 'What people decided about who is who',
  kind: 'read',
  may: 'insights:accounts',
  restsOn: ['data'],
  input: z.object({}),
  output: z.object({ rows: z.array(Link) }),
  example: () => ({}),
  csv: { fileName: () => 'crosswalk.csv', rows: (o) => o.rows },
  run: (context) =>
    inWarehouse(context, async (con) => {
      const names = await namesOf(con)
      const links = await listLinks(context.db, context.scope)
      return {
        rows: links.map((l) => ({
          ...l,
          accountName: l.accountExtId ? (names.get(l.accountExtId) ?? null) : null,
          decidedAt: l.decidedAt.toISOString(),
        })),
      }
    }),
})

export const linkAccounts = operation({
  name: 'insights.accounts.link',
  summary: 'Say which account an id is, or that it is none of ours; many at once',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({ decisions: z.array(LinkDecision).min(1).max(500) }),
  output: z.object({ saved: z.int(), jobId: z.string() }),
  example: () => ({ decisions: [{ source: 'product', extId: 'w1', accountExtId: null }] }),
  target: (input) => `${input.decisions.length} ids`,
  prepare: (context, { decisions }) =>
    inWarehouse(context, async (con) => {
      const book = await namesOf(con)
      const unknown = decisions.find((d) => d.accountExtId !== null && !book.has(d.accountExtId))
      if (unknown) throw invalid(`“decisions”: there is no account ${unknown.accountExtId} in the book of record.`)
    }),
  async run(context, { decisions }) {
    const { db, scope, actor, now } = context
    for (const decision of decisions)
      await saveLink(db, scope, { ...decision, decidedBy: actor.name, decidedAt: now() })
    return { saved: decisions.length, jobId: await refreshed(context) }
  },
})

export const unlinkAccount = operation({
  name: 'insights.accounts.unlink',
  summary: 'Take a decision about an id back',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({ source: DataName, extId: DataText }),
  output: z.object({ jobId: z.string() }),
  example: (f) => ({ source: 'product', extId: f['linkedExtId']! }),
  target: (input) => `${input.source} ${input.extId}`,
  async run(context, { source, extId }) {
    if (!(await deleteLink(context.db, context.scope, source, extId))) throw notFound('decision', extId)
    return { jobId: await refreshed(context) }
  },
})

export const searchAccounts = operation({
  name: 'insights.accounts.search',
  summary: 'Accounts of the book by name, domain or id',
  kind: 'read',
  may: 'insights:accounts',
  restsOn: ['data'],
  input: z.object({ text: z.string().max(100) }),
  output: z.object({
    rows: z.array(z.object({ accountExtId: z.string(), name: z.string().nullable(), domain: z.string().nullable() })),
  }),
  example: () => ({ text: 'a' }),
  run: (context, { text }) => inWarehouse(context, async (con) => ({ rows: await searchBook(con, text) })),
})

export const listExclusionsOperation = operation({
  name: 'insights.accounts.exclusions',
  summary: 'Rules that keep internal, test and trial accounts out of every rate',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data'],
  input: z.object({}),
  output: z.object({ rows: z.array(ExclusionRule) }),
  example: () => ({}),
  run: (context) =>
    inWarehouse(context, async (con) => {
      const rules = await listExclusions(context.db, context.scope)
      const accounts = await countExcluded(con, rules)
      return { rows: rules.map((rule, i) => ({ ...rule, accounts: accounts[i]! })) }
    }),
})

const ExclusionDraft = ExclusionRule.omit({ id: true, accounts: true })

export const countExclusion = operation({
  name: 'insights.accounts.countExclusion',
  summary: 'How many accounts a rule would take out',
  kind: 'read',
  may: 'insights:edit',
  restsOn: ['data'],
  command: false,
  input: ExclusionDraft,
  output: z.object({ accounts: z.int() }),
  example: () => ({ field: 'name', operator: 'contains' as const, value: 'test', reason: 'test' as const }),
  run: (context, rule) => inWarehouse(context, async (con) => ({ accounts: (await countExcluded(con, [rule]))[0]! })),
})

export const addExclusion = operation({
  name: 'insights.accounts.exclude',
  summary: 'Keep accounts out by a rule on a field or an attribute',
  kind: 'write',
  may: 'insights:edit',
  input: ExclusionDraft,
  output: z.object({ id: z.string(), jobId: z.string() }),
  example: () => ({ field: 'name', operator: 'contains' as const, value: 'test', reason: 'test' as const }),
  target: (input) => `${input.field} ${input.operator} ${input.value}`,
  async run(context, rule) {
    const id = newId(context.now().getTime())
    await insertExclusion(context.db, context.scope, { id, ...rule }, context.now())
    return { id, jobId: await refreshed(context) }
  },
})

export const removeExclusion = operation({
  name: 'insights.accounts.include',
  summary: 'Take an exclusion rule back',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({ id: z.uuid() }),
  output: z.object({ jobId: z.string() }),
  example: (f) => ({ id: f['exclusionId']! }),
  target: (input) => input.id,
  async run(context, { id }) {
    if (!(await deleteExclusion(context.db, context.scope, id))) throw notFound('rule', id)
    return { jobId: await refreshed(context) }
  },
})

export const getAccountSettings = operation({
  name: 'insights.accounts.settings',
  summary: 'Which files are the books: accounts, revenue, parents',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data'],
  input: z.object({}),
  output: AccountSettings,
  example: () => ({}),
  run: (context) =>
    inWarehouse(context, async (con) => {
      const saved = await findSettings(context.db, context.scope)
      const { accounts, books, primary, book } = await readSources(con)
      return {
        primarySource: saved.primarySource ?? primary,
        sources: accounts,
        revenueBook: saved.revenueBook ?? book,
        revenueBooks: books,
        rollUpToParent: saved.rollUpToParent,
        parents: await readParents(con),
        version: saved.version,
      }
    }),
})

export const saveAccountSettings = operation({
  name: 'insights.accounts.saveSettings',
  summary: 'Choose the books of record',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({
    primarySource: DataName.nullable().default(null),
    revenueBook: DataName.nullable().default(null),
    rollUpToParent: z.boolean().default(false),
    version: VersionNumber,
  }),
  output: z.object({ version: z.int(), jobId: z.string() }),
  example: () => ({ version: 0 }),
  prepare: (context, input) =>
    inWarehouse(context, async (con) => {
      const { accounts, books } = await readSources(con)
      if (input.primarySource && !accounts.includes(input.primarySource))
        throw invalid(
          `“primarySource”: no accounts file of ${input.primarySource} was imported. There is: ${accounts.join(', ') || 'none yet'}.`,
        )
      if (input.revenueBook && !books.includes(input.revenueBook))
        throw invalid(`“revenueBook”: there is no ${input.revenueBook}. There is: ${books.join(', ') || 'none yet'}.`)
    }),
  async run(context, input) {
    const { version, ...change } = input
    const current = () => findSettings(context.db, context.scope)
    const changed = await accountSettings.changeAtVersion(context, { version, given: change }, change, current)
    return { version: changed, jobId: await refreshed(context) }
  },
})
