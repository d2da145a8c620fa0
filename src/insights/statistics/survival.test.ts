import { describe, expect, test } from 'vitest'
import { at, kaplanMeier, medianOf, type Subject } from './survival.ts'

/*
 * Weeks of remission of 21 pairs of leukaemia patients (Freireich et al. 1963, Blood 21:699), as Cox 1972 and Klein &
 * Moeschberger 2003 (table 1.1, example 4.1) print them; + is censored.
 */
const read = (text: string): Subject[] =>
  text.split(' ').map((t) => ({ time: Number.parseInt(t, 10), hasEvent: !t.endsWith('+') }))
const mercaptopurine = read('6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+')
const placebo = read('1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23')

describe('the leukaemia data of Freireich 1963', () => {
  test('6-MP: survival, standard errors and numbers at risk as in Klein & Moeschberger, table 4.1', () => {
    const printed = [
      [6, 21, 3, 0.857, 0.0764],
      [7, 17, 1, 0.807, 0.0869],
      [10, 15, 1, 0.753, 0.0963],
      [13, 12, 1, 0.69, 0.1068],
      [16, 11, 1, 0.627, 0.1141],
      [22, 7, 1, 0.538, 0.1282],
      [23, 6, 1, 0.448, 0.1346],
    ]
    const steps = kaplanMeier(mercaptopurine)
    expect(steps.map((s) => [s.time, s.atRisk, s.events, Math.round(s.survival * 1000) / 1000])).toEqual(
      printed.map((row) => row.slice(0, 4)),
    )
    steps.forEach((s, i) => expect(Math.abs(s.standardError - printed[i]![4]!)).toBeLessThanOrEqual(0.00006))
    expect(steps.reduce((sum, s) => sum + s.censored, 0)).toBe(7)
  })
  test('medians: 23 weeks with 6-MP, 13 to without end; 8 with placebo, 4 to 11', () => {
    expect(medianOf(kaplanMeier(mercaptopurine))).toEqual({ value: 23, low: 13, high: null })
    expect(medianOf(kaplanMeier(placebo))).toEqual({ value: 8, low: 4, high: 11 })
  })
  test('without censoring it is the plain share', () => {
    const steps = kaplanMeier(placebo)
    for (const s of steps)
      expect(s.survival).toBeCloseTo(placebo.filter((p) => p.time > s.time).length / placebo.length, 12)
    expect(steps.at(-1)).toMatchObject({ time: 23, survival: 0, standardError: 0, low: null, high: null })
  })
})

test('nobody, nobody with the event, and one alone', () => {
  expect(kaplanMeier([])).toEqual([])
  expect(medianOf(kaplanMeier([{ time: 5, hasEvent: false }]))).toEqual({ value: null, low: null, high: null })
  expect(kaplanMeier([{ time: 0, hasEvent: true }])).toMatchObject([{ time: 0, survival: 0 }])
  expect(medianOf(kaplanMeier([{ time: 0, hasEvent: true }]))).toEqual({ value: 0, low: 0, high: 0 })
})

test('a half that comes out of fractions counts as a half', () => {
  for (let n = 2; n <= 60; n += 2) {
    const subjects = Array.from({ length: n }, (_, i) => ({ time: i + 1, hasEvent: true }))
    expect([n, medianOf(kaplanMeier(subjects)).value]).toEqual([n, n / 2])
  }
})

test('who is censored at a time was at risk of its events', () => {
  expect(
    kaplanMeier([
      { time: 3, hasEvent: false },
      { time: 3, hasEvent: true },
    ]),
  ).toMatchObject([{ atRisk: 2, survival: 0.5 }])
  expect(at(kaplanMeier(mercaptopurine), mercaptopurine, 10)).toMatchObject({ atRisk: 15 })
})

test('survival falls, stays between its limits, and never is no number', () => {
  for (let seed = 1; seed < 40; seed += 1) {
    const subjects = Array.from({ length: seed }, (_, i) => ({
      time: (i * 7919 + seed * 31) % 50,
      hasEvent: (i + seed) % 3 !== 0,
    }))
    let before = 1
    for (const s of kaplanMeier(subjects)) {
      expect(s.survival).toBeLessThanOrEqual(before)
      expect(Number.isFinite(s.standardError)).toBe(true)
      if (s.low !== null && s.high !== null) expect(s.low <= s.survival && s.survival <= s.high).toBe(true)
      before = s.survival
    }
  }
})

test('a time that cannot be is refused', () => {
  expect(() => kaplanMeier([{ time: -1, hasEvent: true }])).toThrow(RangeError)
  expect(() => kaplanMeier([{ time: Number.NaN, hasEvent: true }])).toThrow(RangeError)
})
