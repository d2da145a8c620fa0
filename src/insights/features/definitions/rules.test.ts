import { expect, test } from 'vitest'
import { checkFollows, checkRule, defaultRule, inForce, wordsOf, type DefinitionVersion } from './rules.ts'

const version = (
  number: number,
  validFrom: string | null,
  change: Partial<DefinitionVersion> = {},
): DefinitionVersion => ({
  ...defaultRule,
  id: `d${number}`,
  version: number,
  state: 'approved',
  validFrom,
  unit: 'days',
  atLeast: number,
  ...change,
})

test('the version in force is the last approved one whose day has come; before the first the default holds', () => {
  const versions = [
    version(3, '2025-10-01', { state: 'proposed' }),
    version(2, '2025-07-01'),
    version(1, '2025-01-01'),
    version(4, '2025-08-01', { state: 'withdrawn' }),
  ]
  expect(
    ['2024-12-31', '2025-01-01', '2025-06-30', '2025-07-01', '2026-01-01'].map(
      (day) => inForce(versions, day)?.version ?? null,
    ),
  ).toEqual([null, 1, 1, 2, 2])
})

test.each([
  [defaultRule, 'any use in the 3 full months to the day'],
  [
    { ...defaultRule, unit: 'users', atLeast: 3, windowKind: 'rolling', windowLength: 30 },
    'at least 3 users in the 30 days to the day',
  ],
  [
    { ...defaultRule, unit: 'days', atLeast: 1, windowLength: 1 },
    'at least 1 day with use in the full month to the day',
  ],
  [
    {
      ...defaultRule,
      atLeast: 5,
      valueEvents: [
        { kind: 'exact', value: 'a' },
        { kind: 'prefix', value: 'b.' },
        { kind: 'pattern', value: '*c' },
        { kind: 'exact', value: 'd' },
      ],
    },
    'at least 5 uses in the 3 full months to the day, counting a, b.…, *c and 1 more',
  ],
] as const)('%o is said as “%s”', (rule, words) => {
  expect(wordsOf(rule as never)).toBe(words)
})

test.each([
  [{ windowLength: 13 }, /at most 12 full months/],
  [{ unit: 'days', windowKind: 'rolling', windowLength: 7, atLeast: 8 }, /7 days cannot hold 8/],
  [{ unit: 'days', windowLength: 1, atLeast: 29 }, /1 month may be shorter/],
  [{ valueEvents: [] }, /at least one event/],
] as const)('%o is refused', (change, message) => {
  expect(() => checkRule({ ...defaultRule, ...change } as never)).toThrow(message)
})

test('a new version says something new and holds from a later day than the last approved one', () => {
  const approved = [version(1, '2025-01-01')]
  expect(() => checkFollows(approved, version(2, '2025-01-01'))).toThrow(/holds from 1 Jan 2025. Choose a later day/)
  expect(() => checkFollows(approved, version(2, null))).toThrow(/Choose a later day/)
  expect(() => checkFollows(approved, version(1, '2025-02-01'))).toThrow(/Version 1 says just this/)
  expect(() => checkFollows([], { ...defaultRule, validFrom: null })).toThrow(/default says just this/)
  expect(() => checkFollows([version(1, null)], version(2, null))).toThrow(/since ever/)
  expect(() => checkFollows([version(1, '2025-06-01', { state: 'withdrawn' })], version(2, '2025-02-01'))).not.toThrow()
})
