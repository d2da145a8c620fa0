import { expect, test } from 'vitest'
import { units } from '../../platform/rooms/measure.ts'
import { MeasureRef, ownKind, type MeasureKey } from './measures.ts'
import {
  alertText,
  causesOf,
  isCrossed,
  judgeThresholds,
  progressOf,
  refKey,
  restatementText,
  spoken,
  targetAt,
  targetState,
  thresholdText,
  isSameShown,
  valueText,
} from './rules.ts'

const nrr = MeasureRef.parse({ measure: 'nrr' })
const keyOf = (ref: MeasureRef) => refKey(ownKind(ref.measure as MeasureKey), ref)
const said = (ref: MeasureRef, feature: string | null) => spoken(ownKind(ref.measure as MeasureKey), ref, feature)

test('two refs of one figure have one key, whatever else they carry', () => {
  expect(keyOf(nrr)).toBe(keyOf(MeasureRef.parse({ measure: 'nrr', segmentBy: 'region', adoptionMonths: 6 })))
  expect(keyOf(MeasureRef.parse({ measure: 'arr', window: 3 }))).toBe(
    keyOf(MeasureRef.parse({ measure: 'arr', window: 12 })),
  )
  const keys = [
    nrr,
    { ...nrr, window: 6 },
    { ...nrr, segment: 'L' },
    { ...nrr, segment: 'L', segmentBy: 'region' },
    { ...nrr, measure: 'grr' as const },
  ].map(keyOf)
  expect(new Set(keys).size).toBe(5)
})

test('a figure is said in words that fit a sentence', () => {
  expect([
    said(nrr, null),
    said({ ...nrr, segment: 'Enterprise', window: 1 }, null),
    said({ ...nrr, measure: 'adoption-rate', segment: "O'Mid" }, 'Sharing'),
  ]).toEqual(['NRR over 12 months', 'NRR over 1 month in Enterprise', "Adoption rate of Sharing in O'Mid"])
})

test('a threshold is crossed beyond it, not at it; what has no value crosses nothing', () => {
  expect(
    [0.94, 0.95, 0.96].map((value) => isCrossed({ kind: 'below', value: 0.95 }, 'share', { value, prior: null })),
  ).toEqual([true, false, false])
  expect(
    [0.94, 0.95, 0.96].map((value) => isCrossed({ kind: 'above', value: 0.95 }, 'share', { value, prior: null })),
  ).toEqual([false, false, true])
  for (const kind of ['above', 'below', 'moved'] as const)
    expect(isCrossed({ kind, value: 0.1 }, 'share', { value: null, prior: 0.5 })).toBeNull()
})

test('a move is in points for shares and in parts of the month before for the rest', () => {
  expect(isCrossed({ kind: 'moved', value: 0.02 }, 'share', { value: 0.97, prior: 1 })).toBe(true)
  expect(isCrossed({ kind: 'moved', value: 0.02 }, 'money', { value: 1019, prior: 1000 })).toBe(false)
  expect(isCrossed({ kind: 'moved', value: 0.02 }, 'money', { value: 979, prior: 1000 })).toBe(true)
  expect([
    isCrossed({ kind: 'moved', value: 0.02 }, 'money', { value: 5, prior: 0 }),
    isCrossed({ kind: 'moved', value: 0.02 }, 'share', { value: 5, prior: null }),
  ]).toEqual([null, null])
})

test('one alert for a crossing, none again until the figure went back', () => {
  const below = { kind: 'below' as const, value: 0.95 }
  const open = [{ id: 'a', kind: 'below' as const, threshold: 0.95, month: '2025-10' }]
  const judge = (value: number | null, standing: typeof open = []) =>
    judgeThresholds([below], standing, 'share', '2025-11', { value, prior: null })
  expect(judge(0.9)).toEqual({ raise: [below], end: [] })
  expect(judge(0.8, open)).toEqual({ raise: [], end: [] })
  expect(judge(0.96, open)).toEqual({ raise: [], end: ['a'] })
  expect(judge(null, open)).toEqual({ raise: [], end: [] })
  expect(judge(null)).toEqual({ raise: [], end: [] })
  expect(judgeThresholds([], open, 'share', '2025-11', { value: 0.9, prior: null })).toEqual({ raise: [], end: ['a'] })
})

test('a move of a later month is another one; the same month, refreshed, is not', () => {
  const moved = { kind: 'moved' as const, value: 0.02 }
  const open = [{ id: 'a', kind: 'moved' as const, threshold: 0.02, month: '2025-10' }]
  const known = { value: 0.9, prior: 1 }
  expect(judgeThresholds([moved], open, 'share', '2025-11', known)).toEqual({ raise: [moved], end: ['a'] })
  expect(judgeThresholds([moved], open, 'share', '2025-10', known)).toEqual({ raise: [], end: [] })
})

test('the target that counts is the next one, else the last; it is missed once its month is over', () => {
  const targets = [
    { month: '2026-06', value: 1.02, direction: 'at-least' as const },
    { month: '2025-12', value: 1, direction: 'at-least' as const },
  ]
  expect([
    targetAt(targets, '2025-11')?.value,
    targetAt(targets, '2026-01')?.value,
    targetAt(targets, '2027-01')?.value,
    targetAt([], '2025-01'),
  ]).toEqual([1, 1.02, 1.02, null])
  expect([
    targetState(targets[1]!, '2025-11', 0.99),
    targetState(targets[1]!, '2025-12', 0.99),
    targetState(targets[1]!, '2025-12', 1),
    targetState(targets[1]!, '2025-12', null),
    targetState(null, '2025-12', 1),
  ]).toEqual(['not-met-yet', 'missed', 'met', 'no-value', 'no-target'])
  expect(targetState({ ...targets[1]!, direction: 'at-most' }, '2025-11', 0.9)).toBe('met')
})

test('a key result is ahead, on the line or behind by a twentieth of the way, upwards and downwards', () => {
  const up = { startMonth: '2025-01', startValue: 100, targetMonth: '2025-11', targetValue: 200 }
  const down = { startMonth: '2025-01', startValue: 0.2, targetMonth: '2025-11', targetValue: 0.1 }
  const state = (line: typeof up, month: string, value: number | null) => progressOf(line, month, value).state
  expect([144.9, 145.1, 154.9, 155.1].map((v) => state(up, '2025-06', v))).toEqual([
    'behind',
    'on-the-line',
    'on-the-line',
    'ahead',
  ])
  expect([0.17, 0.15, 0.13].map((v) => state(down, '2025-06', v))).toEqual(['behind', 'on-the-line', 'ahead'])
  expect(progressOf(up, '2025-06', 150)).toEqual({ done: 0.5, expected: 0.5, lineValue: 150, state: 'on-the-line' })
  expect([
    state(up, '2025-03', 200),
    state(up, '2025-11', 199),
    state(up, '2024-12', 100),
    state(up, '2025-06', null),
  ]).toEqual(['reached', 'not-reached', 'not-begun', 'no-value'])
  expect(progressOf(up, '2025-06', 80).done).toBeCloseTo(-0.2, 12)
  expect(progressOf(up, '2026-06', 150)).toMatchObject({ expected: 1, lineValue: 200 })
})

test('a restatement says what was told, when, what it is now, and what came between', () => {
  const p = {
    said: 'NRR over 12 months',
    unit: 'share' as const,
    currency: 'EUR',
    month: '2025-12',
    value: 0.971,
    publishedAt: '2026-01-12T09:00:00Z',
    today: 0.964,
    isOfBook: true,
    causes: { files: 3, undone: 0, definitions: 1 },
  }
  expect(restatementText(p)).toBe(
    'NRR over 12 months, Dec 2025, was published as 97.1 % on 12 Jan 2026; by today’s data it is 96.4 %: 3 files came since, 1 definition changed.',
  )
  expect(restatementText({ ...p, today: 0.9712 })).toBe(
    'NRR over 12 months, Dec 2025, was published as 97.1 % on 12 Jan 2026, and is so by today’s data.',
  )
  expect(restatementText({ ...p, causes: { files: 0, undone: 0, definitions: 0 } })).toMatch(
    /people decided anew who counts or which book of revenue is read\.$/,
  )
  expect(restatementText({ ...p, today: null, causes: { files: 0, undone: 1, definitions: 0 } })).toMatch(
    /has no value\. 1 import was taken back\.$/,
  )
})

test('what came between is counted from what a figure was made of', () => {
  const then = { batches: [1, 2, 3], refreshedAt: null, definitions: { nrr: 1, arr: 1 }, featureVersion: 2 }
  expect(causesOf(then, then)).toEqual({ files: 0, undone: 0, definitions: 0 })
  expect(
    causesOf(then, { batches: [1, 3, 4, 5], refreshedAt: null, definitions: { nrr: 1, arr: 2 }, featureVersion: 3 }),
  ).toEqual({ files: 2, undone: 1, definitions: 2 })
})

test('alerts and thresholds are said in the measure’s own unit', () => {
  expect(thresholdText({ kind: 'moved', value: 0.025 }, 'share', 'EUR')).toBe(
    'moved by more than 2.5 points in a month',
  )
  expect(thresholdText({ kind: 'moved', value: 0.1 }, 'money', 'EUR')).toBe('moved by more than 10 % in a month')
  expect(
    alertText(
      { said: 'ARR', kind: 'below', threshold: 5_000_000, month: '2025-12', value: 4_900_000, prior: 5_100_000 },
      'money',
      'EUR',
    ),
  ).toBe('ARR is below €5.00 M: €4.90 M in Dec 2025, after €5.10 M the month before.')
})

test('every unit is said in its own way, and two values are the same where they are said the same', () => {
  expect(units.map((unit) => valueText(12.34, unit, 'EUR'))).toEqual([
    '€12',
    '1234.0 %',
    '12 accounts',
    '12',
    '12.3 hours',
  ])
  expect([isSameShown(1.51, 1.54, 'hours'), isSameShown(1.5, 1.6, 'hours'), isSameShown(1, 1.4, 'count')]).toEqual([
    true,
    false,
    true,
  ])
})

test('a figure of another room is never said to be restated by files or by the book of revenue', () => {
  expect(
    restatementText({
      said: 'Ideas',
      unit: 'count',
      currency: 'EUR',
      month: '2025-12',
      value: 3,
      publishedAt: '2026-01-12T09:00:00Z',
      today: 7,
      isOfBook: false,
      causes: { files: 0, undone: 0, definitions: 0 },
    }),
  ).toBe('Ideas, Dec 2025, was published as 3 on 12 Jan 2026; by today’s data it is 7: what it counts changed.')
})
