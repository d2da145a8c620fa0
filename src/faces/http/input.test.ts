import { expect, test } from 'vitest'
import { readInput } from './input.ts'

test('no input is an empty one, anything else is JSON', () => {
  expect([undefined, '', '{"a": [1, null]}', '3'].map(readInput)).toEqual([{}, {}, { a: [1, null] }, 3])
  expect(() => readInput('{a: 1}')).toThrow('not JSON')
})

test('a NUL character is refused in values and names, the letters of its escape are not', () => {
  expect(() => readInput('{"a": "x\\u0000y"}')).toThrow('NUL')
  expect(() => readInput('{"\\u0000": 1}')).toThrow('NUL')
  expect(() => readInput('{"a": "\\\\\\u0000"}')).toThrow('NUL')
  expect(readInput('{"a": "\\\\u0000"}')).toEqual({ a: '\\u0000' })
})
