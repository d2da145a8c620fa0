/** The same question as an engineer writes it by hand: on our rollups, on raw events in DuckDB, and on raw events in PostgreSQL. */
import { monthEnd, monthIndex, monthText } from '../src/platform/calendar/month.ts'
import { firstMonth } from './company.ts'

export type EntitledBy = 'plan' | 'list'

interface Block {
  name: 'now' | 'then'
  month: number
  day: string
  from: string
  end: number
  endDay: string
}

function blocks(month: string, window: number): Block[] {
  const end = monthIndex(month)
  return (['now', 'then'] as const).map((name) => {
    const at = name === 'now' ? end : end - window
    return { name, month: at, day: monthEnd(at), from: `${monthText(at - 2)}-01`, end, endDay: monthEnd(end) }
  })
}

const each = (list: Block[], select: (b: Block) => string) => list.map(select).join('\n  union all ')

/** From accounts, entitled pairs and used pairs of both blocks to the sums of each cell, and of each segment with no feature named. */
const sums = (pairs: string) => `
  select p.block, p.segment, f.name as feature, sum(p.n) as n, sum(p.arr) as arr, sum(p.not_n) as not_n, sum(p.not_arr) as not_arr, sum(p.adopters) as adopters, sum(p.adopter_arr) as adopter_arr,
    sum(p.arr_end) as arr_end, sum(p.adopter_end) as adopter_end, sum(p.kept) as kept, sum(p.adopter_kept) as adopter_kept, sum(p.alive) as alive, sum(p.adopter_alive) as adopter_alive
  from (${pairs}) p join feature f on f.feature_id = p.feature_id where f.released_on is null or f.released_on <= p.day group by 1, 2, 3 having sum(p.n) > 0
  union all select block, segment, null, sum(m), sum(m * arr), sum(1 - m), sum((1 - m) * arr), 0, 0, sum(arr_end), 0, sum(least(arr, arr_end)), 0, sum(case when arr_end > 0 then 1 else 0 end), 0 from acc group by 1, 2`

const whole = `sum(m) as n, sum(m * arr) as arr, sum(1 - m) as not_n, sum((1 - m) * arr) as not_arr, 0 as adopters, 0 as adopter_arr,
      sum(m * arr_end) as arr_end, 0 as adopter_end, sum(m * least(arr, arr_end)) as kept, 0 as adopter_kept, sum(case when arr_end > 0 then m else 0 end) as alive, 0 as adopter_alive`
const adopting = `0 as n, 0 as arr, 0 as not_n, 0 as not_arr, sum(m) as adopters, sum(m * arr) as adopter_arr,
      0 as arr_end, sum(m * arr_end) as adopter_end, 0 as kept, sum(m * least(arr, arr_end)) as adopter_kept, 0 as alive, sum(case when arr_end > 0 then m else 0 end) as adopter_alive`

/** By plan: accounts are summed by plan first, then met with the plan's features. By list: pair by pair. */
const cells = (entitledBy: EntitledBy) =>
  sums(
    entitledBy === 'plan'
      ? `select g.block, g.day, g.segment, e.feature_id, g.* exclude (block, day, segment, plan) from (select block, day, segment, plan, ${whole} from acc group by 1, 2, 3, 4) g join entitled e on e.plan = g.plan
    union all select a.block, a.day, a.segment, u.feature_id, ${adopting} from used u join acc a on a.block = u.block and a.account_id = u.account_id join entitled e on e.plan = a.plan and e.feature_id = u.feature_id group by 1, 2, 3, 4`
      : `select a.block, a.day, a.segment, e.feature_id, ${whole} from entitled e join acc a on a.account_id = e.account_id group by 1, 2, 3, 4
    union all select a.block, a.day, a.segment, u.feature_id, ${adopting} from used u join acc a on a.block = u.block and a.account_id = u.account_id join entitled e on e.account_id = u.account_id and e.feature_id = u.feature_id group by 1, 2, 3, 4`,
  )

const mask = (month: number) => [0, 1, 2].reduce((bits, back) => bits | (1n << BigInt(month - back - firstMonth)), 0n)

const revenue = (list: Block[], measured: (b: Block) => string) =>
  each(
    list,
    (
      b,
    ) => `select '${b.name}' as block, date '${b.day}' as day, r.account_id, s.segment, r.plan_set as plan, r.arr_cents as arr, coalesce(e.arr_cents, 0) as arr_end, ${measured(b)} as m
    from revenue_month r join segment_of s on s.account_id = r.account_id left join revenue_month e on e.account_id = r.account_id and e.month = ${b.end} where r.month = ${b.month} and r.arr_cents > 0`,
  )

const segments = `segment_of as (select c.account_id, coalesce(t.value, '(no value)') as segment, c.first_event_day from customer c
    left join (select account_id, arg_max(value, valid_from) as value from attribute where key = 'segment' group by 1) t using (account_id) where c.excluded_reason is null)`
const entitled = (by: EntitledBy) =>
  by === 'plan'
    ? 'entitled as (select distinct s.plan_set as plan, e.feature_id from plan_set s join entitled_plan e on e.plan = s.plan)'
    : 'entitled as (select distinct account_id, feature_id from entitled_account)'

export function byHand(month: string, window: number, entitledBy: EntitledBy): string {
  const list = blocks(month, window)
  return `with ${segments},
  acc as (${revenue(list, (b) => `(s.first_event_day is not null and s.first_event_day <= date '${b.day}')::integer`)}),
  used as (${each(list, (b) => `select '${b.name}' as block, account_id, feature_id from af where era = 0 and feature_id <> 0 and (bits & ${mask(b.month)}) <> 0`)}),
  ${entitled(entitledBy)} ${cells(entitledBy)}`
}

/** The revenue by month is taken as it stands; only what usage says comes from the events. */
export function rawQuestion(month: string, window: number, entitledBy: EntitledBy): string {
  const list = blocks(month, window)
  return `with ${segments},
  known as (select l.account_id, min(e.first) as first from (select origin_id, ref, min(event_time) as first from event group by 1, 2) e
    join event_ref r on r.origin_id = e.origin_id and r.ref = e.ref join link l using (ref_id) group by 1),
  acc as (${revenue(list, (b) => `coalesce((select k.first < date '${b.day}' + interval 1 day from known k where k.account_id = r.account_id), false)::integer`)}),
  used as (${each(
    list,
    (b) => `select distinct '${b.name}' as block, l.account_id, n.feature_id
    from (select distinct origin_id, ref, name, cast(event_time as date) as day from event where event_time >= timestamp '${b.from}' and event_time < timestamp '${b.day}' + interval 1 day) e
    join event_ref r on r.origin_id = e.origin_id and r.ref = e.ref join link l using (ref_id) join event_name n on n.name = e.name and n.feature_id <> 0
    join paid_interval p on p.account_id = l.account_id and e.day >= p.from_day and e.day < p.to_day`,
  )}),
  ${entitled(entitledBy)} ${cells(entitledBy)}`
}

/** PostgreSQL over its own tables of raw rows, by whole-number ids; entitlement by plan. */
export function postgresQuestion(month: string, window: number): string {
  const list = blocks(month, window)
  const runs = (day: string) => `s.start_date <= date '${day}' and (s.end_date is null or s.end_date > date '${day}')`
  const unrolled = cells('plan').replace(
    'g.* exclude (block, day, segment, plan)',
    'g.n, g.arr, g.not_n, g.not_arr, g.adopters, g.adopter_arr, g.arr_end, g.adopter_end, g.kept, g.adopter_kept, g.alive, g.adopter_alive',
  )
  return `with acc as (${each(
    list,
    (
      b,
    ) => `select '${b.name}' as block, date '${b.day}' as day, a.account_id, a.segment, r.plans as plan, r.arr, coalesce(e.arr, 0) as arr_end,
      case when exists (select from event v where v.account_id = a.account_id and v.event_time < date '${b.day}' + interval '1 day') then 1 else 0 end as m
    from account a join (select account_id, sum(arr_cents) as arr, string_agg(distinct plan, '+' order by plan) as plans from subscription s where ${runs(b.day)} group by 1) r on r.account_id = a.account_id and r.arr > 0
    left join (select account_id, sum(arr_cents) as arr from subscription s where ${runs(b.endDay)} group by 1) e on e.account_id = a.account_id`,
  )}),
  used as (${each(
    list,
    (b) => `select distinct '${b.name}' as block, e.account_id, n.feature_id
    from (select distinct account_id, name_id, event_time::date as day from event where event_time >= timestamp '${b.from}' and event_time < date '${b.day}' + interval '1 day') e
    join event_name n on n.name_id = e.name_id
    where exists (select from subscription s where s.account_id = e.account_id and s.arr_cents > 0 and s.start_date <= e.day and (s.end_date is null or s.end_date > e.day))`,
  )}),
  entitled as (select distinct g.plan, t.feature_id from (select distinct plan from acc) g join entitlement t on t.plan = any(string_to_array(g.plan, '+'))) ${unrolled}`
}
