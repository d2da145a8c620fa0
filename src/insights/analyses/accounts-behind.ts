/** The accounts behind a cell: who they are, who owns them, when they renew, when they last used the feature. */
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { duckdb } from '../../platform/warehouse/dialect.ts'
import { addDays, daysBetween, monthEnd } from '../month.ts'
import { customerColumns, type FoundAccount } from './account-rows.ts'
import { accountsSql, usedSql, type BlockQuery } from './adoption-sql.ts'
import { entitledTest, releasedTest } from './entitled.ts'

const renewalDays = 90

/** Renewals are counted from today where the month shown ended at most 45 days ago, else from the month's end. */
export function renewalWindow(month: number, today: string): { from: string; to: string } {
  const end = monthEnd(month)
  const age = daysBetween(end, today)
  const from = age >= 0 && age <= 45 ? today : end
  return { from, to: addDays(from, renewalDays) }
}

export interface Behind extends FoundAccount {
  account_id: number
  last_use: string | null
  last_any_use: string | null
}
export type BehindState = 'adopters' | 'others' | 'not-measured'

/** All accounts of the state at the query's day, renewals within the window first, then by ARR. */
export async function readAccountsBehind(
  con: Connection,
  q: BlockQuery,
  cell: { feature: string; segment: string | null; state: BehindState },
  renewal: { from: string; to: string },
): Promise<Behind[]> {
  const day = `date '${monthEnd(q.month)}'`
  const state = {
    adopters: 'acc.measured = 1 and used.account_id is not null',
    others: 'acc.measured = 1 and used.account_id is null',
    'not-measured': 'acc.measured = 0',
  }[cell.state]
  return con.all<Behind>(
    `
      with ${accountsSql(q, duckdb)},
      used as (${usedSql(q, duckdb)}),
      latest as (
        select u.account_id, max(u.last_day) as day
        from r_month u
        join feature g on g.feature_id = u.feature_id
        where g.name = $1 and u.month <= ${q.month}
        group by 1
      )
      select
        acc.account_id, ${customerColumns}, acc.segment, acc.arr,
        latest.day as last_use,
        c.last_event_day as last_any_use
      from acc
      join customer c on c.account_id = acc.account_id
      join feature f on f.name = $1
      left join used on used.account_id = acc.account_id and used.feature_id = f.feature_id
      left join latest on latest.account_id = acc.account_id
      where ${state}
        and ${entitledTest(q.entitlement, day)}
        and ${releasedTest(day)}
        and ($2::text is null or acc.segment = $2::text)
      order by
        case when c.renewal_date >= $3::date and c.renewal_date <= $4::date then 0 else 1 end,
        case when c.renewal_date >= $3::date and c.renewal_date <= $4::date then c.renewal_date end,
        acc.arr desc, c.ext_id`,
    [cell.feature, cell.segment, renewal.from, renewal.to],
  )
}

export const isRenewing = (row: { renewal_date: string | null }, window: { from: string; to: string }): boolean =>
  row.renewal_date !== null && row.renewal_date >= window.from && row.renewal_date <= window.to

/** The renewals among the rows, with their ARR, and the owners by how many they have. */
export function renewingOf(rows: readonly Behind[], window: { from: string; to: string }) {
  const due = rows.filter((row) => isRenewing(row, window))
  const owners = new Map<string, { owner: string; accounts: number; arr: number }>()
  for (const row of due) {
    const owner = owners.get(row.owner ?? 'no owner') ?? { owner: row.owner ?? 'no owner', accounts: 0, arr: 0 }
    owners.set(owner.owner, { ...owner, accounts: owner.accounts + 1, arr: owner.arr + row.arr / 100 })
  }
  return {
    ...window,
    accounts: due.length,
    arr: due.reduce((sum, row) => sum + row.arr, 0) / 100,
    owners: [...owners.values()].sort((a, b) => b.accounts - a.accounts || b.arr - a.arr),
  }
}
