/** A small company as its files would say it, loaded without a mapping, and the words of the definitions in plain TypeScript over the same rows. */
import type { Entitlement } from '../../src/insights/analyses/ground/adoption-sql.ts'
import { insertRows, type Decisions } from '../../src/insights/datasets/mirror.ts'
import { refreshDerived } from '../../src/insights/datasets/refresh.ts'
import type { Connection } from '../../src/platform/warehouse/warehouses.ts'

export interface RawCompany {
  accounts: {
    id: string
    name: string
    owner: string | null
    renewal: string | null
    parent: string | null
    attributes: [key: string, from: string, value: string][]
  }[]
  subscriptions: { id: string; account: string; start: string; end: string | null; arr: number; plan: string }[]
  events: { day: string; account: string; user: string | null; name: string; batch: number }[]
  byPlan: { plan: string; feature: string; from: string | null; to: string | null }[]
  byAccount: { account: string; feature: string; from: string | null; to: string | null }[]
}

export const catalogue = [
  { key: 'f1', name: "Collab's “core”", area: 'Team', isCore: true, releasedOn: null, names: ['share', 'comment'] },
  { key: 'f2', name: 'Boards', area: 'Work', isCore: true, releasedOn: null, names: ['board'] },
  { key: 'f3', name: 'Reports', area: 'Insight', isCore: false, releasedOn: '2024-06-15', names: ['report'] },
  { key: 'f4', name: 'Beta', area: null, isCore: false, releasedOn: '2025-05-01', names: ['beta'] },
]
export type RawFeature = (typeof catalogue)[number]

export const decisions: Decisions = {
  features: catalogue,
  featureOf: (name) => catalogue.find((f) => f.names.includes(name))?.key ?? null,
  crosswalk: [],
  exclusions: [{ field: 'name', operator: 'contains', value: 'TEST', reason: 'test' }],
  primarySource: null,
  revenueBook: null,
  rollUpToParent: false,
}

function random(seed: number) {
  let state = seed * 7919 + 17
  return (below: number) => {
    state = (state * 1103515245 + 12345) % 2147483648
    return Math.floor((state / 2147483648) * below)
  }
}
const today = '2026-01-15'
const two = (n: number) => String(n).padStart(2, '0')

export const entitlements = ['unknown', 'plan', 'list', 'plan-and-list'] as const satisfies readonly Entitlement[]

/**
 * Accounts with gaps, returns, changing segments, names with quotes, no renewal date; events until the last day of 2025.
 * Entitlement by plan at seed 1, by account at seed 2, by either at seed 3, not known at seed 4, and so on, unless it is named.
 */
export function rawCompany(seed: number, entitlement: Entitlement = entitlements[seed % 4]!): RawCompany {
  const next = random(seed)
  const day = (from: number, years: number) => `${from + next(years)}-${two(1 + next(12))}-${two(1 + next(28))}`
  const accounts = Array.from({ length: 120 }, (_, i): RawCompany['accounts'][number] => ({
    id: `A${i}`,
    name: i % 29 === 5 ? `test account ${i}` : i % 11 === 0 ? `O'Neil & "Sons" <${i}>` : `Account ${i}`,
    owner: i % 9 === 0 ? null : `Owner ${i % 4}`,
    renewal: i % 7 === 3 ? null : day(2026, 1),
    parent: i % 10 === 9 ? `A${i - 9}` : null,
    attributes: [
      ...(i % 4 === 0
        ? [
            ['segment', '2024-03-01', ['SMB', "Mid'"][next(2)]!],
            ['segment', '2025-04-10', 'Enterprise'],
          ]
        : i % 17 === 3
          ? []
          : [['segment', '2025-01-01', ['SMB', "Mid'", 'Enterprise'][next(3)]!]]),
      ...(i % 3 === 0 ? [['nps_score', '2025-02-01', String(next(11))]] : []),
    ] as RawCompany['accounts'][number]['attributes'],
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
        arr: i % 41 === 7 ? -5000 : 1000 + next(i % 31 === 2 ? 900_000_000 : 500_000),
        plan: ['basic', 'pro'][next(2)]!,
      }
    }),
  )
  const events = Array.from({ length: 3000 }, () => {
    const a = next(105)
    return {
      day: day(2024, 2),
      account: `A${a}`,
      user: a % 3 === 0 ? null : `u${a}-${next(4)}`,
      name: ['share', 'comment', 'board', 'report', 'beta', 'noise'][next(6)]!,
      batch: 3 + next(3),
    }
  })
  events.push(
    { day: '2024-01-01', account: 'A1', user: null, name: 'noise', batch: 3 },
    { day: '2025-12-31', account: 'A2', user: null, name: 'noise', batch: 3 },
  )
  return {
    accounts,
    subscriptions,
    events,
    byPlan:
      entitlement === 'unknown' || entitlement === 'list'
        ? []
        : [
            { plan: 'pro', feature: catalogue[0]!.name, from: null, to: null },
            { plan: 'basic', feature: catalogue[0]!.name, from: '2025-02-10', to: null },
            { plan: 'basic', feature: 'Boards', from: null, to: null },
            { plan: 'pro', feature: 'Boards', from: null, to: '2025-12-31' },
            { plan: 'pro', feature: 'reports', from: null, to: null },
            { plan: 'pro', feature: 'Beta', from: null, to: null },
          ],
    byAccount:
      entitlement === 'unknown' || entitlement === 'plan'
        ? []
        : accounts.flatMap(({ id }) =>
            catalogue
              .filter(() => next(2) === 0)
              .map((f) => ({
                account: id,
                feature: f.name.toUpperCase(),
                from: next(3) === 0 ? day(2024, 2) : null,
                to: next(9) === 0 ? '2025-10-15' : null,
              })),
          ),
  }
}

export async function loadRaw(con: Connection, c: RawCompany, decided: Decisions = decisions): Promise<void> {
  await insertRaw(con, c)
  await refreshDerived(con, { decisions: decided, today })
}

/** The rows alone: what is derived from them is somebody else's refresh. */
export async function insertRaw(con: Connection, c: RawCompany): Promise<void> {
  await insertRows(con, 'origin', [[1, 'account', 'crm']])
  const batch = (id: number, dataset: string, source: string) => [
    id,
    dataset,
    `${dataset}-${id}.csv`,
    '',
    '',
    '{}',
    source,
    'add',
    'j',
    'x',
    '2026-01-02 00:00:00',
    0,
    0,
    0,
    0,
    0,
    null,
    null,
    null,
  ]
  await insertRows(con, 'batch', [
    batch(1, 'accounts', 'crm'),
    batch(2, 'subscriptions', 'billing'),
    ...[3, 4, 5, 9].map((id) => batch(id, 'usage', 'crm')),
  ])
  await insertRows(
    con,
    'account (source, ext_id, name, parent_ext_id, owner, renewal_date, batch_id)',
    c.accounts.map((a) => ['crm', a.id, a.name, a.parent, a.owner, a.renewal, 1]),
  )
  await insertRows(
    con,
    'account_attribute (source, ext_id, key, value, valid_from, imported_on, batch_id)',
    c.accounts.flatMap((a) =>
      a.attributes.map(([key, from, value]) => ['crm', a.id, key, value, from, '2025-12-31', 1]),
    ),
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
    c.byAccount.map((e) => ['crm', e.account, null, e.feature, e.from, e.to, 2]),
  )
  await insertRawEvents(con, c.events)
}

export async function addRawEvents(
  con: Connection,
  events: RawCompany['events'],
  decided: Decisions = decisions,
): Promise<void> {
  await insertRawEvents(con, events)
  await refreshDerived(con, { decisions: decided, today })
}

export async function insertRawEvents(con: Connection, events: RawCompany['events']): Promise<void> {
  await insertRows(
    con,
    'event (event_time, origin_id, ref, user_key, name, n, batch_id)',
    events.map((e) => [`${e.day} 08:00:00`, 1, e.account, e.user, e.name, 1, e.batch]),
  )
  await insertRows(
    con,
    'dirty_day',
    [...new Set(events.map((e) => e.day))].map((day) => [day]),
  )
}

/** The last and the first day of the month that lies `shift` months after `month`. */
export const endOf = (month: string, shift = 0) =>
  new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)) + shift, 0)).toISOString().slice(0, 10)
export const startOf = (month: string, shift = 0) =>
  new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)) - 1 + shift, 1)).toISOString().slice(0, 10)
/** Rows by account; made anew when rows were added. */
function indexed<T extends { account: string }>() {
  const known = new WeakMap<readonly T[], { rows: number; of: Map<string, T[]> }>()
  return (all: readonly T[], account: string): readonly T[] => {
    let index = known.get(all)
    if (index?.rows !== all.length)
      known.set(all, (index = { rows: all.length, of: Map.groupBy(all, (r) => r.account) }))
    return index.of.get(account) ?? []
  }
}
const eventsBy = indexed<RawCompany['events'][number]>()
const subscriptionsBy = indexed<RawCompany['subscriptions'][number]>()
export const eventsOf = (c: RawCompany, account: string) => eventsBy(c.events, account)

export const isCounted = (a: RawCompany['accounts'][number]) => !a.name.includes('test')
export const running = (c: RawCompany, id: string, day: string) =>
  subscriptionsBy(c.subscriptions, id).filter((s) => s.start <= day && (s.end === null || day < s.end))
/** ARR in cents on a day. */
export const arrOf = (c: RawCompany, id: string, day: string) => running(c, id, day).reduce((sum, s) => sum + s.arr, 0)
/** Whether any subscription with a price runs that day. */
export const paysOn = (c: RawCompany, id: string, day: string) => running(c, id, day).some((s) => s.arr > 0)
/** The entitlements of the account to the feature that hold on the day. */
export const entitlementsOf = (c: RawCompany, id: string, feature: RawFeature, day: string) => {
  const plans = running(c, id, day).map((s) => s.plan)
  return [...c.byPlan.filter((e) => plans.includes(e.plan)), ...c.byAccount.filter((e) => e.account === id)].filter(
    (e) => e.feature.toLowerCase() === feature.name.toLowerCase() && (e.from ?? '') <= day && day < (e.to ?? '9999'),
  )
}
export const isEntitled = (c: RawCompany, id: string, feature: RawFeature, day: string) =>
  (c.byPlan.length === 0 && c.byAccount.length === 0) || entitlementsOf(c, id, feature, day).length > 0
export const isReleased = (feature: RawFeature, day: string) => feature.releasedOn === null || feature.releasedOn <= day
export const isMeasured = (c: RawCompany, id: string, day: string) => eventsOf(c, id).some((e) => e.day <= day)
export const adopts = (c: RawCompany, id: string, feature: RawFeature, month: string, adoptionMonths: number) =>
  eventsOf(c, id).some(
    (e) =>
      feature.names.includes(e.name) &&
      e.day >= startOf(month, 1 - adoptionMonths) &&
      e.day <= endOf(month) &&
      paysOn(c, id, e.day),
  )
export const segmentOf = (a: RawCompany['accounts'][number], day: string, key = 'segment') => {
  const versions = a.attributes.filter((v) => v[0] === key).sort((x, y) => (x[1] < y[1] ? -1 : 1))
  return (versions.filter(([, from]) => from <= day).at(-1) ?? versions[0])?.[2] ?? '(no value)'
}
/** Where the file names none, the day on which the last subscription with a price ends. */
export const renewalOf = (c: RawCompany, a: RawCompany['accounts'][number]): string | null => {
  const ends = subscriptionsBy(c.subscriptions, a.id)
    .filter((s) => s.arr > 0 && (s.end === null || s.end > s.start))
    .map((s) => s.end ?? '9999')
    .sort()
  return a.renewal ?? (ends.length === 0 || ends.at(-1) === '9999' ? null : ends.at(-1)!)
}
