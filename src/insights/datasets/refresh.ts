/** Brings everything derived up to date with what changed: decisions, links, revenue, rollups, accounts, entitlements. */
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { deriveAttributes, deriveCustomers, deriveEntitlements } from './derive-customers.ts'
import { deriveLinks, deriveRefs } from './derive-links.ts'
import { deriveRevenue } from './derive-revenue.ts'
import { mirrorDecisions, type Decisions } from './mirror.ts'
import { refreshRollups, type RollupProgress } from './rollups.ts'

export interface RefreshOptions {
  decisions: Decisions
  /** The day up to which what is still running is written, YYYY-MM-DD. */
  today: string
  onProgress?: RollupProgress
}

/** One transaction's work; run it inside `warehouse.write`. Safe to run again after a crash: what is dirty is still marked. */
export async function refreshDerived(con: Connection, options: RefreshOptions): Promise<void> {
  const started = performance.now()
  await mirrorDecisions(con, options.decisions)
  await deriveRefs(con)
  const month = Number(options.today.slice(0, 4)) * 12 + Number(options.today.slice(5, 7)) - 1
  const moved = await whenChanged(con, 'accounts', accountsStamp, false, async () => {
    await deriveAttributes(con)
    return deriveLinks(con)
  })
  const payingMoved =
    (await whenChanged(con, 'revenue', revenueStamp(month), (moved?.paying ?? 0) > 0, () =>
      deriveRevenue(con, month),
    )) ?? false
  const days = await con.one<{ n: number }>('select count(distinct day) as n from dirty_day')
  await refreshRollups(con, { everyMonth: payingMoved, onProgress: options.onProgress })
  await deriveCustomers(con, options.today)
  await deriveEntitlements(con)
  await con.run('delete from dirty_part')
  await con.run('insert into refresh_log values ($1::timestamp, $2, $3, $4)', [
    new Date().toISOString().replace('Z', ''),
    'refresh',
    days?.n ?? 0,
    performance.now() - started,
  ])
}

const settings = `(select concat_ws(' ', primary_source, revenue_source, revenue_dataset, roll_up_to_parent) from setting limit 1)`
const batches = (which: string) =>
  `(select concat_ws(' ', coalesce(max(id), 0), count(undone_at)) from batch where ${which})`

/** Whose an id is hangs on every file but that of usage, on the ids there are, and on what people decided; where subsidiaries count for their parents, also on who is kept out. */
const accountsStamp = `concat_ws('|', ${settings}, ${batches(`dataset <> 'usage'`)}, (select count(*) from ref),
  (select concat_ws(' ', count(*), bit_xor(hash(field, operator, value))) from exclusion where (select roll_up_to_parent from setting limit 1)),
  (select concat_ws(' ', count(*), bit_xor(hash(source, ext_id, account_ext_id, method))) from crosswalk))`

/** Revenue hangs on its files, its book and the month. */
const revenueStamp = (month: number) =>
  `concat_ws('|', ${month}, ${settings}, ${batches(`dataset in ('subscriptions', 'mrr')`)})`

/** Derives a part anew where what it hangs on changed; a day of usage mostly changes none. Null: left as it was. */
async function whenChanged<T>(
  con: Connection,
  part: string,
  stamp: string,
  force: boolean,
  derive: () => Promise<T>,
): Promise<T | null> {
  const now = await con.one<{ stamp: string; marked: boolean }>(
    `select ${stamp} as stamp, exists (from dirty_part where part = $1) as marked`,
    [part],
  )
  const before = await con.one<{ stamp: string }>('select stamp from derived_stamp where part = $1', [part])
  if (!force && !now!.marked && before?.stamp === now!.stamp) return null
  const derived = await derive()
  await con.run('delete from derived_stamp where part = $1', [part])
  await con.run('insert into derived_stamp values ($1, $2)', [part, now!.stamp])
  return derived
}
