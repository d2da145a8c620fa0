import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { testApp, type TestApp, type TestWorkspace } from '../../tests/support/app.ts'
import { catalogue, loadRaw, rawCompany } from '../../tests/support/raw-company.ts'
import { isProductError } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import type { AnyOperation } from '../platform/operation.ts'
import { analyseAssociationDetail } from '../insights/analyses/association/operations.ts'
import { analyseMovements } from '../insights/analyses/revenue/operations.ts'
import { analyseWhitespace } from '../insights/analyses/whitespace/operations.ts'
import { getFeature, proposeDefinition } from '../insights/features/definitions/operations.ts'
import { insertFeature, replaceRules } from '../insights/features/queries.ts'
import { listPublishedOperation } from '../insights/targets/publishing.ts'
import {
  exportView,
  listViewAccounts,
  listViewsOperation,
  openView,
  shareView,
  unshareView,
  updateViewOperation,
} from './operations.ts'
import type { ViewDraft } from './schemas.ts'
import { shareables } from '../insights/withholding/shareables.ts'
import { withholding } from '../insights/withholding/withholding.ts'
import { scopeOf } from '../../tests/support/scope.ts'

let app: TestApp
let own: TestWorkspace
const company = rawCompany(4)
for (const account of company.accounts) account.name = account.name.replace('Account', 'Zephyr')
const names = company.accounts.flatMap((a) => [a.name, JSON.stringify(a.name).slice(1, -1), `"${a.id}"`])
const firstName = company.accounts.find((a) => a.name.startsWith('Zephyr'))!.name
const featureId = '0190b5a0-0000-7000-8000-000000000000'
let collab = ''
const owners = [...new Set(company.accounts.map((a) => a.owner).filter((o) => o !== null))]

beforeAll(async () => {
  app = await testApp()
  app.clock.set('2026-01-15T09:00:00Z')
  own = await app.workspace()
  await (
    await app.services.warehouses.open(own.id)
  ).write(async (con) => {
    await loadRaw(con, company)
    await con.run(`update feature set key = '${featureId.slice(0, -1)}' || feature_id`)
    collab = (await con.one<{ key: string }>('select key from feature where name = $1', [catalogue[0]!.name]))!.key
  })
  await insertFeature(
    app.services.db,
    scopeOf(own.id),
    {
      id: collab,
      name: catalogue[0]!.name,
      area: 'Team',
      isCore: true,
      releasedOn: null,
      owner: 'Owner of it',
      entitledPlans: ['Pro', `Plan of ${firstName}`],
    },
    app.services.now(),
  )
  await replaceRules(app.services.db, scopeOf(own.id), collab, [
    { id: newId(), rule: { kind: 'prefix', value: firstName } },
  ])
})
afterAll(() => app.close())

const inputOf = (path: string, operation: string): object =>
  ({
    'insights.analyses.adoptionRetention': { month: '2025-12', window: 6 },
    'insights.analyses.movements': { from: '2025-01', to: '2025-12' },
    'insights.analyses.associationDetail': { feature: catalogue[0]!.name },
    'insights.analyses.adoptionTrend': { featureId: collab },
    'insights.analyses.featureStates': path === '/insights/feature' ? { featureId: collab } : {},
    'insights.features.get': { id: collab },
  })[operation] ?? {}
const draftOf = (path: string, more: Partial<z.input<typeof ViewDraft>> = {}): z.input<typeof ViewDraft> => ({
  path,
  search: '?x=1',
  title: `The page ${path}`,
  reads: shareables
    .find((s) => s.path === path)!
    .analyses.map((a) => ({ operation: a.name, input: { ...inputOf(path, a.name) } })),
  forStakeholders: true,
  ...more,
})
const share = (path: string, more: Partial<z.input<typeof ViewDraft>> = {}) =>
  app.perform(shareView, own.as.leader, draftOf(path, more))
/** What a page says, less what is withheld where names are not granted. */
const asShown = async (path: string, i: number, analysis: AnyOperation) => {
  const { input } = draftOf(path).reads[i]!
  return withholding.get(analysis.name)!(await app.perform(analysis, own.as.leader, input), input).output
}
const codeOf = async (work: Promise<unknown>) => {
  try {
    await work
    return 'allowed'
  } catch (error) {
    if (isProductError(error)) return error.code
    throw error
  }
}

describe.each(shareables.map((s) => [s.path, s] as const))('%s', (path, shareable) => {
  test('is opened with aggregates only: no account by name or id, no segment of few accounts, whatever its analyses hold', async () => {
    const { id } = await share(path)
    const opened = await app.perform(openView, own.as.stakeholder, { id })
    expect(opened.answers.map((a) => a.operation)).toEqual(shareable.analyses.map((a) => a.name))
    for (const [i, analysis] of shareable.analyses.entries())
      expect(opened.answers[i]!.output).toEqual(await asShown(path, i, analysis))
    const text = JSON.stringify(opened)
    expect(names.filter((name) => text.includes(name))).toEqual([])
    expect([
      await codeOf(app.perform(listViewAccounts, own.as.stakeholder, { id })),
      await codeOf(app.perform(exportView, own.as.stakeholder, { id })),
      await codeOf(app.perform(exportView, own.as.leader, { id })),
    ]).toEqual(['forbidden', 'forbidden', 'forbidden'])
  })

  test('gives its table where export is granted, and rows without names where those are, names only by their own grant', async () => {
    const choice = {
      kind: 'churn',
      turn: 'renewals',
      state: path.endsWith('adopt') ? 'waiting' : 'others',
      feature: catalogue[0]!.name,
    }
    const exported = await share(path, { grants: { accounts: false, names: false, export: true } })
    const table = await app.perform(exportView, own.as.stakeholder, exported)
    expect(table.table).toEqual(shareable.analyses[0]!.csv!.rows(await asShown(path, 0, shareable.analyses[0]!)))
    expect([
      await codeOf(app.perform(listViewAccounts, own.as.stakeholder, { id: exported.id, choice })),
      await codeOf(app.perform(exportView, own.as.stakeholder, { id: exported.id, choice })),
    ]).toEqual(['forbidden', 'forbidden'])

    const rows = await share(path, { grants: { accounts: true, names: false, export: false } })
    if (!shareable.accounts) {
      expect(await codeOf(app.perform(listViewAccounts, own.as.stakeholder, { id: rows.id, choice }))).toBe('forbidden')
      return
    }
    const plain = await app.perform(listViewAccounts, own.as.stakeholder, { id: rows.id, choice, limit: 200 })
    expect(plain.rows.length).toBeGreaterThan(0)
    expect([...names, ...owners].filter((name) => JSON.stringify(plain).includes(name))).toEqual([])
    expect(await codeOf(app.perform(exportView, own.as.stakeholder, { id: rows.id, choice }))).toBe('forbidden')

    const named = await share(path, { grants: { accounts: true, names: true, export: true } })
    const full = await app.perform(listViewAccounts, own.as.stakeholder, { id: named.id, choice, limit: 200 })
    expect(full.rows.length).toBe(plain.rows.length)
    expect(company.accounts.some((a) => a.id === full.rows[0]!['accountId'])).toBe(true)
    expect(
      (await app.perform(exportView, own.as.stakeholder, { id: named.id, choice })).table.length,
    ).toBeGreaterThanOrEqual(full.rows.length)
  })
})

test('only who it was shared with sees it; for others it does not exist; taken back, it is gone for all', async () => {
  const person = own.as.stakeholder.actor!.userId
  const mine = await share('/insights/health', { forStakeholders: false, people: [person] })
  const others = await share('/insights/health', {
    forStakeholders: false,
    people: [own.as['product-manager'].actor!.userId],
  })
  const listed = (await app.perform(listViewsOperation, own.as.stakeholder, {})).rows
  expect(listed.map((v) => v.id)).toContain(mine.id)
  expect(listed.map((v) => v.id)).not.toContain(others.id)
  expect(listed.find((v) => v.id === mine.id)).toMatchObject({
    people: [],
    mayChange: false,
    question: 'How healthy is each part of the product?',
    sharedBy: own.as.leader.actor!.name,
  })
  expect([
    await codeOf(app.perform(openView, own.as.stakeholder, { id: others.id })),
    await codeOf(app.perform(listViewAccounts, own.as.stakeholder, { id: others.id })),
    await codeOf(app.perform(exportView, own.as.stakeholder, { id: others.id })),
  ]).toEqual(['not-found', 'not-found', 'not-found'])
  expect(await codeOf(app.perform(openView, own.as['product-manager'], { id: others.id }))).toBe('allowed')

  expect(await codeOf(app.perform(unshareView, own.as['product-manager'], { id: mine.id }))).toBe('forbidden')
  await app.perform(unshareView, own.as.leader, { id: mine.id })
  expect([
    await codeOf(app.perform(openView, own.as.stakeholder, { id: mine.id })),
    await codeOf(app.perform(openView, own.as.admin, { id: mine.id })),
  ]).toEqual(['not-found', 'not-found'])
  const audit = await app.services.db
    .selectFrom('audit')
    .select(['operation', 'actor_id'])
    .where('target', '=', mine.id)
    .execute()
  expect(audit).toContainEqual({ operation: 'insights.views.unshare', actor_id: own.as.leader.actor!.userId })
})

test('a grant is given and taken by who shared it or by Product Ops, and holds from then on', async () => {
  const { id } = await share('/insights/health')
  const change = { id, title: 'Health', note: 'For the board', forStakeholders: true }
  await app.perform(updateViewOperation, own.as['product-ops'], {
    ...change,
    version: 1,
    grants: { accounts: false, names: false, export: true },
  })
  expect(await codeOf(app.perform(exportView, own.as.stakeholder, { id }))).toBe('allowed')
  expect(await codeOf(app.perform(updateViewOperation, own.as.leader, { ...change, version: 1 }))).toBe('conflict')
  await app.perform(updateViewOperation, own.as.leader, { ...change, version: 2 })
  expect(await codeOf(app.perform(exportView, own.as.stakeholder, { id }))).toBe('forbidden')
  expect(await codeOf(app.perform(updateViewOperation, own.as['product-manager'], { ...change, version: 3 }))).toBe(
    'forbidden',
  )
})

test('what cannot be shared is refused: another page, another question than the page’s, a stranger, names without rows, segments that name accounts', async () => {
  const health = draftOf('/insights/health')
  const bad: [Partial<z.input<typeof ViewDraft>>, string][] = [
    [{ path: '/insights/account' }, 'invalid'],
    [{ reads: [{ operation: 'insights.analyses.accountsBehind', input: { feature: 'Boards' } }] }, 'invalid'],
    [
      { reads: [...health.reads, { operation: 'insights.analyses.accountsBehind', input: { feature: 'Boards' } }] },
      'invalid',
    ],
    [{ reads: [{ operation: 'insights.analyses.productHealth', input: { month: 'x' } }] }, 'invalid'],
    [{ forStakeholders: false }, 'invalid'],
    [{ people: ['nobody'] }, 'invalid'],
    [{ grants: { accounts: false, names: true, export: false } }, 'invalid'],
  ]
  for (const [more, code] of bad)
    expect([more, await codeOf(app.perform(shareView, own.as.leader, { ...health, ...more }))]).toEqual([more, code])
  await (
    await app.services.warehouses.open(own.id)
  ).write((con) =>
    con.run(
      `insert into attribute select account_id, 'customer', coalesce(name, ext_id), date '2024-01-01' from customer`,
    ),
  )
  const byCustomer = { reads: [{ operation: 'insights.analyses.adoptionRetention', input: { segmentBy: 'customer' } }] }
  expect(await codeOf(share('/insights/adoption', byCustomer))).toBe('precondition')
  expect(
    await codeOf(
      share('/insights/adoption', { ...byCustomer, grants: { accounts: true, names: true, export: false } }),
    ),
  ).toBe('allowed')
})

test('sharing freezes the figures of the view as published, equal to what the page says', async () => {
  app.clock.set('2026-01-15T10:00:00Z')
  const { published } = await share('/insights/revenue', { title: 'Revenue of December' })
  const { rows: mine } = await app.perform(listPublishedOperation, own.as.leader, { limit: published })
  expect(mine.filter((p) => p.place === 'Shared: Revenue of December').length).toBe(published)
  const december = (await app.perform(analyseMovements, own.as.leader, { from: '2025-12', to: '2025-12' })).rows[0]!
  const told = (measure: string) => mine.find((p) => p.ref.measure === measure && p.ref.segment === null)!
  expect([told('arr').value, told('churn').value, told('new').value, told('arr').month, told('arr').via]).toEqual([
    december.end,
    december.churn,
    december.new,
    '2025-12',
    'link',
  ])
  for (const p of mine) expect([p.title, p.month, p.state]).toEqual([p.title, p.month, 'as-published'])

  // Read at once or one by one, today’s figure of a published one is the same.
  await (
    await app.services.warehouses.open(own.id)
  ).write((con) =>
    con.run('update revenue_month set arr_cents = arr_cents * 2 where month = $1 and account_id % 3 = 0', [
      2025 * 12 + 11,
    ]),
  )
  const restated = (await app.perform(listPublishedOperation, own.as.leader, { limit: published })).rows
  for (const p of restated)
    expect([p.title, p.today]).toEqual([
      p.title,
      (await app.perform(listPublishedOperation, own.as.leader, { ref: p.ref, limit: 1 })).rows[0]!.today,
    ])
  expect(restated.find((p) => p.ref.measure === 'arr' && p.ref.segment === null)).toMatchObject({ state: 'restated' })
})

test('a view whose person left the workspace is no longer theirs when they come back', async () => {
  const guest = own.as.stakeholder
  const { userId } = guest.actor!
  const { id } = await share('/insights/health', { forStakeholders: false, people: [userId] })
  await app.services.db.deleteFrom('member').where('user_id', '=', userId).execute()
  await app.services.db
    .insertInto('member')
    .values({ workspace_id: own.id, user_id: userId, role: 'stakeholder', joined_at: new Date() })
    .execute()
  expect(await codeOf(app.perform(openView, guest, { id }))).toBe('not-found')
})

test('sharing one feature freezes its own adoption rates and no others; a restated past freezes none', async () => {
  app.clock.set('2026-01-15T11:00:00Z')
  const { published } = await share('/insights/feature', { title: 'One feature' })
  const { rows } = await app.perform(listPublishedOperation, own.as.leader, { limit: published })
  const mine = rows.filter((p) => p.place === 'Shared: One feature')
  expect(mine.length).toBeGreaterThan(1)
  expect(new Set(mine.map((p) => `${p.ref.measure} ${p.ref.featureId}`))).toEqual(new Set([`adoption-rate ${collab}`]))
  const reads = draftOf('/insights/feature').reads.map((r) =>
    r.operation === 'insights.features.get' ? r : { ...r, input: { ...r.input, restated: true } },
  )
  expect((await share('/insights/feature', { reads })).published).toBe(0)
})

test('the evidence of one feature comes with its small groups as one line and without the NRR without one account; the sums are those within', async () => {
  const { id } = await share('/insights/association/feature')
  const { answers } = await app.perform(openView, own.as.stakeholder, { id })
  const shared = answers[0]!.output as z.output<(typeof analyseAssociationDetail)['output']>
  const within = await app.perform(analyseAssociationDetail, own.as.leader, { feature: catalogue[0]!.name })
  const accounts = (d: typeof within) => d.strata.map((s) => s.adopters.accounts + s.others.accounts)
  const sum = (d: typeof within) =>
    d.strata.reduce(
      (all, s) => [
        all[0]! + s.adopters.accounts,
        all[1]! + s.adopters.stayed,
        all[2]! + s.others.accounts,
        all[3]! + s.others.stayed,
      ],
      [0, 0, 0, 0],
    )
  expect(Math.min(...accounts(within))).toBeLessThan(10)
  expect(Math.min(...accounts(shared))).toBeGreaterThanOrEqual(10)
  expect(sum(shared)).toEqual(sum(within))
  expect(within.revenue.others.leaveOneOut).not.toBe(null)
  expect([shared.revenue.adopters.leaveOneOut, shared.revenue.others.leaveOneOut]).toEqual([null, null])
})

test('the whitespace of a view offers only the owners and segments that were chosen; its rows number each account once, page by page', async () => {
  const asked = { segments: ['Enterprise'], owners: ['Owner 1', 'no owner'] }
  const reads = [{ operation: 'insights.analyses.whitespace', input: asked }]
  const { id } = await share('/insights/whitespace', { reads, grants: { accounts: true, names: false, export: true } })
  const { answers } = await app.perform(openView, own.as.stakeholder, { id })
  const within = await app.perform(analyseWhitespace, own.as.leader, asked)
  expect(within.owners.length).toBeGreaterThan(2)
  expect(answers[0]!.output).toEqual({ ...within, segments: ['Enterprise'], owners: ['Owner 1', 'no owner'] })

  const page = (limit: number, cursor?: string) =>
    app.perform(listViewAccounts, own.as.stakeholder, {
      id,
      limit,
      ...(cursor ? { cursor } : {}),
      choice: { owners: [] },
    })
  const all = await page(200)
  const numbers = all.rows.map((r) => r['account'])
  const seen = [...new Set(numbers)]
  expect(seen.length).toBeLessThan(numbers.length)
  expect(seen).toEqual(seen.map((_, i) => `Account ${i + 1}`))
  expect(new Set(all.rows.map((r) => JSON.stringify([r['owner'], r['contacts']])))).toEqual(new Set(['[null,[]]']))
  const paged: unknown[] = []
  for (let cursor: string | null | undefined; cursor !== null;) {
    const next = await page(3, cursor)
    paged.push(...next.rows.map((r) => r['account']))
    cursor = next.nextCursor
  }
  expect(paged).toEqual(numbers)
  const file = await app.perform(exportView, own.as.stakeholder, { id, choice: {} })
  expect(file.table.map((r) => r['account'])).toEqual(numbers)
})

test('a feature is shared by what it is: not its events and rules, who proposed what and why, nor a plan or a definition that names an account', async () => {
  const read = async () => {
    const { id } = await share('/insights/feature')
    const { answers } = await app.perform(openView, own.as.stakeholder, { id })
    return answers.find((a) => a.operation === 'insights.features.get')!.output as z.output<
      (typeof getFeature)['output']
    >
  }
  expect(await read()).toMatchObject({
    feature: {
      owner: 'Owner of it',
      entitledPlans: ['Pro', 'others'],
      rules: [],
      adoption: 'any use in the 3 full months to the day',
    },
    definitions: [],
    eventNames: [],
  })
  await app.perform(proposeDefinition, own.as.admin, {
    featureId: collab,
    atLeast: 2,
    valueEvents: [{ kind: 'exact', value: `export to ${firstName}` }],
    why: `${firstName} asked for it`,
    validFrom: '2025-03-01',
    approve: true,
  })
  const within = await app.perform(getFeature, own.as.leader, { id: collab })
  expect(JSON.stringify(within)).toContain(`export to ${firstName}`)
  const shared = await read()
  expect(shared.feature).toMatchObject({
    definitionVersion: 1,
    adoption: 'use of certain events, which were not shared',
  })
  const { id } = await share('/insights/feature')
  expect(JSON.stringify(await app.perform(openView, own.as.stakeholder, { id }))).not.toContain(firstName)
})

test('neither attribute of a pair may name accounts, be its values few or many, nor the usual one where none is asked', async () => {
  const warehouse = await app.services.warehouses.open(own.id)
  await warehouse.write((con) =>
    con.run(
      `insert into attribute select account_id, 'tier', case when account_id % 2 = 0 then 'A' else ? end, date '2024-01-01' from customer`,
      [`Key account ${firstName}`],
    ),
  )
  const states = (input: Record<string, unknown>) => ({
    reads: [{ operation: 'insights.analyses.featureStates', input }],
  })
  expect([
    await codeOf(share('/insights/states', states({ segmentBy: 'segment', andBy: 'tier' }))),
    await codeOf(share('/insights/states', states({ segmentBy: 'arr', bands: [1000], andBy: 'tier' }))),
    await codeOf(share('/insights/states', states({ segmentBy: 'segment', andBy: 'arr', andBands: [1000] }))),
  ]).toEqual(['precondition', 'precondition', 'allowed'])
  await warehouse.write((con) =>
    con.run(`update attribute set value = ? where key = 'segment' and value = 'SMB'`, [firstName]),
  )
  expect(await codeOf(share('/insights/association'))).toBe('precondition')
})
