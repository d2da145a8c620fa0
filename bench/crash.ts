/** kill -9 during imports and writes, a hundred times. */
import { crashRounds } from '../tests/support/crash.ts'
import type { Bench } from './measure.ts'

export const crashes: Bench = async ({ isFull }) => {
  const report = await crashRounds(isFull ? 100 : 10, 20_000)
  return [
    {
      what: `${report.kills} × kill -9 during imports and writes: acknowledged rows lost, or things half-done, in either store`,
      figure: String(report.problems.length),
      target: '0',
      met: report.problems.length === 0,
      note: `${report.featuresAcknowledged} features and ${report.importsAcknowledged} imports acknowledged, ${report.batches} batches whole, ${report.jobsResumed} jobs taken up again by a start, rollups equal to a recomputation after each${report.problems.length > 0 ? `; ${report.problems.slice(0, 3).join('; ')}` : ''}`,
    },
  ]
}
