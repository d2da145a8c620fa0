import { monthEnd, monthText } from '../../platform/calendar/month.ts'
import type { MeasureKind } from '../../platform/rooms/measure.ts'
import { quickWinRecords } from './queries.ts'
import { readQuickWins } from './reading.ts'
import { monthsOf, nextDay } from './rules.ts'

/** Month by month, of the quick wins with two measurements alone: an estimate is no figure to be held to. */
const hoursGivenBack: MeasureKind = {
  measure: 'setup.hours-given-back',
  name: 'Hours given back',
  unit: 'hours',
  definition: 'hours-given-back',
  needsFeature: false,
  hasWindow: false,
  counted: { one: 'time', many: 'times' },
  async read({ db, scope, wins }, _, months) {
    if (months.length === 0) return []
    const last = monthEnd(Math.max(...months))
    const read = await readQuickWins({ db, scope, wins }, await quickWinRecords.list(db, scope), last)
    const proved = read.filter(({ assessed }) => assessed.state === 'delivered' && assessed.confidence !== 'estimate')
    const lines = proved.flatMap(({ win, record, assessed }) => monthsOf(win, record, assessed, months, nextDay(last)))
    return months.map((m) => {
      const own = lines.filter((l) => l.month === monthText(m))
      return {
        month: monthText(m),
        value: own.length === 0 ? null : own.reduce((sum, l) => sum + (l.hours ?? 0), 0),
        low: null,
        high: null,
        base: Math.round(own.reduce((sum, l) => sum + l.times, 0)),
        mark: 'ok' as const,
      }
    })
  },
}

export const measures: readonly MeasureKind[] = [hoursGivenBack]
