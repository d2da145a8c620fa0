import { expect, test } from 'vitest'
import { readInput } from './input.ts'

test('no input is an empty one, anything else is JSON', () => {
  expect([undefined, '', '{"a": [1, null]}', '3'].map(readInput)).toEqual([{}, {}, { a: [1, null] }, 3])
  expect(() => readInput('{a: 1}')).toThrow('not JSON')
})
