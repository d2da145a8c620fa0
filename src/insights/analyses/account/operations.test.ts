import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  addRawEvents,
  adopts,
  arrOf,
  catalogue,
  endOf,
  eventsOf,
  isCounted,
  isEntitled,
  isMeasured,
  isReleased,
  loadRaw,
  rawCompany,
  renewalOf,
  running,
  type RawCompany,
} from '../../../../tests/support/raw-company.ts'
import { testApp, type TestApp, type TestWorkspace } from '../../../../tests/support/app.ts'
import { monthIndex, monthText } from '../../../platform/calendar/month.ts'
import { writeAccountSentence, type AccountFacts } from './sentence.ts'
import { analyseAccountSources } from './sources.ts'
import { analyseAccount } from './operations.ts'
import { listMovementAccounts } from '../revenue/accounts.ts'
import { analyseMovements } from '../revenue/operations.ts'
import { movementKinds } from '../ground/revenue.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  app.clock.set('2026-01-15T10:00:00Z')
})
afterAll(() => app.close())

const monthsOf = (from: string, to: string) =>
  Array.from({ length: monthIndex(to) - monthIndex(from) + 1 }, (_, i) => monthText(monthIndex(from) + i))
const positive = (c: RawCompany, id: string, day: string) => Math.max(0, arrOf(c, id, day))

function kindOf(c: RawCompany, id: string, month: string): string | null {
  const before = positive(c, id, endOf(month, -1))
  const after = positive(c, id, endOf(month))
  if (before === after) return null
  if (before === 0)
    return monthsOf('2021-12', monthText(monthIndex(month) - 1)).some((m) => positive(c, id, endOf(m)) > 0)
      ? 'reactivation'
      : 'new'
  return after === 0 ? 'churn' : after > before ? 'expansion' : 'contraction'
}

describe.each([1, 2])('company of seed %i', (seed) => {
  let workspace: TestWorkspace
  const c = rawCompany(seed)
  beforeAll(async () => {
    workspace = await app.workspace()
    const warehouse = await app.services.warehouses.open(workspace.id)
    await warehouse.write((con) => loadRaw(con, c))
    const late = rawCompany(seed + 100)
      .events.slice(0, 150)
      .map((e) => ({ ...e, batch: 9 }))
    c.events.push(...late)
    await warehouse.write((con) => addRawEvents(con, late))
  })

  test('an account’s months, movements, features and people equal a plain recomputation', async () => {
    for (const account of c.accounts.filter((_, i) => i % 6 === 0 || i % 29 === 5)) {
      const {
        months,
        features,
        account: head,
      } = await app.perform(analyseAccount, workspace.as.leader, { account: account.id })
      expect([head.name, head.owner, head.renewalDate, head.parent?.accountId ?? null, head.excludedReason]).toEqual([
        account.name,
        account.owner,
        renewalOf(c, account),
        account.parent,
        isCounted(account) ? null : 'test',
      ])
      expect(head.children.map((one) => one.accountId).sort()).toEqual(
        c.accounts
          .filter((a) => a.parent === account.id)
          .map((a) => a.id)
          .sort(),
      )
      expect(months).toEqual(
        monthsOf('2024-01', '2025-12').map((month) => ({
          month,
          arr: arrOf(c, account.id, endOf(month)) / 100,
          kind: kindOf(c, account.id, month),
          change: (positive(c, account.id, endOf(month)) - positive(c, account.id, endOf(month, -1))) / 100,
          plans: [...new Set(running(c, account.id, endOf(month)).map((s) => s.plan))].sort(),
        })),
      )
      for (const feature of catalogue) {
        const events = eventsOf(c, account.id).filter((e) => feature.names.includes(e.name))
        const days = events.map((e) => e.day).sort()
        const state = !isReleased(feature, '2025-12-31')
          ? 'not-released'
          : !isEntitled(c, account.id, feature, '2025-12-31')
            ? 'not-entitled'
            : !isMeasured(c, account.id, '2025-12-31')
              ? 'not-measured'
              : adopts(c, account.id, feature, '2025-12', 3)
                ? 'adopted'
                : days.length > 0
                  ? 'dormant'
                  : 'never-used'
        expect(features.find((f) => f.feature === feature.name)).toEqual({
          feature: feature.name,
          area: feature.area,
          isCore: feature.isCore,
          state,
          firstUse: days[0] ?? null,
          lastUse: days.at(-1) ?? null,
          events: monthsOf('2024-01', '2025-12').map((m) => events.filter((e) => e.day.startsWith(m)).length),
        })
      }
      const sources = await app.perform(analyseAccountSources, workspace.as.leader, { account: account.id })
      for (const { month, users } of sources.users) {
        const events = eventsOf(c, account.id).filter((e) => e.day.startsWith(month))
        const people = new Set(events.flatMap((e) => e.user ?? []))
        expect(users).toBe(events.length === 0 ? 0 : people.size === 0 ? null : people.size)
      }
      for (const told of sources.imports.filter((b) => b.dataset === 'usage'))
        expect(told.rows).toBe(eventsOf(c, account.id).filter((e) => e.batch === told.batch).length)
      expect(new Set(sources.imports.map((b) => b.batch))).toEqual(
        new Set([1, 2, ...eventsOf(c, account.id).map((e) => e.batch)]),
      )
    }
  })

  test('the accounts behind each bar are those that moved, and add up to it', async () => {
    const { total } = await app.perform(analyseMovements, workspace.as.leader, { from: '2025-02', to: '2025-11' })
    for (const kind of movementKinds) {
      const rows = []
      let cursor: string | null = null
      do {
        const page: {
          rows: { accountId: string; month: string; before: number; after: number; size: number }[]
          nextCursor: string | null
          arr: number
        } = await app.perform(listMovementAccounts, workspace.as.leader, {
          kind,
          from: '2025-02',
          to: '2025-11',
          limit: 7,
          ...(cursor ? { cursor } : {}),
        })
        rows.push(...page.rows)
        cursor = page.nextCursor
        expect(page.arr).toBeCloseTo(total![kind], 4)
      } while (cursor)
      const expected = c.accounts.filter(isCounted).flatMap((a) =>
        monthsOf('2025-02', '2025-11')
          .filter((m) => kindOf(c, a.id, m) === kind)
          .map((month) => ({
            id: a.id,
            month,
            before: positive(c, a.id, endOf(month, -1)) / 100,
            after: positive(c, a.id, endOf(month)) / 100,
          })),
      )
      const inOrder = (x: { id: string; month: string }, y: { id: string; month: string }) =>
        x.id + x.month < y.id + y.month ? -1 : 1
      expect(
        rows.map((r) => ({ id: r.accountId, month: r.month, before: r.before, after: r.after })).sort(inOrder),
      ).toEqual(expected.sort(inOrder))
      expect(rows.map((r) => r.size)).toEqual(rows.map((r) => r.size).sort((x, y) => y - x))
      expect(rows.length).toBe(total!.accounts[kind])
    }
  })

  test('within a segment the rows are those of its accounts alone', async () => {
    const { total } = await app.perform(analyseMovements, workspace.as.leader, {
      from: '2025-01',
      to: '2025-12',
      segment: "Mid'",
    })
    const { arr, rows } = await app.perform(listMovementAccounts, workspace.as.leader, {
      kind: 'churn',
      from: '2025-01',
      to: '2025-12',
      segment: "Mid'",
      limit: 200,
    })
    expect(arr).toBeCloseTo(total!.churn, 4)
    for (const row of rows)
      expect(
        c.accounts
          .find((a) => a.id === row.accountId)!
          .attributes.filter((v) => v[0] === 'segment')
          .at(-1)![2],
      ).toBe("Mid'")
  })

  test('an unknown account is not found, a stakeholder sees no name, and what was looked at is in the audit log', async () => {
    await expect(app.perform(analyseAccount, workspace.as.leader, { account: "A1' or true --" })).rejects.toMatchObject(
      { code: 'not-found' },
    )
    await expect(app.perform(analyseAccount, workspace.as.stakeholder, { account: 'A1' })).rejects.toMatchObject({
      code: 'forbidden',
    })
    await app.perform(analyseAccount, workspace.as.leader, { account: 'A1' })
    const rows = await app.services.db
      .selectFrom('audit')
      .select('target')
      .where('actor_id', '=', workspace.as.leader.actor!.userId)
      .where('operation', '=', 'insights.analyses.account')
      .where('outcome', '=', 'done')
      .execute()
    expect(rows.map((r) => r.target)).toContain('A1')
  })
})

describe('the sentence of an account', () => {
  const facts: AccountFacts = {
    currency: 'EUR',
    arr: 48_000,
    plans: ['Business'],
    paidLast: null,
    renewalDate: '2026-02-11',
    renewsInDays: 42,
    isMeasured: true,
    excludedReason: null,
    features: [],
  }
  const core = (feature: string, state: AccountFacts['features'][number]['state'], lastUse: string | null = null) => ({
    feature,
    isCore: true,
    state,
    lastUse,
  })
  test('names the core feature lost last, since when', () => {
    expect(
      writeAccountSentence({
        ...facts,
        features: [
          core('Boards', 'adopted'),
          core('Documents', 'dormant', '2025-04-01'),
          core('Collaboration', 'dormant', '2025-09-03'),
        ],
      }).text,
    ).toBe(
      'Pays €48 k a year for Business, renews in 42 days, and has not used Collaboration since 3 Sep 2025 nor Documents since 1 Apr 2025.',
    )
  })
  test('says what was never used, what is not known, and that nobody pays', () => {
    expect(
      writeAccountSentence({
        ...facts,
        renewalDate: null,
        renewsInDays: null,
        features: [core('Boards', 'never-used')],
      }).text,
    ).toBe('Pays €48 k a year for Business, has no renewal date, and has never used Boards.')
    expect(
      writeAccountSentence({ ...facts, renewsInDays: -3, renewalDate: '2025-12-28', isMeasured: false }).text,
    ).toBe('Pays €48 k a year for Business, was to renew on 28 Dec 2025, and no event of it was ever seen.')
    expect(
      writeAccountSentence({
        ...facts,
        arr: 0,
        plans: [],
        paidLast: '2025-03-31',
        features: [core('Boards', 'not-entitled')],
      }).text,
    ).toBe('Pays nothing any more; it last did on 31 Mar 2025, and is entitled to no core feature.')
    expect(
      writeAccountSentence({
        ...facts,
        excludedReason: 'test',
        features: [core('Boards', 'adopted'), core('Docs', 'adopted')],
      }),
    ).toEqual({
      text: 'Pays €48 k a year for Business, renews in 42 days, and uses all 2 core features it is entitled to.',
      caveat: 'It is excluded (test), so no rate and no sum counts it.',
    })
  })
})
