/** The rooms of the product. What they bring is served over HTTP, described in OpenAPI, run by the command line and composed at the top. */
import { decisions } from './decisions/room.ts'
import { asDatasets } from './insights/datasets/handed.ts'
import { insights } from './insights/room.ts'
import type { AnyOperation } from './platform/operation.ts'
import { platform } from './platform/room.ts'
import type { Room } from './platform/rooms/room.ts'
import { requests } from './requests/room.ts'
import { search } from './search/room.ts'
import { setup } from './setup/room.ts'
import { sharing } from './sharing/room.ts'

/** From the ground up; jobs that follow a refresh follow in this order. */
const listed = [platform, insights, decisions, requests, setup, sharing, search] as const
export const rooms: readonly Room[] = listed

export const operations: readonly AnyOperation[] = rooms.flatMap((r) => r.operations)
/** Each has a command that imports it. */
export const datasets = asDatasets(rooms.flatMap((r) => r.datasets ?? []))
type Listed = (typeof listed)[number]['operations'][number]
/** Every operation under its name. For the web alone: one that reads it in its own `run` would make all of it `any`. */
export type Operations = { [O in Listed as O['name']]: O }
