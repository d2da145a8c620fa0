import { afterAll, beforeAll, expect, test } from 'vitest'
import { stores } from '../../tests/support/stores.ts'
import { testApp, type TestApp, type TestWorkspace } from '../../tests/support/app.ts'
import { insertRows } from '../insights/datasets/mirror.ts'
import { newId } from '../platform/ids.ts'
import { migrate } from '../platform/db/migrate.ts'
import { findAlike, insertRequest, requestRecords } from './queries.ts'
import { insertWorkspace } from '../platform/workspaces/queries.ts'
import {
  answerRequest,
  askRequest,
  assignRequest,
  closeRequest,
  listAnswerersOperation,
  listRequestsOperation,
  readRequestFigures,
  reopenRequest,
  searchRequests,
} from './operations.ts'
import { scopeOf } from '../../tests/support/scope.ts'

let app: TestApp
let own: TestWorkspace
let other: TestWorkspace
beforeAll(async () => {
  app = await testApp()
  own = await aDesk()
  other = await app.workspace()
})
afterAll(() => app.close())

/** A workspace with an account whose name is a secret. */
async function aDesk(): Promise<TestWorkspace> {
  const made = await app.workspace()
  await (
    await app.services.warehouses.open(made.id)
  ).write((con) =>
    insertRows(con, 'account (source, ext_id, name, batch_id)', [
      ['crm', 'K-1042', "O'Neill & Söhne", 1],
      ['crm', 'A1', 'Us', 1],
    ]),
  )
  return made
}
const at = (iso: string) => app.clock.set(iso)
const ask = (
  own: TestWorkspace,
  question: string,
  role: 'stakeholder' | 'leader' | 'product-manager' | 'product-ops' = 'stakeholder',
  taken: string | null = null,
) => app.perform(askRequest, own.as[role], { question, taken })
const answer = (
  own: TestWorkspace,
  request: { id: string; version: number },
  text = '4 of 83 do.',
  address = '/insights/adoption?month=2025-12',
) => app.perform(answerRequest, own.as['product-ops'], { id: request.id, version: request.version, text, address })

test('a question is logged, assigned and answered, found by the next who asks, and the time is measured', async () => {
  at('2026-03-02T09:00:00Z')
  const first = await ask(own, 'Which Enterprise accounts use Collaboration?')
  expect(first).toMatchObject({ state: 'open', isMine: true, answer: null, hoursOpen: 0 })
  const ops = own.as['product-ops'].actor!.userId
  expect((await app.perform(listAnswerersOperation, own.as.admin, {})).rows.map((p) => p.id).sort()).toEqual(
    [own.as.admin.actor!.userId, ops].sort(),
  )
  const assigned = await app.perform(assignRequest, own.as.admin, { id: first.id, version: 1, person: ops })
  expect(assigned.assignedTo?.id).toBe(ops)
  at('2026-03-02T15:30:00Z')
  const answered = await answer(
    own,
    assigned,
    '4 of 83 do.',
    `http://localhost/w/${own.slug}/insights/adoption?month=2025-12`,
  )
  expect(answered).toMatchObject({
    state: 'answered',
    answer: { text: '4 of 83 do.', address: '/insights/adoption?month=2025-12', by: { id: ops } },
    hoursOpen: 6.5,
    namesAccounts: false,
  })

  at('2026-03-10T09:00:00Z')
  for (const typed of [
    'enterprise collab',
    'how many ENTERPRISE accounts used collaboration',
    'using collaboration, enterprise',
  ])
    expect(
      (await app.perform(searchRequests, own.as.leader, { text: typed })).rows.map((r) => r.id),
      typed,
    ).toEqual([first.id])
  for (const typed of ['', '  ', 'the', "' & | ! :*", '\\', 'churn in October'])
    expect((await app.perform(searchRequests, own.as.leader, { text: typed })).rows, typed).toEqual([])
  const second = await ask(own, 'Enterprise and Collaboration: how many use it?', 'leader', first.id)
  expect(second).toMatchObject({ state: 'answered', sameAs: first.id, hoursOpen: 0, answer: { text: '4 of 83 do.' } })
  at('2026-03-10T09:00:10Z')
  const third = await ask(own, 'Collaboration in Enterprise?', 'product-manager', second.id)
  expect(third.sameAs).toBe(first.id)
  at('2026-03-10T09:00:00Z')
  await ask(own, 'Why did churn rise?')
  at('2026-03-11T09:00:00Z')
  expect(await app.perform(readRequestFigures, own.as.leader, { days: 30 })).toMatchObject({
    from: '2026-02-10',
    to: '2026-03-11',
    asked: 4,
    times: { answered: 3, medianHours: 0, p90Hours: null },
    byPeople: { answered: 1, medianHours: 6.5 },
    foundAtOnce: 2,
    open: 1,
    oldestOpenHours: 24,
    groups: [
      { times: 3, people: 3, address: '/insights/adoption?month=2025-12', question: 'Collaboration in Enterprise?' },
    ],
  })
  expect(await app.perform(readRequestFigures, own.as.leader, { days: 1 })).toMatchObject({
    asked: 0,
    times: { answered: 0, medianHours: null },
    groups: [],
    open: 1,
  })
})

test('an answer leads to an analysis of this workspace and nowhere else', async () => {
  const request = await ask(own, 'How is NRR?')
  for (const address of [
    'https://evil.example/insights/adoption',
    `/w/${other.slug}/insights/adoption`,
    '/settings/people',
    'javascript:alert(1)',
    'see the deck',
  ])
    await expect(answer(own, request, 'Well.', address), address).rejects.toMatchObject({ code: 'invalid' })
  for (const role of ['stakeholder', 'leader', 'product-manager'] as const)
    await expect(
      app.perform(answerRequest, own.as[role], { id: request.id, version: 1, text: 'x', address: '/insights/revenue' }),
    ).rejects.toMatchObject({ code: 'forbidden' })
})

test('a stakeholder sees own questions and answered ones, and no account name by any way', async () => {
  const own = await aDesk()
  const mine = await ask(own, 'Who is our largest customer?')
  const others = await ask(own, 'Which renew in spring?', 'leader')
  const secret = await ask(own, 'What about o’neill & söhne?', 'leader')
  const open = await ask(own, 'How many trials are there?', 'leader')
  await answer(own, mine, "It is O'NEILL & Söhne.")
  await answer(own, others, 'Seventeen do.', '/insights/adoption?cell=%7B%22account%22%3A%22K-1042%22%7D')
  await answer(own, secret, 'It grows.')
  const plain = await ask(own, 'How many use search?', 'leader')
  await answer(own, plain, 'Most; thus we do well.')
  const seen = (await app.perform(listRequestsOperation, own.as.stakeholder, {})).rows
  expect(seen.map((r) => r.id).sort()).toEqual([mine.id, plain.id].sort())
  expect(seen.find((r) => r.id === mine.id)).toMatchObject({ answer: null, isWithheld: true })
  expect(
    JSON.stringify([
      seen,
      await app.perform(searchRequests, own.as.stakeholder, { text: 'largest customer renew spring' }),
      await app.perform(readRequestFigures, own.as.stakeholder, {}),
    ]),
  ).not.toMatch(/neill|1042/i)
  const refused = await ask(own, 'Whose contract ends?')
  await app.perform(closeRequest, own.as['product-ops'], {
    id: refused.id,
    version: 1,
    because: 'That of k-1042, which is no secret to sales.',
  })
  expect((await app.perform(listRequestsOperation, own.as.stakeholder, { ids: [refused.id] })).rows).toMatchObject([
    { state: 'closed', closedBecause: null, isWithheld: true },
  ])
  expect((await app.perform(listRequestsOperation, own.as.leader, {})).rows).toHaveLength(6)
  for (const id of [others.id, open.id, mine.id])
    await expect(ask(own, 'The same again?', 'stakeholder', id)).rejects.toMatchObject({
      code: id === mine.id ? 'precondition' : 'not-found',
    })
  await expect(app.perform(reopenRequest, own.as.stakeholder, { id: others.id, version: 2 })).rejects.toMatchObject({
    code: 'not-found',
  })
})

test('who asked closes with a reason and reopens; nobody else but Product Ops does', async () => {
  const request = await ask(own, 'How is NRR?', 'leader')
  await expect(
    app.perform(closeRequest, own.as['product-manager'], { id: request.id, version: 1, because: 'x' }),
  ).rejects.toMatchObject({ code: 'forbidden' })
  const closed = await app.perform(closeRequest, own.as.leader, { id: request.id, version: 1, because: 'Found it.' })
  expect(closed).toMatchObject({ state: 'closed', closedBecause: 'Found it.' })
  await expect(answer(own, closed)).rejects.toMatchObject({ code: 'precondition' })
  const open = await app.perform(reopenRequest, own.as['product-ops'], { id: request.id, version: 2 })
  expect(open).toMatchObject({ state: 'open', closedBecause: null, version: 3 })
  const answered = await answer(own, open)
  const again = await app.perform(reopenRequest, own.as.leader, { id: request.id, version: answered.version })
  expect(again).toMatchObject({ state: 'open', answer: { text: '4 of 83 do.' } })
  expect((await app.perform(searchRequests, own.as.leader, { text: 'How is NRR?' })).rows).toEqual([])
})

test('a stale version is a conflict, and another workspace sees nothing', async () => {
  const request = await ask(own, 'How is NRR?', 'leader')
  const known = { id: request.id, version: 1 }
  await app.perform(assignRequest, own.as.admin, { ...known, person: null })
  for (const one of await Promise.allSettled([
    answer(own, known),
    app.perform(assignRequest, own.as.admin, { ...known, person: null }),
    app.perform(closeRequest, own.as.leader, { ...known, because: 'x' }),
  ]))
    expect(one).toMatchObject({ status: 'rejected', reason: { code: 'conflict' } })
  await expect(
    app.perform(answerRequest, other.as.admin, { ...known, text: 'x', address: '/insights/revenue' }),
  ).rejects.toMatchObject({ code: 'not-found' })
  await expect(ask(other, 'How is NRR?', 'leader', request.id)).rejects.toMatchObject({ code: 'not-found' })
  expect((await app.perform(listRequestsOperation, other.as.admin, { ids: [request.id] })).rows).toEqual([])
  await expect(
    app.perform(assignRequest, own.as.admin, { id: request.id, version: 2, person: other.as.admin.actor!.userId }),
  ).rejects.toMatchObject({ code: 'not-found' })
  expect((await app.perform(listRequestsOperation, own.as.leader, { ids: [] })).rows).toEqual([])
})

test.each(['two\nlines', 'ab', 'x'.repeat(301)])('%j is no question in one line', async (question) => {
  await expect(ask(other, question)).rejects.toMatchObject({ code: 'invalid' })
})

test.each(stores.filter(({ skip }) => skip === null))('words are found on $name', async ({ open }) => {
  const store = await open()
  try {
    await migrate(store)
    const scope = scopeOf(newId())
    const id = newId()
    const now = new Date()
    await insertWorkspace(store.db, {
      id: scope.workspaceId,
      slug: 's',
      name: 'n',
      currency: 'EUR',
      kind: 'own',
      version: 1,
      createdAt: now,
    })
    await insertRequest(store.db, scope, {
      id,
      question: "Which enterprise accounts use O'Neill's collaboration?",
      askedBy: 'x',
      askedAt: now,
      namesAccounts: false,
      taken: null,
    })
    await requestRecords.changeAtVersion(
      { db: store.db, scope, actor: { userId: 'x', name: 'x' }, now: () => now },
      { id, version: 1, given: {} },
      { state: 'answered', answer: 'a', answerAddress: '/insights/adoption', answeredBy: 'x', answeredAt: now },
      async () => null,
    )
    const found = async (typed: string) => (await findAlike(store.db, scope, typed)).rows.map((r) => r.id)
    expect([
      await found('collab'),
      await found('collaborating'),
      await found("o'neill' \\ & |"),
      await found('churn'),
    ]).toEqual([[id], [id], [id], []])
  } finally {
    await store.close()
  }
})
