/** The rows of a file that cannot be taken: what is wrong with each, and on which line it stands. */
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { name } from '../mapping/convert.ts'
import { insertRows } from '../mirror.ts'
import type { SourceFile } from '../reading/source.ts'
import type { Reject } from '../schemas.ts'

/** A row in relation order: the number of the readable record, what is wrong, and its text. */
export interface BadRow {
  record: number
  reason: string
  field: string | null
  value: string | null
  raw: string | null
}

/** Beyond this, a file is the wrong file: all are counted, this many are listed. */
export const maxRejectsListed = 50_000
const maxRawLength = 2000

/** The whole row as one text, for the list of rejects. */
export const rawOf = (source: SourceFile): string =>
  `left(array_to_string([${source.columns
    .slice(0, 100)
    .map((c) => `coalesce(cast(${name(c.name)} as varchar), '')`)
    .join(', ')}], ';'), ${maxRawLength})`

export const allEmpty = (source: SourceFile): string =>
  source.columns.map((c) => `${name(c.name)} is null`).join(' and ')

/** Rows that the reader itself could not make out, after a full reading. */
export async function unreadableRows(
  con: Connection,
  source: SourceFile,
): Promise<{ count: number; rows: (BadRow & { record: number })[] }> {
  if (!source.hasRejects || !(await con.one(`select 1 as there from duckdb_tables() where table_name = 'file_error'`)))
    return { count: 0, rows: [] }
  const count = await con.one<{ n: number }>('select count(distinct line) as n from file_error')
  const rows = await con.all<{ line: number; kind: string; message: string; raw: string | null }>(
    `
      select
        line,
        first(error_type) as kind,
        first(error_message) as message,
        first(left(csv_line, ${maxRawLength})) as raw
      from file_error
      group by line
      order by line
      limit ${maxRejectsListed}`,
  )
  return {
    count: count?.n ?? 0,
    rows: rows.map((r) => ({
      record: r.line,
      reason: wording(r.kind, r.message),
      field: null,
      value: null,
      raw: r.raw?.replace(/^[\r\n]+/, '') ?? null,
    })),
  }
}

function wording(kind: string, message: string): string {
  const counts = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message)
  switch (kind) {
    case 'MISSING COLUMNS':
    case 'TOO MANY COLUMNS':
      return counts
        ? `The row has ${counts[2]} columns instead of ${counts[1]}`
        : 'The row has another number of columns than the header'
    case 'UNQUOTED VALUE':
      return 'A quote is opened and not closed, or text follows a closing quote'
    case 'LINE SIZE OVER MAXIMUM':
      return 'The line is longer than 2 MB'
    case 'INVALID ENCODING':
      return 'The row holds bytes that are not text in this encoding'
    default:
      return 'The row cannot be read'
  }
}

/** @returns in the order of the file, with the lines that an editor shows */
export async function locate(
  source: SourceFile,
  bad: readonly BadRow[],
  unreadable: readonly BadRow[],
): Promise<Reject[]> {
  if (bad.length + unreadable.length === 0) return []
  const lines = await source.linesOf(
    bad.map((r) => r.record),
    unreadable.map((r) => r.record),
  )
  const at = (rows: readonly BadRow[], known: Map<number, number>) =>
    rows.map(({ record, ...rest }) => ({ line: known.get(record) ?? record, ...rest }))
  return [...at(bad, lines.readable), ...at(unreadable, lines.unreadable)].sort((a, b) => a.line - b.line)
}

/** Of data about people outside no text is kept: it is found in the file by its line. */
export const withoutText = (rejects: readonly Reject[]): Reject[] =>
  rejects.map((r) => ({ ...r, value: null, raw: null }))

export async function saveRejects(con: Connection, jobId: string, rejects: readonly Reject[]): Promise<void> {
  await con.run('delete from reject where job_id = $1', [jobId])
  await insertRows(
    con,
    'reject',
    rejects.map((r) => [jobId, r.line, r.reason, r.field, r.value, r.raw]),
  )
}

export const listRejects = (con: Connection, jobId: string): Promise<Reject[]> =>
  con.all<Reject>('select line, reason, field, value, raw from reject where job_id = $1 order by line', [jobId])
