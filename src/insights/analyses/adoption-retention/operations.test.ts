import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  addRawEvents,
  arrOf,
  catalogue,
  decisions,
  endOf,
  entitlements,
  eventsOf,
  isCounted,
  isEntitled,
  isMeasured,
  loadRaw,
  paysOn,
  rawCompany,
  segmentOf,
  startOf,
  type RawCompany,
} from '../../../../tests/support/raw-company.ts'
import { openWarehouses, type Connection, type Warehouses } from '../../../platform/warehouse/warehouses.ts'
import { refreshDerived } from '../../datasets/refresh.ts'
import { fitWindow, lastCompleteMonth, readAdoption, readHistory } from '../ground/adoption.ts'

let folder: string
let warehouses: Warehouses
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adoption-'))
  warehouses = openWarehouses({ folder, memoryLimitMb: 256, threads: 1 })
})
afterAll(async () => {
  await warehouses.close()
  await rm(folder, { recursive: true })
})

/* The independent recomputation: one account, one feature, one day at a time, by the words of the definitions. */
function recompute(c: RawCompany, month: string, window: number, adoptionMonths: number) {
  const block = (shift: number) => {
    const d = endOf(month, shift)
    const end = endOf(month, 0)
    const since = startOf(month, shift - adoptionMonths + 1)
    const cells = new Map<
      string,
      {
        eligible: number
        not: number
        adopters: number
        arrAdopters: number
        arrOthers: number
        arms: [start: number, end: number, adopter: boolean][]
      }
    >()
    for (const feature of catalogue) {
      if (feature.releasedOn !== null && feature.releasedOn > d) continue
      for (const account of c.accounts) {
        if (!isCounted(account) || arrOf(c, account.id, d) <= 0 || !isEntitled(c, account.id, feature, d)) continue
        const key = `${segmentOf(account, d)}/${feature.name}`
        const cell = cells.get(key) ?? { eligible: 0, not: 0, adopters: 0, arrAdopters: 0, arrOthers: 0, arms: [] }
        cells.set(key, cell)
        const mine = eventsOf(c, account.id)
        if (!isMeasured(c, account.id, d)) {
          cell.not += 1
          continue
        }
        const adopter = mine.some(
          (e) => e.day >= since && e.day <= d && feature.names.includes(e.name) && paysOn(c, account.id, e.day),
        )
        cell.eligible += 1
        if (adopter) {
          cell.adopters += 1
          cell.arrAdopters += arrOf(c, account.id, d)
        } else cell.arrOthers += arrOf(c, account.id, d)
        cell.arms.push([arrOf(c, account.id, d), arrOf(c, account.id, end), adopter])
      }
    }
    for (const [key, cell] of cells) if (cell.eligible === 0) cells.delete(key)
    return cells
  }
  const arm = (arms: [number, number, boolean][], adopter: boolean) => {
    const mine = arms.filter((a) => a[2] === adopter)
    const start = mine.reduce((s, a) => s + a[0], 0)
    const shown = mine.length >= 10
    return {
      accounts: mine.length,
      arrStart: start / 100,
      nrr: shown ? mine.reduce((s, a) => s + a[1], 0) / start : null,
      grr: shown ? mine.reduce((s, a) => s + Math.min(a[0], a[1]), 0) / start : null,
      logo: shown ? mine.filter((a) => a[1] > 0).length / mine.length : null,
    }
  }
  const now = block(0)
  const then = block(-window)
  return Object.fromEntries(
    [...now]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, cell]) => {
        const past = then.get(key)
        return [
          key,
          {
            eligible: cell.eligible,
            notMeasured: cell.not,
            adopters: cell.adopters,
            rate: cell.eligible >= 10 ? cell.adopters / cell.eligible : null,
            arrAdopters: cell.arrAdopters / 100,
            arrOthers: cell.arrOthers / 100,
            retention: past ? { adopters: arm(past.arms, true), others: arm(past.arms, false) } : null,
          },
        ]
      }),
  )
}

async function answer(con: Connection, month: string, window: number, adoptionMonths: number) {
  const history = (await readHistory(con))!
  const { rows, totals } = await readAdoption(
    con,
    { month, window, adoptionMonths, segmentBy: 'segment', bands: [] },
    history,
  )
  const strip = <T extends { mark: string }>({ mark: _, ...rest }: T) => rest
  const cells = Object.fromEntries(
    rows
      .map((r) => [
        `${r.segment}/${r.feature}`,
        {
          eligible: r.now.eligible,
          notMeasured: r.now.notMeasured,
          adopters: r.now.adopters,
          rate: r.now.adoptionRate.value,
          arrAdopters: r.now.arrAdopters,
          arrOthers: r.now.arrOthers,
          retention: r.retention ? { adopters: strip(r.retention.adopters), others: strip(r.retention.others) } : null,
        },
      ])
      .sort(([a], [b]) => (a! < b! ? -1 : 1)),
  )
  return { cells, rows, totals }
}

/** Numbers to 1e-9 of their size. */
function expectSame(actual: unknown, expected: unknown, path = ''): void {
  if (typeof expected === 'number' && typeof actual === 'number') {
    expect(Math.abs(actual - expected), `${path}: ${actual} for ${expected}`).toBeLessThanOrEqual(
      1e-9 * Math.max(1, Math.abs(expected)),
    )
  } else if (expected && typeof expected === 'object') {
    expect(Object.keys(actual as object).sort(), path).toEqual(Object.keys(expected).sort())
    for (const key of Object.keys(expected))
      expectSame((actual as Record<string, unknown>)[key], (expected as Record<string, unknown>)[key], `${path}/${key}`)
  } else expect(actual, path).toBe(expected)
}

describe.each([1, 2, 3])('company of seed %i', (seed) => {
  test.each(entitlements)(
    'every cell equals a plain recomputation, entitlement %s, before and after late events and an undo',
    async (mode) => {
      const warehouse = await warehouses.open(`0190b5a0-0000-7000-8000-0000000${seed}${entitlements.indexOf(mode)}000`)
      const c = rawCompany(seed, mode)
      await warehouse.write(async (con) => {
        await loadRaw(con, c)
        const first = await answer(con, '2025-12', 12, 3)
        expect(Object.keys(first.cells).length).toBeGreaterThanOrEqual(4)
        expectSame(first.cells, recompute(c, '2025-12', 12, 3))
        expectSame((await answer(con, '2025-09', 7, 2)).cells, recompute(c, '2025-09', 7, 2))

        const late = rawCompany(seed + 100)
          .events.slice(0, 120)
          .map((e) => ({ ...e, batch: 9 }))
        await addRawEvents(con, late)
        c.events = [...c.events, ...late]
        expectSame((await answer(con, '2025-12', 12, 3)).cells, recompute(c, '2025-12', 12, 3))

        await con.run('insert into dirty_day select distinct cast(event_time as date) from event where batch_id = 4')
        await con.run('delete from event where batch_id = 4')
        await con.run(`update subscription set end_date = '2025-06-30' where ext_id like 'S1%'`)
        await con.run(`insert into dirty_part values ('revenue')`)
        c.events = c.events.filter((e) => e.batch !== 4)
        for (const s of c.subscriptions) if (s.id.startsWith('S1')) s.end = '2025-06-30'
        c.subscriptions = c.subscriptions.filter((s) => s.end === null || s.end > s.start)
        await refreshDerived(con, { decisions, today: '2026-01-15' })
        const last = await answer(con, '2025-12', 12, 3)
        expectSame(last.cells, recompute(c, '2025-12', 12, 3))

        const book =
          c.accounts
            .filter((a) => isCounted(a))
            .map((a) => arrOf(c, a.id, '2025-12-31'))
            .filter((arr) => arr > 0)
            .reduce((sum, arr) => sum + arr, 0) / 100
        expect(last.totals.segments.reduce((sum, s) => sum + s.arr, 0)).toBeCloseTo(book, 6)
        expect(last.totals.all.arr).toBeCloseTo(book, 6)
        for (const total of last.totals.features) {
          expect(total.now.eligible).toBe(
            last.rows.filter((r) => r.feature === total.feature).reduce((sum, r) => sum + r.now.eligible, 0),
          )
        }
      })
    },
  )
})

test('a window longer than the history is not annualised: the longest that fits is offered', () => {
  const history = { firstRevenueMonth: 2024 * 12, firstUsageMonth: 2024 * 12 + 3, lastUsageDay: '2025-06-30' }
  expect(fitWindow(2025 * 12 + 5, 13, 3, history)).toMatchObject({ window: null, problem: { longestThatFits: 12 } })
  expect(fitWindow(2025 * 12 + 5, 10, 3, history)).toEqual({ window: 10, problem: null })
  expect(fitWindow(2024 * 12 + 4, 1, 3, history).problem?.longestThatFits).toBe(0)
})

test('the last complete month is the one whose last day the usage reaches', () => {
  const history = { firstRevenueMonth: 0, firstUsageMonth: 0, lastUsageDay: '2025-06-30' }
  expect(lastCompleteMonth(history)).toBe('2025-06')
  expect(lastCompleteMonth({ ...history, lastUsageDay: '2025-06-29' })).toBe('2025-05')
})
