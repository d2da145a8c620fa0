import { expect, test } from 'vitest'
import { slugFor } from './rules.ts'

test('a short name holds letters, digits and single dashes, and fits in an address', () => {
  expect(slugFor('Müller & Söhne  GmbH', [])).toBe('muller-sohne-gmbh')
  expect(slugFor('--- 日本 ---', [])).toBe('workspace')
  expect(slugFor(`${'x'.repeat(39)} and more`, [])).toBe('x'.repeat(39))
})

test('a taken name gets the first free number', () => {
  expect(slugFor('Acme', ['acme'])).toBe('acme-2')
  expect(slugFor('Acme', ['acme', 'acme-2', 'acme-4', 'acme-x'])).toBe('acme-3')
})
