import { z } from 'zod'
import { Books, Dataset, ImportMode } from '../schemas.ts'
import { isTimeZone } from '../../../platform/calendar/zone-time.ts'

export const TimeZone = z.string().max(60).refine(isTimeZone, 'a time zone by its name, such as Europe/Berlin')
export const Clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day as HH:MM')
export const Weekdays = z.array(z.int().min(1).max(7)).min(1).max(7).describe('1 Monday to 7 Sunday')

export const Timing = z.discriminatedUnion('every', [
  z.object({
    every: z.literal('minutes'),
    minutes: z.int().min(5).max(1440).meta({ title: 'Minutes between' }),
  }),
  z.object({
    every: z.literal('hour'),
    minute: z.int().min(0).max(59).meta({ title: 'Minute of the hour' }),
    timeZone: TimeZone,
  }),
  z.object({ every: z.literal('day'), at: Clock, timeZone: TimeZone }),
  z.object({ every: z.literal('week'), days: Weekdays, at: Clock, timeZone: TimeZone }),
])
export type Timing = z.infer<typeof Timing>

/** How many rows that cannot be read may be left out; beyond that the file is not taken and the schedule says so. */
export const RejectLimit = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('rows'), upTo: z.int().min(1).max(10_000_000).meta({ title: 'Rows at most' }) }),
  z.object({
    kind: z.literal('share'),
    upTo: z.number().positive().max(100).meta({ title: 'Percent at most', description: 'Of the rows read' }),
  }),
])
export type RejectLimit = z.infer<typeof RejectLimit>

const HeaderName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'a header’s name, such as Authorization')
  .refine(
    (name) =>
      !/^(host|content-length|transfer-encoding|connection|upgrade|te|trailer|keep-alive|if-none-match|if-modified-since|accept-encoding|user-agent)$/i.test(
        name,
      ),
    'this header is set by the server',
  )

export const Place = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('folder'),
    folder: z
      .string()
      .trim()
      .min(1)
      .max(1000)
      .meta({ title: 'Folder', description: 'A folder of the server, below one that its operator allows' }),
    pattern: z.string().trim().min(1).max(200).meta({
      title: 'File names',
      description:
        '* stands for any run of signs, ? for one. Taken in order of name, each once, when they no longer change; never moved or deleted',
    }),
  }),
  z.object({
    kind: z.literal('url'),
    url: z
      .string()
      .trim()
      .min(1)
      .max(2000)
      .meta({ title: 'Address', description: 'Fetched whole; skipped where it did not change' }),
    header: HeaderName.nullable()
      .default(null)
      .meta({ title: 'Header for a secret', description: 'Where the address asks for one' }),
  }),
])
export type Place = z.infer<typeof Place>

export const Secret = z
  .string()
  .min(1)
  .max(4000)
  .regex(/^[\t\u0020-\u007e\u0080-\u00ff]+$/, 'one line, without signs that a header cannot carry')

export const ScheduleDraft = z.object({
  name: z.string().trim().min(1).max(80).meta({ title: 'Name' }),
  mappingId: z.uuid().meta({ title: 'Mapping', description: 'Saved with an import by hand' }),
  mode: ImportMode.default('add'),
  rejects: RejectLimit.default({ kind: 'none' }),
  place: Place,
  timing: Timing,
  secret: Secret.nullable()
    .optional()
    .describe('the value of the header: kept encrypted, never shown again; absent: as it was, null: none'),
})
export type ScheduleDraft = z.infer<typeof ScheduleDraft>

export const RunOutcome = z.enum(['imported', 'nothing', 'unchanged', 'waiting', 'stopped', 'failed'])
export type RunOutcome = z.infer<typeof RunOutcome>

export const FileState = z.enum(['taken', 'imported', 'refused', 'skipped'])
export const TakenFile = z.object({
  id: z.string(),
  name: z.string(),
  sizeBytes: z.int(),
  state: FileState,
  jobId: z.string(),
  batchId: z.int().nullable(),
  books: Books.nullable(),
  problem: z.string().nullable(),
  at: z.string(),
})
export type TakenFile = z.infer<typeof TakenFile>

export const Run = z.object({
  id: z.string(),
  jobId: z.string().nullable(),
  askedBy: z.string().nullable(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  outcome: RunOutcome.nullable(),
  message: z.string().nullable(),
  times: z.int(),
  file: TakenFile.nullable(),
})
export type Run = z.infer<typeof Run>

export const Schedule = z.object({
  id: z.string(),
  version: z.int(),
  name: z.string(),
  dataset: Dataset.nullable(),
  mappingId: z.string().nullable(),
  mapping: z.string().nullable(),
  mode: ImportMode,
  rejects: RejectLimit,
  place: Place,
  hasSecret: z.boolean(),
  timing: Timing,
  when: z.string(),
  isPaused: z.boolean(),
  nextAt: z.string().nullable(),
  looked: z.string().nullable(),
  lookedAt: z.string().nullable(),
  isRunning: z.boolean(),
  last: Run.nullable(),
  stoppedAt: TakenFile.nullable().describe('the file that waits for a person'),
})
export type Schedule = z.infer<typeof Schedule>
