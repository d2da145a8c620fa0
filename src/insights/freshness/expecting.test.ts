import { describe, expect, test } from 'vitest'
import { workdays } from '../datasets/schedules/rules.ts'
import { accounts } from '../datasets/declared/accounts.ts'
import { usage } from '../datasets/declared/usage.ts'
import { expectedText, lateSince, lateText, nextBy, oldUsage } from './expecting.ts'

const weekdays = { days: workdays, at: '07:00', timeZone: 'Europe/Berlin' }
const at = (iso: string) => new Date(iso)
const since = at('2026-11-01T00:00:00Z')
const late = (deliveries: string[], now: string, expected = weekdays, from = since) =>
  lateSince(expected, deliveries.map(at), from, at(now))?.toISOString() ?? null

describe('by 07:00 every weekday, Berlin', () => {
  const daily = ['2026-11-20T05:30:00Z', '2026-11-23T05:30:00Z', '2026-11-24T05:30:00Z']
  test('nothing is late before the time', () => {
    expect(late(daily, '2026-11-25T05:59:59Z')).toBeNull()
  })
  test('it is late from that minute on', () => {
    expect(late(daily, '2026-11-25T06:00:00Z')).toBe('2026-11-25T06:00:00.000Z')
  })
  test('until it comes', () => {
    expect(late([...daily, '2026-11-25T08:10:00Z'], '2026-11-25T08:10:01Z')).toBeNull()
  })
  test('a weekend asks for nothing; Monday does', () => {
    expect(late(['2026-11-27T05:30:00Z'], '2026-11-29T12:00:00Z')).toBeNull()
    expect(late(['2026-11-27T05:30:00Z'], '2026-11-30T06:00:00Z')).toBe('2026-11-30T06:00:00.000Z')
  })
  test('data that came the evening before counts', () => {
    expect(late([...daily, '2026-11-24T17:00:00Z'], '2026-11-25T07:00:00Z')).toBeNull()
  })
  test('what was late yesterday is not what is expected today', () => {
    expect(late(['2026-11-20T05:30:00Z', '2026-11-23T05:30:00Z', '2026-11-24T06:30:00Z'], '2026-11-25T06:00:00Z')).toBe(
      '2026-11-25T06:00:00.000Z',
    )
  })
  test('a day that brought nothing at all does not make the next one late', () => {
    expect(
      late(['2026-11-20T05:30:00Z', '2026-11-23T05:30:00Z', '2026-11-25T05:30:00Z'], '2026-11-25T06:00:00Z'),
    ).toBeNull()
  })
  test('what was missed before anybody expected it is not late', () => {
    expect(late([], '2026-11-25T12:00:00Z', weekdays, at('2026-11-25T09:00:00Z'))).toBeNull()
    expect(late([], '2026-11-26T06:00:00Z', weekdays, at('2026-11-25T09:00:00Z'))).toBe('2026-11-26T06:00:00.000Z')
    expect(late(['2026-11-25T09:30:00Z'], '2026-11-26T06:00:00Z', weekdays, at('2026-11-25T09:00:00Z'))).toBeNull()
  })
  test('the order in which deliveries are told does not matter', () => {
    expect(late([...daily, '2026-11-25T05:00:00Z'].reverse(), '2026-11-25T06:00:00Z')).toBeNull()
  })
})

test('on the days the clocks change it is 07:00 by the clock', () => {
  const every = { days: [1, 2, 3, 4, 5, 6, 7], at: '07:00', timeZone: 'Europe/Berlin' }
  expect([
    late([], '2026-10-25T05:59:00Z', every, at('2026-10-24T12:00:00Z')),
    late([], '2026-10-25T06:00:00Z', every, at('2026-10-24T12:00:00Z')),
  ]).toEqual([null, '2026-10-25T06:00:00.000Z'])
  expect([
    late([], '2026-03-29T04:59:00Z', every, at('2026-03-28T12:00:00Z')),
    late([], '2026-03-29T05:00:00Z', every, at('2026-03-28T12:00:00Z')),
  ]).toEqual([null, '2026-03-29T05:00:00.000Z'])
  expect(nextBy(every, at('2026-10-25T06:00:00Z')).toISOString()).toBe('2026-10-26T06:00:00.000Z')
})

test('it is said in words that everybody knows', () => {
  expect(lateText(usage.words, weekdays, at('2026-11-25T06:00:00Z'), at('2026-11-25T09:00:00Z'))).toBe(
    'usage was expected by 07:00',
  )
  expect(lateText(accounts.words, weekdays, at('2026-11-24T06:00:00Z'), at('2026-11-25T09:00:00Z'))).toBe(
    'accounts were expected by 07:00 on 24 Nov 2026',
  )
  expect(expectedText(weekdays)).toBe('by 07:00 every weekday, Europe/Berlin')
})

test('usage that ended long ago is called old where none is expected, and only there', () => {
  const age = (lastDay: string | null, isExpected = false) => oldUsage(lastDay, isExpected, '2026-11-27')?.age ?? null
  expect([
    age(null),
    age('2026-10-13'),
    age('2026-10-12'),
    age('2026-09-27'),
    age('2025-12-31'),
    age('2023-06-30'),
  ]).toEqual([null, null, '46 days old', '2 months old', '10 months old', '3 years old'])
  expect(age('2025-12-31', true)).toBeNull()
  expect(oldUsage('2025-12-31', false, '2026-11-27')!.text).toBe(
    'Usage ends on 31 Dec 2025, 10 months ago, and no new usage is expected: nothing can be late.',
  )
})
