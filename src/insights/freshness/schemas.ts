import { z } from 'zod'
import { Dataset, Day } from '../datasets/schemas.ts'
import { Clock, TimeZone, Weekdays } from '../datasets/schedules/schemas.ts'

/** By when new data of a dataset is there. */
export const Expectation = z.object({ days: Weekdays, at: Clock, timeZone: TimeZone })
export type Expectation = z.infer<typeof Expectation>

const findingKinds = [
  'volume',
  'missing-days',
  'unmapped',
  'unmatched',
  'rejected',
  'event-vanished',
  'event-new',
  'book-accounts',
  'book-arr',
] as const
export const FindingKind = z.enum(findingKinds)
export type FindingKind = z.infer<typeof FindingKind>

export const DataFinding = z.object({
  id: z.string(),
  kind: FindingKind,
  text: z.string(),
  rule: z.string().describe('when such a thing is told'),
  address: z.string().describe('where it can be looked at, within the workspace'),
  foundAt: z.string(),
  endedAt: z.string().nullable().describe('since when it is no longer so'),
  acknowledgedBy: z.string().nullable(),
  acknowledgedAt: z.string().nullable(),
  note: z.string().nullable(),
})
export type DataFinding = z.infer<typeof DataFinding>

export const DatasetAge = z.object({
  dataset: Dataset,
  title: z.string(),
  lastDay: Day.nullable(),
  lastImportAt: z.string().nullable(),
  expected: Expectation.nullable(),
  expectedText: z.string().nullable(),
  nextBy: z.string().nullable(),
  late: z.string().nullable(),
})
export type DatasetAge = z.infer<typeof DatasetAge>

/** What the top line of every page says. */
export const Freshness = z.object({
  dataTo: Day.nullable().describe('the last day of usage'),
  refreshedAt: z.string().nullable(),
  old: z
    .object({ age: z.string(), text: z.string() })
    .nullable()
    .describe('how old usage is that ended long ago while no new usage is expected'),
  datasets: z.array(DatasetAge),
  late: z.array(z.string()).describe('what is late, one sentence each'),
  stopped: z.array(z.string()).describe('scheduled imports that do not go on, one sentence each'),
  findings: z.int(),
})
export type Freshness = z.infer<typeof Freshness>
