/** What becomes of the figures where subsidiaries count for their topmost parent. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp, type TestWorkspace } from '../../../../tests/support/app.ts'
import { decisions, loadRaw, rawCompany, type RawCompany } from '../../../../tests/support/raw-company.ts'
import { getAccountSettings } from '../../accounts/operations.ts'
import { countExcluded } from '../../accounts/warehouse.ts'
import { refreshDerived } from '../../datasets/refresh.ts'
import type { Decisions } from '../../datasets/mirror.ts'
import { analyseAccountSources } from '../account/sources.ts'
import { analyseAccount } from '../account/operations.ts'
import { analyseAdoptionRetention, listAccountsBehind } from '../adoption-retention/operations.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
  app.clock.set('2026-01-15T10:00:00Z')
})
afterAll(() => app.close())

const today = '2026-01-15'
const up: Decisions = { ...decisions, rollUpToParent: true }
/** A chain, an account that names itself, a circle, a parent that is in no file, a test account below and one above. */
const parents: Record<string, string> = {
  A1: 'A0',
  A2: 'A1',
  A3: 'A3',
  A4: 'A3',
  A6: 'A7',
  A7: 'A6',
  A8: 'nobody',
  A5: 'A0',
  A11: 'A34',
}
const company = (seed: number): RawCompany => {
  const c = rawCompany(seed, 'plan-and-list')
  for (const a of c.accounts) a.parent = parents[a.id] ?? null
  const [a0, a1, a2, a4] = ['A0', 'A1', 'A2', 'A4'].map((id) => c.accounts.find((a) => a.id === id)!)
  Object.assign(a0!, { renewal: null })
  Object.assign(a1!, { renewal: '2026-09-01' })
  Object.assign(a2!, { renewal: '2026-03-01' })
  Object.assign(a4!, { renewal: '2025-03-01' })
  return c
}
const top: Record<string, string> = { A1: 'A0', A2: 'A0', A4: 'A3' }
const named = (id: string) => top[id] ?? id

/** The same company as if the files had named the topmost parent throughout. */
const merged = (c: RawCompany): RawCompany => ({
  ...c,
  accounts: c.accounts
    .filter((a) => !top[a.id])
    .map((a) => ({ ...a, parent: null, renewal: a.id === 'A0' ? '2026-03-01' : a.renewal })),
  subscriptions: c.subscriptions.map((s) => ({ ...s, account: named(s.account) })),
  events: c.events.map((e) => ({ ...e, account: named(e.account) })),
  byAccount: c.byAccount.map((e) => ({ ...e, account: named(e.account) })),
})

const load = async (c: RawCompany, decided: Decisions) => {
  const workspace = await app.workspace()
  const warehouse = await app.services.warehouses.open(workspace.id)
  await warehouse.write((con) => loadRaw(con, c, decided))
  return { workspace, warehouse }
}
const figures = async (workspace: TestWorkspace) => {
  const answers = []
  for (const month of ['2025-06', '2025-12']) {
    const { rows, totals } = await app.perform(analyseAdoptionRetention, workspace.as.leader, {
      segmentBy: 'segment',
      month,
    })
    answers.push({ rows, totals })
  }
  const behind = await app.perform(listAccountsBehind, workspace.as.leader, {
    segmentBy: 'segment',
    month: '2025-12',
    segment: 'Enterprise',
    feature: 'Boards',
  })
  return { answers, behind: behind.rows }
}

test.each([1, 2])(
  'company of seed %i: rolled up, every figure is as if the files had named the parent; switched off, as before',
  async (seed) => {
    const c = company(seed)
    const { workspace, warehouse } = await load(c, up)
    const byHand = await load(merged(c), decisions)
    const rolledUp = await figures(workspace)
    expect(rolledUp).toEqual(await figures(byHand.workspace))

    const plain = await load(c, decisions)
    await warehouse.write((con) => refreshDerived(con, { decisions, today }))
    const apart = await figures(workspace)
    expect(apart).toEqual(await figures(plain.workspace))
    expect(apart).not.toEqual(rolledUp)
  },
)

test('the parent’s page names who counts for it, and the page of a subsidiary leads there', async () => {
  const { workspace, warehouse } = await load(company(1), up)
  const page = (account: string) => app.perform(analyseAccount, workspace.as.leader, { account })
  const parent = await page('A0')
  const ids = (of: { accountId: string }[]) => of.map((a) => a.accountId).sort()
  // A5 is a test account: kept out by a rule, it stays what it is.
  expect([ids(parent.account.children), ids(parent.account.included)]).toEqual([
    ['A1', 'A5'],
    ['A1', 'A2'],
  ])
  expect(parent.account.renewalDate).toBe('2026-03-01')
  expect(parent.standing.notes).toContain('It holds the figures of 2 other accounts too.')
  expect(parent.standing.notes).toContain('Subsidiaries count for their topmost parent.')

  const asked = await page('A2')
  expect([asked.account.accountId, asked.account.askedFor?.accountId]).toEqual(['A0', 'A2'])
  expect(asked.months).toEqual(parent.months)
  expect(asked.standing.notes[1]).toMatch(/^You asked for .* \(A2\), which counts for this account\.$/)
  const sources = await app.perform(analyseAccountSources, workspace.as.leader, { account: 'A2' })
  expect(sources.ids.find((i) => i.kind === 'account' && i.source === 'crm')?.some).toEqual(['A0', 'A1', 'A2'])

  const self = await page('A3')
  expect([self.account.parent, ids(self.account.children), ids(self.account.included)]).toEqual([null, ['A4'], ['A4']])
  expect((await page('A5')).account.excludedReason).toBe('test')
  expect((await page('A11')).account).toMatchObject({ accountId: 'A11', included: [] })

  // Without the rule both rise: what hangs on a rule is derived anew with it.
  await warehouse.write((con) => refreshDerived(con, { decisions: { ...up, exclusions: [] }, today }))
  expect(ids((await page('A0')).account.included)).toEqual(['A1', 'A2', 'A5'])
  expect((await page('A11')).account.accountId).toBe('A34')
  const { accounts } = company(1)
  expect(
    await warehouse.read((con) =>
      countExcluded(con, [
        { field: 'name', operator: 'contains', value: 'Test Account' },
        { field: 'id', operator: 'is', value: 'a5' },
        { field: 'name', operator: 'contains', value: 'nobody is called that' },
        { field: 'name', operator: 'ends-with', value: '7' },
      ]),
    ),
  ).toEqual([
    accounts.filter((a) => a.name.includes('test account')).length,
    1,
    0,
    accounts.filter((a) => a.name.endsWith('7')).length,
  ])
  expect(await warehouse.read((con) => countExcluded(con, []))).toEqual([])
})

test('the settings say how many name a parent, and how much of that cannot be followed', async () => {
  const { workspace } = await load(company(1), decisions)
  expect((await app.perform(getAccountSettings, workspace.as.leader, {})).parents).toEqual({
    named: 8,
    unknown: 1,
    circular: 2,
  })
})
