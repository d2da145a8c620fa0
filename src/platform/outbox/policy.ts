import type { Db } from '../db/database.ts'
import type { LinkScope } from '../link-tokens/scope.ts'
import type { Scope } from '../scope.ts'
import { findWorkspace } from '../workspaces/queries.ts'
import type { Channel } from './tables.ts'

export interface Addressed {
  channel: Channel
  recipient: string
  purpose: string
  about: { kind: string; id: string } | null
}

/**
 * Whether somebody may be written to: contributed by the rooms that know of consent. Asked when a message is written and again when
 * it is sent, since much can happen in between. @returns null where it may go, else why not
 */
export interface OutboxPolicy {
  name: string
  ask: (db: Db, scope: Scope | LinkScope, message: Addressed, now: Date) => Promise<string | null>
}

export const sampleNeverSends = 'This is the sample company: nothing is sent from it.'

/** @returns why a message is held back, if it is */
export async function heldBack(
  db: Db,
  scope: Scope | LinkScope,
  message: Addressed,
  { outboxPolicies, now }: { outboxPolicies: readonly OutboxPolicy[]; now: Date },
): Promise<string | null> {
  if ((await findWorkspace(db, scope.workspaceId))?.kind === 'sample') return sampleNeverSends
  for (const policy of outboxPolicies) {
    const reason = await policy.ask(db, scope, message, now)
    if (reason !== null) return reason
  }
  return null
}
