/** The places of the rail and what stands in each, composed of the rooms' pages. */
import type { ReactNode } from 'react'
import type { PlaceName, RoomPage } from '../room.ts'
import { placeNames } from '../room.ts'
import { pages } from '../rooms.ts'
import {
  BoardIcon,
  CustomersIcon,
  DataIcon,
  DecisionsIcon,
  HomeIcon,
  InsightsIcon,
  PracticesIcon,
  SettingsIcon,
  StartIcon,
} from '../ui/icons.tsx'

export interface Part {
  name: string
  /** Where it opens: its first page. */
  path: string
  tabs: readonly RoomPage[]
}
export interface Place {
  name: PlaceName
  label: string
  icon: ReactNode
  parts: readonly Part[]
}

const looks: Record<PlaceName, { label: string; icon: ReactNode }> = {
  home: { label: 'Home', icon: <HomeIcon /> },
  insights: { label: 'Insights', icon: <InsightsIcon /> },
  customers: { label: 'Customers', icon: <CustomersIcon /> },
  practices: { label: 'Practices', icon: <PracticesIcon /> },
  decisions: { label: 'Decisions', icon: <DecisionsIcon /> },
  board: { label: 'Board', icon: <BoardIcon /> },
  start: { label: 'Getting started', icon: <StartIcon /> },
  data: { label: 'Data', icon: <DataIcon /> },
  settings: { label: 'Settings', icon: <SettingsIcon /> },
}
export const placeLabel = (page: RoomPage): string => looks[page.place].label
export const iconOf = (page: RoomPage): ReactNode => looks[page.place].icon

/** What this person may open; a place with nothing in it does not show. */
export function placesFor(permissions: readonly string[]): Place[] {
  const tabs = pages.filter((page) => page.tab && (!page.needs || permissions.includes(page.needs)))
  return placeNames
    .map((name) => {
      const parts = Map.groupBy(
        tabs.filter((page) => page.place === name),
        (page) => page.part,
      )
      return {
        name,
        ...looks[name],
        parts: [...parts].map(([part, own]) => ({ name: part, path: own[0]!.path, tabs: own })),
      }
    })
    .filter((place) => place.parts.length > 0)
}

const fits = (pattern: string, path: string) => {
  const [asked, given] = [pattern.split('/'), path.split('/')]
  return asked.length === given.length && asked.every((part, i) => part.startsWith('$') || part === given[i])
}

/** The page of an address: one that is written out before one that stands for many. */
export function pageAt(pathname: string, workspace: string): RoomPage | undefined {
  const path = pathname.slice(`/w/${workspace}`.length).replace(/\/$/, '')
  return pages.find((page) => page.path === path) ?? pages.find((page) => fits(page.path, path))
}

/** Its tab, or the tab that a page without one is reached from. */
export const tabOf = (page: RoomPage | undefined): RoomPage | undefined => {
  if (!page || page.tab) return page
  const own = pages.filter((other) => other.tab && other.place === page.place && other.part === page.part)
  return own.filter((other) => page.path.startsWith(`${other.path}/`)).at(-1) ?? own[0]
}
