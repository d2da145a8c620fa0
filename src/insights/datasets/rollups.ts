/** The rollups that every page reads: events by day, by month, and month bits per account and feature; refreshed by dirty days. */
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { periodEnd, periodSql, periodStart } from '../../platform/calendar/periods.ts'
import { duckdb } from '../../platform/warehouse/dialect.ts'
import { refreshAdopted } from './adopted.ts'

/** Months in one word of bits: bit 62 would still fit a BIGINT, bit 63 is its sign. */
export const monthsPerEra = 62

/** Users in one word of bits, for the same reason. */
export const usersPerChunk = 62

export interface RollupOptions {
  /** Recompute the month rollups of all accounts, not of the dirty days alone: paying days or features changed. */
  everyMonth: boolean
  onProgress?: RollupProgress | undefined
}

/** Up to so many events all months are rolled up at once: else each month plans its statements anew and goes through every event of a file that is in no order. */
const eventsAtOnce = 12_000_000

/** Told in months, or in steps where all months are rolled up at once. */
export type RollupProgress = (done: number, total: number, unit: 'months' | 'steps') => void

interface DirtyMonth {
  month: number
  first: string
  last: string
}

/** Brings r_name, r_day, a_day, a_week, a_month, a_window, r_month and af up to date with `dirty_day`, month by month so that memory stays bounded. */
export async function refreshRollups(con: Connection, options: RollupOptions): Promise<void> {
  const dirty = await con.all<DirtyMonth>(
    `select ${periodSql('day', 'month')} as month, min(day) as first, max(day) as last from dirty_day group by 1 order by 1`,
  )
  await con.run('create or replace temp table touched (account_id integer, feature_id smallint)')
  const { n: events } = (await con.one<{ n: number }>('select count(*) as n from event'))!
  const inParts = <T>(all: readonly T[]): (readonly T[])[] =>
    all.length === 0 ? [] : events <= eventsAtOnce ? [all] : all.map((one) => [one])
  const parts = inParts(dirty)
  for (const [done, part] of parts.entries()) {
    const { first } = part[0]!
    const { last } = part.at(-1)!
    const steps = [
      () => rebuildDays(con, first, last),
      () => rebuildWeeks(con, first, last),
      () => rebuildMonthsOfDays(con, part),
      () =>
        rebuildMonths(
          con,
          part.map((d) => d.month),
        ),
    ]
    for (const [i, step] of steps.entries()) {
      await step()
      if (parts.length === 1) options.onProgress?.(i + 1, steps.length, 'steps')
    }
    if (parts.length > 1) options.onProgress?.(done + 1, parts.length, 'months')
  }
  if (options.everyMonth) {
    const months = await con.all<{ month: number }>(
      `select distinct ${periodSql('day', 'month')} as month from r_day order by 1`,
    )
    const rest = months.map(({ month }) => month).filter((month) => !dirty.some((d) => d.month === month))
    for (const part of inParts(rest)) await rebuildMonths(con, part)
  }
  await rebuildWindows(con, events <= eventsAtOnce)
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
    `
      insert into event_name
      select distinct name, 0::smallint, 0
      from r_name
      where ${dirtyOnly} and name is not null and name not in (select name from event_name)`,
    [first, last],
  )
  await numberPeople(con, events)
  await con.run(`
    insert into r_day
    select
      e.day,
      l.account_id,
      coalesce(v.feature_id, 0),
      coalesce(p.ord // ${usersPerChunk}, 0),
      ${duckdb.anyBits(`case when p.ord is null then 0::bigint else ${duckdb.bit(`p.ord % ${usersPerChunk}`)} end`)},
      sum(e.n)::bigint
    from ${events}
    join event_ref r on r.origin_id = e.origin_id and r.ref = e.ref
    join link l using (ref_id)
    left join person p on p.account_id = l.account_id and p.user_hash = hash(e.user_key)
    left join (select name, feature_id from event_name union all select name, source_id from value_name) v
      on v.name = e.name
    where l.account_id is not null
    group by 1, 2, 3, 4
    order by 1, 2, 3, 4`)
  await con.run(`delete from a_day where ${dirtyOnly}`, [first, last])
  // Events of a variant stand under their feature too.
  await con.run(`
    insert into a_day
    select day, account_id, chunk, ${duckdb.anyBits('users')}, sum(events)::bigint
    from r_day
    where ${isDirty(first, last)} and feature_id >= 0
    group by 1, 2, 3
    order by 1, 2, 3`)
}

const isDirty = (first: string, last: string) =>
  `day between '${first}'::date and '${last}'::date and day in (select day from dirty_day)`

/** Who came in the weeks of the dirty days; a week that reaches into the next month is rebuilt with that one again. */
async function rebuildWeeks(con: Connection, first: string, last: string): Promise<void> {
  const week = periodSql('day', 'week')
  const dirty = await con.all<{ week: number }>(
    `select distinct ${week} as week from dirty_day where ${isDirty(first, last)} order by 1`,
  )
  const weeks = dirty.map((d) => d.week)
  await con.run(`delete from a_week where week in (${weeks.join(', ')})`)
  // The literal bounds let the engine skip every block of days outside these weeks.
  await con.run(`
    insert into a_week
    select
      ${week} as week,
      account_id,
      chunk,
      ${duckdb.anyBits('users')},
      sum(case when isodow(day) <= 5 then ${duckdb.countBits('users')} else 0 end)::int,
      sum(${duckdb.countBits('users')})::int
    from a_day
    where day >= date '${periodStart(weeks[0]!, 'week')}'
      and day <= date '${periodEnd(weeks.at(-1)!, 'week')}'
      and ${week} in (${weeks.join(', ')})
    group by 1, 2, 3
    order by 1, 2, 3`)
}

/** Whole weeks, so that each window of `a_window` holds every weekday equally often. */
export const weeksInWindow = 4

/** Each window is known by its last week, so that a day stands in that of its own week and in the three after it. */
const windowsOfWeek = Array.from({ length: weeksInWindow }, (_, i) => i)

/** Few enough windows that what is grouped fits the processor's cache: a hundred at once take twice as long. */
const windowsAtOnce = 5

async function rebuildWindows(con: Connection, allAtOnce: boolean): Promise<void> {
  const dirty = await con.all<{ week: number }>(
    `select distinct ${periodSql('day', 'week')} + unnest([${windowsOfWeek.join(', ')}]) as week from dirty_day order by 1`,
  )
  const weeks = dirty.map((d) => d.week)
  if (weeks.length === 0) return
  await con.run(`delete from a_window where week in (${weeks.join(', ')})`)
  const size = allAtOnce ? weeks.length : windowsAtOnce
  for (let i = 0; i < weeks.length; i += size) {
    const part = weeks.slice(i, i + size)
    await con.run(`
      insert into a_window
      select week, account_id, sum(${duckdb.countBits('users')}), sum(week_users), sum(workday_users), sum(day_users)
      from (
        select
          week + back as week,
          account_id,
          chunk,
          ${duckdb.anyBits('users')} as users,
          sum(${duckdb.countBits('users')}) as week_users,
          sum(workday_users) as workday_users,
          sum(day_users) as day_users
        from a_week
        cross join (select unnest([${windowsOfWeek.join(', ')}]) as back)
        where week between ${part[0]! - windowsOfWeek.at(-1)!} and ${part.at(-1)!} and week + back in (${part.join(', ')})
        group by 1, 2, 3
      )
      group by 1, 2
      order by 1, 2`)
  }
}

const daysOfMonth = Array.from({ length: 31 }, (_, i) => i + 1)

/** Rows of `a_month`: of a month that holds other days than the dirty ones these stay as they stood, any other is found anew. */
async function rebuildMonthsOfDays(con: Connection, part: readonly DirtyMonth[]): Promise<void> {
  const dirty = await con.all<DirtyMonth & { days: number; keeps: boolean }>(`
    select d.*, exists (from a_month m where m.month = d.month and m.days & ~d.days <> 0) as keeps
    from (
      select
        ${periodSql('day', 'month')} as month,
        min(day) as first,
        max(day) as last,
        bit_or(1 << (day(day)::int - 1)) as days
      from dirty_day
      where ${isDirty(part[0]!.first, part.at(-1)!.last)}
      group by 1
    ) d
    order by d.month`)
  const anew = dirty.filter((d) => !d.keeps)
  if (anew.length > 0) {
    const months = anew.map((d) => d.month).join(', ')
    await con.run(`delete from a_month where month in (${months})`)
    const fresh = daysInColumns(anew[0]!.first, anew.at(-1)!.last, daysOfMonth)
    await insertMonths(con, `select * from (${fresh}) where month in (${months})`)
  }
  for (const one of dirty.filter((d) => d.keeps)) await rebuildSomeDays(con, one)
}

async function rebuildSomeDays(
  con: Connection,
  { month, first, last, days }: DirtyMonth & { days: number },
): Promise<void> {
  const isFresh = (d: number) => (days & (1 << (d - 1))) !== 0
  await con.run(`
    create or replace temp table month_now as
    select
      ${month} as month,
      coalesce(o.account_id, n.account_id) as account_id,
      coalesce(o.chunk, n.chunk) as chunk,
      (coalesce(o.days, 0) & ${~days}) | coalesce(n.days, 0) as days,
      ${daysOfMonth.map((d) => `coalesce(${isFresh(d) ? 'n' : 'o'}.d${d}, 0) as d${d}`).join(', ')}
    from (select * from a_month where month = ${month}) o
    full join (${daysInColumns(first, last, daysOfMonth.filter(isFresh))}) n
      on n.account_id = o.account_id and n.chunk = o.chunk`)
  await con.run('delete from a_month where month = $1', [month])
  await insertMonths(con, 'from month_now')
}

/** The dirty days between two as columns, by month, account and word of bits. */
const daysInColumns = (first: string, last: string, days: readonly number[]): string => `
  select
    month, account_id, chunk,
    bit_or(1 << (d - 1)) as days,
    ${days.map((d) => `bit_or(case when d = ${d} then users else 0 end) as d${d}`).join(', ')}
  from (
    select ${periodSql('day', 'month')} as month, day(day)::int as d, account_id, chunk, users
    from a_day
    where ${isDirty(first, last)}
  )
  group by 1, 2, 3`

const insertMonths = (con: Connection, from: string): Promise<number> => {
  const columns = daysOfMonth.map((d) => `d${d}`)
  return con.run(`
    insert into a_month
    select
      month, account_id, chunk, days,
      ${columns.join(' | ')},
      ${columns.join(', ')}
    from (${from})
    where days <> 0
    order by month, account_id, chunk`)
}

/** Users seen for the first time get the next numbers of their account. */
async function numberPeople(con: Connection, events: string): Promise<void> {
  await con.run(`
    insert into person
    select
      n.account_id,
      n.user_hash,
      coalesce(m.last, -1) + row_number() over (partition by n.account_id order by n.user_hash)
    from (
      select distinct l.account_id, hash(e.user_key) as user_hash
      from ${events}
      join event_ref r on r.origin_id = e.origin_id and r.ref = e.ref
      join link l using (ref_id)
      where l.account_id is not null and e.user_key is not null
    ) n
    left join (select account_id, max(ord) as last from person group by 1) m on m.account_id = n.account_id
    anti join person p on p.account_id = n.account_id and p.user_hash = n.user_hash`)
}

async function rebuildMonths(con: Connection, months: readonly number[]): Promise<void> {
  const list = months.join(', ')
  const touch = `insert into touched select account_id, feature_id from r_month where month in (${list})`
  await con.run(touch)
  await con.run(`delete from r_month where month in (${list})`)
  await con.run(`
    insert into r_month
    select
      ${periodSql('d.day', 'month')} as month,
      d.account_id,
      d.feature_id,
      sum(d.events)::bigint,
      sum(case when p.account_id is not null then d.events else 0 end)::bigint,
      min(d.day),
      max(d.day),
      min(case when p.account_id is not null then d.day end)
    from r_day d
    left join paid_interval p on p.account_id = d.account_id and d.day >= p.from_day and d.day < p.to_day
    where d.day >= date '${periodStart(Math.min(...months), 'month')}'
      and d.day <= date '${periodEnd(Math.max(...months), 'month')}'
      and ${periodSql('d.day', 'month')} in (${list})
    group by 1, 2, 3
    order by 1, 2, 3`)
  await con.run(touch)
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
      ${duckdb.anyBits(`case when paid_events > 0 then ${duckdb.bit(`(((month - ${base}) % ${monthsPerEra}) + ${monthsPerEra}) % ${monthsPerEra}`)} else 0::bigint end`)}, max(last_day), min(first_day)
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
