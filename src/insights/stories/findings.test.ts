import { expect, test } from 'vitest'
import type { AdoptionFigures } from '../analyses/ground/adoption.ts'
import { rateOf } from '../analyses/ground/adoption.ts'
import type { AssociationResult, AssociationRow } from '../analyses/association/schemas.ts'
import type { AdoptionRow, SegmentTotal } from '../analyses/ground/schemas.ts'
import { findingsOf, weightOf, type Facts } from './findings.ts'
import { Finding } from './schemas.ts'

const aRow = (
  segment: string,
  feature: string,
  adopters: number,
  eligible: number,
  arrOthers: number,
  isCore = false,
): AdoptionRow => ({
  segment,
  feature,
  area: null,
  isCore,
  retention: null,
  retentionMissing: null,
  now: {
    eligible,
    notMeasured: 0,
    adopters,
    adoptionRate: rateOf(adopters, eligible),
    arrAdopters: adopters * 1000,
    arrOthers,
    arrNotMeasured: 0,
  },
})
const aTotal = (segment: string, accounts: number, arr: number, stayed: number | null): SegmentTotal => ({
  segment,
  accounts,
  arr,
  measured: accounts,
  notMeasured: 0,
  arrNotMeasured: 0,
  retention:
    stayed === null ? null : { accounts, arrStart: arr, nrr: 1, grr: 0.9, logo: stayed / accounts, mark: 'ok' },
})
const figuresOf = (
  rows: AdoptionRow[],
  segments: SegmentTotal[],
  all: Partial<SegmentTotal> = {},
): AdoptionFigures => ({
  rows,
  window: 12,
  problem: null,
  entitlement: 'plan',
  totals: {
    segments,
    features: [...new Set(rows.map((r) => r.feature))].map((f) => {
      const mine = rows.filter((r) => r.feature === f)
      const sum = (pick: (r: AdoptionRow) => number) => mine.reduce((n, r) => n + pick(r), 0)
      return {
        ...aRow(
          'All',
          f,
          sum((r) => r.now.adopters),
          sum((r) => r.now.eligible),
          sum((r) => r.now.arrOthers),
          mine[0]!.isCore,
        ),
      }
    }),
    all: {
      ...aTotal(
        'All',
        segments.reduce((n, s) => n + s.accounts, 0),
        segments.reduce((n, s) => n + s.arr, 0),
        null,
      ),
      ...all,
    },
  },
})
const plain = figuresOf(
  [aRow('L', 'Sharing', 40, 80, 100_000), aRow('S', 'Sharing', 50, 100, 50_000)],
  [aTotal('L', 80, 1_000_000, 70), aTotal('S', 100, 500_000, 88)],
)
const facts = (change: Partial<Facts> = {}): Facts => ({
  month: '2025-12',
  monthEnd: '2025-12-31',
  currency: 'EUR',
  segmentBy: 'segment',
  figures: plain,
  before: null,
  association: null,
  featureIds: new Map([['Sharing', '0190b5a0-0000-7000-8000-00000000f001']]),
  stopped: [],
  renewals: null,
  ...change,
})
const told = (change: Partial<Facts>) => findingsOf(facts(change))

test('where nothing differs clearly, nothing is told', () => {
  expect(findingsOf(facts())).toEqual([])
})

test('a segment far below the others is told with its counts, and weighs more where the feature is core', () => {
  const [story] = told({
    figures: figuresOf(
      [aRow('L', 'Sharing', 4, 80, 900_000, true), aRow('S', 'Sharing', 70, 100, 50_000, true)],
      plain.totals.segments,
    ),
  })
  expect(story).toMatchObject({
    rule: 'adoption-gap',
    segment: 'L',
    evidence: 'clear',
    arr: 900_000,
    accounts: 76,
    value: 0.05,
    unit: 'share',
  })
  expect(story!.text).toBe(
    'L accounts hardly use the core feature Sharing: 4 of 80 eligible accounts (5.0 %), against 70 % elsewhere. The other 76 hold €900 k of ARR.',
  )
  expect(Finding.safeParse(story).success).toBe(true)
  expect(weightOf(story!, true)).toBe(1.5 * weightOf(story!, false))
  // 10 to 29 accounts are a hint, and weigh half.
  const [hint] = told({
    figures: figuresOf(
      [aRow('L', 'Sharing', 0, 12, 900_000), aRow('S', 'Sharing', 70, 100, 50_000)],
      plain.totals.segments,
    ),
  })
  expect([hint!.evidence, weightOf(hint!, false)]).toEqual(['directional', 450_000])
})

const anAssociation = (change: Partial<AssociationRow>): AssociationResult => ({
  question: { month: '2025-12', window: 12, adoptionMonths: 3, segmentBy: 'segment', bands: [] },
  baseDay: '2024-12-31',
  endDay: '2025-12-31',
  accounts: 300,
  entitlement: 'plan',
  tests: 3,
  segments: [],
  negativeControl: null,
  contracts: { running: 0, openEnded: 0, endAfterWindow: 0 },
  features: [
    {
      featureId: '0190b5a0-0000-7000-8000-00000000f001',
      feature: 'Sharing',
      area: null,
      isCore: false,
      segment: null,
      adopters: { accounts: 150, stayed: 140, rate: 140 / 150, mark: 'ok' },
      others: { accounts: 150, stayed: 110, rate: 110 / 150, mark: 'ok' },
      unadjusted: { value: 0.2, low: 0.12, high: 0.28 },
      adjusted: { value: 0.18, low: 0.1, high: 0.26 },
      p: 0.001,
      q: 0.003,
      familyWise: 0.003,
      evidence: 'associated',
      word: 'associated with staying',
      caveatKey: 'unseen-differences',
      caveat: 'Not proof of cause.',
      detectableGap: 0.1,
      accountsLost: 0,
      strata: 6,
      strataUsed: 6,
      strataDisagree: false,
      ...change,
    },
  ],
})

test('an association is told with what is open now, never as a cause; one that vanished is told as that, and weighs little', () => {
  const [story] = told({ association: anAssociation({}) })
  expect(story).toMatchObject({
    rule: 'association',
    evidence: 'associated',
    arr: 150_000,
    accounts: 90,
    value: 0.18,
    low: 0.1,
    high: 0.26,
    unit: 'points',
  })
  expect(story!.text).toMatch(
    /^Sharing is associated with staying\. Among 300 accounts .* 90 eligible accounts with €150 k of ARR do not use it\.$/,
  )
  expect(JSON.stringify(story)).not.toMatch(/drive|cause of|because/i)
  const [gone] = told({
    association: anAssociation({
      evidence: 'no-clear-association',
      word: 'no clear association',
      caveatKey: 'vanishes-adjusted',
      adjusted: { value: 0.02, low: -0.06, high: 0.1 },
    }),
  })
  expect(gone).toMatchObject({ rule: 'vanished-association', evidence: 'no-clear-association', value: 0.2 })
  expect(gone!.text).toMatch(/^Sharing only seems to keep customers: \+20\.0 points unadjusted/)
  const [seemsToLose] = told({
    association: anAssociation({
      evidence: 'no-clear-association',
      caveatKey: 'vanishes-adjusted',
      unadjusted: { value: -0.2, low: -0.3, high: -0.1 },
      adjusted: { value: -0.02, low: -0.1, high: 0.06 },
    }),
  })
  expect(seemsToLose!.text).toMatch(/^Sharing only seems to lose customers: −20\.0 points unadjusted/)
  expect(
    told({ association: anAssociation({ evidence: 'no-clear-association', caveatKey: 'gap-too-small-to-see' }) }),
  ).toEqual([])
})

test('who stopped, renewals without a core feature, a segment that keeps fewer, a rate that moved, and what is not measured', () => {
  expect(told({ stopped: [{ feature: 'Sharing', accounts: 6, arr: 200_000, adoptersBefore: 60 }] })[0]).toMatchObject({
    rule: 'stopped-using',
    value: 0.1,
    arr: 200_000,
    evidence: 'fact',
  })
  expect(told({ stopped: [{ feature: 'Sharing', accounts: 4, arr: 200_000, adoptersBefore: 9 }] })).toEqual([])
  expect(
    told({
      renewals: {
        from: '2025-12-31',
        to: '2026-03-31',
        accounts: 40,
        arr: 800_000,
        withoutCore: { accounts: 8, arr: 120_000 },
      },
    })[0],
  ).toMatchObject({ rule: 'renewals-without-core', value: 0.2, arr: 120_000 })
  expect(
    told({ figures: figuresOf(plain.rows, [aTotal('L', 80, 1_000_000, 78), aTotal('S', 100, 500_000, 70)]) })[0],
  ).toMatchObject({ rule: 'retention-gap', segment: 'S', value: 0.7, arr: 500_000 })
  const before = {
    month: '2025-06',
    figures: figuresOf(
      [aRow('L', 'Sharing', 70, 80, 10_000), aRow('S', 'Sharing', 90, 100, 5_000)],
      plain.totals.segments,
    ),
  }
  expect(told({ before })[0]).toMatchObject({
    rule: 'adoption-moved',
    value: 0.5,
    arr: 150_000,
    text: expect.stringMatching(
      /^Adoption of Sharing fell from 89 % to 50 % of eligible accounts in six months\./,
    ) as string,
  })
  expect(
    told({ figures: figuresOf(plain.rows, plain.totals.segments, { notMeasured: 12, arrNotMeasured: 100_000 }) })[0],
  ).toMatchObject({ rule: 'not-measured', arr: 100_000, accounts: 12 })
})

test('what concerns less than half a percent of the book, or fewer than three accounts, is left out', () => {
  expect(told({ stopped: [{ feature: 'Sharing', accounts: 6, arr: 7_000, adoptersBefore: 60 }] })).toEqual([])
  expect(told({ stopped: [{ feature: 'Sharing', accounts: 2, arr: 200_000, adoptersBefore: 60 }] })).toEqual([])
})
