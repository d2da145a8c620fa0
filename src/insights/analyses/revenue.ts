/** ARR movements and retention by month and segment, over all accounts of the book. */
import type { z } from 'zod'
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { duckdb } from '../../platform/warehouse/dialect.ts'
import { markOf } from '../metrics/intervals.ts'
import { monthText } from '../month.ts'
import { accountsSql, type BlockQuery } from './adoption-sql.ts'
import type { Movement, RetentionPoint } from './schemas.ts'

type Kind = 'new' | 'reactivation' | 'expansion' | 'contraction' | 'churn'
type MoveRow = { month: number; start: number; end: number; start_n: number; end_n: number } & { [K in Kind as `${K}_arr`]: number } & { [K in Kind as `${K}_n`]: number }

/**
 * The bridge of each month from the month-end before, per customer: start + new + reactivation + expansion − contraction −
 * churn = end. New is a customer's first ARR ever; one that paid before and stopped is a reactivation.
 * @param segment of the account now: a bridge compares one set of accounts over time
 */
export async function readMovements(con: Connection, from: number, to: number, segment: { by: string; value: string } | null): Promise<Movement[]> {
  const kinds: Kind[] = ['new', 'reactivation', 'expansion', 'contraction', 'churn']
  const size = { new: 'e', reactivation: 'e', expansion: 'e - s', contraction: 's - e', churn: 's' }
  const inSegment = segment ? `and r.account_id in (select account_id from (select account_id, arg_max(value, valid_from) as value from attribute where key = $3 group by 1) where value = $4)` : ''
  const rows = await con.all<MoveRow>(`
    with book as (select r.month, r.account_id, r.arr_cents from revenue_month r join customer c using (account_id) where c.excluded_reason is null and r.arr_cents > 0 ${inSegment}),
    first as (select account_id, min(month) as month from book group by 1),
    pair as (
      select coalesce(b.month, a.month + 1) as month, coalesce(b.account_id, a.account_id) as account_id, coalesce(a.arr_cents, 0) as s, coalesce(b.arr_cents, 0) as e
      from book b full join book a on a.account_id = b.account_id and a.month = b.month - 1),
    kind as (select p.month, p.s, p.e, case when s = 0 and e > 0 then case when p.month = first.month then 'new' else 'reactivation' end
        when s > 0 and e = 0 then 'churn' when e > s then 'expansion' when e < s then 'contraction' else 'same' end as kind
      from pair p join first using (account_id) where p.month between $1 and $2)
    select month, sum(s)::bigint as start, sum(e)::bigint as "end", count(*) filter (s > 0) as start_n, count(*) filter (e > 0) as end_n,
      ${kinds.map((k) => `coalesce(sum(${size[k]}) filter (kind = '${k}'), 0)::bigint as ${k}_arr, count(*) filter (kind = '${k}') as ${k}_n`).join(', ')}
    from kind group by month order by month`, segment ? [from, to, segment.by, segment.value] : [from, to])
  return rows.map((r) => ({
    month: monthText(r.month), start: r.start / 100, new: r.new_arr / 100, reactivation: r.reactivation_arr / 100, expansion: r.expansion_arr / 100,
    contraction: r.contraction_arr / 100, churn: r.churn_arr / 100, end: r.end / 100,
    accounts: { start: r.start_n, new: r.new_n, reactivation: r.reactivation_n, expansion: r.expansion_n, contraction: r.contraction_n, churn: r.churn_n, end: r.end_n },
  }))
}

/** Closed cohorts of each month: the accounts with ARR `window` months before, by their segment then. */
export async function readRetentionTrend(con: Connection, months: readonly number[], window: number, query: Pick<BlockQuery, 'segmentBy' | 'bands'>): Promise<z.infer<typeof RetentionPoint>[]> {
  const points: z.infer<typeof RetentionPoint>[] = []
  for (const month of months) {
    const rows = await con.all<{ segment: string; n: number; start: number; finish: number; kept: number; alive: number }>(
      `with ${accountsSql({ ...query, month: month - window, endMonth: month, adoptionMonths: 1, bitBase: 0, entitlement: 'unknown' }, duckdb)}
      select segment, count(*) as n, sum(arr)::bigint as start, sum(arr_end)::bigint as finish, sum(case when arr_end < arr then arr_end else arr end)::bigint as kept, count(*) filter (arr_end > 0) as alive
      from acc group by segment order by segment`)
    const all = rows.reduce((sum, r) => ({ segment: 'All', n: sum.n + r.n, start: sum.start + r.start, finish: sum.finish + r.finish, kept: sum.kept + r.kept, alive: sum.alive + r.alive }), { segment: 'All', n: 0, start: 0, finish: 0, kept: 0, alive: 0 })
    for (const r of [all, ...rows]) {
      const mark = markOf(r.n)
      const shown = mark !== 'suppressed' && r.start > 0
      points.push({ month: monthText(month), segment: r.segment, accounts: r.n, arrStart: r.start / 100, arrEnd: r.finish / 100, mark,
        nrr: shown ? r.finish / r.start : null, grr: shown ? r.kept / r.start : null, logo: shown ? r.alive / r.n : null })
    }
  }
  return points
}
