import { expect, test } from 'vitest'
import { crashRounds } from './support/crash.ts'

test('five blows of kill -9 during imports and writes lose nothing that was acknowledged and leave nothing half-done', async () => {
  const report = await crashRounds(5, 8_000)
  expect(report.problems).toEqual([])
  expect(report.kills).toBe(5)
  expect([report.featuresAcknowledged, report.importsAcknowledged, report.batches].every((n) => n > 0)).toBe(true)
}, 180_000)
