import { expect, test } from 'vitest'
import type { Findings } from '../findings.ts'
import type { Pillar } from '../taxonomy.ts'
import { checkChoice, frictionOf, hoursToWin, recommend, sumOf, worth } from './rules.ts'
import { PillarSituation } from './schemas.ts'

const said = (some: Partial<PillarSituation> = {}): PillarSituation => ({ ...PillarSituation.parse({}), ...some })
const aFriction = (pillar: Pillar | null, hoursPerWeek: number, people = 10, code = `${pillar} ${hoursPerWeek}`) => ({
  code,
  pillar,
  audience: 'product-managers' as const,
  people,
  hoursPerWeek,
  low: hoursPerWeek,
  high: hoursPerWeek,
  lacksSkill: 0,
  waiting: 0,
  systems: [],
  areas: [],
})
const found = (...frictions: Findings['frictions']): Pick<Findings, 'frictions' | 'waves'> => ({
  frictions,
  waves:
    frictions.length === 0
      ? []
      : [
          {
            id: 'w',
            title: 'W',
            state: 'closed',
            audience: 'product-managers',
            invited: 50,
            released: 40,
            closedAt: null,
          },
        ],
})

test('without anything known nothing is recommended, and what is missing is said', () => {
  const { recommended, missing, sums } = recommend(found(), said())
  expect(recommended).toBeNull()
  expect(missing).toHaveLength(6)
  expect(missing[0]).toContain('listening tour')
  expect(sums.every((s) => s.points === 0)).toBe(true)
})

test('every sum is the sum of its lines, and every line says what it was computed from', () => {
  const { sums } = recommend(
    found(aFriction('data', 60, 30), aFriction('process', 30), aFriction('customer', 10)),
    said({ situation: 'high-growth', leadersLack: 'figures', dataExists: 'some', dataWeeks: 4, processWeeks: 6 }),
  )
  for (const sum of sums) {
    expect(sum.points).toBeCloseTo(
      sum.reasons.reduce((all, r) => all + r.points, 0),
      6,
    )
    expect(sum.reasons).toHaveLength(6)
    expect(sum.reasons.every((r) => r.because.length > 0)).toBe(true)
  }
  expect(sums[0]).toMatchObject({ pillar: 'data', points: 24 + 15 + 10 + 7.5 - 5 + 10 })
})

test('friction is shared out among the pillars, and skills are of none', () => {
  const sums = frictionOf(found(aFriction('data', 30), aFriction('process', 10), aFriction(null, 100)))
  expect(sums.hours).toEqual({ data: 30, process: 10, customer: 0 })
  expect(sumOf('data', sums, said()).reasons[0]).toMatchObject({
    points: 30,
    because: '30 of 40 hours a week, times 40',
  })
})

test('who names two frictions of a pillar is reached once', () => {
  expect(frictionOf(found(aFriction('data', 3, 12, 'a'), aFriction('data', 4, 9, 'b'))).people.data).toBe(12)
})

test.each([
  [{ situation: 'high-growth' as const }, 'data'],
  [{ situation: 'enterprise' as const }, 'process'],
  [{ researchUnowned: true, situation: 'neither' as const }, 'customer'],
  [{ leadersLack: 'portfolio' as const }, 'process'],
])('%o alone leads to %s', (some, pillar) => {
  expect(recommend(found(), said(some)).recommended).toBe(pillar)
})

test('two with the same points are a draw, which a person breaks', () => {
  expect(recommend(found(aFriction('data', 10), aFriction('process', 10)), said()).recommended).toBeNull()
})

test('what works already is passed over', () => {
  const tour = found(aFriction('data', 30), aFriction('process', 20))
  expect(recommend(tour, said()).recommended).toBe('data')
  expect(recommend(tour, said({ dataExists: 'works' })).recommended).toBe('process')
})

test('each change that is named makes the other pillar win, and the one named last by its hours', () => {
  const tour = found(aFriction('data', 30), aFriction('process', 25), aFriction('customer', 2))
  const { recommended, sensitivity, sums } = recommend(tour, said({ situation: 'neither' }))
  expect(recommended).toBe('data')
  const process = sensitivity.find((s) => s.pillar === 'process')!
  expect(process.behind).toBeCloseTo(sums[0]!.points - sums[1]!.points, 6)
  expect(process.changes).toContain('if the company were an enterprise or in transformation')
  expect(process.changes).toContain('if leaders lacked a view of the portfolio')
  const hours = hoursToWin(sums[1]!, sums[0]!, frictionOf(tour))!
  expect(process.changes.at(-1)).toContain(`${hours} more hours`)
  const withMore = (more: number) =>
    recommend(
      found(aFriction('data', 30), aFriction('process', 25 + more), aFriction('customer', 2)),
      said({ situation: 'neither' }),
    )
  expect(withMore(hours).recommended).toBe('process')
  expect(withMore(hours - 1).recommended).not.toBe('process')
})

test('where no number of hours would do, none is named', () => {
  const tour = found(aFriction('data', 30), aFriction('process', 1))
  const all = said({
    situation: 'high-growth',
    leadersLack: 'figures',
    dataWeeks: 1,
    processExists: 'works',
    customerExists: 'works',
  })
  const { sums } = recommend(tour, all)
  expect(
    hoursToWin(
      sums.find((s) => s.pillar === 'process')!,
      sums[0]!,
      frictionOf(tour),
    ),
  ).toBeNull()
})

test('friction that was measured outweighs any single thing that is said', () => {
  expect(worth.friction).toBeGreaterThan(Math.max(worth.situation, worth.leaders, worth.reach, ...worth.soon.points))
})

test('another pillar than the recommended one takes a reason', () => {
  expect(() => checkChoice('data', null, 'data')).not.toThrow()
  expect(() => checkChoice('process', 'Planning takes three weeks.', 'data')).not.toThrow()
  expect(() => checkChoice('process', null, 'data')).toThrow('Business and data insights is recommended')
  expect(() => checkChoice('process', null, null)).toThrow('nothing is recommended yet')
})
