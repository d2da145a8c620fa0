import { expect, test } from 'vitest'
import { sampleSteps, secondsLeft, tellSteps, type Told } from './progress.ts'

test('before anything is done the rest is what it takes elsewhere, by the size of the company', () => {
  const all = sampleSteps.reduce((sum, step) => sum + step.seconds, 0)
  expect(secondsLeft({ step: 0, share: 0 }, 0, 1)).toBe(all)
  expect(secondsLeft({ step: 0, share: 0 }, 0, 2)).toBe(2 * all)
})

test('a machine that takes three times as long is told so as more is done, and the end is never said to be past', () => {
  const half = { step: 2, share: 0 }
  expect(secondsLeft(half, 11, 1)).toBeLessThan(secondsLeft(half, 33, 1))
  expect(secondsLeft({ step: 3, share: 1 }, 60, 1)).toBe(1)
})

test('every step tells all steps, where it is, and how long the rest takes', () => {
  const told: Told[] = []
  let at = 0
  const tell = tellSteps(
    (one) => told.push(one),
    1,
    () => at,
  )
  at = 6000
  tell(1)({ label: 'Importing crm-accounts.csv', done: 1, total: 8, unit: 'files' })
  expect(told).toEqual([
    {
      label: 'Importing crm-accounts.csv',
      done: 1,
      total: 8,
      unit: 'files',
      steps: sampleSteps.map((step) => step.name),
      step: 1,
      secondsLeft: expect.any(Number),
    },
  ])
})
