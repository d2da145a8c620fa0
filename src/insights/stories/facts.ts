/** What the rules of stories look at that no page shows by itself. Amounts in cents. */
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { renewalWindow } from '../analyses/ground/accounts-behind.ts'
import { usedSql, type BlockQuery } from '../analyses/ground/adoption-sql.ts'
import { pairsSql } from '../analyses/ground/entitled.ts'

/** Accounts of the book that had adopted a core feature at the end of the month before and have not at this one, per feature. */
export async function readStopped(
  con: Connection,
  q: BlockQuery,
): Promise<{ feature: string; accounts: number; arr: number; adoptersBefore: number }[]> {
  return con.all(`
    with ${pairsSql(q, 'f.is_core')},
    before as (${usedSql({ ...q, month: q.month - 1 })})
    select
      f.name as feature,
      count(*) filter (pair.adopted = 0) as accounts,
      coalesce(sum(pair.arr) filter (pair.adopted = 0), 0)::bigint as arr,
      count(*) as "adoptersBefore"
    from pair
    join before on before.account_id = pair.account_id and before.feature_id = pair.feature_id
    join feature f on f.feature_id = pair.feature_id
    where pair.measured = 1
    group by f.name
    having count(*) filter (pair.adopted = 0) > 0
    order by f.name`)
}

export interface CoreRenewals {
  from: string
  to: string
  accounts: number
  arr: number
  withoutCore: { accounts: number; arr: number }
}

/** Measured accounts that may use a core feature and renew within 90 days; and those of them that have adopted none. Null where no feature is core. */
export async function readCoreRenewals(con: Connection, q: BlockQuery, today: string): Promise<CoreRenewals | null> {
  const window = renewalWindow(q.month, today)
  const row = await con.one<{ core: number; n: number; arr: number; none_n: number; none_arr: number }>(
    `
      with ${pairsSql(q, 'f.is_core')},
      core as (
        select pair.account_id, any_value(pair.arr) as arr, sum(pair.adopted) as adopted
        from pair
        join customer c on c.account_id = pair.account_id
        where pair.measured = 1 and c.renewal_date >= $1::date and c.renewal_date <= $2::date
        group by pair.account_id
      )
      select
        (select count(*) from feature where is_core) as core,
        count(*) as n,
        coalesce(sum(arr), 0)::bigint as arr,
        count(*) filter (adopted = 0) as none_n,
        coalesce(sum(arr) filter (adopted = 0), 0)::bigint as none_arr
      from core`,
    [window.from, window.to],
  )
  return row!.core === 0
    ? null
    : { ...window, accounts: row!.n, arr: row!.arr, withoutCore: { accounts: row!.none_n, arr: row!.none_arr } }
}
