import { expect, test } from 'vitest'
import { sampleRole } from './rules.ts'

test('everybody looks at the sample company as what they are elsewhere, and nobody but the owner is an admin of it', () => {
  expect(sampleRole(true, [])).toBe('admin')
  expect(sampleRole(false, ['stakeholder'])).toBe('stakeholder')
  expect(sampleRole(false, ['stakeholder', 'product-manager', 'leader'])).toBe('product-manager')
  expect(sampleRole(false, ['leader', 'admin'])).toBe('product-ops')
})

test('who belongs to no workspace of the company does not come in', () => {
  expect(sampleRole(false, [])).toBeNull()
})
