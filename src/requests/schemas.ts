/** A question asked of Product Ops, in one line, and its answer: a sentence and an analysis. */
import { z } from 'zod'

export const RequestState = z.enum(['open', 'answered', 'closed'])
export const Person = z.object({ id: z.string(), name: z.string() })

export const Request = z.object({
  id: z.string(),
  question: z.string(),
  state: RequestState,
  askedBy: Person,
  askedAt: z.string(),
  isMine: z.boolean(),
  assignedTo: Person.nullable(),
  answer: z.object({ text: z.string(), address: z.string().nullable(), by: Person, at: z.string() }).nullable(),
  isWithheld: z
    .boolean()
    .describe('there is an answer or a reason, and it names accounts, which the role of the reader does not see'),
  sameAs: z.string().nullable().describe('the earlier request whose answer was taken'),
  namesAccounts: z.boolean(),
  closedBecause: z.string().nullable(),
  hoursOpen: z.number().describe('from asking to the answer, to closing, or to now'),
  version: z.int(),
})
export type Request = z.infer<typeof Request>

/** Hours as the clock counts them: nights and weekends are in them. */
export const Times = z.object({
  answered: z.int(),
  medianHours: z.number().nullable(),
  p90Hours: z.number().nullable().describe('null for fewer than 10'),
})
export type Times = z.infer<typeof Times>

export const Group = z.object({
  question: z.string().describe('as it was asked last'),
  times: z.int(),
  people: z.int(),
  lastAskedAt: z.string(),
  requestIds: z.array(z.string()),
  address: z.string().nullable().describe('of the last answer'),
})
export type Group = z.infer<typeof Group>
