import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { testApp, type TestApp, type TestWorkspace } from '../../../tests/support/app.ts'
import { scopeOf } from '../../../tests/support/scope.ts'
import { newDatabase } from '../../../tests/support/stores.ts'
import { enqueueDue } from '../jobs/queue.ts'
import { linkThings } from '../links/queries.ts'
import { reactJob, tellRooms } from './reactions.ts'
import { outboxTables } from './tables.ts'

const { missing } = inject('postgres')
const tried: string[] = []
let isBroken = false

describe.each([
  { name: 'embedded', skip: null, address: async () => undefined },
  { name: 'PostgreSQL', skip: missing, address: async () => ({ url: await newDatabase() }) },
])('$name', ({ skip, address }) => {
  if (skip) {
    test.skip(`not run: ${skip}`, () => undefined)
    return
  }
  let app: TestApp
  let w: TestWorkspace
  beforeAll(async () => {
    app = await testApp({
      store: await address(),
      brings: {
        reactions: [
          {
            name: 'notes it down',
            topic: 'epic.moved',
            react: async ({ db, scope }, { thing, ids }) => {
              tried.push(`${thing.id} ${ids['to']}`)
              await linkThings(db, scope, {
                from: thing,
                relation: 'moved',
                to: { kind: 'step', id: ids['to']! },
                by: 'x',
                at: new Date(),
              })
              if (isBroken && thing.id === 'a') throw new Error('broken')
            },
          },
          { name: 'does nothing', topic: 'epic.moved', react: async () => undefined },
          { name: 'hears of something else', topic: 'epic.closed', react: async () => expect.unreachable() },
        ],
      },
    })
    w = await app.workspace()
  })
  afterAll(() => app.close())

  const tell = (id: string, to: string) =>
    app.services.transaction((tx) =>
      tellRooms(
        { db: tx, scope: scopeOf(w.id), now: app.services.now, services: app.services },
        { topic: 'epic.moved', thing: { kind: 'epic', id }, ids: { to } },
        'x',
      ),
    )
  const noted = async () =>
    (await app.services.db.selectFrom('link').select(['from_id', 'to_id']).where('workspace_id', '=', w.id).execute())
      .map((row) => `${row.from_id} ${row.to_id}`)
      .sort()

  test('each reaction happens once for each row, in the order of each thing; one that fails holds up its own thing alone and leaves nothing half-done', async () => {
    tried.length = 0
    app.clock.set('2026-03-01T09:00:00Z')
    isBroken = true
    await app.services
      .transaction(async (tx) => {
        await tellRooms(
          { db: tx, scope: scopeOf(w.id), now: app.services.now, services: app.services },
          { topic: 'epic.moved', thing: { kind: 'epic', id: 'undone' }, ids: { to: '0' } },
          'x',
        )
        throw new Error('the write failed')
      })
      .catch(() => undefined)
    await tell('a', '1')
    await tell('a', '2')
    await tell('b', '1')
    await app.settle(w.id)
    expect([tried, await noted()]).toEqual([['a 1', 'b 1'], ['b 1']])
    isBroken = false
    app.clock.set('2026-03-01T09:01:00Z')
    await enqueueDue([reactJob], app.services)
    await app.settle(w.id)
    // Run again after a crash, the job finds nothing left to do.
    await app.services.transaction((tx) =>
      app.services.jobs.enqueue(tx, { workspaceId: w.id, kind: reactJob.kind, input: {}, createdBy: 'x' }),
    )
    await app.settle(w.id)
    expect([tried, await noted()]).toEqual([
      ['a 1', 'b 1', 'a 1', 'a 2'],
      ['a 1', 'a 2', 'b 1'],
    ])
  })

  test('what fails again and again is given up, and what waits behind it goes on', async () => {
    tried.length = 0
    app.clock.set('2026-03-05T00:00:00Z')
    isBroken = true
    await tell('a', '8')
    await app.settle(w.id)
    for (let day = 6; day < 12; day += 1) {
      app.clock.set(`2026-03-${String(day).padStart(2, '0')}T00:00:00Z`)
      await enqueueDue([reactJob], app.services)
      await app.settle(w.id)
    }
    expect(tried).toHaveLength(7)
    const rows = await outboxTables(app.services.db)
      .selectFrom('outbox_reaction')
      .select(['error', 'attempts'])
      .where('given_up_at', 'is not', null)
      .execute()
    expect(rows).toEqual([{ error: 'broken', attempts: 7 }])
    isBroken = false
    await tell('a', '9')
    await app.settle(w.id)
    expect(tried.at(-1)).toBe('a 9')
  })
})
