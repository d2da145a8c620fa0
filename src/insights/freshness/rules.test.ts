import { describe, expect, test } from 'vitest'
import { seededDraw } from '../statistics/seeded.ts'
import { addDays, daysBetween } from '../../platform/calendar/month.ts'
import {
  bookFindings,
  checkData,
  jumpOf,
  median,
  missingDayFindings,
  newNameFindings,
  rejectedFindings,
  shareFindings,
  spread,
  vanishedFindings,
  volumeFindings,
  type BatchRejects,
  type DayRows,
} from './rules.ts'

const lastDay = '2026-11-24' // a Tuesday
const isWeekend = (day: string) => [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())

/** Sixteen weeks: working days of a thousand rows or so, weekends of a tenth. */
function weeks(
  change: (day: string, usual: number) => number | null = (_, usual) => usual,
  { size = 1000, days = 112, share = 0.02, seed = 1 } = {},
): DayRows[] {
  const draw = seededDraw(seed)
  return Array.from({ length: days }, (_, i) => addDays(lastDay, i - days + 1)).flatMap((day) => {
    const rows = change(day, Math.round((isWeekend(day) ? size / 10 : size) * (0.9 + 0.2 * draw())))
    return rows === null || rows === 0
      ? []
      : [
          {
            day,
            rows,
            matched: Math.round(rows * (1 - share)),
            unmapped: Math.round(rows * share * (0.8 + 0.4 * draw())),
          },
        ]
  })
}
const on = (when: string, factor: number) => weeks((day, usual) => (day === when ? Math.round(usual * factor) : usual))
const texts = (found: { text: string }[]) => found.map((f) => f.text)

test('median and spread withstand a wild value', () => {
  expect([median([]), median([3]), median([1, 9]), median([5, 1, 1000])]).toEqual([0, 3, 5, 5])
  expect([spread([5, 5, 5, 5, 1000]), spread([1, 2, 3, 4, 5])]).toEqual([0, 1.4826])
})

describe('rows of a day', () => {
  test('a quiet company is told nothing, at twenty seeds and several sizes', () => {
    for (let seed = 1; seed <= 20; seed += 1)
      for (const size of [10, 50, 1000, 1_000_000]) {
        const days = weeks(undefined, { size, seed })
        expect([
          seed,
          size,
          checkData({
            lastDay,
            days,
            stopped: [],
            fresh: [],
            batches: [],
            standings: [],
            now: '2026-11-25T09:00:00Z',
            currency: 'EUR',
          }),
        ]).toEqual([seed, size, []])
      }
  })
  test('a third of a usual Friday is told, with its numbers', () => {
    const [found] = volumeFindings(on('2026-11-20', 0.3), lastDay)
    expect(found).toMatchObject({
      identity: 'volume|low|2026-11-20',
      kind: 'volume',
      address: '/data#days',
      text: expect.stringMatching(
        /^Usage of 20 Nov 2026 looks too small: 3\d\d rows, where the Fridays of the 8 weeks before have a median of (9|1,0)\d\d\.$/,
      ),
    })
  })
  test('three times a usual Friday is told too; six tenths and one and a half times are not', () => {
    expect(volumeFindings(on('2026-11-20', 3), lastDay)).toMatchObject([{ identity: 'volume|high|2026-11-20' }])
    expect([
      ...volumeFindings(on('2026-11-20', 0.6), lastDay),
      ...volumeFindings(on('2026-11-20', 1.5), lastDay),
    ]).toEqual([])
  })
  test('a weekend is compared with weekends', () => {
    expect(volumeFindings(weeks(), lastDay)).toEqual([])
  })
  test('one wild week before does not hide it, nor raise it', () => {
    const wild = (day: string, usual: number) => (day === '2026-11-13' ? usual * 50 : usual)
    expect(
      volumeFindings(
        weeks((day, usual) => (day === '2026-11-20' ? Math.round(usual * 0.2) : wild(day, usual))),
        lastDay,
      ).map((f) => f.identity),
    ).toContain('volume|low|2026-11-20')
    expect(volumeFindings(weeks(wild), lastDay).map((f) => f.identity)).toEqual(['volume|high|2026-11-13'])
  })
  test('without four known weeks nothing is said', () => {
    expect(
      volumeFindings(
        on('2026-11-20', 0.1).filter((d) => d.day > '2026-10-25'),
        lastDay,
      ),
    ).toEqual([])
  })
  test('days in a row are one finding, known by the first of them', () => {
    const half = weeks((day, usual) =>
      day >= '2026-11-16' && !isWeekend(day) ? Math.round(usual * 0.2) : usual,
    ).filter((d) => !isWeekend(d.day))
    expect(volumeFindings(half, lastDay).map((f) => f.identity)).toEqual([
      'volume|low|2026-11-16',
      'volume|low|2026-11-23',
    ])
  })
  test('a finding keeps its identity while days go by, and ends after two weeks', () => {
    const days = on('2026-11-02', 0.1)
    expect(
      ['2026-11-02', '2026-11-08', '2026-11-15', '2026-11-16'].map((at) =>
        volumeFindings(
          days.filter((d) => d.day <= at),
          at,
        ).map((f) => f.identity),
      ),
    ).toEqual([['volume|low|2026-11-02'], ['volume|low|2026-11-02'], ['volume|low|2026-11-02'], []])
  })
  test('so few rows that chance explains it are not judged', () => {
    expect(
      volumeFindings(
        weeks((day) => (day === '2026-11-20' ? 8 : 20)),
        lastDay,
      ),
    ).toEqual([])
  })
})

describe('days without a row', () => {
  test('one day is told by its weekday, several by their span', () => {
    expect(
      texts(
        missingDayFindings(
          weeks((day, usual) => (day === '2026-11-18' ? null : usual)),
          lastDay,
        ),
      ),
    ).toEqual([
      expect.stringMatching(/^There is no usage of 18 Nov 2026; the Wednesdays before have a median of [\d,]+ rows\.$/),
    ])
    expect(
      texts(
        missingDayFindings(
          weeks((day, usual) => (day >= '2026-11-17' && day <= '2026-11-19' ? null : usual)),
          lastDay,
        ),
      ),
    ).toEqual([expect.stringMatching(/^There is no usage of 17 Nov 2026 to 19 Nov 2026 \(3 days\); such days have/)])
  })
  test('weekends on which nobody ever works are not missing', () => {
    expect(
      missingDayFindings(
        weeks((day, usual) => (isWeekend(day) ? null : usual)),
        lastDay,
      ),
    ).toEqual([])
  })
  test('nothing is missing before the data begins, nor after it ends', () => {
    expect(missingDayFindings(weeks(undefined, { days: 40 }), lastDay)).toEqual([])
    expect(missingDayFindings([], lastDay)).toEqual([])
  })
  test('days that hold a handful may hold none', () => {
    expect(
      missingDayFindings(
        weeks((day) => (daysBetween(day, lastDay) % 9 === 0 ? null : 5)),
        lastDay,
      ),
    ).toEqual([])
  })
})

describe('shares', () => {
  const since = (from: string, part: keyof DayRows, share: number) =>
    weeks().map((d) =>
      d.day < from
        ? d
        : part === 'matched'
          ? { ...d, matched: Math.round(d.rows * (1 - share)), unmapped: 0 }
          : { ...d, unmapped: Math.round(d.matched * share) },
    )
  test('usage of no feature that jumps is told with both shares', () => {
    expect(shareFindings(since('2026-11-18', 'unmapped', 0.3), lastDay)).toMatchObject([
      {
        kind: 'unmapped',
        address: '/data/event-rules',
        text: expect.stringMatching(
          /^30 % of the usage of the last 7 days to 24 Nov 2026 belongs to no feature, after 2\.\d % in the 4 weeks before: /,
        ),
      },
    ])
  })
  test('so is usage whose ids are no account', () => {
    expect(shareFindings(since('2026-11-18', 'matched', 0.25), lastDay)).toMatchObject([
      {
        kind: 'unmatched',
        address: '/data/who-is-who',
        text: expect.stringContaining('25 % of the usage of the last 7 days'),
      },
    ])
  })
  test('four points more, or a share that always was high, are not', () => {
    expect(shareFindings(since('2026-11-18', 'unmapped', 0.06), lastDay)).toEqual([])
    expect(shareFindings(since('2026-01-01', 'unmapped', 0.6), lastDay)).toEqual([])
  })
  test('a share that strays by its nature is not told', () => {
    const days = weeks().map((d, i) => ({ day: d.day, part: Math.round(d.rows * (i % 3) * 0.12), whole: d.rows }))
    expect(jumpOf(days, lastDay)).toBeNull()
  })
  test('two weeks of history, or few rows, are too little', () => {
    expect(
      jumpOf(
        since('2026-11-18', 'unmapped', 0.5)
          .slice(-20)
          .map((d) => ({ day: d.day, part: d.unmapped, whole: d.matched })),
        lastDay,
      ),
    ).toBeNull()
    expect(
      jumpOf(
        weeks(undefined, { size: 10 }).map((d) => ({
          day: d.day,
          part: d.day >= '2026-11-18' ? d.rows : 0,
          whole: d.rows,
        })),
        lastDay,
      ),
    ).toBeNull()
  })
})

describe('event names', () => {
  const all = weeks()
  const named = (upTo: string, perDay = 30) => [
    { name: 'report', days: all.filter((d) => d.day <= upTo).map((d) => ({ day: d.day, events: perDay })) },
  ]
  test('a name that stopped is told after two days with usage', () => {
    expect(vanishedFindings(named('2026-11-23'), all, lastDay)).toEqual([])
    expect(texts(vanishedFindings(named('2026-11-22'), all, lastDay))).toEqual([
      'The event “report” has not come since 22 Nov 2026; by then some 60 more of it were to be expected.',
    ])
  })
  test('a rare one only when as many are missing that it is no chance', () => {
    expect(vanishedFindings(named('2026-11-22', 3), all, lastDay)).toEqual([])
    expect(vanishedFindings(named('2026-11-17', 3), all, lastDay)).toMatchObject([
      { identity: 'event-vanished|report|2026-11-17' },
    ])
  })
  test('a name of the first of the month is not missed on other days', () => {
    expect(
      vanishedFindings(
        [
          {
            name: 'month closed',
            days: all.filter((d) => d.day.endsWith('-01')).map((d) => ({ day: d.day, events: 5000 })),
          },
        ],
        all,
        lastDay,
      ),
    ).toEqual([])
  })
  test('days on which nothing came at all do not count against one name', () => {
    expect(
      vanishedFindings(
        named('2026-11-22'),
        all.filter((d) => d.day !== '2026-11-23'),
        lastDay,
      ),
    ).toEqual([])
  })
  test('a new name of more than one hundredth is told, mapped or not', () => {
    const fresh = (events: number, feature: string | null = null) =>
      newNameFindings([{ name: 'it”s "new"', firstDay: '2026-11-20', events, rows: 10_000, feature }])
    expect([fresh(100), fresh(40)]).toEqual([[], []])
    expect(texts(fresh(250))).toEqual([
      'The event “it”s "new"” is new since 20 Nov 2026 and makes up 2.5 % of the rows since; it belongs to no feature yet.',
    ])
    expect(texts(fresh(250, 'Reports'))).toEqual([expect.stringMatching(/; the rules count it as Reports\.$/)])
  })
})

describe('rejected rows', () => {
  const batch = (id: number, rejected: number, more: Partial<BatchRejects> = {}): BatchRejects => ({
    id,
    dataset: 'usage',
    source: 'product',
    fileName: `usage-${id}.csv`,
    read: 1000,
    rejected,
    at: `2026-11-${String(10 + id).padStart(2, '0')}T06:00:00Z`,
    ...more,
  })
  const quiet = [batch(1, 1), batch(2, 0), batch(3, 2), batch(4, 1)]
  const now = '2026-11-25T09:00:00Z'
  test('an import that lost far more than those before is told', () => {
    expect(texts(rejectedFindings([...quiet, batch(14, 120)], now))).toEqual([
      '12 % of the rows of usage-14.csv (usage from product) could not be read, 120 of 1,000; of the imports before it was 0.1 %.',
    ])
  })
  test('one that always loses as much, a handful, a first one, an old one and one of another source are not', () => {
    expect(rejectedFindings([...quiet.map((b) => ({ ...b, rejected: 100 })), batch(14, 120)], now)).toEqual([])
    expect(rejectedFindings([...quiet, batch(14, 9, { read: 100 })], now)).toEqual([])
    expect(rejectedFindings([batch(1, 0), batch(14, 500)], now)).toEqual([])
    expect(rejectedFindings([...quiet, batch(5, 500)], now)).toEqual([])
    expect(rejectedFindings([...quiet, batch(14, 500, { source: 'crm' })], now)).toEqual([])
  })
  test('an import of no rows has no share', () => {
    expect(rejectedFindings([...quiet, batch(14, 0, { read: 0 })], now)).toEqual([])
  })
})

describe('the book', () => {
  const at = (batchId: number, accounts: number, arr: number, day = `2026-11-${String(10 + batchId)}`) => ({
    batchId,
    accounts,
    arrCents: arr * 100,
    at: `${day}T06:00:00Z`,
  })
  const now = '2026-11-25T09:00:00Z'
  test('a fifth more or fewer accounts or ARR is told with the import', () => {
    expect(texts(bookFindings([at(3, 600, 10_000_000), at(9, 760, 10_100_000)], now, 'EUR'))).toEqual([
      'The book went from 600 to 760 accounts that pay (+27 %) with import 9.',
    ])
    expect(texts(bookFindings([at(3, 600, 10_000_000), at(9, 590, 5_000_000)], now, 'EUR'))).toEqual([
      'ARR of the book went from €10.00 M to €5.00 M (−50 %) with import 9.',
    ])
  })
  test('it stays told over later imports while it is so, and ends when it is put right', () => {
    expect(
      bookFindings([at(3, 600, 100), at(9, 300, 100), at(10, 301, 100)], now, 'EUR').map((f) => f.identity),
    ).toEqual(['book-accounts|9'])
    expect(bookFindings([at(3, 600, 100), at(9, 300, 100), at(10, 600, 100)], now, 'EUR')).toEqual([])
  })
  test('growth of a tenth, a first import, a handful of accounts and a jump of last month are not', () => {
    expect([
      ...bookFindings([at(3, 600, 100), at(9, 660, 110)], now, 'EUR'),
      ...bookFindings([at(9, 600, 100)], now, 'EUR'),
      ...bookFindings([at(3, 9, 100), at(9, 30, 400)], now, 'EUR'),
      ...bookFindings([at(3, 600, 100), at(9, 60, 100, '2026-11-01')], now, 'EUR'),
    ]).toEqual([])
  })
  test('an ARR of nothing before is no jump, and never an infinite one', () => {
    expect(bookFindings([at(3, 20, 0), at(9, 20, 1_000_000)], now, 'EUR')).toEqual([])
  })
})
