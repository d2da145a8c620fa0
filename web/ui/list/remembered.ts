/** What a person made of a list on this machine: its columns, and the views that they named. */
import { useState } from 'react'
import { useWorkspace } from '../../api.ts'
import { useSession } from '../../session.ts'

export interface ColumnChoice {
  /** By column: shown or not, where it is not as it comes. */
  shown: Record<string, boolean>
  widths: Record<string, number>
}
export interface SavedView {
  name: string
  /** The part of the address that the list and its filters stand in. */
  search: Record<string, unknown>
  columns: ColumnChoice
}

/** Kept in the browser, by workspace, person and list; what cannot be read is as if it were not there. */
function useKept<T>(kind: string, list: string, none: T): [T, (value: T) => void] {
  const person = useSession()?.person?.email ?? ''
  const key = `${kind}:${useWorkspace()}:${person}:${list}`
  const [held, setHeld] = useState<{ key: string; value: T }>()
  const value = held?.key === key ? held.value : readKept(key, none)
  return [
    value,
    (next) => {
      setHeld({ key, value: next })
      try {
        localStorage.setItem(key, JSON.stringify(next))
      } catch {
        // A browser that keeps nothing still shows it until the page is left.
      }
    },
  ]
}
function readKept<T>(key: string, none: T): T {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? 'null') as T | null) ?? none
  } catch {
    return none
  }
}

const asItComes: ColumnChoice = { shown: {}, widths: {} }
export const useColumnChoice = (list: string) => useKept('columns', list, asItComes)
const noViews: SavedView[] = []
export const useSavedViews = (list: string) => useKept('views', list, noViews)
