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
  /** Things that refer to this one by a field of theirs; links are read for every kind alike. */
  referring?: (context: WorkspaceContext, id: string) => Promise<{ kind: string; id: string; relation: string }[]>
}
