/** The table of figures that leaves the product: one row for each measure, segment, feature and month. */
import { z } from 'zod'

export const outFiles = ['metric_values.parquet', 'metric_values.csv', 'out.duckdb'] as const

export interface OutRow {
  metric: string
  definition_version: number
  segment_by: string
  segment: string
  feature: string | null
  /** The first day of the month; the figure is of its end. */
  month: string
  value: number | null
  low: number | null
  high: number | null
  base: number
  mark: string
  unit: string
  currency: string | null
  computed_at: string
  data_to: string | null
  feature_id: string | null
  feature_definition: number | null
  window_months: number | null
}

/** Its columns in their order: how they are stored in the file and in PostgreSQL, and what they mean. */
export const outColumns: readonly { name: keyof OutRow; duckdb: string; postgres: string; meaning: string }[] = [
  { name: 'metric', duckdb: 'varchar', postgres: 'text', meaning: 'The measure: arr, nrr, adoption-rate …' },
  { name: 'definition_version', duckdb: 'integer', postgres: 'integer', meaning: 'Version of its definition' },
  {
    name: 'segment_by',
    duckdb: 'varchar',
    postgres: 'text',
    meaning: 'What accounts are grouped by; All where they are not',
  },
  {
    name: 'segment',
    duckdb: 'varchar',
    postgres: 'text',
    meaning: 'The group, as it was at the month’s end; of movements as it is now',
  },
  { name: 'feature', duckdb: 'varchar', postgres: 'text', meaning: 'For measures of a feature' },
  { name: 'month', duckdb: 'date', postgres: 'date', meaning: 'First day of the month; the figure is of its end' },
  {
    name: 'value',
    duckdb: 'double',
    postgres: 'double precision',
    meaning: 'Shares as fractions, money in whole units a year; null where suppressed',
  },
  {
    name: 'low',
    duckdb: 'double',
    postgres: 'double precision',
    meaning: 'Lower end of the 95 % interval, where there is one',
  },
  { name: 'high', duckdb: 'double', postgres: 'double precision', meaning: 'Upper end' },
  { name: 'base', duckdb: 'integer', postgres: 'integer', meaning: 'Accounts that it is about' },
  {
    name: 'mark',
    duckdb: 'varchar',
    postgres: 'text',
    meaning: 'ok, directional (10 to 29 accounts), suppressed (fewer)',
  },
  { name: 'unit', duckdb: 'varchar', postgres: 'text', meaning: 'share, money or accounts' },
  { name: 'currency', duckdb: 'varchar', postgres: 'text', meaning: 'Of money' },
  { name: 'computed_at', duckdb: 'timestamp', postgres: 'timestamptz', meaning: 'When the table was written, in UTC' },
  { name: 'data_to', duckdb: 'date', postgres: 'date', meaning: 'Last day of usage' },
  { name: 'feature_id', duckdb: 'varchar', postgres: 'text', meaning: 'Stays when a feature is renamed' },
  {
    name: 'feature_definition',
    duckdb: 'integer',
    postgres: 'integer',
    meaning: 'Version of what adoption of it meant then; null: the default',
  },
  {
    name: 'window_months',
    duckdb: 'integer',
    postgres: 'integer',
    meaning: 'Of retention: months from the start of the cohort',
  },
]

export const OutSetting = z.object({
  mode: z.enum(['off', 'after-refresh', 'daily']),
  dailyAt: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 06:00')
    .describe('in UTC'),
  segmentBys: z.array(z.string().max(120)).max(8).describe('attributes beside the default one; `arr` for bands of ARR'),
})
export type OutSetting = z.infer<typeof OutSetting>

export const OutState = z.object({
  setting: OutSetting.extend({ version: z.int() }),
  segmentations: z.array(z.string()).describe('what the table is cut by, All first'),
  choices: z.array(z.object({ key: z.string(), values: z.int() })),
  written: z
    .object({
      at: z.string(),
      rows: z.int(),
      firstMonth: z.string().nullable(),
      lastMonth: z.string().nullable(),
      dataTo: z.string().nullable(),
    })
    .nullable(),
  files: z.array(z.object({ name: z.string(), sizeBytes: z.int(), writtenAt: z.string() })),
  folder: z.string().nullable().describe('on the server; for who may change it'),
  sql: z
    .object({ view: z.string(), latest: z.string(), grant: z.string() })
    .nullable()
    .describe('null with the embedded store'),
  columns: z.array(z.object({ name: z.string(), meaning: z.string() })),
})
