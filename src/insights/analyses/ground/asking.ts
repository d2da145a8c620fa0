/** What every analysis shares: the warehouse it reads, the month it means, the accounts it is about, and what it stands on. */
import { z } from 'zod'
import { invalid, precondition } from '../../../platform/errors.ts'
import type { WorkspaceContext } from '../../../platform/operation.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { findWorkspace } from '../../../platform/workspaces/queries.ts'
import { Day } from '../../datasets/schemas.ts'
import { monthEnd, monthIndex, monthText } from '../../../platform/calendar/month.ts'
import { plural } from '../../../platform/wording.ts'
import { futureEventsSql, lastCompleteMonth, lastUsageSql, readGround, readHistory, type History } from './adoption.ts'
import { pairOf, type BlockQuery, type Segmenting } from './adoption-sql.ts'
import { silenceOf, type MonthRange } from './silence.ts'

const noData = 'There is no usage and revenue to compare yet. Import accounts, subscriptions (or MRR) and usage first.'

/** @throws precondition where there is no usage or no revenue yet */
export async function needHistory(con: Connection): Promise<History> {
  const history = await readHistory(con)
  if (!history) throw precondition(noData)
  return history
}

export const currencyOf = async ({ db, scope }: WorkspaceContext) =>
  (await findWorkspace(db, scope.workspaceId))?.currency ?? 'EUR'

/** The month asked for, if the data reaches it; else the last complete one. */
export function pickMonth(asked: string | undefined, history: History): string {
  const last = lastCompleteMonth(history)
  if (!asked) return last
  if (asked > monthText(monthIndex(history.lastUsageDay)))
    throw invalid(
      `“month”: usage ends on ${history.lastUsageDay}, before ${asked}. The last complete month is ${last}.`,
    )
  if (monthIndex(asked) < history.firstRevenueMonth)
    throw invalid(`“month”: revenue is known from ${monthText(history.firstRevenueMonth)} on, after ${asked}.`)
  return asked
}

/** The attributes by their own spelling. A name that no account bears is a typing error rather than a segment without value. @throws invalid */
export async function knownSegmenting<T extends Segmenting>(con: Connection, input: T): Promise<T> {
  const keys = (await con.kept<{ key: string }>('select distinct key from attribute order by 1')).map((a) => a.key)
  if (keys.length === 0) return input
  const known = (name: 'segmentBy' | 'andBy', asked: string) => {
    const key =
      asked === 'arr' || keys.includes(asked) ? asked : keys.find((k) => k.toLowerCase() === asked.toLowerCase())
    if (key === undefined)
      throw invalid(
        `“${name}”: accounts have no attribute “${asked}”. They have: ${keys.join(', ')}; or arr, for bands of ARR.`,
      )
    return key
  }
  return {
    ...input,
    segmentBy: known('segmentBy', input.segmentBy),
    ...(input.andBy === undefined ? {} : { andBy: known('andBy', input.andBy) }),
  }
}

/** The accounts of the book at the end of a month, by segment, with who is entitled and who used what. */
export async function blockQuery(
  con: Connection,
  input: Segmenting & { adoptionMonths?: number; restated?: boolean },
  month: number,
): Promise<BlockQuery> {
  return {
    month,
    endMonth: month,
    adoptionMonths: input.adoptionMonths ?? 3,
    segmentBy: input.segmentBy,
    bands: input.bands ?? [],
    ...pairOf(input),
    restated: input.restated ?? false,
    ...(await readGround(con, month)),
  }
}

/** The months of which revenue is known, up to the last complete one. @throws precondition without revenue */
export async function revenueMonths(con: Connection, today: string): Promise<{ first: number; last: number }> {
  const [row] = await con.kept<{ first: number | null; last: number | null; usage: string | null }>(
    `select min(month) as first, max(month) as last, (${lastUsageSql}) as usage from revenue_month`,
  )
  if (row?.first == null || row.last == null)
    throw precondition('There is no revenue yet. Import subscriptions, contracts or MRR first.')
  const complete = row.usage
    ? monthIndex(row.usage) - (row.usage < monthEnd(monthIndex(row.usage)) ? 1 : 0)
    : monthIndex(today) - 1
  return { first: row.first, last: Math.min(row.last, Math.max(row.first, complete)) }
}

/** The answer in one sentence, by fixed rules from computed values, and the one thing to mind. */
export const Answer = z.object({ text: z.string(), caveat: z.string().nullable() })
export type Answer = z.infer<typeof Answer>

/** What an answer stands on; the part of every analysis that “How we know” shows. */
export const Standing = z.object({
  currency: z.string(),
  period: z.string().describe('the days or months looked at, in words'),
  base: z.string().describe('whom the figures are about, in words'),
  dataFrom: Day.nullable(),
  dataTo: Day.nullable(),
  refreshedAt: z.string().nullable(),
  notes: z.array(z.string()).describe('what was left out or assumed, with its size'),
  silence: z.string().nullable().describe('whole months without any usage among those that count, in a sentence'),
  definitions: z.array(z.string()).describe('keys of the definitions page'),
})
export type Standing = z.infer<typeof Standing>

/** How the note on days to come ends; analyses that know the day count them themselves. */
export const futureWords = 'in the future: kept, and no part of these figures.'

/** @param counted the months whose usage the figures count; none where they count revenue alone */
export async function readStanding(
  con: Connection,
  said: Pick<Standing, 'currency' | 'period' | 'base' | 'notes' | 'definitions'>,
  counted: readonly MonthRange[],
): Promise<Standing> {
  const [row] = await con.kept<{
    first: string | null
    last: string | null
    refreshed: string | null
    up: boolean | null
    future: number
  }>(
    `
      select
        (select min(day) from r_name) as first,
        (${lastUsageSql}) as last,
        (${futureEventsSql}) as future,
        (select max(logged_at) from refresh_log) as refreshed,
        (select coalesce(roll_up_to_parent, false) from setting limit 1) as up`,
  )
  return {
    ...said,
    notes: [
      ...said.notes,
      ...(row!.up ? ['Subsidiaries count for their topmost parent.'] : []),
      ...(row!.future > 0 && !said.notes.some((note) => note.endsWith(futureWords))
        ? [`${plural(row!.future, 'event lies', 'events lie')} ${futureWords}`]
        : []),
    ],
    silence: counted.length === 0 ? null : await silenceOf(con, counted),
    dataFrom: row!.first,
    dataTo: row!.last,
    refreshedAt: row!.refreshed ? `${row!.refreshed.replace(' ', 'T')}Z` : null,
  }
}
