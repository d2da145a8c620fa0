/** Whatever is sent: an answer that is described, and never a fault of ours. `npm run bench -- --only fuzz --full` does it a hundred thousand times. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from './support/app.ts'
import { fuzz } from './support/fuzz.ts'

let app: TestApp
beforeAll(async () => {
  // Jobs that what is asked would start have tests of their own.
  app = await testApp({ kinds: [] })
  app.clock.set('2026-01-15T09:00:00Z')
})
afterAll(() => app.close())

test('no request of thousands, at and beyond the bounds of every field and as every role, ends in a fault of ours or off the document', async () => {
  const { requests, byStatus, problems } = await fuzz(app, await app.workspace(), { requests: 3200, seed: 15 })
  expect(problems).toEqual([])
  expect(requests).toBeGreaterThanOrEqual(3000)
  // Enough of it reaches the stores, and enough is refused.
  expect(byStatus['200']).toBeGreaterThan(300)
  expect(byStatus['400']).toBeGreaterThan(800)
}, 180_000)
