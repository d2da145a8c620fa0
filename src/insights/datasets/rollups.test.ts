import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWarehouses, type Connection, type Warehouses } from '../../platform/warehouse/warehouses.ts'
import { deriveLinks, deriveRefs } from './derive-links.ts'
import { deriveRevenue } from './derive-revenue.ts'
import { refreshRollups } from './rollups.ts'

let folder: string
let warehouses: Warehouses
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollups-'))
  warehouses = openWarehouses({ folder, memoryLimitMb: 256, threads: 1 })
})
afterAll(async () => {
  await warehouses.close()
  await rm(folder, { recursive: true })
})

/** A small generator with a fixed start, so that a failure can be seen again. */
function random(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state * 1103515245 + 12345) % 2147483648
    return Math.floor((state / 2147483648) * below)
  }
}

interface Row {
  day: string
  ref: string
  name: string
  n: number
  user: string | null
}
const monthOf = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1
const features: Record<string, number> = { open: 1, save: 2 }
const paidUntil = (ref: string) => (ref === 'A0' ? '2024-09-15' : '9999-12-31')

/** The same answer by plain arithmetic over the raw rows: month bits as a set of paid months. */
function recompute(rows: Row[]) {
  const days = new Map<string, number>()
  const months = new Map<string, Set<number>>()
  for (const { day, ref, name, n } of rows) {
    const feature = features[name] ?? 0
    const key = `${day}|${ref}|${feature}`
    days.set(key, (days.get(key) ?? 0) + n)
    const pair = `${ref}|${feature}`
    const set = months.get(pair) ?? new Set()
    if (day >= '2020-01-01' && day < paidUntil(ref)) set.add(monthOf(day))
    months.set(pair, set)
  }
  const active = Object.fromEntries(
    [...Map.groupBy(rows, (r) => `${r.day}|${r.ref}`)]
      .map(
        ([key, of]) =>
          [
            key,
            { users: new Set(of.flatMap((r) => r.user ?? [])).size, events: of.reduce((sum, r) => sum + r.n, 0) },
          ] as const,
      )
      .sort(),
  )
  const weekOf = (day: string) => Math.floor((Date.parse(day) - Date.parse('1970-01-05')) / 604_800_000)
  // Of each window of four weeks and account: users, those of its weeks, its working days and its days added up.
  const windows: Record<string, number[]> = {}
  const ends = [...new Set(rows.flatMap((r) => [0, 1, 2, 3].map((back) => weekOf(r.day) + back)))]
  for (const end of ends) {
    const within = rows.filter((r) => weekOf(r.day) <= end && weekOf(r.day) > end - 4)
    for (const [ref, of] of Map.groupBy(within, (r) => r.ref)) {
      const usersEach = (by: (r: Row) => unknown, among = of) =>
        [...Map.groupBy(among, by).values()].reduce((n, each) => n + new Set(each.flatMap((r) => r.user ?? [])).size, 0)
      const isWorkday = (r: Row) => ![0, 6].includes(new Date(`${r.day}T00:00:00Z`).getUTCDay())
      windows[`${end}|${ref}`] = [
        usersEach(() => 1),
        usersEach((r) => weekOf(r.day)),
        usersEach((r) => r.day, of.filter(isWorkday)),
        usersEach((r) => r.day),
      ]
    }
  }
  const usersBy = (period: (day: string) => number) =>
    Object.fromEntries(
      [...Map.groupBy(rows, (r) => `${period(r.day)}|${r.ref}`)]
        .map(([key, of]) => [key, new Set(of.flatMap((r) => r.user ?? [])).size] as const)
        .sort(),
    )
  return {
    active,
    weeks: usersBy(weekOf),
    windows: Object.fromEntries(Object.entries(windows).sort()),
    monthly: usersBy(monthOf),
    usersOfDays: Object.fromEntries(Object.entries(active).map(([key, { users }]) => [key, users])),
    days: Object.fromEntries([...days].sort()),
    months: Object.fromEntries([...months].sort().map(([k, v]) => [k, [...v].sort()])),
  }
}

async function stored(con: Connection) {
  const days = await con.all<{
    k: string
    n: number
  }>(`select strftime(day, '%Y-%m-%d') || '|' || r.ext_id || '|' || feature_id as k, events as n
    from (select day, account_id, feature_id, sum(events)::bigint as events from r_day where feature_id >= 0 group by 1, 2, 3) join ref r on r.ref_id = account_id order by 1`)
  const active = await con.all<{
    k: string
    users: number
    events: number
  }>(`select strftime(day, '%Y-%m-%d') || '|' || r.ext_id as k, sum(bit_count(users))::bigint as users, sum(events)::bigint as events
    from a_day join ref r on r.ref_id = account_id group by 1 order by 1`)
  expect(
    await con.one(
      'select count(*) as n from (select 1 from a_day group by day, account_id, chunk having count(*) > 1)',
    ),
  ).toEqual({ n: 0 })
  const weeks = await con.all<{ k: string; n: number }>(
    `select week || '|' || r.ext_id as k, sum(bit_count(users))::bigint as n from a_week join ref r on r.ref_id = account_id group by 1 order by 1`,
  )
  const monthly = await con.all<{ k: string; n: number }>(
    `select month || '|' || r.ext_id as k, sum(bit_count(users))::bigint as n from a_month join ref r on r.ref_id = account_id group by 1 order by 1`,
  )
  const windows = await con.all<{ k: string; n: number[] }>(
    `select week || '|' || r.ext_id as k, [mau, week_users, workday_users, day_users] as n
    from a_window join ref r on r.ref_id = account_id order by 1`,
  )
  // Each day of a month by its columns; a day without its bit has no event.
  const usersOfDays = await con.all<{ k: string; n: number }>(
    Array.from(
      { length: 31 },
      (_, i) =>
        `select strftime(make_date(month // 12, month % 12 + 1, ${i + 1}), '%Y-%m-%d') || '|' || r.ext_id as k, sum(bit_count(d${i + 1}))::bigint as n
        from a_month join ref r on r.ref_id = account_id where days & ${1 << i} <> 0 group by 1`,
    ).join(' union all '),
  )
  expect(
    await con.one(`select (select count(*) from (select 1 from a_week group by week, account_id, chunk having count(*) > 1)) as weeks,
      (select count(*) from (select 1 from a_month group by month, account_id, chunk having count(*) > 1)) as months`),
  ).toEqual({ weeks: 0, months: 0 })
  const words = await con.all<{
    k: string
    era: number
    bits: string
    base: number
  }>(`select r.ext_id || '|' || feature_id as k, era, cast(bits as varchar) as bits,
    (select base from bit_base) as base from af join ref r on r.ref_id = account_id where feature_id >= 0 order by 1, 2`)
  const months: Record<string, number[]> = {}
  for (const { k, era, bits, base } of words) {
    months[k] ??= []
    for (let i = 0; i < 62; i += 1) if ((BigInt(bits) >> BigInt(i)) & 1n) months[k].push(base + era * 62 + i)
  }
  return {
    active: Object.fromEntries(active.map(({ k, users, events }) => [k, { users, events }])),
    weeks: Object.fromEntries(weeks.map(({ k, n }) => [k, n])),
    windows: Object.fromEntries(windows.map(({ k, n }) => [k, n])),
    monthly: Object.fromEntries(monthly.map(({ k, n }) => [k, n])),
    usersOfDays: Object.fromEntries(usersOfDays.map(({ k, n }) => [k, n])),
    days: Object.fromEntries(days.map(({ k, n }) => [k, n])),
    months: Object.fromEntries(
      Object.entries(months)
        .sort()
        .map(([k, v]) => [k, v.sort()]),
    ),
  }
}

test.each([1, 2, 3])(
  'rollups equal a plain recomputation from raw rows after a first load, late events, a removal and a new rule (seed %i)',
  async (seed) => {
    const warehouse = await warehouses.open(`0190b5a0-0000-7000-8000-0000000000c${seed}`)
    const next = random(seed)
    let rows: Row[] = []
    const make = (count: number, firstYear: number, years: number, batch: number): [Row[], number] => [
      Array.from({ length: count }, () => ({
        day: `${firstYear + next(years)}-${String(1 + next(12)).padStart(2, '0')}-${String(1 + next(28)).padStart(2, '0')}`,
        ref: `A${next(6)}`,
        name: ['open', 'save', 'noise'][next(3)]!,
        n: 1 + next(3),
        user: next(4) === 0 ? null : `u${next(150)}`,
      })),
      batch,
    ]
    const load = async (con: Connection, [added, batch]: [Row[], number]) => {
      for (const row of added)
        await con.run(`insert into event values ($1::timestamp, 1, $2, $6, $3, $4, null, $5)`, [
          `${row.day} 12:30:00`,
          row.ref,
          row.name,
          row.n,
          batch,
          row.user,
        ])
      await con.run('insert into dirty_day select distinct cast(event_time as date) from event where batch_id = $1', [
        batch,
      ])
      rows = [...rows, ...added]
    }
    const refresh = async (con: Connection) => {
      await deriveRefs(con)
      await deriveLinks(con)
      const everyMonth = await deriveRevenue(con, monthOf('2025-12-01'))
      await refreshRollups(con, { everyMonth })
    }
    await warehouse.write(async (con) => {
      await con.run(`insert into setting values ('crm', 'product', 'subscriptions', false)`)
      await con.run(`insert into event_name values ('open', 1, 0), ('save', 2, 0)`)
      await con.run(`insert into origin values (1, 'account', 'product')`)
      // A variant of the first feature: its events must not count twice.
      await con.run(`insert into value_name values ('open', -1)`)
      for (let i = 0; i < 6; i += 1) {
        await con.run(`insert into account (source, ext_id, batch_id) values ('crm', $1, 1)`, [`A${i}`])
        await con.run(`insert into subscription values ('product', $1, $2, '2020-01-01', $3, 100, null, 1)`, [
          `S${i}`,
          `A${i}`,
          i === 0 ? '2024-09-15' : null,
        ])
      }
      await load(con, make(150, 2024, 2, 2))
      await refresh(con)
      expect(await stored(con)).toEqual(recompute(rows))

      await load(con, make(40, 2018, 8, 3)) // late, some before the first month and in another era
      await refresh(con)
      expect(await stored(con)).toEqual(recompute(rows))

      await con.run('insert into dirty_day select distinct cast(event_time as date) from event where batch_id = 2')
      await con.run('delete from event where batch_id = 2')
      rows = rows.slice(150)
      await refresh(con)
      expect(await stored(con)).toEqual(recompute(rows))
      expect(await con.one('select count(*) as n from dirty_day')).toEqual({ n: 0 })
    })
  },
)
