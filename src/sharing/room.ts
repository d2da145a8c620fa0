import { things } from './things.ts'
import { wins } from './wins.ts'
import { room } from '../platform/rooms/room.ts'
import {
  shareView,
  listViewsOperation,
  updateViewOperation,
  unshareView,
  openView,
  listViewAccounts,
  exportView,
} from './operations.ts'

/** Pages shared with people who see nothing else; which, the other rooms say. */
export const sharing = room({
  name: 'sharing',
  operations: [shareView, listViewsOperation, updateViewOperation, unshareView, openView, listViewAccounts, exportView],
  things,
  wins,
})
