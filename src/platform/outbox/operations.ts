import { z } from 'zod'
import { notFound, precondition } from '../errors.ts'
import { operation, type WorkspaceContext } from '../operation.ts'
import { openContent, withLinksCut } from './content.ts'
import { heldBack } from './policy.ts'
import { findMessageForUpdate, listMessages, queueMessageAgain, type StoredMessage } from './queries/messages.ts'
import { queueSending } from './writing.ts'

const State = z.enum(['queued', 'sent', 'failed', 'held'])
const Message = z.object({
  id: z.string(),
  channel: z.enum(['mail', 'webhook']),
  purpose: z.string(),
  about: z.object({ kind: z.string(), id: z.string() }).nullable(),
  state: State,
  reason: z.string().nullable(),
  attempts: z.int(),
  createdAt: z.string(),
  nextAt: z.string().nullable().describe('when it is tried again'),
  endedAt: z.string().nullable(),
  isWithheld: z.boolean().describe('whether your role may not see to whom it goes and what it says'),
  recipient: z.string().nullable(),
  subject: z.string().nullable(),
  text: z.string().nullable().describe('without what makes its links work; nothing where it is not kept any more'),
  attachments: z.array(z.string()),
})

function shown(
  { services, scope }: Pick<WorkspaceContext, 'services' | 'scope'>,
  m: StoredMessage,
): z.infer<typeof Message> {
  const maySee = scope.may(m.permission)
  const content = maySee && m.content !== null ? withLinksCut(openContent(m.content, m.id, services)) : null
  const isMail = content?.channel === 'mail'
  return {
    id: m.id,
    channel: m.channel,
    purpose: m.purpose,
    about: m.about,
    state: m.state,
    // A server's answer may repeat the address.
    reason: maySee || m.state === 'held' ? m.reason : null,
    attempts: m.attempts,
    createdAt: m.createdAt.toISOString(),
    nextAt: m.state === 'queued' ? m.nextAt.toISOString() : null,
    endedAt: m.endedAt?.toISOString() ?? null,
    isWithheld: !maySee,
    recipient: maySee ? m.recipient : null,
    subject: isMail ? content.subject : null,
    text: isMail ? content.text : (content?.body ?? null),
    attachments: isMail ? content.attachments.map((a) => a.filename) : [],
  }
}

export const listOutbox = operation({
  name: 'outbox.list',
  summary: 'Mails and posts to people and systems outside: what waits, went out, failed or is held back',
  kind: 'read',
  may: 'workspace:admin',
  sensitive: true,
  input: z.object({
    cursor: z.uuid().optional(),
    limit: z.int().min(1).max(200).default(50),
    state: State.optional(),
  }),
  output: z.object({ rows: z.array(Message), nextCursor: z.string().nullable() }),
  example: () => ({ limit: 10 }),
  async run(context, { cursor, limit, state }) {
    const found = await listMessages(context.db, context.scope, { before: cursor, limit: limit + 1, state })
    const rows = found.slice(0, limit).map((m) => shown(context, m))
    return { rows, nextCursor: found.length > limit ? rows.at(-1)!.id : null }
  },
})

export const releaseMessage = operation({
  name: 'outbox.release',
  summary: 'Send a message that failed or is held back, where nothing speaks against it any more',
  kind: 'write',
  may: 'workspace:admin',
  input: z.object({ id: z.uuid() }),
  output: z.object({}),
  example: (f) => ({ id: f['messageId']! }),
  target: (input) => input.id,
  async run({ db, scope, actor, now, services }, { id }) {
    const message = await findMessageForUpdate(db, scope, id)
    if (!message) throw notFound('message', id)
    if (message.state !== 'failed' && message.state !== 'held')
      throw precondition(
        message.state === 'sent' ? 'This message has gone out already.' : 'This message is waiting to be sent already.',
      )
    if (message.content === null) throw precondition('The text of this message is not kept any more. Write it anew.')
    const reason = await heldBack(db, scope, message, { outboxPolicies: services.rooms.outboxPolicies, now: now() })
    if (reason !== null) throw precondition(reason)
    await queueMessageAgain(db, scope, id, now())
    await queueSending({ db, scope, services }, actor.userId)
    return {}
  },
})
