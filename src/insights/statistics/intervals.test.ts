import { expect, test } from 'vitest'
import { markOf, wilson } from './intervals.ts'

test('Wilson intervals agree with the published ones to the percent', () => {
  const percent = (s: number, n: number) => {
    const w = wilson(s, n)!
    return [Math.round(w.low * 100), Math.round(w.high * 100)]
  }
  expect(percent(5, 5)).toEqual([57, 100])
  expect(percent(9, 10)).toEqual([60, 98])
  expect(percent(18, 20)).toEqual([70, 97])
  expect(percent(45, 50)).toEqual([79, 96])
  expect(percent(90, 100)).toEqual([83, 94])
  expect(percent(270, 300)).toEqual([86, 93])
})

test('a rate of nothing is no rate, and impossible counts are refused', () => {
  expect(wilson(0, 0)).toBeNull()
  expect(wilson(0, 12)!.low).toBe(0)
  expect(() => wilson(4, 3)).toThrow('4 of 3')
})

test('marks follow the base: below 10 suppressed, 10 to 29 directional', () => {
  expect([9, 10, 29, 30].map(markOf)).toEqual(['suppressed', 'directional', 'directional', 'ok'])
})
