import { expect, test } from 'vitest'
import { plantedCompany } from '../../../../tests/support/planted-company.ts'
import { rowsOf, type LabelledStratum } from './associate.ts'
import type { AssociationResult, AssociationRow } from './schemas.ts'
import { answerOf, sentenceOf, stayingOf } from './wording.ts'

const arm = (n: number, alive: number) => ({ n, alive })
const stratum = (segment: string, adopters: [number, number], others: [number, number]): LabelledStratum => ({
  segment,
  size: 0,
  tenure: 0,
  adopters: arm(...adopters),
  others: arm(...others),
})
const result = (
  features: Record<string, LabelledStratum[]>,
  negativeControl: string | null = null,
): AssociationResult => ({
  ...rowsOf(
    Object.entries(features).map(([feature, strata]) => ({
      featureId: feature,
      feature,
      area: null,
      isCore: false,
      strata,
    })),
  ),
  question: { month: '2025-12', window: 12, adoptionMonths: 3, segmentBy: 'segment', bands: [] },
  baseDay: '2024-12-31',
  endDay: '2025-12-31',
  accounts: 400,
  entitlement: 'plan',
  negativeControl,
  contracts: { running: 0, openEnded: 0, endAfterWindow: 0 },
})
const clear = [stratum('SMB', [200, 190], [200, 140])]
const nothing = [stratum('SMB', [200, 170], [200, 168])]
const seeming = [stratum('Enterprise', [200, 190], [40, 38]), stratum('SMB', [50, 25], [200, 100])]
const rowOf = (r: AssociationResult, feature: string): AssociationRow => r.features.find((x) => x.feature === feature)!

test('the sentence of a feature follows the template: whom, both rates, the difference with its interval, q, and that it is no proof', () => {
  const r = result({ Clear: clear })
  expect(sentenceOf(rowOf(r, 'Clear'), r)).toBe(
    'Among 400 accounts entitled to Clear and active on 31 Dec 2024, 200 adopters of Clear stayed at 95 %, 200 others at 70 %; adjusted for segment, size and tenure +25.0 points [+18.0, +32.0]; q below 0.001; not proof of cause.',
  )
})

test('what is told stands first, with the one thing to mind; a feature that only seems to matter is named', () => {
  const told = answerOf(result({ Clear: clear, Templates: seeming, Calendar: nothing }))
  expect(told.text).toMatch(/^Clear is associated with staying\. Among/)
  expect(told.caveat).toContain('who adopts may have been likelier to stay anyway')
  expect(told.caveat).toContain('Templates looks clear unadjusted')
  expect(answerOf(result({ Templates: seeming, Calendar: nothing }))).toMatchObject({
    text: expect.stringMatching(/^No clear association: of 2 features/) as string,
    caveat: expect.stringContaining('Templates looks clear unadjusted') as string,
  })
})

test('a negative control that shows something takes the place of any other caveat', () => {
  expect(answerOf(result({ Clear: clear, Calendar: clear }, 'Calendar')).caveat).toContain(
    'Calendar should show nothing and does too',
  )
})

test('leaving is said to be leaving, few accounts to be few, and nobody to be nobody', () => {
  const worse = answerOf(result({ Worse: [stratum('SMB', [200, 140], [200, 190])] }))
  expect(worse.text).toMatch(/^Worse is associated with leaving\./)
  expect(answerOf(result({ Few: [stratum('SMB', [20, 14], [20, 19])] })).text).toMatch(/^Not enough data/)
  expect(answerOf(result({})).text).toContain('No feature had an eligible account')
})

test('other pages say it in one sentence, of the segment where it was asked by the same segments, else over all', () => {
  const r = result({ Clear: clear })
  expect(stayingOf(r, { feature: 'Clear', segment: 'SMB', segmentBy: 'segment' })).toBe(
    'Using it is associated with staying, not proof of cause.',
  )
  expect(stayingOf(r, { feature: 'Clear', segment: 'Europe', segmentBy: 'region' })).toBe(
    'Over all segments: using it is associated with staying, not proof of cause.',
  )
  expect(stayingOf(r, { feature: 'Other', segment: null, segmentBy: 'segment' })).toBeNull()
})

test('no sentence of any row says that a feature drives or causes anything', () => {
  const { accounts, features } = plantedCompany(5, { accounts: 900, effect: 0.14 })
  const strata = (feature: string) =>
    [...Map.groupBy(accounts, (a) => `${a.segment} ${a.size} ${a.tenure}`).values()].map((mine): LabelledStratum => {
      const of = (is: boolean) => {
        const part = mine.filter((a) => a.adopted.has(feature) === is)
        return arm(part.length, part.filter((a) => !a.leaves).length)
      }
      return {
        segment: mine[0]!.segment,
        size: mine[0]!.size,
        tenure: mine[0]!.tenure,
        adopters: of(true),
        others: of(false),
      }
    })
  const r = result(Object.fromEntries(features.map((f) => [f, strata(f)])))
  const said = [...r.features, ...r.segments].flatMap((row) => [row.word, row.caveat, sentenceOf(row, r)]).join('\n')
  expect(said).not.toMatch(/\b(drives?|causes|because of|leads? to|NaN|Infinity|undefined)\b/)
  expect(new Set([...r.features, ...r.segments].map((row) => row.evidence)).size).toBeGreaterThan(1)
})
