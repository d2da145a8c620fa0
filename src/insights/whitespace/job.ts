/** Hands a list over, owner by owner; what was sent before a crash is not sent again. */
import { z } from 'zod'
import { renderCsv } from '../../platform/csv.ts'
import { isProductError, precondition } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { jobKind, type JobContext } from '../../platform/jobs/queue.ts'
import { notifyLive } from '../../platform/live/queries.ts'
import { findWorkspace } from '../../platform/workspaces/queries.ts'
import { withOutcomes } from './outcomes.ts'
import { findList, insertHandover, listHandovers, listItems, type StoredList } from './queries.ts'
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
  input: HandOver,
  async run(context, input) {
    const { services, db, workspaceId, scope, jobId } = context
    const list = await findList(db, scope, input.listId)
    if (!list) throw precondition('The list is gone, so nothing was sent.')
    const all = await (
      await services.warehouses.open(workspaceId)
    ).read(async (con) => withOutcomes(con, await listItems(db, scope, list.id)))
    const items = all.filter((i) => input.owners.length === 0 || input.owners.includes(i.owner ?? 'no owner'))
    const sent = new Set(
      (await listHandovers(db, scope, list.id))
        .filter((h) => h.jobId === jobId && h.outcome === 'sent')
        .map((h) => h.target),
    )
    const link = `${services.baseUrl()}/w/${input.slug}/insights/whitespace?list=${list.id}`
    const currency = (await findWorkspace(db, workspaceId))?.currency ?? 'EUR'
    const parcels =
      input.way === 'mail'
        ? mails(list, items, { link, from: input.handedBy, currency })
        : [
            {
              target: new URL(input.url!).host,
              items,
              send: (c: JobContext) =>
                c.services.webhooks.post(
                  input.url!,
                  JSON.stringify(bodyOf(list, items, link)),
                  c.services.secretFor(`webhook ${workspaceId}`),
                ),
            },
          ]
    const failed: string[] = []
    for (const [done, parcel] of parcels.entries()) {
      context.signal.throwIfAborted()
      context.progress({
        label: input.way === 'mail' ? 'Mailing the owners' : 'Posting the list',
        done,
        total: parcels.length,
        unit: input.way === 'mail' ? 'mails' : 'posts',
      })
      if (sent.has(parcel.target)) continue
      const error = await parcel.send(context).then(
        () => null,
        (reason: unknown) => {
          if (isProductError(reason)) return reason.message
          throw reason
        },
      )
      if (error) failed.push(error)
      await services.transaction(async (tx) => {
        await insertHandover(tx, scope, {
          id: newId(context.now().getTime()),
          listId: list.id,
          jobId,
          way: input.way,
          target: parcel.target,
          items: parcel.items.length,
          outcome: error ? 'failed' : 'sent',
          error,
          handedBy: input.handedBy,
          handedAt: context.now(),
        })
        await notifyLive(tx, workspaceId, ['whitespace'])
      })
    }
    if (failed.length === parcels.length && parcels.length > 0) throw precondition(failed[0]!)
    const unaddressed = new Set(items.filter((i) => i.ownerEmail === null).map((i) => i.accountId)).size
    return {
      state: 'done',
      result: {
        sent: parcels.length - failed.length,
        failed: failed.length,
        withoutAddress: input.way === 'mail' ? unaddressed : 0,
      },
    }
  },
})

function mails(
  list: StoredList,
  items: readonly ListItem[],
  { link, from, currency }: { link: string; from: string; currency: string },
) {
  const byOwner = Map.groupBy(
    items.filter((i) => i.ownerEmail !== null),
    (i) => i.ownerEmail!,
  )
  return [...byOwner].map(([to, mine]) => ({
    target: to,
    items: mine,
    send: (c: JobContext) =>
      c.services.mail.send({
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
      }),
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
