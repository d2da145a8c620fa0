/** The accounts behind a cell: who they are, who owns them, when they renew, when they last used the feature. */
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { dayLiteral } from '../../../platform/warehouse/literals.ts'
import { addDays, daysBetween, monthEnd } from '../../../platform/calendar/month.ts'
import { customerColumns, type FoundAccount } from './account-rows.ts'
import { accountsSql, usedSql, type BlockQuery } from './adoption-sql.ts'
import { entitledTest, releasedTest } from './entitled.ts'
import type { ListSql } from './paging.ts'

const renewalDays = 90

/** Renewals are counted from today where the month shown ended at most 45 days ago, else from the month's end. */
export function renewalWindow(month: number, today: string): { from: string; to: string } {
  const end = monthEnd(month)
  const age = daysBetween(end, today)
  const from = age >= 0 && age <= 45 ? today : end
  return { from, to: addDays(from, renewalDays) }
}

export interface Behind extends FoundAccount {
  soon: boolean
  last_use: string | null
  last_any_use: string | null
}
export type BehindState = 'adopters' | 'others' | 'not-measured'
interface CellOfAccounts {
  feature: string
  segment: string | null
  state: BehindState
}
interface Span {
  from: string
  to: string
}

const isSoon = ({ from, to }: Span) =>
  `coalesce(c.renewal_date between ${dayLiteral(from)} and ${dayLiteral(to)}, false)`

/** Accounts of the state at the query's day: `acc`, and of each the row `c` of its customer. $1 the feature's name, $2 the segment or null. */
function cellSql(q: BlockQuery, state: BehindState): { tables: string; accounts: string; where: string } {
  const day = dayLiteral(monthEnd(q.month))
  const test = {
    adopters: 'acc.measured = 1 and used.account_id is not null',
    others: 'acc.measured = 1 and used.account_id is null',
    'not-measured': 'acc.measured = 0',
  }[state]
  return {
    tables: `${accountsSql(q)}, used as (${usedSql(q)})`,
    accounts: `
      acc
      join customer c on c.account_id = acc.account_id
      join feature f on f.name = $1
      left join used on used.account_id = acc.account_id and used.feature_id = f.feature_id`,
    where: `
      ${test}
      and ${entitledTest(q.entitlement, day)}
      and ${releasedTest(day)}
      and ($2::text is null or acc.segment = $2::text)`,
  }
}

/** The accounts of a cell, renewals within the window first, then by ARR. */
export function behindList(q: BlockQuery, cell: CellOfAccounts, renewal: Span): ListSql {
  const { tables, accounts, where } = cellSql(q, cell.state)
  return {
    tables: `
      ${tables},
      latest as (
        select u.account_id, max(u.last_day) as day
        from r_month u
        join feature g on g.feature_id = u.feature_id
        where g.name = $1 and u.month <= ${q.month}
        group by 1
      )`,
    select: `
      select
        ${customerColumns}, acc.segment, acc.arr,
        ${isSoon(renewal)} as soon,
        latest.day as last_use,
        c.last_event_day as last_any_use
      from ${accounts}
      left join latest on latest.account_id = acc.account_id
      where ${where}`,
    order: 'soon desc, case when soon then renewal_date end, arr desc, ext_id',
    params: [cell.feature, cell.segment],
  }
}

/** The renewals of a cell within the window, with their ARR, and the owners by how many they have. */
export async function readRenewing(con: Connection, q: BlockQuery, cell: CellOfAccounts, window: Span) {
  const { tables, accounts, where } = cellSql(q, cell.state)
  const owners = await con.all<{ owner: string; accounts: number; arr: number }>(
    `
    with ${tables}
    select coalesce(c.owner, 'no owner') as owner, count(*) as accounts, sum(acc.arr)::bigint / 100 as arr
    from ${accounts}
    where ${where} and ${isSoon(window)}
    group by 1
    order by accounts desc, arr desc, owner`,
    [cell.feature, cell.segment],
  )
  return {
    ...window,
    accounts: owners.reduce((sum, o) => sum + o.accounts, 0),
    arr: owners.reduce((sum, o) => sum + o.arr, 0),
    owners,
  }
}
