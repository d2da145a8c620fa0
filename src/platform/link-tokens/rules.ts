/** When a link works, and what the holder of one that does not is told: one of three words, and nothing more. */
import { limit, precondition, ProductError } from '../errors.ts'

export interface LinkToken {
  id: string
  workspaceId: string
  purpose: string
  subject: { kind: string; id: string }
  expiresAt: Date
  mostUses: number | null
  uses: number
  revokedAt: Date | null
}

export type LinkState = 'open' | 'expired' | 'used' | 'unknown'

/** @returns whether a token works now for a purpose (any, where none is asked for); one that was revoked has expired */
export function linkStateOf(token: LinkToken | null, purpose: string | null, now: Date): LinkState {
  if (!token || (purpose !== null && token.purpose !== purpose)) return 'unknown'
  if (token.mostUses !== null && token.uses >= token.mostUses) return 'used'
  if (token.revokedAt !== null || token.expiresAt <= now) return 'expired'
  return 'open'
}

const words: Record<Exclude<LinkState, 'open'>, string> = {
  expired: 'This link has expired.',
  used: 'This link has been used.',
  unknown: 'This link is unknown.',
}

export const badLink = (state: Exclude<LinkState, 'open'>): ProductError =>
  state === 'unknown'
    ? new ProductError('not-found', words.unknown, { details: { link: state } })
    : precondition(words[state], { link: state })

export const linkRates = {
  /** Calls with links from one address: a whole office may open theirs at once. */
  all: { most: 300, windowMs: 60_000 },
  /** Calls with links that do not work. */
  bad: { most: 20, windowMs: 60_000 },
}
export const tooManyLinks = (): ProductError =>
  limit('Too many calls from this address. Wait a minute, then try again.', { retryAfterSeconds: 60 })

/** Links within a text, without what makes them work: for whoever may read the text and is not whom it is for. */
export const withoutLinks = (text: string): string => text.replaceAll(/\/l\/[\w-]{16,}/g, '/l/…')
