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
  rawCompany,
  segmentOf,
  type RawFeature,
} from '../../../../tests/support/raw-company.ts'
import { addDays, daysBetween } from '../../../platform/calendar/month.ts'
import { listBreadthAccounts } from './accounts.ts'
import { analyseBreadth } from './operations.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  app.clock.set('2026-01-15T09:00:00Z')
})
afterAll(() => app.close())

/** Linear between ranks: Hyndman and Fan 1996, definition 7. */
function quantile(values: number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const at = p * (sorted.length - 1)
  const below = Math.floor(at)
  return sorted[below]! + (at - below) * ((sorted[below + 1] ?? sorted[below]!) - sorted[below]!)
}
const near = (actual: number | null, expected: number) =>
  expect(Math.abs(actual! - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)))

describe.each([1, 2, 3])('company of seed %i', (seed) => {
  let workspace: TestWorkspace
  const c = rawCompany(seed)
  beforeAll(async () => {
    workspace = await app.workspace()
    const late = rawCompany(seed + 100)
      .events.slice(0, 200)
      .map((e) => ({ ...e, batch: 9 }))
    // One day's event in twenty, so that the bands of days fill, and an account of many users.
    for (const a of [1, 2, 4, 7, 8, 10, 13, 14])
      for (let i = 0; i < 30; i += 1)
        late.push({
          day: `2025-12-${String(1 + ((i * a) % 28)).padStart(2, '0')}`,
          account: `A${a}`,
          user: `many-${i * a}`,
          name: ['share', 'board'][i % 2]!,
          batch: 9,
        })
    // Use of a feature that names nobody, by accounts whose other use does.
    for (const a of [1, 2, 4, 7, 8, 10, 13, 14, 16, 17, 19, 20, 22])
      late.push({ day: '2025-12-11', account: `A${a}`, user: null, name: 'report', batch: 9 })
    late.push({ day: '2026-07-01', account: 'A4', user: 'later', name: 'share', batch: 9 })
    await (
      await app.services.warehouses.open(workspace.id)
    ).write(async (con) => {
      await loadRaw(con, c)
      c.events.push(...late)
      await addRawEvents(con, late)
    })
  })

  /** One account and one feature, from its own events alone. */
  const useOf = (id: string, feature: RawFeature, end: string) => {
    const mine = eventsOf(c, id).filter((e) => e.day > addDays(end, -30) && e.day <= end)
    const of = mine.filter((e) => feature.names.includes(e.name))
    const users = (list: typeof mine) => new Set(list.flatMap((e) => e.user ?? [])).size
    const weeks = [0, 1, 2, 3].map((w) => of.filter((e) => Math.floor(daysBetween(e.day, end) / 7) === w))
    const userWeeks = weeks.reduce((sum, list) => sum + users(list), 0)
    return {
      people: users(mine),
      users: users(of),
      days: new Set(of.map((e) => e.day)).size,
      events: of.length,
      userWeeks,
      weekEvents: userWeeks > 0 ? weeks.flat().length : 0,
    }
  }

  test.each([
    ['2025-12', {}],
    ['2025-06', { andBy: 'nps_score' }],
  ] as const)('breadth, days and depth of %s equal a plain recomputation', async (month, by) => {
    const day = endOf(month)
    const { rows, core, standing } = await app.perform(analyseBreadth, workspace.as.leader, { month, ...by })
    const may = (feature: RawFeature) =>
      c.accounts.filter(
        (a) =>
          isCounted(a) &&
          arrOf(c, a.id, day) > 0 &&
          isMeasured(c, a.id, day) &&
          isReleased(feature, day) &&
          isEntitled(c, a.id, feature, day),
      )
    const who = (a: (typeof c.accounts)[number]) =>
      segmentOf(a, day) + ('andBy' in by ? ` · ${segmentOf(a, day, 'nps_score')}` : '')
    let shown = 0
    for (const r of rows) {
      const feature = catalogue.find((f) => f.name === r.feature)!
      const uses = may(feature)
        .filter((a) => r.segment === 'All' || who(a) === r.segment)
        .map((a) => useOf(a.id, feature, day))
      const active = uses.filter((u) => u.people > 0 && !(u.events > 0 && u.users === 0))
      const nameless = uses.filter((u) => u.people > 0 && u.events > 0 && u.users === 0).length
      const between = (low: number, high: number) => uses.filter((u) => u.days >= low && u.days <= high).length
      expect([r.feature, r.segment, r.measured, r.accounts, r.nameless, r.using, r.days]).toEqual([
        r.feature,
        r.segment,
        uses.length,
        active.length,
        nameless,
        active.filter((u) => u.users > 0).length,
        [between(0, 0), between(1, 4), between(5, 12), between(13, 30)],
      ])
      expect(r.userWeeks).toBe(uses.reduce((sum, u) => sum + u.userWeeks, 0))
      if (active.length < 10 || nameless > active.filter((u) => u.users > 0).length) {
        expect([r.breadth.median, r.depth, r.mark === 'suppressed']).toEqual([null, null, active.length < 10])
        continue
      }
      shown += 1
      for (const [key, p] of [
        ['low', 0.25],
        ['median', 0.5],
        ['high', 0.75],
      ] as const)
        near(
          r.breadth[key],
          quantile(
            active.map((u) => u.users / u.people),
            p,
          ),
        )
      if (r.userWeeks > 0) near(r.depth, uses.reduce((sum, u) => sum + u.weekEvents, 0) / r.userWeeks)
    }
    expect(shown).toBeGreaterThanOrEqual(3)
    const cores = catalogue.filter((f) => f.isCore)
    for (const line of core) {
      const accounts = c.accounts.filter(
        (a) => cores.some((f) => may(f).includes(a)) && (line.segment === 'All' || who(a) === line.segment),
      )
      const used = accounts.map((a) => cores.filter((f) => may(f).includes(a) && useOf(a.id, f, day).days > 0).length)
      expect([line.segment, line.accounts, line.byCount]).toEqual([
        line.segment,
        accounts.length,
        [0, 1, 2].map((n) => used.filter((u) => u === n).length),
      ])
    }
    expect(standing.notes.join(' ')).toMatch(/names no user|name no user/)
  })

  test('the accounts behind a feature, the least widely first', async () => {
    const { rows, feature } = await app.perform(listBreadthAccounts, workspace.as.leader, {
      month: '2025-12',
      feature: 'boards',
      limit: 200,
    })
    expect([feature, rows.length > 10]).toEqual(['Boards', true])
    for (const r of rows)
      expect([r.accountId, r.people, r.users, r.days, r.events]).toEqual([
        r.accountId,
        ...(['people', 'users', 'days', 'events'] as const).map(
          (key) => useOf(r.accountId, catalogue[1]!, '2025-12-31')[key],
        ),
      ])
    expect(rows.map((r) => r.breadth ?? 2)).toEqual(rows.map((r) => r.breadth ?? 2).sort((x, y) => x - y))
    await expect(app.perform(listBreadthAccounts, workspace.as.stakeholder, {})).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(app.perform(listBreadthAccounts, workspace.as.leader, { feature: "x' or 1=1" })).rejects.toMatchObject(
      { code: 'not-found' },
    )
  })
})

test('usage that names no user has no breadth, and says so; its days stand', async () => {
  const workspace = await app.workspace()
  const c = rawCompany(4)
  c.events = c.events.map((e) => ({ ...e, user: null }))
  await (await app.services.warehouses.open(workspace.id)).write((con) => loadRaw(con, c))
  const { answer, rows } = await app.perform(analyseBreadth, workspace.as.leader, {})
  expect(answer.text).toBe('The usage names no users, so there is nobody to count.')
  expect(rows.every((r) => r.breadth.median === null && r.depth === null)).toBe(true)
  expect(rows.some((r) => r.days[1]! > 0)).toBe(true)
})
