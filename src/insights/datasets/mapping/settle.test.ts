import { expect, test } from 'vitest'
import type { Dataset, Mapping, SourceColumn } from '../schemas.ts'
import { datasets } from '../declared/list.ts'
import { needDataset } from '../known.ts'
import { printMapping, readMapping } from './mapping-file.ts'
import { proposeFields } from './propose.ts'
import { settleMapping } from './settle.ts'

function settled(dataset: Dataset, file: Record<string, string[]>, more: Partial<Mapping> = {}) {
  const columns = Object.entries(file).map(([name, samples]): SourceColumn => ({
    name,
    type: 'VARCHAR',
    samples,
    empty: 0,
    distinct: samples.length,
  }))
  const declared = needDataset(datasets, dataset)
  const proposals = proposeFields(declared, columns)
  const mapping: Mapping = {
    dataset,
    source: 'crm',
    file: {},
    fields: Object.fromEntries(proposals.map((p) => [p.field, p.source])),
    ...more,
  }
  return settleMapping(declared, mapping, proposals, columns, 'csv')
}

test('columns named plainly need nobody; what is unsure of accounts stays an attribute', () => {
  const { mapping, leftOut, open } = settled('accounts', {
    'Account ID': ['A1', 'A2'],
    'Account Name': ['Ada', 'Bo'],
    'Parent Region': ['EU', 'US'],
    'Renewal Date': ['31.01.2026', '01.02.2026'],
  })
  expect(open).toEqual([])
  expect(mapping.fields).toEqual({
    id: { column: 'Account ID' },
    name: { column: 'Account Name' },
    renewalDate: { column: 'Renewal Date', format: 'D.M.YYYY' },
  })
  expect(leftOut.map((p) => [p.field, p.source.column])).toEqual([['parent', 'Parent Region']])
})

test('of two columns named as well, neither is taken for sure', () => {
  expect(settled('accounts', { 'Account ID': ['A1'], Id: ['1'] }).open).toEqual([
    '“fields.id”: say which column holds the account id; accounts cannot be read without it. It may be the column “Account ID”: the name says so; “Id” may be it as well.',
  ])
})

test('a needed field without a column, dates that could be either way round and an amount of unknown term are each named', () => {
  expect(
    settled('subscriptions', {
      id: ['S1'],
      account: ['A1'],
      'Begin of term': ['x'],
      end: ['03/04/2025'],
      amount: ['100'],
    }).open,
  ).toEqual([
    '“fields.start”: say which column holds the start; subscriptions cannot be read without it.',
    '“amountIs”: say whether the amount is mrr (per month), arr (per year) or total (over the whole term).',
    '“fields.end.format”: Which way round are the dates in “end”, such as 03/04/2025? D/M/YYYY (day first: 31/12/2025) or M/D/YYYY (month first: 12/31/2025).',
  ])
})

test('outside accounts an unsure field is asked about: leaving an end or a count out would change figures', () => {
  expect(
    settled(
      'subscriptions',
      { id: ['S1'], account: ['A1'], start: ['2025-01-01'], 'enddate (planned)': ['2026-01-01'], mrr: ['100'] },
      { amountIs: 'mrr' },
    ).open,
  ).toEqual(['“fields.end”: It may be the column “enddate (planned)”: the name is close and the values are dates.'])
})

test('an optional column that is empty in the rows looked at is used all the same', () => {
  const { mapping, open } = settled(
    'subscriptions',
    { id: ['S1'], account: ['A1'], start: ['2025-01-01'], end: [], mrr: ['100'] },
    { amountIs: 'mrr' },
  )
  expect([open, mapping.fields['end']]).toEqual([[], { column: 'end' }])
})

test('the file to be corrected holds what is open as remarks and is read again without them', () => {
  const { mapping } = settled('users', { user_id: ['u1'], account_id: ['a1'] })
  const text = printMapping(mapping, { top: ['One', 'two'], fields: ['createdDate: joined   not sure'] })
  expect(text).toContain('# One\n# two\n')
  expect(text).toContain('# createdDate: joined   not sure')
  expect(readMapping(text, datasets)).toEqual(mapping)
  expect(printMapping({ ...mapping, fields: {} }, { fields: ['id: x'] })).toContain('# id: x')
})
