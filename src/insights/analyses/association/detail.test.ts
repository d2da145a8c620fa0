import { expect, test } from 'vitest'
import { seededDraw } from '../../statistics/seeded.ts'
import type { Group } from './detail-sql.ts'
import { doseOf, placeboOf, stratify } from './detail.ts'

const draw = seededDraw(11)
const group = (change: Partial<Group>): Group => ({
  segment: 'SMB',
  size: 0,
  tenure: 1,
  adopter: false,
  often: false,
  n: 1,
  alive: 1,
  known: 1,
  kept: 1,
  ...change,
})
/** Accounts that paid before, each with a chance that it pays no less. */
const many = (n: number, change: Partial<Group>, chance: number) =>
  group({ ...change, n, alive: n, known: n, kept: Array.from({ length: n }, draw).filter((at) => at < chance).length })

test('a placebo finds adopters who were better customers before it counts, and says so', () => {
  const keen = [many(200, { adopter: true }, 0.95), many(200, {}, 0.7)]
  const found = placeboOf(keen, '2023-12-31', '2024-12-31')
  expect(found.isWorrying).toBe(true)
  expect(found.difference!.low).toBeGreaterThan(0.1)
  expect(found.text).toContain('better customers already')
})

test('a placebo compares within strata: what hangs on size alone is nothing to worry about', () => {
  const bySize = [0, 1, 2].flatMap((size) => {
    const adopters = Math.round(300 * (0.2 + 0.3 * size))
    const chance = 0.6 + 0.15 * size
    return [many(adopters, { size, adopter: true }, chance), many(300 - adopters, { size }, chance)]
  })
  expect(placeboOf(bySize, '2023-12-31', '2024-12-31')).toMatchObject({ isWorrying: false })
})

test('accounts that did not pay a window earlier are outside the placebo; with too few of the others nothing is said', () => {
  const fresh = [group({ adopter: true, n: 59, alive: 59, known: 9, kept: 9 }), many(50, {}, 1)]
  expect(placeboOf(fresh, '2023-12-31', '2024-12-31')).toMatchObject({
    adopters: { accounts: 9 },
    others: { accounts: 50 },
    difference: null,
    isWorrying: false,
    from: null,
  })
})

test('dose: adopters in halves by their use, and a group of fewer than ten has no rate', () => {
  const [others, less, more] = doseOf([
    group({ n: 12, alive: 6 }),
    group({ adopter: true, n: 6, alive: 0 }),
    group({ adopter: true, n: 4, alive: 0, size: 2 }),
    group({ adopter: true, often: true, n: 10, alive: 10 }),
  ])
  expect([others!.rate, less!.rate, more!.rate]).toEqual([0.5, 0, 1])
  expect(doseOf([group({ n: 9, alive: 9 })])[0]).toEqual({ group: 'Others', accounts: 9, stayed: 9, rate: null })
  expect(doseOf([]).map((g) => g.accounts)).toEqual([0, 0, 0])
})

test('strata hold each account once, in the order of segment, size and tenure, and none without accounts', () => {
  const strata = stratify(
    [
      group({ size: 2 }),
      group({ adopter: true, alive: 0 }),
      group({ adopter: true, often: true, n: 3, alive: 2 }),
      group({ segment: 'Enterprise', tenure: 0 }),
      group({ segment: 'Lost', n: 0, alive: 0 }),
      group({}),
    ],
    (g) => [g.n, g.alive],
  )
  expect(strata.map((s) => [s.segment, s.size, s.tenure, s.adopters, s.others])).toEqual([
    ['Enterprise', 0, 0, { n: 0, alive: 0 }, { n: 1, alive: 1 }],
    ['SMB', 0, 1, { n: 4, alive: 2 }, { n: 1, alive: 1 }],
    ['SMB', 2, 1, { n: 0, alive: 0 }, { n: 1, alive: 1 }],
  ])
})
