/** Makes a link that works without an account; what it holds is told once and kept as a hash. */
import { randomBytes } from 'node:crypto'
import type { Db } from '../db/database.ts'
import { hashToken, newId } from '../ids.ts'
import type { Scope } from '../scope.ts'
import { insertLink } from './queries.ts'
import type { LinkScope, LinkSubject } from './scope.ts'

const tokenBytes = 16

export interface NewLink {
  purpose: string
  subject: LinkSubject
  expiresAt: Date
  /** How often something may be done with it; without a limit where it is null. Reading counts as no use. */
  mostUses: number | null
  createdBy: string | null
}

/** @param tx the transaction of the write that the link belongs to */
export async function makeLink(
  {
    db: tx,
    scope,
    now,
    services,
  }: { db: Db; scope: Scope | LinkScope; now: () => Date; services: { baseUrl: () => string } },
  link: NewLink,
): Promise<{ tokenId: string; address: string }> {
  const token = randomBytes(tokenBytes).toString('base64url')
  const tokenId = newId(now().getTime())
  await insertLink(tx, scope, { ...link, id: tokenId, tokenHash: hashToken(token), createdAt: now() })
  return { tokenId, address: `${services.baseUrl()}/l/${token}` }
}
