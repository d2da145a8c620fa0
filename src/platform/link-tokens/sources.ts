import type { Db } from '../db/database.ts'
import type { LinkToken } from './rules.ts'

/**
 * Links of one purpose that a room keeps itself, where the common table would say too much of them. The room marks them as used: a
 * write by such a link takes no use of its own accord.
 */
export interface LinkSource {
  purpose: string
  /** Of any workspace: the token alone says of which. */
  find: (db: Db, tokenHash: string) => Promise<LinkToken | null>
}

export async function findAmong(db: Db, sources: readonly LinkSource[], tokenHash: string): Promise<LinkToken | null> {
  for (const source of sources) {
    const found = await source.find(db, tokenHash)
    if (found) return found
  }
  return null
}
