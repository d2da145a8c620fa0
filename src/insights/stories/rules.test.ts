import { expect, test } from 'vitest'
import type { Finding } from './schemas.ts'
import { hasLeft, identityOf, reconcile, returnText, type Known } from './rules.ts'

const aFinding = (change: Partial<Finding> = {}): Finding => ({
  rule: 'adoption-gap',
  featureId: '0190b5a0-0000-7000-8000-00000000f001',
  feature: 'Sharing',
  segmentBy: 'segment',
  segment: 'L',
  text: 'x',
  caveat: 'y',
  evidence: 'clear',
  arr: 100,
  accounts: 5,
  value: 0.12,
  low: 0.08,
  high: 0.18,
  unit: 'share',
  bars: [],
  figures: [],
  address: '/',
  month: '2025-12',
  ...change,
})
const aStory = (finding: Finding, change: Partial<Known> = {}): Known => ({
  id: 's',
  identity: identityOf(finding),
  finding,
  foundAt: new Date(0),
  holds: true,
  version: 1,
  dismissedAt: null,
  dismissedReason: null,
  dismissedLow: null,
  dismissedHigh: null,
  returnedAt: null,
  ...change,
})
const dismissed = {
  dismissedAt: new Date('2025-10-03T10:00:00Z'),
  dismissedReason: 'Known',
  dismissedLow: 0.08,
  dismissedHigh: 0.18,
}

test('a story is the same whatever its month and figures, and another one for another rule, feature or segment', () => {
  const same = identityOf(aFinding())
  expect(identityOf(aFinding({ month: '2026-01', value: 0.3, text: 'z' }))).toBe(same)
  for (const change of [
    { rule: 'retention-gap' },
    { featureId: null },
    { segment: 'S' },
    { segmentBy: 'region' },
  ] as Partial<Finding>[])
    expect(identityOf(aFinding(change))).not.toBe(same)
})

test('what is new, what still holds and what holds no more', () => {
  const stays = aFinding()
  const goes = aFinding({ segment: 'S' })
  const comes = aFinding({ segment: 'M' })
  const told = reconcile(
    [aStory(stays), aStory(goes, { id: 'g' }), aStory(aFinding({ segment: 'old' }), { id: 'o', holds: false })],
    [stays, comes],
  )
  expect([told.fresh, told.still.map((s) => [s.known.id, s.returns]), told.gone.map((k) => k.id)]).toEqual([
    [comes],
    [['s', false]],
    ['g'],
  ])
})

test.each([
  [0.12, false],
  [0.08, false],
  [0.18, false],
  [0.181, true],
  [0.079, true],
])('a dismissed story of 8 %% to 18 %% at %d comes back: %s', (value, back) => {
  expect(hasLeft(aStory(aFinding(), dismissed), aFinding({ value }))).toBe(back)
})

test('one that was never dismissed, or is back already, does not come back', () => {
  expect(hasLeft(aStory(aFinding()), aFinding({ value: 0.9 }))).toBe(false)
  expect(hasLeft(aStory(aFinding(), { ...dismissed, returnedAt: new Date() }), aFinding({ value: 0.9 }))).toBe(false)
})

test('it says why it is back', () => {
  expect(returnText(aStory(aFinding(), dismissed), aFinding({ value: 0.22 }))).toBe(
    'Dismissed on 3 Oct 2025 (“Known”) when it lay between 8.0 % and 18 %; it is 22 % now.',
  )
})
