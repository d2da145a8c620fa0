/** The rollups that every page reads: events by day, by month, and month bits per account and feature; refreshed by dirty days. */
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { periodEnd, periodSql, periodStart } from '../periods.ts'
import { refreshAdopted } from './adopted.ts'

/** Months in one word of bits: bit 62 would still fit a BIGINT, bit 63 is its sign. */
export const monthsPerEra = 62

/** Users in one word of bits, for the same reason. */
export const usersPerChunk = 62

export interface RollupOptions {
  /** Recompute the month rollups of all accounts, not of the dirty days alone: paying days or features changed. */
  everyMonth: boolean
  onMonth?: (done: number, total: number) => void
}

/** Brings r_name, r_day, a_day, a_week, a_month, r_month and af up to date with `dirty_day`, month by month so that memory stays bounded. */
export async function refreshRollups(con: Connection, options: RollupOptions): Promise<void> {
  const dirty = await con.all<{ month: number; first: string; last: string }>(
    `select ${periodSql('day', 'month')} as month, min(day) as first, max(day) as last from dirty_day group by 1 order by 1`,
  )
  await con.run('create or replace temp table touched (account_id integer, feature_id smallint)')
  for (const [done, { month, first, last }] of dirty.entries()) {
    await rebuildDays(con, first, last)
    await rebuildPeriods(con, month, first, last)
    await rebuildMonth(con, month)
    options.onMonth?.(done + 1, dirty.length)
  }
  if (options.everyMonth) {
    const months = await con.all<{ month: number }>(
      `select distinct ${periodSql('day', 'month')} as month from r_day order by 1`,
    )
    const rest = months.filter(({ month }) => !dirty.some((d) => d.month === month))
    for (const { month } of rest) await rebuildMonth(con, month)
  }
  await rebuildBits(con, options.everyMonth)
  await refreshAdopted(con, { every: options.everyMonth, months: dirty.map((d) => d.month) })
  await con.run('delete from dirty_day')
}

async function rebuildDays(con: Connection, first: string, last: string): Promise<void> {
  const dirtyOnly = 'day in (select day from dirty_day where day between $1 and $2)'
  await con.run(`delete from r_name where ${dirtyOnly}`, [first, last])
  await con.run(`delete from r_day where ${dirtyOnly}`, [first, last])
  // The literal bounds let the engine skip every block of events outside the month.
  const events = `(select cast(event_time as date) as day, origin_id, ref, user_key, name, n from event
    where event_time >= '${first}'::timestamp and event_time < '${last}'::timestamp + interval 1 day
      and cast(event_time as date) in (select day from dirty_day)) e`
  await con.run(`insert into r_name select day, name, sum(n)::bigint from ${events} group by 1, 2 order by 1, 2`)
  await con.run(
    `insert into event_name select distinct name, 0::smallint, 0 from r_name where ${dirtyOnly}
    and name is not null and name not in (select name from event_name)`,
    [first, last],
  )
  await numberPeople(con, events)
  await con.run(`insert into r_day select e.day, l.account_id, coalesce(v.feature_id, 0), coalesce(p.ord // ${usersPerChunk}, 0), bit_or(case when p.ord is null then 0::bigint else 1::bigint << (p.ord % ${usersPerChunk}) end), sum(e.n)::bigint
    from ${events} join event_ref r on r.origin_id = e.origin_id and r.ref = e.ref join link l using (ref_id)
    left join person p on p.account_id = l.account_id and p.user_hash = hash(e.user_key)
    left join (select name, feature_id from event_name union all select name, source_id from value_name) v on v.name = e.name
    where l.account_id is not null group by 1, 2, 3, 4 order by 1, 2, 3, 4`)
  await con.run(`delete from a_day where ${dirtyOnly}`, [first, last])
  // Events of a variant stand under their feature too.
  await con.run(`insert into a_day select day, account_id, chunk, bit_or(users), sum(events)::bigint from r_day
    where day between '${first}'::date and '${last}'::date and day in (select day from dirty_day) and feature_id >= 0 group by 1, 2, 3 order by 1, 2, 3`)
}

/** Who came in the weeks and the month of the dirty days; a week that reaches into the next month is rebuilt with that one again. */
async function rebuildPeriods(con: Connection, month: number, first: string, last: string): Promise<void> {
  const isDirty = `day between '${first}'::date and '${last}'::date and day in (select day from dirty_day)`
  const dirty = await con.all<{ day: number; week: number; keeps: boolean }>(
    `select distinct day(day)::int as day, ${periodSql('day', 'week')} as week,
      exists (from a_month where month = ${month} and days & ~(select bit_or(1 << (day(day)::int - 1)) from dirty_day where ${isDirty}) <> 0) as keeps
    from dirty_day where ${isDirty}`,
  )
  const weeks = [...new Set(dirty.map((d) => d.week))].sort((a, b) => a - b)
  await con.run(`delete from a_week where week in (${weeks.join(', ')})`)
  // The literal bounds let the engine skip every block of days outside these weeks.
  await con.run(`insert into a_week select ${periodSql('day', 'week')} as week, account_id, chunk, bit_or(users) from a_day
    where day >= date '${periodStart(weeks[0]!, 'week')}' and day <= date '${periodEnd(weeks.at(-1)!, 'week')}' and ${periodSql('day', 'week')} in (${weeks.join(', ')}) group by 1, 2, 3 order by 1, 2, 3`)
  const days = dirty.map((d) => d.day)
  const fresh = `select account_id, chunk, bit_or(1 << (d - 1)) as days, ${days.map((d) => `bit_or(case when d = ${d} then users else 0 end) as d${d}`).join(', ')}
    from (select day(day)::int as d, account_id, chunk, users from a_day where ${isDirty}) group by 1, 2`
  await rebuildMonthOfDays(con, month, days, fresh, dirty[0]!.keeps)
}

const daysOfMonth = Array.from({ length: 31 }, (_, i) => i + 1)

/** A row of `a_month`: the columns of dirty days as they are found anew, the others as they stood. */
async function rebuildMonthOfDays(
  con: Connection,
  month: number,
  dirty: readonly number[],
  fresh: string,
  keeps: boolean,
): Promise<void> {
  const columns = daysOfMonth.map((d) => `d${d}`)
  const users = columns.join(' | ')
  const insert = (from: string, each: (day: number) => string) =>
    con.run(`insert into a_month select ${month}, account_id, chunk, days, ${users}, ${columns.join(', ')}
      from (select account_id, chunk, days, ${daysOfMonth.map((d) => `${each(d)} as d${d}`).join(', ')} from (${from})) where days <> 0 order by account_id, chunk`)
  if (!keeps) {
    await con.run('delete from a_month where month = $1', [month])
    await insert(fresh, (d) => (dirty.includes(d) ? `d${d}` : '0::bigint'))
    return
  }
  const dirtyBits = dirty.reduce((bits, day) => bits | (1 << (day - 1)), 0)
  await con.run(`create or replace temp table month_now as
    select coalesce(o.account_id, n.account_id) as account_id, coalesce(o.chunk, n.chunk) as chunk, (coalesce(o.days, 0) & ${~dirtyBits}) | coalesce(n.days, 0) as days,
      ${daysOfMonth.map((d) => `coalesce(${dirty.includes(d) ? 'n' : 'o'}.d${d}, 0) as d${d}`).join(', ')}
    from (select * from a_month where month = ${month}) o full join (${fresh}) n on n.account_id = o.account_id and n.chunk = o.chunk`)
  await con.run('delete from a_month where month = $1', [month])
  await insert('from month_now', (d) => `d${d}`)
}

/** Users seen for the first time get the next numbers of their account. */
async function numberPeople(con: Connection, events: string): Promise<void> {
  await con.run(`insert into person
    select n.account_id, n.user_hash, coalesce(m.last, -1) + row_number() over (partition by n.account_id order by n.user_hash)
    from (select distinct l.account_id, hash(e.user_key) as user_hash from ${events} join event_ref r on r.origin_id = e.origin_id and r.ref = e.ref join link l using (ref_id)
      where l.account_id is not null and e.user_key is not null) n
    left join (select account_id, max(ord) as last from person group by 1) m on m.account_id = n.account_id
    anti join person p on p.account_id = n.account_id and p.user_hash = n.user_hash`)
}

async function rebuildMonth(con: Connection, month: number): Promise<void> {
  const first = `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`
  await con.run('insert into touched select account_id, feature_id from r_month where month = $1', [month])
  await con.run('delete from r_month where month = $1', [month])
  await con.run(
    `insert into r_month
    select $1, d.account_id, d.feature_id, sum(d.events)::bigint, sum(case when p.account_id is not null then d.events else 0 end)::bigint, min(d.day), max(d.day)
    from r_day d left join paid_interval p on p.account_id = d.account_id and d.day >= p.from_day and d.day < p.to_day
    where d.day >= '${first}'::date and d.day < '${first}'::date + interval 1 month
    group by 2, 3 order by 2, 3`,
    [month],
  )
  await con.run('insert into touched select account_id, feature_id from r_month where month = $1', [month])
}

/** Bits are computed anew from the months for what was touched, never just or-ed: undo and late corrections clear bits too. */
async function rebuildBits(con: Connection, all: boolean): Promise<void> {
  const base = await monthBase(con)
  if (base === null) {
    await con.run('delete from af')
    return
  }
  const touched = all ? 'true' : '(account_id, feature_id) in (select distinct account_id, feature_id from touched)'
  await con.run(`delete from af where ${touched}`)
  await con.run(`insert into af select account_id, feature_id, floor((month - ${base}) / ${monthsPerEra})::smallint as era,
      bit_or(case when paid_events > 0 then 1::bigint << (((month - ${base}) % ${monthsPerEra}) + ${monthsPerEra}) % ${monthsPerEra} else 0::bigint end), max(last_day), min(first_day)
    from r_month where ${touched} group by 1, 2, 3 order by 2, 1`)
}

/** The month that bit 0 of era 0 stands for; fixed by the first refresh, later months before it fall into era -1. */
export async function monthBase(con: Connection): Promise<number | null> {
  const known = await con.one<{ base: number }>('select base from bit_base limit 1')
  if (known) return known.base
  const first = await con.one<{ month: number | null }>('select min(month) as month from r_month')
  if (first?.month == null) return null
  await con.run('insert into bit_base values ($1)', [first.month])
  return first.month
}
