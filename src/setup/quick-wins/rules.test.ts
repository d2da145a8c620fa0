import { expect, test } from 'vitest'
import { monthIndex } from '../../platform/calendar/month.ts'
import type { Done } from '../../platform/rooms/win.ts'
import {
  assess,
  confidenceOf,
  hoursOf,
  monthsOf,
  refuseSample,
  statedTimes,
  stateOf,
  timingOf,
  totalsOf,
  type Subject,
} from './rules.ts'

const aWin = (some: Partial<Subject> = {}): Subject => ({
  people: 10,
  timesPerMonth: 4,
  statedBefore: null,
  statedAfter: null,
  deliveredOn: null,
  droppedBecause: null,
  ...some,
})
const done = (day: string, tookMinutes: number | null = null): Done => ({
  id: `${day} ${tookMinutes}`,
  at: new Date(`${day}T09:00:00Z`),
  tookMinutes,
  forWhom: 'product-manager',
  of: 'x',
})
const times = (n: number, day: string, minutes: number | null = null) =>
  Array.from({ length: n }, () => done(day, minutes))
const tapped = (side: 'before' | 'after', ...minutes: number[]) => minutes.map((m) => ({ side, minutes: m }))
const timing = (minutes: number, method: 'system' | 'samples' | 'stated', of: number) => ({
  minutes,
  low: minutes,
  high: minutes,
  method,
  of,
})

test('the system’s own time goes before samples, samples before what somebody states', () => {
  expect(timingOf({ timed: [4, 8, 6], samples: [60], stated: 90 })).toEqual({
    minutes: 6,
    low: 4,
    high: 8,
    method: 'system',
    of: 3,
  })
  expect(timingOf({ timed: [], samples: [60, 30], stated: 90 })).toMatchObject({ minutes: 45, method: 'samples' })
  expect(timingOf({ timed: [], samples: [], stated: 90 })).toMatchObject({ minutes: 90, method: 'stated', of: 0 })
  expect(timingOf({ timed: [], samples: [], stated: null })).toBeNull()
})

test('without two measurements it is an estimate, however much one side rests on', () => {
  const counted = { n: 50, how: 'counted' as const }
  expect(confidenceOf(timing(60, 'stated', 0), timing(5, 'system', 99), counted)).toBe('estimate')
  expect(confidenceOf(timing(60, 'samples', 3), null, counted)).toBe('estimate')
  expect(confidenceOf(null, null, null)).toBe('estimate')
})

test('it is sure where both sides rest on enough and the times are counted, else in between', () => {
  const counted = { n: 50, how: 'counted' as const }
  expect(confidenceOf(timing(60, 'samples', 3), timing(5, 'samples', 3), counted)).toBe('high')
  expect(confidenceOf(timing(60, 'samples', 3), timing(5, 'system', 10), counted)).toBe('high')
  expect(confidenceOf(timing(60, 'samples', 2), timing(5, 'samples', 3), counted)).toBe('medium')
  expect(confidenceOf(timing(60, 'samples', 3), timing(5, 'system', 9), counted)).toBe('medium')
  expect(confidenceOf(timing(60, 'samples', 3), timing(5, 'samples', 3), { n: 50, how: 'stated' })).toBe('medium')
})

test('hours are the difference times how often, with a range that no choice of the samples leaves', () => {
  const before = { minutes: 60, low: 30, high: 120, method: 'samples' as const, of: 3 }
  const after = { minutes: 10, low: 5, high: 15, method: 'samples' as const, of: 3 }
  expect(hoursOf(before, after, 12)).toEqual({ value: 10, low: 3, high: 23 })
  expect(hoursOf(after, before, 12)?.value).toBe(-10)
  expect(hoursOf(before, null, 12)).toBeNull()
})

test('times that are stated are people by times a month, by the days that passed', () => {
  expect(statedTimes(aWin(), '2026-01-01', '2027-01-01')).toBeCloseTo((40 * 365) / 30.4375, 6)
  expect(statedTimes(aWin(), '2026-01-01', '2026-01-01')).toBe(0)
  expect(statedTimes(aWin(), '2026-02-01', '2026-01-01')).toBe(0)
})

test('a dropped one is dropped, whether it was delivered or not', () => {
  expect(stateOf(aWin())).toBe('planned')
  expect(stateOf(aWin({ deliveredOn: '2026-01-01' }))).toBe('delivered')
  expect(stateOf(aWin({ deliveredOn: '2026-01-01', droppedBecause: 'nobody used it' }))).toBe('dropped')
})

test('what a room counted since the day of delivery is how often it was of use', () => {
  const record = { time: 'waiting' as const, done: [...times(3, '2026-01-31'), ...times(12, '2026-02-01')] }
  const found = assess(
    aWin({ deliveredOn: '2026-02-01' }),
    [...tapped('before', 60, 60, 60), ...tapped('after', 10, 10, 10)],
    record,
    '2026-03-01',
  )
  expect(found).toMatchObject({
    state: 'delivered',
    times: { n: 12, how: 'counted' },
    hours: { value: 10 },
    confidence: 'high',
    waiting: null,
    missing: [],
  })
})

test('waiting that became shorter is shown and gives no hour back', () => {
  const record = { time: 'waiting' as const, done: [...times(11, '2026-01-10', 600), ...times(20, '2026-02-10', 60)] }
  const found = assess(aWin({ deliveredOn: '2026-02-01' }), [], record, '2026-03-01')
  expect(found.waiting).toEqual({ before: { minutes: 600, of: 11 }, after: { minutes: 60, of: 20 } })
  expect(found).toMatchObject({ before: null, after: null, hours: null, confidence: 'estimate' })
})

test('work that the system times on both sides needs nobody’s tap', () => {
  const record = { time: 'work' as const, done: [...times(10, '2026-01-10', 90), ...times(10, '2026-02-10', 30)] }
  const found = assess(aWin({ deliveredOn: '2026-02-01' }), [], record, '2026-03-01')
  expect(found).toMatchObject({
    before: { method: 'system', minutes: 90, of: 10 },
    after: { method: 'system', minutes: 30, of: 10 },
    hours: { value: 10 },
    confidence: 'high',
    waiting: null,
  })
})

test('before it is delivered nothing is given back, and what a month would bring is told apart', () => {
  const found = assess(aWin({ statedBefore: 30, statedAfter: 0 }), [], null, '2026-03-01')
  expect(found).toMatchObject({ state: 'planned', times: null, hours: null, hoursPerMonth: 20, confidence: 'estimate' })
  expect(found.missing).toEqual([
    'time it as it is done today, up to three times',
    'deliver it',
    'time it again once it is delivered',
  ])
})

test('one that was never timed before says that it stays an estimate', () => {
  const found = assess(
    aWin({ statedBefore: 30, deliveredOn: '2026-02-01' }),
    tapped('after', 5, 5, 5),
    null,
    '2026-03-01',
  )
  expect(found.confidence).toBe('estimate')
  expect(found.missing).toEqual(['it was not timed before it was delivered, so it stays an estimate'])
})

test('months begin with that of delivery and hold what was counted in each', () => {
  const win = aWin({ deliveredOn: '2026-01-20' })
  const record = {
    time: 'waiting' as const,
    done: [...times(5, '2026-01-19'), ...times(2, '2026-01-20'), ...times(3, '2026-03-01')],
  }
  const sides = { before: timing(60, 'samples', 3), after: timing(0, 'samples', 3) }
  const months = ['2025-12', '2026-01', '2026-02', '2026-03'].map(monthIndex)
  expect(monthsOf(win, record, sides, months, '2026-03-02')).toEqual([
    { month: '2026-01', times: 2, hours: 2 },
    { month: '2026-02', times: 0, hours: 0 },
    { month: '2026-03', times: 3, hours: 3 },
  ])
})

test('months of stated times add up to the whole, and none lies in days to come', () => {
  const win = aWin({ deliveredOn: '2026-01-20' })
  const months = ['2026-01', '2026-02', '2026-03'].map(monthIndex)
  const found = monthsOf(win, null, { before: null, after: null }, months, '2026-03-11')
  expect(found.reduce((sum, m) => sum + m.times, 0)).toBeCloseTo(statedTimes(win, '2026-01-20', '2026-03-11'), 9)
  expect(found[2]!.times).toBeCloseTo((40 * 10) / 30.4375, 9)
})

test('measured and estimated hours are never added up, and what is planned or dropped counts in neither', () => {
  const measured = assess(
    aWin({ deliveredOn: '2026-02-01' }),
    [...tapped('before', 60), ...tapped('after', 0)],
    { time: 'waiting', done: times(5, '2026-02-03') },
    '2026-03-01',
  )
  const stated = assess(
    aWin({ deliveredOn: '2026-02-01', statedBefore: 60, statedAfter: 0 }),
    [],
    { time: 'waiting', done: times(7, '2026-02-03') },
    '2026-03-01',
  )
  const planned = assess(aWin({ statedBefore: 60, statedAfter: 0 }), [], null, '2026-03-01')
  const dropped = assess(
    aWin({ deliveredOn: '2026-02-01', droppedBecause: 'no use', statedBefore: 60, statedAfter: 0 }),
    [],
    null,
    '2026-03-01',
  )
  expect(totalsOf([measured, stated, planned, dropped])).toEqual({
    measured: { value: 5, low: 5, high: 5 },
    estimated: 7,
    delivered: 2,
    proved: 1,
  })
})

test('a baseline is timed before delivery, the rest after it, and by three people at most', () => {
  expect(() => refuseSample(aWin(), 'before', 2)).not.toThrow()
  expect(() => refuseSample(aWin(), 'before', 3)).toThrow('Three people have timed it')
  expect(() => refuseSample(aWin(), 'after', 0)).toThrow('not delivered yet')
  expect(() => refuseSample(aWin({ deliveredOn: '2026-01-01' }), 'before', 0)).toThrow('from memory')
  expect(() => refuseSample(aWin({ deliveredOn: '2026-01-01' }), 'after', 0)).not.toThrow()
  expect(() => refuseSample(aWin({ droppedBecause: 'no' }), 'before', 0)).toThrow('dropped')
})
