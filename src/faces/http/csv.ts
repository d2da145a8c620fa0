import { z } from 'zod'
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

/** The same question with as few pages as its operation allows: each costs as much as all of them. */
export function inLargePages(op: Pick<AnyOperation, 'input'>, input: unknown): unknown {
  const { properties } = z.toJSONSchema(op.input, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  const limit = properties?.['limit']?.maximum
  return limit === undefined || typeof input !== 'object' || input === null ? input : { ...input, limit }
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
