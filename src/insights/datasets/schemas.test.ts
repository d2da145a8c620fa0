import { expect, test } from 'vitest'
import { z } from 'zod'
import { parseInput } from '../../platform/operation.ts'
import { Day, Month } from './schemas.ts'

const Shape = z.object({ month: Month.optional(), day: Day.optional() })

test.each([
  [{ month: '2025-13' }, '“2025-13” is not a month: write it as 2025-12 (year, then month).'],
  [{ month: 2025 }, '“2025” is not a month: write it as 2025-12 (year, then month).'],
  [{ day: '2025-1-3' }, '“2025-1-3” is not a day: write it as 2025-12-31 (year, month, day).'],
])('%j is told as: %s', (input, sentence) => {
  expect(() => parseInput(Shape, input)).toThrow(sentence)
})
