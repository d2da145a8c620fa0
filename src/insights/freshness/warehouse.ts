/** What the checks read: rows by day and by event name, what imports rejected, and how the book stands. */
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { addDays } from '../../platform/calendar/month.ts'
import { daysRead, type BatchRejects, type BookStanding, type DayRows, type NameDays, type NewName } from './rules.ts'

/** The last whole day with usage: today is still going on. */
export async function readLastDay(con: Connection, today: string): Promise<string | null> {
  return (
    (await con.one<{ day: string | null }>('select max(day) as day from r_name where day < $1::date', [today]))?.day ??
    null
  )
}

/** Days with usage, in order. Rows of the value events of a definition (feature_id below 0) are events that stand there already. */
export const readDays = (con: Connection, lastDay: string, days = daysRead): Promise<DayRows[]> =>
  con.all<DayRows>(
    `
      with named as (
        select day, sum(events) as rows
        from r_name
        where day > $1::date and day <= $2::date
        group by day
      ),
      known as (
        select day, sum(events) as matched, sum(events) filter (feature_id = 0) as unmapped
        from r_day
        where day > $1::date and day <= $2::date and feature_id >= 0
        group by day
      )
      select
        day,
        rows::bigint as rows,
        coalesce(matched, 0)::bigint as matched,
        coalesce(unmapped, 0)::bigint as unmapped
      from named
      left join known using (day)
      order by day`,
    [addDays(lastDay, -days), lastDay],
  )

/** Names that came often and not on the last two days; those that stopped more than four weeks ago are no news. */
export async function readStoppedNames(con: Connection, lastDay: string): Promise<NameDays[]> {
  const rows = await con.all<{ name: string; day: string; events: number }>(
    `
      select name, day, events
      from r_name
      where day > $1::date
        and day <= $2::date
        and name in (
          select name
          from r_name
          where day > $1::date and day <= $2::date and name is not null
          group by name
          having max(day) < $2::date - 1 and max(day) > $2::date - 28 and sum(events) >= 100
          order by sum(events) desc
          limit 200
        )
      order by name, day`,
    [addDays(lastDay, -daysRead), lastDay],
  )
  return [...Map.groupBy(rows, (r) => r.name)].map(([name, days]) => ({ name, days }))
}

/** Names first seen within the last seven days, where usage is known for five weeks at least. */
export const readNewNames = (con: Connection, lastDay: string): Promise<NewName[]> =>
  con.all<NewName>(
    `
      with seen as (
        select name, min(day) as first_day, sum(events) as events
        from r_name
        where name is not null and day <= $1::date
        group by name
        having min(day) > $1::date - 7
      )
      select
        s.name,
        s.first_day as "firstDay",
        s.events::bigint as events,
        (select sum(events) from r_name r where r.day >= s.first_day and r.day <= $1::date)::bigint as rows,
        f.name as feature
      from seen s
      left join event_name e on e.name = s.name
      left join feature f on f.feature_id = e.feature_id and e.feature_id > 0
      where (select min(day) from r_name) <= $1::date - 35
      order by s.events desc
      limit 50`,
    [lastDay],
  )

export async function readBatchRejects(con: Connection): Promise<BatchRejects[]> {
  const rows = await con.all<Omit<BatchRejects, 'at'> & { committed_at: string }>(
    `
      select
        id, dataset, source,
        file_name as "fileName",
        rows_read as read,
        rows_rejected as rejected,
        committed_at
      from batch
      where undone_at is null
      order by id desc
      limit 400`,
  )
  return rows.reverse().map(({ committed_at, ...b }) => ({ ...b, at: `${committed_at.replace(' ', 'T')}Z` }))
}

const bookData = `('accounts', 'subscriptions', 'mrr')`

/** The accounts that pay and their ARR at the latest month, and the last import that can have changed it. Null without revenue. */
export async function readBook(con: Connection): Promise<Omit<BookStanding, 'at'> | null> {
  const row = await con.one<{
    batch: number | null
    accounts: number
    arr: number
  }>(`
    select
      (select max(id) from batch where undone_at is null and dataset in ${bookData}) as batch,
      count(*) filter (r.arr_cents > 0) as accounts,
      coalesce(sum(r.arr_cents), 0)::bigint as arr
    from revenue_month r
    join customer c using (account_id)
    where r.month = (select max(month) from revenue_month) and c.excluded_reason is null`)
  return row?.batch ? { batchId: row.batch, accounts: row.accounts, arrCents: row.arr } : null
}

export const readUndone = async (con: Connection): Promise<number[]> =>
  (await con.all<{ id: number }>('select id from batch where undone_at is not null')).map((b) => b.id)

export interface Delivery {
  dataset: string
  at: string
}

/** When new data came of each dataset. An export of usage that held nothing new brought none; a list of accounts is news by being confirmed. */
export async function readDeliveries(con: Connection, since: string): Promise<Delivery[]> {
  const rows = await con.all<{ dataset: string; committed_at: string }>(
    `
      select dataset, committed_at
      from batch
      where undone_at is null
        and committed_at >= $1::timestamp
        and (dataset <> 'usage' or rows_new + rows_changed > 0)`,
    [since.replace('Z', '')],
  )
  return rows.map((r) => ({ dataset: r.dataset, at: `${r.committed_at.replace(' ', 'T')}Z` }))
}

export async function readAge(con: Connection): Promise<{ dataTo: string | null; refreshedAt: string | null }> {
  const row = await con.one<{ last: string | null; refreshed: string | null }>(
    'select (select max(day) from r_name) as last, (select max(logged_at) from refresh_log) as refreshed',
  )
  return { dataTo: row!.last, refreshedAt: row!.refreshed ? `${row!.refreshed.replace(' ', 'T')}Z` : null }
}
