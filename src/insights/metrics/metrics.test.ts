import { expect, test } from 'vitest'
import { markOf, wilson } from './intervals.ts'
import { bridgeOf, retentionOf } from './retention.ts'

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

// A100 B100 C100 D100 → A120 B80 C0 D100; E new at 90; F, churned earlier, back at 60.
const golden = [
  { start: 100, end: 120, paidBefore: true },
  { start: 100, end: 80, paidBefore: true },
  { start: 100, end: 0, paidBefore: true },
  { start: 100, end: 100, paidBefore: true },
  { start: 0, end: 90, paidBefore: false },
  { start: 0, end: 60, paidBefore: true },
]

test('the golden book: closed-cohort NRR 75 %, GRR 70 %, logo retention 75 %', () => {
  expect(retentionOf(golden)).toEqual({ accounts: 4, start: 400, nrr: 0.75, grr: 0.7, logo: 0.75 })
})

test('the bridge balances, tells new from reactivated, and keeps movements apart', () => {
  const bridge = bridgeOf(golden)
  expect(bridge).toEqual({
    start: 400,
    new: 90,
    reactivation: 60,
    expansion: 20,
    contraction: 20,
    churn: 100,
    end: 450,
  })
  expect(bridge.start + bridge.new + bridge.reactivation + bridge.expansion - bridge.contraction - bridge.churn).toBe(
    bridge.end,
  )
})

test('a book of nobody has no retention', () => {
  expect(retentionOf([{ start: 0, end: 10 }])).toEqual({ accounts: 0, start: 0, nrr: null, grr: null, logo: null })
})
