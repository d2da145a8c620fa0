/** Where the truth is known, the rules find it and nothing else. Seeds are fixed beforehand. */
import { expect, test } from 'vitest'
import { plantedCompany, type PlantedCompany } from '../../../../tests/support/planted-company.ts'
import { rowsOf, type FeatureStrata, type LabelledStratum } from './associate.ts'

function strataOf({ accounts, features }: PlantedCompany): FeatureStrata[] {
  const cells = [...Map.groupBy(accounts, (a) => `${a.segment} ${a.size} ${a.tenure}`).values()]
  return features.map((feature) => ({
    featureId: feature,
    feature,
    area: null,
    isCore: false,
    strata: cells.map((mine): LabelledStratum => {
      const arm = (isAdopter: boolean) => {
        const part = mine.filter((a) => a.adopted.has(feature) === isAdopter)
        return { n: part.length, alive: part.filter((a) => !a.leaves).length }
      }
      return {
        segment: mine[0]!.segment,
        size: mine[0]!.size,
        tenure: mine[0]!.tenure,
        adopters: arm(true),
        others: arm(false),
      }
    }),
  }))
}
const analyse = (seed: number, options: Parameters<typeof plantedCompany>[1]) =>
  rowsOf(strataOf(plantedCompany(seed, options)))

test('where no feature does anything, differences are nought on average, and at most one run in ten tells anything', () => {
  const runs = 300
  const sums = { adjusted: 0, unadjusted: 0, n: 0 }
  const told: number[] = []
  const byFeature = new Map<string, number>()
  for (let seed = 1; seed <= runs; seed += 1) {
    const { features, segments } = analyse(seed, { accounts: 400, effect: 0, nulls: 8 })
    for (const r of features) {
      sums.adjusted += r.adjusted?.value ?? 0
      sums.unadjusted += Math.abs(r.unadjusted?.value ?? 0)
      sums.n += 1
      byFeature.set(r.feature, (byFeature.get(r.feature) ?? 0) + (r.adjusted?.value ?? 0))
    }
    if ([...features, ...segments].some((r) => r.evidence === 'associated')) told.push(seed)
  }
  expect(Math.abs(sums.adjusted / sums.n)).toBeLessThan(0.01)
  for (const [feature, sum] of byFeature) expect(Math.abs(sum / runs), feature).toBeLessThan(0.01)
  expect(told.length / runs).toBeLessThanOrEqual(0.1)
})

test('an effect of 14 points among 2,400 accounts is told in at least nine of ten companies, and nothing else in all ten but once; the decoy looks real and vanishes', () => {
  const runs = Array.from({ length: 10 }, (_, i) => analyse(1001 + i, { accounts: 2400, effect: 0.14 }))
  const of = (feature: string) => runs.map((run) => run.features.find((r) => r.feature === feature)!)
  expect(
    of('Keeper').filter((r) => r.evidence === 'associated' && r.word === 'associated with staying').length,
  ).toBeGreaterThanOrEqual(9)
  const wrong = runs.flatMap((run) =>
    [...run.features, ...run.segments].filter((r) => r.feature !== 'Keeper' && r.evidence === 'associated'),
  )
  expect(wrong.length).toBeLessThanOrEqual(1)
  const decoys = of('Decoy')
  for (const decoy of decoys) {
    expect(decoy.unadjusted!.low).toBeGreaterThan(0)
    expect(decoy.evidence).toBe('no-clear-association')
    expect(['vanishes-adjusted', 'one-of-many']).toContain(decoy.caveatKey)
  }
  expect(Math.abs(decoys.reduce((sum, r) => sum + r.adjusted!.value, 0) / 10)).toBeLessThan(0.02)
  for (const keeper of of('Keeper')) expect(keeper.adjusted!.low <= 0.14 && keeper.adjusted!.high >= 0.1).toBe(true)
})
