/** A decision: what was found, what could be done, which was taken by whom and why, and what is expected of which metric by when. */
import { z } from 'zod'
import { MeasurePoint, MeasureRef } from '../insights/targets/measures.ts'
import { Figure } from '../platform/field-types.ts'
import { Day } from '../insights/datasets/schemas.ts'
import { Counted } from '../insights/targets/schemas.ts'
import { units } from '../platform/rooms/measure.ts'

const words = (longest: number) => z.string().trim().max(longest)

/** A thing of any room, or `analysis` with the address of a page as its id. Which kinds there are, the rooms say. */
export const LinkedThing = z.object({ kind: z.string().min(1).max(40), id: z.string().min(1).max(2000) })
export type LinkedThing = z.infer<typeof LinkedThing>

/** Kept as it was: neither a later refresh nor a later definition changes it. */
export const Finding = z.object({
  text: words(2000).default(''),
  address: z
    .string()
    .max(4000)
    .nullable()
    .default(null)
    .describe('the page of this product that shows it, with its search parameters'),
  numbers: z
    .array(
      z.object({
        label: words(120),
        text: words(200).describe('as it was shown'),
        value: Figure.nullable().default(null),
      }),
    )
    .max(30)
    .default([]),
  measures: z.array(MeasureRef).max(6).default([]).describe('what it is about, offered as what could be expected of'),
})
export type Finding = z.infer<typeof Finding>

export const DecisionOption = z.object({
  title: words(200).default(''),
  pros: words(2000).default(''),
  cons: words(2000).default(''),
})

/** `value`: what it should be. `change`: by how much it should differ, in its unit (0.05 is 5 percentage points). `direction`: which way alone. */
export const Expected = z.discriminatedUnion('as', [
  z.object({ as: z.literal('value'), value: Figure }),
  z.object({ as: z.literal('change'), change: Figure }),
  z.object({ as: z.literal('direction'), direction: z.enum(['up', 'down']) }),
])
export type Expected = z.infer<typeof Expected>
export const Expectation = z.object({ measure: MeasureRef, expected: Expected })
export type Expectation = z.infer<typeof Expectation>

export const DecisionContent = z.object({
  title: words(160).default(''),
  finding: Finding.prefault({}),
  note: words(4000).default('').describe('what the finding means, in one’s own words'),
  options: z.array(DecisionOption).max(8).default([]),
  taken: z.int().min(0).max(7).nullable().default(null).describe('which of the options, counted from 0'),
  why: words(4000).default(''),
  expectation: Expectation.nullable().default(null),
  revisitOn: Day.nullable().default(null),
})
export type DecisionContent = z.infer<typeof DecisionContent>

export const Person = z.object({ id: z.string(), name: z.string() })
export const DecisionState = z.enum(['draft', 'decided', 'revisited', 'withdrawn'])
export const Due = z.object({
  state: z.enum(['ahead', 'due', 'overdue']),
  days: z.int().describe('until the revisit date, or since it where overdue'),
})
export type Due = z.infer<typeof Due>

export const Link = z.object({
  kind: z.string(),
  id: z.string(),
  relation: z.string(),
  direction: z.enum(['to', 'from']),
  title: z.string().nullable(),
  address: z.string().nullable(),
})

export const Decision = z.object({
  id: z.string(),
  state: DecisionState,
  version: z.int(),
  edition: z.int(),
  content: DecisionContent,
  decider: Person.nullable(),
  decidedAt: z.string().nullable(),
  figureThen: MeasurePoint.nullable().describe('of the measure, read when it was decided'),
  due: Due.nullable(),
  revisited: z
    .object({
      at: z.string(),
      by: Person,
      outcome: z.enum(['kept', 'changed', 'reversed']),
      learnt: z.string(),
      figure: MeasurePoint.nullable(),
    })
    .nullable(),
  withdrawn: z.object({ at: z.string(), by: Person, because: z.string() }).nullable(),
  preparedBy: Person,
  createdAt: z.string(),
  updatedAt: z.string(),
  editions: z
    .array(
      z.object({
        edition: z.int(),
        content: DecisionContent,
        reason: z.string().nullable(),
        by: Person,
        at: z.string(),
      }),
    )
    .describe('oldest first; the last one counts'),
  measure: z.string().nullable().describe('of which metric something is expected, in words'),
  missing: z.array(z.string()).describe('what it takes before it can be decided'),
  links: z.array(Link),
})
export type Decision = z.infer<typeof Decision>

export const DecisionRow = z.object({
  id: z.string(),
  state: DecisionState,
  title: z.string(),
  finding: z.string(),
  taken: z.string().nullable(),
  decider: Person.nullable(),
  decidedOn: Day.nullable(),
  measure: z.string().nullable(),
  expected: z.string().nullable(),
  revisitOn: Day.nullable(),
  due: Due.nullable(),
  outcome: z.enum(['kept', 'changed', 'reversed']).nullable(),
  learnt: z.string().nullable(),
  updatedAt: z.string(),
})
export type DecisionRow = z.infer<typeof DecisionRow>

export const Effect = z.object({
  id: z.string(),
  unit: z.enum(units),
  currency: z.string(),
  measure: z.string(),
  sentence: z.string(),
  caveat: z.string(),
  verdict: z.enum(['reached', 'not-reached', 'not-yet', 'unknown']),
  atDecision: MeasurePoint.nullable(),
  expected: z.number().nullable(),
  by: Day.nullable(),
  decidedOn: Day.nullable(),
  now: MeasurePoint.nullable(),
  line: z.array(MeasurePoint),
  problem: z.string().nullable().describe('why there is no value'),
  counted: Counted.optional(),
})
export type Effect = z.infer<typeof Effect>
