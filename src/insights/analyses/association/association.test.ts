/** The whole way through the warehouse, against a recomputation from the raw rows that shares nothing with it but the definitions. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bookOf } from '../../../../tests/support/book.ts'
import { plantedCompany, type PlantedCompany } from '../../../../tests/support/planted-company.ts'
import { openWarehouses, type Connection, type Warehouses } from '../../../platform/warehouse/warehouses.ts'
import { insertRows, type Decisions } from '../../datasets/mirror.ts'
import { refreshDerived } from '../../datasets/refresh.ts'
import { associate } from './associate.ts'
import { bootstrapNrr, oneByOne } from '../../statistics/association/concentration.ts'
import { readDetail, type Detail } from './detail.ts'
import type { AssociationRow, Question } from './schemas.ts'

let folder: string
let warehouses: Warehouses
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'association-'))
  warehouses = openWarehouses({ folder, memoryLimitMb: 256, threads: 1 })
})
afterAll(async () => {
  await warehouses.close()
  await rm(folder, { recursive: true })
})

const question: Question = { month: '2025-12', window: 12, adoptionMonths: 3, segmentBy: 'segment', bands: [] }
const baseDay = '2024-12-31'
interface Raw extends PlantedCompany {
  events: { day: string; account: string; name: string }[]
  unmeasured: Set<string>
  entitled: Map<string, Set<string>>
}

/** Segment names with quotes, accounts that are not measured, use outside the window, a plan that is not entitled, accounts to be excluded. */
function rawOf(company: PlantedCompany): Raw {
  const unmeasured = new Set(company.accounts.filter((_, i) => i % 19 === 4).map((a) => a.id))
  const entitled = new Map(
    company.features.map((f, k) => [
      f,
      new Set(company.accounts.filter((_, i) => k > 2 || (i + k) % 5 !== 0).map((a) => a.id)),
    ]),
  )
  const events = company.accounts
    .filter((a) => !unmeasured.has(a.id))
    .flatMap((a, i) => [
      { day: i % 3 === 0 ? '2024-12-30' : '2024-11-02', account: a.id, name: 'noise' },
      ...[...a.adopted].map((f, k) => ({
        day: (i + k) % 2 === 0 ? '2024-10-01' : '2024-12-31',
        account: a.id,
        name: f,
      })),
      ...(i % 4 === 0
        ? [
            { day: '2024-09-30', account: a.id, name: 'Null 1' },
            { day: '2025-01-01', account: a.id, name: 'Null 2' },
          ]
        : []),
    ])
    .filter((e, _, __) => company.accounts.find((a) => a.id === e.account)!.start <= e.day)
  return {
    ...company,
    accounts: company.accounts.map((a) => ({ ...a, segment: a.segment === 'SMB' ? 'Small \'n\' "odd"' : a.segment })),
    events,
    unmeasured,
    entitled,
  }
}
const leftOn = (i: number) => `2025-${String(2 + (i % 9)).padStart(2, '0')}-11`
const nameOf = (i: number) => (i % 41 === 7 ? `test ${i}` : `Account ${i}`)

const decisions = (raw: Raw): Decisions => ({
  features: raw.features.map((name) => ({ key: name, name, area: null, isCore: false, releasedOn: null })),
  featureOf: (name) => (raw.features.includes(name) ? name : null),
  crosswalk: [],
  exclusions: [{ field: 'name', operator: 'contains', value: 'test', reason: 'test' }],
  primarySource: null,
  revenueBook: null,
  rollUpToParent: false,
})

async function addEvents(con: Connection, events: Raw['events']): Promise<void> {
  await insertRows(
    con,
    'event (event_time, origin_id, ref, name, n, batch_id)',
    events.map((e) => [`${e.day} 08:00:00`, 1, e.account, e.name, 1, 3]),
  )
  await insertRows(
    con,
    'dirty_day',
    [...new Set(events.map((e) => e.day))].map((day) => [day]),
  )
}

async function load(con: Connection, raw: Raw): Promise<void> {
  await insertRows(con, 'origin', [[1, 'account', 'crm']])
  await insertRows(
    con,
    'account (source, ext_id, name, batch_id)',
    raw.accounts.map((a, i) => ['crm', a.id, nameOf(i), 1]),
  )
  await insertRows(
    con,
    'account_attribute (source, ext_id, key, value, valid_from, imported_on, batch_id)',
    raw.accounts.map((a) => ['crm', a.id, 'segment', a.segment, '2020-01-01', '2025-12-31', 1]),
  )
  await insertRows(
    con,
    'subscription',
    raw.accounts.map((a, i) => ['billing', `S${i}`, a.id, a.start, a.leaves ? leftOn(i) : null, a.arr, 'pro', 2]),
  )
  await insertRows(
    con,
    'entitlement',
    raw.features.flatMap((f) => [...raw.entitled.get(f)!].map((id) => ['crm', id, null, f, null, null, 2])),
  )
  await addEvents(con, raw.events)
}

/** Wilson's limits as the roots of (p − π)² = z² π (1 − π) / n, and from them Newcombe's lower limit. */
function newcombeLow(y1: number, n1: number, y0: number, n0: number): number {
  const z2 = 1.959963984540054 ** 2
  const root = (y: number, n: number, sign: 1 | -1) => {
    const p = y / n
    const b = 2 * p + z2 / n
    const a = 1 + z2 / n
    return (b + sign * Math.sqrt(b * b - 4 * a * p * p)) / (2 * a)
  }
  return y1 / n1 - y0 / n0 - Math.sqrt((y1 / n1 - root(y1, n1, -1)) ** 2 + (root(y0, n0, 1) - y0 / n0) ** 2)
}

interface Cell {
  n: number
  alive: number
  adopters: number
  adoptersAlive: number
}

/** One account and one feature at a time, by the words of the definitions; then the formula of Mantel and Haenszel, written out. */
function recompute(raw: Raw) {
  const book = raw.accounts
    .map((a, i) => ({ ...a, isExcluded: nameOf(i).includes('test'), alive: !a.leaves }))
    .filter((a) => !a.isExcluded && a.start <= baseDay)
  const rankedIn = (a: (typeof book)[number]) => {
    const peers = book.filter((b) => b.segment === a.segment).map((b) => b.arr)
    return Math.floor((3 * peers.filter((arr) => arr < a.arr).length) / peers.length)
  }
  const placed = book.map((a) => {
    const months = (2024 - Number(a.start.slice(0, 4))) * 12 + 12 - Number(a.start.slice(5, 7))
    return { ...a, third: rankedIn(a), band: months < 12 ? 0 : months < 24 ? 1 : 2 }
  })
  const used = new Set(
    raw.events.filter((e) => e.day >= '2024-10-01' && e.day <= baseDay).map((e) => `${e.account} ${e.name}`),
  )
  const seen = new Set(raw.events.filter((e) => e.day <= baseDay).map((e) => e.account))
  const answer: Record<
    string,
    {
      n: number
      n1: number
      alive1: number
      alive0: number
      unadjusted: number
      low: number
      adjusted: number | null
      z: number | null
      lost: number
    }
  > = {}
  for (const feature of raw.features) {
    for (const segment of [null, ...new Set(placed.map((a) => a.segment))]) {
      const cells = new Map<string, Cell>()
      for (const a of placed) {
        if (!seen.has(a.id) || !raw.entitled.get(feature)!.has(a.id) || (segment !== null && a.segment !== segment))
          continue
        const key = `${a.segment}/${a.third}/${a.band}`
        const cell = cells.get(key) ?? { n: 0, alive: 0, adopters: 0, adoptersAlive: 0 }
        cells.set(key, cell)
        const isAdopter = used.has(`${a.id} ${feature}`)
        cell.n += 1
        if (a.alive) cell.alive += 1
        if (isAdopter) cell.adopters += 1
        if (isAdopter && a.alive) cell.adoptersAlive += 1
      }
      let n = 0
      let n1 = 0
      let alive1 = 0
      let alive0 = 0
      let above = 0
      let weight = 0
      let lost = 0
      let held1 = 0
      let held0 = 0
      const terms: { p1: number; p0: number; m1: number; m0: number; n: number }[] = []
      for (const c of cells.values()) {
        const n0 = c.n - c.adopters
        const y0 = c.alive - c.adoptersAlive
        n += c.n
        n1 += c.adopters
        alive1 += c.adoptersAlive
        alive0 += y0
        if (n0 === 0 || c.adopters === 0) {
          lost += c.n
          continue
        }
        const w = (c.adopters * n0) / c.n
        above += w * (c.adoptersAlive / c.adopters - y0 / n0)
        weight += w
        held1 += c.adopters
        held0 += n0
        terms.push({ p1: c.adoptersAlive / c.adopters, p0: y0 / n0, m1: c.adopters, m0: n0, n: c.n })
      }
      const d = above / weight
      // Sato 1989 in rates instead of counts.
      const variance =
        terms.reduce((v, t) => {
          const w = (t.m1 * t.m0) / t.n
          return (
            v +
            d * (w / t.n) * (t.m1 * t.p0 - t.m0 * t.p1 + (t.m0 - t.m1) / 2) +
            (w / 2) * (t.p1 * (1 - t.p0) + t.p0 * (1 - t.p1))
          )
        }, 0) /
        weight ** 2
      answer[`${feature}/${segment ?? 'All'}`] = {
        n,
        n1,
        alive1,
        alive0,
        unadjusted: alive1 / n1 - alive0 / (n - n1),
        low: newcombeLow(alive1, n1, alive0, n - n1),
        adjusted: weight > 0 ? d : null,
        z: Math.min(held1, held0) >= 30 ? d / Math.sqrt(variance) : null,
        lost,
      }
    }
  }
  return answer
}

function expectSame(rows: readonly AssociationRow[], expected: ReturnType<typeof recompute>): void {
  expect(rows.map((r) => `${r.feature}/${r.segment ?? 'All'}`).sort()).toEqual(Object.keys(expected).sort())
  for (const r of rows) {
    const key = `${r.feature}/${r.segment ?? 'All'}`
    const e = expected[key]!
    expect([key, r.adopters.accounts, r.adopters.stayed, r.others.accounts, r.others.stayed, r.accountsLost]).toEqual([
      key,
      e.n1,
      e.alive1,
      e.n - e.n1,
      e.alive0,
      e.lost,
    ])
    if (r.unadjusted) {
      expect(Math.abs(r.unadjusted.value - e.unadjusted), key).toBeLessThanOrEqual(1e-9)
      expect(Math.abs(r.unadjusted.low - e.low), key).toBeLessThanOrEqual(1e-9)
    }
    if (r.adjusted) expect(Math.abs(r.adjusted.value - e.adjusted!), key).toBeLessThanOrEqual(1e-9)
    if (r.adjusted && r.p !== null)
      expect(
        Math.abs((r.adjusted.value - r.adjusted.low) * e.z! - 1.959963984540054 * r.adjusted.value),
        key,
      ).toBeLessThanOrEqual(1e-9)
    expect([key, r.p === null], key).toEqual([key, e.z === null || Number.isNaN(e.z)])
  }
  // Benjamini and Hochberg by the words: the least of p × tests / rank over this and all larger p.
  const ps = rows.flatMap((r) => (r.p === null ? [] : [r.p])).sort((a, b) => a - b)
  for (const r of rows)
    if (r.p !== null)
      expect(
        Math.abs(r.q! - Math.min(...ps.flatMap((p, i) => (p >= r.p! ? [(p * ps.length) / (i + 1)] : [])))),
        r.feature,
      ).toBeLessThanOrEqual(1e-9)
  expect(ps.length).toBeGreaterThan(5)
  expect(rows.filter((r) => r.adjusted).length).toBeGreaterThan(rows.length / 2)
}

/** The eligible accounts of a feature one by one, and of their sides what the evidence says of revenue and of use. */
function expectSides(detail: Detail, raw: Raw, feature: string): void {
  const seen = new Set(raw.events.filter((e) => e.day <= baseDay).map((e) => e.account))
  const uses = new Map<string, number>()
  for (const e of raw.events)
    if (e.name === feature && e.day >= '2024-10-01' && e.day <= baseDay)
      uses.set(e.account, (uses.get(e.account) ?? 0) + 1)
  const eligible = raw.accounts
    .filter((a, i) => !nameOf(i).includes('test') && a.start <= baseDay && seen.has(a.id))
    .filter((a) => raw.entitled.get(feature)!.has(a.id))
    .map((a) => ({ id: a.id, start: a.arr, end: a.leaves ? 0 : a.arr, uses: uses.get(a.id) ?? 0 }))
  const adopters = eligible.filter((a) => uses.has(a.id))
  const others = eligible.filter((a) => !uses.has(a.id))
  for (const [arm, side] of [
    [detail.revenue.adopters, adopters],
    [detail.revenue.others, others],
  ] as const) {
    const book = bookOf(side)
    expect(arm.accounts).toBe(side.length)
    const interval = bootstrapNrr(book)!
    for (const [ours, plain] of [
      [arm.arrStart, book.start / 100],
      [arm.nrr, book.end / book.start],
      [arm.effectiveAccounts, book.start ** 2 / book.startSquares],
      [arm.topFiveShare, book.topFive / book.start],
      [arm.leaveOneOut!.low, book.leaveOneOut!.low],
      [arm.leaveOneOut!.high, book.leaveOneOut!.high],
      [arm.interval!.low, interval.low],
      [arm.interval!.high, interval.high],
    ] as const)
      expect(Math.abs(ours! / plain - 1)).toBeLessThanOrEqual(1e-9)
  }
  const middle = adopters.map((a) => a.uses).sort((a, b) => a - b)[Math.floor(adopters.length / 2)]!
  const counted = (side: typeof eligible) => [side.length, side.filter((a) => a.end > 0).length]
  expect(detail.dose.map((d) => [d.accounts, d.stayed])).toEqual([
    counted(others),
    counted(adopters.filter((a) => a.uses < middle)),
    counted(adopters.filter((a) => a.uses >= middle)),
  ])
}

test('of sides with more accounts than come one by one, revenue and its interval equal a plain recomputation too', async () => {
  const warehouse = await warehouses.open('0190b5a0-0000-7000-8000-000000000004')
  const raw = rawOf(plantedCompany(4, { accounts: 1_700, effect: 0.1, nulls: 1 }))
  await warehouse.write(async (con) => {
    await load(con, raw)
    await refreshDerived(con, { decisions: decisions(raw), today: '2026-01-15' })
    const result = await associate(con, question, null)
    const row = result.features.find((r) => r.feature === 'Keeper')!
    expect(Math.min(row.adopters.accounts, row.others.accounts)).toBeGreaterThan(oneByOne)
    expectSides(await readDetail(con, result, row), raw, 'Keeper')
  })
})

describe.each([1, 2])('company of seed %i', (seed) => {
  test('every count and difference equals a plain recomputation, before and after late events, and the detail adds up to its row', async () => {
    const warehouse = await warehouses.open(`0190b5a0-0000-7000-8000-00000000000${seed}`)
    const raw = rawOf(plantedCompany(seed, { accounts: 420, effect: 0.14, nulls: 4 }))
    await warehouse.write(async (con) => {
      await load(con, raw)
      await refreshDerived(con, { decisions: decisions(raw), today: '2026-01-15' })
      const first = await associate(con, question, null)
      expectSame([...first.features, ...first.segments], recompute(raw))

      const late = raw.accounts
        .filter((a, i) => i % 7 === 0 && a.start <= '2024-12-01')
        .map((a) => ({ day: '2024-12-12', account: a.id, name: 'Keeper' }))
      await addEvents(con, late)
      raw.events.push(...late)
      await refreshDerived(con, { decisions: decisions(raw), today: '2026-01-15' })
      const second = await associate(con, question, 'Null 4')
      expectSame([...second.features, ...second.segments], recompute(raw))
      expect(second.features.find((r) => r.feature === 'Keeper')!.adopters.accounts).toBeGreaterThan(
        first.features.find((r) => r.feature === 'Keeper')!.adopters.accounts,
      )

      const row = second.features.find((r) => r.feature === 'Keeper')!
      const detail = await readDetail(con, second, row)
      const sum = (pick: (s: (typeof detail.strata)[number]) => number) =>
        detail.strata.reduce((all, s) => all + pick(s), 0)
      expect([
        sum((s) => s.adopters.accounts),
        sum((s) => s.adopters.stayed),
        sum((s) => s.others.accounts),
        sum((s) => s.others.stayed),
      ]).toEqual([row.adopters.accounts, row.adopters.stayed, row.others.accounts, row.others.stayed])
      expectSides(detail, raw, 'Keeper')
      expect(detail.negativeControl.row?.feature).toBe('Null 4')
      // Nobody's ARR changes before the base day here: the placebo has nothing to find.
      expect(detail.placebo).toMatchObject({ isWorrying: false, difference: null })
    })
  })
})

test('a company of one account, and one in which nobody adopted anything, give counts and words, no figure', async () => {
  const warehouse = await warehouses.open('0190b5a0-0000-7000-8000-000000000009')
  const whole = rawOf(plantedCompany(3, { accounts: 60, effect: 0, nulls: 1 }))
  const raw: Raw = {
    ...whole,
    accounts: whole.accounts.filter((a) => !whole.unmeasured.has(a.id)).slice(0, 1),
    events: [],
  }
  raw.events = [{ day: '2024-12-01', account: raw.accounts[0]!.id, name: 'noise' }]
  await warehouse.write(async (con) => {
    await load(con, raw)
    await refreshDerived(con, { decisions: decisions(raw), today: '2026-01-15' })
    const result = await associate(con, question, 'Null 1')
    expect(result.tests).toBe(0)
    for (const r of [...result.features, ...result.segments]) {
      expect(r).toMatchObject({
        evidence: 'not-enough-data',
        unadjusted: null,
        adjusted: null,
        p: null,
        q: null,
        detectableGap: null,
      })
      const detail = await readDetail(con, result, r)
      expect(detail.revenue.others).toMatchObject({ nrr: null, interval: null })
      expect(JSON.stringify(detail)).not.toMatch(/NaN|Infinity/)
    }
  })
})
