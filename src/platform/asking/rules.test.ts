import { expect, test } from 'vitest'
import { askingPolicies, mayAsk, type Asking } from './rules.ts'

const policy = { name: 'x', windowDays: 30, most: 2, restDays: 5, restDaysAfterTakingPart: 10 }
const day = (n: number) => new Date(Date.UTC(2026, 2, n, 9))
const asked = (n: number, tookPart: number | null = null): Asking => ({
  askedAt: day(n),
  tookPartAt: tookPart === null ? null : day(tookPart),
})

test.each([
  ['nobody who was never asked is spared', [], 1, null],
  ['rest after an asking', [asked(1)], 5, ['asked-lately', 6]],
  ['rest is over to the minute', [asked(1)], 6, null],
  ['a longer rest after taking part', [asked(1, 2)], 8, ['took-part-lately', 12]],
  ['after that, too, it is over', [asked(1, 2)], 12, null],
  ['as often as the window allows', [asked(1), asked(10)], 16, ['asked-often', 31]],
  ['the window opens with the oldest', [asked(1), asked(10)], 31, null],
  ['the reason that holds longest is told', [asked(1), asked(28, 29)], 30, ['took-part-lately', 39]],
  ['of many askings the last ones count', [asked(-80), asked(-60), asked(1)], 7, null],
  ['their order does not matter', [asked(10), asked(1)], 16, ['asked-often', 31]],
  ['an asking of the future counts as well', [asked(20)], 1, ['asked-lately', 25]],
] as const)('%s', (_, askings, today, closed) => {
  const verdict = mayAsk(policy, askings, day(today))
  expect(verdict.isAllowed ? null : [verdict.why, verdict.opensAt.toISOString()]).toEqual(
    closed ? [closed[0], day(closed[1]).toISOString()] : null,
  )
})

test('what is told can be said to whoever wanted to ask', () => {
  expect(mayAsk(policy, [asked(1)], day(2))).toMatchObject({ reason: 'They were asked within the last 5 days.' })
})

test('customers are asked less often than colleagues', () => {
  const { colleagues, customers } = askingPolicies
  expect(customers.most / customers.windowDays).toBeLessThan(colleagues.most / colleagues.windowDays)
  expect(customers.restDays).toBeGreaterThan(colleagues.restDays)
})
