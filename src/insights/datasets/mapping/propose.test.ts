import { expect, test } from 'vitest'
import type { Mapping, SourceColumn } from '../schemas.ts'
import { questionsOf } from './propose.ts'

const column = (name: string, samples: string[]): SourceColumn => ({
  name,
  type: 'VARCHAR',
  samples,
  empty: 0,
  distinct: samples.length,
})
const mapping = (amount: Mapping['fields'][string]): Mapping => ({
  dataset: 'mrr',
  source: 'billing',
  file: {},
  fields: { account: { column: 'a' }, month: { column: 'm' }, amount },
})
const asked = (
  amounts: string[],
  format: 'csv' | 'xlsx' = 'csv',
  amount: Mapping['fields'][string] = { column: 'x' },
) =>
  questionsOf(mapping(amount), [column('a', ['a1']), column('m', ['2025-01']), column('x', amounts)], format).map(
    (q) => [q.field, q.sets, q.options.map((o) => o.value)],
  )

test('a point before three digits is asked about where nothing tells whether it groups thousands', () => {
  const question = [['amount', 'decimal', [',', '.']]]
  expect(asked(['1.200', '12.500', '900'])).toEqual(question)
  expect(asked(['€ 1.200', '9.000 EUR'])).toEqual(question)
  expect(asked(['1.200', '1500'])).toEqual([])
  expect(asked(['1.200', '0.500'])).toEqual([])
  expect(asked(['1.200', '12.5'])).toEqual([])
  expect(asked(['1.200', '900,50'])).toEqual([])
  expect(asked(['1.200.000'])).toEqual([])
  expect(asked(['900', '1200'])).toEqual([])
})

test('a spreadsheet’s own numbers and a mapping that says it are not asked about', () => {
  expect(asked(['1.200', '12.500'], 'xlsx')).toEqual([])
  expect(asked(['1.200', '12.500'], 'csv', { column: 'x', decimal: ',' })).toEqual([])
})
