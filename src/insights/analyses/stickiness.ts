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
import { accountsSql, inSegmentOrder, pairOf, segmentingWords } from './adoption-sql.ts'
import { Answer, blockQuery, currencyOf, needHistory, readStanding, Standing } from './asking.ts'
import { daysCounted, hasLongWords, windowsSql, weeksInWindow, type Windows } from './day-windows.ts'
import { pageOf, Paging } from './paging.ts'
import { SegmentBy } from './schemas.ts'
import { accountsSeriesSql, type SeriesQuery } from './series-sql.ts'
import { futureNote, MarkedShare, namelessNote, noUsers, noUsersNext, pickPastMonth } from './usage.ts'
import { inWarehouse } from '../in-warehouse.ts'

/** Four whole weeks, so that each window holds every weekday four times. */
const windowDays = 7 * weeksInWindow

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
  mau: number
  wau: number
  dau: number
  wau_share: number
  dau_share: number
}
/** The sums of one segment; each list holds a value for each window, of weeks and days all together. `nameless` is counted in the first window alone. */
type Row = { segment: string; accounts: number[]; nameless: number } & Record<
  Exclude<keyof Sums, 'accounts'>,
  (number | null)[]
>

const bookMonth = (day: string): number => (monthEnd(monthIndex(day)) <= day ? monthIndex(day) : monthIndex(day) - 1)

/** A window, by the weeks that it ends before the last one, and the month whose book it looks at. */
interface Window {
  p: number
  book: number
}

/**
 * Sums over the accounts of the book by segment, for all windows in one statement: planning one for each month of a book takes longer
 * than reading. An account stands in a row for each segment that it was in, with a bit for each book that it was in with it. The share
 * of an account without users is null and adds to nothing.
 */
function sumsSql(q: SeriesQuery, of: readonly Window[], windows: Windows, isLong: boolean): string {
  const books = [...new Set(of.map((w) => w.book))]
  const spans = books.map((month) => ({ month, endMonth: month }))
  const isIn = (book: number) => `(a.books & ${2 ** books.indexOf(book)} <> 0)`
  const first = of.find((w) => w.p === windows.first)!
  const list = (
    name: string,
    each: (column: (kind: 'm' | 'w' | 'd') => string, among: (sql: string) => string) => string,
  ) =>
    `[${of
      .map(({ p, book }) =>
        each(
          (kind) => `c.${kind}${p}`,
          (sql) => `case when ${isIn(book)} then ${sql} end`,
        ),
      )
      .join(', ')}] as ${name}`
  return `
    with ${accountsSeriesSql(q, spans, duckdb)},
    ${windowsSql(windows, isLong)},
    member as (
      select
        account_id, segment,
        bit_or(case month ${books.map((month, i) => `when ${month} then ${2 ** i}`).join(' ')} end) as books
      from acc
      group by account_id, segment
    )
    select
      a.segment as segment,
      coalesce(count(*) filter (c.m${first.p} = 0 and c.e and ${isIn(first.book)}), 0) as nameless,
      ${list('accounts', (_, among) => `count(${among('1')})`)},
      ${list('active', (column, among) => `count(${among(`nullif(${column('m')}, 0)`)})`)},
      ${list('mau', (column, among) => `sum(${among(column('m'))})`)},
      ${list('wau', (column, among) => `sum(${among(column('w'))})`)},
      ${list('dau', (column, among) => `sum(${among(column('d'))})`)},
      ${list('wau_share', (column, among) => `sum(${among(`${column('w')} / nullif(${column('m')}, 0)::double`)})`)},
      ${list('dau_share', (column, among) => `sum(${among(`${column('d')} / nullif(${column('m')}, 0)::double`)})`)}
    from member a
    left join counted c on c.account_id = a.account_id
    group by a.segment`
}

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

const none: Sums = { accounts: 0, active: 0, mau: 0, wau: 0, dau: 0, wau_share: 0, dau_share: 0 }
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
  const back = (day: string) => daysBetween(day, end) / 7
  if (ends.length === 0) return { points: [], nameless: 0 }
  const windows = ends.map((day) => ({ p: back(day), book: bookMonth(day) }))
  const found = await con.all<Row>(
    sumsSql(
      await blockQuery(con, input, month),
      windows,
      {
        end,
        first: windows[0]!.p,
        last: windows.at(-1)!.p,
        workingDays: input.workingDays,
      },
      await hasLongWords(con),
    ),
  )
  const days = daysCounted(input)
  const rows = found.flatMap(({ segment, ...lists }) =>
    windows.flatMap(({ p }, i) =>
      lists.accounts[i] === 0
        ? []
        : [
            {
              segment,
              p,
              sums: {
                accounts: lists.accounts[i]!,
                active: lists.active[i] ?? 0,
                mau: lists.mau[i] ?? 0,
                wau: (lists.wau[i] ?? 0) / weeksInWindow,
                dau: (lists.dau[i] ?? 0) / days,
                wau_share: (lists.wau_share[i] ?? 0) / weeksInWindow,
                dau_share: (lists.dau_share[i] ?? 0) / days,
              },
            },
          ],
    ),
  )
  const order = { segmentBy: input.segmentBy, bands: input.bands ?? [], ...pairOf(input) }
  const allOf = (day: string) => rows.filter((r) => r.p === back(day)).reduce((all, r) => add(all, r.sums), none)
  return {
    nameless: found.reduce((all, r) => all + r.nameless, 0),
    points: ends.toReversed().flatMap((day) => [
      pointOf(day, 'All', allOf(day)),
      ...inSegmentOrder(
        rows.filter((r) => r.p === back(day)),
        order,
      ).map((r) => pointOf(day, r.segment, r.sums)),
    ]),
  }
}

export async function pickWindows(
  con: Connection,
  input: Input,
  today: string,
): Promise<{ history: History; month: number; ends: string[] }> {
  const history = await needHistory(con)
  const month = pickPastMonth(input.month, history, today)
  const [known] = await con.kept<{ first: string | null }>('select min(day) as first from a_day')
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
        standing: await readStanding(
          con,
          {
            currency,
            period:
              ends.length === 0
                ? 'No whole window of 28 days'
                : `${plural(ends.length, 'window', 'windows')} of 28 days, a week apart, to ${shortDay(monthEnd(month))}; DAU over ${input.workingDays ? 'Monday to Friday' : 'all seven days'}`,
            base: `Users of accounts with ARR at the month’s end before the window’s; excluded ones are left out; by ${segmentingWords(input)} then`,
            definitions: ['stickiness', 'active-users', 'suppressed'],
            notes: [...namelessNote(nameless), ...(await futureNote(con, today))],
          },
          ends.length === 0 ? [] : [{ from: monthIndex(addDays(ends[0]!, -27)), to: month }],
        ),
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
        with ${accountsSql(await blockQuery(con, input, month), duckdb)},
        ${windowsSql({ end: monthEnd(month), first: 0, last: 0, workingDays: input.workingDays }, await hasLongWords(con))}
        select
          c.ext_id, c.name, c.owner, c.owner_email, c.renewal_date, acc.segment, acc.arr,
          coalesce(k.d0, 0) / ${daysCounted(input)}.0 as dau,
          coalesce(k.w0, 0) / ${weeksInWindow}.0 as wau,
          coalesce(k.m0, 0)::bigint as mau
        from acc
        join customer c on c.account_id = acc.account_id
        left join counted k on k.account_id = acc.account_id
        order by k.w0 / nullif(k.m0, 0) nulls last, acc.arr desc, c.ext_id`)
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
