import type { WinKind } from '../platform/rooms/win.ts'
import { listOpenings } from './queries.ts'

const opened: WinKind = {
  win: 'sharing.opened',
  name: 'A shared view opened',
  counted: { one: 'opening', many: 'openings' },
  how: 'Once a day for each reader besides who shared it. Nobody waits for a page that is there, so it has no time of its own.',
  time: 'waiting',
  about: 'view',
  async read({ db, scope }, span) {
    return (await listOpenings(db, scope, span)).map((o) => ({
      id: `${o.viewId} ${o.reader}`,
      at: o.at,
      tookMinutes: null,
      forWhom: o.role,
      of: o.viewId,
    }))
  },
}

export const wins: readonly WinKind[] = [opened]
