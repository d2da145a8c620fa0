/** How a figure is defined, and how such a text is written. */

export interface Definition {
  key: string
  name: string
  short: string
  /** In whole sentences. */
  definition: string
  formula: string | null
  /** What the figure is a share of, or whom it is about. */
  base: string
  /** Over which time, or at which day. */
  window: string
  unit: string
  /** When it is not shown, or shown with a mark. */
  suppression: string | null
  notCounted: string[]
  version: number
  /** Of versions after the first: since when it is computed so, for every month shown. */
  changes: { version: number; on: string; text: string }[]
  source: string | null
  example: string | null
}

/** Long text stands as its lines, which a space joins. */
type Text = string | readonly string[]
const joined = (text: Text): string => (typeof text === 'string' ? text : text.join(' '))
const joinedOrNone = (text: Text | undefined): string | null => (text === undefined ? null : joined(text))

interface Entry {
  key: string
  name: string
  short: string
  definition: Text
  formula?: Text
  base: Text
  window: Text
  unit: string
  suppression?: Text
  notCounted?: string[]
  version?: number
  changes?: Definition['changes']
  source?: Text
  example?: Text
}

export const define = (entry: Entry): Definition => ({
  key: entry.key,
  name: entry.name,
  short: entry.short,
  definition: joined(entry.definition),
  formula: joinedOrNone(entry.formula),
  base: joined(entry.base),
  window: joined(entry.window),
  unit: entry.unit,
  suppression: joinedOrNone(entry.suppression),
  notCounted: entry.notCounted ?? [],
  version: entry.version ?? 1,
  changes: entry.changes ?? [],
  source: joinedOrNone(entry.source),
  example: joinedOrNone(entry.example),
})

export const perArm = [
  'By the base of the figure itself: below 10 accounts it is not shown, 10 to 29 is marked directional.',
  'The count is always shown.',
]
export const excludedAccounts = 'Accounts excluded by rule (internal, test, trial)'
