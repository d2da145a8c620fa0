/** Quick wins beside what the rooms that deliver them have done. */
import type { Db } from '../../platform/db/database.ts'
import { addDays } from '../../platform/calendar/month.ts'
import type { Wins } from '../../platform/rooms/win.ts'
import type { Scope } from '../../platform/scope.ts'
import { listSamples, type StoredQuickWin, type StoredSample } from './queries.ts'
import { assess, nextDay, type Assessed, type Deliveries } from './rules.ts'

export interface Source {
  db: Db
  scope: Scope
  wins: Wins
}
export interface Read {
  win: StoredQuickWin
  samples: StoredSample[]
  record: Deliveries | null
  assessed: Assessed
}
/** How far back the baseline of timestamps reaches. */
const baselineDays = 180

const startOf = (day: string) => new Date(`${day}T00:00:00Z`)

async function recordOf({ db, scope, wins }: Source, win: StoredQuickWin, today: string): Promise<Deliveries | null> {
  const kind = win.win === null ? undefined : wins.get(win.win)
  if (!kind || win.droppedBecause !== null) return null
  const span = {
    from: startOf(addDays(win.deliveredOn ?? today, -baselineDays)),
    to: startOf(nextDay(today)),
    of: win.winOf,
  }
  return { time: kind.time, done: await kind.read({ db, scope }, span) }
}

/** @param today the last day that is counted */
export async function readQuickWins(source: Source, all: readonly StoredQuickWin[], today: string): Promise<Read[]> {
  const samples = Map.groupBy(await listSamples(source.db, source.scope), (s) => s.quickWinId)
  return Promise.all(
    all.map(async (win) => {
      const own = samples.get(win.id) ?? []
      const record = await recordOf(source, win, today)
      return { win, samples: own, record, assessed: assess(win, own, record, nextDay(today)) }
    }),
  )
}
