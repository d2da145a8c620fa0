import { expect, test } from 'vitest'
import { seededDraw } from '../../metrics/seeded.ts'
import { doseOf, placeboOf, stratify } from './detail.ts'
import type { AccountRow } from './strata-sql.ts'

const draw = seededDraw(11)
const account = (change: Partial<AccountRow>): AccountRow => ({
  segment: 'SMB',
  size: 0,
  tenure: 1,
  adopter: false,
  start: 100,
  end: 100,
  before: 100,
  events: 0,
  ...change,
})
const many = (n: number, make: (i: number) => Partial<AccountRow>) =>
  Array.from({ length: n }, (_, i) => account(make(i)))

test('a placebo finds adopters who were better customers before it counts, and says so', () => {
  const keen = [
    ...many(200, () => ({ adopter: true, start: draw() < 0.95 ? 110 : 80 })),
    ...many(200, () => ({ start: draw() < 0.7 ? 110 : 80 })),
  ]
  const found = placeboOf(keen, '2023-12-31', '2024-12-31')
  expect(found.isWorrying).toBe(true)
  expect(found.difference!.low).toBeGreaterThan(0.1)
  expect(found.text).toContain('better customers already')
})

test('a placebo compares within strata: what hangs on size alone is nothing to worry about', () => {
  const bySize = [0, 1, 2].flatMap((size) =>
    many(300, () => ({ size, adopter: draw() < 0.2 + 0.3 * size, start: draw() < 0.6 + 0.15 * size ? 110 : 80 })),
  )
  expect(placeboOf(bySize, '2023-12-31', '2024-12-31')).toMatchObject({ isWorrying: false })
})

test('accounts that did not pay a window earlier are outside the placebo; with too few of the others nothing is said', () => {
  const fresh = [
    ...many(50, () => ({ adopter: true, before: null })),
    ...many(9, () => ({ adopter: true })),
    ...many(50, () => ({})),
  ]
  expect(placeboOf(fresh, '2023-12-31', '2024-12-31')).toMatchObject({
    adopters: { accounts: 9 },
    others: { accounts: 50 },
    difference: null,
    isWorrying: false,
    from: null,
  })
})

test('dose: adopters are halved by their use, and a group of fewer than ten has no rate', () => {
  const [others, less, more] = doseOf([
    ...many(12, (i) => ({ end: i % 2 === 0 ? 0 : 100 })),
    ...many(20, (i) => ({ adopter: true, events: i, end: i < 10 ? 0 : 100 })),
  ])
  expect([others!.rate, less!.rate, more!.rate]).toEqual([0.5, 0, 1])
  expect(doseOf(many(9, () => ({})))[0]).toEqual({ group: 'Others', accounts: 9, stayed: 9, rate: null })
  expect(doseOf([]).map((g) => g.accounts)).toEqual([0, 0, 0])
})

test('strata hold each account once, in the order of segment, size and tenure', () => {
  const strata = stratify(
    [
      account({ size: 2 }),
      account({ adopter: true, end: 0 }),
      account({ segment: 'Enterprise', tenure: 0 }),
      account({}),
    ],
    (a) => a.end > 0,
  )
  expect(strata.map((s) => [s.segment, s.size, s.tenure, s.adopters, s.others])).toEqual([
    ['Enterprise', 0, 0, { n: 0, alive: 0 }, { n: 1, alive: 1 }],
    ['SMB', 0, 1, { n: 1, alive: 0 }, { n: 1, alive: 1 }],
    ['SMB', 2, 1, { n: 0, alive: 0 }, { n: 1, alive: 1 }],
  ])
})
