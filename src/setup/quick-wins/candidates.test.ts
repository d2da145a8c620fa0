import { expect, test } from 'vitest'
import type { Pillar } from '../taxonomy.ts'
import { candidatesOf } from './candidates.ts'

const aFriction = (code: string, pillar: Pillar | null, hoursPerWeek: number) => ({
  code,
  pillar,
  audience: 'product-managers' as const,
  people: 9,
  hoursPerWeek,
  low: hoursPerWeek,
  high: hoursPerWeek,
  lacksSkill: 0,
  waiting: 0,
  systems: [],
  areas: [],
})
const found = {
  frictions: [
    aFriction('skills', null, 90),
    aFriction('roadmap-upkeep', 'process', 40),
    aFriction('data-extraction', 'data', 30),
    aFriction('reporting', 'data', 10),
  ],
}
const codes = (chosen: Pillar | null, taken: Parameters<typeof candidatesOf>[2] = []) =>
  candidatesOf(found, new Set(['requests.answered']), taken, chosen).map((c) => c.code)

test('the most hours come first, those of the chosen pillar before the others, and skills never', () => {
  expect(codes(null)).toEqual(['roadmap-upkeep', 'data-extraction', 'reporting'])
  expect(codes('data')).toEqual(['data-extraction', 'reporting', 'roadmap-upkeep'])
})

test('what is a quick win for the same people already is no candidate', () => {
  expect(codes('data', [{ code: 'data-extraction', audience: 'product-managers' }])).not.toContain('data-extraction')
  expect(codes('data', [{ code: 'data-extraction', audience: 'leaders' }])).toContain('data-extraction')
})

test('what would deliver it is named only where a room brings it', () => {
  const wins = candidatesOf(found, new Set(['requests.answered']), [], 'data').map((c) => c.win)
  expect(wins).toEqual(['requests.answered', null, null])
})
