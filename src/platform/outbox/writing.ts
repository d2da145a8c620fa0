/** A message to somebody outside is a row of the write's own transaction; a job sends it. */
import type { Permission } from '../auth/permissions.ts'
import type { Db } from '../db/database.ts'
import { newId } from '../ids.ts'
import { isQueued } from '../jobs/queries.ts'
import type { LinkScope } from '../link-tokens/scope.ts'
import type { Scope } from '../scope.ts'
import type { Services } from '../services.ts'
import { Content, recipientOf, sealContent, type ContentDraft } from './content.ts'
import { heldBack } from './policy.ts'
import { insertMessage } from './queries/messages.ts'
import type { MessageState } from './tables.ts'

export interface MessageDraft {
  /** Names it for good: the same key is the same message, however often it is written. */
  key: string
  content: ContentDraft
  purpose: string
  about?: { kind: string; id: string }
  /** Who may see to whom it went and what it says. */
  permission: Permission
  /** The live topic that hears when it has gone. */
  topic?: string
  createdBy: string
}

export const sendJobKind = 'outbox.send'

export interface WritingContext {
  /** The transaction of the write. */
  db: Db
  scope: Scope | LinkScope
  now: () => Date
  services: Pick<Services, 'jobs' | 'secretFor' | 'rooms'>
}

/** @returns what becomes of it: `held` with a reason where it may not go now */
export async function writeMessage(
  context: WritingContext,
  draft: MessageDraft,
): Promise<{ id: string; state: MessageState; reason: string | null }> {
  const { db: tx, scope, now, services } = context
  const id = newId(now().getTime())
  const addressed = {
    channel: draft.content.channel,
    recipient: recipientOf(draft.content),
    purpose: draft.purpose,
    about: draft.about ?? null,
  }
  const reason = await heldBack(tx, scope, addressed, { outboxPolicies: services.rooms.outboxPolicies, now: now() })
  const written = await insertMessage(tx, scope, {
    ...addressed,
    id,
    key: draft.key,
    permission: draft.permission,
    topic: draft.topic ?? null,
    content: sealContent(Content.parse(draft.content), id, services),
    state: reason === null ? 'queued' : 'held',
    reason,
    createdBy: draft.createdBy,
    at: now(),
  })
  if (written.state === 'queued') await queueSending(context, draft.createdBy)
  return written
}

/** One job sends all that is there when it runs. */
export async function queueSending(
  { db: tx, scope, services }: Pick<WritingContext, 'db' | 'scope'> & { services: Pick<Services, 'jobs'> },
  createdBy: string,
): Promise<void> {
  if (await isQueued(tx, scope.workspaceId, sendJobKind)) return
  await services.jobs.enqueue(tx, { workspaceId: scope.workspaceId, kind: sendJobKind, input: {}, createdBy })
}
