/** What a choice in the making of ARR does to NRR: past-due, agreed rises, one-off charges, and the rate of exchange, each with its size. */
import { z } from 'zod'
import { dayLiteral } from '../../../platform/warehouse/literals.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { monthEnd } from '../../../platform/calendar/month.ts'

const SwitchRow = z.object({
  key: z.enum(['past-due', 'escalators', 'one-off']),
  state: z.enum(['known', 'not-in-your-data', 'not-known-then']),
  counted: z.boolean().describe('as chosen'),
  byDefault: z.boolean(),
  nrr: z.number().nullable().describe('with this switch alone thrown'),
  effect: z.number().nullable(),
  accounts: z.int(),
  arr: z.number(),
  field: z.string().describe('what to map in the import'),
})
const Rate = z.object({
  currency: z.string(),
  lowest: z.number(),
  highest: z.number(),
  arr: z.number().describe('at the end, in the workspace’s currency'),
})

export const Switches = z.object({
  default: z.number().nullable(),
  chosen: z.number().nullable().describe('with all switches as chosen'),
  rows: z.array(SwitchRow),
  fx: z.object({
    state: z.enum(['known', 'not-in-your-data']),
    isConstant: z.boolean().describe('every currency came in at one rate'),
    arr: z.number(),
    accounts: z.int(),
    nrr: z.number().nullable(),
    effect: z.number().nullable(),
    rates: z.array(Rate),
  }),
  bridge: z
    .object({
      start: z.number(),
      expansion: z.number(),
      contraction: z.number(),
      churn: z.number(),
      fx: z.number(),
      end: z.number(),
    })
    .describe(
      'of the cohort, point to point, in constant currency; start + expansion − contraction − churn + fx = end',
    ),
})
export type Switches = z.infer<typeof Switches>

interface Chosen {
  leaveOutPastDue: boolean
  leaveOutEscalators: boolean
  countOneOffs: boolean
}
interface Question {
  base: number
  to: number
  isLatest: boolean
  who: string
  params: string[]
  chosen: Chosen
}

const owed = `regexp_replace(lower(status), '[^a-z]', '', 'g') in ('pastdue', 'unpaid', 'overdue', 'delinquent', 'dunning', 'uncollectible')`

/** The one book's amounts with their terms, of the accounts that count; a month of MRR is an amount that runs for that month. */
const ownSql = `
  own as (
    select
      l.account_id,
      s.start_date as from_day,
      s.end_date as to_day,
      s.arr_cents as arr,
      t.status, t.escalator,
      coalesce(t.one_off, false) as one_off,
      t.one_off is not null as says_one_off,
      t.currency,
      t.local_arr_cents as local,
      t.rate
    from subscription s
    join ref r on r.ref_kind = 'account' and r.source = s.source and r.ext_id = s.account_ref
    join link l using (ref_id)
    left join subscription_term t on t.source = s.source and t.ext_id = s.ext_id, setting n
    where n.revenue_dataset = 'subscriptions'
      and s.source = n.revenue_source
      and l.account_id in (select account_id from who)
      and (s.end_date is null or s.end_date > s.start_date)
    union all
    select
      l.account_id,
      date_trunc('month', m.month)::date,
      (date_trunc('month', m.month) + interval 1 month)::date,
      m.arr_cents, null, null, false, false, t.currency, t.local_arr_cents, t.rate
    from mrr_snapshot m
    join ref r on r.ref_kind = 'account' and r.source = m.source and r.ext_id = m.account_ref
    join link l using (ref_id)
    left join mrr_term t
      on t.source = m.source and t.account_ref = m.account_ref and t.month = m.month, setting n
    where n.revenue_dataset = 'mrr'
      and m.source = n.revenue_source
      and l.account_id in (select account_id from who)
  )`

/** What ran on a month's last day. */
const at = (month: number) =>
  `from_day <= ${dayLiteral(monthEnd(month))} and (to_day is null or to_day > ${dayLiteral(monthEnd(month))})`

/**
 * By account: ARR at both ends, what of the end is owed, what of a rise was agreed beforehand (the agreed rate for each year
 * begun, of the amounts at the start), one-off amounts at both ends, and what the rate of exchange alone moved: the amount in
 * its own currency times the rate at the end less that at the start (the account's, else the book's, else its own).
 * @param hasTerms whether the data say any of this of any amount; else ARR alone is looked at
 */
function accountSql({ base, to, who }: Question, hasTerms: boolean): string {
  if (!hasTerms)
    return `
    with ${who},
    acc as materialized (
      select
        s.account_id,
        s.arr_cents as s,
        coalesce(e.arr_cents, 0) as e,
        0 as agreed, 0 as once_s, 0 as once_e, 0 as owed, 0 as fx
      from revenue_month s
      join who w on w.account_id = s.account_id
      left join revenue_month e on e.account_id = s.account_id and e.month = ${to} and e.arr_cents > 0
      where s.month = ${base} and s.arr_cents > 0
    )`
  const years = Math.ceil((to - base) / 12)
  const rateOf = (group: string) => `
    select
      ${group}currency,
      case when min(rate) = max(rate) then min(rate) else sum(local * rate) / sum(local) end as rate
    from own
    where ${at(base)} and not one_off and currency is not null and local > 0
    group by ${group}currency`
  return `
    with ${who},
    ${ownSql},
    rate_of_account as (${rateOf('account_id, ')}),
    rate_of_book as (${rateOf('')}),
    started as (
      select
        account_id,
        sum(
          case
            when one_off then 0
            else arr * (power(1 + greatest(coalesce(escalator, 0), 0), ${years}) - 1)
          end
        ) as agreed,
        sum(case when one_off then arr else 0 end) as once
      from own
      where ${at(base)}
      group by account_id
    ),
    ended as (
      select
        o.account_id,
        sum(case when not one_off and ${owed} then arr else 0 end) as owed,
        sum(case when one_off then arr else 0 end) as once,
        sum(
          case
            when one_off or o.currency is null then 0
            else local * (o.rate - coalesce(a.rate, b.rate, o.rate))
          end
        ) as fx
      from own o
      left join rate_of_account a on a.account_id = o.account_id and a.currency = o.currency
      left join rate_of_book b on b.currency = o.currency
      where ${at(to)}
      group by o.account_id
    ),
    acc as materialized (
      select
        w.account_id,
        coalesce(s.arr_cents, 0) as s,
        coalesce(e.arr_cents, 0) as e,
        coalesce(started.agreed, 0) as agreed,
        coalesce(started.once, 0) as once_s,
        coalesce(ended.once, 0) as once_e,
        coalesce(ended.owed, 0) as owed,
        coalesce(ended.fx, 0) as fx
      from who w
      left join revenue_month s on s.account_id = w.account_id and s.month = ${base} and s.arr_cents > 0
      left join revenue_month e on e.account_id = w.account_id and e.month = ${to} and e.arr_cents > 0
      left join started on started.account_id = w.account_id
      left join ended on ended.account_id = w.account_id
      where s.arr_cents is not null or started.once > 0
    )`
}

/** NRR of the closed cohort with the switches thrown so, over `acc`. */
function nrrSql(c: Chosen): string {
  const s = c.countOneOffs ? '(s + once_s)' : 's'
  const e = `(e${c.leaveOutPastDue ? ' - owed' : ''}${c.countOneOffs ? ' + once_e' : ''})`
  const kept = c.leaveOutEscalators ? `(${e} - least(greatest(${e} - ${s}, 0), agreed))` : e
  return `sum(${kept}) filter (${s} > 0) / nullif(sum(${s}) filter (${s} > 0), 0)::double`
}

const asUsual: Chosen = { leaveOutPastDue: false, leaveOutEscalators: false, countOneOffs: false }

interface Row {
  usual: number | null
  chosen: number | null
  past_due: number | null
  escalators: number | null
  one_off: number | null
  owed_n: number
  owed_arr: number
  rise_n: number
  rise_arr: number
  once_n: number
  once_arr: number
  fx_arr: number
  fx_n: number
  s: number
  e: number
  up: number
  down: number
  gone: number
  has_status: boolean
  has_escalator: boolean
  has_one_off: boolean
  has_currency: boolean
}

export async function readSwitches(con: Connection, q: Question): Promise<Switches> {
  const [{ hasTerms } = { hasTerms: false }] = await con.kept<{ hasTerms: boolean }>(
    'select exists (from subscription_term) or exists (from mrr_term) as "hasTerms"',
  )
  const has = (what: string) => (hasTerms ? `exists (select 1 from own where ${what})` : 'false')
  const row = (await con.one<Row>(
    `
      ${accountSql(q, hasTerms)}
      select
        ${nrrSql(asUsual)} as usual,
        ${nrrSql({ ...q.chosen, leaveOutPastDue: q.chosen.leaveOutPastDue && q.isLatest })} as chosen,
        ${nrrSql({ ...asUsual, leaveOutPastDue: true })} as past_due,
        ${nrrSql({ ...asUsual, leaveOutEscalators: true })} as escalators,
        ${nrrSql({ ...asUsual, countOneOffs: true })} as one_off,
        count(*) filter (s > 0 and owed > 0) as owed_n,
        coalesce(sum(owed) filter (s > 0), 0)::double as owed_arr,
        count(*) filter (s > 0 and e > s and agreed > 0) as rise_n,
        coalesce(sum(least(e - s, agreed)) filter (s > 0 and e > s), 0)::double as rise_arr,
        count(*) filter (once_s + once_e > 0) as once_n,
        coalesce(sum(once_s + once_e), 0)::double as once_arr,
        coalesce(sum(fx) filter (s > 0), 0)::double as fx_arr,
        count(*) filter (s > 0 and fx <> 0) as fx_n,
        coalesce(sum(s), 0)::double as s,
        coalesce(sum(e) filter (s > 0), 0)::double as e,
        coalesce(sum(greatest(e - fx - s, 0)) filter (s > 0 and e > 0), 0)::double as up,
        coalesce(sum(greatest(s - (e - fx), 0)) filter (s > 0 and e > 0), 0)::double as down,
        coalesce(sum(s) filter (s > 0 and e = 0), 0)::double as gone,
        ${has('status is not null')} as has_status,
        ${has('escalator is not null')} as has_escalator,
        ${has('says_one_off')} as has_one_off,
        ${has('currency is not null')} as has_currency
      from acc`,
    q.params,
  ))!
  const rates = row.has_currency
    ? await con.all<{ currency: string; lowest: number; highest: number; arr: number }>(
        `
          with ${q.who}, ${ownSql}
          select
            currency,
            min(rate) as lowest,
            max(rate) as highest,
            coalesce(sum(arr) filter (${at(q.to)} and not one_off), 0)::double / 100 as arr
          from own
          where currency is not null
          group by currency
          order by arr desc, currency`,
        q.params,
      )
    : []
  const base = row.usual
  const effect = (nrr: number | null, isKnown: boolean) =>
    isKnown && nrr !== null && base !== null ? nrr - base : null
  const line = (
    key: 'past-due' | 'escalators' | 'one-off',
    field: string,
    isThere: boolean,
    nrr: number | null,
    sizes: [accounts: number, cents: number],
    [byDefault, counted]: [boolean, boolean],
  ): z.infer<typeof SwitchRow> => {
    const state = !isThere
      ? ('not-in-your-data' as const)
      : key === 'past-due' && !q.isLatest
        ? ('not-known-then' as const)
        : ('known' as const)
    const isKnown = state === 'known'
    return {
      key,
      field,
      state,
      byDefault,
      counted: isKnown ? counted : byDefault,
      nrr: isKnown ? nrr : null,
      effect: effect(nrr, isKnown),
      accounts: isKnown ? sizes[0] : 0,
      arr: isKnown ? sizes[1] / 100 : 0,
    }
  }
  const constant = base === null || row.s <= 0 ? null : (row.e - row.fx_arr) / row.s
  return {
    default: base,
    chosen: row.chosen,
    rows: [
      line(
        'past-due',
        'status',
        row.has_status,
        row.past_due,
        [row.owed_n, row.owed_arr],
        [true, !q.chosen.leaveOutPastDue],
      ),
      line(
        'escalators',
        'escalator',
        row.has_escalator,
        row.escalators,
        [row.rise_n, row.rise_arr],
        [true, !q.chosen.leaveOutEscalators],
      ),
      line(
        'one-off',
        'oneOff',
        row.has_one_off,
        row.one_off,
        [row.once_n, row.once_arr],
        [false, q.chosen.countOneOffs],
      ),
    ],
    fx: {
      state: row.has_currency ? 'known' : 'not-in-your-data',
      isConstant: rates.every((r) => r.lowest === r.highest),
      arr: row.fx_arr / 100,
      accounts: row.fx_n,
      nrr: row.has_currency ? constant : null,
      effect: row.has_currency && constant !== null && base !== null ? base - constant : null,
      rates,
    },
    bridge: {
      start: row.s / 100,
      expansion: row.up / 100,
      contraction: row.down / 100,
      churn: row.gone / 100,
      fx: row.fx_arr / 100,
      end: row.e / 100,
    },
  }
}
