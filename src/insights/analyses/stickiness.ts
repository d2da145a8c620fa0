/** How often people come back: users of a day, a week and 28 days, and the shares between them, every week of a span. */
import { z } from 'zod'
import { operation, type WorkspaceContext } from '../../platform/operation.ts'
import { duckdb } from '../../platform/warehouse/dialect.ts'
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { Day, Month } from '../datasets/schemas.ts'
import { markOf } from '../metrics/intervals.ts'
import { addDays, daysBetween, monthEnd, monthIndex, monthText } from '../month.ts'
import { percent, plural, shortDay } from '../wording.ts'
import type { History } from './adoption-retention.ts'
import { accountsSql, inSegmentOrder, pairOf, segmentingWords, type BlockQuery } from './adoption-sql.ts'
import { Answer, blockQuery, currencyOf, inWarehouse, needHistory, readStanding, Standing } from './asking.ts'
import { pageOf, Paging } from './paging.ts'
import { SegmentBy } from './schemas.ts'
import { futureNote, MarkedShare, namelessNote, noUsers, noUsersNext, pickPastMonth } from './usage.ts'

/** Four whole weeks, so that each window holds every weekday four times. */
export const windowDays = 28
const weeksInWindow = windowDays / 7

export const StickinessInput = SegmentBy.extend({
  month: Month.optional().describe('the last window ends with it; the last complete one where absent'),
  weeks: z.int().min(1).max(104).default(26).describe('windows back from the month’s end, a week apart'),
  workingDays: z.boolean().default(true).describe('Users of a day over Monday to Friday alone'),
})
type Input = z.output<typeof StickinessInput>

export const StickinessPoint = z.object({
  day: Day.describe('the last of the 28 days'),
  segment: z.string(),
  accounts: z.int().describe('of the book'),
  active: z.int().describe('of them with at least one user in the 28 days'),
  dau: z.number().describe('users of a day, mean over the days of the window'),
  wau: z.number().describe('users of a week, mean over its four weeks'),
  mau: z.int().describe('users of the 28 days, each once'),
  perAccount: z
    .object({ dauMau: z.number().nullable(), wauMau: z.number().nullable() })
    .describe('mean over active accounts, each with equal weight'),
  overUsers: z.object({ dauMau: z.number().nullable(), wauMau: z.number().nullable() }).describe('all users together'),
  mark: MarkedShare.shape.mark,
})
export type StickinessPoint = z.infer<typeof StickinessPoint>

interface Sums {
  accounts: number
  active: number
  nameless: number
  mau: number
  wau: number
  dau: number
  wau_share: number
  dau_share: number
}
type Row = { segment: string; p: number } & Sums

const bookMonth = (day: string): number => (monthEnd(monthIndex(day)) <= day ? monthIndex(day) : monthIndex(day) - 1)

interface Window {
  q: BlockQuery
  end: string
  first: number
  last: number
  workingDays: boolean
}

/**
 * Users per account and window, as table `counted`: windows `first` to `last` end so many weeks before `end`. A column for each
 * week, so that there are no more groups than accounts; a window is the or of its four.
 */
function countedSql({ q, end, first, last, workingDays }: Window): string {
  const at = (weeksBack: number) => duckdb.date(addDays(end, -7 * weeksBack))
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
  const weeks = range(first, last + weeksInWindow - 1)
  const of = (p: number, name: string) => range(p, p + weeksInWindow - 1).map((w) => `coalesce(${name}${w}, 0)`)
  return `${accountsSql(q, duckdb)},
  week as ${duckdb.materialized} (select account_id, chunk, ${weeks.map((w) => `bit_or(users) filter (day > ${at(w + 1)} and day <= ${at(w)}) as u${w}, sum(people) filter (day > ${at(w + 1)} and day <= ${at(w)}) as d${w}`).join(', ')}
    from (select day, account_id, chunk, users, ${workingDays ? 'case when isodow(day) <= 5 then bit_count(users) else 0 end' : 'bit_count(users)'}::int as people from a_day where day > ${at(last + weeksInWindow)} and day <= ${at(first)}) group by 1, 2),
  counted as (${range(first, last)
    .map(
      (p) => `select account_id, ${p} as p, sum(bit_count(${of(p, 'u').join(' | ')}))::bigint as mau, sum(${of(p, 'u')
        .map((u) => `bit_count(${u})`)
        .join(
          ' + ',
        )}) / ${weeksInWindow}.0 as wau, sum(${of(p, 'd').join(' + ')}) / ${workingDays ? '20.0' : '28.0'} as dau
    from week where coalesce(${range(p, p + weeksInWindow - 1)
      .map((w) => `u${w}`)
      .join(', ')}) is not null group by account_id`,
    )
    .join(' union all ')})`
}

const sumsSql = (w: Window) => `with ${countedSql(w)}
  select k.segment, k.p, k.accounts, coalesce(u.active, 0) as active, coalesce(u.nameless, 0) as nameless, coalesce(u.mau, 0)::bigint as mau, coalesce(u.wau, 0)::double as wau, coalesce(u.dau, 0)::double as dau, coalesce(u.wau_share, 0)::double as wau_share, coalesce(u.dau_share, 0)::double as dau_share
  from (select segment, p.p as p, count(*) as accounts from acc cross join (select unnest(range(${w.first}, ${w.last + 1})) as p) p group by 1, 2) k
  left join (select acc.segment, c.p, count(*) filter (c.mau > 0) as active, count(*) filter (c.mau = 0) as nameless, sum(c.mau) as mau, sum(c.wau) as wau, sum(c.dau) as dau, sum(c.wau / c.mau) filter (c.mau > 0) as wau_share, sum(c.dau / c.mau) filter (c.mau > 0) as dau_share
    from acc join counted c on c.account_id = acc.account_id group by 1, 2) u on u.segment = k.segment and u.p = k.p`

function pointOf(day: string, segment: string, s: Sums): StickinessPoint {
  const mark = markOf(s.active)
  const shown = mark !== 'suppressed'
  return {
    day,
    segment,
    accounts: s.accounts,
    active: s.active,
    dau: s.dau,
    wau: s.wau,
    mau: s.mau,
    mark,
    perAccount: { dauMau: shown ? s.dau_share / s.active : null, wauMau: shown ? s.wau_share / s.active : null },
    overUsers: { dauMau: shown ? s.dau / s.mau : null, wauMau: shown ? s.wau / s.mau : null },
  }
}

const none: Sums = { accounts: 0, active: 0, nameless: 0, mau: 0, wau: 0, dau: 0, wau_share: 0, dau_share: 0 }
const add = (a: Sums, b: Sums): Sums =>
  Object.fromEntries(Object.keys(none).map((k) => [k, a[k as keyof Sums] + b[k as keyof Sums]])) as unknown as Sums

/** The days on which a window ends, the last first: those whose 28 days are known and that have a book. */
export function windowEnds(
  end: string,
  weeks: number,
  known: { firstUsageDay: string; firstRevenueMonth: number },
): string[] {
  return Array.from({ length: weeks }, (_, i) => addDays(end, -7 * i)).filter(
    (day) => addDays(day, 1 - windowDays) >= known.firstUsageDay && bookMonth(day) >= known.firstRevenueMonth,
  )
}

/** A point for each window and segment, and one over all; the segment is the one at the last month's end before the window's. */
export async function readStickiness(
  con: Connection,
  input: Input,
  month: number,
  ends: readonly string[],
): Promise<{ points: StickinessPoint[]; nameless: number }> {
  const end = monthEnd(month)
  const points: StickinessPoint[] = []
  let nameless = 0
  for (const [book, days] of Map.groupBy(ends, bookMonth)) {
    const back = days.map((day) => daysBetween(day, end) / 7)
    const first = Math.min(...back)
    const last = Math.max(...back)
    const rows = await con.all<Row>(
      sumsSql({ q: await blockQuery(con, input, book), end, first, last, workingDays: input.workingDays }),
    )
    for (const day of days) {
      const mine = rows.filter((r) => r.p === daysBetween(day, end) / 7)
      const all = mine.reduce(add, none)
      if (day === ends[0]) nameless = all.nameless
      points.push(
        pointOf(day, 'All', all),
        ...inSegmentOrder(mine, { segmentBy: input.segmentBy, bands: input.bands ?? [], ...pairOf(input) }).map((r) =>
          pointOf(day, r.segment, r),
        ),
      )
    }
  }
  return { points: points.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0)), nameless }
}

async function pickWindows(
  con: Connection,
  input: Input,
  today: string,
): Promise<{ history: History; month: number; ends: string[] }> {
  const history = await needHistory(con)
  const month = pickPastMonth(input.month, history, today)
  const known = await con.one<{ first: string | null }>('select min(day) as first from a_day')
  return {
    history,
    month,
    ends: known?.first
      ? windowEnds(monthEnd(month), input.weeks, {
          firstUsageDay: known.first,
          firstRevenueMonth: history.firstRevenueMonth,
        })
      : [],
  }
}

function sayStickiness(points: readonly StickinessPoint[], end: string): Answer {
  const all = points.filter((p) => p.segment === 'All')
  const last = all.at(-1)
  const first = all.find((p) => p.mark !== 'suppressed')
  if (!last || last.day !== end)
    return {
      text: `There are no 28 days of usage and a book of revenue before ${shortDay(end)}.`,
      caveat: 'Choose a later month.',
    }
  if (last.mau === 0) return { text: noUsers, caveat: noUsersNext }
  const people = `${plural(last.mau, 'person', 'people')} of ${plural(last.active, 'account', 'accounts')} came in the 28 days to ${shortDay(end)}`
  if (last.perAccount.wauMau === null)
    return {
      text: `${people}, too few accounts for a share.`,
      caveat: 'A share takes at least 10 accounts with users.',
    }
  const then =
    first && first.day !== last.day && first.perAccount.wauMau !== null
      ? `, ${percent(first.perAccount.wauMau)} in those to ${shortDay(first.day)}`
      : ''
  return {
    text: `${people}. In an average account ${percent(last.perAccount.wauMau)} of them come in any one week${then}.`,
    caveat: `Each account counts alike. Over all users together it is ${percent(last.overUsers.wauMau!)}: there an account counts by its users.`,
  }
}

export const analyseStickiness = operation({
  name: 'insights.analyses.stickiness',
  summary: 'Users of a day, a week and 28 days by segment over time, and the shares between them',
  kind: 'read',
  may: 'insights:read',
  command: 'insights analyse stickiness',
  input: StickinessInput,
  example: () => ({ month: '2025-12' }),
  output: z.object({
    answer: Answer,
    standing: Standing,
    month: Month,
    workingDays: z.boolean(),
    points: z.array(StickinessPoint),
    segments: z.array(z.string()),
  }),
  csv: {
    fileName: (o) => `stickiness-${o.month}.csv`,
    rows: (o) =>
      o.points.map(({ perAccount, overUsers, ...p }) => ({
        ...p,
        dau_mau_per_account: perAccount.dauMau,
        wau_mau_per_account: perAccount.wauMau,
        dau_mau_over_users: overUsers.dauMau,
        wau_mau_over_users: overUsers.wauMau,
      })),
  },
  async run(context: WorkspaceContext, input) {
    const currency = await currencyOf(context)
    const today = context.now().toISOString().slice(0, 10)
    return inWarehouse(context, async (con) => {
      const { month, ends } = await pickWindows(con, input, today)
      const { points, nameless } = await readStickiness(con, input, month, ends)
      const found = [...new Set(points.toReversed().map((p) => p.segment))]
        .filter((s) => s !== 'All')
        .map((segment) => ({ segment }))
      return {
        month: monthText(month),
        workingDays: input.workingDays,
        points,
        answer: sayStickiness(points, monthEnd(month)),
        segments: inSegmentOrder(found, { segmentBy: input.segmentBy, bands: input.bands ?? [], ...pairOf(input) }).map(
          (s) => s.segment,
        ),
        standing: await readStanding(con, {
          currency,
          period:
            ends.length === 0
              ? 'No whole window of 28 days'
              : `${plural(ends.length, 'window', 'windows')} of 28 days, a week apart, to ${shortDay(monthEnd(month))}; DAU over ${input.workingDays ? 'Monday to Friday' : 'all seven days'}`,
          base: `Users of accounts with ARR at the month’s end before the window’s; excluded ones are left out; by ${segmentingWords(input)} then`,
          definitions: ['stickiness', 'active-users', 'suppressed'],
          notes: [...namelessNote(nameless), ...(await futureNote(con, today))],
        }),
      }
    })
  },
})

const StickyAccount = z.object({
  accountId: z.string(),
  name: z.string(),
  owner: z.string().nullable(),
  ownerEmail: z.string().nullable(),
  segment: z.string(),
  arr: z.number(),
  renewalDate: Day.nullable(),
  dau: z.number(),
  wau: z.number(),
  mau: z.int(),
  dauMau: z.number().nullable(),
  wauMau: z.number().nullable(),
})
export type StickyAccount = z.infer<typeof StickyAccount>

export const listStickinessAccounts = operation({
  name: 'insights.analyses.stickinessAccounts',
  summary: 'Accounts by how often their people come back, the least often first',
  kind: 'read',
  may: 'insights:accounts',
  sensitive: true,
  command: 'insights analyse stickiness-accounts',
  input: StickinessInput.extend({ segment: z.string().optional() }).extend(Paging.shape),
  example: () => ({ month: '2025-12' }),
  output: z.object({
    currency: z.string(),
    rows: z.array(StickyAccount),
    nextCursor: z.string().nullable(),
    total: z.int(),
    arr: z.number(),
  }),
  target: (input) => input.segment ?? null,
  csv: {
    fileName: () => 'stickiness-accounts.csv',
    rows: (o) =>
      o.rows.map((r) => ({
        account_id: r.accountId,
        name: r.name,
        segment: r.segment,
        owner: r.owner,
        owner_email: r.ownerEmail,
        arr: r.arr,
        renewal_date: r.renewalDate,
        dau: r.dau,
        wau: r.wau,
        mau: r.mau,
        dau_mau: r.dauMau,
        wau_mau: r.wauMau,
      })),
  },
  async run(context: WorkspaceContext, input) {
    const currency = await currencyOf(context)
    return inWarehouse(context, async (con) => {
      const month = pickPastMonth(input.month, await needHistory(con), context.now().toISOString().slice(0, 10))
      const found = await con.all<{
        ext_id: string
        name: string | null
        owner: string | null
        owner_email: string | null
        renewal_date: string | null
        segment: string
        arr: number
        dau: number
        wau: number
        mau: number
      }>(`
        with ${countedSql({ q: await blockQuery(con, input, month), end: monthEnd(month), first: 0, last: 0, workingDays: input.workingDays })}
        select c.ext_id, c.name, c.owner, c.owner_email, c.renewal_date, acc.segment, acc.arr, coalesce(k.dau, 0)::double as dau, coalesce(k.wau, 0)::double as wau, coalesce(k.mau, 0)::bigint as mau
        from acc join customer c on c.account_id = acc.account_id left join counted k on k.account_id = acc.account_id
        order by k.wau / nullif(k.mau, 0) nulls last, acc.arr desc, c.ext_id`)
      const rows = found.filter((r) => input.segment === undefined || r.segment === input.segment)
      return {
        currency,
        arr: rows.reduce((sum, r) => sum + r.arr, 0) / 100,
        ...pageOf(
          rows.map((r) => ({
            accountId: r.ext_id,
            name: r.name ?? r.ext_id,
            owner: r.owner,
            ownerEmail: r.owner_email,
            segment: r.segment,
            arr: r.arr / 100,
            renewalDate: r.renewal_date,
            dau: r.dau,
            wau: r.wau,
            mau: r.mau,
            dauMau: r.mau === 0 ? null : r.dau / r.mau,
            wauMau: r.mau === 0 ? null : r.wau / r.mau,
          })),
          input,
        ),
      }
    })
  },
})
