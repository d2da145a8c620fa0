/** What a room brings to the web: its pages, each with its address and the place in the rail where it is found. */
import type { ComponentType } from 'react'
import type { Permission } from '../src/platform/auth/permissions.ts'

/** The nine places, as the rail lists them; what is set apart by a line comes last. */
export const placeNames = [
  'home',
  'insights',
  'customers',
  'practices',
  'decisions',
  'board',
  'start',
  'data',
  'settings',
] as const
export type PlaceName = (typeof placeNames)[number]

export interface RoomPage {
  /** Within the workspace; `$name` stands for what varies. */
  path: string
  load: () => Promise<ComponentType>
  place: PlaceName
  /** The sub-place: what the rail names where its place is open. */
  part: string
  /** Its tab beside the others of the part; absent: reached from another page of the part. */
  tab?: string
  /** As it is searched for, and named on top. */
  label: string
  /** By which it is found besides its name. */
  words?: string
  /** What it takes to open it, besides belonging to the workspace. */
  needs?: Permission
}

export interface WebRoom {
  pages: readonly RoomPage[]
  /** Addresses of before, and where they lead now; what was chosen goes with them. */
  moved?: Readonly<Record<string, string>>
}

/** Pages that take the same, unless one says otherwise. */
export const pagesFor = (needs: Permission, pages: readonly RoomPage[]): RoomPage[] =>
  pages.map((page) => ({ needs, ...page }))
