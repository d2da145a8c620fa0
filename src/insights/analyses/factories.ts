/** A small raw company for tests, as its files would say it, and what its words mean one account and one day at a time. */
import { expect } from 'vitest'
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { insertRows, type Decisions } from '../datasets/mirror.ts'

/* Everything a test recomputes, it recomputes from these rows alone. */
export interface Company {
  accounts: { id: string; name: string; segment: [from: string, value: string][] }[]
  subscriptions: { id: string; account: string; start: string; end: string | null; arr: number; plan: string }[]
  events: { day: string; account: string; name: string; batch: number; user?: string | null }[]
  byPlan: { plan: string; feature: string; from: string | null; to: string | null }[]
  byAccount: { account: string; feature: string }[]
}
export const catalogue = [
  { key: 'f1', name: 'Collaboration', area: 'Core', isCore: true, releasedOn: null, names: ['share', 'comment'] },
  { key: 'f2', name: 'Reports', area: null, isCore: false, releasedOn: '2024-06-15', names: ['report'] },
  { key: 'f3', name: 'Beta', area: null, isCore: false, releasedOn: '2025-05-01', names: ['beta'] },
]
export const decisions: Decisions = {
  features: catalogue,
  featureOf: (name) => catalogue.find((f) => f.names.includes(name))?.key ?? null,
  crosswalk: [],
  exclusions: [{ field: 'name', operator: 'contains', value: 'TEST', reason: 'test' }],
  primarySource: null,
  revenueBook: null,
  rollUpToParent: false,
}

export function random(seed: number) {
  let state = seed * 7919 + 17
  return (below: number) => {
    state = (state * 1103515245 + 12345) % 2147483648
    return Math.floor((state / 2147483648) * below)
  }
}
const two = (n: number) => String(n).padStart(2, '0')

export function company(seed: number): Company {
  const next = random(seed)
  const day = (from: number, years: number) => `${from + next(years)}-${two(1 + next(12))}-${two(1 + next(28))}`
  const accounts = Array.from({ length: 90 }, (_, i) => ({
    id: `A${i}`,
    name: i % 23 === 5 ? `test account ${i}` : `Account ${i}`,
    segment: (i % 4 === 0
      ? [
          ['2024-03-01', ['SMB', 'Mid'][next(2)]!],
          ['2025-04-10', 'Enterprise'],
        ]
      : i % 17 === 3
        ? []
        : [['2025-01-01', ['SMB', 'Mid', 'Enterprise'][next(3)]!]]) as [string, string][],
  }))
  const subscriptions = accounts.flatMap(({ id }, i) =>
    Array.from({ length: 1 + next(3) }, (_, j) => {
      const start = day(2022, 4)
      const ends = next(3) === 0
      const end = `${Number(start.slice(0, 4)) + 1 + next(3)}-${two(1 + next(12))}-${two(1 + next(28))}`
      return {
        id: `S${i}-${j}`,
        account: id,
        start,
        end: ends ? end : null,
        arr: 1000 + next(500_000),
        plan: ['basic', 'pro'][next(2)]!,
      }
    }),
  )
  const events = Array.from({ length: 1500 }, () => ({
    day: day(2024, 2),
    account: `A${next(75)}`,
    name: ['share', 'comment', 'report', 'beta', 'noise'][next(5)]!,
    batch: 3 + next(3),
  })).map((e, i) => ({ ...e, user: i % 7 === 0 ? null : `u${(i * 7919) % 90}` }))
  events.push(
    { user: null, day: '2024-01-01', account: 'A1', name: 'noise', batch: 3 },
    { user: null, day: '2025-12-31', account: 'A2', name: 'noise', batch: 3 },
  )
  return {
    accounts,
    subscriptions,
    events,
    byPlan: [
      { plan: 'pro', feature: 'Collaboration', from: null, to: null },
      { plan: 'basic', feature: 'Collaboration', from: '2025-02-01', to: null },
      { plan: 'pro', feature: 'reports', from: null, to: '2025-12-31' },
    ],
    byAccount: accounts.flatMap(({ id }) =>
      catalogue.filter(() => next(2) === 0).map((f) => ({ account: id, feature: f.name })),
    ),
  }
}

export async function load(con: Connection, c: Company): Promise<void> {
  await insertRows(con, 'origin', [[1, 'account', 'crm']])
  await insertRows(
    con,
    'account (source, ext_id, name, batch_id)',
    c.accounts.map((a) => ['crm', a.id, a.name, 1]),
  )
  await insertRows(
    con,
    'account_attribute (source, ext_id, key, value, valid_from, imported_on, batch_id)',
    c.accounts.flatMap((a) => a.segment.map(([from, value]) => ['crm', a.id, 'segment', value, from, '2025-12-31', 1])),
  )
  await insertRows(
    con,
    'subscription',
    c.subscriptions.map((s) => ['billing', s.id, s.account, s.start, s.end, s.arr, s.plan, 2]),
  )
  await insertRows(
    con,
    'entitlement',
    c.byPlan.map((e) => ['billing', null, e.plan, e.feature, e.from, e.to, 2]),
  )
  await insertRows(
    con,
    'entitlement',
    c.byAccount.map((e) => ['crm', e.account, null, e.feature, null, null, 2]),
  )
  await addEvents(con, c.events)
}
export async function addEvents(con: Connection, events: Company['events']): Promise<void> {
  await insertRows(
    con,
    'event (event_time, origin_id, ref, user_key, name, n, batch_id)',
    events.map((e) => [`${e.day} 08:00:00`, 1, e.account, e.user ?? null, e.name, 1, e.batch]),
  )
  await insertRows(
    con,
    'dirty_day',
    [...new Set(events.map((e) => e.day))].map((day) => [day]),
  )
}

/** The last and the first day of the month that lies `shift` months after `month`. */
export const endOf = (month: string, shift = 0): string =>
  new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)) + shift, 0)).toISOString().slice(0, 10)
export const startOf = (month: string, shift = 0): string =>
  new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)) - 1 + shift, 1)).toISOString().slice(0, 10)

const running = (c: Company, id: string, d: string) =>
  c.subscriptions.filter((s) => s.account === id && s.start <= d && (s.end === null || d < s.end))
/** ARR in cents on a day. */
export const arrOf = (c: Company, id: string, d: string): number => running(c, id, d).reduce((sum, s) => sum + s.arr, 0)
export const isExcluded = (account: Company['accounts'][number]): boolean => account.name.includes('test')
export const isMeasured = (c: Company, id: string, d: string): boolean =>
  c.events.some((e) => e.account === id && e.day <= d)

export function segmentOf(account: Company['accounts'][number], d: string): string {
  const versions = [...account.segment].sort((x, y) => (x[0] < y[0] ? -1 : 1))
  return (versions.filter(([from]) => from <= d).at(-1) ?? versions[0])?.[1] ?? '(no value)'
}

export function isEntitled(c: Company, id: string, feature: string, d: string): boolean {
  const plans = running(c, id, d).map((s) => s.plan)
  return (
    c.byAccount.some((e) => e.account === id && e.feature === feature) ||
    c.byPlan.some(
      (e) =>
        plans.includes(e.plan) &&
        e.feature.toLowerCase() === feature.toLowerCase() &&
        (e.from ?? '') <= d &&
        d < (e.to ?? '9999'),
    ) ||
    (c.byPlan.length === 0 && c.byAccount.length === 0)
  )
}

/** Numbers to 1e-9 of their size. */
export function expectSame(actual: unknown, expected: unknown, path = ''): void {
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
