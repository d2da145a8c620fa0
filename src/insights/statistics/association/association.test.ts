import { expect, test } from 'vitest'
import { chiSquareTail, normalQuantile, twoSidedP } from '../distributions.ts'
import { z95 } from '../intervals.ts'
import { seededDraw } from '../seeded.ts'
import { bookOf } from '../../../../tests/support/book.ts'
import { bootstrapNrr, concentrationOf } from './concentration.ts'
import { discoveryRates, familyWise } from './discoveries.ts'
import { caveatOf, compare as compareBy, evidenceOf, judge } from './evidence.ts'
import {
  accountsLost,
  commonOddsRatio,
  disagreeInSign,
  pooledDifference,
  pooledLossRatio,
  type Stratum,
} from './strata.ts'
import { detectableGap, eValue, newcombe } from './two-rates.ts'

const near = (actual: number | undefined | null, expected: number, within: number) =>
  expect(Math.abs(actual! - expected), `${actual} for ${expected}`).toBeLessThanOrEqual(within)
/** Rows of events and non-events: exposed, then not exposed. */
const table = (a: number, b: number, c: number, d: number): Stratum => ({
  adopters: { n: a + b, alive: a },
  others: { n: c + d, alive: c },
})
/** Each stratum a group of its own. */
const compare = (strata: Stratum[]) => compareBy(strata, (s) => String(strata.indexOf(s)))

test('the distributions agree with tables: z, two-sided p and χ²', () => {
  near(normalQuantile(0.975), z95, 1e-14)
  near(normalQuantile(0.8), 0.8416212335729143, 1e-12)
  near(twoSidedP(1.959963984540054), 0.05, 1e-12)
  near(twoSidedP(-3.290526731491926), 0.001, 1e-12)
  expect(twoSidedP(50)).toBeGreaterThanOrEqual(0)
  near(chiSquareTail(14.067140449340169, 7), 0.05, 1e-10)
  expect([chiSquareTail(0, 3), chiSquareTail(-1e-18, 3)]).toEqual([1, 1])
})

// Newcombe 1998, Statistics in Medicine 17:873, Table II, method 10; all eight of his examples.
test.each([
  [56, 70, 48, 80, 0.0524, 0.3339],
  [9, 10, 3, 10, 0.1705, 0.809],
  [6, 7, 2, 7, 0.0582, 0.8062],
  [5, 56, 0, 29, -0.0381, 0.1926],
  [0, 10, 0, 20, -0.1611, 0.2775],
  [0, 10, 0, 10, -0.2775, 0.2775],
  [10, 10, 0, 20, 0.6791, 1],
  [10, 10, 0, 10, 0.6075, 1],
])('Newcombe’s %i/%i − %i/%i is as he printed it', (a, n, b, m, low, high) => {
  const d = newcombe({ n, alive: a }, { n: m, alive: b })!
  near(d.low, low, 5.1e-5)
  near(d.high, high, 5.1e-5)
})

test('nobody in an arm makes no difference, and the difference turns with the arms', () => {
  expect(newcombe({ n: 0, alive: 0 }, { n: 5, alive: 3 })).toBeNull()
  const [one, other] = [
    newcombe({ n: 70, alive: 56 }, { n: 80, alive: 48 })!,
    newcombe({ n: 80, alive: 48 }, { n: 70, alive: 56 })!,
  ]
  near(one.low, -other.high, 1e-15)
})

// Rothman, Greenland and Lash 2008, Modern Epidemiology, Table 15-1 (UGDP tolbutamide), as metafor's rma.mh recomputes it at 90 %.
const tolbutamide = [table(8, 98, 5, 115), table(22, 76, 16, 69)]
const z90 = normalQuantile(0.95)
test('the pooled difference is that of Rothman’s tolbutamide example, by Sato’s variance', () => {
  const d = pooledDifference(tolbutamide, z90)!
  near(d.value, 0.0349, 5e-5)
  near(d.low, -0.0176, 5e-5)
  near(d.high, 0.0874, 5e-5)
  near(
    Math.log(
      pooledLossRatio(
        tolbutamide.map((s) => ({
          adopters: { n: s.adopters.n, alive: s.adopters.n - s.adopters.alive },
          others: { n: s.others.n, alive: s.others.n - s.others.alive },
        })),
      )!,
    ),
    0.2818,
    5e-5,
  )
})

test('the common odds ratio is that of Rothman’s tolbutamide example', () => {
  const odds = commonOddsRatio(tolbutamide, z90)!
  near(odds.ratio, 1.4031, 5e-5)
  near(odds.low, 0.8411, 5e-5)
  near(odds.high, 2.3409, 5e-5)
})

// Liu 1992, smoking and lung cancer in eight Chinese cities; Agresti 2002, Categorical Data Analysis, Table 6.3 and 6.3.5: 2.17, 1.98 to 2.38, Breslow-Day 5.2 with 7 degrees.
const cities = [
  table(126, 100, 35, 61),
  table(908, 688, 497, 807),
  table(913, 747, 336, 598),
  table(235, 172, 58, 121),
  table(402, 308, 121, 215),
  table(182, 156, 72, 98),
  table(60, 99, 11, 43),
  table(104, 89, 21, 36),
]
test('odds ratio, its Robins-Breslow-Greenland interval and Breslow-Day are those of Agresti’s Chinese cities', () => {
  const odds = commonOddsRatio(cities)!
  near(odds.ratio, 2.17, 0.005)
  near(odds.low, 1.98, 0.005)
  near(odds.high, 2.38, 0.005)
  near(odds.homogeneity!.statistic, 5.2, 0.05)
  expect(odds.homogeneity!.degrees).toBe(7)
  near(odds.homogeneity!.p, 0.64, 0.005)
})

test('many small strata say nothing of whether they are alike', () => {
  expect(
    commonOddsRatio(Array.from({ length: 20 }, (_, i) => table(3 + (i % 2), 1, 2, 3 - (i % 2))))!.homogeneity,
  ).toBeNull()
})

test('a stratum with an empty arm changes nothing but the count of accounts lost', () => {
  const more = [...tolbutamide, table(4, 3, 0, 0), table(0, 0, 2, 0)]
  expect(pooledDifference(more)).toEqual(pooledDifference(tolbutamide))
  expect(accountsLost(more)).toBe(9)
  expect(pooledDifference([table(4, 3, 0, 0)])).toBeNull()
})

test('one stratum pooled is the plain difference, and what does not vary gives no figure instead of NaN', () => {
  near(pooledDifference([table(56, 14, 48, 32)])!.value, 0.2, 1e-12)
  expect(pooledDifference([table(10, 0, 20, 0)])).toBeNull()
  expect(commonOddsRatio([table(10, 0, 20, 0)])).toBeNull()
  expect(pooledLossRatio([table(10, 0, 20, 0)])).toBeNull()
})

test('strata that clearly contradict each other are said to, others are not', () => {
  expect(disagreeInSign([[table(90, 10, 50, 50)], [table(50, 50, 90, 10)]], 10)).toBe(true)
  expect(disagreeInSign([[table(90, 10, 50, 50)], [table(5, 5, 6, 4)]], 10)).toBe(false)
  expect(disagreeInSign([[table(90, 10, 50, 50)], [table(1, 8, 9, 0)]], 10)).toBe(false)
})

// The fifteen p of Benjamini and Hochberg 1995, section 4.1: four are told at 5 %, where Bonferroni tells three.
const thrombolysis = [
  0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
]
test('Benjamini and Hochberg tell four of their fifteen, in any order', () => {
  expect(discoveryRates(thrombolysis).filter((q) => q <= 0.05).length).toBe(4)
  near(discoveryRates(thrombolysis)[3]!, (0.0095 * 15) / 4, 1e-15)
  const mixed = [...thrombolysis].reverse()
  expect(discoveryRates(mixed)).toEqual(discoveryRates(thrombolysis).reverse())
  expect(discoveryRates([])).toEqual([])
})

// R's manual of power.prop.test: p1 = 0.50, p2 = 0.75 with power 0.90 needs n = 76.7; with n = 50 the power is 0.740.
test('the detectable gap turns the published sample sizes round', () => {
  near(detectableGap(0.5, { first: 76.7, second: 76.7 }, 0.9), 0.25, 1e-4)
  near(detectableGap(0.5, { first: 50, second: 50 }, 0.74), 0.25, 1e-4)
  near(detectableGap(0.75, { first: 49, second: 49 }), 0.2, 0.002)
  near(detectableGap(0.88, { first: 882, second: 882 }), 0.04, 0.0005)
  expect(detectableGap(0.95, { first: 20, second: 200 })).toBeNull()
  expect(detectableGap(1, { first: 500, second: 500 })).toBeNull()
})

test('the E-value is that of VanderWeele and Ding’s example of infant feeding: 3.9 needs 7.26, its lower limit 1.8 needs 3.0', () => {
  near(eValue(3.9), 7.26, 0.005)
  near(eValue(1.8), 3.0, 0.005)
  near(eValue(1 / 3.9), 7.26, 0.005)
  expect(eValue(1)).toBe(1)
})

// Davison and Hinkley 1997, Table 1.3, ten cities: ratio 1.520; R's boot.ci of it prints 1.24 to 2.18 and 1.245 to 2.057 in two runs of 999.
const tenCities = [
  [138, 143],
  [93, 104],
  [61, 69],
  [179, 260],
  [48, 75],
  [37, 63],
  [29, 50],
  [23, 48],
  [30, 111],
  [2, 50],
].map(([start, end]) => ({ start: start!, end: end! }))
test('the bootstrap of a ratio of sums is that of Davison and Hinkley’s cities', () => {
  const interval = bootstrapNrr(bookOf(tenCities), { resamples: 20_000 })!
  near(interval.low, 1.24, 0.015)
  near(interval.high, 2.12, 0.08)
  expect(bootstrapNrr(bookOf(tenCities))).toEqual(bootstrapNrr(bookOf(tenCities)))
  expect(bootstrapNrr(bookOf([{ start: 5, end: 5 }]))).toBeNull()
})

test('a large book with a heavy tail has the same interval as when every account is drawn', () => {
  const draw = seededDraw(4)
  const book = Array.from({ length: 6000 }, () => {
    const start = Math.exp(1.2 * (draw() + draw() + draw() + draw() - 2) * 1.7)
    return { start, end: draw() < 0.1 ? 0 : start * (0.8 + 0.5 * draw()) }
  })
  const plain = Array.from({ length: 800 }, () => {
    let s = 0
    let e = 0
    for (let i = 0; i < book.length; i += 1) {
      const a = book[Math.floor(draw() * book.length)]!
      s += a.start
      e += a.end
    }
    return e / s
  }).sort((a, b) => a - b)
  const interval = bootstrapNrr(bookOf(book))!
  const width = plain[779]! - plain[19]!
  near(interval.low, plain[19]!, 0.12 * width)
  near(interval.high, plain[779]!, 0.12 * width)
})

test('many accounts, weighed instead of drawn, have the interval that theory says', () => {
  const accounts = Array.from({ length: 40_000 }, (_, i) => ({
    start: 100 + (i % 7) * 300,
    end: i % 10 === 0 ? 0 : 105 + (i % 7) * 310,
  }))
  const sum = (pick: (a: { start: number; end: number }) => number) => accounts.reduce((s, a) => s + pick(a), 0)
  const nrr = sum((a) => a.end) / sum((a) => a.start)
  const se = Math.sqrt(sum((a) => (a.end - nrr * a.start) ** 2)) / sum((a) => a.start)
  const interval = bootstrapNrr(bookOf(accounts))!
  near(interval.low, nrr - z95 * se, 0.15 * z95 * se)
  near(interval.high, nrr + z95 * se, 0.15 * z95 * se)
})

test('concentration: equal accounts count in full, one whale hardly counts with the others', () => {
  const equal = concentrationOf(bookOf(Array.from({ length: 20 }, () => ({ start: 100, end: 100 }))))!
  near(equal.effective, 20, 1e-9)
  near(equal.topFive, 0.25, 1e-12)
  const whale = concentrationOf(
    bookOf([{ start: 9000, end: 0 }, ...Array.from({ length: 10 }, () => ({ start: 100, end: 110 }))]),
  )!
  expect(whale.effective).toBeLessThan(1.3)
  expect(whale.leaveOneOut).toEqual({ low: 990 / 9900, high: 1.1 })
  expect(concentrationOf(bookOf([]))).toBeNull()
  expect(concentrationOf(bookOf([{ start: 10, end: 12 }]))!.leaveOneOut).toBeNull()
})

// Holm 1979, section 4: p of 0.01, 0.04, 0.03, 0.005 are told at 5 % for the first and the last alone, as R's p.adjust does.
test('Holm’s family-wise p steps down', () => {
  for (const [i, p] of [0.03, 0.06, 0.06, 0.02].entries()) near(familyWise([0.01, 0.04, 0.03, 0.005])[i], p, 1e-15)
})

test('the word follows the rules: accounts and losses first, then the rates of false claims, then the interval', () => {
  const clear = compare([table(190, 10, 150, 50)])
  expect(evidenceOf(clear, { q: 0.1, familyWise: 0.1 })).toBe('associated')
  expect(evidenceOf(clear, { q: 0.11, familyWise: 0.11 })).toBe('no-clear-association')
  expect(evidenceOf(clear, { q: 0.02, familyWise: 0.11 })).toBe('no-clear-association')
  const sure = { q: 0, familyWise: 0 }
  expect(evidenceOf(compare([table(196, 4, 100, 100)]), sure)).toBe('not-enough-data')
  expect(evidenceOf(compare([table(20, 9, 100, 100)]), sure)).toBe('not-enough-data')
  expect(evidenceOf(compare([table(190, 10, 150, 50), table(50, 150, 190, 10)]), sure)).toBe('no-clear-association')
  expect(evidenceOf(clear, null)).toBe('not-enough-data')
  expect(compare([table(20, 9, 100, 100)])).toMatchObject({
    p: null,
    adjusted: { value: expect.any(Number) as number },
  })
})

test('the caveat says first what most changes the reading: a gap that vanishes within like accounts is named', () => {
  // Large accounts stay anyway and adopt more; within each stratum nothing is left.
  const decoy = judge([{ comparison: compare([table(190, 10, 38, 2), table(25, 25, 100, 100)]) }]).rows[0]!
  expect(decoy.unadjusted!.low).toBeGreaterThan(0.2)
  expect(decoy).toMatchObject({ evidence: 'no-clear-association' })
  expect(caveatOf(decoy)).toBe('vanishes-adjusted')
  const of = (...strata: Stratum[]) => caveatOf(judge([{ comparison: compare(strata) }]).rows[0]!)
  expect(of(table(190, 10, 150, 50))).toBe('unseen-differences')
  expect(of(table(20, 2, 150, 50))).toBe('too-few-accounts')
  expect(of(table(199, 1, 150, 50))).toBe('too-few-losses')
  expect(of(table(90, 10, 50, 50), table(50, 50, 90, 10))).toBe('strata-disagree')
  expect(of(table(150, 50, 152, 48))).toBe('gap-too-small-to-see')
  const many = [[table(180, 20, 164, 36)], ...Array.from({ length: 30 }, () => [table(150, 50, 152, 48)])].map(
    (strata) => ({ comparison: compare(strata) }),
  )
  expect(caveatOf(judge(many).rows[0]!)).toBe('one-of-many')
  expect(of(table(100, 30, 0, 0), table(0, 0, 100, 40))).toBe('no-strata')
})
