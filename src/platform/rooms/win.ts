/** What a room does for people again and again and thereby gives time back: done once, took so long, for whom. */
import type { Role } from '../auth/permissions.ts'
import type { Db } from '../db/database.ts'
import type { Scope } from '../scope.ts'
import type { Counted } from './measure.ts'

/** Once. */
export interface Done {
  id: string
  at: Date
  /** By the clock, from wanting it to having it, or of somebody's work, as the kind says; null where nothing tells. */
  tookMinutes: number | null
  /** For whom, by their role today and never by name; null for people outside and for who has left. */
  forWhom: Role | null
  /** The id of the thing that did it. */
  of: string
}

export interface WinKind {
  /** With the room's name before it: `requests.answered`. */
  win: string
  /** `A question answered`. */
  name: string
  counted: Counted
  /** From when to when it is timed, in a sentence that stands below the figure. */
  how: string
  /** Whether what it took is somebody's work or their waiting: an hour of waiting is no hour given back. */
  time: 'work' | 'waiting'
  /** The kind of thing that does it, where one of them can be told from the others. */
  about: string | null
  /** @param of only by this thing; null: by any @param to exclusive */
  read: (from: { db: Db; scope: Scope }, span: { from: Date; to: Date; of: string | null }) => Promise<Done[]>
}

export type Wins = ReadonlyMap<string, WinKind>
