/** The named forms of NRR side by side on one book, what stands between them, and what a switch in its making moves. */
import { z } from 'zod'
import { operation } from '../../../platform/operation.ts'
import { dayLiteral, textLiteral } from '../../../platform/warehouse/literals.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { Month } from '../../datasets/schemas.ts'
import { markOf } from '../../statistics/intervals.ts'
import { DataName, DataText } from '../../../platform/field-types.ts'
import {
  groups,
  laddersOf,
  variants,
  type BookSums,
  type Group,
  type GroupSums,
  type MonthSums,
  type Moves,
} from './variants.ts'
import { monthEnd, monthIndex, monthText } from '../../../platform/calendar/month.ts'
import { percent, plural, shortDay, shortMonth } from '../../../platform/wording.ts'
import { noValue, wornSql } from '../ground/adoption-sql.ts'
import { Answer, currencyOf, readStanding, revenueMonths, Standing } from '../ground/asking.ts'
import { readSwitches, Switches } from './switches.ts'
import { inWarehouse } from '../../../platform/warehouse/in-warehouse.ts'

export const NrrVariantsInput = z.object({
  month: Month.optional().describe('the end of the window; the last complete month where absent'),
  window: z.int().min(1).max(36).default(12),
  segmentBy: DataName.default('segment'),
  segment: DataText.optional().describe('all accounts where absent; as it was at the window’s start'),
  leaveOutPastDue: z.boolean().default(false),
  leaveOutEscalators: z.boolean().default(false),
  countOneOffs: z.boolean().default(false),
})
export type NrrVariantsInput = z.infer<typeof NrrVariantsInput>

const VariantRow = z.object({
  key: z.string(),
  name: z.string(),
  usedBy: z.string(),
  value: z.number().nullable(),
  difference: z.number().nullable().describe('from the closed cohort'),
  accounts: z.int(),
  mark: z.enum(['ok', 'directional', 'suppressed']),
  formula: z.string(),
  base: z.string(),
  reactivation: z.string(),
  newInWindow: z.string(),
  source: z.string(),
})
export type VariantRow = z.infer<typeof VariantRow>
const StepRow = z.object({
  from: z.string(),
  to: z.string(),
  text: z.string(),
  why: z.string(),
  change: z.number(),
  accounts: z.int(),
  arr: z.number(),
})
export type StepRow = z.infer<typeof StepRow>

export const NrrVariants = z.object({
  answer: Answer,
  standing: Standing,
  month: Month,
  base: Month.nullable(),
  window: z.int(),
  problem: z.string().nullable(),
  segments: z.array(z.string()),
  grr: z.number().nullable(),
  rows: z.array(VariantRow),
  steps: z.array(StepRow),
  switches: Switches.nullable(),
})
export type NrrVariants = z.infer<typeof NrrVariants>

/** Accounts that count, of the segment where one is named: its value at the window's start, before the first known the earliest. */
export function whoSql(base: number, isAll: boolean): string {
  const day = dayLiteral(monthEnd(base))
  if (isAll) return `who as (select account_id from customer where excluded_reason is null)`
  return `
    ${wornSql('worn', '$1', day)},
    who as (
      select c.account_id
      from customer c
      left join worn w using (account_id)
      where c.excluded_reason is null and coalesce(nullif(trim(w.value), ''), ${textLiteral(noValue)}) = $2
    )`
}

type MoveRow = { grp: Group; accounts: number; arr_end: number; moved: number } & {
  [K in keyof Moves as `${K}_arr`]: number
} & { [K in keyof Moves as `${K}_n`]: number }
const kinds: (keyof Moves)[] = ['expansion', 'contraction', 'churn', 'reactivation', 'new']

/** Of one month within the window: what was paid at its start and at its end, as columns of an account. A case costs a third of a filter. */
const monthSums = (start: string, end: string): string => {
  const sum = (test: string, amount: string) => `coalesce(sum(case when ${test} then ${amount} else 0 end), 0)`
  return `{
  start: coalesce(sum(${start}), 0)::double,
  "end": ${sum(`${start} > 0`, end)}::double,
  churn: ${sum(`${end} = 0`, start)}::double,
  contraction: ${sum(`${end} > 0 and ${end} < ${start}`, `${start} - ${end}`)}::double,
  expansion: ${sum(`${start} > 0 and ${end} > ${start}`, `${end} - ${start}`)}::double,
  accounts: ${sum(`${start} > 0`, '1')}::bigint,
  contracted: ${sum(`${end} > 0 and ${end} < ${start}`, '1')}::bigint
}`
}

/**
 * The sums of the window, from the months of revenue, in one statement that reads them once: a row for each account with a column for
 * each month, so that a movement is the difference of two columns. Who was there at the first month known signed up before it, nobody
 * knows when: no sign-up cohort of theirs is made.
 */
export async function readBookSums(
  con: Connection,
  base: number,
  to: number,
  segment: { by: string; value: string } | null,
): Promise<BookSums> {
  const window = to - base
  const range = (from: number, last: number) => Array.from({ length: last - from + 1 }, (_, i) => from + i)
  const at = (month: number) => `m${month}`
  const columns = [...new Set([...range(base, to), ...range(to - 12, to)])]
  const pairs = range(base + 1, to).map((month) => [at(month - 1), at(month)] as const)
  const added = (each: (start: string, end: string) => string) =>
    pairs.map(([start, end]) => `case when ${each(start, end)} else 0 end`).join(' + ')
  const cohorts = range(to - window - 11, to - window)
  const row = (await con.one<{
    moved: MoveRow[] | null
    months: MonthSums[]
    n: number
    s: number
    e: number
    kept: number
    yn: number
    ys: number
    ye: number
    cohorts: number
    cn: number
    cs: number
    ce: number
  }>(
    `
      with ${whoSql(base, segment === null)},
      first as (
        select r.account_id, min(r.month) as first
        from revenue_month r
        join who on who.account_id = r.account_id
        where r.arr_cents > 0 and r.month <= ${to}
        group by r.account_id
      ),
      book as materialized (
        select f.*, ${columns.map((m) => `coalesce(${at(m)}.arr_cents, 0) as ${at(m)}`).join(', ')}
        from first f
        ${columns
          .map(
            (m) => `
        left join (select account_id, arr_cents from revenue_month where month = ${m} and arr_cents > 0) ${at(m)}
          on ${at(m)}.account_id = f.account_id`,
          )
          .join('')}
      ),
      moves as (
        select
          case when ${at(base)} > 0 then 'cohort' when first < ${base} then 'returned' else 'won' end as grp,
          ${at(to)} as arr_end,
          ${added((s, e) => `${s} > 0 and ${e} > ${s} then ${e} - ${s}`)} as expansion,
          ${added((s, e) => `${e} > 0 and ${e} < ${s} then ${s} - ${e}`)} as contraction,
          ${added((s, e) => `${e} = 0 then ${s}`)} as churn,
          case first ${range(base + 1, to)
            .map((m) => `when ${m} then ${at(m)}`)
            .join(' ')} else 0 end as new,
          ${added((s, e) => `${s} = 0 then ${e}`)} - new as reactivation
        from book
        where greatest(${range(base, to).map(at).join(', ')}) > 0
      ),
      moved as (
        select
          grp,
          count(*) as accounts,
          sum(arr_end)::double as arr_end,
          count(*) filter (expansion + contraction + churn > 0) as moved,
          ${kinds.map((k) => `sum("${k}")::double as ${k}_arr, count(*) filter ("${k}" > 0) as ${k}_n`).join(', ')}
        from moves
        group by grp
      ),
      signed as (
        select
          count(distinct first) as cohorts,
          count(*) as cn,
          coalesce(sum(r.arr_cents), 0)::double as cs,
          coalesce(sum(case first ${cohorts.map((m) => `when ${m} then ${at(m + window)}`).join(' ')} end), 0)::double as ce
        from book b
        join revenue_month r on r.account_id = b.account_id and r.month = b.first
        where b.first between ${cohorts[0]} and ${cohorts.at(-1)}
          and r.month between ${cohorts[0]} and ${cohorts.at(-1)}
          and b.first > (select min(month) from revenue_month)
      ),
      ends as (
        select
          count(*) filter (${at(base)} > 0) as n,
          coalesce(sum(${at(base)}), 0)::double as s,
          coalesce(sum(${at(to)}) filter (${at(base)} > 0), 0)::double as e,
          coalesce(sum(least(${at(base)}, ${at(to)})), 0)::double as kept,
          count(*) filter (${at(to - 12)} > 0) as yn,
          coalesce(sum(${at(to - 12)}), 0)::double as ys,
          coalesce(sum(${at(to)}) filter (${at(to - 12)} > 0), 0)::double as ye,
          [${pairs.map(([start, end]) => monthSums(start, end)).join(', ')}] as months
        from book
      )
      select (select list(g) from moved g) as moved, ends.*, signed.*
      from ends, signed`,
    segment ? [segment.by, segment.value] : [],
  ))!
  return {
    accounts: row.n,
    start: row.s,
    end: row.e,
    kept: row.kept,
    year: { accounts: row.yn, start: row.ys, end: row.ye },
    signups: { cohorts: row.cohorts, accounts: row.cn, start: row.cs, end: row.ce },
    moves: movesOf(row.moved ?? []),
    months: row.months,
  }
}

function movesOf(rows: readonly MoveRow[]): Record<Group, GroupSums> {
  const of = (group: Group): GroupSums => {
    const row = rows.find((r) => r.grp === group)
    const pick = (end: 'arr' | 'n') =>
      Object.fromEntries(kinds.map((k) => [k, row?.[`${k}_${end}`] ?? 0])) as unknown as Moves
    return {
      accounts: row?.accounts ?? 0,
      arrEnd: row?.arr_end ?? 0,
      moved: row?.moved ?? 0,
      arr: pick('arr'),
      n: pick('n'),
    }
  }
  return Object.fromEntries(groups.map((g) => [g, of(g)])) as Record<Group, GroupSums>
}

/** A form is shown by its own base: suppressed below 10 accounts. */
export function rowsOf(sums: BookSums): VariantRow[] {
  const shown = (value: number | null, accounts: number) => (markOf(accounts) === 'suppressed' ? null : value)
  const ours = shown(variants[0]!.value(sums), sums.accounts)
  return variants.map(({ value: compute, accounts: count, ...said }) => {
    const accounts = count(sums)
    const value = shown(compute(sums), accounts)
    return {
      ...said,
      accounts,
      value,
      difference: value === null || ours === null ? null : value - ours,
      mark: value === null ? 'suppressed' : markOf(accounts),
    }
  })
}

export const analyseNrrVariants = operation({
  name: 'insights.analyses.nrrVariants',
  summary: 'The named forms of NRR side by side on one book, and why they differ',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data', 'workspaces'],
  command: 'insights analyse nrr-variants',
  input: NrrVariantsInput,
  output: NrrVariants,
  example: () => ({ window: 12 }),
  csv: {
    fileName: (o) => `nrr-variants-${o.month}.csv`,
    rows: (o) => o.rows.map(({ newInWindow, usedBy, ...r }) => ({ ...r, used_by: usedBy, new_in_window: newInWindow })),
  },
  async run(context, input) {
    const currency = await currencyOf(context)
    return inWarehouse(context, async (con) => {
      const range = await revenueMonths(con, context.now().toISOString())
      const to = Math.min(Math.max(input.month ? monthIndex(input.month) : range.last, range.first), range.last)
      const base = to - input.window
      const values = await con.all<{ value: string }>(
        'select distinct value from attribute where key = $1 and value is not null order by 1',
        [input.segmentBy],
      )
      const said = {
        currency,
        period: `${shortDay(monthEnd(base))} to ${shortDay(monthEnd(to))}, by month-ends`,
        definitions: ['nrr', 'nrr-variants', 'movements', 'fx', 'past-due', 'escalator', 'one-off'],
      }
      const common = { month: monthText(to), window: input.window, segments: values.map((v) => v.value) }
      if (base < range.first) {
        const problem = `Revenue is known from ${shortMonth(monthText(range.first))} on, so a window of ${input.window} months to ${shortMonth(common.month)} does not fit. The longest that fits is ${to - range.first}.`
        return {
          ...common,
          base: null,
          problem,
          grr: null,
          rows: [],
          steps: [],
          switches: null,
          answer: { text: problem, caveat: null },
          standing: await readStanding(con, { ...said, base: 'nobody', notes: [] }, []),
        }
      }
      const segment = input.segment === undefined ? null : { by: input.segmentBy, value: input.segment }
      const sums = await readBookSums(con, base, to, segment)
      const rows = rowsOf(sums)
      const isShown = rows[0]!.value !== null
      const switches = await readSwitches(con, {
        base,
        to,
        isLatest: to === range.last,
        who: whoSql(base, segment === null),
        params: segment ? [segment.by, segment.value] : [],
        chosen: input,
      })
      return {
        ...common,
        base: monthText(base),
        problem: null,
        grr: isShown ? sums.kept / sums.start : null,
        rows,
        steps: isShown ? laddersOf(sums).map((s) => ({ ...s, arr: s.arr / 100 })) : [],
        switches: isShown ? switches : null,
        answer: answerOf(rows, isShown ? laddersOf(sums) : [], sums.accounts, {
          ...common,
          segment: input.segment ?? null,
        }),
        standing: await readStanding(
          con,
          {
            ...said,
            base: `${plural(sums.accounts, 'account', 'accounts')} with ARR at the start${input.segment ? `, ${input.segmentBy} ${input.segment} then` : ''}`,
            notes: [
              'Days are month-ends: a rolling window of 30 days is read as the month before.',
              `Sign-up cohorts: ${plural(sums.signups.cohorts, 'month', 'months')} of sign-ups with ${plural(sums.signups.accounts, 'account', 'accounts')}; accounts that were there at the first month known are in none.`,
            ],
          },
          [],
        ),
      }
    })
  },
})

function answerOf(
  rows: readonly VariantRow[],
  steps: readonly { text: string; change: number }[],
  accounts: number,
  c: { month: string; window: number; segment: string | null },
): Answer {
  const ours = rows[0]!.value
  if (ours === null)
    return {
      text: `The cohort holds ${plural(accounts, 'account', 'accounts')}, too few to say NRR in percent.`,
      caveat: 'It takes ten accounts with ARR at the start of the window.',
    }
  // A figure of one month is no figure of the window, so it is no end of the range.
  const values = rows.filter((r) => r.key !== 'rolling-month').flatMap((r) => r.value ?? [])
  const whose = c.segment === null ? '' : ` of ${c.segment}`
  const low = Math.min(...values)
  const high = Math.max(...values)
  const period = `${plural(c.window, 'month', 'months')} to ${shortMonth(c.month)}`
  const others =
    exact(low) === exact(high)
      ? 'the same by every other form'
      : `anything from ${exact(low)} to ${exact(high)} by the form a tool uses`
  const text = [
    `On one book, NRR${whose} over ${period} is ${exact(ours)} by the closed cohort,`,
    `and ${others}.`,
  ].join(' ')
  const largest = [...steps]
    .filter((s) => !s.text.startsWith('One month'))
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change))[0]
  return {
    text,
    caveat:
      largest && Math.abs(largest.change) >= 0.0005
        ? `The largest step: ${largest.text.charAt(0).toLowerCase()}${largest.text.slice(1)}, ${points(largest.change)}.`
        : `The forms agree here to ${percent(0.0005)}.`,
  }
}

const exact = (rate: number) => `${(rate * 100).toFixed(1)} %`
const points = (change: number) => `${change < 0 ? '−' : '+'}${Math.abs(change * 100).toFixed(1)} points`
