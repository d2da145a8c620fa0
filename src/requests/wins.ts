import type { WinKind } from '../platform/rooms/win.ts'
import { listAnsweredWithin } from './queries.ts'
import { hoursBetween } from './rules.ts'

const answered: WinKind = {
  win: 'requests.answered',
  name: 'A question answered',
  counted: { one: 'answer', many: 'answers' },
  how: 'From asking to the answer, as the clock counts it. An answer that was found at once took no time.',
  time: 'waiting',
  about: null,
  async read({ db, scope }, span) {
    return (await listAnsweredWithin(db, scope, span)).map((r) => ({
      id: r.id,
      at: r.answeredAt,
      tookMinutes: hoursBetween(r.askedAt, r.answeredAt) * 60,
      forWhom: r.role,
      of: r.id,
    }))
  },
}

export const wins: readonly WinKind[] = [answered]
