import { expect, test } from 'vitest'
import { accountMatcher, plainDomain, plainName, similarity } from './rules.ts'

test('names are compared without legal forms, case and accents', () => {
  expect(['Müller & Söhne GmbH', 'MULLER SOHNE', 'Muller Sohne, Inc.'].map(plainName)).toEqual([
    'muller sohne',
    'muller sohne',
    'muller sohne',
  ])
})

test('a domain is read out of an address, and one that many share says nothing', () => {
  expect(['https://www.Acme.io/about', 'ops@acme.io', 'acme', 'x@gmail.com'].map(plainDomain)).toEqual([
    'acme.io',
    'acme.io',
    null,
    null,
  ])
})

test('similarity counts common pairs of letters', () => {
  expect(similarity('night', 'nacht')).toBeCloseTo(0.25)
  expect(similarity('', 'a')).toBe(0)
})

test('domain goes before name, agreement raises, ambiguity lowers, and strangers stay strangers', () => {
  const propose = accountMatcher([
    { extId: 'a1', name: 'Acme GmbH', domain: 'acme.io' },
    { extId: 'a2', name: 'Birch Ltd', domain: 'shared.example' },
    { extId: 'a3', name: 'Cedar', domain: 'shared.example' },
    { extId: 'a4', name: 'Northern Freight Lines', domain: null },
  ])
  expect(propose({ extId: 'w1', name: 'ACME', domain: 'www.acme.io' })).toMatchObject([
    { accountExtId: 'a1', method: 'domain', confidence: 0.99 },
  ])
  expect(
    propose({ extId: 'w2', name: null, domain: 'shared.example' }).map((p) => [p.accountExtId, p.confidence]),
  ).toEqual([
    ['a2', 0.475],
    ['a3', 0.475],
  ])
  expect(propose({ extId: 'w3', name: 'Northern Freight Line', domain: null })[0]).toMatchObject({
    accountExtId: 'a4',
    method: 'name',
  })
  expect(propose({ extId: 'zzz', name: 'Unknown', domain: null })).toEqual([])
})
