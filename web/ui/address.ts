/** What a page shows is in its address; what is absent there is the default. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useSharedFrame } from '../api.ts'

/** What opens on a page without asking another question: all that can be chosen in a shared view. */
const openings: ReadonlySet<string> = new Set(['cell', 'open', 'kind', 'in', 'find'])
const onlyOpenings = (some: object) => Object.fromEntries(Object.entries(some).filter(([key]) => openings.has(key)))

/** The search parameters and a way to change some of them; `undefined` takes one out. A step that opens something (`asStep`) can be gone back from. */
export function useAddress<T extends object>(): [T, (change: Partial<T>, options?: { asStep?: boolean }) => void] {
  const own = useSearch({ strict: false }) as T
  const navigate = useNavigate()
  const frame = useSharedFrame()
  const set = (change: Partial<T>, { asStep = false } = {}) => {
    const taken = frame ? onlyOpenings(change) : change
    void navigate({
      to: '.',
      search: (now: Record<string, unknown>) =>
        Object.fromEntries(Object.entries({ ...now, ...taken }).filter(([, value]) => value !== undefined)),
      replace: !asStep,
      resetScroll: false,
    } as never)
  }
  return [frame ? ({ ...frame.search, ...onlyOpenings(own) } as T) : own, set]
}

/** An address within the workspace, as the server names it, for a link: path and search parameters apart. */
export function linkTo(workspace: string, address: string): { to: string; search: Record<string, unknown> } {
  const { pathname, searchParams } = new URL(address, 'http://local')
  const value = (text: string): unknown => {
    try {
      return JSON.parse(text) as unknown
    } catch {
      return text
    }
  }
  return {
    to: `/w/${workspace}${pathname === '/' ? '' : pathname}`,
    search: Object.fromEntries([...searchParams].map(([key, text]) => [key, value(text)])),
  }
}
