/**
 * The kinds of field that inputs are made of, each with the bounds of where it ends up: a column's range, the calendar, a
 * length. An input takes these and nothing wider; `tests/field-bounds.test.ts` reads every operation's schema for it.
 */
import { z } from 'zod'

/** The last value of PostgreSQL's `integer`, which holds versions, counts and ids of imports. */
const largestInteger = 2_147_483_647
/** Beyond it sums of money are no longer exact to the cent, and nobody's revenue is there. */
const largestAmount = 1e15

const no = (what: string, instead: string) => ({
  error: ({ input }: { input?: unknown }) =>
    `“${typeof input === 'string' ? input.slice(0, 60) : JSON.stringify(input)}” is not a ${what}: write it as ${instead}.`,
})
const noDay = no('day', '2025-12-31 (year, month, day)')
const noMonth = no('month', '2025-12 (year, then month)')

/** A day of the calendar: 2025-02-30 is none, and neither is any of the year 0000, which no store knows. */
export const Day = z
  .string(noDay)
  .regex(
    /^(?!0000)(?:(?:\d\d[2468][048]|\d\d[13579][26]|\d\d0[48]|[02468][048]00|[13579][26]00)-02-29|\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8])))$/,
    noDay,
  )
/** Years at the ends of the calendar are none: what looks a few months back or ahead would leave it. */
export const Month = z.string(noMonth).regex(/^(?!00|99)\d{4}-(0[1-9]|1[0-2])$/, noMonth)
export const Id = z.uuid()

/** A version as it was read, to be compared with the one that stands; the one that follows it fits as well. */
export const VersionNumber = z
  .int()
  .min(0)
  .max(largestInteger - 1)
/** A number given by a store in order: an import, a place in a list. */
export const RowNumber = z.int().min(0).max(largestInteger)
/** Any figure: money, a change of it, a threshold. */
export const Figure = z.number().min(-largestAmount).max(largestAmount)
/** Money in whole units, of which there cannot be less than none. */
export const Amount = z.number().min(0).max(largestAmount)

/** A name, an id or a value as the data have it: whatever length an import takes. */
export const DataText = z.string().max(2000)
/** The name of an attribute, a column or a field. */
export const DataName = z.string().max(300)
/** Who a person is to the store. */
export const PersonId = z.string().max(64)

/** Named values, of which there are at most so many. */
export const named = <K extends z.core.$ZodRecordKey, V extends z.ZodType>(key: K, value: V, most: number) =>
  z
    .record(key, value)
    .refine((given) => Object.keys(given).length <= most, `at most ${most} named values`)
    .meta({ maxProperties: most })
