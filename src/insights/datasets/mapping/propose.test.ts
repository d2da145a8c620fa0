import { expect, test } from 'vitest'
import { datasets } from '../declared/list.ts'
import { needDataset } from '../known.ts'
import type { Mapping, SourceColumn } from '../schemas.ts'
import { guessDatasets, proposeFields, questionsOf } from './propose.ts'

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
  questionsOf(
    needDataset(datasets, 'mrr'),
    mapping(amount),
    [column('a', ['a1']), column('m', ['2025-01']), column('x', amounts)],
    format,
  ).map((q) => [q.field, q.sets, q.options.map((o) => o.value)])

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

test.each([
  [
    'mrr',
    { Kunde: ['K1', 'K2'], Monat: ['2025-01', '2025-02'], MRR: ['100,50', '7,25'] },
    ['account', 'month', 'amount'],
  ],
  [
    'subscriptions',
    { Subscription: ['S1', 'S2'], Customer: ['C1', 'C2'], Start: ['1.2.2025', '13.2.2025'], Amount: ['1,50', '2,75'] },
    ['id', 'account', 'start', 'amount'],
  ],
  ['users', { user_id: ['u1', 'u2'], workspace: ['w1', 'w2'] }, ['id', 'account']],
  [
    'usage',
    { Datum: ['1.2.2025', '13.2.2025'], Abo: ['S1', 'S2'], Ereignis: ['a', 'b'], Anzahl: ['1', '2'] },
    ['time', 'subscription', 'event', 'count'],
  ],
])('columns named as people name them are taken for %s, each for its field', (dataset, file, fields) => {
  const columns = Object.entries<string[]>(file).map(([name, samples]) => column(name, samples))
  const columnsByField = new Map(
    proposeFields(needDataset(datasets, dataset), columns).map((p) => [p.field, p.source.column] as const),
  )
  expect([guessDatasets(datasets, columns)[0]!.dataset, fields.map((f) => columnsByField.get(f))]).toEqual([
    dataset,
    Object.keys(file),
  ])
})
