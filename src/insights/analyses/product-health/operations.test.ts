import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestWorkspace } from '../../../../tests/support/app.ts'
import {
  addRawEvents,
  adopts,
  arrOf,
  catalogue,
  decisions,
  endOf,
  isCounted,
  isEntitled,
  isMeasured,
  isReleased,
  loadRaw,
  rawCompany,
  segmentOf,
  type RawCompany,
} from '../../../../tests/support/raw-company.ts'
import { monthIndex, monthText } from '../../../platform/calendar/month.ts'
import { hasMoved } from '../ground/change-rules.ts'
import { analyseAdoptionRetention } from '../adoption-retention/operations.ts'
import { analyseProductHealth } from './operations.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  app.clock.set('2026-01-15T09:00:00Z')
})
afterAll(() => app.close())

function membersOf(c: RawCompany, features: typeof catalogue, month: string, adoptionMonths: number) {
  const day = endOf(month)
  return c.accounts
    .filter((a) => isCounted(a) && arrOf(c, a.id, day) > 0 && isMeasured(c, a.id, day))
    .flatMap((a) => {
      const mine = features.filter((f) => isReleased(f, day) && isEntitled(c, a.id, f, day))
      return mine.length === 0
        ? []
        : [
            {
              account: a,
              arr: arrOf(c, a.id, day),
              adopted: mine.some((f) => adopts(c, a.id, f, month, adoptionMonths)),
            },
          ]
    })
}
const near = (actual: number | null, expected: number | null, what: string) => {
  if (actual === null || expected === null) expect(actual, what).toBe(expected)
  else expect(Math.abs(actual - expected), what).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)))
}

// Entitlement by plan, by list, by either, and unknown; the first and the last have an area of two core features.
describe.each([1, 2, 3, 4])('company of seed %i', (seed) => {
  const together = seed % 3 === 1
  const decided = {
    ...decisions,
    features: catalogue.map((f) => (together && f.name === 'Boards' ? { ...f, area: 'Team' } : f)),
  }
  const areas = [
    { area: 'Team', features: together ? catalogue.slice(0, 2) : [catalogue[0]!] },
    ...(together ? [] : [{ area: 'Work', features: [catalogue[1]!] }]),
    { area: 'Insight', features: [catalogue[2]!] },
    { area: '(no area)', features: [catalogue[3]!] },
  ]
  let workspace: TestWorkspace
  const c = rawCompany(seed)
  beforeAll(async () => {
    workspace = await app.workspace()
    const warehouse = await app.services.warehouses.open(workspace.id)
    const late = rawCompany(seed + 100)
      .events.slice(0, 150)
      .map((e) => ({ ...e, batch: 9 }))
    await warehouse.write(async (con) => {
      await loadRaw(con, c, decided)
      c.events.push(...late)
      await addRawEvents(con, late, decided)
    })
  })

  test.each([
    ['2025-12', 12, 3],
    ['2025-08', 6, 1],
  ])('the health of %s over %i months equals a plain recomputation', async (month, window, adoptionMonths) => {
    const answer = await app.perform(analyseProductHealth, workspace.as.leader, { month, window, adoptionMonths })
    expect(answer.satisfactionKey).toBe('nps_score')
    expect(answer.areas.map((a) => a.area).sort()).toEqual(
      areas
        .filter((a) => membersOf(c, a.features, month, adoptionMonths).length > 0)
        .map((a) => a.area)
        .sort(),
    )
    for (const area of answer.areas) {
      const { features } = areas.find((a) => a.area === area.area)!
      expect(area.trend.map((p) => p.month)).toEqual(
        Array.from({ length: 7 }, (_, i) => monthText(monthIndex(month) - 6 + i)),
      )
      for (const point of area.trend) {
        const members = membersOf(c, features, point.month, adoptionMonths)
        const adopters = members.filter((m) => m.adopted).length
        expect([area.area, point.month, point.eligible, point.adopters]).toEqual([
          area.area,
          point.month,
          members.length,
          adopters,
        ])
        near(point.rate.value, members.length >= 10 ? adopters / members.length : null, `${area.area} ${point.month}`)
      }
      const first = area.trend[0]!
      const last = area.trend.at(-1)!
      const moved = hasMoved(first, last)
      expect(area.state).toBe(
        membersOf(c, features, first.month, adoptionMonths).length === 0
          ? 'too-short'
          : first.eligible < 10 || last.eligible < 10
            ? 'too-few'
            : !moved
              ? 'steady'
              : last.adopters / last.eligible > first.adopters / first.eligible
                ? 'gaining'
                : 'slipping',
      )
      const cohort = membersOf(c, features, monthText(monthIndex(month) - window), adoptionMonths)
      if (cohort.length === 0) expect(area.retention).toBeNull()
      for (const arm of cohort.length === 0 ? [] : (['adopters', 'others'] as const)) {
        const mine = cohort
          .filter((m) => m.adopted === (arm === 'adopters'))
          .map((m) => ({
            start: m.arr,
            end: Math.max(0, arrOf(c, m.account.id, endOf(month))),
            raw: arrOf(c, m.account.id, endOf(month)),
          }))
        const start = mine.reduce((sum, m) => sum + m.start, 0)
        const figures = area.retention![arm]
        expect([area.area, arm, figures.accounts]).toEqual([area.area, arm, mine.length])
        near(figures.nrr, mine.length >= 10 ? mine.reduce((sum, m) => sum + m.raw, 0) / start : null, 'nrr')
        near(
          figures.grr,
          mine.length >= 10 ? mine.reduce((sum, m) => sum + Math.min(m.start, m.raw), 0) / start : null,
          'grr',
        )
        near(figures.logo, mine.length >= 10 ? mine.filter((m) => m.end > 0).length / mine.length : null, 'logo')
      }
      const said = membersOf(c, features, month, adoptionMonths)
        .filter((m) => m.adopted)
        .map((m) => segmentOf(m.account, endOf(month), 'nps_score'))
        .filter((v) => v !== '(no value)')
        .map(Number)
        .sort((a, b) => a - b)
      const middle =
        said.length % 2 === 1 ? said[(said.length - 1) / 2]! : (said[said.length / 2 - 1]! + said[said.length / 2]!) / 2
      expect(area.satisfaction!.accounts).toBe(said.length)
      near(area.satisfaction!.median, said.length >= 10 ? middle : null, 'satisfaction')
      expect(area.keyResults).toEqual([])
    }
  })

  test('an area of one core feature has the figures of the main question', async () => {
    const main = await app.perform(analyseAdoptionRetention, workspace.as.leader, { month: '2025-12', window: 12 })
    const { areas: found } = await app.perform(analyseProductHealth, workspace.as.leader, {
      month: '2025-12',
      window: 12,
    })
    for (const {
      area,
      features: [feature],
    } of areas.filter((a) => a.features.length === 1 && a.features[0]!.isCore)) {
      const theirs = main.totals.features.find((f) => f.feature === feature!.name)!
      const mine = found.find((a) => a.area === area)!
      expect(mine.adoption).toEqual(theirs.now.adoptionRate)
      expect(mine.retention).toEqual(theirs.retention)
      expect([mine.arrAdopters, mine.arrOthers]).toEqual([theirs.now.arrAdopters, theirs.now.arrOthers])
    }
  })

  test('an attribute that is no number is no satisfaction', async () => {
    expect(
      (await app.perform(analyseProductHealth, workspace.as.leader, { satisfactionKey: 'segment' })).areas.map(
        (a) => a.satisfaction,
      ),
    ).toEqual(expect.arrayContaining([null]))
  })
})
