import { expect, test } from 'vitest'
import { z } from 'zod'
import { parseInput } from './operation.ts'

const Shape = z.object({ name: z.string(), rules: z.array(z.object({ value: z.string() })).default([]) })

test('what is missing is said as missing, what does not fit as what it is', () => {
  expect(() => parseInput(Shape, {})).toThrow('“name”: This is needed and missing.')
  expect(() => parseInput(Shape, { name: 'a', rules: [{ value: 'b' }, { pattern: 'c' }] })).toThrow(
    '“rules.1.value”: This is needed and missing.',
  )
  expect(() => parseInput(Shape, { name: 3 })).toThrow('“name” takes a text, not 3.')
  expect(() => parseInput(Shape, 'text')).toThrow('The input takes named values, not “text”.')
})
