import { afterAll, beforeAll, expect, test } from 'vitest'
import type { z } from 'zod'
import { sql } from 'kysely'
import { testApp, type TestApp, type TestWorkspace } from '../../tests/support/app.ts'
import { insertRows } from '../insights/datasets/mirror.ts'
import { refreshDerived } from '../insights/datasets/refresh.ts'
import { insertStory, retellStory } from '../insights/stories/queries.ts'
import type { Finding } from '../insights/stories/schemas.ts'
import { removeFeature } from '../insights/features/operations.ts'
import { insertFeature } from '../insights/features/queries.ts'
import { listAuditOperation } from '../platform/audit/operations.ts'
import { changeRole } from '../platform/people/operations.ts'
import {
  decideOperation,
  decisionOptions,
  draftDecision,
  getDecision,
  listDecisionsOperation,
  readEffectsOperation,
  revisitDecision,
  updateDecisionOperation,
  withdrawDecision,
} from './operations.ts'
import { decisions } from './tables.ts'
import { scopeOf } from '../../tests/support/scope.ts'

let app: TestApp
let own: TestWorkspace
let other: TestWorkspace
const featureId = '0190b5a0-0000-7000-8000-00000000f001'
const storyId = '0190b5a0-0000-7000-8000-00000000f0a1'
const story: Finding = {
  rule: 'adoption-gap',
  featureId,
  feature: 'Sharing',
  segmentBy: 'segment',
  segment: 'L',
  text: '0 of 12 share, says the story.',
  caveat: 'It may be early.',
  evidence: 'clear',
  arr: 1200,
  accounts: 12,
  value: 0,
  low: 0,
  high: 0.24,
  unit: 'share',
  bars: [],
  figures: [
    { label: 'Adoption', value: 0, unit: 'share' },
    { label: 'Gap', value: -0.123, unit: 'points' },
    { label: 'ARR', value: 1200, unit: 'money' },
  ],
  address: '/insights/adoption?month=2025-07',
  month: '2025-07',
}
/* 24 accounts pay 100 a year from 2024; on 20 Nov 2025 two of them leave. Usage is known to 5 Dec 2025, so that November is the last full month. Four of the twelve of segment L share, from September 2025 on. */
beforeAll(async () => {
  app = await testApp()
  own = await app.workspace()
  other = await app.workspace()
  await insertFeature(
    app.services.db,
    scopeOf(own.id),
    { id: featureId, name: 'Sharing', area: null, isCore: true, releasedOn: null, owner: null, entitledPlans: null },
    new Date(),
  )
  await insertStory(app.services.db, scopeOf(own.id), {
    id: storyId,
    identity: 'adoption-gap:sharing:L',
    finding: story,
    weight: 1,
    at: new Date(),
  })
  await (
    await app.services.warehouses.open(own.id)
  ).write(async (con) => {
    const ids = Array.from({ length: 24 }, (_, i) => `A${i}`)
    await insertRows(con, 'origin', [[1, 'account', 'crm']])
    await insertRows(
      con,
      'account (source, ext_id, name, batch_id)',
      ids.map((id) => ['crm', id, id, 1]),
    )
    await insertRows(
      con,
      'account_attribute (source, ext_id, key, value, valid_from, imported_on, batch_id)',
      ids.map((id, i) => ['crm', id, 'segment', i < 12 ? 'L' : 'S', '2024-01-01', '2025-12-31', 1]),
    )
    await insertRows(
      con,
      'subscription',
      ids.map((id, i) => ['billing', `S${id}`, id, '2024-01-01', i > 21 ? '2025-11-20' : null, 10_000, 'p', 2]),
    )
    await insertRows(con, 'event (event_time, origin_id, ref, name, n, batch_id)', [
      ...ids.map((id) => ['2025-01-05 08:00:00', 1, id, 'noise', 1, 3]),
      ...ids
        .slice(0, 4)
        .flatMap((id) =>
          ['2025-09-05', '2025-11-05', '2025-12-05'].map((day) => [`${day} 08:00:00`, 1, id, 'share', 1, 3]),
        ),
    ])
    await insertRows(con, 'dirty_day', [['2025-01-05'], ['2025-09-05'], ['2025-11-05'], ['2025-12-05']])
    await refreshDerived(con, {
      today: '2026-01-10',
      decisions: {
        features: [{ key: featureId, name: 'Sharing', area: null, isCore: true, releasedOn: null }],
        featureOf: (name) => (name === 'share' ? featureId : null),
        crosswalk: [],
        exclusions: [],
        primarySource: null,
        revenueBook: null,
        rollUpToParent: false,
      },
    })
  })
})
afterAll(() => app.close())

type Draft = z.input<typeof draftDecision.input>
const pm = () => own.as['product-manager'].actor!.userId
const whole = (): Draft => ({
  title: 'Sharing for L',
  deciderId: pm(),
  finding: {
    text: '0 of 12 share.',
    address: `http://localhost/w/${own.slug}/insights/adoption?month=2025-07`,
    numbers: [{ label: 'Adoption rate', text: '0 %', value: 0 }],
  },
  options: [{ title: 'Build it', pros: 'Asked for' }, { title: 'Leave it' }],
  taken: 0,
  why: 'It pays.',
  revisitOn: '2025-12-06',
  expectation: {
    measure: { measure: 'adoption-rate', featureId, segment: 'L' },
    expected: { as: 'value', value: 0.25 },
  },
})
const prepare = (change: Partial<Draft> = {}) => {
  app.clock.set('2025-08-04T09:00:00Z')
  return app.perform(draftDecision, own.as['product-ops'], { ...whole(), ...change })
}
const decide = async (change: Partial<Draft> = {}) => {
  const draft = await prepare(change)
  return app.perform(decideOperation, own.as['product-manager'], { id: draft.id, version: draft.version })
}

test('Product Ops prepares, the named product manager decides, and the effect stands beside the expectation on the day', async () => {
  const draft = await prepare({ from: [{ kind: 'story', id: storyId }] })
  expect(draft).toMatchObject({
    state: 'draft',
    missing: [],
    decider: { id: pm() },
    measure: 'Adoption rate of Sharing in L',
    content: { finding: { address: '/insights/adoption?month=2025-07' } },
  })
  expect(draft.links.map((l) => [l.relation, l.kind, l.title, l.address])).toEqual(
    expect.arrayContaining([
      ['based-on', 'story', '0 of 12 share, says the story.', `/insights/stories?story=${storyId}`],
      ['based-on', 'analysis', null, '/insights/adoption?month=2025-07'],
      ['about', 'feature', 'Sharing', `/insights/feature?id=${featureId}`],
    ]),
  )
  expect(draft.content.finding).toMatchObject({
    text: '0 of 12 share, says the story.',
    numbers: [
      { label: 'Adoption', text: '0 %', value: 0 },
      { label: 'Gap', text: '-12.3 percentage points' },
      { text: '€1,200' },
    ],
  })
  await retellStory(app.services.db, scopeOf(own.id), storyId, {
    finding: { ...story, text: 'Told anew.' },
    weight: 1,
    at: new Date(),
    returnedAt: null,
    foundAt: new Date(),
  })
  const decided = await app.perform(decideOperation, own.as['product-manager'], { id: draft.id, version: 1 })
  expect(decided.content.finding.text).toBe('0 of 12 share, says the story.')
  expect(decided).toMatchObject({
    state: 'decided',
    version: 2,
    figureThen: { month: '2025-07', value: 0, base: 12 },
    due: { state: 'ahead', days: 124 },
  })
  expect((await app.perform(listDecisionsOperation, own.as.leader, { dueOnly: true })).rows).toEqual([])

  app.clock.set('2025-12-10T09:00:00Z')
  const {
    rows: [due],
  } = await app.perform(listDecisionsOperation, own.as.leader, { dueOnly: true })
  expect(due).toMatchObject({
    id: draft.id,
    due: { state: 'overdue', days: 4 },
    expected: '25 %',
    taken: 'Build it',
    decidedOn: '2025-08-04',
  })
  const {
    rows: [effect],
  } = await app.perform(readEffectsOperation, own.as.leader, { ids: [draft.id], months: 3 })
  expect(effect).toMatchObject({
    verdict: 'reached',
    atDecision: { value: 0 },
    expected: 0.25,
    now: { month: '2025-11', base: 12 },
    problem: null,
  })
  expect(effect!.now!.value).toBeCloseTo(4 / 12, 12)
  expect(effect!.line.map((p) => [p.month, p.value! * 12])).toEqual(
    [
      ['2025-05', 0],
      ['2025-06', 0],
      ['2025-07', 0],
      ['2025-08', 0],
      ['2025-09', 4],
      ['2025-10', 4],
      ['2025-11', 4],
    ].map(([month, n]) => [month, expect.closeTo(n as number, 9)]),
  )
  expect(effect!.sentence).toMatch(
    /^Adoption rate of Sharing in L was 0 % on 4 Aug 2025; 25 % was expected by 6 Dec 2025; it is 33 % in Nov 2025, 14 % to 61 %, of 12 accounts\.$/,
  )

  const revisited = await app.perform(revisitDecision, own.as['product-manager'], {
    id: draft.id,
    version: 2,
    outcome: 'kept',
    learnt: 'It was asked for.',
  })
  expect(revisited).toMatchObject({
    state: 'revisited',
    due: null,
    revisited: { outcome: 'kept', learnt: 'It was asked for.', by: { id: pm() }, figure: { month: '2025-11' } },
  })
  await expect(
    app.perform(revisitDecision, own.as['product-manager'], {
      id: draft.id,
      version: 3,
      outcome: 'kept',
      learnt: 'Again',
    }),
  ).rejects.toMatchObject({ code: 'precondition' })
  const audit = (await app.perform(listAuditOperation, own.as.admin, { operation: 'decisions.' })).rows.filter((r) =>
    r.target?.includes(draft.id),
  )
  expect(audit.map((r) => r.operation).sort()).toEqual(['decisions.decide', 'decisions.draft', 'decisions.revisit'])
})

test('nobody but the named product manager takes it, and the database would not let them', async () => {
  const draft = await prepare()
  const input = { id: draft.id, version: 1 }
  for (const role of ['admin', 'product-ops', 'leader', 'stakeholder'] as const)
    await expect(app.perform(decideOperation, own.as[role], input), role).rejects.toMatchObject({ code: 'forbidden' })
  for (const role of ['admin', 'product-ops', 'leader'] as const)
    await expect(prepare({ deciderId: own.as[role].actor!.userId }), role).rejects.toMatchObject({ code: 'not-found' })
  await expect(prepare({ deciderId: other.as['product-manager'].actor!.userId })).rejects.toMatchObject({
    code: 'not-found',
  })
  const unnamed = await prepare({ deciderId: null })
  await expect(
    app.perform(decideOperation, own.as['product-manager'], { id: unnamed.id, version: 1 }),
  ).rejects.toMatchObject({ code: 'forbidden' })

  const write = (by: string, decider: string | null = by) =>
    decisions(app.services.db)
      .updateTable('decision')
      .set({ state: 'decided', decider_id: decider, decided_by: by, decided_at: new Date(), revisit_on: '2027-01-01' })
      .where('id', '=', draft.id)
      .execute()
  await expect(write(own.as['product-ops'].actor!.userId)).rejects.toThrow('taken by a product manager')
  await expect(write(other.as['product-manager'].actor!.userId)).rejects.toThrow('taken by a product manager')
  await expect(write(pm(), own.as.admin.actor!.userId)).rejects.toThrow('check constraint')
  await write(pm())
  await expect(
    decisions(app.services.db)
      .updateTable('decision')
      .set({ decider_id: own.as.admin.actor!.userId, decided_by: own.as.admin.actor!.userId })
      .where('id', '=', draft.id)
      .execute(),
  ).rejects.toThrow('not changed afterwards')
})

test('a product manager who became something else decides no more', async () => {
  const workspace = await app.workspace()
  const person = workspace.as['product-manager']
  const draft = await app.perform(draftDecision, workspace.as.admin, {
    ...whole(),
    deciderId: person.actor!.userId,
    finding: { text: 'x' },
    expectation: { measure: { measure: 'arr' }, expected: { as: 'direction', direction: 'up' } },
  })
  await app.perform(changeRole, workspace.as.admin, { userId: person.actor!.userId, role: 'product-ops' })
  await expect(app.perform(decideOperation, person, { id: draft.id, version: 1 })).rejects.toMatchObject({
    code: 'forbidden',
  })
})

test('without data it can be decided; the value then is not known, and is not made up', async () => {
  app.clock.set('2025-08-04T09:00:00Z')
  const person = other.as['product-manager']
  const draft = await app.perform(draftDecision, person, {
    ...whole(),
    deciderId: person.actor!.userId,
    finding: { text: 'x' },
    expectation: { measure: { measure: 'arr' }, expected: { as: 'direction', direction: 'up' } },
  })
  expect(await app.perform(decideOperation, person, { id: draft.id, version: 1 })).toMatchObject({
    state: 'decided',
    figureThen: null,
  })
  expect((await app.perform(readEffectsOperation, person, { ids: [draft.id], months: 12 })).rows).toMatchObject([
    { verdict: 'unknown', now: null, line: [], problem: expect.stringContaining('no revenue') },
  ])
})

test('a stale version is a conflict, for each way to change it', async () => {
  const draft = await prepare()
  const stale = { id: draft.id, version: 1 }
  const second = await app.perform(updateDecisionOperation, own.as.admin, {
    ...draft.content,
    ...stale,
    deciderId: pm(),
    why: 'It pays more.',
  })
  expect(second).toMatchObject({
    version: 2,
    edition: 1,
    content: { why: 'It pays more.', finding: draft.content.finding },
  })
  const tries = [
    app.perform(updateDecisionOperation, own.as.admin, { ...draft.content, ...stale, deciderId: pm() }),
    app.perform(decideOperation, own.as['product-manager'], stale),
    app.perform(revisitDecision, own.as['product-manager'], { ...stale, outcome: 'kept', learnt: 'x' }),
    app.perform(withdrawDecision, own.as.admin, { ...stale, because: 'x' }),
  ]
  for (const one of await Promise.allSettled(tries))
    expect(one).toMatchObject({ status: 'rejected', reason: { code: 'conflict' } })
})

test('what was found on a page stays as it was, whatever a later save says', async () => {
  const draft = await prepare()
  const saved = await app.perform(updateDecisionOperation, own.as['product-ops'], {
    ...draft.content,
    finding: { text: '12 of 12 share.', numbers: [] },
    id: draft.id,
    version: 1,
    deciderId: pm(),
  })
  expect(saved.content.finding).toEqual(draft.content.finding)
})

test('after the decision a correction is a new edition; the old one is kept, and its text cannot be rewritten', async () => {
  const decided = await decide()
  const change = { ...decided.content, id: decided.id, version: decided.version, deciderId: pm() }
  await expect(
    app.perform(updateDecisionOperation, own.as['product-manager'], { ...change, why: 'Twice.' }),
  ).rejects.toMatchObject({ code: 'invalid' })
  await expect(
    app.perform(updateDecisionOperation, own.as['product-ops'], { ...change, why: 'Twice.', correction: 'a number' }),
  ).rejects.toMatchObject({ code: 'forbidden' })
  await expect(
    app.perform(updateDecisionOperation, own.as['product-manager'], {
      ...change,
      taken: 1,
      correction: 'another option',
    }),
  ).rejects.toMatchObject({ code: 'precondition' })
  const corrected = await app.perform(updateDecisionOperation, own.as['product-manager'], {
    ...change,
    why: 'It pays twice.',
    correction: 'a number',
  })
  expect(corrected.editions.map((e) => [e.edition, e.content.why, e.reason])).toEqual([
    [1, 'It pays.', null],
    [2, 'It pays twice.', 'a number'],
  ])
  expect([corrected.edition, corrected.content.why, corrected.state]).toEqual([2, 'It pays twice.', 'decided'])
  await expect(
    decisions(app.services.db)
      .updateTable('decision_edition')
      .set({ content: '{}' })
      .where('decision_id', '=', decided.id)
      .execute(),
  ).rejects.toThrow('is kept')
})

test('withdrawing takes a reason and keeps the text; after a decision its decider alone does it', async () => {
  const decided = await decide()
  const known = { id: decided.id, version: decided.version }
  await expect(app.perform(withdrawDecision, own.as.admin, { ...known, because: 'x' })).rejects.toMatchObject({
    code: 'forbidden',
  })
  await expect(
    app.perform(withdrawDecision, own.as['product-manager'], { ...known, because: ' ' }),
  ).rejects.toMatchObject({ code: 'invalid' })
  expect(
    await app.perform(withdrawDecision, own.as['product-manager'], { ...known, because: 'The plan changed.' }),
  ).toMatchObject({
    state: 'withdrawn',
    due: null,
    withdrawn: { because: 'The plan changed.' },
    content: { why: 'It pays.' },
  })
  const draft = await prepare()
  expect(
    await app.perform(withdrawDecision, own.as['product-ops'], { id: draft.id, version: 1, because: 'Not needed' }),
  ).toMatchObject({ state: 'withdrawn', decidedAt: null })
})

test('an address leads nowhere but into this workspace', async () => {
  for (const address of ['https://evil.example/insights', `/w/${other.slug}/insights/adoption`, 'javascript:alert(1)'])
    await expect(prepare({ finding: { text: 'x', address } }), address).rejects.toMatchObject({ code: 'invalid' })
  await expect(
    prepare({ from: [{ kind: 'feature', id: '0190b5a0-0000-7000-8000-00000000f0ff' }] }),
  ).rejects.toMatchObject({ code: 'not-found' })
  await expect(
    prepare({ from: [{ kind: 'story', id: '0190b5a0-0000-7000-8000-00000000f0ff' }] }),
  ).rejects.toMatchObject({ code: 'not-found' })
  await expect(prepare({ from: [{ kind: 'decision', id: 'none' }] })).rejects.toMatchObject({ code: 'not-found' })
})

test('another workspace sees nothing of it, nor names anybody of it', async () => {
  const draft = await prepare()
  await expect(app.perform(getDecision, other.as.admin, { id: draft.id })).rejects.toMatchObject({ code: 'not-found' })
  expect((await app.perform(readEffectsOperation, other.as.admin, { ids: [draft.id] })).rows).toEqual([])
  expect((await app.perform(listDecisionsOperation, other.as.admin, {})).rows.map((r) => r.id)).not.toContain(draft.id)
  expect((await app.perform(decisionOptions, other.as.admin, {})).productManagers).toEqual([
    { id: other.as['product-manager'].actor!.userId, name: other.as['product-manager'].actor!.name },
  ])
})

test('pages go through every decision once, and those about a thing are found by it', async () => {
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await app.perform(listDecisionsOperation, own.as.leader, { limit: 2, ...(cursor ? { cursor } : {}) })
    seen.push(...page.rows.map((r) => r.id))
    cursor = page.nextCursor ?? undefined
  } while (cursor)
  const {
    rows: [all],
  } = await sql<{ n: number }>`select count(*) as n from decision where workspace_id = ${own.id}`.execute(
    app.services.db,
  )
  expect([seen.length, new Set(seen).size]).toEqual([all!.n, all!.n])
  const follows = await prepare({ from: [{ kind: 'decision', id: seen[0]! }] })
  expect(
    (await app.perform(listDecisionsOperation, own.as.leader, { about: { kind: 'decision', id: seen[0]! } })).rows.map(
      (r) => r.id,
    ),
  ).toEqual([follows.id])
  expect(
    (await app.perform(listDecisionsOperation, own.as.leader, { about: { kind: 'feature', id: featureId } })).rows
      .length,
  ).toBeGreaterThan(3)
})

test('of a feature that is taken out the decision stays, and says why it has no value', async () => {
  const decided = await decide()
  await app.perform(removeFeature, own.as.admin, { id: featureId })
  await (await app.services.warehouses.open(own.id)).write((con) => con.run('delete from feature'))
  const left = await app.perform(getDecision, own.as.leader, { id: decided.id })
  expect([left.links.map((l) => l.title), left.measure]).toEqual([
    [null, 'a feature that was taken out'],
    'Adoption rate of a feature that was taken out in L',
  ])
  expect(
    (await app.perform(readEffectsOperation, own.as.leader, { ids: [decided.id], months: 12 })).rows,
  ).toMatchObject([
    { verdict: 'unknown', now: null, atDecision: { value: 0 }, problem: expect.stringContaining('no feature') },
  ])
})
