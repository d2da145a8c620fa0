import { afterAll, beforeAll, expect, test } from 'vitest'
import { scopeOf } from './support/scope.ts'
import { testApp, type TestApp, type TestWorkspace } from './support/app.ts'
import { answerRequest, askRequest } from '../src/requests/operations.ts'
import { searchThings } from '../src/search/operations.ts'
import { insertHandover, insertList } from '../src/insights/whitespace/queries.ts'
import { insertOpening } from '../src/sharing/queries.ts'
import { newId } from '../src/platform/ids.ts'
import { inWarehouse } from '../src/platform/warehouse/in-warehouse.ts'
import { monthIndex } from '../src/platform/calendar/month.ts'
import {
  createQuickWin,
  getQuickWin,
  listQuickWinCandidates,
  listQuickWins,
  sampleQuickWin,
  updateQuickWin,
} from '../src/setup/quick-wins/operations.ts'

let app: TestApp
let other: TestWorkspace
beforeAll(async () => {
  app = await testApp()
  other = await app.workspace()
})
afterAll(() => app.close())

const at = (iso: string) => app.clock.set(iso)
const draft = { title: 'Usage without a query', people: 12, timesPerMonth: 4 }
const roles = ['product-manager', 'leader', 'product-ops'] as const

async function timed(own: TestWorkspace, id: string, side: 'before' | 'after', minutes: 60 | 10) {
  for (const role of roles) await app.perform(sampleQuickWin, own.as[role], { id, side, minutes })
}

test('a quick win is timed, delivered by the request desk, timed again, and proved', async () => {
  const own = await app.workspace()
  at('2026-01-05T09:00:00Z')
  const made = await app.perform(createQuickWin, own.as['product-ops'], {
    ...draft,
    friction: 'data-extraction',
    win: 'requests.answered',
    ownerId: own.as['product-ops'].actor!.userId,
  })
  expect(made).toMatchObject({ state: 'planned', confidence: 'estimate', version: 1, friction: { pillar: 'data' } })
  await timed(own, made.id, 'before', 60)
  const answerOne = async () => {
    const asked = await app.perform(askRequest, own.as['product-manager'], { question: 'Who uses Collaboration?' })
    await app.perform(answerRequest, own.as['product-ops'], {
      id: asked.id,
      version: asked.version,
      text: '4 of 83 do.',
      address: '/insights/adoption',
    })
  }
  await answerOne()
  at('2026-02-10T09:00:00Z')
  const { samples: _, ...known } = await app.perform(getQuickWin, own.as.leader, { id: made.id })
  await app.perform(updateQuickWin, own.as.leader, {
    ...draft,
    friction: 'data-extraction',
    win: 'requests.answered',
    id: made.id,
    version: known.version,
    deliveredOn: '2026-02-01',
  })
  for (let n = 0; n < 6; n += 1) await answerOne()
  await timed(own, made.id, 'after', 10)
  const proved = await app.perform(getQuickWin, own.as['product-manager'], { id: made.id })
  expect(proved).toMatchObject({
    state: 'delivered',
    before: { minutes: 60, method: 'samples', of: 3 },
    after: { minutes: 10, method: 'samples', of: 3 },
    times: { n: 6, how: 'counted' },
    hours: { value: 5 },
    confidence: 'high',
    mine: { before: 60, after: 10 },
    forWhom: [{ role: 'product-manager', times: 6 }],
    months: [{ month: '2026-02', times: 6, hours: 5 }],
    waiting: { before: { of: 1 }, after: { of: 6 } },
  })
  const { totals } = await app.perform(listQuickWins, own.as['product-manager'], {})
  expect(totals).toEqual({ measured: { value: 5, low: 5, high: 5 }, estimated: 0, delivered: 1, proved: 1 })
  const measure = app.services.rooms.measures.get('setup.hours-given-back')!
  const from = { db: app.services.db, scope: scopeOf(own.id), wins: app.services.rooms.wins }
  const points = await inWarehouse({ services: app.services, scope: scopeOf(own.id) } as never, (con) =>
    measure.read({ ...from, con }, { measure: measure.measure } as never, [
      monthIndex('2026-01'),
      monthIndex('2026-02'),
    ]),
  )
  expect(points.map((p) => [p.month, p.value, p.base])).toEqual([
    ['2026-01', null, 0],
    ['2026-02', 5, 6],
  ])
})

test('nobody sees whose tap it was, a second tap corrects the first, and a fourth person is not asked', async () => {
  const own = await app.workspace()
  at('2026-01-05T09:00:00Z')
  const { id } = await app.perform(createQuickWin, own.as.admin, draft)
  await timed(own, id, 'before', 60)
  const mine = await app.perform(sampleQuickWin, own.as.leader, { id, side: 'before', minutes: 30 })
  expect(mine).toMatchObject({ samples: { before: [30, 60, 60] }, mine: { before: 30 } })
  await expect(app.perform(sampleQuickWin, own.as.admin, { id, side: 'before', minutes: 5 })).rejects.toMatchObject({
    code: 'precondition',
  })
  const rows = await app.services.db
    .withTables<{ quick_win_sample: { volunteer: string } }>()
    .selectFrom('quick_win_sample')
    .select('volunteer')
    .execute()
  const people = roles.map((role) => own.as[role].actor!.userId)
  expect(rows.filter((r) => people.includes(r.volunteer))).toEqual([])
  const { id: second } = await app.perform(createQuickWin, own.as.admin, draft)
  await timed(own, second, 'before', 60)
  const all = await app.services.db
    .withTables<{ quick_win_sample: { volunteer: string; side: string } }>()
    .selectFrom('quick_win_sample')
    .select('volunteer')
    .where('side', '=', 'before')
    .execute()
  expect(new Set(all.map((r) => r.volunteer)).size).toBe(all.length)
})

test('views that others opened and lists that went out are counted by the rooms they belong to, this one or any', async () => {
  const own = await app.workspace()
  const scope = scopeOf(own.id)
  const { db, rooms } = app.services
  const when = new Date('2026-02-03T10:00:00Z')
  const [viewId, listId] = [newId(), newId()]
  for (const [reader, day] of [
    ['a', '2026-02-03'],
    ['a', '2026-02-03'],
    ['b', '2026-02-03'],
  ] as const)
    await insertOpening(db, scope, { viewId, day, reader, role: 'stakeholder', at: when })
  await insertList(db, scope, {
    id: listId,
    name: 'A list',
    month: '2026-01',
    question: {},
    note: null,
    createdBy: 'Somebody',
    createdAt: new Date('2026-02-03T09:00:00Z'),
  })
  for (const outcome of ['sent', 'failed'] as const)
    await insertHandover(db, scope, {
      id: newId(),
      listId,
      jobId: null,
      messageId: null,
      way: 'csv',
      target: outcome,
      items: 3,
      outcome,
      error: null,
      handedBy: 'Somebody',
      handedAt: when,
    })
  const span = { from: new Date('2026-02-01T00:00:00Z'), to: new Date('2026-03-01T00:00:00Z') }
  const read = (win: string, of: string | null, where = own) =>
    rooms.wins.get(win)!.read({ db, scope: scopeOf(where.id) }, { ...span, of })
  expect(await read('sharing.opened', viewId)).toHaveLength(2)
  expect(await read('sharing.opened', newId())).toEqual([])
  expect(await read('sharing.opened', null, other)).toEqual([])
  expect((await read('insights.whitespace.handed', listId)).map((d) => [d.tookMinutes, d.forWhom])).toEqual([
    [60, null],
  ])
  expect(await read('insights.whitespace.handed', null, other)).toEqual([])
})

test('what it names has to be there: owner, friction, what delivers it and the one thing of that', async () => {
  const own = await app.workspace()
  const create = (some: object) => app.perform(createQuickWin, own.as.admin, { ...draft, ...some })
  await expect(create({ friction: 'weather' })).rejects.toMatchObject({ code: 'invalid' })
  await expect(create({ win: 'decks.built' })).rejects.toThrow('requests.answered')
  await expect(create({ winOf: newId() })).rejects.toMatchObject({ code: 'invalid' })
  await expect(create({ win: 'sharing.opened', winOf: newId() })).rejects.toMatchObject({ code: 'not-found' })
  await expect(create({ ownerId: other.as.admin.actor!.userId })).rejects.toMatchObject({ code: 'not-found' })
  const { id } = await create({})
  at('2026-02-10T09:00:00Z')
  await expect(
    app.perform(updateQuickWin, own.as.admin, { ...draft, id, version: 1, deliveredOn: '2026-02-11' }),
  ).rejects.toThrow('still to come')
})

test('a stale change is refused with the quick win as it is, a stakeholder sees none, and neither does another workspace', async () => {
  const own = await app.workspace()
  const { id } = await app.perform(createQuickWin, own.as.admin, draft)
  const change = { ...draft, id, version: 1, title: 'Usage at a click' }
  await app.perform(updateQuickWin, own.as.admin, change)
  await expect(app.perform(updateQuickWin, own.as.leader, change)).rejects.toMatchObject({
    code: 'conflict',
    details: { current: { title: 'Usage at a click', version: 2 } },
  })
  await expect(app.perform(listQuickWins, own.as.stakeholder, {})).rejects.toMatchObject({ code: 'forbidden' })
  await expect(app.perform(updateQuickWin, own.as['product-manager'], change)).rejects.toMatchObject({
    code: 'forbidden',
  })
  expect((await app.perform(listQuickWins, other.as.admin, {})).rows).toEqual([])
  await expect(app.perform(getQuickWin, other.as.admin, { id })).rejects.toMatchObject({ code: 'not-found' })
  const { groups } = await app.perform(searchThings, own.as['product-manager'], { text: 'usage' })
  expect(groups.find((g) => g.kind === 'quick-win')?.rows).toMatchObject([
    { id, title: 'Usage at a click', address: `/start/quick-wins/${id}`, detail: 'planned' },
  ])
})

test('without a tour there is nothing to propose', async () => {
  expect(await app.perform(listQuickWinCandidates, other.as.admin, {})).toEqual({ rows: [], asOf: null })
})
