/** What changed since last month: facts of both months, told by the rules of `change-rules.ts`. */
import { z } from 'zod'
import { operation, type WorkspaceContext } from '../../../platform/operation.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { dayLiteral } from '../../../platform/warehouse/literals.ts'
import { Month } from '../../datasets/schemas.ts'
import { addDays, daysBetween, monthEnd, monthIndex, monthText } from '../../../platform/calendar/month.ts'
import { plural, shortDay } from '../../../platform/wording.ts'
import { renewalWindow } from '../ground/accounts-behind.ts'
import type { History } from '../ground/adoption.ts'
import { questionParts, type BlockQuery } from '../ground/adoption-sql.ts'
import { Answer, blockQuery, currencyOf, needHistory, pickMonth, readStanding, Standing } from '../ground/asking.ts'
import {
  allSegments,
  findCaveats,
  findChanges,
  movementShare,
  type AdoptionAt,
  type ChangeFacts,
} from '../ground/change-rules.ts'
import { pairsSql } from '../ground/entitled.ts'
import { movementKinds, readMovements } from '../ground/revenue.ts'
import { SegmentBy } from '../ground/schemas.ts'
import { adoptionRange } from '../ground/silence.ts'
import { inWarehouse } from '../../../platform/warehouse/in-warehouse.ts'

export const WhatChangedInput = SegmentBy.extend({
  month: Month.optional().describe('compared with the month before; the last complete one where absent'),
  adoptionMonths: z.int().min(1).max(12).default(3),
})
const ChangeRow = z.object({
  rule: z.enum(['adoption', 'movement', 'stopped', 'renewals']),
  text: z.string(),
  arr: z.number().describe('the ARR concerned, by which changes are ranked'),
  accounts: z.int(),
  feature: z.string().nullable(),
  segment: z.string().nullable(),
  kind: z.enum(movementKinds).nullable(),
  rises: z.boolean().nullable(),
})
const WhatChanged = z.object({
  answer: Answer,
  standing: Standing,
  month: Month,
  before: Month,
  rows: z.array(ChangeRow),
  caveats: z.array(z.object({ rule: z.enum(['volume', 'unmapped']), text: z.string() })),
})

export type Both = [was: BlockQuery & { tag: string }, now: BlockQuery & { tag: string }]
export const twoMonths = async (
  con: Connection,
  input: z.output<typeof WhatChangedInput>,
  month: number,
): Promise<Both> => {
  const [was, now] = [await blockQuery(con, input, month - 1), await blockQuery(con, input, month)]
  return [
    { ...was, tag: '_was' },
    { ...now, tag: '_now' },
  ]
}

interface Cell {
  block: string
  segment: string
  feature_id: number | null
  feature: string
  n: number
  adopter_n: number
  adopter_arr_sum: number
}

/** Of the cells of both months: each feature within each segment, and over all of them. */
function adoptionOf(found: readonly Cell[]): ChangeFacts['adoption'][number][] {
  const cells = new Map<string, { segment: string; feature: string; before: AdoptionAt; now: AdoptionAt }>()
  const none = (): AdoptionAt => ({ eligible: 0, adopters: 0, arrAdopters: 0 })
  for (const row of found) {
    if (row.feature_id === null) continue
    for (const segment of [allSegments, row.segment]) {
      const key = `${segment}\u0000${row.feature}${segment === row.segment ? '' : '\u0000'}`
      const cell = cells.get(key) ?? { segment, feature: row.feature, before: none(), now: none() }
      const side = row.block === '_now' ? cell.now : cell.before
      side.eligible += row.n
      side.adopters += row.adopter_n
      side.arrAdopters += row.adopter_arr_sum / 100
      cells.set(key, cell)
    }
  }
  return [...cells.values()]
}

/** The table `turned`: pairs that were adopted at the one month and are not at the other, of accounts in the book and entitled at both. */
const turnedSql = (was: string, now: string, turn: 'stopped' | 'started'): string => `
  turned as (
    select n.account_id, n.segment, n.arr, n.feature_id
    from pair${now} n
    join pair${was} w on w.account_id = n.account_id and w.feature_id = n.feature_id
    where n.measured = 1
      and w.measured = 1
      and ${turn === 'stopped' ? 'w.adopted = 1 and n.adopted = 0' : 'w.adopted = 0 and n.adopted = 1'}
  )`

/** The same with all that it stands on. */
export const turnedTables = (both: Both, of: string, turn: 'stopped' | 'started'): string => `
  ${both.map((q) => pairsSql(q, of)).join(', ')},
  ${turnedSql(both[0].tag, both[1].tag, turn)}`

interface CoreFacts {
  stopped: { feature: string; accounts: number; arr: number }[]
  renewals: { accounts: number; arr: number; notAll: number }
}

/** Adoption at both months, who stopped using a core feature, and what renews in a span of days: of the same books, so in one statement. */
async function readBooks(
  con: Connection,
  both: Both,
  window: { from: string; to: string },
): Promise<CoreFacts & { adoption: ChangeFacts['adoption'][number][] }> {
  const { tables, rows } = questionParts(both)
  const core = both.map((q) => ({ book: q.tag, q: { ...q, tag: `_core${q.tag}` } }))
  const row = await con.one<CoreFacts['renewals'] & { stopped: CoreFacts['stopped'] | null; cells: Cell[] | null }>(`
    with ${tables},
    ${core.map(({ q, book }) => pairsSql(q, 'f.is_core', book)).join(', ')},
    ${turnedSql(core[0]!.q.tag, core[1]!.q.tag, 'stopped')},
    stopped as (
      select f.name as feature, count(*) as accounts, sum(t.arr)::bigint / 100.0 as arr
      from turned t
      join feature f using (feature_id)
      group by f.name
    ),
    ${renewingSql(core[1]!.q.tag, core[1]!.book, window)},
    cell as (${rows})
    select
      count(*) as accounts,
      coalesce(sum(arr), 0)::bigint / 100.0 as arr,
      count(*) filter (not_all) as "notAll",
      (select list(stopped) from stopped) as stopped,
      (select list(cell) from cell) as cells
    from renewing`)
  const { stopped, cells, ...renewals } = row!
  return { stopped: stopped ?? [], renewals, adoption: adoptionOf(cells ?? []) }
}

/** The days by which the 90 days moved on since the month before. */
export function cameIn(month: number, today: string): { from: string; to: string } {
  const { from, to } = renewalWindow(month, today)
  const newFrom = addDays(to, 1 - daysBetween(monthEnd(month - 1), monthEnd(month)))
  return { from: newFrom > from ? newFrom : from, to }
}

/** The table `renewing`: accounts of `acc` that renew in a span of days, and whether they lack one of the features of `pair`. */
export const renewingSql = (pairs: string, book: string, { from, to }: { from: string; to: string }): string => `
  core as (
    select account_id, count(*) > sum(adopted) as not_all
    from pair${pairs}
    where measured = 1
    group by 1
  ),
  renewing as (
    select acc.account_id, acc.segment, acc.arr, coalesce(core.not_all, false) as not_all
    from acc${book} acc
    join customer c on c.account_id = acc.account_id
    left join core on core.account_id = acc.account_id
    where c.renewal_date between ${dayLiteral(from)} and ${dayLiteral(to)}
  )`

/** Events by known day, and the share of matched events that belong to no feature. */
async function readEvents(con: Connection, month: number, history: History): Promise<ChangeFacts['events']> {
  const months = [month - 1, month].filter((m) => m >= history.firstUsageMonth || m === month)
  const span = (m: number) => {
    const first = `${monthText(m)}-01`
    const last = monthEnd(m) < history.lastUsageDay ? monthEnd(m) : history.lastUsageDay
    return { first, last, days: daysBetween(first, last) + 1 }
  }
  const rows = await con.all<{ month: number; events: number; matched: number; unmapped: number }>(`
    with span as (${months.map((m) => `select ${m} as month, date '${span(m).first}' as first, date '${span(m).last}' as last`).join(' union all ')}),
    named as (
      select s.month, sum(n.events)::bigint as events
      from span s
      join r_name n on n.day between s.first and s.last
      group by 1
    ),
    used as (
      select month, sum(events)::bigint as matched, coalesce(sum(events) filter (feature_id = 0), 0)::bigint as unmapped
      from r_month
      where feature_id >= 0 and month in (${months.join(', ')})
      group by 1
    )
    select
      s.month,
      coalesce(n.events, 0) as events,
      coalesce(u.matched, 0) as matched,
      coalesce(u.unmapped, 0) as unmapped
    from span s
    left join named n on n.month = s.month
    left join used u on u.month = s.month`)
  const of = (m: number) => {
    const row = rows.find((r) => r.month === m)
    return row && { byDay: row.events / span(m).days, unmapped: row.matched === 0 ? 0 : row.unmapped / row.matched }
  }
  const now = of(month)!
  const before = of(month - 1)
  return {
    before: before?.byDay ?? null,
    now: now.byDay,
    unmappedBefore: before?.unmapped ?? null,
    unmappedNow: now.unmapped,
  }
}

export async function readFacts(
  con: Connection,
  month: number,
  input: z.output<typeof WhatChangedInput>,
  asked: { currency: string; today: string; history: History },
): Promise<ChangeFacts> {
  const both = await twoMonths(con, input, month)
  const window = cameIn(month, asked.today)
  const [moved] = await readMovements(con, month, month, null)
  const { adoption, stopped, renewals } = await readBooks(con, both, window)
  return {
    currency: asked.currency,
    adoption,
    stopped,
    start: moved?.start ?? 0,
    movements: moved ? movementKinds.map((kind) => ({ kind, arr: moved[kind], accounts: moved.accounts[kind] })) : [],
    renewals: { ...renewals, ...window },
    events: await readEvents(con, month, asked.history),
  }
}

export const analyseWhatChanged = operation({
  name: 'insights.analyses.whatChanged',
  summary: 'What changed since the month before, by fixed rules, by the ARR concerned',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data', 'workspaces'],
  command: 'insights analyse what-changed',
  input: WhatChangedInput,
  output: WhatChanged,
  example: () => ({ month: '2025-12' }),
  csv: {
    fileName: (o) => `what-changed-${o.month}.csv`,
    rows: (o) =>
      o.rows.map((r) => ({
        month: o.month,
        rule: r.rule,
        text: r.text,
        arr: r.arr,
        accounts: r.accounts,
        feature: r.feature,
        segment: r.segment,
        movement: r.kind,
      })),
  },
  async run(context: WorkspaceContext, input) {
    const currency = await currencyOf(context)
    const today = context.now().toISOString().slice(0, 10)
    return inWarehouse(context, async (con) => {
      const history = await needHistory(con)
      const month = monthIndex(pickMonth(input.month, history))
      const facts = await readFacts(con, month, input, { currency, today, history })
      const rows = findChanges(facts)
      const caveats = findCaveats(facts)
      const standing = await readStanding(
        con,
        {
          currency,
          period: `${shortDay(monthEnd(month - 1))} to ${shortDay(monthEnd(month))}`,
          base: 'Accounts with ARR; excluded ones are left out; segments as they were at each day',
          notes: [
            'Adoption is told where each month’s rate lies outside the other’s 95 % interval, with at least 10 eligible accounts at both; its ARR is by how much that of the adopters changed.',
            `A movement is told from ${movementShare * 100} % of the ARR at the start on. Who stopped was an adopter of a core feature a month before, pays, is entitled, and is none now.`,
            `Adoption is any use in the ${plural(input.adoptionMonths, 'full month', 'full months')} to the day, so one silent month shows late.`,
          ],
          definitions: ['what-changed', 'adoption-rate', 'movements', 'adopter', 'wilson'],
        },
        [adoptionRange(month, input.adoptionMonths, 1)],
      )
      const text =
        rows.length === 0
          ? `Nothing stands out between ${shortDay(monthEnd(month - 1))} and ${shortDay(monthEnd(month))}.`
          : rows.length === 1
            ? rows[0]!.text
            : `${rows[0]!.text} ${plural(rows.length - 1, 'other change stands', 'other changes stand')} out.`
      return {
        answer: { text, caveat: caveats.length > 0 ? caveats.map((c) => c.text).join(' ') : null },
        standing,
        month: monthText(month),
        before: monthText(month - 1),
        rows,
        caveats,
      }
    })
  },
})
