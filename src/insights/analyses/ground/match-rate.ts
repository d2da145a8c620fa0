import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import type { MatchRate } from '../../datasets/schemas.ts'

type OfMonth = 'arr' | 'arrWithUsage' | 'accounts' | 'accountsWithUsage'

/** How much of the usage and of the revenue found each other, at the end of the month with this index. */
export async function readMatchRate(con: Connection, month: number): Promise<MatchRate> {
  // Below 0 are the value events of definitions, which stand under their feature too.
  const [whole] = await con.kept<Omit<MatchRate, OfMonth>>(`
    with used as (
      select
        coalesce(sum(events), 0)::bigint as matched,
        coalesce(sum(events) filter (feature_id = 0), 0)::bigint as of_no_feature,
        coalesce(sum(events - paid_events), 0)::bigint as unpaid
      from r_month
      where feature_id >= 0
    )
    select
      (select coalesce(sum(events), 0) from r_name)::bigint as "usageRows",
      (select matched from used) as "usageRowsMatched",
      (select of_no_feature from used) as "usageRowsOfNoFeature",
      (select unpaid from used) as "usageRowsWithoutArr",
      (select count(*) from customer where excluded_reason is not null) as "accountsExcluded",
      (select count(*) from link) as refs,
      (select count(account_id) from link) as "refsMatched"`)
  const book = await con.one<Pick<MatchRate, OfMonth>>(
    `
      select
        coalesce(sum(r.arr_cents), 0)::bigint as arr,
        coalesce(sum(r.arr_cents) filter (c.first_event_day is not null), 0)::bigint as "arrWithUsage",
        count(*) as accounts,
        count(c.first_event_day) as "accountsWithUsage"
      from revenue_month r
      join customer c using (account_id)
      where r.month = $1 and r.arr_cents > 0 and c.excluded_reason is null`,
    [month],
  )
  return { ...whole!, ...book!, arr: book!.arr / 100, arrWithUsage: book!.arrWithUsage / 100 }
}
