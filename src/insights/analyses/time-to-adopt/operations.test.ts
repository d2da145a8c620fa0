import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestWorkspace } from '../../../../tests/support/app.ts'
import {
  addRawEvents,
  adopts,
  arrOf,
  catalogue,
  endOf,
  entitlementsOf,
  isCounted,
  isEntitled,
  isMeasured,
  isReleased,
  loadRaw,
  paysOn,
  rawCompany,
  segmentOf,
  startOf,
  type RawCompany,
  type RawFeature,
} from '../../../../tests/support/raw-company.ts'
import { addDays, daysBetween, monthIndex, monthText } from '../../../platform/calendar/month.ts'
import { analyseAdoptionFunnel, funnelSteps, listFunnelAccounts } from '../adoption-funnel/operations.ts'
import { listTimeToAdoptAccounts } from './accounts.ts'
import { analyseTimeToAdopt } from './operations.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  app.clock.set('2026-01-15T09:00:00Z')
})
afterAll(() => app.close())

const end = '2025-12-31'
const known = '2024-01-01'

/** One account, one day at a time, by the words of the definition. */
function entryOf(c: RawCompany, a: RawCompany['accounts'][number], feature: RawFeature) {
  const months = Array.from({ length: monthIndex('2025-12') - monthIndex('2022-01') + 1 }, (_, i) =>
    monthText(monthIndex('2022-01') + i),
  )
  const month = months.find(
    (m) => arrOf(c, a.id, endOf(m)) > 0 && isReleased(feature, endOf(m)) && isEntitled(c, a.id, feature, endOf(m)),
  )
  if (!month) return null
  let paidFrom = endOf(month)
  let lastDay = endOf(month)
  while (paysOn(c, a.id, addDays(paidFrom, -1))) paidFrom = addDays(paidFrom, -1)
  while (lastDay < end && paysOn(c, a.id, addDays(lastDay, 1))) lastDay = addDays(lastDay, 1)
  const since =
    entitlementsOf(c, a.id, feature, endOf(month))
      .map((e) => e.from ?? '0001-01-01')
      .sort()[0] ?? '0001-01-01'
  const entry = [startOf(month), paidFrom, since, feature.releasedOn ?? '0001-01-01'].sort().at(-1)!
  const firstUse =
    c.events
      .filter((e) => e.account === a.id && feature.names.includes(e.name) && e.day >= entry && e.day <= lastDay)
      .map((e) => e.day)
      .sort()[0] ?? null
  return {
    id: a.id,
    segment: segmentOf(a, endOf(month)),
    entry,
    firstUse,
    days: daysBetween(entry, firstUse ?? lastDay),
    state: firstUse ? 'adopted' : lastDay < end ? 'left' : 'waiting',
  }
}

/** The share still without the event after a day, straight from the product’s definition. */
const shareLeft = (subjects: { days: number; firstUse: string | null }[], day: number) => {
  let share = 1
  for (let t = 0; t <= day; t += 1) {
    const atRisk = subjects.filter((s) => s.days >= t).length
    const had = subjects.filter((s) => s.days === t && s.firstUse !== null).length
    if (had > 0) share *= (atRisk - had) / atRisk
  }
  return share
}

describe.each([1, 2, 3])('company of seed %i', (seed) => {
  let workspace: TestWorkspace
  const c = rawCompany(seed)
  beforeAll(async () => {
    workspace = await app.workspace()
    const warehouse = await app.services.warehouses.open(workspace.id)
    const late = rawCompany(seed + 100)
      .events.slice(0, 150)
      .map((e) => ({ ...e, batch: 9 }))
    await warehouse.write(async (con) => {
      await loadRaw(con, c)
      c.events.push(...late)
      await addRawEvents(con, late)
    })
  })

  test.each(catalogue.map((f) => [f.name, f] as const))(
    'time to adopt %s equals a plain recomputation, day by day',
    async (name, feature) => {
      const answer = await app.perform(analyseTimeToAdopt, workspace.as.leader, {
        feature: name.toLowerCase(),
        days: 365,
      })
      const entries = c.accounts.filter(isCounted).flatMap((a) => entryOf(c, a, feature) ?? [])
      const since = entries.filter((e) => e.entry >= known)
      const counted = since.filter((e) => isMeasured(c, e.id, end))
      expect(counted.length).toBeGreaterThan(5)
      expect(answer.leftOut).toEqual({
        before: entries.length - since.length,
        notMeasured: since.length - counted.length,
      })
      const { rows } = await app.perform(listTimeToAdoptAccounts, workspace.as.leader, { feature: name, limit: 200 })
      expect(rows.map((r) => [r.accountId, r.segment, r.ableFrom, r.firstUse, r.days, r.state]).sort()).toEqual(
        counted.map((e) => [e.id, e.segment, e.entry, e.firstUse, e.days, e.state]).sort(),
      )
      for (const group of answer.groups) {
        const mine = counted.filter((e) => group.segment === 'All' || e.segment === group.segment)
        expect([group.accounts, group.adopted, group.left, group.waiting]).toEqual([
          mine.length,
          ...['adopted', 'left', 'waiting'].map((state) => mine.filter((e) => e.state === state).length),
        ])
        if (mine.length < 10) {
          expect([group.mark, group.median.value, group.steps]).toEqual(['suppressed', null, []])
          continue
        }
        for (const mark of group.marks) {
          if (mine.some((e) => e.days >= mark.day))
            expect(Math.abs(mark.share! - (1 - shareLeft(mine, mark.day)))).toBeLessThanOrEqual(1e-9)
          else expect([null, 1]).toContain(mark.share)
          expect(mark.atRisk).toBe(mine.filter((e) => e.days >= mark.day).length)
        }
        const median = Array.from({ length: 731 }, (_, t) => t).find((t) => shareLeft(mine, t) <= 0.5 + 1e-12) ?? null
        expect(group.median.value).toBe(median)
        for (const step of group.steps.slice(0, 20))
          expect(Math.abs(step.share! - (1 - shareLeft(mine, step.day)))).toBeLessThanOrEqual(1e-9)
      }
    },
  )

  test.each(catalogue.map((f) => [f.name, f] as const))(
    'the funnel of %s equals a plain recomputation, and each step holds the next',
    async (name, feature) => {
      for (const [month, adoptionMonths] of [
        ['2025-12', 3],
        ['2025-06', 2],
      ] as const) {
        const { lines } = await app.perform(analyseAdoptionFunnel, workspace.as.leader, {
          feature: name,
          month,
          adoptionMonths,
        })
        const day = endOf(month)
        const back = (n: number) => monthText(monthIndex(month) - n)
        const rows = c.accounts
          .filter((a) => isCounted(a) && arrOf(c, a.id, day) > 0)
          .map((a) => {
            const entitled = isReleased(feature, day) && isEntitled(c, a.id, feature, day)
            const measured = entitled && isMeasured(c, a.id, day)
            const ever =
              measured &&
              c.events.some(
                (e) => e.account === a.id && feature.names.includes(e.name) && e.day <= day && paysOn(c, a.id, e.day),
              )
            const adopted = ever && adopts(c, a.id, feature, month, adoptionMonths)
            const every = adopted && [0, 1, 2].every((n) => adopts(c, a.id, feature, back(n), 1))
            return {
              id: a.id,
              segment: segmentOf(a, day),
              arr: arrOf(c, a.id, day) / 100,
              steps: [true, entitled, measured, ever, adopted, every],
            }
          })
        for (const line of lines) {
          const mine = rows.filter((r) => line.segment === 'All' || r.segment === line.segment)
          line.steps.forEach((step, i) => {
            const there = mine.filter((r) => r.steps[i])
            expect([line.segment, step.step, step.accounts]).toEqual([line.segment, funnelSteps[i], there.length])
            expect(Math.abs(step.arr - there.reduce((sum, r) => sum + r.arr, 0))).toBeLessThanOrEqual(
              1e-9 * Math.max(1, step.arr),
            )
            if (i > 0) expect(step.accounts).toBeLessThanOrEqual(line.steps[i - 1]!.accounts)
            if (i > 2 && line.steps[2]!.accounts >= 10)
              expect(step.ofMeasured!.value).toBeCloseTo(there.length / line.steps[2]!.accounts, 12)
          })
        }
        expect(lines.slice(1).reduce((sum, l) => sum + l.steps[0]!.arr, 0)).toBeCloseTo(
          rows.reduce((sum, r) => sum + r.arr, 0),
          4,
        )
        const stopped = await app.perform(listFunnelAccounts, workspace.as.leader, {
          feature: name,
          month,
          adoptionMonths,
          reached: 'ever-used',
          limit: 200,
        })
        expect(stopped.rows.map((r) => r.accountId).sort()).toEqual(
          rows
            .filter((r) => r.steps[3] && !r.steps[4])
            .map((r) => r.id)
            .sort(),
        )
      }
    },
  )

  test('a feature that is not there is not found, and names stay with those who may see them', async () => {
    await expect(app.perform(analyseTimeToAdopt, workspace.as.leader, { feature: "x' or 1=1" })).rejects.toMatchObject({
      code: 'not-found',
    })
    await expect(app.perform(listFunnelAccounts, workspace.as.stakeholder, {})).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(app.perform(listTimeToAdoptAccounts, workspace.as.stakeholder, {})).rejects.toMatchObject({
      code: 'forbidden',
    })
  })
})
