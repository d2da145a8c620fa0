import { room } from '../platform/rooms/room.ts'
import { listReferences, searchThings } from './operations.ts'

/** What has a page, found by its words, and what refers to it. */
export const search = room({ name: 'search', operations: [searchThings, listReferences] })
