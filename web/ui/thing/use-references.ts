import { useRead, type OutputOf } from '../../api.ts'

export type Reference = OutputOf<'things.references'>['rows'][number]
const none: readonly Reference[] = []

/** What refers to a thing and what it refers to, as far as this person may see it. */
export const useReferences = (kind: string, id: string): readonly Reference[] =>
  useRead('things.references', { kind, id }).data?.rows ?? none
