/** One file in: whole or not at all, in one transaction, with books that balance. */
import { createHash } from 'node:crypto'
import { invalid } from '../../../platform/errors.ts'
import type { Files } from '../../../platform/files/files.ts'
import type { Connection, Warehouse } from '../../../platform/warehouse/warehouses.ts'
import { printMapping } from '../mapping/mapping-file.ts'
import { engineWords, firstLine, openSource } from '../reading/source.ts'
import type { DatasetDeclaration, Datasets, FileReading, Landed, Reading, Span } from '../declaration.ts'
import { needDataset } from '../known.ts'
import type { Books, ImportMode, Mapping, Reject } from '../schemas.ts'
import { stageRows } from './dimensions.ts'
import { locate, saveRejects, withoutText } from './rejects.ts'
import { landRows, takeBack, type Operational } from './rooms.ts'

export interface ImportFile {
  path: string
  fileName: string
  sha256: string
}
export interface ImportOptions {
  /** All that are known; the mapping names one of them. */
  datasets: Datasets
  mapping: Mapping
  mode: ImportMode
  acceptRejects: boolean
  jobId: string
  importedBy: string
  currency: string
  now: Date
  signal?: AbortSignal
  onProgress?: (percent: number) => void
  /** Needed where the dataset lands in PostgreSQL. */
  operational?: Operational
}
export interface ImportOutcome {
  /** False where rejects wait for a person: nothing was changed then. */
  committed: boolean
  batchId: number | null
  books: Books
  firstDay: string | null
  lastDay: string | null
  rejects: Reject[]
}

const progressEveryMs = 500

/**
 * @throws invalid where the file or the mapping cannot be read at all
 */
export async function importFile(
  warehouse: Warehouse,
  files: Files,
  file: ImportFile,
  options: ImportOptions,
): Promise<ImportOutcome> {
  const done = await warehouse.read((con) => findByJob(con, options.jobId))
  if (done) return done
  const held: { rejects: Reject[]; outcome: ImportOutcome | null } = { rejects: [], outcome: null }
  try {
    return await warehouse.write(async (con) => {
      // Each statement counts from nothing; what is shown never goes back.
      const percent = await con.percents()
      let furthest = 0
      const timer = setInterval(() => {
        furthest = Math.max(furthest, percent())
        options.onProgress?.(furthest)
      }, progressEveryMs)
      try {
        const outcome = await importInto(con, files, file, options)
        held.rejects = outcome.rejects
        held.outcome = outcome
        if (!outcome.committed) throw held
        await saveRejects(con, options.jobId, outcome.rejects)
        return outcome
      } finally {
        clearInterval(timer)
      }
    }, options.signal)
  } catch (error) {
    if (error !== held) {
      await leaveNothing(options)
      throw error
    }
    await warehouse.write((con) => saveRejects(con, options.jobId, held.rejects), options.signal)
    return held.outcome!
  }
}

async function importInto(
  con: Connection,
  files: Files,
  imported: ImportFile,
  options: ImportOptions,
): Promise<ImportOutcome> {
  const { mapping } = options
  const dataset = needDataset(options.datasets, mapping.dataset)
  const source = await openSource(con, files, { ...imported, signal: options.signal }, mapping.file)
  try {
    const batchId = (await con.one<{ last: number }>('select coalesce(max(id), 0) as last from batch'))!.last + 1
    const today = options.now.toISOString().slice(0, 10)
    const file: FileReading = { dataset, mapping, source, currency: options.currency, today }
    await source.verify()
    const { target } = dataset
    const reading = await explain(
      target.store === 'warehouse' ? target.take(con, file, batchId) : stageRows(con, file, target.staging),
    )
    if (reading.read === 0)
      throw invalid('The file holds no rows below its header. Export it again, or choose another file.')
    const found = await locate(source, reading.bad, reading.unreadable)
    const rejects = dataset.holdsPeopleOutside ? withoutText(found) : found
    const waits = reading.rejected > 0 && !options.acceptRejects
    const written = await land(con, file, options, { batchId, hasAttributes: reading.hasAttributes, isTrial: waits })
    const books = {
      read: reading.read,
      new: written.new,
      changed: written.changed,
      unchanged: written.unchanged + reading.repeated,
      rejected: reading.rejected,
    }
    // The books of what would be: the transaction they were counted in is taken back.
    if (waits)
      return { committed: false, batchId: null, books, firstDay: written.firstDay, lastDay: written.lastDay, rejects }
    await writeBatch(con, {
      dataset,
      batchId,
      file: imported,
      options,
      books,
      firstDay: written.firstDay,
      lastDay: written.lastDay,
    })
    return { committed: true, batchId, books, firstDay: written.firstDay, lastDay: written.lastDay, rejects }
  } finally {
    await source.close()
  }
}

async function land(
  con: Connection,
  reading: FileReading,
  options: ImportOptions,
  taken: { batchId: number; hasAttributes: boolean; isTrial: boolean },
): Promise<Landed & Span> {
  const { target } = reading.dataset
  // Within the warehouse a trial is taken back with its transaction.
  if (target.store === 'warehouse') return target.settle(con, reading, { ...taken, mode: options.mode })
  const landed = await landRows(con, reading, {
    target,
    operational: needOperational(options),
    importId: options.jobId,
    now: options.now,
    signal: options.signal,
    isTrial: taken.isTrial,
  })
  return { ...landed, firstDay: null, lastDay: null }
}

/** The warehouse takes its own part back with its transaction; what landed elsewhere has to be. */
async function leaveNothing(options: ImportOptions): Promise<void> {
  const target = options.datasets.find((d) => d.name === options.mapping.dataset)?.target
  if (target?.store === 'postgres') await takeBack(target, needOperational(options), options.jobId)
}

function needOperational({ operational, mapping }: ImportOptions): Operational {
  if (operational) return operational
  throw new Error(`${mapping.dataset} lands in PostgreSQL, and no store was handed in`)
}

/** What the engine says of a file that breaks while it is read is the file's fault, not a bug of ours. */
async function explain(reading: Promise<Reading>): Promise<Reading> {
  try {
    return await reading
  } catch (error) {
    const text = firstLine(error)
    if (
      /^(Invalid Input|Conversion|CSV|IO|Invalid|Could not convert|Malformed|Out of Range|Parser)/i.test(text) &&
      !/INTERRUPT/i.test(text)
    )
      throw invalid(`The file cannot be read to its end: ${engineWords(error)}`)
    throw error
  }
}

async function writeBatch(
  con: Connection,
  {
    dataset,
    batchId,
    file,
    options,
    books,
    firstDay,
    lastDay,
  }: {
    dataset: DatasetDeclaration
    batchId: number
    file: ImportFile
    options: ImportOptions
    books: Books
    firstDay: string | null
    lastDay: string | null
  },
): Promise<void> {
  const mapping = printMapping(options.mapping)
  await con.run(
    `
      insert into batch (
        id, dataset, file_name, file_sha, mapping_sha, mapping, source, mode, job_id, imported_by,
        committed_at, rows_read, rows_new, rows_changed, rows_unchanged, rows_rejected, first_day, last_day
      )
      values (
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
        $11::timestamp, $12, $13, $14, $15, $16, $17::date, $18::date
      )`,
    [
      batchId,
      options.mapping.dataset,
      file.fileName,
      file.sha256,
      createHash('sha256').update(mapping).digest('hex'),
      JSON.stringify(options.mapping),
      options.mapping.source,
      options.mode,
      options.jobId,
      options.importedBy,
      options.now.toISOString().replace('T', ' ').replace('Z', ''),
      books.read,
      books.new,
      books.changed,
      books.unchanged,
      books.rejected,
      firstDay,
      lastDay,
    ],
  )
  if (dataset.target.store === 'warehouse')
    await con.run('insert into dirty_part values ($1)', [dataset.target.dirties])
}

/** A batch that this job committed before the server stopped. */
export async function findByJob(con: Connection, jobId: string): Promise<ImportOutcome | null> {
  const batch = await con.one<{
    id: number
    rows_read: number
    rows_new: number
    rows_changed: number
    rows_unchanged: number
    rows_rejected: number
    first_day: string | null
    last_day: string | null
  }>('select * from batch where job_id = $1', [jobId])
  return batch
    ? {
        committed: true,
        batchId: batch.id,
        firstDay: batch.first_day,
        lastDay: batch.last_day,
        rejects: [],
        books: {
          read: batch.rows_read,
          new: batch.rows_new,
          changed: batch.rows_changed,
          unchanged: batch.rows_unchanged,
          rejected: batch.rows_rejected,
        },
      }
    : null
}
