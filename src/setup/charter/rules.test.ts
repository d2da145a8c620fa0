import { expect, test } from 'vitest'
import { changesOf, checkLines } from './rules.ts'

test('an edition says what was taken on, put off, moved and left out', () => {
  expect(
    changesOf({ above: ['A', 'B', 'C'], below: ['X', 'Y'] }, { above: ['A', 'X', 'N'], below: ['B', 'M'] }),
  ).toEqual([
    { text: 'X', move: 'moved above' },
    { text: 'N', move: 'taken on' },
    { text: 'B', move: 'moved below' },
    { text: 'M', move: 'put off' },
    { text: 'C', move: 'left out' },
    { text: 'Y', move: 'left out' },
  ])
})

test('a new order is no change, and the first edition takes all on', () => {
  expect(changesOf({ above: ['A', 'B'], below: [] }, { above: ['B', 'A'], below: [] })).toEqual([])
  expect(changesOf({ above: [], below: [] }, { above: ['A'], below: ['B'] }).map((c) => c.move)).toEqual([
    'taken on',
    'put off',
  ])
})

test('nothing stands on both sides, and something stands above', () => {
  expect(() => checkLines({ above: ['A'], below: ['A'] })).toThrow('stands twice')
  expect(() => checkLines({ above: [], below: ['A'] })).toThrow('at least one')
  expect(() => checkLines({ above: ['A'], below: [] })).not.toThrow()
})
