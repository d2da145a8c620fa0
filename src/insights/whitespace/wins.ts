import { statesOfMessages } from '../../platform/outbox/queries/messages.ts'
import type { WinKind } from '../../platform/rooms/win.ts'
import { listHandovers, listLists } from './queries.ts'

const handed: WinKind = {
  win: 'insights.whitespace.handed',
  name: 'A list handed over',
  counted: { one: 'hand-over', many: 'hand-overs' },
  how: 'From keeping the list to the mail, the file or the call that hands it over, once for each that it went to. One that failed is none.',
  time: 'waiting',
  about: 'list',
  async read({ db, scope }, { from, to, of }) {
    const made = new Map((await listLists(db, scope)).map((l) => [l.id, l.createdAt]))
    const all = (await listHandovers(db, scope, of ?? undefined)).filter((h) => h.handedAt >= from && h.handedAt < to)
    const states = await statesOfMessages(
      db,
      scope,
      all.flatMap((h) => h.messageId ?? []),
    )
    return all
      .filter((h) => (states.get(h.messageId ?? '')?.state ?? h.outcome) === 'sent')
      .map((h) => ({
        id: h.id,
        at: h.handedAt,
        tookMinutes: Math.max(0, (h.handedAt.getTime() - made.get(h.listId)!.getTime()) / 60_000),
        forWhom: null,
        of: h.listId,
      }))
  },
}

export const wins: readonly WinKind[] = [handed]
