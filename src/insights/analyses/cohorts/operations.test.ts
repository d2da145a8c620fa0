import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestWorkspace } from '../../../../tests/support/app.ts'
import {
  addRawEvents,
  arrOf,
  catalogue,
  endOf,
  eventsOf,
  isCounted,
  isEntitled,
  isMeasured,
  isReleased,
  loadRaw,
  paysOn,
  rawCompany,
  segmentOf,
  startOf,
  type RawCompany,
} from '../../../../tests/support/raw-company.ts'
import { addDays, monthIndex, monthText } from '../../../platform/calendar/month.ts'
import { listCohortAccounts } from './accounts.ts'
import { analyseCohortRetention, stepsOf } from './operations.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  app.clock.set('2026-01-15T09:00:00Z')
})
afterAll(() => app.close())

type By = 'month' | 'week'
const monday = (day: string) => addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7))
const keyOf = (day: string, by: By) => (by === 'month' ? day.slice(0, 7) : monday(day))
const later = (key: string, n: number, by: By) =>
  by === 'month' ? monthText(monthIndex(key) + n) : addDays(key, 7 * n)
const lastOf = (key: string, by: By) => (by === 'month' ? endOf(key) : addDays(key, 6))
const firstOf = (key: string, by: By) => (by === 'month' ? `${key}-01` : key)

interface Member {
  account: string
  user: string | null
  segment: string
  cohort: string
}

/** Members one by one, by the words of the definition. */
function membersOf(
  c: RawCompany,
  unit: 'accounts' | 'users',
  by: By,
  feature: (typeof catalogue)[number] | null,
  lastDay: string,
): Member[] {
  const inBook = (a: RawCompany['accounts'][number], month: string) =>
    arrOf(c, a.id, endOf(month)) > 0 &&
    (feature === null || (isReleased(feature, endOf(month)) && isEntitled(c, a.id, feature, endOf(month))))
  return c.accounts.filter(isCounted).flatMap((a): Member[] => {
    if (unit === 'accounts') {
      const month = Array.from({ length: 60 }, (_, i) => monthText(monthIndex('2022-01') + i)).find(
        (m) => arrOf(c, a.id, endOf(m)) > 0,
      )
      if (!month || !inBook(a, month) || !isMeasured(c, a.id, lastDay)) return []
      let entry = endOf(month)
      while (entry > startOf(month) && paysOn(c, a.id, addDays(entry, -1))) entry = addDays(entry, -1)
      return [{ account: a.id, user: null, segment: segmentOf(a, endOf(month)), cohort: keyOf(entry, by) }]
    }
    const mine = eventsOf(c, a.id).filter((e) => e.user !== null && e.day <= lastDay)
    return [...new Set(mine.map((e) => e.user!))].flatMap((user) => {
      const cohort = keyOf(
        mine
          .filter((e) => e.user === user)
          .map((e) => e.day)
          .sort()[0]!,
        by,
      )
      const month = lastOf(cohort, by).slice(0, 7)
      return inBook(a, month) ? [{ account: a.id, user, segment: segmentOf(a, endOf(month)), cohort }] : []
    })
  })
}

describe.each([1, 2, 3])('company of seed %i', (seed) => {
  let workspace: TestWorkspace
  const c = rawCompany(seed)
  beforeAll(async () => {
    workspace = await app.workspace()
    const late = rawCompany(seed + 100)
      .events.slice(0, 200)
      .map((e) => ({ ...e, batch: 9 }))
    for (let i = 0; i < 150; i += 1)
      late.push({
        day: `2025-${String(1 + (i % 12)).padStart(2, '0')}-${String(1 + (i % 28)).padStart(2, '0')}`,
        account: 'A4',
        user: `many-${i % 80}`,
        name: 'share',
        batch: 9,
      })
    late.push(
      { day: '2026-01-10', account: 'A7', user: 'u7-0', name: 'share', batch: 9 },
      { day: '2026-07-01', account: 'A4', user: 'later', name: 'share', batch: 9 },
    )
    await (
      await app.services.warehouses.open(workspace.id)
    ).write(async (con) => {
      await loadRaw(con, c)
      c.events.push(...late)
      await addRawEvents(con, late)
    })
  })

  test.each([
    ['accounts', 'month', 'n-day', null, undefined],
    ['accounts', 'month', 'unbounded', null, '2025-10'],
    ['accounts', 'week', 'n-day', null, '2024-10'],
    ['accounts', 'month', 'bracket', 0, undefined],
    ['users', 'month', 'n-day', null, '2025-12'],
    ['users', 'month', 'unbounded', null, undefined],
    ['users', 'week', 'bracket', null, '2024-09'],
    ['users', 'month', 'n-day', 1, undefined],
  ] as const)(
    'cohorts of %s by %s, %s, of feature %s as known at %s, equal a plain recomputation',
    async (unit, by, kind, of, month) => {
      const feature = of === null ? null : catalogue[of]!
      const lastDay = month ? endOf(month) : '2026-01-15'
      const cohorts = by === 'week' ? 26 : 14
      const data = await app.perform(analyseCohortRetention, workspace.as.leader, {
        unit,
        by,
        kind,
        cohorts,
        ...(feature ? { feature: feature.name } : {}),
        ...(month ? { month } : {}),
      })
      const lastKey = keyOf(lastDay, by)
      const first = later(lastKey, 1 - cohorts, by)
      const members = membersOf(c, unit, by, feature, lastDay).filter((m) => m.cohort >= first && m.cohort <= lastKey)
      const active = (m: Member, key: string) =>
        c.events.some(
          (e) =>
            e.account === m.account &&
            (m.user === null || e.user === m.user) &&
            (feature === null || feature.names.includes(e.name)) &&
            e.day <= lastDay &&
            keyOf(e.day, by) === key,
        )
      const spans =
        kind === 'bracket'
          ? [
              [0, 0],
              [1, 3],
              [4, 6],
              [7, 11],
            ]
          : Array.from({ length: cohorts }, (_, n) => [n, n])
      const came = (m: Member, [from, to]: number[]) => {
        for (let n = from!; kind === 'unbounded' ? later(m.cohort, n, by) <= lastKey : n <= to!; n += 1)
          if (active(m, later(m.cohort, n, by))) return true
        return false
      }
      expect(members.length).toBeGreaterThanOrEqual(4)
      expect(Object.fromEntries(data.rows.map((r) => [`${r.segment}/${r.cohort}`, r.size]))).toEqual(
        Object.fromEntries(
          [
            ...Map.groupBy(
              [...members.map((m) => ({ ...m, segment: 'All' })), ...members],
              (m) => `${m.segment}/${m.cohort}`,
            ),
          ].map(([key, list]) => [key, list.length]),
        ),
      )
      for (const row of data.rows) {
        const mine = members.filter(
          (m) => m.cohort === row.cohort && (row.segment === 'All' || m.segment === row.segment),
        )
        const begun = spans.filter(([from]) => firstOf(later(row.cohort, from!, by), by) <= lastDay)
        expect(row.cells.map((cell) => [cell.step, cell.returned, cell.isComplete])).toEqual(
          begun.map((span, step) => [
            step,
            mine.filter((m) => came(m, span)).length,
            lastOf(later(row.cohort, span[1]!, by), by) <= lastDay,
          ]),
        )
        expect(row.accounts).toBe(new Set(mine.map((m) => m.account)).size)
        for (const cell of row.cells)
          expect(cell.rate.value).toBe(mine.length >= 10 ? cell.returned / mine.length : null)
      }
      for (const { segment, accounts, points } of data.averages) {
        const all = members.filter((m) => segment === 'All' || m.segment === segment)
        expect([segment, accounts]).toEqual([segment, new Set(all.map((m) => m.account)).size])
        for (const p of points) {
          const span = spans[p.step]!
          const mine = members.filter(
            (m) => (segment === 'All' || m.segment === segment) && lastOf(later(m.cohort, span[1]!, by), by) <= lastDay,
          )
          const back = mine.filter((m) => came(m, span)).length
          expect([p.reached, p.returned, p.rate.value]).toEqual([
            mine.length,
            back,
            mine.length >= 10 ? back / mine.length : null,
          ])
        }
      }
      expect(data.answer.text).toMatch(/^(Of \d|Fewer than 10)/)
    },
    60_000,
  )

  test('the accounts behind a cohort, those that did not come back first', async () => {
    const { rows, step, total } = await app.perform(listCohortAccounts, workspace.as.leader, {
      cohorts: 14,
      month: '2025-12',
      step: 1,
      limit: 200,
    })
    const data = await app.perform(analyseCohortRetention, workspace.as.leader, { cohorts: 14, month: '2025-12' })
    const reached = data.rows.filter((r) => r.segment === 'All' && r.cells.some((cell) => cell.step === 1))
    expect([step, total, rows.reduce((n, r) => n + r.returned, 0)]).toEqual([
      'month 1',
      reached.reduce((n, r) => n + r.size, 0),
      reached.reduce((n, r) => n + r.cells[1]!.returned, 0),
    ])
    expect(rows.map((r) => r.returned)).toEqual(rows.map((r) => r.returned).sort())
    await expect(app.perform(listCohortAccounts, workspace.as.stakeholder, {})).rejects.toMatchObject({
      code: 'forbidden',
    })
  })
})

test('users nobody named, and spans that do not rise, have a clear word', async () => {
  const workspace = await app.workspace()
  const c = rawCompany(4)
  c.events = c.events.map((e) => ({ ...e, user: null }))
  await (await app.services.warehouses.open(workspace.id)).write((con) => loadRaw(con, c))
  const { answer, rows } = await app.perform(analyseCohortRetention, workspace.as.leader, { unit: 'users' })
  expect([answer.text, rows]).toEqual(['The usage names no users, so there is nobody to count.', []])
  await expect(
    app.perform(analyseCohortRetention, workspace.as.leader, { kind: 'bracket', spans: [0, 4, 4] }),
  ).rejects.toMatchObject({ code: 'invalid' })
  expect(stepsOf('bracket', [0, 1, 4, 7, 12], 3)).toEqual([
    { from: 0, to: 0 },
    { from: 1, to: 3 },
    { from: 4, to: 6 },
    { from: 7, to: 11 },
  ])
})
