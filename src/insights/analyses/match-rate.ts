import type { Connection } from '../../platform/warehouse/warehouses.ts'
import type { MatchRate } from '../datasets/schemas.ts'

/** How much of the usage and of the revenue found each other, at the end of the month with this index. */
export async function readMatchRate(con: Connection, month: number): Promise<MatchRate> {
  const row = await con.one<Omit<MatchRate, 'arr' | 'arrWithUsage'> & { arr: number; arrWithUsage: number }>(
    `
      with book as (
        select r.account_id, r.arr_cents, c.first_event_day is not null as used
        from revenue_month r
        join customer c using (account_id)
        where r.month = $1 and r.arr_cents > 0 and c.excluded_reason is null
      ),
      days as (
        select
          coalesce(sum(events), 0) as matched,
          coalesce(sum(events) filter (feature_id = 0), 0) as of_no_feature
        from r_day
      ),
      months as (select coalesce(sum(events - paid_events), 0) as unpaid from r_month)
      select
        (select coalesce(sum(events), 0) from r_name)::bigint as "usageRows",
        (select matched from days)::bigint as "usageRowsMatched",
        (select of_no_feature from days)::bigint as "usageRowsOfNoFeature",
        (select unpaid from months)::bigint as "usageRowsWithoutArr",
        (select coalesce(sum(arr_cents), 0) from book)::bigint as arr,
        (select coalesce(sum(arr_cents) filter (used), 0) from book)::bigint as "arrWithUsage",
        (select count(*) from book) as accounts,
        (select count(*) filter (used) from book) as "accountsWithUsage",
        (select count(*) from customer where excluded_reason is not null) as "accountsExcluded",
        (select count(*) from link) as refs,
        (select count(account_id) from link) as "refsMatched"`,
    [month],
  )
  return { ...row!, arr: row!.arr / 100, arrWithUsage: row!.arrWithUsage / 100 }
}
