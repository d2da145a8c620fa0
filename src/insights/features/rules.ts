/** Which feature a raw event name belongs to, and which features a heap of raw names suggests. */
import { fits } from '../../platform/glob.ts'
import type { FeatureProposal, FeatureRule } from './schemas.ts'

export interface RuledFeature {
  id: string
  rules: readonly FeatureRule[]
}

/**
 * Exact before prefix before pattern; among prefixes and patterns the longest wins. A pattern knows `*` (any run) and `?`
 * (one character), no regular expression, so that text from outside cannot stall the server.
 */
export function featureMatcher(features: readonly RuledFeature[]): (eventName: string) => string | null {
  const exact = new Map<string, string>()
  const prefixes = new Map<number, Map<string, string>>()
  const patterns: { value: string; id: string }[] = []
  for (const { id, rules } of features) {
    for (const { kind, value } of rules) {
      if (kind === 'exact') exact.set(value, id)
      else if (kind === 'pattern') patterns.push({ value, id })
      else prefixes.set(value.length, (prefixes.get(value.length) ?? new Map<string, string>()).set(value, id))
    }
  }
  // By length, so that a catalogue of thousands is asked once per length and not once per prefix.
  const longestFirst = [...prefixes].sort(([a], [b]) => b - a)
  patterns.sort((a, b) => b.value.length - a.value.length || (a.value < b.value ? -1 : 1))
  const byPrefix = (name: string) => {
    for (const [length, owners] of longestFirst) {
      const id = owners.get(name.slice(0, length))
      if (id !== undefined) return id
    }
    return null
  }
  return (name) => exact.get(name) ?? byPrefix(name) ?? patterns.find((p) => fits(p.value, name))?.id ?? null
}

export interface CountedName {
  name: string
  events: number
}

/** Words of an event name: `doc.comment_added`, `Doc: Comment Added` and `docCommentAdded` alike. */
export const wordsOf = (name: string): string[] =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)

const noise = new Set([
  'page',
  'pageview',
  'pageviewed',
  'screen',
  'session',
  'login',
  'logged',
  'logout',
  'signin',
  'signout',
  'heartbeat',
  'ping',
  'identify',
  'click',
  'error',
  'app',
  'web',
  'user',
  'track',
])
const titled = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

/**
 * Groups raw names by their leading word where names share a written prefix, else by that word alone; names of general
 * traffic (page views, sign-ins, heartbeats) are left out, because no value lies in them.
 * @param existing lower-cased names of features that exist already
 */
export function proposeFeatures(names: readonly CountedName[], existing: ReadonlySet<string>): FeatureProposal[] {
  const unmapped = names.reduce((sum, n) => sum + n.events, 0)
  const groups = new Map<string, CountedName[]>()
  for (const counted of names) {
    const [first] = wordsOf(counted.name)
    if (!first || noise.has(first)) continue
    groups.set(first, [...(groups.get(first) ?? []), counted])
  }
  return [...groups]
    .map(([word, group]) => {
      const prefix = sharedPrefix(group, names)
      const events = group.reduce((sum, n) => sum + n.events, 0)
      const name = titled(word)
      const rules: FeatureRule[] = prefix
        ? [{ kind: 'prefix', value: prefix }]
        : group.slice(0, 200).map((n) => ({ kind: 'exact', value: n.name }))
      return {
        draft: { name, area: null, isCore: false, releasedOn: null, rules },
        eventNames: group
          .toSorted((a, b) => b.events - a.events)
          .slice(0, 50)
          .map((n) => ({ name: n.name, events: n.events })),
        events,
        shareOfUnmapped: unmapped === 0 ? 0 : events / unmapped,
        exists: existing.has(name.toLowerCase()),
        why:
          group.length === 1
            ? 'One event name of its own'
            : prefix
              ? `${group.length} event names that begin with “${prefix}”`
              : `${group.length} event names about “${word}”`,
      }
    })
    .sort((a, b) => b.events - a.events || (a.draft.name < b.draft.name ? -1 : 1))
}

/** A prefix up to a separator that all of the group bear and no other name does. */
function sharedPrefix(group: readonly CountedName[], all: readonly CountedName[]): string | null {
  if (group.length < 2) return null
  const match = /^[A-Za-z0-9]+[^A-Za-z0-9]+/.exec(group[0]!.name)
  if (!match) return null
  const members = new Set(group.map((n) => n.name))
  const [prefix] = match
  return group.every((n) => n.name.startsWith(prefix)) &&
    all.every((n) => members.has(n.name) || !n.name.startsWith(prefix))
    ? prefix
    : null
}
