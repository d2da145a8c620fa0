import { sql, type ColumnType, type Generated } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { scopeOf } from '../../../tests/support/scope.ts'
import { stores } from '../../../tests/support/stores.ts'
import { isProductError, type ProductError } from '../errors.ts'
import { newId } from '../ids.ts'
import { insertWorkspace } from '../workspaces/queries.ts'
import type { Db } from './database.ts'
import { migrate } from './migrate.ts'
import type { Store } from './open.ts'
import { json } from './record-fields.ts'
import type { Writer } from './record-history.ts'
import { recordKind } from './record.ts'
import { settingKind } from './setting.ts'

type Time = ColumnType<Date, Date, Date>
type Tables = {
  tried_plan: {
    id: string
    workspace_id: string
    name: string
    parts: ColumnType<unknown, string, string>
    owner_name: string | null
    secret: string | null
    version: Generated<number>
    created_at: Time
    updated_at: Time
  }
  tried_setting: { workspace_id: string; day_of_week: number; version: Generated<number> }
}
const tables = (db: Db) => db.withTables<Tables>()
const plans = recordKind(tables, {
  table: 'tried_plan',
  noun: 'plan',
  title: (plan) => plan.name,
  fields: {
    name: 'name',
    parts: json('parts', z.array(z.string())),
    owner: 'owner_name',
    secret: 'secret',
  },
  stamps: ['created_at', 'updated_at'],
  order: [['name', 'asc']],
  secrets: ['secret'],
})
const setting = settingKind(tables, {
  table: 'tried_setting',
  thing: 'the day of the report',
  fields: { day: 'day_of_week' },
  unset: { day: 1 },
})

const at = new Date('2026-01-15T09:12:00Z')
async function refusal(work: Promise<unknown>): Promise<ProductError> {
  try {
    await work
  } catch (error) {
    if (isProductError(error)) return error
    throw error
  }
  throw new Error('it was not refused')
}

describe.each(stores)('$name', ({ open, skip }) => {
  if (skip) {
    test.skip(`not run: ${skip}`, () => undefined)
    return
  }
  let store: Store
  let robin: Writer
  let kim: Writer
  let stranger: Writer
  beforeAll(async () => {
    store = await open()
    await migrate(store)
    await sql`
      create table tried_plan (
        id uuid primary key, workspace_id uuid not null references workspace (id), name text not null, parts jsonb not null,
        owner_name text, secret text, version integer not null default 1, created_at timestamptz not null,
        updated_at timestamptz not null, unique (workspace_id, name)
      )`.execute(store.db)
    await sql`
      create table tried_setting (
        workspace_id uuid primary key references workspace (id), day_of_week integer not null, version integer not null default 1
      )`.execute(store.db)
    const writer = async (name: string, scope = scopeOf(newId())): Promise<Writer> => {
      await insertWorkspace(store.db, {
        id: scope.workspaceId,
        slug: scope.workspaceId,
        name: 'n',
        currency: 'EUR',
        kind: 'own',
        version: 1,
        createdAt: at,
      })
      return { db: store.db, scope, actor: { userId: name.toLowerCase(), name }, now: () => at }
    }
    robin = await writer('Robin')
    kim = { ...robin, actor: { userId: 'kim', name: 'Kim' } }
    stranger = await writer('Stranger')
  })
  afterAll(() => store.close())

  const insert = async (name: string) => {
    const id = newId()
    await plans.insert(store.db, robin.scope, { id, name, parts: ['a'], secret: 'sealed' }, at)
    return id
  }
  const found = (id: string) => plans.find(store.db, robin.scope, id)

  test('what is inserted is found by its fields, in the order of its kind, and by nobody of another workspace', async () => {
    const [b, a] = [await insert('B'), await insert('A')]
    expect(await found(a)).toEqual({ id: a, version: 1, name: 'A', parts: ['a'], owner: null, secret: 'sealed' })
    expect((await plans.list(store.db, robin.scope)).map((p) => p.id)).toEqual([a, b])
    const narrow = await plans.list(store.db, robin.scope, (all) =>
      all.where('name', '=', 'B').select(sql<number>`1 + 1`.as('sum')),
    )
    expect(narrow.map((p) => [p.id, p.sum])).toEqual([[b, 2]])
    expect([await plans.list(store.db, stranger.scope), await plans.find(store.db, stranger.scope, a)]).toEqual([
      [],
      null,
    ])
    const again = { id: newId(), name: 'A', parts: [] }
    expect(await plans.insert(store.db, robin.scope, again, at, ['workspace_id', 'name'])).toBe(false)
    expect((await refusal(plans.remove(stranger, a))).code).toBe('not-found')
    await plans.remove(robin, a)
    await plans.remove(robin, b)
    expect(await plans.list(store.db, robin.scope)).toEqual([])
  })

  test('a change at the version that was read is kept with who made it and what differed; a secret is not', async () => {
    const id = await insert('Before')
    const known = { id, version: 1, given: {} }
    const change = { name: 'After', parts: ['b'], owner: null, secret: 'another' }
    expect(await plans.changeAtVersion(robin, known, change, () => found(id), { items: { before: 1, after: 2 } })).toBe(
      2,
    )
    expect(await found(id)).toMatchObject({ version: 2, name: 'After', parts: ['b'], secret: 'another' })
    expect(await plans.changeAtVersion(kim, { ...known, version: 2 }, {}, () => found(id))).toBe(3)
    await plans.remove(kim, id)
    const history = await plans.history(store.db, robin.scope, id)
    expect(history.map((c) => [c.version, c.by.name, c.field, c.before, c.after])).toEqual([
      [3, 'Kim', null, null, null],
      [3, 'Kim', 'removed', { id, name: 'After', parts: ['b'], owner: null }, null],
      [2, 'Robin', 'name', 'Before', 'After'],
      [2, 'Robin', 'parts', ['a'], ['b']],
      [2, 'Robin', 'secret', null, 'changed'],
      [2, 'Robin', 'items', 1, 2],
    ])
    expect(await plans.history(store.db, stranger.scope, id)).toEqual([])
  })

  test('a stale version is refused with both: the record as it is and what was sent, and who was faster', async () => {
    const id = await insert('Plan')
    const known = { id, version: 1, given: { name: 'Mine' } }
    await plans.changeAtVersion(kim, { ...known, given: {} }, { name: 'Theirs' }, () => found(id))
    const error = await refusal(plans.changeAtVersion(robin, known, { name: 'Mine' }, () => found(id)))
    expect([error.code, error.details]).toEqual([
      'conflict',
      {
        current: await found(id),
        version: 2,
        given: { name: 'Mine' },
        changedBy: 'Kim',
        changedAt: '2026-01-15T09:12:00.000Z',
      },
    ])
    expect(error.message).toBe(
      'Kim changed the plan “Theirs” on 15 Jan 2026 at 09:12 UTC, after you opened it. Your change was not saved: compare the two, then save again.',
    )
    expect((await found(id))!.name).toBe('Theirs')
    // What a job changed has no history: nobody is named for it.
    await sql`update tried_plan set version = 3 where id = ${id}`.execute(store.db)
    expect((await refusal(plans.needVersion(robin, known, () => found(id)))).message).toMatch(
      /^Somebody changed the plan “Theirs”, after you opened it/,
    )
    expect((await refusal(plans.changeAtVersion(robin, { ...known, id: newId() }, {}, async () => null))).code).toBe(
      'not-found',
    )
  })

  test('a setting is at version 0 until somebody sets it, and of two who set it at once one is told', async () => {
    const current = () => setting.find(store.db, robin.scope)
    expect(await current()).toEqual({ version: 0, day: 1 })
    expect(await setting.changeAtVersion(kim, { version: 0, given: {} }, { day: 5 }, current)).toBe(1)
    const error = await refusal(setting.changeAtVersion(robin, { version: 0, given: { day: 2 } }, { day: 2 }, current))
    expect([error.code, error.details]).toMatchObject([
      'conflict',
      { current: { version: 1, day: 5 }, version: 1, given: { day: 2 }, changedBy: 'Kim' },
    ])
    expect(await setting.changeAtVersion(robin, { version: 1, given: {} }, { day: 2 }, current)).toBe(2)
    expect((await setting.history(store.db, robin.scope)).map((c) => [c.version, c.field, c.before, c.after])).toEqual([
      [2, 'day', 5, 2],
      [1, 'day', 1, 5],
    ])
    expect(await setting.find(store.db, stranger.scope)).toEqual({ version: 0, day: 1 })
  })
})
