import { expect, test } from 'vitest'
import { quantile } from './quantile.ts'

test('quantiles lie between the nearest ranks, as Hyndman and Fan define them seventh', () => {
  const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
  // R: quantile(1:10, c(0, .25, .5, .9, 1), type = 7) is 1.00 3.25 5.50 9.10 10.00
  expect([0, 0.25, 0.5, 0.9, 1].map((share) => quantile(ten, share))).toEqual([1, 3.25, 5.5, 9.1, 10])
  expect(quantile([7, 1, 3], 0.5)).toBe(3)
  expect([quantile([4], 0.9), quantile([], 0.5)]).toEqual([4, null])
})
