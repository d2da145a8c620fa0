import { expect, test } from 'vitest'
import { spreadLabels } from '../../web/ui/end-labels.ts'

test('names that are far apart stay where they are', () => {
  expect(spreadLabels([0.9, 0.5, 0.1], 200)).toEqual([0, 0, 0])
})

test('names that would cover each other move apart around their middle, in the order of their lines', () => {
  for (const ends of [
    [0.6, 0.59, 0.61],
    [0.5, 0.5, 0.5, 0.5],
    [0.9, 0.3, 0.31, 0.29],
    [1, 0, 0.02, 0.98, 0.5],
  ]) {
    const at = spreadLabels(ends, 220).map((moved, i) => moved - ends[i]! * 220)
    const sorted = at.toSorted((a, b) => a - b)
    sorted.slice(1).forEach((y, i) => expect(y - sorted[i]!).toBeGreaterThanOrEqual(12.9))
    ends.forEach((a, i) =>
      ends.forEach((b, j) => {
        if (a > b) expect(at[i]!).toBeLessThan(at[j]!)
      }),
    )
  }
})
