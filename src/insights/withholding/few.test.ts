import { expect, test } from 'vitest'
import { sayWithheld, withheldOf, type Line } from './few.ts'

const lines = (counts: Record<string, number | number[]>): Line[] =>
  Object.entries(counts).map(([who, accounts]) => ({ who, accounts: [accounts].flat() }))
const withheld = (counts: Record<string, number | number[]>) => Object.fromEntries(withheldOf(lines(counts)))

test('a line of one or two accounts is withheld, and with it the next smallest where it stood alone', () => {
  expect(withheld({ a: 40, b: 30, c: 3 })).toEqual({})
  expect(withheld({ a: 40, b: 30, c: 1 })).toEqual({ c: 'few', b: 'next' })
  expect(withheld({ a: 40, b: 1, c: 1 })).toEqual({ b: 'few', c: 'few', a: 'next' })
  expect(withheld({ a: 40, b: 2, c: 1 })).toEqual({ b: 'few', c: 'few' })
  expect(withheld({ a: 40, b: 0, c: 1, d: 5 })).toEqual({ c: 'few', d: 'next' })
  expect(withheld({ a: 40, b: 30, '(no value)': 1 })).toEqual({})
  expect(withheld({ a: 40, b: 1, 'no owner': 5 })).toEqual({ b: 'few', 'no owner': 'next' })
  expect(withheld({ a: 2 })).toEqual({ a: 'few' })
  expect(withheld({})).toEqual({})
})

test('a line that has few at one of its days is withheld, with another that is there on that day', () => {
  expect(withheld({ a: [40, 40], b: [30, 0], c: [9, 1] })).toEqual({ c: 'few', a: 'next' })
})

test('whatever the counts, no total less what is shown is that of one or two accounts, nor that of one line with few', () => {
  let state = 7
  const next = (below: number) => {
    state = (state * 1103515245 + 12345) % 2147483648
    return Math.floor((state / 2147483648) * below)
  }
  for (let round = 0; round < 5000; round += 1) {
    const all = Array.from({ length: 1 + next(6) }, (_, i) => ({
      who: `s${i}`,
      accounts: [0, 1].map(() => [0, 1, 2, 3, 4 + next(9)][next(5)]!),
    }))
    const out = withheldOf(all)
    for (const day of [0, 1]) {
      const of = (isOut: boolean) => all.filter((l) => out.has(l.who) === isOut).flatMap((l) => l.accounts[day]! || [])
      expect(of(false).filter((n) => n < 3)).toEqual([])
      const left = of(true)
      if (!left.some((n) => n < 3) || of(false).length === 0) continue
      expect([left.length >= 2, left.reduce((sum, n) => sum + n, 0) >= 3]).toEqual([true, true])
    }
  }
})

test('what is not shown is said by name, and why', () => {
  expect(sayWithheld([], [], [])).toBeNull()
  expect(sayWithheld(['Norway'], ['Iceland'], [])).toBe(
    'Not shown: Norway (fewer than 3 accounts); Iceland (else Norway could be worked out from the total).',
  )
})
