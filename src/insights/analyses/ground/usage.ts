/** What analyses of active users share: months that are past, shares averaged over accounts, and words where nobody can be counted. */
import { z } from 'zod'
import { invalid } from '../../../platform/errors.ts'
import { dayLiteral } from '../../../platform/warehouse/literals.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { monthEnd, monthIndex, monthText } from '../../../platform/calendar/month.ts'
import { plural } from '../../../platform/wording.ts'
import type { History } from './adoption.ts'
import { futureWords, pickMonth } from './asking.ts'

/** The month asked for, else the last complete one that is past: events that lie in the future complete no month. */
export function pickPastMonth(asked: string | undefined, history: History, today: string): number {
  if (asked && monthEnd(monthIndex(asked)) > today)
    throw invalid(`“month”: ${asked} is not over yet. The last that is over is ${monthText(monthIndex(today) - 1)}.`)
  const lastUsageDay = history.lastUsageDay < today ? history.lastUsageDay : today
  return monthIndex(pickMonth(asked, { ...history, lastUsageDay }))
}

export const MarkedShare = z.object({ value: z.number().nullable(), mark: z.enum(['ok', 'directional', 'suppressed']) })
export type MarkedShare = z.infer<typeof MarkedShare>

/** Days of events after today, and how many: kept, and no part of any figure. */
export async function futureNote(con: Connection, today: string): Promise<string[]> {
  const row = await con.one<{ n: number | null }>(
    `select sum(events)::bigint as n from a_day where day > ${dayLiteral(today)}`,
  )
  return row?.n ? [`${plural(row.n, 'event lies', 'events lie')} ${futureWords}`] : []
}

export const noUsers = 'The usage names no users, so there is nobody to count.'
export const noUsersNext = 'Map the column that holds the user’s id in the import of usage.'

/** Accounts with events of which none names a user. */
export const namelessNote = (accounts: number): string[] =>
  accounts === 0
    ? []
    : [
        `${plural(accounts, 'account has', 'accounts have')} usage that names no user: left out, because nobody can be counted there.`,
      ]
