import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestWorkspace } from '../../../../tests/support/app.ts'
import {
  addRawEvents,
  adopts,
  arrOf,
  catalogue,
  endOf,
  isCounted,
  isEntitled,
  isMeasured,
  loadRaw,
  rawCompany,
  renewalOf,
  segmentOf,
  type RawCompany,
} from '../../../../tests/support/raw-company.ts'
import { analyseRenewals, listRenewalAccounts, renewalCalendar, uses, type Use } from './operations.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app.close())

const core = catalogue.filter((f) => f.isCore)

/** By the words of the definition, one account at a time. */
function plainly(c: RawCompany, month: string) {
  const day = endOf(month)
  return c.accounts
    .filter((a) => isCounted(a) && arrOf(c, a.id, day) > 0)
    .map((a) => {
      const entitled = core.filter((f) => isEntitled(c, a.id, f, day))
      const adopted = entitled.filter((f) => adopts(c, a.id, f, month, 3))
      const measured = isMeasured(c, a.id, day)
      const use: Use = !measured
        ? 'not-measured'
        : entitled.length === 0
          ? 'not-entitled'
          : adopted.length === entitled.length
            ? 'all'
            : adopted.length === 0
              ? 'none'
              : 'some'
      return {
        id: a.id,
        arr: arrOf(c, a.id, day) / 100,
        renewal: renewalOf(c, a),
        segment: segmentOf(a, day),
        owner: a.owner ?? 'no owner',
        use,
        entitled: entitled.length,
        adopted: measured ? adopted.length : 0,
      }
    })
}
const total = (rows: { arr: number }[]) => ({ accounts: rows.length, arr: rows.reduce((sum, r) => sum + r.arr, 0) })
const near = (actual: { accounts: number; arr: number }, expected: { accounts: number; arr: number }, what: string) => {
  expect(actual.accounts, what).toBe(expected.accounts)
  expect(Math.abs(actual.arr - expected.arr), what).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected.arr)))
}

describe.each([1, 2, 3, 4])('company of seed %i', (seed) => {
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

  test.each([
    ['2025-12', '2026-01-15', '2026-01-15', '2026-06-30'],
    ['2025-09', '2026-01-15', '2025-10-01', '2026-03-31'],
  ])('the calendar of %s asked on %s equals a plain recomputation', async (month, today, from, to) => {
    app.clock.set(`${today}T09:00:00Z`)
    const answer = await app.perform(analyseRenewals, workspace.as.leader, { month, months: 6 })
    expect([answer.from, answer.to]).toEqual([from, to])
    const all = plainly(c, month)
    const within = all.filter((r) => r.renewal !== null && r.renewal >= from && r.renewal <= to)
    near(answer.total, total(within), 'total')
    near(answer.outside.unknown, total(all.filter((r) => r.renewal === null)), 'unknown')
    near(answer.outside.passed, total(all.filter((r) => r.renewal !== null && r.renewal < from)), 'passed')
    near(answer.outside.later, total(all.filter((r) => r.renewal !== null && r.renewal > to)), 'later')
    expect(answer.rows.map((r) => r.month).length).toBe(6)
    for (const use of uses) {
      for (const row of answer.rows)
        near(
          row.use[use],
          total(within.filter((r) => r.renewal!.startsWith(row.month) && r.use === use)),
          `${row.month} ${use}`,
        )
      for (const line of answer.segments)
        near(
          line.use[use],
          total(within.filter((r) => r.segment === line.name && r.use === use)),
          `${line.name} ${use}`,
        )
      for (const line of answer.owners)
        near(line.use[use], total(within.filter((r) => r.owner === line.name && r.use === use)), `${line.name} ${use}`)
    }
    expect(answer.segments.map((s) => s.name).sort()).toEqual([...new Set(within.map((r) => r.segment))].sort())
    const list = await app.perform(listRenewalAccounts, workspace.as.leader, { month, months: 6, limit: 200 })
    expect(list.rows.map((r) => [r.accountId, r.use, r.coreEntitled, r.coreAdopted]).sort()).toEqual(
      within.map((r) => [r.id, r.use, r.entitled, r.adopted]).sort(),
    )
    const none = await app.perform(listRenewalAccounts, workspace.as.leader, {
      month,
      months: 6,
      use: 'none',
      segment: "Mid'",
      limit: 200,
    })
    expect(none.rows.map((r) => r.accountId).sort()).toEqual(
      within
        .filter((r) => r.use === 'none' && r.segment === "Mid'")
        .map((r) => r.id)
        .sort(),
    )
    const unknown = await app.perform(listRenewalAccounts, workspace.as.leader, { month, when: 'unknown', limit: 200 })
    expect(unknown.rows.map((r) => r.accountId).sort()).toEqual(
      all
        .filter((r) => r.renewal === null)
        .map((r) => r.id)
        .sort(),
    )
  })

  test('a stakeholder sees neither sums nor names that were not shared', async () => {
    expect((await app.perform(analyseRenewals, workspace.as.leader, {})).rows.length).toBe(6)
    await expect(app.perform(analyseRenewals, workspace.as.stakeholder, {})).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(app.perform(listRenewalAccounts, workspace.as.stakeholder, {})).rejects.toMatchObject({
      code: 'forbidden',
    })
  })
})

test('the calendar begins today where the month ended lately, else the day after it', () => {
  const december = 2025 * 12 + 11
  expect(renewalCalendar(december, 3, '2026-01-15')).toEqual({ from: '2026-01-15', to: '2026-03-31' })
  expect(renewalCalendar(december, 3, '2026-11-25')).toEqual({ from: '2026-01-01', to: '2026-03-31' })
  expect(renewalCalendar(december, 12, '2025-12-31')).toEqual({ from: '2026-01-01', to: '2026-12-31' })
})
