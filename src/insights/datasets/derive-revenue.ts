/** ARR by account and month-end, the plans behind it, and the days on which an account pays, from the one book of revenue in use. */
import type { Connection } from '../../platform/warehouse/warehouses.ts'

/**
 * Rebuilds `revenue_month`, `plan_set` and `paid_interval`.
 * A subscription counts on month-end d if start ≤ d < end; overlapping ones of an account are summed. What its file calls one-off is no ARR.
 * @param asOfMonth index (year * 12 + month - 1) of the last month to write for what is still running
 * @returns whether the days on which anybody pays changed, so that month rollups must be computed anew
 */
export async function deriveRevenue(con: Connection, asOfMonth: number): Promise<boolean> {
  await con.run(
    `
      create or replace temp table running as
      select
        l.account_id,
        s.start_date as from_day,
        s.end_date as to_day,
        s.arr_cents, s.plan,
        year(s.start_date) * 12 + month(s.start_date) - 1 as first_month,
        least(coalesce(year(s.end_date) * 12 + month(s.end_date) - 2, $1), $1) as last_month
      from subscription s
      join ref r on r.ref_kind = 'account' and r.source = s.source and r.ext_id = s.account_ref
      join link l using (ref_id)
      left join subscription_term t on t.source = s.source and t.ext_id = s.ext_id, setting n
      where n.revenue_dataset = 'subscriptions'
        and t.one_off is not true
        and s.source = n.revenue_source
        and l.account_id is not null
        and (s.end_date is null or s.end_date > s.start_date)
      union all
      select
        l.account_id,
        date_trunc('month', m.month)::date,
        (date_trunc('month', m.month) + interval 1 month)::date,
        m.arr_cents, m.plan,
        year(m.month) * 12 + month(m.month) - 1,
        year(m.month) * 12 + month(m.month) - 1
      from mrr_snapshot m
      join ref r on r.ref_kind = 'account' and r.source = m.source and r.ext_id = m.account_ref
      join link l using (ref_id), setting n
      where n.revenue_dataset = 'mrr' and m.source = n.revenue_source and l.account_id is not null`,
    [asOfMonth],
  )
  await con.run(`
    create or replace temp table month_now as
    select
      month, account_id,
      sum(arr_cents)::bigint as arr_cents,
      coalesce(array_to_string(list_sort(list_distinct(list(plan))), chr(31)), '') as plans
    from (
      select account_id, arr_cents, plan, unnest(range(first_month, last_month + 1)) as month
      from running
      where last_month >= first_month
    )
    group by month, account_id`)
  await con.run('delete from plan_set')
  await con.run(`insert into plan_set select dense_rank() over (order by plans), plan
    from (select plans, unnest(string_split(plans, chr(31))) as plan from (select distinct plans from month_now))`)
  await con.run('delete from revenue_month')
  await con.run(
    `
      insert into revenue_month
      select month, account_id, arr_cents, dense_rank() over (order by plans)
      from month_now
      order by month, account_id`,
  )
  await con.run(`
    create or replace temp table paid_now as
    with marked as (
      select
        account_id, from_day,
        coalesce(to_day, date '9999-12-31') as to_day,
        max(coalesce(to_day, date '9999-12-31')) over (
          partition by account_id order by from_day, to_day rows between unbounded preceding and 1 preceding
        ) as reach
      from running
      where arr_cents > 0
    ),
    island as (
      select
        *,
        sum(
          case when reach is null or from_day > reach then 1 else 0 end
        ) over (partition by account_id order by from_day, to_day rows unbounded preceding) as n
      from marked
    )
    select account_id, min(from_day) as from_day, max(to_day) as to_day
    from island
    group by account_id, n`)
  const changed = await con.one<{ n: number }>(`
    select count(*) as n
    from (
      (select * from paid_now except select * from paid_interval)
      union all (select * from paid_interval except select * from paid_now)
    )`)
  if (!changed || changed.n === 0) return false
  await con.run('delete from paid_interval')
  await con.run('insert into paid_interval select * from paid_now order by account_id, from_day')
  return true
}
