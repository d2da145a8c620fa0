import { z } from 'zod'
import type { CsvRow } from '../../platform/csv.ts'
import { limit } from '../../platform/errors.ts'
import type { AnyOperation } from '../../platform/operation.ts'

interface JsonSchema {
  type?: string
  properties?: Record<string, JsonSchema>
  items?: JsonSchema
  prefixItems?: JsonSchema[]
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  enum?: unknown[]
  const?: unknown
  maximum?: number
}

/** The columns of a table that has no rows: those of a row made up after the output's schema. */
export function columnsOf(op: Pick<AnyOperation, 'output' | 'csv'>): string[] {
  return Object.keys(
    op.csv?.rows(madeUp(z.toJSONSchema(op.output, { io: 'output', reused: 'inline' }) as JsonSchema))[0] ?? {},
  )
}

const maxRows = 500_000
const tooMany = () =>
  limit(`The table has more than ${maxRows.toLocaleString('en-GB')} rows. Narrow it down and export again.`)

/**
 * A table as its rows come, so that no more than a part of it is held. What is refused or fails at once is thrown here.
 * @param outputs of the operation, that follow each other
 * @throws limit where it has more rows than a file of them is of use
 */
export async function tableOf(
  op: Pick<AnyOperation, 'output' | 'csv'>,
  outputs: AsyncGenerator<unknown>,
): Promise<{ fileName: string; columns: string[]; parts: AsyncIterable<CsvRow[]> }> {
  const csv = op.csv!
  const first = await outputs.next()
  if (first.done) throw new Error('a table of no output')
  const { value } = first
  if (typeof value === 'object' && value !== null && 'total' in value && Number(value.total) > maxRows) throw tooMany()
  const rows = csv.rows(value)
  async function* parts() {
    yield rows
    let count = rows.length
    for await (const output of outputs) {
      const more = csv.rows(output)
      count += more.length
      if (count > maxRows) throw tooMany()
      yield more
    }
  }
  return { fileName: csv.fileName(value), columns: rows[0] ? Object.keys(rows[0]) : columnsOf(op), parts: parts() }
}

/** The input of the page after this one, if there is one. */
export function following(output: unknown, input: unknown): Record<string, unknown> | null {
  if (typeof output !== 'object' || output === null) return null
  const given = input as Record<string, unknown>
  if ('nextCursor' in output && typeof output.nextCursor === 'string') return { ...given, cursor: output.nextCursor }
  if ('nextBefore' in output && typeof output.nextBefore === 'number') return { ...given, before: output.nextBefore }
  if (
    'total' in output &&
    typeof output.total === 'number' &&
    !('nextCursor' in output) &&
    'rows' in output &&
    Array.isArray(output.rows) &&
    output.rows.length > 0
  ) {
    const offset = (typeof given['offset'] === 'number' ? given['offset'] : 0) + output.rows.length
    return offset < output.total ? { ...given, offset } : null
  }
  return null
}

/** The same question with as few pages as its operation allows: each costs as much as all of them. */
export function inLargePages(op: Pick<AnyOperation, 'input'>, input: unknown): unknown {
  const { properties } = z.toJSONSchema(op.input, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  const most = properties?.['limit']?.maximum
  return most === undefined || typeof input !== 'object' || input === null ? input : { ...input, limit: most }
}

function madeUp(schema: JsonSchema): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const either = (schema.anyOf ?? schema.oneOf)?.[0]
  if (either) return madeUp(either)
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([key, property]) => [key, madeUp(property)]),
      )
    case 'array':
      return (schema.prefixItems ?? [schema.items ?? {}]).map(madeUp)
    case 'string':
      return ''
    case 'number':
    case 'integer':
      return 0
    case 'boolean':
      return false
    default:
      return null
  }
}
