import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { sql } from 'kysely'
import { newId } from '../ids.ts'
import { stores } from '../../../tests/support/stores.ts'
import { migrate, migrationNames } from './migrate.ts'
import type { Store } from './open.ts'

test('no two migrations bear one number', () => {
  const numbers = migrationNames().map((name) => name.slice(0, 4))
  expect(numbers).toEqual([...new Set(numbers)])
})

describe.each(stores)('$name', ({ name, open, skip }) => {
  if (skip) {
    test.skip(`not run: ${skip}`, () => undefined)
    return
  }
  let store: Store
  beforeAll(async () => {
    store = await open()
    await migrate(store)
  })
  afterAll(() => store.close())

  test('migrations are applied once', async () => {
    expect(await migrate(store)).toEqual([])
    const { rows } = await sql<{ name: string }>`select name from migration order by name`.execute(store.db)
    expect(rows.map((row) => row.name)).toEqual(migrationNames())
  })

  test('a store that ran migrations under their former names does not run them again', async () => {
    await sql`update migration set name = '0010_schedules.sql' where name = '0011_schedules.sql'`.execute(store.db)
    expect(await migrate(store)).toEqual([])
    const { rows } = await sql<{ name: string }>`select name from migration order by name`.execute(store.db)
    expect(rows.map((row) => row.name)).toEqual(migrationNames())
  })

  test('days are text, counts are numbers, times are dates', async () => {
    const { rows } =
      await sql`select date '2025-03-30' as day, count(*) as n, 12.5::numeric as amount, '2025-03-30T10:00:00Z'::timestamptz as at, '{"a":1}'::jsonb as json`.execute(
        store.db,
      )
    expect(rows).toEqual([
      { day: '2025-03-30', n: 1, amount: 12.5, at: new Date('2025-03-30T10:00:00Z'), json: { a: 1 } },
    ])
  })

  test('a text is read as it was written, a byte-order mark at its start too', async () => {
    for (const text of ['\uFEFFname', '\uFEFF', 'na\u200Bme', '😀'])
      expect((await sql<{ text: string }>`select ${text}::text as text`.execute(store.db)).rows).toEqual([{ text }])
  })

  test('a transaction that throws leaves nothing, and one that ends keeps everything', async () => {
    const workspace = {
      id: newId(),
      slug: `w-${newId()}`,
      name: 'W',
      currency: 'EUR',
      kind: 'own' as const,
      created_at: new Date(),
    }
    await expect(
      store.transaction(async (tx) => {
        await tx.insertInto('workspace').values(workspace).execute()
        throw new Error('stop')
      }),
    ).rejects.toThrow('stop')
    expect(await store.db.selectFrom('workspace').selectAll().where('id', '=', workspace.id).execute()).toEqual([])
    await store.transaction((tx) => tx.insertInto('workspace').values(workspace).execute())
    expect(await store.db.selectFrom('workspace').select('slug').where('id', '=', workspace.id).execute()).toEqual([
      { slug: workspace.slug },
    ])
  })

  test('using the database beside its open transaction is refused instead of waiting for itself', async () => {
    await expect(store.transaction(() => store.db.selectFrom('workspace').selectAll().execute())).rejects.toThrow(
      'beside its open transaction',
    )
    expect((await sql`select 1 as one`.execute(store.db)).rows).toEqual([{ one: 1 }])
  })

  test('an error of one statement does not break the next', async () => {
    await expect(sql`select * from nowhere`.execute(store.db)).rejects.toThrow('nowhere')
    expect((await sql`select 1 as one`.execute(store.db)).rows).toEqual([{ one: 1 }])
  })

  test('the audit log refuses to be changed', async () => {
    const row = {
      id: newId(),
      at: new Date(),
      workspace_id: null,
      actor_id: null,
      actor_name: null,
      face: 'web',
      operation: 'x',
      outcome: 'done' as const,
      target: null,
    }
    await store.db.insertInto('audit').values(row).execute()
    await expect(
      store.db.updateTable('audit').set({ operation: 'y' }).where('id', '=', row.id).execute(),
    ).rejects.toThrow('append-only')
    await expect(store.db.deleteFrom('audit').where('id', '=', row.id).execute()).rejects.toThrow('append-only')
  })

  test('a notification of a committed transaction is heard', async () => {
    const heard = new Promise<string>((resolve) => {
      void store.listen('live', resolve)
    })
    await store.listen('live', () => undefined)
    await store.transaction(async (tx) => {
      await sql`select pg_notify('live', 'hello')`.execute(tx)
    })
    expect(await heard).toBe('hello')
  })

  if (name === 'PostgreSQL')
    test('connections that the server ends are made anew, the one that hears notifications too', async () => {
      const heard: string[] = []
      await store.listen('live', (payload) => heard.push(payload))
      await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`.execute(
        store.db,
      )
      await vi.waitFor(
        async () => {
          await store.transaction(async (tx) => {
            await sql`select pg_notify('live', 'again')`.execute(tx)
          })
          expect(heard).toContain('again')
        },
        { timeout: 10_000, interval: 100 },
      )
    })
})
