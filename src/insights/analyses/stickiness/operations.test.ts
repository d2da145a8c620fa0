import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestWorkspace } from '../../../../tests/support/app.ts'
import {
  addRawEvents,
  arrOf,
  endOf,
  eventsOf,
  isCounted,
  loadRaw,
  rawCompany,
  segmentOf,
  type RawCompany,
} from '../../../../tests/support/raw-company.ts'
import { addDays, monthIndex, monthText } from '../../../platform/calendar/month.ts'
import { periodEnd } from '../../../platform/calendar/periods.ts'
import { listStickinessAccounts } from './accounts.ts'
import { analyseStickiness, windowsOf } from './operations.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  app.clock.set('2026-01-15T09:00:00Z')
})
afterAll(() => app.close())

const isWorkday = (day: string) => ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())
const span = (from: string, days: number) => Array.from({ length: days }, (_, i) => addDays(from, i))
const bookDay = (day: string) => (endOf(day.slice(0, 7)) <= day ? day : endOf(monthText(monthIndex(day) - 1)))

/** One account, one day and one user at a time. */
function usersOf(c: RawCompany, id: string, end: string, workingDays: boolean) {
  const days = span(addDays(end, -27), 28)
  const mine = eventsOf(c, id).filter((e) => e.user !== null && e.day >= days[0]! && e.day <= end)
  const users = (on: readonly string[]) => new Set(mine.filter((e) => on.includes(e.day)).map((e) => e.user)).size
  const counted = workingDays ? days.filter(isWorkday) : days
  return {
    mau: users(days),
    wau: [0, 1, 2, 3].reduce((sum, w) => sum + users(days.slice(w * 7, w * 7 + 7)), 0) / 4,
    dau: counted.reduce((sum, day) => sum + users([day]), 0) / counted.length,
  }
}

describe.each([1, 2, 3])('company of seed %i', (seed) => {
  let workspace: TestWorkspace
  const c = rawCompany(seed)
  beforeAll(async () => {
    workspace = await app.workspace()
    const late = rawCompany(seed + 100)
      .events.slice(0, 200)
      .map((e) => ({ ...e, batch: 9 }))
    // Enough people that an account's bits need more than one word, and events that lie in the future.
    for (let i = 0; i < 150; i += 1)
      late.push({
        day: `2025-${i % 2 ? '11' : '12'}-${String(1 + (i % 28)).padStart(2, '0')}`,
        account: 'A4',
        user: `many-${i}`,
        name: 'share',
        batch: 9,
      })
    // Forty people in each of four weeks: more than a byte counts together.
    for (const day of ['2025-12-05', '2025-12-12', '2025-12-19', '2025-12-28'])
      for (let i = 0; i < 40; i += 1) late.push({ day, account: 'A5', user: `weekly-${i}`, name: 'share', batch: 9 })
    late.push({ day: '2026-07-01', account: 'A4', user: 'later', name: 'share', batch: 9 })
    await (
      await app.services.warehouses.open(workspace.id)
    ).write(async (con) => {
      await loadRaw(con, c)
      c.events.push(...late)
      await addRawEvents(con, late)
    })
  })

  test.each([
    [true, {}],
    [false, { andBy: 'nps_score' }],
  ] as const)('every point equals a plain recomputation, working days only: %s', async (workingDays, by) => {
    const { points, standing, month } = await app.perform(analyseStickiness, workspace.as.leader, {
      weeks: 9,
      workingDays,
      ...by,
    })
    expect(month).toBe('2025-12')
    expect(standing.notes.join(' ')).toMatch(/1 event lies in the future/)
    // Sundays, the last of them before the month ends.
    const ends = span('2025-11-02', 60).filter((_, i) => i % 7 === 0)
    expect([...new Set(points.map((p) => p.day))]).toEqual(ends.slice(-9))
    let shown = 0
    for (const point of points) {
      const day = bookDay(point.day)
      const who = (a: RawCompany['accounts'][number]) =>
        segmentOf(a, day) + ('andBy' in by ? ` · ${segmentOf(a, day, 'nps_score')}` : '')
      const mine = c.accounts.filter(
        (a) => isCounted(a) && arrOf(c, a.id, day) > 0 && (point.segment === 'All' || who(a) === point.segment),
      )
      const used = mine.map((a) => usersOf(c, a.id, point.day, workingDays))
      const active = used.filter((u) => u.mau > 0)
      const sum = (of: (u: (typeof used)[number]) => number) => active.reduce((s, u) => s + of(u), 0)
      expect([point.day, point.segment, point.accounts, point.active, point.mau]).toEqual([
        point.day,
        point.segment,
        mine.length,
        active.length,
        sum((u) => u.mau),
      ])
      expect(point.wau).toBeCloseTo(
        sum((u) => u.wau),
        9,
      )
      expect(point.dau).toBeCloseTo(
        sum((u) => u.dau),
        9,
      )
      if (active.length < 10) {
        expect([point.mark, point.perAccount, point.overUsers]).toEqual([
          'suppressed',
          { dauMau: null, wauMau: null },
          { dauMau: null, wauMau: null },
        ])
        continue
      }
      shown += 1
      expect(point.perAccount.wauMau).toBeCloseTo(sum((u) => u.wau / u.mau) / active.length, 9)
      expect(point.perAccount.dauMau).toBeCloseTo(sum((u) => u.dau / u.mau) / active.length, 9)
      expect(point.overUsers.wauMau).toBeCloseTo(sum((u) => u.wau) / sum((u) => u.mau), 9)
      expect(point.overUsers.dauMau).toBeCloseTo(sum((u) => u.dau) / sum((u) => u.mau), 9)
    }
    expect(shown).toBeGreaterThanOrEqual(9)
  })

  test('the accounts behind it, those without users last, and only for those who may see names', async () => {
    const { rows, total } = await app.perform(listStickinessAccounts, workspace.as.leader, {
      month: '2025-12',
      limit: 200,
    })
    const paying = c.accounts.filter((a) => isCounted(a) && arrOf(c, a.id, '2025-12-31') > 0)
    expect([total, rows.map((r) => r.accountId).sort()]).toEqual([paying.length, paying.map((a) => a.id).sort()])
    for (const r of rows)
      expect([r.accountId, r.mau, r.wau]).toEqual([
        r.accountId,
        usersOf(c, r.accountId, '2025-12-28', true).mau,
        usersOf(c, r.accountId, '2025-12-28', true).wau,
      ])
    expect(rows.map((r) => r.wauMau ?? 9)).toEqual(rows.map((r) => r.wauMau ?? 9).sort((x, y) => x - y))
    await expect(app.perform(listStickinessAccounts, workspace.as.stakeholder, {})).rejects.toMatchObject({
      code: 'forbidden',
    })
  })

  test('a month before usage or in the future has a clear word', async () => {
    const early = await app.perform(analyseStickiness, workspace.as.leader, { month: '2022-06' })
    expect([early.points, early.answer.text]).toEqual([[], expect.stringContaining('no 28 days of usage')])
    await expect(app.perform(analyseStickiness, workspace.as.leader, { month: '2026-06' })).rejects.toMatchObject({
      code: 'invalid',
    })
  })
})

test('one account with users is too few for a share; usage without users says that it names none', async () => {
  const workspace = await app.workspace()
  const c = rawCompany(5)
  c.events = c.events.map((e) => ({ ...e, user: null }))
  await (await app.services.warehouses.open(workspace.id)).write((con) => loadRaw(con, c))
  const nobody = await app.perform(analyseStickiness, workspace.as.leader, {})
  expect([nobody.answer.text, nobody.points.every((p) => p.mau === 0 && p.perAccount.wauMau === null)]).toEqual([
    'The usage names no users, so there is nobody to count.',
    true,
  ])
  expect(nobody.standing.notes.join(' ')).toMatch(/names no user: left out/)
  const one = await app.workspace()
  const single = rawCompany(5)
  const id = single.accounts.find((a) => isCounted(a) && arrOf(single, a.id, '2025-12-31') > 0)!.id
  single.events = [
    ...single.events.map((e) => ({ ...e, user: null })),
    { day: '2025-12-28', account: id, user: 'u', name: 'share', batch: 3 },
    // After the last Sunday of the month: of no window yet.
    { day: '2025-12-29', account: id, user: 'v', name: 'share', batch: 3 },
  ]
  await (await app.services.warehouses.open(one.id)).write((con) => loadRaw(con, single))
  expect((await app.perform(analyseStickiness, one.as.leader, {})).answer.text).toMatch(
    /^1 person of 1 account came in the 28 days to 28 Dec 2025, too few accounts/,
  )
})

test('windows end on Sundays, and only where their 28 days are known', () => {
  const ends = (firstUsageDay: string, month: string) =>
    windowsOf(monthIndex('2025-12'), 5, { firstUsageDay, firstRevenueMonth: monthIndex(month) }).map((week) =>
      periodEnd(week, 'week'),
    )
  expect(ends('2025-11-17', '2025-11')).toEqual(['2025-12-28', '2025-12-21', '2025-12-14'])
  expect(ends('2025-11-18', '2025-11')).toEqual(['2025-12-28', '2025-12-21'])
  expect(ends('2020-01-01', '2025-12')).toEqual([])
  // A month that ends on a Sunday is over with its last window, which looks at its own book.
  expect(
    windowsOf(monthIndex('2025-08'), 2, { firstUsageDay: '2020-01-01', firstRevenueMonth: monthIndex('2025-08') }).map(
      (week) => periodEnd(week, 'week'),
    ),
  ).toEqual(['2025-08-31'])
})
