/** What the server’s schema of an operation says about the fields of a form, and what does not fit in what was entered. */

/** JSON Schema, as far as operations use it; `problem` says what is wrong where the pattern does not fit. */
export interface Schema {
  type?: string
  title?: string
  description?: string
  problem?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  enum?: unknown[]
  const?: unknown
  minLength?: number
  maxLength?: number
  pattern?: string
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  minItems?: number
  maxItems?: number
}
export type Problems = Record<string, string>

const variants = (schema: Schema): Schema[] | undefined => schema.anyOf ?? schema.oneOf
const isNothing = (schema: Schema) => schema.type === 'null'
const partOf = (value: unknown, key: string): unknown => (value as Record<string, unknown> | null | undefined)?.[key]

/** Of several kinds, the one that the value is of: by what is fixed in it, else the first that is not nothing. */
function kindOf(schema: Schema, value: unknown): Schema {
  const kinds = variants(schema)
  if (!kinds) return schema
  const own = { ...schema, anyOf: undefined, oneOf: undefined }
  const isOf = (kind: Schema) =>
    Object.entries(kind.properties ?? {}).some(([key, p]) => p.const !== undefined && p.const === partOf(value, key))
  const one = kinds.find(isOf) ?? kinds.find((k) => !isNothing(k)) ?? kinds[0]!
  return kindOf({ ...one, title: own.title ?? one.title, description: own.description ?? one.description }, value)
}

export interface FieldFacts {
  schema: Schema
  isNeeded: boolean
}
/** @param path as of a form: `keyResults.0.startMonth` @returns undefined for what the operation does not take */
export function factsOf(schema: Schema, path: string, values: unknown): FieldFacts | undefined {
  let at = kindOf(schema, values)
  let value = values
  let isNeeded = true
  for (const key of path === '' ? [] : path.split('.')) {
    const next = at.items ?? at.properties?.[key]
    if (!next) return undefined
    isNeeded = at.items !== undefined || (at.required ?? []).includes(key)
    if (variants(next)?.some(isNothing)) isNeeded = false
    value = partOf(value, key)
    at = kindOf(next, value)
  }
  return { schema: at, isNeeded }
}

const counted = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`

function problemOf(schema: Schema, value: unknown): string | null {
  if (typeof value === 'string') {
    const text = value.trim()
    if (schema.minLength !== undefined && text.length < schema.minLength)
      return text === '' ? 'This is needed.' : `At least ${counted(schema.minLength, 'character')}.`
    if (schema.maxLength !== undefined && text.length > schema.maxLength)
      return `At most ${counted(schema.maxLength, 'character')}; this has ${text.length}.`
    if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(text)) {
      if (text === '') return 'This is needed.'
      return schema.problem ? sentence(schema.problem) : 'This does not have the form that is asked for.'
    }
  }
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return 'A number is needed.'
    if (schema.type === 'integer' && !Number.isInteger(value)) return 'A whole number is needed.'
    if (schema.minimum !== undefined && value < schema.minimum) return `At least ${schema.minimum}.`
    if (schema.exclusiveMinimum !== undefined && value <= schema.exclusiveMinimum)
      return `More than ${schema.exclusiveMinimum}.`
    if (schema.maximum !== undefined && value > schema.maximum) return `At most ${schema.maximum}.`
  }
  if (Array.isArray(value)) {
    if (value.length < (schema.minItems ?? 0)) return `At least ${counted(schema.minItems ?? 0, 'entry', 'entries')}.`
    if (schema.maxItems !== undefined && value.length > schema.maxItems)
      return `At most ${counted(schema.maxItems, 'entry', 'entries')}.`
  }
  if (schema.enum && !schema.enum.includes(value)) return 'Choose one of those that are offered.'
  return null
}
const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`

/** What does not fit, by its path; said so that it stands well beside its field. */
export function problemsOf(schema: Schema, value: unknown, path = ''): Problems {
  const kind = kindOf(schema, value)
  const at = (key: string) => (path === '' ? key : `${path}.${key}`)
  const own = problemOf(kind, value)
  const found: Problems = own === null ? {} : { [path]: own }
  if (Array.isArray(value) && kind.items)
    value.forEach((one, i) => Object.assign(found, problemsOf(kind.items!, one, at(String(i)))))
  else if (typeof value === 'object' && value !== null && !Array.isArray(value))
    for (const [key, part] of Object.entries(kind.properties ?? {})) {
      const given = partOf(value, key)
      const mayBeNothing = variants(part)?.some(isNothing) ?? false
      if (given === undefined || (given === null && !mayBeNothing)) {
        if (kind.required?.includes(key)) found[at(key)] = 'This is needed.'
      } else if (given !== null) Object.assign(found, problemsOf(part, given, at(key)))
    }
  return found
}

/** What the server says of a field, without the name that stands above it anyway. */
export function besideField(path: string, message: string): string {
  for (const [start, instead] of [
    [`“${path}”: `, ''],
    [`“${path}” takes `, 'This takes '],
  ] as const)
    if (message.startsWith(start)) return sentence(instead + message.slice(start.length))
  return message
}

/** `startMonth` as it is read: `Start month`. */
export const spoken = (path: string): string => {
  const words = (path.split('.').at(-1) ?? '').replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}
