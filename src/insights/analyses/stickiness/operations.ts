/** How often people come back: users of a day, a week and 28 days, and the shares between them, every week of a span. */
import { z } from 'zod'
import { operation, type WorkspaceContext } from '../../../platform/operation.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { weeksInWindow } from '../../datasets/rollups.ts'
import { Day, Month } from '../../datasets/schemas.ts'
import { markOf } from '../../statistics/intervals.ts'
import { addDays, monthEnd, monthIndex, monthText } from '../../../platform/calendar/month.ts'
import { periodEnd, periodOf, periodStart } from '../../../platform/calendar/periods.ts'
import { percent, plural, shortDay } from '../../../platform/wording.ts'
import type { History } from '../ground/adoption.ts'
import { inSegmentOrder, pairOf, segmentingWords } from '../ground/adoption-sql.ts'
import { Answer, blockQuery, currencyOf, needHistory, readStanding, Standing } from '../ground/asking.ts'
import { SegmentBy } from '../ground/schemas.ts'
import { accountsSeriesSql, type SeriesQuery } from '../ground/series-sql.ts'
import { futureNote, MarkedShare, namelessNote, noUsers, noUsersNext, pickPastMonth } from '../ground/usage.ts'
import { inWarehouse } from '../../../platform/warehouse/in-warehouse.ts'

export const daysCounted = ({ workingDays }: Pick<Input, 'workingDays'>): number =>
  (workingDays ? 5 : 7) * weeksInWindow

export const StickinessInput = SegmentBy.extend({
  month: Month.optional().describe('the last window ends on its last Sunday; the last complete one where absent'),
  weeks: z.int().min(1).max(104).default(26).describe('windows back from the last, a week apart'),
  workingDays: z.boolean().default(true).describe('Users of a day over Monday to Friday alone'),
})
type Input = z.output<typeof StickinessInput>

export const StickinessPoint = z.object({
  day: Day.describe('the last of the 28 days, a Sunday'),
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
type Row =
  /** How many accounts of the segment each book holds, in the order of the books. */
  | { segment: string; week: null; accounts: number[] }
  /** The sums of a window and segment, of weeks and days all together; nameless: accounts with usage that names no user. */
  | ({ segment: string; week: number; nameless: number } & Omit<Sums, 'accounts'>)

/** The month whose book a window looks at: the last that is over with it. */
const bookOf = (week: number): number => monthIndex(addDays(periodEnd(week, 'week'), 1)) - 1

/**
 * Sums over the accounts of the book by window and segment, in one statement: planning one for each month of a book takes longer than
 * reading. An account stands in a row for each segment that it was in, with a bit for each book that it was in with it, so that a
 * window finds it by its number alone. The share of an account without users is null and adds to nothing.
 */
function sumsSql(q: SeriesQuery, weeks: readonly number[], workingDays: boolean): string {
  const books = [...new Set(weeks.map(bookOf))]
  const bitOf = (book: number) => 2 ** books.indexOf(book)
  const days = workingDays ? 'workday_users' : 'day_users'
  return `
    with ${accountsSeriesSql(
      q,
      books.map((month) => ({ month, endMonth: month })),
    )},
    member as materialized (
      select
        account_id, segment,
        bit_or(case month ${books.map((month) => `when ${month} then ${bitOf(month)}`).join(' ')} end) as books
      from acc
      group by account_id, segment
    ),
    sums as (
      select
        a.segment, w.week,
        count(nullif(w.mau, 0)) as active,
        count(*) filter (w.mau = 0) as nameless,
        sum(w.mau)::bigint as mau,
        sum(w.week_users)::bigint as wau,
        sum(w.${days})::bigint as dau,
        sum(w.week_users / nullif(w.mau, 0)) as wau_share,
        sum(w.${days} / nullif(w.mau, 0)) as dau_share
      from a_window w
      join member a
        on a.account_id = w.account_id
          and a.books & (case w.week ${weeks.map((week) => `when ${week} then ${bitOf(bookOf(week))}`).join(' ')} end) <> 0
      where w.week between ${Math.min(...weeks)} and ${Math.max(...weeks)}
      group by a.segment, w.week
    )
    select segment, null as week, [${books.map((book) => `count(*) filter (books & ${bitOf(book)} <> 0)`).join(', ')}] as accounts,
      null as active, null as nameless, null as mau, null as wau, null as dau, null as wau_share, null as dau_share
    from member
    group by segment
    union all
    select segment, week, null, active, nameless, mau, wau, dau, wau_share, dau_share from sums`
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

/** The last week that is over with the month. */
export const lastWeekOf = (month: number): number => periodOf(addDays(monthEnd(month), 1), 'week') - 1

/** The last weeks of windows, the last first: those whose 28 days are over with the month, are known, and have a book. */
export function windowsOf(
  month: number,
  weeks: number,
  known: { firstUsageDay: string; firstRevenueMonth: number },
): number[] {
  const last = lastWeekOf(month)
  return Array.from({ length: weeks }, (_, i) => last - i).filter(
    (week) =>
      periodStart(week - weeksInWindow + 1, 'week') >= known.firstUsageDay && bookOf(week) >= known.firstRevenueMonth,
  )
}

/** A point for each window and segment, and one over all; the segment is the one at the last month's end before the window's. */
export async function readStickiness(
  con: Connection,
  input: Input,
  month: number,
  weeks: readonly number[],
): Promise<{ points: StickinessPoint[]; nameless: number }> {
  if (weeks.length === 0) return { points: [], nameless: 0 }
  const found = await con.all<Row>(sumsSql(await blockQuery(con, input, month), weeks, input.workingDays))
  const books = [...new Set(weeks.map(bookOf))]
  const days = daysCounted(input)
  const rowsOf = Map.groupBy(
    found.filter((r) => r.week !== null),
    (r) => r.week,
  )
  const inBook = found.filter((r) => r.week === null)
  const order = { segmentBy: input.segmentBy, bands: input.bands ?? [], ...pairOf(input) }
  const points = weeks.toReversed().flatMap((week) => {
    const book = books.indexOf(bookOf(week))
    const rows = inBook
      .filter((r) => r.accounts[book]! > 0)
      .map(({ segment, accounts }) => {
        const sums = rowsOf.get(week)?.find((r) => r.segment === segment) ?? none
        return {
          segment,
          accounts: accounts[book]!,
          active: sums.active,
          mau: sums.mau,
          wau: sums.wau / weeksInWindow,
          dau: sums.dau / days,
          wau_share: (sums.wau_share ?? 0) / weeksInWindow,
          dau_share: (sums.dau_share ?? 0) / days,
        }
      })
    const day = periodEnd(week, 'week')
    return [
      pointOf(
        day,
        'All',
        rows.reduce((all, r) => add(all, r), none),
      ),
      ...inSegmentOrder(rows, order).map((r) => pointOf(day, r.segment, r)),
    ]
  })
  return { points, nameless: (rowsOf.get(weeks[0]!) ?? []).reduce((all, r) => all + r.nameless, 0) }
}

/** The month, and its windows by their last weeks. */
export async function pickWindows(
  con: Connection,
  input: Input,
  today: string,
): Promise<{ history: History; month: number; weeks: number[] }> {
  const history = await needHistory(con)
  const month = pickPastMonth(input.month, history, today)
  const [known] = await con.kept<{ first: string | null }>('select min(day) as first from a_day')
  return {
    history,
    month,
    weeks: known?.first
      ? windowsOf(month, input.weeks, {
          firstUsageDay: known.first,
          firstRevenueMonth: history.firstRevenueMonth,
        })
      : [],
  }
}

function sayStickiness(points: readonly StickinessPoint[], month: number): Answer {
  const all = points.filter((p) => p.segment === 'All')
  const last = all.at(-1)
  const first = all.find((p) => p.mark !== 'suppressed')
  if (!last)
    return {
      text: `There are no 28 days of usage and a book of revenue before ${shortDay(monthEnd(month))}.`,
      caveat: 'Choose a later month.',
    }
  if (last.mau === 0) return { text: noUsers, caveat: noUsersNext }
  const people = `${plural(last.mau, 'person', 'people')} of ${plural(last.active, 'account', 'accounts')} came in the 28 days to ${shortDay(last.day)}`
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
  restsOn: ['data', 'workspaces'],
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
      const { month, weeks } = await pickWindows(con, input, today)
      const { points, nameless } = await readStickiness(con, input, month, weeks)
      const found = [...new Set(points.toReversed().map((p) => p.segment))]
        .filter((s) => s !== 'All')
        .map((segment) => ({ segment }))
      return {
        month: monthText(month),
        workingDays: input.workingDays,
        points,
        answer: sayStickiness(points, month),
        segments: inSegmentOrder(found, { segmentBy: input.segmentBy, bands: input.bands ?? [], ...pairOf(input) }).map(
          (s) => s.segment,
        ),
        standing: await readStanding(
          con,
          {
            currency,
            period:
              weeks.length === 0
                ? 'No whole window of 28 days'
                : `${plural(weeks.length, 'window', 'windows')} of four weeks, Monday to Sunday, a week apart, to ${shortDay(periodEnd(weeks[0]!, 'week'))}; DAU over ${input.workingDays ? 'Monday to Friday' : 'all seven days'}`,
            base: `Users of accounts with ARR at the month’s end before the window’s; excluded ones are left out; by ${segmentingWords(input)} then`,
            definitions: ['stickiness', 'active-users', 'suppressed'],
            notes: [...namelessNote(nameless), ...(await futureNote(con, today))],
          },
          weeks.length === 0
            ? []
            : [{ from: monthIndex(periodStart(weeks.at(-1)! - weeksInWindow + 1, 'week')), to: month }],
        ),
      }
    })
  },
})
