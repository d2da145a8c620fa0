import { expect, test } from 'vitest'
import { placeWithin } from './address.ts'

const here = { baseUrl: 'https://throughline.example', slug: 'acme' }
const place = (given: string) => placeWithin(given, here)

test('an address is kept without host and workspace, with its search parameters', () => {
  const kept = '/insights/adoption?month=2025-06&cell=%7B%22feature%22%3A%22A%22%7D'
  expect([place(`https://throughline.example/w/acme${kept}`), place(`/w/acme${kept}`), place(`  ${kept} `)]).toEqual([
    kept,
    kept,
    kept,
  ])
  expect(place('/insights/definitions#nrr')).toBe('/insights/definitions#nrr')
})

test.each([
  '',
  'insights/adoption',
  'https://elsewhere.example/insights/adoption',
  'https://throughline.example.evil/insights',
  'https://throughline.example@evil.example/insights',
  '//evil.example/insights',
  '/\\evil.example',
  'javascript:alert(1)',
  '/w/other/insights/adoption',
  '/w/acme//evil.example',
  '/insights\n/adoption',
  '/api/session.get',
  'data:text/html,x',
])('“%s” is no place here', (given) => {
  expect(place(given)).toBeNull()
})
