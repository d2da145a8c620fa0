/** Hands a list over: a message of the outbox for each owner, or one for the webhook. */
import { z } from 'zod'
import { renderCsv } from '../../platform/csv.ts'
import { precondition } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { jobKind, type JobContext } from '../../platform/jobs/queue.ts'
import { notifyLive } from '../../platform/live/queries.ts'
import { addresses } from '../../platform/rooms/addresses.ts'
import { recipientOf, type ContentDraft } from '../../platform/outbox/content.ts'
import { writeMessage } from '../../platform/outbox/writing.ts'
import { findWorkspace } from '../../platform/workspaces/queries.ts'
import { withOutcomes } from './outcomes.ts'
import { findList, insertHandover, listItems, type StoredList } from './queries.ts'
import { mailFor } from './rules.ts'
import type { ListItem } from './schemas.ts'

const HandOver = z.object({
  listId: z.uuid(),
  way: z.enum(['mail', 'webhook']),
  url: z.string().nullable(),
  owners: z.array(z.string()),
  handedBy: z.string(),
  slug: z.string(),
})

export const handOverJob = jobKind({
  kind: 'insights.handOver',
  touches: ['insights.whitespace'],
  input: HandOver,
  async run(context, input) {
    const { services, db, workspaceId, scope } = context
    const list = await findList(db, scope, input.listId)
    if (!list) throw precondition('The list is gone, so nothing was sent.')
    const all = await (
      await services.warehouses.open(workspaceId)
    ).read(async (con) => withOutcomes(con, await listItems(db, scope, list.id)))
    const items = all.filter((i) => input.owners.length === 0 || input.owners.includes(i.owner ?? 'no owner'))
    const link = `${services.baseUrl()}/w/${input.slug}${addresses.list}?list=${list.id}`
    const currency = (await findWorkspace(db, workspaceId))?.currency ?? 'EUR'
    const parcels: Parcel[] =
      input.way === 'mail'
        ? mails(list, items, { link, from: input.handedBy, currency })
        : [{ items, content: { channel: 'webhook', url: input.url!, body: JSON.stringify(bodyOf(list, items, link)) } }]
    const told = { queued: 0, held: 0 }
    await services.transaction(async (tx) => {
      for (const parcel of parcels) {
        const message = await writeParcel({ ...context, db: tx }, parcel, input)
        told[message.state === 'held' ? 'held' : 'queued'] += 1
      }
      await notifyLive(tx, workspaceId, ['insights.whitespace'])
    })
    const unaddressed = new Set(items.filter((i) => i.ownerEmail === null).map((i) => i.accountId)).size
    return { state: 'done', result: { ...told, withoutAddress: input.way === 'mail' ? unaddressed : 0 } }
  },
})

interface Parcel {
  items: readonly ListItem[]
  content: ContentDraft
}

/** Its key names the job: run again after a crash, it writes nothing twice. */
async function writeParcel(context: JobContext, parcel: Parcel, input: z.output<typeof HandOver>) {
  const target = recipientOf(parcel.content)
  const message = await writeMessage(context, {
    key: `whitespace ${context.jobId} ${target}`,
    content: parcel.content,
    purpose: 'whitespace',
    about: { kind: 'whitespace-list', id: input.listId },
    permission: 'insights:accounts',
    topic: 'insights.whitespace',
    createdBy: context.createdBy,
  })
  await insertHandover(context.db, context.scope, {
    id: newId(context.now().getTime()),
    listId: input.listId,
    jobId: context.jobId,
    messageId: message.id,
    way: input.way,
    target,
    items: parcel.items.length,
    outcome: message.state,
    error: message.reason,
    handedBy: input.handedBy,
    handedAt: context.now(),
  })
  return message
}

function mails(
  list: StoredList,
  items: readonly ListItem[],
  { link, from, currency }: { link: string; from: string; currency: string },
): Parcel[] {
  const byOwner = Map.groupBy(
    items.filter((i) => i.ownerEmail !== null),
    (i) => i.ownerEmail!.toLowerCase(),
  )
  return [...byOwner].map(([to, mine]) => ({
    items: mine,
    content: {
      channel: 'mail',
      to,
      ...mailFor(
        { name: list.name, month: list.month, note: list.note, link, from },
        mine[0]!.owner ?? to,
        mine,
        currency,
      ),
      attachments: [
        { filename: `${list.name.replaceAll(/[^\w.-]+/g, '-')}.csv`, content: renderCsv(mine.map(lineOf)) },
      ],
    },
  }))
}

const lineOf = (i: ListItem) => ({
  account_id: i.accountId,
  account: i.account,
  segment: i.segment,
  feature: i.feature,
  owner: i.owner,
  owner_email: i.ownerEmail,
  arr: i.arrThen,
  renewal_date: i.renewalDate,
  last_use: i.lastUseThen,
})
const bodyOf = (list: StoredList, items: readonly ListItem[], link: string) => ({
  event: 'whitespace.list',
  list: {
    id: list.id,
    name: list.name,
    month: list.month,
    note: list.note,
    link,
    madeBy: list.createdBy,
    madeAt: list.createdAt.toISOString(),
  },
  items: items.map(lineOf),
})
