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
  isReleased,
  loadRaw,
  rawCompany,
  renewalOf,
  segmentOf,
  type RawCompany,
} from '../../../../tests/support/raw-company.ts'
import { wilson } from '../../statistics/intervals.ts'
import { addDays, monthIndex, monthText } from '../../../platform/calendar/month.ts'
import { findCaveats, findChanges, hasMoved, type ChangeFacts } from '../ground/change-rules.ts'
import { listChangedAccounts } from './accounts.ts'
import { analyseWhatChanged } from './operations.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  app.clock.set('2026-01-15T09:00:00Z')
})
afterAll(() => app.close())

const eligibleAt = (c: RawCompany, month: string, feature: (typeof catalogue)[number]) =>
  c.accounts.filter(
    (a) =>
      isCounted(a) &&
      arrOf(c, a.id, endOf(month)) > 0 &&
      isReleased(feature, endOf(month)) &&
      isEntitled(c, a.id, feature, endOf(month)) &&
      isMeasured(c, a.id, endOf(month)),
  )

/** By the words of the rules: one line for each change, as `rule/what/accounts/ARR`. */
function plainly(c: RawCompany, month: string, adoptionMonths: number, today: string): string[] {
  const before = monthText(monthIndex(month) - 1)
  const lines: { rule: string; what: string; accounts: number; arr: number }[] = []
  const segments = [
    'All',
    ...new Set(c.accounts.flatMap((a) => [segmentOf(a, endOf(month)), segmentOf(a, endOf(before))])),
  ]
  for (const feature of catalogue) {
    const at = (m: string, segment: string) => {
      const eligible = eligibleAt(c, m, feature).filter((a) => segment === 'All' || segmentOf(a, endOf(m)) === segment)
      const adopters = eligible.filter((a) => adopts(c, a.id, feature, m, adoptionMonths))
      return {
        eligible: eligible.length,
        adopters: adopters.length,
        arr: adopters.reduce((sum, a) => sum + arrOf(c, a.id, endOf(m)), 0) / 100,
      }
    }
    const moved = segments.flatMap((segment) => {
      const a = at(before, segment)
      const b = at(month, segment)
      if (a.eligible < 10 || b.eligible < 10) return []
      const wa = wilson(a.adopters, a.eligible)!
      const wb = wilson(b.adopters, b.eligible)!
      return (wb.value > wa.high || wb.value < wa.low) && (wa.value > wb.high || wa.value < wb.low)
        ? [
            {
              segment,
              rises: wb.value > wa.value,
              accounts: Math.abs(a.adopters - b.adopters),
              arr: Math.abs(a.arr - b.arr),
            },
          ]
        : []
    })
    for (const m of moved)
      if (m.segment === 'All' || !moved.some((o) => o.segment === 'All' && o.rises === m.rises))
        lines.push({ rule: 'adoption', what: `${feature.name} ${m.segment} ${m.rises}`, ...m })
    if (!feature.isCore) continue
    const were = new Set(
      eligibleAt(c, before, feature)
        .filter((a) => adopts(c, a.id, feature, before, adoptionMonths))
        .map((a) => a.id),
    )
    const stopped = eligibleAt(c, month, feature).filter(
      (a) => were.has(a.id) && !adopts(c, a.id, feature, month, adoptionMonths),
    )
    if (stopped.length > 0)
      lines.push({
        rule: 'stopped',
        what: feature.name,
        accounts: stopped.length,
        arr: stopped.reduce((sum, a) => sum + arrOf(c, a.id, endOf(month)), 0) / 100,
      })
  }
  const paid = (id: string, m: string) => Math.max(0, arrOf(c, id, endOf(m)))
  const book = c.accounts.filter(isCounted)
  const start = book.reduce((sum, a) => sum + paid(a.id, before), 0)
  const had = (id: string) =>
    Array.from({ length: monthIndex(month) - monthIndex('2022-01') }, (_, i) =>
      paid(id, monthText(monthIndex('2022-01') + i)),
    ).some((arr) => arr > 0)
  const kinds = Map.groupBy(
    book.map((a) => ({ id: a.id, s: paid(a.id, before), e: paid(a.id, month) })).filter(({ s, e }) => s !== e),
    ({ id, s, e }) =>
      s === 0 ? (had(id) ? 'reactivation' : 'new') : e === 0 ? 'churn' : e > s ? 'expansion' : 'contraction',
  )
  for (const [kind, of] of kinds) {
    const arr = of.reduce((sum, { s, e }) => sum + Math.abs(e - s), 0)
    if (arr >= 0.01 * start) lines.push({ rule: 'movement', what: kind, accounts: of.length, arr: arr / 100 })
  }
  const to = addDays(today, 90)
  const days = Number(endOf(month).slice(8))
  const came = book.filter(
    (a) =>
      arrOf(c, a.id, endOf(month)) > 0 &&
      renewalOf(c, a) !== null &&
      renewalOf(c, a)! > addDays(to, -days) &&
      renewalOf(c, a)! <= to,
  )
  if (came.length > 0)
    lines.push({
      rule: 'renewals',
      what: '',
      accounts: came.length,
      arr: came.reduce((sum, a) => sum + arrOf(c, a.id, endOf(month)), 0) / 100,
    })
  return lines.map((l) => `${l.rule}/${l.what}/${l.accounts}/${l.arr.toFixed(2)}`).sort()
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

  test.each([
    ['2025-12', 1, '2026-01-15'],
    ['2025-12', 3, '2026-01-15'],
    ['2025-10', 1, '2025-11-05'],
    ['2024-07', 1, '2024-08-01'],
  ])('what is told of %s, adoption over %i, equals the rules in plain words', async (month, adoptionMonths, today) => {
    app.clock.set(`${today}T09:00:00Z`)
    const { rows } = await app.perform(analyseWhatChanged, workspace.as.leader, { month, adoptionMonths })
    const whatOf = (r: (typeof rows)[number]) =>
      r.rule === 'adoption'
        ? `${r.feature} ${r.segment ?? 'All'} ${r.rises}`
        : r.rule === 'stopped'
          ? r.feature
          : r.rule === 'movement'
            ? r.kind
            : ''
    const expected = plainly(c, month, adoptionMonths, today)
    expect(expected.length).toBeGreaterThan(1)
    expect(rows.map((r) => `${r.rule}/${whatOf(r)}/${r.accounts}/${r.arr.toFixed(2)}`).sort()).toEqual(expected)
    expect(rows.map((r) => r.arr)).toEqual(rows.map((r) => r.arr).sort((a, b) => b - a))
    for (const row of rows.filter((r) => r.rule === 'stopped' || r.rule === 'renewals')) {
      const list = await app.perform(listChangedAccounts, workspace.as.leader, {
        month,
        adoptionMonths,
        turn: row.rule as 'stopped' | 'renewals',
        ...(row.feature ? { feature: row.feature } : {}),
        limit: 200,
      })
      expect([list.total, list.arr.toFixed(2)]).toEqual([row.accounts, row.arr.toFixed(2)])
    }
  })
})

describe('the rules', () => {
  const quiet: ChangeFacts = {
    currency: 'EUR',
    adoption: [],
    start: 1_000_000,
    movements: [],
    stopped: [],
    renewals: { accounts: 0, arr: 0, notAll: 0, from: '2026-01-01', to: '2026-03-31' },
    events: { before: 100, now: 95, unmappedBefore: 0.1, unmappedNow: 0.12 },
  }
  test('a rate moves when each lies outside the other’s interval, and never on fewer than 10 accounts', () => {
    expect(hasMoved({ eligible: 100, adopters: 50 }, { eligible: 100, adopters: 65 })).toBe(true)
    expect(hasMoved({ eligible: 100, adopters: 50 }, { eligible: 100, adopters: 57 })).toBe(false)
    expect(hasMoved({ eligible: 9, adopters: 9 }, { eligible: 100, adopters: 0 })).toBe(false)
  })
  test('a month in which nothing happens tells nothing', () => {
    expect(findChanges(quiet)).toEqual([])
    expect(findCaveats(quiet)).toEqual([])
  })
  test('a movement below one percent of the start is not told, and none of an empty book', () => {
    expect(findChanges({ ...quiet, movements: [{ kind: 'churn', arr: 9_999, accounts: 1 }] })).toEqual([])
    expect(findChanges({ ...quiet, movements: [{ kind: 'churn', arr: 10_000, accounts: 1 }] })[0]!.text).toBe(
      'Churn took €10 k, 1.0 % of the ARR at the start, in 1 account.',
    )
    expect(findChanges({ ...quiet, start: 0, movements: [{ kind: 'new', arr: 5, accounts: 1 }] })).toEqual([])
  })
  test('renewals are told with how many do not use every core feature, in numbers that fit', () => {
    const text = (accounts: number, notAll: number) =>
      findChanges({ ...quiet, renewals: { ...quiet.renewals, accounts, arr: 5000, notAll } })[0]?.text
    expect(text(0, 0)).toBeUndefined()
    expect(text(1, 1)).toBe(
      '1 renewal came into the 90 days to 31 Mar 2026: €5,000 of ARR. It does not use every core feature it is entitled to.',
    )
    expect(text(3, 1)).toMatch(/ARR\. 1 of them does not use/)
    expect(text(3, 2)).toMatch(/ARR\. 2 of them do not use/)
    expect(text(3, 3)).toMatch(/ARR\. None of them uses/)
    expect(text(3, 0)).toMatch(/ARR\.$/)
  })
  test('a drop of volume and a jump of unmapped events are named', () => {
    expect(
      findCaveats({ events: { before: 100, now: 70, unmappedBefore: 0.1, unmappedNow: 0.2 } }).map((c) => c.rule),
    ).toEqual(['volume', 'unmapped'])
    expect(findCaveats({ events: { before: null, now: 70, unmappedBefore: null, unmappedNow: 0.9 } })).toEqual([])
  })
})
