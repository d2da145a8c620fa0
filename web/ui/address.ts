/** What a page shows is in its address; what is absent there is the default. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useSharedFrame } from '../api.ts'

/** What opens on a page without asking another question: all that can be chosen in a shared view. */
const openings: ReadonlySet<string> = new Set(['cell', 'open', 'kind', 'in', 'find'])
const onlyOpenings = (some: object) => Object.fromEntries(Object.entries(some).filter(([key]) => openings.has(key)))

/** What a page itself reads of its address has to be like this; the rest is asked of the server, which says what is wrong with it. */
export type Fits<T> = { readonly [K in keyof T]?: (value: unknown) => boolean }
export const isText = (value: unknown): boolean => typeof value === 'string'
export const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText)
export const isOneOf =
  (...known: readonly string[]) =>
  (value: unknown): boolean =>
    typeof value === 'string' && known.includes(value)
/** What is opened over a page: these parts are there as texts, and every other is one value. */
export const isPick =
  (...needed: readonly string[]) =>
  (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    needed.every((key) => typeof (value as Record<string, unknown>)[key] === 'string') &&
    Object.values(value).every((part) => part === null || typeof part !== 'object')

/**
 * The search parameters and a way to change some of them; `undefined` takes one out. A step that opens something (`asStep`) can be gone back from.
 * @param fits what does not fit is as if it were not there
 */
export function useAddress<T extends object>(
  fits: Fits<T> = {},
): [T, (change: Partial<T>, options?: { asStep?: boolean }) => void] {
  const given = useSearch({ strict: false }) as T
  const own = Object.fromEntries(
    Object.entries(given).filter(([key, value]) => fits[key as keyof T]?.(value) ?? true),
  ) as T
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
