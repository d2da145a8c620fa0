import { expect, test } from 'vitest'
import { readable, table } from './render.ts'

test('columns are as wide as what they hold, numbers stand on the right, and what is missing is a dash', () => {
  expect(
    table([
      { segment: 'Enterprise', arr: 1250000, rate: 0.0725 },
      { segment: 'SMB', arr: 900.5, rate: null },
    ]),
  ).toBe(
    [
      'segment           arr   rate',
      '──────────  ─────────  ─────',
      'Enterprise  1,250,000  0.073',
      'SMB             900.5      –',
    ].join('\n'),
  )
  expect(table([])).toBe('(no rows)')
})

test('a long text is cut with a sign of it', () => {
  const [, , line] = table([{ text: 'x'.repeat(60) }]).split('\n')
  expect(line).toBe(`${'x'.repeat(47)}…`)
})

test('what a file holds cannot steer the terminal or break a line', () => {
  expect(table([{ name: 'a\u001b[2Jb\nc' }])).toBe('name\n────────\na [2Jb c')
})

test('an answer is its rows, or its fields a line each', () => {
  expect(readable({ rows: [{ a: 1, b: { c: 2 } }] })).toBe('a  b\n─  ───────\n1  {"c":2}')
  expect(readable({ slug: 'acme', people: [{ name: 'Robin' }], tags: ['x'] })).toBe(
    'slug: acme\npeople\nname\n─────\nRobin\ntags: ["x"]',
  )
})
