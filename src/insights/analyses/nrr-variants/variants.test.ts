import { expect, test } from 'vitest'
import { sumsOfWindow, type AccountMonths } from '../../../../tests/support/sums-of-window.ts'
import { laddersOf, valueOf, variants, type BookSums } from './variants.ts'

/** The golden vector: start A B C D at 100; end 120, 80, 0, 100; E new at 50 and then at 90; F churned before and back at 60. */
const golden: AccountMonths[] = [
  { months: [100, 100, 120], paidBefore: true },
  { months: [100, 80, 80], paidBefore: true },
  { months: [100, 0, 0], paidBefore: true },
  { months: [100, 100, 100], paidBefore: true },
  { months: [0, 50, 90], paidBefore: false },
  { months: [0, 0, 60], paidBefore: true },
]
const bookOf = (accounts: AccountMonths[], more: Partial<BookSums> = {}): BookSums => {
  const sums = sumsOfWindow(accounts)
  return {
    ...sums,
    year: { accounts: sums.accounts, start: sums.start, end: sums.end },
    signups: { cohorts: 0, accounts: 0, start: 0, end: 0 },
    ...more,
  }
}

test('one book, three figures: 75 %, 85 % and 100 %, and GRR of 70 %', () => {
  const book = bookOf(golden)
  expect([valueOf('closed-cohort', book), valueOf('movement-sum', book), valueOf('net-mrr-churn', book)]).toEqual([
    0.75, 0.85, 1,
  ])
  expect(book.kept / book.start).toBe(0.7)
})

test('the other forms on the same book', () => {
  const book = bookOf(golden, { signups: { cohorts: 2, accounts: 3, start: 200, end: 150 } })
  expect(valueOf('same-customers-year', book)).toBe(0.75)
  expect(valueOf('compounded', book)).toBeCloseTo((280 / 400) * ((120 + 80 + 100 + 90) / 330), 12)
  expect(valueOf('rolling-month', book)).toBeCloseTo(1 - (0 - (20 + 40)) / 330, 12)
  expect(valueOf('signup-cohorts', book)).toBe(0.75)
})

test('the steps between two forms add up to their difference, each with the accounts behind it', () => {
  const steps = laddersOf(bookOf(golden))
  const sum = (to: string, from: string) =>
    steps.filter((s) => s.to === to && s.from === from).reduce((total, s) => total + s.change, 0)
  expect(sum('movement-sum', 'closed-cohort')).toBeCloseTo(0.1, 12)
  expect(sum('net-mrr-churn', 'movement-sum')).toBeCloseTo(0.15, 12)
  expect(steps.find((s) => s.text.startsWith('Accounts won'))).toMatchObject({ change: 0.1, accounts: 1, arr: 40 })
  expect(steps.find((s) => s.text === 'Returns from outside')).toMatchObject({ change: 0.15, accounts: 1, arr: 60 })
})

test('an account that left and came back within the window: in at its end, out of a sum without reactivation', () => {
  const book = bookOf([
    { months: [100, 0, 80], paidBefore: true },
    { months: [100, 100, 100], paidBefore: true },
  ])
  expect([valueOf('closed-cohort', book), valueOf('movement-sum', book), valueOf('net-mrr-churn', book)]).toEqual([
    0.9, 0.5, 0.9,
  ])
})

test('movements keep the identity of the bridge: start + new + reactivation + expansion − contraction − churn = end', () => {
  const { moves, start } = sumsOfWindow(golden)
  const all = (kind: 'new' | 'reactivation' | 'expansion' | 'contraction' | 'churn') =>
    Object.values(moves).reduce((sum, g) => sum + g.arr[kind], 0)
  expect(start + all('new') + all('reactivation') + all('expansion') - all('contraction') - all('churn')).toBe(
    120 + 80 + 100 + 90 + 60,
  )
})

test('a book of nobody has no figure in any form, and none is ever no number', () => {
  for (const accounts of [[], [{ months: [0, 0], paidBefore: false }], [{ months: [0, 5], paidBefore: false }]]) {
    const book = bookOf(accounts)
    expect(variants.map((v) => v.value(book))).toEqual(variants.map(() => null))
    for (const step of laddersOf(book)) expect(Number.isFinite(step.change)).toBe(true)
  }
  const enormous = bookOf([{ months: [1, 9e15], paidBefore: true }])
  for (const v of variants) expect(v.value(enormous) === null || Number.isFinite(v.value(enormous)), v.key).toBe(true)
})

test('every form says its formula, base, treatment of reactivation and of accounts won, and its source', () => {
  expect(new Set(variants.map((v) => v.key)).size).toBe(7)
  for (const v of variants)
    expect(
      [v.formula, v.base, v.reactivation, v.newInWindow, v.source].every((text) => text.length > 10),
      v.key,
    ).toBe(true)
})
