import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWarehouses, type Connection, type Warehouses } from './warehouses.ts'

const id = '0190b5a0-0000-7000-8000-000000000001'
let folder: string
let warehouses: Warehouses
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warehouse-'))
  warehouses = openWarehouses({ folder, memoryLimitMb: 256, threads: 2 })
})
afterAll(async () => {
  await warehouses.close()
  await rm(folder, { recursive: true })
})

test('values come back as plain JSON: dates as text, big integers as numbers, decimals as numbers, lists as arrays', async () => {
  const warehouse = await warehouses.open(id)
  const row = await warehouse.read((c) =>
    c.one(
      `select date '2025-12-31' as d, timestamp '2025-12-31 10:00:00' as t,
    9007199254740991::bigint as b, sum(3) as s, 1.25::decimal(9,2) as m, null as n, [1::bigint, 2] as l, $1::text as p`,
      ['x'],
    ),
  )
  expect(row).toEqual({
    d: '2025-12-31',
    t: '2025-12-31 10:00:00',
    b: 9007199254740991,
    s: 3,
    m: 1.25,
    n: null,
    l: [1, 2],
    p: 'x',
  })
})

test('what finds very many rows gives them in parts, in order and as they were, after its connection has been given back', async () => {
  const warehouse = await warehouses.open(id)
  await warehouse.write((c) => c.run(`create table many as select i, 'row ' || i as name from range(10_000) r(i)`))
  const parts = await warehouse.read((c) => c.parts<{ i: number; name: string }>('select * from many order by i desc'))
  await warehouse.write((c) => c.run('drop table many'))
  const sizes: number[] = []
  const rows: string[] = []
  for await (const part of parts) {
    sizes.push(part.length)
    rows.push(...part.map((r) => `${r.i} ${r.name}`))
  }
  expect(rows).toEqual(Array.from({ length: 10_000 }, (_, i) => `${9999 - i} row ${9999 - i}`))
  expect(Math.max(...sizes)).toBeLessThan(5000)
  const none = await warehouse.read((c) => c.parts('select 1 where false'))
  for await (const part of none) expect(part).toBe('no part at all')
  await expect(warehouse.read((c) => c.parts('select * from many'))).rejects.toThrow(/many/)
})

test('a failed write leaves nothing behind, and a later one works', async () => {
  const warehouse = await warehouses.open(id)
  await expect(
    warehouse.write(async (c) => {
      await c.run(`insert into dirty_day values ('2025-01-01')`)
      throw new Error('stop')
    }),
  ).rejects.toThrow('stop')
  expect(await warehouse.read((c) => c.all('select * from dirty_day'))).toEqual([])
  expect(await warehouse.write((c) => c.run(`insert into dirty_day values ('2025-01-02'), ('2025-01-03')`))).toBe(2)
  expect(await warehouse.read((c) => c.one('select count(*) as n from dirty_day'))).toEqual({ n: 2 })
})

test('what is kept of the state holds until a write ends, and a write sees its own rows', async () => {
  const warehouse = await warehouses.open('0190b5a0-0000-7000-8000-000000000003')
  const marks = 'select part from dirty_part order by part'
  const kept = () => warehouse.read((c) => c.kept(marks))
  expect(await kept()).toEqual([])
  await warehouse.write(async (c) => {
    await c.run(`insert into dirty_part values ('one')`)
    expect(await c.kept(marks)).toEqual([{ part: 'one' }])
    expect(await kept()).toEqual([])
  })
  expect(await kept()).toEqual([{ part: 'one' }])
  expect(await kept()).toBe(await kept())
  // A reader that began before the write keeps nothing of what it finds out after it.
  await warehouse.read(async (c) => {
    await warehouse.write((w) => w.run(`insert into dirty_part values ('two')`))
    expect(await c.kept(marks)).toEqual([{ part: 'one' }, { part: 'two' }])
  })
  expect(await kept()).toEqual([{ part: 'one' }, { part: 'two' }])
})

test('what is asked is answered from what was found before, until a write ends; each who asks gets rows of their own', async () => {
  const own = openWarehouses({ folder: join(folder, 'asked'), memoryLimitMb: 256, threads: 1, answersMb: 1 })
  const warehouse = await own.open('0190b5a0-0000-7000-8000-000000000007')
  // A sequence is moved on by each statement that the engine really runs.
  await warehouse.write(async (c) => {
    await c.run('create sequence asked')
    await c.run(`insert into dirty_part values ('one')`)
  })
  const ask = (part: string) =>
    warehouse.ask((c) =>
      c.all<{ n: number; parts: string[] }>(
        `select nextval('asked') as n, list(part) as parts from dirty_part where part <> $1`,
        [part],
      ),
    )
  const first = await ask('none')
  expect(first).toEqual([{ n: 1, parts: ['one'] }])
  first[0]!.parts.push('changed by who asked')
  expect(await ask('none')).toEqual([{ n: 1, parts: ['one'] }])
  expect(await ask('other')).toEqual([{ n: 2, parts: ['one'] }])
  expect(await warehouse.read((c) => c.one(`select nextval('asked') as n`))).toEqual({ n: 3 })
  await warehouse.write((c) => c.run(`insert into dirty_part values ('two')`))
  expect((await ask('none'))[0]!.parts.toSorted()).toEqual(['one', 'two'])
  // A list of everything is not kept: it would drive all others out.
  const long = () => warehouse.ask((c) => c.all<{ n: number }>(`select nextval('asked') as n from range(20000)`))
  expect((await long())[0]!.n).not.toBe((await long())[0]!.n)
  await expect(warehouse.ask((c) => c.run('delete from dirty_part'))).rejects.toThrow('changes nothing')
  await own.close()
})

test('many openings share one instance, so that no write is lost', async () => {
  const all = await Promise.all(Array.from({ length: 5 }, () => warehouses.open(id)))
  await Promise.all(all.map((w, i) => w.write((c) => c.run('insert into dirty_part values ($1)', [`p${i}`]))))
  expect(await all[0]!.read((c) => c.one('select count(*) as n from dirty_part'))).toEqual({ n: 5 })
})

test('an abort interrupts the running query and rolls the write back', async () => {
  const warehouse = await warehouses.open(id)
  const stop = new AbortController()
  const write = warehouse.write(async (c) => {
    await c.run(`insert into dirty_part values ('aborted')`)
    setImmediate(() => stop.abort())
    await c.run('select count(*) from range(100000000000) a')
  }, stop.signal)
  await expect(write).rejects.toThrow()
  expect(await warehouse.read((c) => c.one(`select count(*) as n from dirty_part where part = 'aborted'`))).toEqual({
    n: 0,
  })
})

test('a write that asks is told how far its statement is, and every moment is in UTC', async () => {
  const warehouse = await warehouses.open(id)
  const settings = (con: Connection) =>
    con.one(
      "select current_setting('enable_progress_bar') as tells, current_setting('enable_progress_bar_print') as prints, current_setting('TimeZone') as zone",
    )
  await warehouse.write(async (con) => {
    expect(await settings(con)).toMatchObject({ tells: false, zone: 'UTC' })
    const percent = await con.percents()
    expect(percent()).toBeLessThanOrEqual(100)
    expect(await settings(con)).toEqual({ tells: true, prints: false, zone: 'UTC' })
  })
  expect(await warehouse.write(settings)).toMatchObject({ tells: false })
})

test('a workspace id that is no id never becomes a path', () => {
  expect(() => warehouses.open('../other')).toThrow('not a workspace id')
})

test('events of a warehouse from before keep what they say, those put aside too', async () => {
  const old = '0190b5a0-0000-7000-8000-00000000000f'
  const instance = await DuckDBInstance.create(join(folder, `${old}.duckdb`))
  const con = await instance.connect()
  await con.run('create table warehouse_migration (name text primary key)')
  for (const name of ['0001_datasets.sql', '0002_stamps.sql']) {
    await con.run(readFileSync(new URL(`../../../migrations/warehouse/${name}`, import.meta.url), 'utf8'))
    await con.run('insert into warehouse_migration values ($1)', [name])
  }
  await con.run(
    `insert into event values ('2025-01-01 10:00', 'account', 'crm', 'a', null, 'open', 1, null, 1), ('2025-01-02 10:00', 'user', 'product', 'u', 'u', 'save', 2, 'e2', 2)`,
  )
  await con.run(
    `insert into event_replaced values ('2025-01-03 10:00', 'subscription', 'crm', 's', null, 'open', 3, null, 1, 2)`,
  )
  con.closeSync()
  instance.closeSync()

  const warehouse = await warehouses.open(old)
  const shown = `event_time::date as day, o.ref_kind || ':' || o.source || ':' || e.ref as id, e.user_key as person, e.name, e.n, e.event_id as key, e.batch_id as batch`
  expect(
    await warehouse.read((c) => c.all(`select ${shown} from event e join origin o using (origin_id) order by 1`)),
  ).toEqual([
    { day: '2025-01-01', id: 'account:crm:a', person: null, name: 'open', n: 1, key: null, batch: 1 },
    { day: '2025-01-02', id: 'user:product:u', person: 'u', name: 'save', n: 2, key: 'e2', batch: 2 },
  ])
  expect(
    await warehouse.read((c) =>
      c.all(`select ${shown}, replaced_by as by from event_replaced e join origin o using (origin_id)`),
    ),
  ).toEqual([
    { day: '2025-01-03', id: 'subscription:crm:s', person: null, name: 'open', n: 3, key: null, batch: 1, by: 2 },
  ])
})
