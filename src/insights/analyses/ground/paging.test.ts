import { DuckDBInstance } from '@duckdb/node-api'
import { expect, test } from 'vitest'
import { connectionOf } from '../../../platform/warehouse/warehouses.ts'
import { Paging, readPage, type ListSql } from './paging.ts'

test('pages follow each other to the end, and what is no cursor of ours begins at the start', async () => {
  const instance = await DuckDBInstance.create(':memory:')
  const con = connectionOf(await instance.connect())
  const list: ListSql = {
    tables: 'seven as (select i::int as n from range(7) r(i))',
    select: 'select n, 10 * n as arr from seven where n >= $1::int',
    order: 'n desc',
    params: [0],
  }
  const sums = ['sum(arr)::bigint as arr', 'count(*) filter (n > 4) as high']
  const page = (asked: object, only = list) =>
    readPage<{ n: number }, { arr: number; high: number }>(con, only, Paging.parse(asked), sums)
  const seen: number[] = []
  for (let cursor: string | null | undefined; cursor !== null;) {
    const { rows, nextCursor, ...all } = await page({ limit: 3, cursor })
    seen.push(...rows.map((r) => r.n))
    expect(all).toEqual({ total: 7, sums: { arr: 210, high: 2 } })
    cursor = nextCursor
  }
  expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0])
  for (const wrong of ['-3', 'x', '1e99', "1' or 1=1", ''])
    expect((await page({ limit: 2, cursor: wrong })).rows.map((r) => r.n)).toEqual([6, 5])
  expect(await page({ cursor: '99' })).toMatchObject({ rows: [], nextCursor: null, total: 7 })
  expect(await page({}, { ...list, params: [100] })).toEqual({
    rows: [],
    nextCursor: null,
    total: 0,
    sums: { arr: null, high: 0 },
  })
  const lookedUp = { columns: 'o.name', joins: `join (select 5 as n, 'five' as name) o on o.n = listed.n` }
  expect((await page({ limit: 1, cursor: '1' }, { ...list, lookedUp })).rows).toEqual([{ n: 5, arr: 50, name: 'five' }])
  instance.closeSync()
})
