/**
 * What a write touches and what a read rests on, in words that open pages compare. A room is the name of an operation without its verb.
 * Forgetting is safe: what says nothing touches its room, and rests on everything.
 */

interface Named {
  name: string
  touches?: readonly string[]
  restsOn?: readonly string[]
}

/** What is derived of the imported data, figures above all; told when a refresh ends. */
export const dataTopic = 'data'
/** How far jobs are: the one topic that a read without a declaration does not rest on, since it comes twice a second. */
export const jobsTopic = 'jobs'
/** Told where nobody said what changed. */
export const everythingTopic = 'everything'

export const roomOf = (name: string): string => name.slice(0, name.lastIndexOf('.'))

export const touchedBy = (op: Named): readonly string[] => [...new Set([roomOf(op.name), ...(op.touches ?? [])])]

/** @returns null where the read rests on everything */
export const restsOn = (op: Named): readonly string[] | null =>
  op.restsOn ? [...new Set([roomOf(op.name), ...op.restsOn])] : null
