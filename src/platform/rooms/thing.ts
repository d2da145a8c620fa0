/** What has a page of its own and can be linked, searched and decided on: a feature, a decision, a request. */
import type { Permission } from '../auth/permissions.ts'
import type { WorkspaceContext } from '../operation.ts'

export interface Thing {
  id: string
  title: string
  /** Its page within the workspace; null where it has none any more. */
  address: string | null
  /** In a few words what state it is in, or what sort it is of. */
  detail?: string | null
}

export interface ThingKind {
  /** As it stands in links: plain text, the singular of the glossary's word. */
  kind: string
  /** For headings: `Features`. */
  many: string
  /** Who may see that there is such a thing. */
  may: Permission
  /** Those of the ids that exist and that this person may see. An id that is no id of this kind finds nothing. */
  find: (context: WorkspaceContext, ids: readonly string[]) => Promise<Thing[]>
  /** The best first; absent where it cannot be searched. */
  search?: (context: WorkspaceContext, words: string, limit: number) => Promise<Thing[]>
  /** Things of this kind that refer to another by a field of theirs; links are read for every kind alike. */
  referringTo?: (
    context: WorkspaceContext,
    thing: { kind: string; id: string },
  ) => Promise<{ kind: string; id: string; relation: string }[]>
}

const isReadAsJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** An address with search parameters as the web reads them: a text that would be read as a number or the like stands in quotes. */
export const addressOf = (path: string, search: Readonly<Record<string, unknown>> = {}): string => {
  const parts = Object.entries(search).map(
    ([key, value]) =>
      `${key}=${encodeURIComponent(typeof value === 'string' && !isReadAsJson(value) ? value : JSON.stringify(value))}`,
  )
  return parts.length === 0 ? path : `${path}?${parts.join('&')}`
}

const plain = (text: string) => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()

/** Those whose title holds every word, whatever case and accents: whole title first, then its beginning, a word's beginning, anywhere. */
export function bestMatches<T extends { title: string }>(all: readonly T[], words: string, limit: number): T[] {
  const sought = plain(words).split(/\s+/).filter(Boolean)
  if (sought.length === 0) return []
  const whole = sought.join(' ')
  const rank = (title: string): number => {
    const told = plain(title)
    if (!sought.every((word) => told.includes(word))) return -1
    if (told === whole) return 3
    if (told.startsWith(whole)) return 2
    return told.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(sought[0]!)) ? 1 : 0
  }
  return all
    .map((one, i) => ({ one, i, rank: rank(one.title) }))
    .filter((m) => m.rank >= 0)
    .sort((a, b) => b.rank - a.rank || a.one.title.length - b.one.title.length || a.i - b.i)
    .slice(0, limit)
    .map((m) => m.one)
}
