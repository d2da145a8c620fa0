import { expect, test } from 'vitest'
import { MeasureRef, ownKind, type MeasureKey, type MeasurePoint } from '../insights/targets/measures.ts'
import { expectedText, expectedValue, measurePhrase, verdictOf, writeCaveat, writeEffect, type Told } from './effect.ts'

const featureId = '0190b5a0-0000-7000-8000-00000000f001'
const phraseOf = (ref: { measure: MeasureKey } & Partial<MeasureRef>, feature: string | null) =>
  measurePhrase(ownKind(ref.measure), MeasureRef.parse(ref), feature)
const point = (month: string, value: number | null, more: Partial<MeasurePoint> = {}): MeasurePoint => ({
  month,
  value,
  low: null,
  high: null,
  base: 83,
  mark: 'ok',
  ...more,
})
const adoption: Told = {
  phrase: phraseOf({ measure: 'adoption-rate', featureId, segment: 'Enterprise' }, 'Collaboration'),
  unit: 'share',
  counted: { one: 'account', many: 'accounts' },
  currency: 'EUR',
  expected: { as: 'value', value: 0.25 },
  by: '2026-09-03',
  decidedOn: '2026-03-03',
  atDecision: point('2026-02', 0.12),
  now: point('2026-08', 0.19, { low: 0.15, high: 0.24 }),
}

test('the effect is said beside the expectation, with its interval and base, and claims no cause', () => {
  expect(writeEffect(adoption)).toBe(
    'Adoption rate of Collaboration in Enterprise was 12 % on 3 Mar 2026; 25 % was expected by 3 Sep 2026; it is 19 % in Aug 2026, 15 % to 24 %, of 83 accounts.',
  )
  expect(writeCaveat(adoption, null)).toBe(
    'The value then is that of Feb 2026, the last full month known on the day. Not proof that the decision did it.',
  )
})

test('every unit, and a change or a direction that was expected', () => {
  const money: Told = {
    ...adoption,
    phrase: phraseOf({ measure: 'churn' }, null),
    unit: 'money',
    expected: { as: 'change', change: -20_000 },
    atDecision: point('2026-02', 50_000),
    now: point('2026-08', 35_000, { base: 1 }),
  }
  expect(writeEffect(money)).toBe(
    'Churned ARR was €50 k on 3 Mar 2026; €30 k (−€20 k) was expected by 3 Sep 2026; it is €35 k in Aug 2026 of 1 account.',
  )
  const accounts: Told = {
    ...adoption,
    phrase: 'Adopters of Search',
    unit: 'accounts',
    expected: { as: 'direction', direction: 'up' },
    atDecision: point('2026-02', 4),
    now: point('2026-08', 9),
  }
  expect(writeEffect(accounts)).toBe(
    'Adopters of Search was 4 accounts on 3 Mar 2026; a rise was expected by 3 Sep 2026; it is 9 accounts in Aug 2026.',
  )
  expect(expectedText({ as: 'change', change: 0.035 }, 0.1, 'share', 'EUR')).toBe('14 % (+3.5 percentage points)')
  expect(expectedText({ as: 'change', change: -0.035 }, null, 'share', 'EUR')).toBe(
    'a change of −3.5 percentage points',
  )
  expect(expectedText({ as: 'direction', direction: 'down' }, null, 'share', 'EUR')).toBe('a fall')
  expect(phraseOf({ measure: 'nrr', window: 1, segment: "S'" }, null)).toBe("NRR over 1 month in S'")
  expect(phraseOf({ measure: 'adopters', featureId }, null)).toBe('Adopters of a feature that was taken out')
})

test('what is not known says so, and is never a number', () => {
  const said = [
    { now: null },
    { now: point('2026-08', null, { base: 7, mark: 'suppressed' }) },
    { now: point('2026-08', null, { base: 0, mark: 'suppressed' }) },
    { atDecision: null },
    { decidedOn: null, atDecision: null },
  ].map((change) => writeEffect({ ...adoption, ...change } as Told))
  expect(said.map((s) => s.split('; ').at(-1))).toEqual([
    'its value now is not known.',
    'for Aug 2026 it is not shown: 7 accounts, fewer than 10.',
    'for Aug 2026 it is not known.',
    expect.any(String),
    expect.any(String),
  ])
  expect(said[3]).toContain('was not known on 3 Mar 2026; 25 % was expected')
  expect(said[4]).toContain('Enterprise: 25 % is expected by')
  expect(said.join()).not.toMatch(/NaN|Infinity|null|undefined/)
})

test('a restated past, a small base and a month that is not over are minded', () => {
  expect(writeCaveat(adoption, point('2026-02', 0.13))).toContain(
    'Read today, that month is 13 %: data or a definition changed since.',
  )
  expect(writeCaveat(adoption, point('2026-02', 0.12 + 1e-13))).not.toContain('Read today')
  expect(writeCaveat({ ...adoption, now: point('2026-08', 0.2, { base: 12, mark: 'directional' }) }, null)).toContain(
    '10 to 29 accounts',
  )
  expect(writeCaveat({ ...adoption, now: point('2026-02', 0.12) }, null)).toContain('No later month is complete yet.')
})

test.each([
  [0.12, 0.25, 0.25, 'reached'],
  [0.12, 0.25, 0.3, 'reached'],
  [0.12, 0.25, 0.19, 'not-reached'],
  [0.12, 0.05, 0.04, 'reached'],
  [0.12, 0.05, 0.06, 'not-reached'],
  [0.12, 0.12, 0.12, 'reached'],
  [0.12, 0.12, 0.2, 'not-reached'],
  [0.12, 0.25, null, 'unknown'],
  [-5, 10, 12, 'reached'],
] as const)('from %d, %d was expected and %d came: %s', (atDecision, value, now, verdict) => {
  expect(verdictOf({ as: 'value', value }, { atDecision, now }, true)).toBe(verdict)
})

test('before its day nothing is missed; a change or direction from an unknown value cannot be told', () => {
  expect(verdictOf({ as: 'value', value: 0.25 }, { atDecision: 0.1, now: 0.2 }, false)).toBe('not-yet')
  expect(verdictOf({ as: 'value', value: 0.25 }, { atDecision: 0.1, now: 0.26 }, false)).toBe('reached')
  expect(verdictOf({ as: 'change', change: 0.1 }, { atDecision: null, now: 0.2 }, true)).toBe('unknown')
  expect(verdictOf({ as: 'direction', direction: 'down' }, { atDecision: null, now: 0.2 }, true)).toBe('unknown')
  expect(
    [0.2, 0.1, 0.3].map((now) => verdictOf({ as: 'direction', direction: 'down' }, { atDecision: 0.2, now }, true)),
  ).toEqual(['not-reached', 'reached', 'not-reached'])
  expect(verdictOf({ as: 'change', change: -0.05 }, { atDecision: 0.2, now: 0.15 }, true)).toBe('reached')
  expect([
    expectedValue({ as: 'change', change: 3 }, null),
    expectedValue({ as: 'change', change: 3 }, 4),
    expectedValue({ as: 'direction', direction: 'up' }, 4),
  ]).toEqual([null, 7, null])
})
