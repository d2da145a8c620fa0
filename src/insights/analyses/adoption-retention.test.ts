import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWarehouses, type Connection, type Warehouses } from '../../platform/warehouse/warehouses.ts'
import { insertRows, type Decisions } from '../datasets/mirror.ts'
import { refreshDerived } from '../datasets/refresh.ts'
import { fitWindow, lastCompleteMonth, readAdoption, readHistory } from './adoption-retention.ts'

let folder: string
let warehouses: Warehouses
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adoption-'))
  warehouses = openWarehouses({ folder, memoryLimitMb: 256, threads: 2 })
})
afterAll(async () => { await warehouses.close(); await rm(folder, { recursive: true }) })

/* The raw company, as its files say it; everything below is recomputed from these rows alone. */
interface Company {
  accounts: { id: string; name: string; segment: [from: string, value: string][] }[]
  subscriptions: { id: string; account: string; start: string; end: string | null; arr: number; plan: string }[]
  events: { day: string; account: string; name: string; batch: number }[]
  byPlan: { plan: string; feature: string; from: string | null; to: string | null }[]
  byAccount: { account: string; feature: string }[]
}
const catalogue = [
  { key: 'f1', name: 'Collaboration', area: 'Core', isCore: true, releasedOn: null, names: ['share', 'comment'] },
  { key: 'f2', name: 'Reports', area: null, isCore: false, releasedOn: '2024-06-15', names: ['report'] },
  { key: 'f3', name: 'Beta', area: null, isCore: false, releasedOn: '2025-05-01', names: ['beta'] },
]
const decisions: Decisions = {
  features: catalogue, featureOf: (name) => catalogue.find((f) => f.names.includes(name))?.key ?? null,
  crosswalk: [], exclusions: [{ field: 'name', operator: 'contains', value: 'TEST', reason: 'test' }],
  primarySource: null, revenueBook: null, rollUpToParent: false,
}

function random(seed: number) {
  let state = seed * 7919 + 17
  return (below: number) => { state = (state * 1103515245 + 12345) % 2147483648; return Math.floor((state / 2147483648) * below) }
}
const two = (n: number) => String(n).padStart(2, '0')

function company(seed: number): Company {
  const next = random(seed)
  const day = (from: number, years: number) => `${from + next(years)}-${two(1 + next(12))}-${two(1 + next(28))}`
  const accounts = Array.from({ length: 90 }, (_, i) => ({
    id: `A${i}`, name: i % 23 === 5 ? `test account ${i}` : `Account ${i}`,
    segment: (i % 4 === 0 ? [['2024-03-01', ['SMB', 'Mid'][next(2)]!], ['2025-04-10', 'Enterprise']] : i % 17 === 3 ? [] : [['2025-01-01', ['SMB', 'Mid', 'Enterprise'][next(3)]!]]) as [string, string][],
  }))
  const subscriptions = accounts.flatMap(({ id }, i) => Array.from({ length: 1 + next(3) }, (_, j) => {
    const start = day(2022, 4)
    const ends = next(3) === 0
    const end = `${Number(start.slice(0, 4)) + 1 + next(3)}-${two(1 + next(12))}-${two(1 + next(28))}`
    return { id: `S${i}-${j}`, account: id, start, end: ends ? end : null, arr: 1000 + next(500_000), plan: ['basic', 'pro'][next(2)]! }
  }))
  const events = Array.from({ length: 1500 }, () => ({ day: day(2024, 2), account: `A${next(75)}`, name: ['share', 'comment', 'report', 'beta', 'noise'][next(5)]!, batch: 3 + next(3) }))
  events.push({ day: '2024-01-01', account: 'A1', name: 'noise', batch: 3 }, { day: '2025-12-31', account: 'A2', name: 'noise', batch: 3 })
  return {
    accounts, subscriptions, events,
    byPlan: [{ plan: 'pro', feature: 'Collaboration', from: null, to: null }, { plan: 'basic', feature: 'Collaboration', from: '2025-02-01', to: null }, { plan: 'pro', feature: 'reports', from: null, to: '2025-12-31' }],
    byAccount: accounts.flatMap(({ id }) => catalogue.filter(() => next(2) === 0).map((f) => ({ account: id, feature: f.name }))),
  }
}

async function load(con: Connection, c: Company): Promise<void> {
  await insertRows(con, 'account (source, ext_id, name, batch_id)', c.accounts.map((a) => ['crm', a.id, a.name, 1]))
  await insertRows(con, 'account_attribute (source, ext_id, key, value, valid_from, imported_on, batch_id)', c.accounts.flatMap((a) => a.segment.map(([from, value]) => ['crm', a.id, 'segment', value, from, '2025-12-31', 1])))
  await insertRows(con, 'subscription', c.subscriptions.map((s) => ['billing', s.id, s.account, s.start, s.end, s.arr, s.plan, 2]))
  await insertRows(con, 'entitlement', c.byPlan.map((e) => ['billing', null, e.plan, e.feature, e.from, e.to, 2]))
  await insertRows(con, 'entitlement', c.byAccount.map((e) => ['crm', e.account, null, e.feature, null, null, 2]))
  await addEvents(con, c.events)
}
async function addEvents(con: Connection, events: Company['events']): Promise<void> {
  await insertRows(con, 'event (event_time, ref_kind, source, ref, name, n, batch_id)', events.map((e) => [`${e.day} 08:00:00`, 'account', 'crm', e.account, e.name, 1, e.batch]))
  await insertRows(con, 'dirty_day', [...new Set(events.map((e) => e.day))].map((day) => [day]))
}

/* The independent recomputation: one account, one feature, one day at a time, by the words of the definitions. */
function recompute(c: Company, month: string, window: number, adoptionMonths: number) {
  const endOf = (m: string, shift: number) => new Date(Date.UTC(Number(m.slice(0, 4)), Number(m.slice(5)) + shift, 0)).toISOString().slice(0, 10)
  const startOf = (m: string, shift: number) => new Date(Date.UTC(Number(m.slice(0, 4)), Number(m.slice(5)) - 1 + shift, 1)).toISOString().slice(0, 10)
  const running = (id: string, d: string) => c.subscriptions.filter((s) => s.account === id && s.start <= d && (s.end === null || d < s.end))
  const arr = (id: string, d: string) => running(id, d).reduce((sum, s) => sum + s.arr, 0)
  const segment = (a: Company['accounts'][number], d: string) => {
    const versions = [...a.segment].sort((x, y) => (x[0] < y[0] ? -1 : 1))
    return (versions.filter(([from]) => from <= d).at(-1) ?? versions[0])?.[1] ?? '(no value)'
  }
  const block = (shift: number) => {
    const d = endOf(month, shift), end = endOf(month, 0), since = startOf(month, shift - adoptionMonths + 1)
    const cells = new Map<string, { eligible: number; not: number; adopters: number; arrAdopters: number; arrOthers: number; arms: [start: number, end: number, adopter: boolean][] }>()
    for (const feature of catalogue) {
      if (feature.releasedOn !== null && feature.releasedOn > d) continue
      for (const account of c.accounts) {
        if (account.name.includes('test') || arr(account.id, d) <= 0) continue
        const plans = running(account.id, d).map((s) => s.plan)
        const entitled = c.byAccount.some((e) => e.account === account.id && e.feature === feature.name)
          || c.byPlan.some((e) => plans.includes(e.plan) && e.feature.toLowerCase() === feature.name.toLowerCase() && (e.from ?? '') <= d && d < (e.to ?? '9999'))
          || (c.byPlan.length === 0 && c.byAccount.length === 0)
        if (!entitled) continue
        const key = `${segment(account, d)}/${feature.name}`
        const cell = cells.get(key) ?? { eligible: 0, not: 0, adopters: 0, arrAdopters: 0, arrOthers: 0, arms: [] }
        cells.set(key, cell)
        const mine = c.events.filter((e) => e.account === account.id)
        if (!mine.some((e) => e.day <= d)) { cell.not += 1; continue }
        const adopter = mine.some((e) => e.day >= since && e.day <= d && feature.names.includes(e.name) && arr(account.id, e.day) > 0)
        cell.eligible += 1
        if (adopter) { cell.adopters += 1; cell.arrAdopters += arr(account.id, d) } else cell.arrOthers += arr(account.id, d)
        cell.arms.push([arr(account.id, d), arr(account.id, end), adopter])
      }
    }
    for (const [key, cell] of cells) if (cell.eligible === 0) cells.delete(key)
    return cells
  }
  const arm = (arms: [number, number, boolean][], adopter: boolean) => {
    const mine = arms.filter((a) => a[2] === adopter)
    const start = mine.reduce((s, a) => s + a[0], 0)
    const shown = mine.length >= 10
    return { accounts: mine.length, arrStart: start / 100, nrr: shown ? mine.reduce((s, a) => s + a[1], 0) / start : null,
      grr: shown ? mine.reduce((s, a) => s + Math.min(a[0], a[1]), 0) / start : null, logo: shown ? mine.filter((a) => a[1] > 0).length / mine.length : null }
  }
  const now = block(0), then = block(-window)
  return Object.fromEntries([...now].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, cell]) => {
    const past = then.get(key)
    return [key, {
      eligible: cell.eligible, notMeasured: cell.not, adopters: cell.adopters, rate: cell.eligible >= 10 ? cell.adopters / cell.eligible : null,
      arrAdopters: cell.arrAdopters / 100, arrOthers: cell.arrOthers / 100,
      retention: past ? { adopters: arm(past.arms, true), others: arm(past.arms, false) } : null,
    }]
  }))
}

async function answer(con: Connection, month: string, window: number, adoptionMonths: number) {
  const history = (await readHistory(con))!
  const { rows, totals } = await readAdoption(con, { month, window, adoptionMonths, segmentBy: 'segment', bands: [] }, history)
  const strip = <T extends { mark: string }>({ mark: _, ...rest }: T) => rest
  const cells = Object.fromEntries(rows.map((r) => [`${r.segment}/${r.feature}`, {
    eligible: r.now.eligible, notMeasured: r.now.notMeasured, adopters: r.now.adopters, rate: r.now.adoptionRate.value, arrAdopters: r.now.arrAdopters, arrOthers: r.now.arrOthers,
    retention: r.retention ? { adopters: strip(r.retention.adopters), others: strip(r.retention.others) } : null,
  }]).sort(([a], [b]) => (a! < b! ? -1 : 1)))
  return { cells, rows, totals }
}

function expectSame(actual: unknown, expected: unknown, path = ''): void {
  if (typeof expected === 'number' && typeof actual === 'number') {
    expect(Math.abs(actual - expected), `${path}: ${actual} for ${expected}`).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)))
  } else if (expected && typeof expected === 'object') {
    expect(Object.keys(actual as object).sort(), path).toEqual(Object.keys(expected).sort())
    for (const key of Object.keys(expected)) expectSame((actual as Record<string, unknown>)[key], (expected as Record<string, unknown>)[key], `${path}/${key}`)
  } else expect(actual, path).toBe(expected)
}

describe.each([1, 2, 3])('company of seed %i', (seed) => {
  test.each(['unknown', 'plan', 'list', 'plan-and-list'])('every cell equals a plain recomputation, entitlement %s, before and after late events and an undo', async (mode) => {
    const warehouse = await warehouses.open(`0190b5a0-0000-7000-8000-0000000${seed}${['unknown', 'plan', 'list', 'plan-and-list'].indexOf(mode)}000`)
    const c = company(seed)
    if (mode !== 'plan' && mode !== 'plan-and-list') c.byPlan = []
    if (mode !== 'list' && mode !== 'plan-and-list') c.byAccount = []
    await warehouse.write(async (con) => {
      await load(con, c)
      await refreshDerived(con, { decisions, today: '2026-01-15' })
      const first = await answer(con, '2025-12', 12, 3)
      expect(Object.keys(first.cells).length).toBeGreaterThanOrEqual(4)
      expectSame(first.cells, recompute(c, '2025-12', 12, 3))
      expectSame((await answer(con, '2025-09', 7, 2)).cells, recompute(c, '2025-09', 7, 2))

      const late = company(seed + 100).events.slice(0, 120).map((e) => ({ ...e, batch: 9 }))
      await addEvents(con, late)
      c.events = [...c.events, ...late]
      await refreshDerived(con, { decisions, today: '2026-01-15' })
      expectSame((await answer(con, '2025-12', 12, 3)).cells, recompute(c, '2025-12', 12, 3))

      await con.run('insert into dirty_day select distinct cast(event_time as date) from event where batch_id = 4')
      await con.run('delete from event where batch_id = 4')
      await con.run(`update subscription set end_date = '2025-06-30' where ext_id like 'S1%'`)
      c.events = c.events.filter((e) => e.batch !== 4)
      for (const s of c.subscriptions) if (s.id.startsWith('S1')) s.end = '2025-06-30'
      c.subscriptions = c.subscriptions.filter((s) => s.end === null || s.end > s.start)
      await refreshDerived(con, { decisions, today: '2026-01-15' })
      const last = await answer(con, '2025-12', 12, 3)
      expectSame(last.cells, recompute(c, '2025-12', 12, 3))

      const book = c.subscriptions.filter((s) => !c.accounts.find((a) => a.id === s.account)!.name.includes('test') && s.start <= '2025-12-31' && (s.end === null || s.end > '2025-12-31')).reduce((sum, s) => sum + s.arr, 0) / 100
      expect(last.totals.segments.reduce((sum, s) => sum + s.arr, 0)).toBeCloseTo(book, 6)
      expect(last.totals.all.arr).toBeCloseTo(book, 6)
      for (const total of last.totals.features) {
        expect(total.now.eligible).toBe(last.rows.filter((r) => r.feature === total.feature).reduce((sum, r) => sum + r.now.eligible, 0))
      }
    })
  })
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
