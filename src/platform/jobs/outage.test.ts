import { expect, test } from 'vitest'
import { isLostStore, watchOutage } from './outage.ts'

const lost = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

test('a store that is away is told once, then once a minute with how long, and once when it is back', () => {
  const told: [string, number | null][] = []
  let second = 0
  const say =
    (level: string) =>
    (facts: { forSeconds?: number; afterSeconds?: number }): void => {
      told.push([level, facts.forSeconds ?? facts.afterSeconds ?? null])
    }
  const outage = watchOutage(
    { error: say('error'), warn: say('warn'), info: say('info') } as never,
    () => new Date(second * 1000),
  )
  outage.worked()
  for (second = 0; second < 150; second += 0.5) outage.failed(lost)
  expect(told.splice(0)).toEqual([
    ['error', null],
    ['warn', 60],
    ['warn', 120],
  ])
  outage.worked()
  outage.worked()
  expect(told.splice(0)).toEqual([['info', 150]])
  outage.failed(lost)
  expect(told).toEqual([['error', null]])
})

test.each([
  [lost, true],
  [Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' }), true],
  [Object.assign(new Error('the database system is starting up'), { code: '57P03' }), true],
  [new Error('Connection terminated unexpectedly'), true],
  [Object.assign(new Error('connect ENOENT /var/run/.s.PGSQL.5432'), { code: 'ENOENT' }), true],
  [Object.assign(new Error('relation "job" does not exist'), { code: '42P01' }), false],
  [Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' }), false],
  [new Error('no such kind of job'), false],
])('%s: lost is %s', (error, isLost) => {
  expect(isLostStore(error)).toBe(isLost)
})
