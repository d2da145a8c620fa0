import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestWorkspace } from '../../../../tests/support/app.ts'
import { arrOf, endOf, isCounted, loadRaw, rawCompany, segmentOf } from '../../../../tests/support/raw-company.ts'
import { monthIndex } from '../../../platform/calendar/month.ts'
import { accountsSql, bandLabels, inSegmentOrder, type BlockQuery } from './adoption-sql.ts'
import { analyseAdoptionRetention } from '../adoption-retention/operations.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  app.clock.set('2026-01-15T09:00:00Z')
})
afterAll(() => app.close())

const segmentations = [
  { segmentBy: 'segment' },
  { segmentBy: 'arr', bands: [10, 2000] },
  { segmentBy: 'segment', andBy: 'nps_score' },
  { segmentBy: 'segment', andBy: 'arr', andBands: [2000, 10] },
  { segmentBy: 'nps_score', bands: [7, 9], andBy: 'segment' },
  { segmentBy: 'nps_score', bands: [7, 9], andBy: 'arr', andBands: [1000] },
  { segmentBy: 'segment', andBy: 'segment' },
]

describe.each([1, 2, 3])('company of seed %i', (seed) => {
  let workspace: TestWorkspace
  const c = rawCompany(seed)
  beforeAll(async () => {
    workspace = await app.workspace()
    await (await app.services.warehouses.open(workspace.id)).write((con) => loadRaw(con, c))
  })

  test.each(['2024-03', '2025-06', '2025-12'])(
    'the ARR of the segments of %s sums to the book’s, however it is cut',
    async (month) => {
      const paying = c.accounts.filter((a) => isCounted(a) && arrOf(c, a.id, endOf(month)) > 0)
      const book = paying.reduce((sum, a) => sum + arrOf(c, a.id, endOf(month)), 0) / 100
      for (const by of segmentations) {
        const { totals, meta } = await app.perform(analyseAdoptionRetention, workspace.as.leader, {
          month,
          window: 1,
          ...by,
        })
        expect(totals.segments.reduce((sum, s) => sum + s.arr, 0)).toBeCloseTo(book, 4)
        expect([totals.all.accounts, totals.segments.reduce((sum, s) => sum + s.accounts, 0)]).toEqual([
          paying.length,
          paying.length,
        ])
        expect(meta.andBy).toBe(by.andBy === by.segmentBy ? null : (by.andBy ?? null))
      }
    },
  )

  test('an attribute that no account bears is said with those there are; another spelling is understood', async () => {
    const ask = (input: { segmentBy: string; andBy?: string }) =>
      app.perform(analyseAdoptionRetention, workspace.as.leader, { month: '2025-12', window: 1, ...input })
    await expect(ask({ segmentBy: "nobody's" })).rejects.toThrow(
      /no attribute “nobody's”. They have: .*segment.*; or arr/,
    )
    await expect(ask({ segmentBy: 'segment', andBy: 'regoin' })).rejects.toThrow(/“andBy”: accounts have no attribute/)
    const { meta, totals } = await ask({ segmentBy: 'SEGMENT' })
    expect([meta.segmentBy, totals.segments.map((s) => s.segment)]).toEqual([
      'segment',
      (await ask({ segmentBy: 'segment' })).totals.segments.map((s) => s.segment),
    ])
  })

  test('a pair holds the accounts of both values as they were at the day, those without a value too', async () => {
    for (const month of ['2024-12', '2025-12']) {
      const day = endOf(month)
      const { totals } = await app.perform(analyseAdoptionRetention, workspace.as.leader, {
        month,
        window: 1,
        segmentBy: 'segment',
        andBy: 'nps_score',
      })
      const expected = Map.groupBy(
        c.accounts.filter((a) => isCounted(a) && arrOf(c, a.id, day) > 0),
        (a) => `${segmentOf(a, day)} · ${segmentOf(a, day, 'nps_score')}`,
      )
      expect(Object.fromEntries(totals.segments.map((s) => [s.segment, s.accounts]))).toEqual(
        Object.fromEntries([...expected].map(([pair, of]) => [pair, of.length])),
      )
      const firsts = totals.segments.map((s) => s.segment.split(' · ')[0]!)
      expect(firsts.filter((first, i) => first !== firsts[i - 1])).toEqual([...new Set(firsts)])
    }
  })
})

const one: BlockQuery = {
  month: monthIndex('2025-12'),
  endMonth: monthIndex('2025-12'),
  adoptionMonths: 3,
  bitBase: 0,
  segmentBy: 'segment',
  bands: [],
  entitlement: 'unknown',
}

test('one attribute is read once and ARR none at all; a pair reads two and joins their labels', () => {
  const reads = (q: Partial<BlockQuery>) => accountsSql({ ...one, ...q }).split('from attribute').length - 1
  expect([reads({}), reads({ segmentBy: 'arr' }), reads({ andBy: 'region' }), reads({ andBy: 'arr' })]).toEqual([
    1, 0, 2, 1,
  ])
  expect(accountsSql(one)).not.toContain('||')
  expect(accountsSql({ ...one, andBy: 'region' })).toContain(`|| ' · ' ||`)
})

test('pairs stand in the order of their bands and names, those without a value last', () => {
  const [low, mid, high] = bandLabels([10, 20]) as [string, string, string]
  const ordered = (names: string[], q: Partial<BlockQuery>) =>
    inSegmentOrder(
      names.map((segment) => ({ segment })),
      { ...one, ...q },
    ).map((s) => s.segment)
  expect(ordered([high, '(no value)', low, mid], { segmentBy: 'arr', bands: [20, 10] })).toEqual([
    low,
    mid,
    high,
    '(no value)',
  ])
  expect(
    ordered(['SMB · (no value)', `SMB · ${high}`, `Mid · ${mid}`, `SMB · ${low}`, `(no value) · ${low}`], {
      andBy: 'arr',
      andBands: [10, 20],
    }),
  ).toEqual([`Mid · ${mid}`, `SMB · ${low}`, `SMB · ${high}`, 'SMB · (no value)', `(no value) · ${low}`])
  expect(
    ordered([`${high} · A`, `${low} · B`, `${low} · A`, `${low} · (no value)`], {
      segmentBy: 'arr',
      bands: [10, 20],
      andBy: 'region',
    }),
  ).toEqual([`${low} · A`, `${low} · B`, `${low} · (no value)`, `${high} · A`])
})
