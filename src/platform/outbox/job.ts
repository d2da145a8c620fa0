/**
 * Sends what is due, each message at most once: it is marked before it goes out, and what bears the mark after a crash is held for a
 * person to decide, since a mail that may have arrived is never sent again by itself.
 */
import { z } from 'zod'
import { isProductError } from '../errors.ts'
import { jobKind, type JobContext } from '../jobs/queue.ts'
import { notifyLive } from '../live/queries.ts'
import { openContent, sealContent, withLinksCut } from './content.ts'
import { heldBack } from './policy.ts'
import {
  beginNext,
  forgetContents,
  hasDueMessages,
  holdInterrupted,
  settleMessage,
  workspacesToSend,
  type StoredMessage,
} from './queries/messages.ts'
import { failureOf, nextTryAt } from './rules.ts'
import { queueSending, sendJobKind } from './writing.ts'

/** Others of the queue get their turn in between. */
const mostAtOnce = 50
const contentKeptDays = 90
/** Longer than any sending takes. */
const goneAfterMs = 5 * 60_000
const before = (now: Date, ms: number) => new Date(now.getTime() - ms)

export const sendOutboxJob = jobKind({
  kind: sendJobKind,
  touches: ['outbox'],
  input: z.object({}),
  due: (db, at) => workspacesToSend(db, sendJobKind, at, before(at, goneAfterMs)),
  async run(context) {
    const { services, scope, jobId, now, signal } = context
    const told = { sent: 0, failed: 0, held: 0, queued: 0 }
    told.held += await services.transaction(async (tx) => {
      const held = await holdInterrupted(tx, scope, { jobId, begunBefore: before(now(), goneAfterMs) }, now())
      if (held > 0) await notifyLive(tx, scope.workspaceId, ['outbox'])
      return held
    })
    await forgetContents(context.db, scope, before(now(), contentKeptDays * 86_400_000))
    for (let done = 0; done < mostAtOnce; done += 1) {
      signal.throwIfAborted()
      const message = await beginNext(context.db, scope, jobId, now())
      if (!message) break
      context.progress({ label: 'Sending', done, total: null, unit: 'messages' })
      told[await deliver(context, message)] += 1
    }
    if (await hasDueMessages(context.db, scope, now()))
      await services.transaction((tx) => queueSending({ db: tx, scope, services }, context.createdBy))
    return { state: 'done', result: told }
  },
})

async function deliver(context: JobContext, message: StoredMessage): Promise<StoredMessage['state']> {
  const { services, scope, now } = context
  const end = await endOf(context, message)
  await services.transaction(async (tx) => {
    await settleMessage(tx, message.id, context.jobId, { ...end, at: now() })
    await notifyLive(tx, scope.workspaceId, ['outbox', ...(message.topic ? [message.topic] : [])])
  })
  return end.state
}

type End = Omit<Parameters<typeof settleMessage>[3], 'at'>

async function endOf(context: JobContext, message: StoredMessage): Promise<End> {
  const { services, db, scope, now } = context
  const reason = await heldBack(db, scope, message, { outboxPolicies: services.rooms.outboxPolicies, now: now() })
  if (reason !== null) return { state: 'held', reason }
  if (message.content === null) return { state: 'failed', reason: 'Its text is not kept any more.' }
  try {
    const content = openContent(message.content, message.id, services)
    await send(context, message.id, content)
    return { state: 'sent', reason: null, content: sealContent(withLinksCut(content), message.id, services) }
  } catch (error) {
    if (!isProductError(error)) services.log.error({ err: error, messageId: message.id }, 'a message was not sent')
    return afterFailure(error, message.attempts, now())
  }
}

function afterFailure(error: unknown, attempts: number, now: Date): End {
  const said = isProductError(error) ? error.message : 'Something went wrong on our side.'
  switch (failureOf(error)) {
    case 'never':
      return { state: 'failed', reason: said }
    case 'unsure':
      return { state: 'held', reason: `${said} It may have arrived. Send it again only if it has not.` }
    case 'again': {
      const nextAt = nextTryAt(attempts, now)
      return nextAt ? { state: 'queued', reason: said, nextAt } : { state: 'failed', reason: said }
    }
  }
}

async function send(
  { services, scope }: JobContext,
  id: string,
  content: ReturnType<typeof openContent>,
): Promise<void> {
  if (content.channel === 'webhook')
    await services.webhooks.post(content.url, content.body, services.secretFor(`webhook ${scope.workspaceId}`), id)
  else {
    const { channel: _, ...mail } = content
    await services.mail.send({ ...mail, id })
  }
}
