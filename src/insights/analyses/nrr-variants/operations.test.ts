import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sumsOfWindow } from '../../../../tests/support/sums-of-window.ts'
import { openWarehouses, type Connection, type Warehouses } from '../../../platform/warehouse/warehouses.ts'
import { insertRows } from '../../datasets/mirror.ts'
import { refreshDerived } from '../../datasets/refresh.ts'
import { laddersOf, valueOf } from './variants.ts'
import { monthEnd, monthIndex } from '../../../platform/calendar/month.ts'
import { readSwitches } from './switches.ts'
import { readBookSums, rowsOf, whoSql } from './operations.ts'

let folder: string
let warehouses: Warehouses
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'variants-'))
  warehouses = openWarehouses({ folder, memoryLimitMb: 256, threads: 1 })
})
afterAll(async () => {
  await warehouses.close()
  await rm(folder, { recursive: true })
})

/* What the files say; everything below is recomputed from these rows alone. */
interface Subscription {
  id: string
  account: string
  start: string
  end: string | null
  arr: number
  status: string | null
  escalator: number | null
  oneOff: boolean | null
  currency: string
  local: number
  rate: number
}
interface Company {
  accounts: { id: string; segment: [from: string, value: string][] }[]
  subscriptions: Subscription[]
}

function random(seed: number) {
  let state = seed * 7919 + 17
  return (below: number) => {
    state = (state * 1103515245 + 12345) % 2147483648
    return Math.floor((state / 2147483648) * below)
  }
}
const two = (n: number) => String(n).padStart(2, '0')

function company(seed: number): Company {
  const next = random(seed)
  const accounts = Array.from({ length: 120 }, (_, i) => ({
    id: i === 3 ? "A'3" : `A${i}`,
    segment: (i % 5 === 0
      ? [
          ['2024-01-01', 'SMB'],
          ['2025-06-10', "O'Mid"],
        ]
      : [['2023-01-01', ['SMB', "O'Mid"][next(2)]!]]) as [string, string][],
  }))
  const subscriptions = accounts.flatMap(({ id }, i) =>
    Array.from({ length: 1 + next(3) }, (_, j): Subscription => {
      const year = 2023 + next(3)
      const start = `${year}-${two(1 + next(12))}-${two(1 + next(28))}`
      const end = next(2) === 0 ? `${year + next(2)}-${two(1 + next(12))}-${two(1 + next(28))}` : null
      const rate = [1, 0.9, 0.95, 0.8][next(4)]!
      const local = 1000 * (1 + next(500))
      const currency = rate === 1 ? 'EUR' : rate === 0.8 ? 'GBP' : 'USD'
      return {
        id: `S${i}-${j}`,
        account: id,
        start,
        end: end !== null && end <= start ? null : end,
        arr: Math.round(local * rate),
        local,
        rate,
        currency,
        status: [null, 'active', 'Past due', 'past_due'][next(4)]!,
        escalator: [null, 0.03, 0.1, -0.2][next(4)]!,
        oneOff: next(12) === 0 ? true : next(2) === 0 ? false : null,
      }
    }),
  )
  return { accounts, subscriptions }
}

async function load(con: Connection, c: Company, withTerms = true): Promise<void> {
  await insertRows(
    con,
    'account (source, ext_id, name, batch_id)',
    c.accounts.map((a) => ['crm', a.id, a.id, 1]),
  )
  await insertRows(
    con,
    'account_attribute (source, ext_id, key, value, valid_from, imported_on, batch_id)',
    c.accounts.flatMap((a) => a.segment.map(([from, value]) => ['crm', a.id, 'segment', value, from, '2025-12-31', 1])),
  )
  await insertRows(
    con,
    'subscription',
    c.subscriptions.map((s) => ['billing', s.id, s.account, s.start, s.end, s.arr, 'p', 2]),
  )
  if (withTerms)
    await insertRows(
      con,
      'subscription_term',
      c.subscriptions.map((s) => ['billing', s.id, s.status, s.escalator, s.oneOff, s.currency, s.local, s.rate, 2]),
    )
  await refreshDerived(con, {
    today: '2026-01-15',
    decisions: {
      features: [],
      featureOf: () => null,
      crosswalk: [],
      exclusions: [{ field: 'name', operator: 'is', value: 'A7', reason: 'test' }],
      primarySource: null,
      revenueBook: null,
      rollUpToParent: false,
    },
  })
}

/* The independent recomputation, one account and one day at a time. */
const runs = (s: Subscription, month: number) =>
  s.start <= monthEnd(month) && (s.end === null || monthEnd(month) < s.end)
const arrAt = (
  c: Company,
  account: string,
  month: number,
  which: (s: Subscription) => boolean = (s) => s.oneOff !== true,
) =>
  c.subscriptions.filter((s) => s.account === account && which(s) && runs(s, month)).reduce((sum, s) => sum + s.arr, 0)
const segmentAt = (a: Company['accounts'][number], day: string) =>
  (a.segment.filter(([from]) => from <= day).at(-1) ?? a.segment[0]!)[1]
const sum = (list: number[]) => list.reduce((a, b) => a + b, 0)

function byHand(c: Company, base: number, to: number, segment: string | null) {
  const ids = c.accounts
    .filter((a) => a.id !== 'A7' && (segment === null || segmentAt(a, monthEnd(base)) === segment))
    .map((a) => a.id)
  const first = monthIndex('2023-01')
  const arr = new Map(ids.map((id) => [id, Array.from({ length: to - first + 1 }, (_, i) => arrAt(c, id, first + i))]))
  const of = (id: string, month: number) => arr.get(id)![month - first] ?? 0
  const firstOf = (id: string) => {
    const at = arr.get(id)!.findIndex((a) => a > 0)
    return at < 0 ? Infinity : first + at
  }
  const bookFirst = Math.min(
    ...c.accounts
      .filter((a) => a.id !== 'A7')
      .flatMap((a) =>
        c.subscriptions
          .filter((s) => s.account === a.id && s.oneOff !== true)
          .map((s) => monthIndex(s.start.slice(0, 7))),
      ),
  )
  const months = Array.from({ length: to - base }, (_, i) => base + 1 + i)
  const start = sum(ids.map((id) => of(id, base)))
  const moves = (fits: (before: number, now: number) => boolean) =>
    sum(months.flatMap((m) => ids.map((id) => (fits(of(id, m - 1), of(id, m)) ? of(id, m) - of(id, m - 1) : 0))))
  const change = moves((before) => before > 0)
  const returns = sum(
    months.flatMap((m) => ids.map((id) => (of(id, m - 1) === 0 && of(id, m) > 0 && firstOf(id) < m ? of(id, m) : 0))),
  )
  const last = ids.map((id) => [of(id, to - 1), of(id, to)] as const).filter(([before]) => before > 0)
  const window = to - base
  const young = ids.filter(
    (id) => firstOf(id) > bookFirst && firstOf(id) + window <= to && firstOf(id) + window > to - 12,
  )
  return {
    list: ids.map((id) => ({ months: [base, ...months].map((m) => of(id, m)), paidBefore: firstOf(id) < base })),
    values: {
      'closed-cohort': sum(ids.filter((id) => of(id, base) > 0).map((id) => of(id, to))) / start,
      'same-customers-year':
        sum(ids.filter((id) => of(id, to - 12) > 0).map((id) => of(id, to))) / sum(ids.map((id) => of(id, to - 12))),
      'movement-sum': (start + change) / start,
      'net-mrr-churn': (start + change + returns) / start,
      compounded: months.reduce(
        (product, m) =>
          product *
          (sum(ids.filter((id) => of(id, m - 1) > 0).map((id) => of(id, m))) / sum(ids.map((id) => of(id, m - 1)))),
        1,
      ),
      'rolling-month':
        1 -
        (sum(last.map(([b, n]) => (n === 0 ? b : 0))) - sum(last.map(([b, n]) => Math.max(0, n - b)))) /
          sum(last.map(([b]) => b)),
      'signup-cohorts':
        sum(young.map((id) => of(id, firstOf(id) + window))) / sum(young.map((id) => of(id, firstOf(id)))),
    } as Record<string, number>,
  }
}

const near = (actual: number | null, expected: number, what: string) =>
  expect(Math.abs(actual! - expected), `${what}: ${actual} for ${expected}`).toBeLessThanOrEqual(
    1e-9 * Math.max(1, Math.abs(expected)),
  )

describe.each([1, 2, 3, 4])('company of seed %i', (seed) => {
  test('every form equals a plain recomputation, of all and of a segment, over several windows', async () => {
    const warehouse = await warehouses.open(`0190b5a0-0000-7000-8000-00000000a0${seed}0`)
    const c = company(seed)
    await warehouse.write(async (con) => {
      await load(con, c)
      for (const [month, window, segment] of [
        ['2025-12', 12, null],
        ['2025-12', 12, "O'Mid"],
        ['2025-09', 7, null],
        ['2025-12', 18, 'SMB'],
        ['2025-10', 1, null],
      ] as const) {
        const to = monthIndex(month)
        const base = to - window
        const sums = await readBookSums(con, base, to, segment === null ? null : { by: 'segment', value: segment })
        const hand = byHand(c, base, to, segment)
        const { year: _year, signups: _signups, ...own } = sums
        expect(own).toEqual(sumsOfWindow(hand.list))
        for (const row of rowsOf(sums)) {
          expect(row.value, row.key).not.toBeNull()
          near(row.value, hand.values[row.key]!, `${row.key} ${month} ${window}`)
        }
        for (const [from, to2] of [
          ['closed-cohort', 'movement-sum'],
          ['movement-sum', 'net-mrr-churn'],
          ['closed-cohort', 'compounded'],
          ['closed-cohort', 'rolling-month'],
          ['closed-cohort', 'signup-cohorts'],
          ['closed-cohort', 'same-customers-year'],
        ] as const) {
          near(
            sum(
              laddersOf(sums)
                .filter((s) => s.from === from && s.to === to2)
                .map((s) => s.change),
            ),
            valueOf(to2, sums)! - valueOf(from, sums)!,
            `${from} to ${to2}`,
          )
        }
      }
    })
  })

  test('every switch and the exchange row equal a plain recomputation', async () => {
    const warehouse = await warehouses.open(`0190b5a0-0000-7000-8000-00000000b0${seed}0`)
    const c = company(seed)
    await warehouse.write(async (con) => {
      await load(con, c)
      for (const [month, window] of [
        ['2025-12', 12],
        ['2025-11', 18],
      ] as const) {
        const to = monthIndex(month)
        const base = to - window
        const ids = c.accounts.filter((a) => a.id !== 'A7').map((a) => a.id)
        const owed = (s: Subscription) => s.oneOff !== true && /past/i.test(s.status ?? '')
        const once = (s: Subscription) => s.oneOff === true
        const agreed = (id: string) =>
          sum(
            c.subscriptions
              .filter((s) => s.account === id && s.oneOff !== true && runs(s, base))
              .map((s) => s.arr * ((1 + Math.max(0, s.escalator ?? 0)) ** Math.ceil(window / 12) - 1)),
          )
        const nrr = (o: { owed?: boolean; rise?: boolean; once?: boolean }) => {
          const rows = ids
            .map((id) => {
              const s = arrAt(c, id, base) + (o.once ? arrAt(c, id, base, once) : 0)
              const e = arrAt(c, id, to) - (o.owed ? arrAt(c, id, to, owed) : 0) + (o.once ? arrAt(c, id, to, once) : 0)
              return { s, e: o.rise ? e - Math.min(Math.max(e - s, 0), agreed(id)) : e }
            })
            .filter((r) => r.s > 0)
          return sum(rows.map((r) => r.e)) / sum(rows.map((r) => r.s))
        }
        const started = c.subscriptions.filter((s) => ids.includes(s.account) && s.oneOff !== true && runs(s, base))
        const mean = (list: Subscription[]) =>
          list.length === 0 ? null : sum(list.map((s) => s.local * s.rate)) / sum(list.map((s) => s.local))
        const fx = sum(
          ids
            .filter((id) => arrAt(c, id, base) > 0)
            .map((id) =>
              sum(
                c.subscriptions
                  .filter((s) => s.account === id && s.oneOff !== true && runs(s, to))
                  .map((s) => {
                    const same = started.filter((t) => t.currency === s.currency)
                    return s.local * (s.rate - (mean(same.filter((t) => t.account === id)) ?? mean(same) ?? s.rate))
                  }),
              ),
            ),
        )
        const found = await readSwitches(con, {
          base,
          to,
          isLatest: month === '2025-12',
          who: whoSql(base, true),
          params: [],
          chosen: { leaveOutPastDue: true, leaveOutEscalators: true, countOneOffs: true },
        })
        near(found.default, nrr({}), 'default')
        const [pastDue, escalators, oneOff] = found.rows as [
          (typeof found.rows)[number],
          (typeof found.rows)[number],
          (typeof found.rows)[number],
        ]
        if (month === '2025-12') {
          near(pastDue.nrr, nrr({ owed: true }), 'past-due')
          expect(pastDue.accounts).toBeGreaterThan(0)
        } else expect(pastDue).toMatchObject({ state: 'not-known-then', nrr: null, effect: null, counted: true })
        near(escalators.nrr, nrr({ rise: true }), 'escalators')
        near(oneOff.nrr, nrr({ once: true }), 'one-off')
        near(found.chosen, nrr({ owed: month === '2025-12', rise: true, once: true }), 'all together')
        near(found.fx.arr, fx / 100, 'exchange')
        near(
          found.bridge.start + found.bridge.expansion - found.bridge.contraction - found.bridge.churn + found.bridge.fx,
          found.bridge.end,
          'bridge',
        )
        expect(found.fx.isConstant).toBe(false)
      }
    })
  })
})

test('one rate for each currency moves nothing, and what no file says is not in the data', async () => {
  const warehouse = await warehouses.open('0190b5a0-0000-7000-8000-00000000c000')
  const c = company(5)
  for (const s of c.subscriptions) {
    s.rate = s.currency === 'EUR' ? 1 : 0.9137
    s.arr = Math.round(s.local * s.rate)
    s.oneOff = null
    s.status = null
    s.escalator = null
  }
  await warehouse.write(async (con) => {
    await load(con, c)
    const to = monthIndex('2025-12')
    const found = await readSwitches(con, {
      base: to - 12,
      to,
      isLatest: true,
      who: whoSql(to - 12, true),
      params: [],
      chosen: { leaveOutPastDue: true, leaveOutEscalators: false, countOneOffs: false },
    })
    expect(found.fx).toMatchObject({ state: 'known', isConstant: true, arr: 0, accounts: 0, effect: 0 })
    expect(found.rows.map((r) => [r.state, r.effect, r.counted])).toEqual([
      ['not-in-your-data', null, true],
      ['not-in-your-data', null, true],
      ['not-in-your-data', null, false],
    ])
    expect(found.chosen).toBe(found.default)
  })
})

test('without any terms there is neither a switch nor an exchange row', async () => {
  const warehouse = await warehouses.open('0190b5a0-0000-7000-8000-00000000c001')
  await warehouse.write(async (con) => {
    await load(
      con,
      { ...company(6), subscriptions: company(6).subscriptions.map((s) => ({ ...s, oneOff: null })) },
      false,
    )
    const to = monthIndex('2025-12')
    const found = await readSwitches(con, {
      base: to - 12,
      to,
      isLatest: true,
      who: whoSql(to - 12, true),
      params: [],
      chosen: { leaveOutPastDue: false, leaveOutEscalators: false, countOneOffs: false },
    })
    expect(found.fx).toMatchObject({ state: 'not-in-your-data', nrr: null, effect: null, rates: [] })
    expect(found.rows.every((r) => r.state === 'not-in-your-data')).toBe(true)
  })
})
