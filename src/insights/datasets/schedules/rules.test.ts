import { describe, expect, test } from 'vitest'
import { daysText, isWithin, lastClock, nextClock, nextDue, timingText, workdays } from './rules.ts'
import { isTimeZone, localTime, momentOf, weekdayOf } from '../../../platform/calendar/zone-time.ts'

const at = (iso: string) => new Date(iso)
const due = (timing: Parameters<typeof nextDue>[0], after: string) =>
  nextDue(timing, at(after)).toISOString().replace('.000Z', 'Z')
const dues = (timing: Parameters<typeof nextDue>[0], after: string, n: number) =>
  Array.from({ length: n }).reduce<string[]>((all) => [...all, due(timing, all.at(-1) ?? after)], [])

describe('clock times in a zone', () => {
  test.each([
    ['2026-01-15', '07:00', 'Europe/Berlin', '2026-01-15T06:00:00Z'],
    ['2026-07-15', '07:00', 'Europe/Berlin', '2026-07-15T05:00:00Z'],
    ['2026-07-15', '23:30', 'America/Los_Angeles', '2026-07-16T06:30:00Z'],
    ['2026-07-15', '07:00', 'Asia/Kolkata', '2026-07-15T01:30:00Z'],
    ['2026-07-15', '00:00', 'Pacific/Kiritimati', '2026-07-14T10:00:00Z'],
    ['2026-07-15', '07:00', 'UTC', '2026-07-15T07:00:00Z'],
  ])('%s %s in %s', (day, clock, zone, moment) => {
    expect(momentOf(day, clock, zone)).toEqual(at(moment))
  })

  test('a time that the clocks leave out comes as much later as they jump', () => {
    expect(momentOf('2026-03-29', '02:30', 'Europe/Berlin')).toEqual(at('2026-03-29T01:30:00Z'))
    expect(localTime(at('2026-03-29T01:30:00Z'), 'Europe/Berlin')).toEqual({
      day: '2026-03-29',
      hour: 3,
      minute: 30,
      second: 0,
    })
    expect(momentOf('2026-03-08', '02:30', 'America/New_York')).toEqual(at('2026-03-08T07:30:00Z'))
  })
  test('a time that the clocks show twice is the first of the two', () => {
    expect(momentOf('2026-10-25', '02:30', 'Europe/Berlin')).toEqual(at('2026-10-25T00:30:00Z'))
    expect(momentOf('2026-11-01', '01:30', 'America/New_York')).toEqual(at('2026-11-01T05:30:00Z'))
  })
  test('zones are known by their names', () => {
    expect(['Europe/Berlin', 'UTC', 'America/New_York'].map(isTimeZone)).toEqual([true, true, true])
    expect(['Europe/Nowhere', '', 'Berlin/../x'].map(isTimeZone)).toEqual([false, false, false])
  })
  test('Monday is 1 and Sunday 7', () => {
    expect(['2026-11-23', '2026-11-28', '2026-11-29'].map(weekdayOf)).toEqual([1, 6, 7])
  })
})

describe('when it is due', () => {
  test('every n minutes from the last time', () => {
    expect(due({ every: 'minutes', minutes: 15 }, '2026-11-25T10:07:30Z')).toBe('2026-11-25T10:22:30Z')
  })
  test('every hour at a minute, and at that very minute an hour later', () => {
    expect(dues({ every: 'hour', minute: 5, timeZone: 'Europe/Berlin' }, '2026-11-25T10:04:59Z', 3)).toEqual([
      '2026-11-25T10:05:00Z',
      '2026-11-25T11:05:00Z',
      '2026-11-25T12:05:00Z',
    ])
    expect(due({ every: 'hour', minute: 0, timeZone: 'Asia/Kolkata' }, '2026-11-25T10:00:00Z')).toBe(
      '2026-11-25T10:30:00Z',
    )
  })
  test('every hour through a change of clocks by half an hour', () => {
    expect(
      dues({ every: 'hour', minute: 0, timeZone: 'Australia/Lord_Howe' }, '2026-10-03T14:59:00Z', 3).map(
        (iso) => localTime(at(iso), 'Australia/Lord_Howe').minute,
      ),
    ).toEqual([0, 0, 0])
  })
  test('every day at a time that the zone’s clock shows, through both switch days', () => {
    const berlin = { every: 'day', at: '07:00', timeZone: 'Europe/Berlin' } as const
    expect(dues(berlin, '2026-03-27T12:00:00Z', 3)).toEqual([
      '2026-03-28T06:00:00Z',
      '2026-03-29T05:00:00Z',
      '2026-03-30T05:00:00Z',
    ])
    expect(dues(berlin, '2026-10-23T12:00:00Z', 3)).toEqual([
      '2026-10-24T05:00:00Z',
      '2026-10-25T06:00:00Z',
      '2026-10-26T06:00:00Z',
    ])
  })
  test('once on each switch day, also at a time that is left out or shown twice', () => {
    const night = { every: 'day', at: '02:30', timeZone: 'Europe/Berlin' } as const
    expect(dues(night, '2026-03-28T12:00:00Z', 2)).toEqual(['2026-03-29T01:30:00Z', '2026-03-30T00:30:00Z'])
    expect(dues(night, '2026-10-24T12:00:00Z', 2)).toEqual(['2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'])
    expect(due(night, '2026-10-25T00:45:00Z')).toBe('2026-10-26T01:30:00Z')
  })
  test('a time at midnight where midnight is left out', () => {
    expect(dues({ every: 'day', at: '00:00', timeZone: 'America/Asuncion' }, '2023-09-30T12:00:00Z', 2)).toEqual([
      '2023-10-01T04:00:00Z',
      '2023-10-02T03:00:00Z',
    ])
  })
  test('only on its days', () => {
    expect(dues({ every: 'week', days: [1, 5], at: '06:00', timeZone: 'UTC' }, '2026-11-25T10:00:00Z', 3)).toEqual([
      '2026-11-27T06:00:00Z',
      '2026-11-30T06:00:00Z',
      '2026-12-04T06:00:00Z',
    ])
    expect(due({ every: 'week', days: [3], at: '06:00', timeZone: 'UTC' }, '2026-11-25T06:00:00Z')).toBe(
      '2026-12-02T06:00:00Z',
    )
  })
  test('the day is the zone’s own: Monday in Auckland begins on Sunday in UTC', () => {
    expect(due({ every: 'week', days: [1], at: '06:00', timeZone: 'Pacific/Auckland' }, '2026-11-28T00:00:00Z')).toBe(
      '2026-11-29T17:00:00Z',
    )
  })
  test('after a stop of days it is due once, at the next time, not once for each day missed', () => {
    expect(due({ every: 'day', at: '07:00', timeZone: 'UTC' }, '2026-11-25T12:00:00Z')).toBe('2026-11-26T07:00:00Z')
  })
  test('every moment of a year has exactly one next and one last time, a day apart at most 25 hours', () => {
    for (let day = 0; day < 366; day += 1) {
      const moment = new Date(Date.UTC(2026, 0, 1 + day, (day * 7) % 24, (day * 13) % 60))
      const next = nextClock([1, 2, 3, 4, 5, 6, 7], '02:30', 'Europe/Berlin', moment)
      const last = lastClock([1, 2, 3, 4, 5, 6, 7], '02:30', 'Europe/Berlin', moment)
      expect(last <= moment && moment < next).toBe(true)
      expect((next.getTime() - last.getTime()) / 3_600_000).toBeGreaterThanOrEqual(23)
      expect((next.getTime() - last.getTime()) / 3_600_000).toBeLessThanOrEqual(25)
    }
  })
  test('the last time before a Sunday is Friday’s', () => {
    expect(lastClock(workdays, '07:00', 'UTC', at('2026-11-29T12:00:00Z'))).toEqual(at('2026-11-27T07:00:00Z'))
  })
})

test('it is said in words', () => {
  expect([daysText([5, 4, 3, 2, 1]), daysText([1, 2, 3, 4, 5, 6, 7]), daysText([6]), daysText([3, 1, 5])]).toEqual([
    'every weekday',
    'every day',
    'every Saturday',
    'every Monday, Wednesday and Friday',
  ])
  expect(timingText({ every: 'week', days: workdays, at: '07:00', timeZone: 'Europe/Berlin' })).toBe(
    'every weekday at 07:00, Europe/Berlin',
  )
  expect([
    timingText({ every: 'minutes', minutes: 15 }),
    timingText({ every: 'hour', minute: 5, timeZone: 'UTC' }),
  ]).toEqual(['every 15 minutes', 'every hour at 05 past, UTC'])
})

test.each([
  [{ kind: 'none' }, 100, 0, true],
  [{ kind: 'none' }, 100, 1, false],
  [{ kind: 'rows', upTo: 10 }, 100, 10, true],
  [{ kind: 'rows', upTo: 10 }, 100, 11, false],
  [{ kind: 'share', upTo: 1 }, 1000, 10, true],
  [{ kind: 'share', upTo: 1 }, 1000, 11, false],
  [{ kind: 'share', upTo: 100 }, 5, 5, false],
  [{ kind: 'rows', upTo: 10 }, 5, 5, false],
  [{ kind: 'none' }, 0, 0, true],
] as const)('with %o, of %i rows %i rejected: taken is %s', (limit, read, rejected, taken) => {
  expect(isWithin(limit, { read, rejected })).toBe(taken)
})
