/** ARR movements and retention by month and segment, over all accounts of the book. */
import type { z } from 'zod'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { markOf } from '../../statistics/intervals.ts'
import { monthIndex, monthText } from '../../../platform/calendar/month.ts'
import { plural, shortMoney } from '../../../platform/wording.ts'
import { customerColumns, type FoundCustomer } from './account-rows.ts'
import type { BlockQuery } from './adoption-sql.ts'
import type { Answer } from './asking.ts'
import { readBookSeries } from './series-sql.ts'
import type { Movement, RetentionPoint } from './schemas.ts'

export const movementKinds = ['new', 'reactivation', 'expansion', 'contraction', 'churn'] as const
export type MovementKind = (typeof movementKinds)[number]
type MoveRow = { month: number; start: number; end: number; start_n: number; end_n: number } & {
  [K in MovementKind as `${K}_arr`]: number
} & { [K in MovementKind as `${K}_n`]: number }

/** What each kind is worth, of `s` (ARR before) and `e` (after). */
const sizeOf: Record<MovementKind, string> = {
  new: 'e',
  reactivation: 'e',
  expansion: 'e - s',
  contraction: 's - e',
  churn: 's',
}

/**
 * Table `move`: each account's month with its ARR before (`s`) and after (`e`) and the kind of its change, 'same' where there
 * is none; for the months of a span, which stand in the text: of a parameter the engine does not know which blocks it leaves out.
 * @param whose a test on `r` and `c`, the account
 */
const movesSql = (whose: string, { from, to }: { from: number; to: number }): string => `
  book as (
    select r.month, r.account_id, r.arr_cents
    from revenue_month r
    join customer c using (account_id)
    where r.arr_cents > 0 and ${whose}
  ),
  pair as materialized (
    select
      coalesce(b.month, a.month + 1) as month,
      coalesce(b.account_id, a.account_id) as account_id,
      coalesce(a.arr_cents, 0) as s,
      coalesce(b.arr_cents, 0) as e
    from (select * from book where month between ${from} and ${to}) b
    full join (select * from book where month between ${from - 1} and ${to - 1}) a
      on a.account_id = b.account_id and a.month = b.month - 1
  ),
  -- Asked of those alone who begin to pay.
  first as (
    select account_id, min(month) as month
    from book
    where account_id in (select account_id from pair where s = 0)
    group by 1
  ),
  move as (
    select
      p.month, p.account_id, p.s, p.e,
      case
        when s = 0 and e > 0 then case when p.month = first.month then 'new' else 'reactivation' end
        when s > 0 and e = 0 then 'churn'
        when e > s then 'expansion'
        when e < s then 'contraction'
        else 'same'
      end as kind
    from pair p
    left join first using (account_id)
  )`

const inSegment = `
  and r.account_id in (
    select account_id
    from (select account_id, arg_max(value, valid_from) as value from attribute where key = $1 group by 1)
    where value = $2
  )`
const inBook = (segment: object | null) => `c.excluded_reason is null ${segment ? inSegment : ''}`

/**
 * The bridge of each month from the month-end before, per customer: start + new + reactivation + expansion − contraction −
 * churn = end. New is a customer's first ARR ever; one that paid before and stopped is a reactivation.
 * @param segment of the account now: a bridge compares one set of accounts over time
 */
export async function readMovements(
  con: Connection,
  from: number,
  to: number,
  segment: { by: string; value: string } | null,
): Promise<Movement[]> {
  return (
    await con.all<MoveRow>(
      `
    with ${movesSql(inBook(segment), { from, to })} select month, ${moveSums}
    from move group by month order by month`,
      segment ? [segment.by, segment.value] : [],
    )
  ).map(movementOf)
}

/** The bridges of all segments in one pass; accounts without a value of the attribute are in none. */
export async function readMovementsBySegment(
  con: Connection,
  from: number,
  to: number,
  by: string,
): Promise<(Movement & { segment: string })[]> {
  const rows = await con.all<MoveRow & { segment: string }>(
    `
      with ${movesSql(inBook(null), { from, to })},
      latest as (
        select account_id, arg_max(value, valid_from) as value
        from attribute
        where key = $1
        group by 1
      )
      select l.value as segment, month, ${moveSums}
      from move
      join latest l using (account_id)
      where l.value is not null
      group by l.value, month
      order by month, l.value`,
    [by],
  )
  return rows.map((r) => ({ ...movementOf(r), segment: r.segment }))
}

const sumsOfKind = (kind: (typeof movementKinds)[number]) => `
  coalesce(sum(${sizeOf[kind]}) filter (kind = '${kind}'), 0)::bigint as ${kind}_arr,
  count(*) filter (kind = '${kind}') as ${kind}_n`

const moveSums = `
  sum(s)::bigint as start,
  sum(e)::bigint as "end",
  count(*) filter (s > 0) as start_n,
  count(*) filter (e > 0) as end_n,
  ${movementKinds.map(sumsOfKind).join(', ')}`

const movementOf = (r: MoveRow): Movement => ({
  month: monthText(r.month),
  start: r.start / 100,
  new: r.new_arr / 100,
  reactivation: r.reactivation_arr / 100,
  expansion: r.expansion_arr / 100,
  contraction: r.contraction_arr / 100,
  churn: r.churn_arr / 100,
  end: r.end / 100,
  accounts: {
    start: r.start_n,
    new: r.new_n,
    reactivation: r.reactivation_n,
    expansion: r.expansion_n,
    contraction: r.contraction_n,
    churn: r.churn_n,
    end: r.end_n,
  },
})

/** The months of a bridge: those asked for, as far as two months of revenue allow; else the last twelve. */
export function movementSpan(
  asked: { from?: string | undefined; to?: string | undefined },
  known: { first: number; last: number },
): { from: number; to: number } {
  const to = asked.to ? Math.min(monthIndex(asked.to), known.last) : known.last
  return { from: Math.max(known.first + 1, asked.from ? monthIndex(asked.from) : to - 11), to }
}

export interface AccountMove extends FoundCustomer {
  month: number
  before: number
  after: number
  size: number
}

export interface AccountMoves {
  rows: AccountMove[]
  total: number
  accounts: number
  size: number
}

/** A page of the accounts behind a bar, the largest first: one row for each account and month in which it moved that way; and what all of them sum to. */
export async function readAccountMoves(
  con: Connection,
  range: { from: number; to: number },
  kind: MovementKind,
  segment: { by: string; value: string } | null,
  page: { offset: number; limit: number },
): Promise<AccountMoves> {
  const rows = await con.all<AccountMove & { total: number; accounts: number; all_size: number }>(
    `
      with ${movesSql(inBook(segment), range)},
      moved as materialized (
        select account_id, month, s as before, e as after, ${sizeOf[kind]} as size
        from move
        where kind = '${kind}'
      ),
      whole as (
        select
          count(*) as total,
          count(distinct account_id) as accounts,
          coalesce(sum(size), 0)::bigint as all_size
        from moved
      )
      select
        ${customerColumns}, m.month, m.before, m.after, m.size,
        whole.total, whole.accounts, whole.all_size
      from whole
      left join moved m on true
      left join customer c on c.account_id = m.account_id
      order by m.size desc nulls last, c.ext_id, m.month
      limit ${page.limit} offset ${page.offset}`,
    segment ? [segment.by, segment.value] : [],
  )
  const whole = rows[0]
  return {
    rows: rows.filter((r) => r.ext_id !== null),
    total: whole?.total ?? 0,
    accounts: whole?.accounts ?? 0,
    size: whole?.all_size ?? 0,
  }
}

/** One account's months, whether or not it counts in the book: its ARR after each, and what kind of change that was. */
export const readMovesOf = (
  con: Connection,
  range: { from: number; to: number },
  accountId: number,
): Promise<{ month: number; before: number; after: number; kind: MovementKind | 'same' }[]> =>
  con.all(
    `
    with ${movesSql('r.account_id = $1', range)} select month, s as before, e as after, kind from move order by month`,
    [accountId],
  )

/** Closed cohorts of each month: the accounts with ARR `window` months before, by their segment then. */
export async function readRetentionTrend(
  con: Connection,
  months: readonly number[],
  window: number,
  query: Pick<BlockQuery, 'segmentBy' | 'bands' | 'andBy' | 'andBands'>,
): Promise<z.infer<typeof RetentionPoint>[]> {
  const found = await readBookSeries(
    con,
    { ...query, adoptionMonths: 1, bitBase: 0, entitlement: 'unknown' },
    months.map((month) => ({ month: month - window, endMonth: month })),
  )
  return months.flatMap((month) => {
    const rows = found.filter((r) => r.month === month)
    const all = rows.reduce(
      (sum, r) => ({
        month,
        segment: 'All',
        n: sum.n + r.n,
        start: sum.start + r.start,
        finish: sum.finish + r.finish,
        kept: sum.kept + r.kept,
        alive: sum.alive + r.alive,
      }),
      { month, segment: 'All', n: 0, start: 0, finish: 0, kept: 0, alive: 0 },
    )
    return [all, ...rows].map((r) => {
      const mark = markOf(r.n)
      const shown = mark !== 'suppressed' && r.start > 0
      return {
        month: monthText(month),
        segment: r.segment,
        accounts: r.n,
        arrStart: r.start / 100,
        arrEnd: r.finish / 100,
        mark,
        nrr: shown ? r.finish / r.start : null,
        grr: shown ? r.kept / r.start : null,
        logo: shown ? r.alive / r.n : null,
      }
    })
  })
}

type Sum = z.infer<typeof Movement>

/** The bridge in a sentence: from where to where, and the largest movement each way. */
export function sayMovements(total: Sum, span: { months: number; currency: string; segment: string | null }): Answer {
  const money = (amount: number) => shortMoney(Math.abs(amount), span.currency)
  const change = total.end - total.start
  const largest = (kinds: [name: string, amount: number][]) =>
    kinds.reduce((a, b) => (Math.abs(b[1]) > Math.abs(a[1]) ? b : a))
  const [gain, gained] = largest([
    ['new accounts', total.new],
    ['expansion', total.expansion],
    ['accounts that came back', total.reactivation],
  ])
  const [loss, lost] = largest([
    ['churn', total.churn],
    ['contraction', total.contraction],
  ])
  const whose = span.segment === null ? 'ARR' : `ARR of ${span.segment}`
  const how =
    change === 0
      ? `stayed at ${money(total.end)}`
      : `${change > 0 ? 'rose' : 'fell'} from ${money(total.start)} to ${money(total.end)}`
  const moves = [
    gained === 0 ? '' : `most was won by ${gain}, ${money(gained)}`,
    lost === 0 ? 'nothing was lost' : `most was lost to ${loss}, ${money(lost)}`,
  ].filter(Boolean)
  return {
    text: `${whose} ${how} in ${plural(span.months, 'month', 'months')}: ${moves.join('; ')}.`,
    caveat:
      total.accounts.start === total.accounts.end
        ? `${plural(total.accounts.end, 'account pays', 'accounts pay')}, as many as at the start.`
        : `${plural(total.accounts.end, 'account pays', 'accounts pay')}, ${total.accounts.start.toLocaleString('en-GB')} at the start.`,
  }
}
