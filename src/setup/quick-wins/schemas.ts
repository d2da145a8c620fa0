/** A quick win: something that takes people time, what takes it away, and what it took before and takes now. */
import { z } from 'zod'
import { Day, Id, PersonId, VersionNumber } from '../../platform/field-types.ts'
import { audiences, pillars } from '../taxonomy.ts'

const Line = z
  .string()
  .trim()
  .min(3)
  .max(160)
  .regex(/^[^\n\r]*$/, 'a text in one line')
const Minutes = z.number().min(0).max(100_000)
/** What one tap says; no finer, since nobody keeps a time sheet. */
export const tapMinutes = [0, 2, 5, 10, 15, 30, 45, 60, 90, 120, 180, 240, 480, 960] as const

export const QuickWinDraft = z.object({
  title: Line,
  what: z.string().trim().max(2000).default('').describe('what is done instead'),
  friction: z.string().max(60).nullable().default(null).describe('its code in the taxonomy of friction'),
  audience: z.enum(audiences).default('product-managers').describe('whose time it is'),
  ownerId: PersonId.nullable().default(null),
  win: z.string().max(80).nullable().default(null).describe('what of Throughline delivers it, and so counts it'),
  winOf: Id.nullable().default(null).describe('only by this one view or list; null: by any'),
  people: z.int().min(1).max(100_000).default(1).describe('how many people do it'),
  timesPerMonth: z.number().min(0.01).max(10_000).default(1).describe('how often a month each of them does it'),
  statedBefore: Minutes.nullable().default(null).describe('minutes each time, as somebody states it: an estimate'),
  statedAfter: Minutes.nullable().default(null),
})
export const QuickWinChange = QuickWinDraft.extend({
  id: Id,
  version: VersionNumber.describe('as it was read; a stale one is refused'),
  deliveredOn: Day.nullable().default(null).describe('from this day on it is counted'),
  droppedBecause: z.string().trim().min(3).max(500).nullable().default(null),
})

export const Timing = z.object({
  minutes: z.number(),
  low: z.number(),
  high: z.number(),
  method: z.enum(['system', 'samples', 'stated']),
  of: z.int(),
})
export const Hours = z.object({ value: z.number(), low: z.number(), high: z.number() })
const Median = z.object({ minutes: z.number(), of: z.int() }).nullable()
const Person = z.object({ id: z.string(), name: z.string() })

export const QuickWin = z.object({
  id: z.string(),
  title: z.string(),
  what: z.string(),
  friction: z.object({ code: z.string(), name: z.string(), pillar: z.enum(pillars).nullable() }).nullable(),
  audience: z.enum(audiences),
  owner: Person.nullable(),
  win: z
    .object({
      win: z.string(),
      name: z.string(),
      how: z.string(),
      time: z.enum(['work', 'waiting']),
      one: z.string(),
      many: z.string(),
    })
    .nullable(),
  winOf: z.object({ id: z.string(), title: z.string(), address: z.string().nullable() }).nullable(),
  people: z.int(),
  timesPerMonth: z.number(),
  statedBefore: z.number().nullable(),
  statedAfter: z.number().nullable(),
  deliveredOn: z.string().nullable(),
  droppedBecause: z.string().nullable(),
  state: z.enum(['planned', 'delivered', 'dropped']),
  before: Timing.nullable(),
  after: Timing.nullable(),
  waiting: z
    .object({ before: Median, after: Median })
    .nullable()
    .describe('what is waited for, by the clock: shown, and no part of hours given back'),
  times: z.object({ n: z.number(), how: z.enum(['counted', 'stated']) }).nullable(),
  hours: Hours.nullable().describe('given back since it was delivered'),
  hoursPerMonth: z.number().nullable(),
  confidence: z.enum(['high', 'medium', 'estimate']).describe('without two measurements it is an estimate'),
  missing: z.array(z.string()),
  version: z.int(),
})
export type QuickWin = z.infer<typeof QuickWin>

export const QuickWinDetail = QuickWin.extend({
  samples: z.object({ before: z.array(z.int()), after: z.array(z.int()) }).describe('minutes, the shortest first'),
  mine: z.object({ before: z.int().nullable(), after: z.int().nullable() }).describe('what the reader has tapped'),
  months: z.array(z.object({ month: z.string(), times: z.number(), hours: z.number().nullable() })),
  forWhom: z
    .array(z.object({ role: z.string().nullable(), times: z.int() }))
    .describe('by role, as the room that delivers it says; never by person'),
})
export type QuickWinDetail = z.infer<typeof QuickWinDetail>

export const QuickWinTotals = z.object({
  measured: Hours,
  estimated: z.number(),
  delivered: z.int(),
  proved: z.int(),
})
