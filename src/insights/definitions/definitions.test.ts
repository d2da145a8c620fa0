import { expect, test } from 'vitest'
import { sumsOfWindow } from '../../../tests/support/sums-of-window.ts'
import { detectableGap, newcombe } from '../statistics/association/two-rates.ts'
import { wilson } from '../statistics/intervals.ts'
import { definitions } from './definitions.ts'
import { valueOf } from '../analyses/nrr-variants/variants.ts'

const of = (key: string) => definitions.find((d) => d.key === key)!
const percent = (rate: number) => `${Math.round(rate * 100)} %`

/** A, B, C and D pay 100 each at the start; at the end A pays 120, B 80, C nothing, D 100; E is new, F comes back. */
const book = sumsOfWindow([
  { months: [100, 120], paidBefore: true },
  { months: [100, 80], paidBefore: true },
  { months: [100, 0], paidBefore: true },
  { months: [100, 100], paidBefore: true },
  { months: [0, 90], paidBefore: false },
  { months: [0, 60], paidBefore: true },
])

test('the worked examples are what the functions compute', () => {
  const nrr = valueOf('closed-cohort', {
    ...book,
    year: { accounts: book.accounts, start: book.start, end: book.end },
    signups: { cohorts: 0, accounts: 0, start: 0, end: 0 },
  })
  const grr = book.kept / book.start
  const logo = (book.accounts - book.moves.cohort.n.churn) / book.accounts
  expect(of('nrr').example).toContain(`NRR = 300 / 400 = ${percent(nrr!)}`)
  expect(of('grr').example).toContain(`/ 400 = ${percent(grr)}`)
  expect(of('logo-retention').example).toContain(`3 of 4, ${percent(logo)}`)
  for (const [hits, of_, text] of [
    [9, 10, '9 of 10'],
    [90, 100, '90 of 100'],
  ] as const) {
    const w = wilson(hits, of_)!
    expect(of('wilson').example).toContain(`${text}: ${percent(w.low)} to ${percent(w.high)}`)
  }
  const rate = wilson(4, 83)!
  expect(of('adoption-rate').example).toBe(
    `4 of 83 eligible accounts: ${(rate.value * 100).toFixed(1)} %, interval ${(rate.low * 100).toFixed(1)} % to ${percent(rate.high)}.`,
  )
  const d = newcombe({ n: 70, alive: 56 }, { n: 80, alive: 48 })!
  expect(of('adjusted-difference').example).toContain(
    `+${(d.value * 100).toFixed(1)} points, interval +${(d.low * 100).toFixed(1)} to +${(d.high * 100).toFixed(1)}`,
  )
  expect(of('detectable-gap').example).toContain(
    `49 accounts on each side tell ${percent(0.75 + detectableGap(0.75, { first: 49, second: 49 })!)} from 75 %`,
  )
})

test('every key is there once, and every definition says its base, its time and its unit', () => {
  expect(new Set(definitions.map((d) => d.key)).size).toBe(definitions.length)
  for (const d of definitions)
    expect(
      [d.base, d.window, d.unit, d.definition].every((text) => text.length > 2),
      d.key,
    ).toBe(true)
})
