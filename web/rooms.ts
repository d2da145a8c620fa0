/** The rooms of the web. The rail, the tabs, the search and the routes are composed of what they bring, in this order. */
import { decisions } from './decisions/room.ts'
import { home } from './home/room.ts'
import { insights } from './insights/room.ts'
import { requests } from './requests/room.ts'
import type { RoomPage, WebRoom } from './room.ts'
import { settings } from './settings/room.ts'
import { setup } from './setup/room.ts'

const rooms: readonly WebRoom[] = [home, insights, decisions, requests, setup, settings]

export const pages: readonly RoomPage[] = rooms.flatMap((room) => room.pages)
export const moved: readonly (readonly [from: string, to: string])[] = rooms.flatMap((room) =>
  Object.entries(room.moved ?? {}),
)
