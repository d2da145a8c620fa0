/** The shapes of an import: which dataset, which source column is which field of ours, and what came of it. */
import { z } from 'zod'
import { DataName, DataText, Day, Id, Month, named } from '../../platform/field-types.ts'

/** The name of a dataset. Which there are is said by the list that is handed in (`known.ts`). */
export const Dataset = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'the name of a dataset, such as accounts or usage')
export type Dataset = z.infer<typeof Dataset>

export { Day, Id, Month }

/** Where a field's value comes from. In YAML a bare string stands for `{ column: … }`. */
export const FieldSource = z
  .object({
    column: DataText.optional(),
    constant: DataText.optional(),
    /** For dates and times: tokens YYYY YY MMM (a month’s name) MM M DD D HH H h mm ss A (AM or PM), or `iso`, `unix`, `unix-ms`, `excel`. */
    format: z.string().max(80).optional(),
    /** For times without an offset: an IANA zone; UTC where absent. */
    timeZone: z.string().max(80).optional(),
    /** For numbers: the decimal sign, `.` where absent. */
    decimal: z.enum(['.', ',']).optional(),
    /** A value table from what the file says to what is meant; values not in it stay as they are. */
    values: named(DataText, DataText.nullable(), 10_000).optional(),
    /** Words that stand for nothing, such as NULL or N/A. */
    empty: z.array(DataText).max(100).optional(),
  })
  .refine((f) => (f.column === undefined) !== (f.constant === undefined), 'name either a column or a constant')
export type FieldSource = z.infer<typeof FieldSource>

export const FileFormat = z.enum(['csv', 'parquet', 'ndjson', 'xlsx'])
export const FileOptions = z.object({
  format: FileFormat.optional(),
  encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'latin-1']).optional(),
  delimiter: z.string().max(1).optional(),
  quote: z.string().max(1).optional(),
  sheet: DataName.optional(),
  /** Lines above the header. */
  skipLines: z.int().min(0).max(1000).optional(),
})
export type FileOptions = z.infer<typeof FileOptions>

export const Source = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, 'a short lower-case word such as crm, billing or product')

export const Mapping = z.object({
  dataset: Dataset,
  /** Whose ids the file speaks: crm, billing, product, … */
  source: Source,
  file: FileOptions.default({}),
  fields: named(DataName, FieldSource, 200),
  /** Where a dataset keeps other columns (accounts): which unmapped columns are kept as attributes. Key: attribute name, value: column. Absent: all unmapped columns. */
  attributes: named(DataText, DataText, 1000).optional(),
  /** subscriptions: what `amount` is. mrr per month, arr per year, total over the whole term. */
  amountIs: z.enum(['mrr', 'arr', 'total']).optional(),
  /** subscriptions: the end date is the last day that counts (contracts) rather than the first that does not. */
  endIsInclusive: z.boolean().optional(),
  /** Columns that are named as a field of ours and that a person leaves out all the same. */
  leftOut: z.array(DataText).max(1000).optional(),
  /** Units of the workspace's currency for one unit of each other one. */
  rates: named(z.string().regex(/^[A-Z]{3}$/), z.number().min(1e-9).max(1e9), 200).optional(),
})
export type Mapping = z.infer<typeof Mapping>

export type FieldType =
  | 'id'
  | 'text'
  | 'date'
  | 'time'
  | 'month'
  | 'amount'
  | 'count'
  | 'currency'
  | 'email'
  | 'domain'
  | 'share'
  | 'flag'
export interface FieldSpec {
  name: string
  label: string
  type: FieldType
  required: boolean
  help: string
}

export const ImportMode = z.enum(['add', 'replace-days'])
export type ImportMode = z.infer<typeof ImportMode>

/** The books of one import: read = new + changed + unchanged + rejected. */
export const Books = z.object({ read: z.int(), new: z.int(), changed: z.int(), unchanged: z.int(), rejected: z.int() })
export type Books = z.infer<typeof Books>

export const Reject = z.object({
  line: z.int(),
  reason: z.string(),
  field: z.string().nullable(),
  value: z.string().nullable(),
  raw: z.string().nullable(),
})
export type Reject = z.infer<typeof Reject>

export const SourceColumn = z.object({
  name: z.string(),
  type: z.string(),
  samples: z.array(z.string()),
  empty: z.int(),
  distinct: z.int(),
})
export type SourceColumn = z.infer<typeof SourceColumn>

/** What must be asked because the file does not tell: whether 03/04/2025 is in March or in April, whether 1.200 is twelve hundred. */
export const Question = z.object({
  field: z.string(),
  column: z.string(),
  /** What of the field's source the answer sets. */
  sets: z.enum(['format', 'decimal', 'empty']).describe('an answer to `empty` is a list in JSON'),
  text: z.string(),
  options: z.array(z.object({ value: z.string(), label: z.string() })),
})
export type Question = z.infer<typeof Question>

export const ProposedField = z.object({
  field: z.string(),
  source: FieldSource,
  confidence: z.number().min(0).max(1),
  why: z.string(),
})
export type ProposedField = z.infer<typeof ProposedField>

/** A mapping that a file may be imported by without a person, as far as nothing is open. */
export const ProposedMapping = z.object({
  uploadId: z.string(),
  fileName: z.string(),
  mapping: Mapping,
  yaml: z.string().describe('the mapping, with what is open or not sure as remarks; to be corrected and used'),
  savedAs: z.string().nullable().describe('the name of the mapping that files of these columns came in by before'),
  columns: z.array(z.string()),
  leftOut: z.array(ProposedField).describe('accounts: what is not sure; these columns stay attributes'),
  open: z.array(z.string()).describe('what has to be said before it can be used, one sentence each'),
})
export type ProposedMapping = z.infer<typeof ProposedMapping>

export const Preview = z.object({
  uploadId: z.string(),
  fileName: z.string(),
  sizeBytes: z.int(),
  file: FileOptions.extend({ lineEnd: z.string().nullable(), sheets: z.array(z.string()), rowsEstimated: z.int() }),
  columns: z.array(SourceColumn),
  rows: z.array(z.array(z.string().nullable())),
  /** Datasets by how well the columns fit, best first. */
  datasetGuesses: z.array(z.object({ dataset: Dataset, confidence: z.number() })),
  mapping: Mapping,
  proposals: z.array(ProposedField),
  questions: z.array(Question),
  savedMapping: z.object({ id: z.string(), name: z.string() }).nullable(),
})
export type Preview = z.infer<typeof Preview>

/** A whole reading of the file without writing: what a commit would say. */
export const Check = z.object({
  read: z.int(),
  accepted: z.int(),
  rejected: z.int(),
  reasons: z.array(z.object({ reason: z.string(), rows: z.int(), firstLine: z.int() })),
  firstRejects: z.array(Reject),
  firstDay: Day.nullable(),
  lastDay: Day.nullable(),
  sample: z.array(z.record(z.string(), z.string().nullable())),
})
export type Check = z.infer<typeof Check>

export const Batch = z.object({
  id: z.int(),
  dataset: Dataset,
  fileName: z.string(),
  source: Source,
  mode: ImportMode,
  importedBy: z.string(),
  jobId: z.string(),
  committedAt: z.string(),
  books: Books,
  firstDay: Day.nullable(),
  lastDay: Day.nullable(),
  undoneAt: z.string().nullable(),
  canUndo: z.boolean(),
  blockedBy: z.int().nullable(),
})
export type Batch = z.infer<typeof Batch>

export const DatasetOverview = z.object({
  dataset: Dataset,
  rows: z.int(),
  sources: z.array(z.string()),
  firstDay: Day.nullable(),
  lastDay: Day.nullable(),
  lastImportAt: z.string().nullable(),
  batches: z.int(),
})
export type DatasetOverview = z.infer<typeof DatasetOverview>

export const MatchRate = z.object({
  usageRows: z.int(),
  usageRowsMatched: z.int(),
  usageRowsOfNoFeature: z.int(),
  usageRowsWithoutArr: z.int(),
  arr: z.number(),
  arrWithUsage: z.number(),
  accounts: z.int(),
  accountsWithUsage: z.int(),
  accountsExcluded: z.int(),
  refs: z.int(),
  refsMatched: z.int(),
})
export type MatchRate = z.infer<typeof MatchRate>

export const ImportResult = z.object({
  batchId: z.int().nullable(),
  books: Books,
  firstDay: Day.nullable(),
  lastDay: Day.nullable(),
  rejects: z.array(Reject),
  notes: z.array(z.string()),
})
export type ImportResult = z.infer<typeof ImportResult>
