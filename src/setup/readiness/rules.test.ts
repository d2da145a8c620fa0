import { expect, test } from 'vitest'
import { defaultThresholds, triggersOf, verdictOf } from './rules.ts'

const nothing = { share: null, opaque: null, teams: null, at: null }
const none = { share: null, opaque: null }

test('where nothing is known each trigger says so, and there is no verdict', () => {
  const triggers = triggersOf(defaultThresholds, nothing, none)
  expect(triggers.map((t) => [t.isMet, t.basis, t.restsOn])).toEqual(Array(3).fill([null, 'unknown', 'nothing yet']))
  expect(verdictOf(triggers)).toBe('unknown')
})

test('what is measured goes before what was said, with its interval and its day', () => {
  const [share] = triggersOf(
    defaultThresholds,
    { ...nothing, share: 0.1, at: '2026-01-01' },
    { ...none, share: { value: 0.36, low: 0.31, high: 0.41, people: 48, asOf: '2026-02-01' } },
  )
  expect(share).toMatchObject({ isMet: true, isOnTheLine: false, basis: 'measured', asOf: '2026-02-01', value: 0.36 })
  expect(share!.restsOn).toBe('48 counted answers of product managers')
})

test('an interval across the threshold is on the line', () => {
  const [share] = triggersOf(defaultThresholds, nothing, {
    ...none,
    share: { value: 0.32, low: 0.25, high: 0.4, people: 10, asOf: null },
  })
  expect(share).toMatchObject({ isMet: true, isOnTheLine: true })
})

test('one trigger makes it likely, two make it time, and thresholds are the company’s own', () => {
  const said = { share: 0.2, opaque: 'yes' as const, teams: 12, at: '2026-01-01' }
  expect(verdictOf(triggersOf(defaultThresholds, said, none))).toBe('yes')
  expect(verdictOf(triggersOf({ ...defaultThresholds, teamsAbove: 20 }, said, none))).toBe('likely')
  expect(verdictOf(triggersOf(defaultThresholds, { ...said, opaque: 'no', teams: 10 }, none))).toBe('not-yet')
})
