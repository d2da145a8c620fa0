/** Brings everything derived up to date with what changed: decisions, links, revenue, rollups, accounts, entitlements. */
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { deriveCustomers, deriveEntitlements } from './derive-customers.ts'
import { deriveLinks, deriveRefs } from './derive-links.ts'
import { deriveRevenue } from './derive-revenue.ts'
import { mirrorDecisions, type Decisions } from './mirror.ts'
import { refreshRollups } from './rollups.ts'

export interface RefreshOptions {
  decisions: Decisions
  /** The day up to which what is still running is written, YYYY-MM-DD. */
  today: string
  onMonth?: (done: number, total: number) => void
}

/** One transaction's work; run it inside `warehouse.write`. Safe to run again after a crash: what is dirty is still marked. */
export async function refreshDerived(con: Connection, options: RefreshOptions): Promise<void> {
  const started = performance.now()
  await mirrorDecisions(con, options.decisions)
  await deriveRefs(con)
  await deriveLinks(con)
  const month = Number(options.today.slice(0, 4)) * 12 + Number(options.today.slice(5, 7)) - 1
  const payingMoved = await deriveRevenue(con, month)
  const days = await con.one<{ n: number }>('select count(distinct day) as n from dirty_day')
  await refreshRollups(con, { everyMonth: payingMoved, onMonth: options.onMonth })
  await deriveCustomers(con)
  await deriveEntitlements(con)
  await con.run('delete from dirty_part')
  await con.run('insert into refresh_log values (now()::timestamp, $1, $2, $3)', ['refresh', days?.n ?? 0, performance.now() - started])
}
