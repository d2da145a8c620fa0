import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from '../../../tests/support/app.ts'
import { giveBack, spend } from './queries.ts'
import { opensInWords, passwordBudgets, placeKey } from './throttle.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app.close())

const at = (seconds: number) => new Date(Date.UTC(2026, 2, 1, 9) + seconds * 1000)
const ten = (key: string) => ({ key, tries: 10, everyMs: 90_000 })

test('a budget holds its tries at once and then one each step, counted from the failures and not from the last request', async () => {
  const refused = async (seconds: number) => (await spend(app.services.db, ten('steady'), at(seconds))) !== null
  for (let i = 0; i < 10; i += 1) expect(await refused(i)).toBe(false)
  expect(await spend(app.services.db, ten('steady'), at(10))).toEqual(at(90))
  // Trying on while it is closed moves nothing.
  expect([await refused(40), await refused(89), await refused(90), await refused(91)]).toEqual([
    true,
    true,
    false,
    true,
  ])
  // One every 28 seconds is let through about one time in three, and never shut out for good.
  const open: boolean[] = []
  for (let second = 200; second < 200 + 28 * 30; second += 28) open.push(!(await refused(second)))
  expect(open.filter(Boolean).length).toBeGreaterThanOrEqual(9)
})

test('a clock that was set back shuts nobody out', async () => {
  expect(await spend(app.services.db, ten('wandering'), at(86_400))).toBeNull()
  expect(await spend(app.services.db, ten('wandering'), at(0))).toBeNull()
})

test('a try that is given back was none', async () => {
  const budget = { key: 'given back', tries: 1, everyMs: 60_000 }
  expect(await spend(app.services.db, budget, at(0))).toBeNull()
  await giveBack(app.services.db, budget)
  expect(await spend(app.services.db, budget, at(1))).toBeNull()
  expect(await spend(app.services.db, budget, at(2))).toEqual(at(61))
})

test('of many tries at the same moment no more are let through than there are', async () => {
  const tries = await Promise.all(Array.from({ length: 40 }, () => spend(app.services.db, ten('at once'), at(0))))
  expect(tries.filter((opensAt) => opensAt === null)).toHaveLength(10)
})

test('where an account has signed in before, nobody elsewhere can spend its tries', () => {
  const keys = (address: string, isKnown: boolean) =>
    passwordBudgets('Robin@example.com', address, isKnown).map((budget) => budget.key)
  const [stranger, known] = [keys('203.0.113.7', false), keys('198.51.100.9', true)]
  expect([stranger.length, known.length]).toEqual([3, 1])
  expect(stranger.filter((key) => known.includes(key))).toEqual([])
  expect(keys('203.0.113.8', false).filter((key) => stranger.includes(key))).toEqual([stranger[1]])
  expect(JSON.stringify(stranger)).not.toContain('robin')
})

test('a network of IPv6 is one place, whichever of its addresses is used', () => {
  expect(placeKey('2001:db8:1:2::1')).toBe(placeKey('2001:db8:1:2:ffff::9'))
  expect(placeKey('2001:db8:1:2::1')).not.toBe(placeKey('2001:db8:1:3::1'))
  expect(placeKey('203.0.113.7')).toBe('203.0.113.7')
})

test('the refusal says when it opens', () => {
  expect(opensInWords(at(1), at(0))).toBe('in 1 second, at 09:00 UTC')
  expect(opensInWords(at(61), at(0))).toBe('in 61 seconds, at 09:01 UTC')
  expect(opensInWords(at(601), at(0))).toBe('in 11 minutes, at 09:10 UTC')
})
