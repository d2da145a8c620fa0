/**
 * What a kind of file is, said once: its fields and how exports name them, what a mapping of it must say, how its rows are
 * checked and keyed, and where they land. A room brings its datasets as a list; what imports is handed all of them.
 */
import type { Db } from '../../platform/db/database.ts'
import type { Scope } from '../../platform/scope.ts'
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import type { Check, Converted } from './mapping/convert.ts'
import type { SourceFile } from './reading/source.ts'
import type { BadRow } from './importing/rejects.ts'
import type { FieldSpec, ImportMode, Mapping } from './schemas.ts'

export const languages = ['en', 'de', 'fr', 'es', 'pt'] as const
export type Language = (typeof languages)[number]

/**
 * Names that exports of CRMs, billing systems and products give a column, the likeliest first; compared without case, accents
 * and separators. The English list goes first and alone is also compared in part; a word of it keeps its place there.
 */
export type Headers = { en: readonly string[] } & Partial<Record<Exclude<Language, 'en'>, readonly string[]>>

export interface DeclaredField extends FieldSpec {
  headers: Headers
}

/** What a mapping of the dataset may say beyond its fields. `attributes`: columns that no field uses are kept by their names. */
export type MappingKey = 'amountIs' | 'endIsInclusive' | 'attributes'

/** Of these fields one has to be mapped; where `isExclusive`, not two of them. */
export interface Alternative {
  fields: readonly string[]
  /** What a person has to say, as in “say who used it”. */
  what: string
  isExclusive?: boolean
}

export interface DatasetWords {
  /** Over a list: “MRR by month”. */
  title: string
  /** What such a file holds, in a few words. */
  what: string
  /** Within a sentence: “usage was expected”. */
  inText: string
  isPlural: boolean
}

/** How rows are staged: named expressions over the file’s columns, what is wrong with a row, and what makes two rows the same. */
export interface Staging {
  fields: Record<string, string>
  checks: Check[]
  key: string[]
  /** Why a row that stands word for word above may be one more rather than the same: it is rejected by this reason. */
  repeatIs?: string
}
export type Fields = ReadonlyMap<string, Converted>
export type StagingOf = (mapping: Mapping, fields: Fields, currency: string) => Staging

/** One file, read by one mapping of one dataset. */
export interface FileReading {
  dataset: DatasetDeclaration
  mapping: Mapping
  source: SourceFile
  /** The workspace’s. */
  currency: string
  today: string
}

/** What a whole reading found. `repeated`: rows that stand in the file word for word before. */
export interface Reading {
  read: number
  rejected: number
  repeated: number
  bad: BadRow[]
  unreadable: BadRow[]
  hasAttributes: boolean
}

export interface Span {
  firstDay: string | null
  lastDay: string | null
}
/** A reading without a write, for the step before the import. */
export interface Looked extends Reading, Span {
  sample: Record<string, string | null>[]
}

/** What became of the good rows. */
export interface Landed {
  new: number
  changed: number
  unchanged: number
}

/** Rows in tables of the workspace’s warehouse, each table with one beside it for what an import replaced. */
export interface WarehouseTarget {
  store: 'warehouse'
  /** The first one is counted. */
  tables: readonly string[]
  /** The part that a refresh has to look at again. */
  dirties: string
  look: (con: Connection, reading: FileReading) => Promise<Looked>
  take: (con: Connection, reading: FileReading, batchId: number) => Promise<Reading>
  /** What was taken against what stood there. */
  settle: (
    con: Connection,
    reading: FileReading,
    taken: { batchId: number; mode: ImportMode; hasAttributes: boolean },
  ) => Promise<Landed & Span>
  beforeUndo?: (con: Connection, batchId: number) => Promise<void>
}

export type StagedRow = Readonly<Record<string, string | number | boolean | null>>

/** Whose import it is. `importId` is the same when a job that was cut off runs again. */
export interface Import {
  scope: Scope
  importId: string
}
export interface Batch extends Import {
  /** Whose ids the file speaks. */
  source: string
  /** Fields that the file speaks of; a standing row keeps the others. */
  mapped: ReadonlySet<string>
  now: Date
}

/** Rows of the good kind, handed to the room that owns them. */
export interface PostgresTarget {
  store: 'postgres'
  staging: StagingOf
  /**
   * At most `rowsPerBatch` rows, each key once in a file, within a transaction of their own. What stood there and differs is put
   * aside under the import, so that an undo brings it back. Every row is counted once.
   */
  upsert: (tx: Db, batch: Batch, rows: readonly StagedRow[]) => Promise<Landed>
  /** Takes up to `limit` rows of an import out again and brings back what they replaced. @returns how many; 0 when none is left */
  undo: (tx: Db, of: Import, limit: number) => Promise<number>
  count: (db: Db, scope: Scope) => Promise<number>
  /** What pages that show these rows listen to. */
  topics: readonly string[]
}

export const rowsPerBatch = 1000

interface Declared {
  /** As mapping files, commands and addresses say it: a lower-case noun. */
  name: string
  words: DatasetWords
  /** Whose ids a file of it speaks where nothing is said. */
  source: string
  fields: readonly DeclaredField[]
  alternatives: readonly Alternative[]
  keys: readonly MappingKey[]
  /** Beyond the needed fields, how much a file looks like it. @param has the confidence in a field, 0 where none is proposed */
  likeness: (has: (field: string) => number) => number
}

/** Data about people outside, whom one may have to forget, lie where a row can be erased: never in the warehouse. */
export type DatasetDeclaration = Declared &
  (
    | { holdsPeopleOutside: false; target: WarehouseTarget | PostgresTarget }
    | { holdsPeopleOutside: true; target: PostgresTarget }
  )

export type Datasets = readonly DatasetDeclaration[]
