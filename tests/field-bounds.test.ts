/** The kind behind many a failure: an input wider than what it is stored in. No field of any operation is without its bounds. */
import { expect, test } from 'vitest'
import { z } from 'zod'
import { operations } from '../src/operations.ts'
import { Day, Figure, Month, VersionNumber } from '../src/platform/field-types.ts'

interface Schema {
  type?: string
  enum?: unknown[]
  const?: unknown
  format?: string
  pattern?: string
  minimum?: number
  exclusiveMinimum?: number
  maximum?: number
  maxLength?: number
  maxItems?: number
  maxProperties?: number
  properties?: Record<string, Schema>
  items?: Schema
  prefixItems?: Schema[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  additionalProperties?: boolean | Schema
  propertyNames?: Schema
}

const widest = 1e15
const isWithin = ({ minimum, exclusiveMinimum, maximum }: Schema) =>
  Math.abs(minimum ?? exclusiveMinimum ?? Infinity) <= widest && Math.abs(maximum ?? Infinity) <= widest
/** A form that begins and ends, and repeats nothing without an end. */
const isClosed = (pattern: string) => /^\^.*\$$/s.test(pattern) && !/[*+](?![^[]*\])|\{\d+,\}/.test(pattern)

function open(schema: Schema, at: string): string[] {
  if (schema.enum || schema.const !== undefined) return []
  const problems: string[] = []
  const { type, properties = {}, items, prefixItems, additionalProperties, propertyNames } = schema
  if ((type === 'integer' || type === 'number') && !isWithin(schema)) problems.push(`${at}: a number without bounds`)
  if (type === 'string' && schema.maxLength === undefined && !isClosed(schema.pattern ?? ''))
    problems.push(`${at}: a text without a length`)
  if (type === 'array' && schema.maxItems === undefined && !prefixItems) problems.push(`${at}: a list without an end`)
  if (propertyNames && schema.maxProperties === undefined && !propertyNames.enum)
    problems.push(`${at}: named values without an end`)
  for (const [name, part] of Object.entries(properties)) problems.push(...open(part, `${at}.${name}`))
  if (propertyNames) problems.push(...open(propertyNames, `${at} names`))
  if (typeof additionalProperties === 'object') problems.push(...open(additionalProperties, `${at}.*`))
  for (const part of [
    items ?? [],
    prefixItems ?? [],
    schema.anyOf ?? [],
    schema.oneOf ?? [],
    schema.allOf ?? [],
  ].flat())
    problems.push(...open(part, `${at}[]`))
  return problems
}

test('every field of every input has bounds: numbers a range, texts a length, lists and named values an end', () => {
  const problems = operations.flatMap((op) =>
    open(z.toJSONSchema(op.input as z.ZodType, { io: 'input', reused: 'inline' }) as Schema, op.name),
  )
  expect([...new Set(problems)]).toEqual([])
})

test('a day is one of the calendar, and a month one of the year', () => {
  const days = ['2025-02-28', '2024-02-29', '2000-02-29', '9999-12-31', '0001-01-01']
  const none = [
    '2025-02-29',
    '2025-02-30',
    '1900-02-29',
    '2025-04-31',
    '2025-13-01',
    '2025-00-10',
    '2025-01-00',
    '0000-01-01',
    '2025-1-1',
    '2025-01-01T00:00:00Z',
    ' 2025-01-01',
    '',
  ]
  expect(days.filter((day) => !Day.safeParse(day).success)).toEqual([])
  expect(none.filter((day) => Day.safeParse(day).success)).toEqual([])
  expect(Day.safeParse('2025-02-30').error?.issues[0]?.message).toBe(
    '“2025-02-30” is not a day: write it as 2025-12-31 (year, month, day).',
  )
  expect(['2025-12', '0100-01'].every((month) => Month.safeParse(month).success)).toBe(true)
  expect(['2025-13', '2025-00', '0000-01', '2025-1'].some((month) => Month.safeParse(month).success)).toBe(false)
})

test('what a column could not hold fits no field', () => {
  expect([0, 2_147_483_646].every((n) => VersionNumber.safeParse(n).success)).toBe(true)
  expect([-1, 2_147_483_647, 2 ** 53, 1.5, NaN].some((n) => VersionNumber.safeParse(n).success)).toBe(false)
  expect([1e308, -1e308, Infinity, NaN].some((n) => Figure.safeParse(n).success)).toBe(false)
})
