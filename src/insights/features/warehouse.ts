import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { windowOf } from '../datasets/adopted.ts'
import { insertRows } from '../datasets/mirror.ts'
import { monthEnd, monthIndex, monthText } from '../../platform/calendar/month.ts'
import type { CountedName } from './rules.ts'
import type { AdoptionRule } from './schemas.ts'

export interface NameUse extends CountedName {
  firstDay: string
  lastDay: string
}

/** Raw event names with the events behind them, most used first. */
export async function readEventNames(con: Connection): Promise<NameUse[]> {
  return con.all<NameUse>(
    `
      select name, sum(events)::bigint as events, min(day) as "firstDay", max(day) as "lastDay"
      from r_name
      where name is not null
      group by name
      order by 2 desc, 1`,
  )
}

export interface Trial {
  month: string | null
  paying: number
  adopters: number
  names: number
  events: number
  hasUsers: boolean
}

/** Who would have adopted by the rule at the end of the last complete month, among accounts that pay then; read from the events themselves. */
export async function tryRule(
  con: Connection,
  rule: AdoptionRule,
  counts: (eventName: string) => boolean,
): Promise<Trial> {
  const names = (await readEventNames(con)).filter((n) => counts(n.name))
  const users = await con.one<{ some: boolean }>('select exists (from person) as some')
  const last = await con.one<{ day: string | null }>('select max(day) as day from r_name')
  const found = { names: names.length, events: names.reduce((sum, n) => sum + n.events, 0), hasUsers: users!.some }
  if (!last?.day) return { ...found, month: null, paying: 0, adopters: 0 }
  const month = monthIndex(last.day) - (last.day < monthEnd(monthIndex(last.day)) ? 1 : 0)
  const paying = (await con.one<{ n: number }>(
    `
      select count(*) as n
      from revenue_month r
      join customer c using (account_id)
      where r.month = $1 and r.arr_cents > 0 and c.excluded_reason is null`,
    [month],
  ))!.n
  if (names.length === 0) return { ...found, month: monthText(month), paying, adopters: 0 }
  const { first, last: to } = windowOf(month, rule.windowKind, rule.windowLength)
  await con.run('create or replace temp table tried_name (name text)')
  await insertRows(
    con,
    'tried_name',
    names.map((n) => [n.name]),
  )
  const amount = {
    events: 'sum(e.n)',
    users: 'count(distinct e.user_key)',
    days: 'count(distinct e.event_time::date)',
  }[rule.unit]
  const row = await con.one<{ n: number }>(`
    select count(*) as n
    from (
      select l.account_id
      from event e
      join event_ref r on r.origin_id = e.origin_id and r.ref = e.ref
      join link l using (ref_id)
      join revenue_month m on m.account_id = l.account_id and m.month = ${month} and m.arr_cents > 0
      join customer c on c.account_id = l.account_id and c.excluded_reason is null
      join paid_interval p
        on p.account_id = l.account_id and e.event_time::date >= p.from_day and e.event_time::date < p.to_day
      where e.event_time >= '${first}'::timestamp
        and e.event_time < '${to}'::timestamp + interval 1 day
        and e.n > 0
        and e.name in (select name from tried_name)
      group by l.account_id
      having ${amount} >= ${rule.atLeast}
    )`)
  return { ...found, month: monthText(month), paying, adopters: row!.n }
}
