import { expect, test } from 'vitest'
import { pillars, type Pillar } from '../taxonomy.ts'
import { profiles } from './profiles.ts'
import { adviceOf, descriptionOf, kitOf, ratioOf } from './rules.ts'
import { HireDraft, reportingLines, type Background } from './schemas.ts'

const aDraft = (some: Partial<HireDraft> = {}): HireDraft => ({ ...HireDraft.parse({ reportsTo: 'cpo' }), ...some })
const cautions = (pillar: Pillar, some: Partial<HireDraft>) => adviceOf(pillar, aDraft(some)).filter((a) => a.isCaution)

test.each<[Pillar, Background, string]>([
  ['data', 'database-engineer', 'story'],
  ['process', 'agile-coach', 'never was a product manager'],
  ['customer', 'researcher', 'do the research for others'],
])('for %s a %s is cautioned about, with the reason', (pillar, background, because) => {
  const found = cautions(pillar, { background })
  expect(found).toHaveLength(1)
  expect(found[0]!.because).toContain(because)
})

test.each<[Pillar, Background]>([
  ['data', 'analyst'],
  ['data', 'consultant'],
  ['process', 'product-manager'],
  ['customer', 'research-ops'],
])('for %s a %s is what is looked for', (pillar, background) => {
  expect(cautions(pillar, { background })).toEqual([])
})

test('a background of another pillar is called unusual, no more', () => {
  expect(cautions('data', { background: 'agile-coach' })[0]!.advice).toContain('unusual')
})

test('who is to do all research is advised against for every pillar', () => {
  for (const pillar of pillars) expect(cautions(pillar, { doesAllResearch: true })).toHaveLength(1)
})

test('the CPO and the head of product are right; each other line is named with its own risk', () => {
  const risks = reportingLines.map((reportsTo) => cautions('data', { reportsTo })[0]?.because)
  expect(risks.slice(0, 2)).toEqual([undefined, undefined])
  expect(new Set(risks.slice(2)).size).toBe(3)
})

test('one for each product manager is too many, one for a hundred too few', () => {
  expect(ratioOf({ productManagers: 62, productOps: 2 })).toBe(31)
  expect(ratioOf({ productManagers: 62, productOps: 0 })).toBeNull()
  expect(cautions('data', { productManagers: 4, productOps: 4 })[0]!.advice).toContain('very few')
  expect(cautions('data', { productManagers: 100, productOps: 1 })[0]!.advice).toContain('more than one can serve')
  expect(cautions('data', { productManagers: 20, productOps: 1 })).toEqual([])
})

test('whether experience is needed follows from the leader’s time', () => {
  const of = (leaderCoaches: boolean) =>
    adviceOf('data', aDraft({ leaderCoaches })).find((a) => a.about === 'experience')!.advice
  expect(of(true)).toContain('skills')
  expect(of(false)).toContain('done it before')
})

test('a description holds what the charter promises, and says that decisions are not taken by Product Ops', () => {
  const text = descriptionOf('data', 'A title', 'cpo', ['Usage within a day'])
  expect(text).toContain('# A title')
  expect(text).toContain('- Usage within a day')
  expect(text).toContain('never take them')
  expect(descriptionOf('data', 'A title', null, [])).not.toContain('What you will deliver')
})

test('every kit has its questions with what to listen for, and a scorecard to be filled in alone', () => {
  for (const pillar of pillars) {
    const { questions, criteria } = profiles[pillar]
    expect(questions.every((q) => q.listenFor.length > 0)).toBe(true)
    const kit = kitOf('A title', profiles[pillar])
    for (const c of criteria) expect(kit).toContain(`- ${c}: __ of 4`)
    expect(kit).toContain('alone, before anybody talks')
  }
})
