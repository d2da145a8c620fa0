/** Flags of a command, derived from the input schema of its operation. */
import { z } from 'zod'
import { invalid } from '../../platform/errors.ts'
import type { AnyOperation } from '../../platform/operation.ts'

export interface Flag {
  name: string
  key: string
  type: 'string' | 'number' | 'boolean' | 'list' | 'json'
  required: boolean
  description: string
  item: 'string' | 'number'
}

interface JsonSchema {
  type?: string
  properties?: Record<string, JsonSchema>
  required?: string[]
  description?: string
  items?: JsonSchema
  enum?: unknown[]
  default?: unknown
  anyOf?: JsonSchema[]
}

const kebab = (name: string): string => name.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()

export const commandWords = (op: Pick<AnyOperation, 'name' | 'command'>): string[] | null =>
  op.command === false ? null : op.command ? op.command.split(' ') : op.name.split('.').map(kebab)

function flagType({ type, items }: JsonSchema): Flag['type'] {
  switch (type) {
    case 'integer':
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'array':
      return ['string', 'number', 'integer'].includes(items?.type ?? '') ? 'list' : 'json'
    case 'object':
      return 'json'
    default:
      return 'string'
  }
}

export function flagsOf(op: AnyOperation): Flag[] {
  const schema = z.toJSONSchema(op.input, { io: 'input' }) as JsonSchema
  return Object.entries(schema.properties ?? {}).map(([key, property]) => {
    const plain = property.anyOf?.find((p) => p.type !== 'null') ?? property
    const type = flagType(plain)
    const choices = plain.enum ? `one of ${plain.enum.join(', ')}` : ''
    const fallback = ['string', 'number', 'boolean'].includes(typeof property.default)
      ? `default ${property.default as string | number | boolean}`
      : ''
    return {
      name: kebab(key),
      key,
      type,
      required: (schema.required ?? []).includes(key),
      item: plain.items?.type === 'string' ? 'string' : 'number',
      description: [
        property.description ?? '',
        choices,
        type === 'list' ? 'several with commas' : '',
        type === 'json' ? 'as JSON' : '',
        fallback,
      ]
        .filter(Boolean)
        .join('; '),
    }
  })
}

/** @throws invalid where a number or JSON cannot be read */
export function readFlags(flags: readonly Flag[], given: Record<string, unknown>): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  for (const flag of flags) {
    const value = given[flag.key]
    if (value !== undefined) input[flag.key] = read(flag, value)
  }
  return input
}

function read(flag: Flag, value: unknown): unknown {
  const number = (text: string) => {
    const n = Number(text)
    if (text.trim() === '' || Number.isNaN(n)) throw invalid(`--${flag.name}: “${text}” is not a number.`)
    return n
  }
  switch (flag.type) {
    case 'string':
      return String(value)
    case 'boolean':
      return value === true || value === 'true'
    case 'number':
      return number(String(value))
    case 'list':
      return String(value)
        .split(',')
        .map((part) => (flag.item === 'number' ? number(part) : part.trim()))
    case 'json':
      try {
        return JSON.parse(String(value))
      } catch {
        throw invalid(`--${flag.name}: this is not JSON.`)
      }
  }
}
