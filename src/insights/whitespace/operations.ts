import { z } from 'zod'
import { DataText } from '../../platform/field-types.ts'
import { invalid, notFound, precondition } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { noMailServer } from '../../platform/mail/mail.ts'
import { operation, type WorkspaceContext } from '../../platform/operation.ts'
import { statesOfMessages } from '../../platform/outbox/queries/messages.ts'
import { parseWebhookUrl } from '../../platform/webhooks/send.ts'
import { currencyOf } from '../analyses/ground/asking.ts'
import { findOpen } from '../analyses/whitespace/accounts.ts'
import { WhitespaceInput } from '../analyses/whitespace/asking.ts'
import { withOutcomes } from './outcomes.ts'
import {
  archiveList,
  findList,
  insertHandover,
  insertItems,
  insertList,
  listHandovers,
  listItems,
  listLists,
  type StoredHandover,
  type StoredList,
} from './queries.ts'
import { summarise } from './rules.ts'
import { Handover, ListItem, ListSummary } from './schemas.ts'
import { inWarehouse } from '../../platform/warehouse/in-warehouse.ts'

const mostItems = 5000

export const saveWhitespace = operation({
  name: 'insights.whitespace.save',
  summary: 'Keep a list of accounts that may use a feature and do not, to hand it over and see what becomes of it',
  kind: 'write',
  may: 'insights:curate',
  input: WhitespaceInput.extend({
    name: z.string().trim().min(1).max(120),
    note: z.string().trim().max(2000).nullable().default(null),
  }),
  output: z.object({ id: z.string(), items: z.int(), accounts: z.int() }),
  example: () => ({ name: 'Collaboration in Enterprise', month: '2025-12' }),
  target: (input) => input.name,
  prepare: (context, { name: _, note: __, ...question }) =>
    inWarehouse(context, (con) => findOpen(context, con, question, mostItems)),
  async run({ db, scope, actor, now }, { name, note, ...question }, found) {
    if (found.rows.length === 0) throw precondition('Nobody fits, so there is nothing to keep. Take a filter away.')
    if (found.total > mostItems)
      throw invalid(
        `${found.total.toLocaleString('en-GB')} lines are more than one list may hold (${mostItems.toLocaleString('en-GB')}). Choose fewer features or segments.`,
      )
    const id = newId(now().getTime())
    await insertList(db, scope, {
      id,
      name,
      month: found.month,
      question,
      note,
      createdBy: actor.name,
      createdAt: now(),
    })
    await insertItems(
      db,
      scope,
      id,
      found.rows.map((r) => ({
        accountId: r.accountId,
        account: r.account,
        featureId: r.featureId,
        feature: r.feature,
        segment: r.segment,
        owner: r.owner,
        ownerEmail: r.ownerEmail,
        arrCents: Math.round(r.arr * 100),
        renewalDate: r.renewalDate,
        lastUse: r.lastUse,
      })),
    )
    return { id, items: found.rows.length, accounts: new Set(found.rows.map((r) => r.accountId)).size }
  },
})

/** With what the outbox knows by now of those that went by it. */
async function handedOver({ db, scope }: WorkspaceContext, listId: string): Promise<StoredHandover[]> {
  const handovers = await listHandovers(db, scope, listId)
  const states = await statesOfMessages(
    db,
    scope,
    handovers.flatMap((h) => h.messageId ?? []),
  )
  return handovers.map((h) => {
    const now = h.messageId === null ? undefined : states.get(h.messageId)
    return now ? { ...h, outcome: now.state, error: now.reason } : h
  })
}

const shownHandover = (h: StoredHandover) => ({
  id: h.id,
  way: h.way,
  target: h.target,
  items: h.items,
  outcome: h.outcome,
  error: h.error,
  handedBy: h.handedBy,
  handedAt: h.handedAt.toISOString(),
})
const summaryOf = (list: StoredList, items: readonly ListItem[], handovers: number): ListSummary => ({
  id: list.id,
  name: list.name,
  month: list.month,
  note: list.note,
  createdBy: list.createdBy,
  createdAt: list.createdAt.toISOString(),
  isArchived: list.archivedAt !== null,
  handovers,
  ...summarise(items),
})

export const listWhitespaceLists = operation({
  name: 'insights.whitespace.lists',
  summary: 'Lists that were kept, with what became of their accounts',
  kind: 'read',
  may: 'insights:accounts',
  restsOn: ['data', 'workspaces'],
  input: z.object({ archived: z.boolean().default(false) }),
  output: z.object({ currency: z.string(), rows: z.array(ListSummary) }),
  example: () => ({}),
  csv: {
    fileName: () => 'whitespace-lists.csv',
    rows: (o) =>
      o.rows.map((l) => ({
        list: l.name,
        made_at: l.createdAt,
        made_by: l.createdBy,
        month: l.month,
        features: l.features.join('; '),
        accounts: l.accounts,
        arr_then: l.arrThen,
        pairs: l.pairs,
        adopted_since: l.adopted,
        renewed: l.outcome.renewed.accounts,
        left: l.outcome.left.accounts,
        due: l.outcome.due.accounts,
      })),
  },
  async run(context, { archived }) {
    const lists = (await listLists(context.db, context.scope)).filter((l) => (l.archivedAt !== null) === archived)
    const items = await listItems(context.db, context.scope)
    const handovers = await listHandovers(context.db, context.scope)
    const told = await inWarehouse(context, (con) =>
      withOutcomes(
        con,
        items.filter((i) => lists.some((l) => l.id === i.listId)),
      ),
    )
    return {
      currency: await currencyOf(context),
      rows: lists.map((l) =>
        summaryOf(
          l,
          told.filter((i) => i.listId === l.id),
          handovers.filter((h) => h.listId === l.id).length,
        ),
      ),
    }
  },
})

async function need(context: WorkspaceContext, id: string): Promise<StoredList> {
  const list = await findList(context.db, context.scope, id)
  if (!list) throw notFound('list', id)
  return list
}

export const getWhitespaceList = operation({
  name: 'insights.whitespace.get',
  summary: 'One kept list: each account as it was and as it is',
  kind: 'read',
  may: 'insights:accounts',
  restsOn: ['data', 'workspaces'],
  sensitive: true,
  input: z.object({ id: z.uuid() }),
  output: z.object({
    currency: z.string(),
    list: ListSummary,
    question: z.record(z.string(), z.unknown()),
    rows: z.array(ListItem),
    handovers: z.array(Handover),
    canMail: z.boolean(),
  }),
  example: (f) => ({ id: f['whitespaceListId']! }),
  target: (input) => input.id,
  csv: {
    fileName: (o) => `${o.list.name}.csv`,
    rows: (o) =>
      o.rows.map((i) => ({
        account_id: i.accountId,
        account: i.account,
        segment: i.segment,
        feature: i.feature,
        owner: i.owner,
        owner_email: i.ownerEmail,
        arr_then: i.arrThen,
        arr_now: i.arrNow,
        renewal_date: i.renewalDate,
        last_use_then: i.lastUseThen,
        adopted_since: i.hasAdopted,
        renewal: i.renewal,
      })),
  },
  async run(context, { id }) {
    const list = await need(context, id)
    const handovers = await handedOver(context, id)
    const rows = (
      await inWarehouse(context, async (con) => withOutcomes(con, await listItems(context.db, context.scope, id)))
    ).map(({ listId: _, ...item }) => item)
    return {
      currency: await currencyOf(context),
      list: summaryOf(list, rows, handovers.length),
      question: list.question as Record<string, unknown>,
      rows,
      handovers: handovers.map(shownHandover),
      canMail: context.services.mail.isSetUp,
    }
  },
})

export const archiveWhitespaceList = operation({
  name: 'insights.whitespace.archive',
  summary: 'Put a kept list away, or take it out again',
  kind: 'write',
  may: 'insights:curate',
  input: z.object({ id: z.uuid(), archived: z.boolean().default(true) }),
  output: z.object({ id: z.string() }),
  example: (f) => ({ id: f['whitespaceListId']! }),
  target: (input) => input.id,
  async run({ db, scope, now }, { id, archived }) {
    if (!(await archiveList(db, scope, id, archived ? now() : null))) throw notFound('list', id)
    return { id }
  },
})

export const handOverWhitespace = operation({
  name: 'insights.whitespace.handOver',
  summary: 'Hand a kept list over: by mail to the owners of its accounts, or to a webhook',
  kind: 'write',
  may: 'insights:curate',
  input: z.object({
    id: z.uuid(),
    way: z.enum(['csv', 'mail', 'webhook']),
    url: z.string().max(2000).optional().describe('where the webhook posts to'),
    owners: z.array(DataText).max(500).default([]).describe('only these owners; all where absent'),
  }),
  output: z.object({
    jobId: z.string().nullable(),
    secret: z.string().nullable().describe('with which the receiver checks x-throughline-signature'),
  }),
  example: (f) => ({ id: f['whitespaceListId']!, way: 'csv' as const }),
  target: (input) => `${input.id} by ${input.way}`,
  async run(context, input) {
    const { db, scope, services, actor, now } = context
    const list = await need(context, input.id)
    if (input.way === 'csv') {
      await insertHandover(db, scope, {
        id: newId(now().getTime()),
        listId: list.id,
        jobId: null,
        messageId: null,
        way: 'csv',
        target: 'downloaded',
        items: (await listItems(db, scope, list.id)).length,
        outcome: 'sent',
        error: null,
        handedBy: actor.name,
        handedAt: now(),
      })
      return { jobId: null, secret: null }
    }
    if (input.way === 'mail' && !services.mail.isSetUp) throw noMailServer()
    if (input.way === 'webhook' && !input.url) throw invalid('“url”: say where to post the list to.')
    if (input.url && input.way === 'webhook') parseWebhookUrl(input.url, services.webhooks.mayReachPrivate)
    const jobId = await services.jobs.enqueue(db, {
      workspaceId: scope.workspaceId,
      kind: 'insights.handOver',
      input: {
        listId: list.id,
        way: input.way,
        url: input.url ?? null,
        owners: input.owners,
        handedBy: actor.name,
        slug: scope.slug,
      },
      createdBy: actor.userId,
    })
    return { jobId, secret: input.way === 'webhook' ? services.secretFor(`webhook ${scope.workspaceId}`) : null }
  },
})
