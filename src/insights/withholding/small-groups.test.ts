import { expect, test } from 'vitest'
import { withoutSmallGroups } from './small-groups.ts'

const group = (segment: string, adopters: number, others: number) => ({
  segment,
  size: 'largest third',
  tenure: 'under 1 year',
  adopters: { accounts: adopters, stayed: adopters },
  others: { accounts: others, stayed: 0 },
  difference: null,
})
const shown = (groups: ReturnType<typeof group>[]) =>
  withoutSmallGroups(groups).map((g) => [g.segment, g.adopters.accounts, g.others.accounts, g.adopters.stayed])

test('groups of fewer than ten accounts are one line; where they are too few together the next larger joins them', () => {
  expect(shown([group('a', 10, 20), group('b', 4, 5), group('c', 1, 0)])).toEqual([
    ['a', 10, 20, 10],
    ['2 smaller groups', 5, 5, 5],
  ])
  expect(shown([group('a', 10, 20), group('b', 8, 4), group('c', 1, 0)])).toEqual([
    ['a', 10, 20, 10],
    ['2 smaller groups', 9, 4, 9],
  ])
  expect(shown([group('a', 10, 20), group('b', 5, 5)])).toEqual([
    ['a', 10, 20, 10],
    ['b', 5, 5, 5],
  ])
  expect(shown([group('a', 1, 2), group('b', 3, 1)])).toEqual([['2 smaller groups', 4, 3, 4]])
  expect(shown([group('a', 1, 2)])).toEqual([['a', 1, 2, 1]])
  expect(shown([])).toEqual([])
})
