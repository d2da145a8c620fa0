import { expect, test } from 'vitest'
import type { AdoptionRow } from '../ground/schemas.ts'
import { rankCandidates, writeSentence } from './sentence.ts'

const row = (
  segment: string,
  feature: string,
  isCore: boolean,
  eligible: number,
  adopters: number,
  arrOthers: number,
): AdoptionRow => ({
  segment,
  feature,
  area: null,
  isCore,
  retention: null,
  retentionMissing: null,
  now: {
    eligible,
    notMeasured: 0,
    adopters,
    adoptionRate: { value: null, low: null, high: null, mark: 'ok' },
    arrAdopters: 0,
    arrOthers,
    arrNotMeasured: 0,
  },
})
const context = {
  currency: 'EUR',
  month: '2025-12',
  adoptionMonths: 3,
  entitlement: 'plan',
  notMeasured: 4,
  renewing: {
    accounts: 2,
    arr: 240_000,
    from: '2025-12-31',
    to: '2026-03-31',
    owners: [{ owner: 'Ada', accounts: 2, arr: 240_000 }],
  },
}

test('a core feature goes first even where another holds more ARR, and overlapping intervals are no finding', () => {
  const rows = [
    row('Enterprise', 'Collaboration', true, 40, 3, 2_000_000),
    row('SMB', 'Collaboration', true, 200, 120, 100_000),
    row('Enterprise', 'Exports', false, 40, 2, 9_000_000),
    row('SMB', 'Exports', false, 200, 150, 50_000),
    row('Enterprise', 'Search', true, 40, 20, 99_000_000),
    row('SMB', 'Search', true, 200, 110, 1),
  ]
  expect(rankCandidates(rows).map((c) => [c.segment, c.feature])).toEqual([
    ['Enterprise', 'Collaboration'],
    ['Enterprise', 'Exports'],
  ])
})

test('the sentence names counts, rates, ARR, renewals and owners, and makes no claim about retention', () => {
  const rows = [
    row('Enterprise', 'Collaboration', true, 40, 3, 2_000_000),
    row('SMB', 'Collaboration', true, 200, 120, 100_000),
  ]
  const sentence = writeSentence(rows, rankCandidates(rows)[0]!, context)
  expect(sentence.text).toBe(
    'Enterprise accounts hardly use the core feature Collaboration: 3 of 40 eligible accounts (7.5 %), against 60 % elsewhere. The other 37 hold €2.00 M of ARR. 2 of them renew by 31 Mar 2026, €240 k of ARR; with Ada (2).',
  )
  expect(sentence.caveat).toContain('95 % interval 2.6 % to 20 %, elsewhere 53 % to 67 %.')
  expect(sentence.text + sentence.caveat).not.toMatch(/drives|causes|because of/)
  const owners = ['Ada', 'Grace', 'Edsger', 'Barbara'].map((owner) => ({ owner, accounts: 1, arr: 1 }))
  const ending = (n: number) =>
    writeSentence(rows, rankCandidates(rows)[0]!, {
      ...context,
      renewing: { ...context.renewing, owners: owners.slice(0, n) },
    }).text.split('; ')[1]
  expect([3, 4].map(ending)).toEqual([
    'with Ada (1), Grace (1) and Edsger (1).',
    'most with Ada (1), Grace (1) and Edsger (1).',
  ])
})

test('below 10 eligible accounts nothing is compared', () => {
  const rows = [row('A', 'X', true, 9, 0, 100), row('B', 'X', true, 9, 9, 0)]
  expect(writeSentence(rows, rankCandidates(rows)[0] ?? null, context).kind).toBe('not-enough-data')
  expect(writeSentence([], null, context).kind).toBe('no-data')
})
