import { expect, test } from 'vitest'
import { addressOf, bestMatches } from './thing.ts'

const titled = (...titles: string[]) => titles.map((title) => ({ title }))
const found = (titles: string[], words: string) => bestMatches(titled(...titles), words, 3).map((t) => t.title)

test('the whole title comes first, then its beginning, then a word of it, then anywhere', () => {
  expect(found(['Reports', 'A report', 'Report', 'Unreported'], 'report')).toEqual(['Report', 'Reports', 'A report'])
})

test('case and accents do not matter, every word does, and no word finds nothing', () => {
  expect(found(['Café Zürich', 'Cafe'], 'CAFE zur')).toEqual(['Café Zürich'])
  expect(found(['Anything'], '  ')).toEqual([])
})

test('an id of digits stays a text in an address', () => {
  expect(addressOf('/insights/account', { id: '123' })).toBe('/insights/account?id=%22123%22')
  expect(addressOf('/requests', { open: 'a-1' })).toBe('/requests?open=a-1')
  expect(addressOf('/decisions/a')).toBe('/decisions/a')
})
