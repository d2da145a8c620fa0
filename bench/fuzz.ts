/** Requests at and beyond the bounds of every field: no fault of ours, no answer off the document, and memory that levels off. */
import { testApp } from '../tests/support/app.ts'
import { fuzz } from '../tests/support/fuzz.ts'
import { atFullSize, type Bench } from './measure.ts'

const mb = 1024 ** 2
/** What lies about in memory and would be given back is no growth. */
const settled = async () => {
  const collect = (globalThis as { gc?: () => void }).gc
  collect?.()
  await new Promise((resolve) => {
    setTimeout(resolve, 500)
  })
  return process.memoryUsage().rss / mb
}

export const fuzzing: Bench = async ({ isFull }) => {
  const requests = isFull ? 100_000 : 9_000
  const rounds = 12
  const app = await testApp({ kinds: [] })
  app.clock.set('2026-01-15T09:00:00Z')
  try {
    const problems: string[] = []
    const rss: number[] = []
    let asked = 0
    // Of one workspace: each that is opened holds an engine of its own, which is no growth by requests.
    const workspace = await app.workspace()
    for (let round = 0; round < rounds; round += 1) {
      const report = await fuzz(app, workspace, {
        requests: Math.ceil(requests / rounds),
        seed: 100 + round,
      })
      problems.push(...report.problems)
      asked += report.requests
      rss.push(await settled())
      process.stderr.write(`  ${asked} requests, ${Math.round(rss.at(-1)!)} MB\n`)
    }
    const third = rss[Math.ceil(rounds / 3) - 1]!
    const last = rss.at(-1)!
    return [
      {
        what: `${asked.toLocaleString('en-GB')} fuzzed requests as every role: faults of ours, or answers off the document`,
        figure: String(problems.length),
        target: '0',
        met: problems.length === 0,
        note: problems.slice(0, 3).join('; '),
      },
      {
        what: 'Memory of the process at their end, against a third of the way',
        figure: `${(last / third).toFixed(2)}×`,
        target: '≤ 1.25×',
        ...atFullSize(isFull, last <= 1.25 * third, `${Math.round(third)} MB, then ${Math.round(last)} MB`),
      },
    ]
  } finally {
    await app.close()
  }
}
