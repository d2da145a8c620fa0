import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWarehouses, type Warehouses } from '../../platform/warehouse/warehouses.ts'
import { deriveLinks, deriveRefs } from './derive-links.ts'
import { deriveRevenue } from './derive-revenue.ts'

let folder: string
let warehouses: Warehouses
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'revenue-'))
  warehouses = openWarehouses({ folder, memoryLimitMb: 256, threads: 1 })
})
afterAll(async () => {
  await warehouses.close()
  await rm(folder, { recursive: true })
})

const month = (text: string) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5)) - 1

test('month-ends, overlaps, ends and gaps count as defined', async () => {
  const warehouse = await warehouses.open('0190b5a0-0000-7000-8000-00000000000b')
  await warehouse.write(async (con) => {
    await con.run(`insert into setting values ('crm', 'billing', 'subscriptions', false)`)
    await con.run(`insert into subscription values
      ('billing', 'S1', 'A', '2025-01-31', '2025-03-31', 1000, 'pro', 1),
      ('billing', 'S2', 'A', '2025-02-10', '2025-03-01', 500, 'addon', 1),
      ('billing', 'S3', 'A', '2025-05-15', null, 700, 'pro', 1),
      ('billing', 'S4', 'A', '2025-06-01', '2025-06-20', 999, 'pro', 1),
      ('other', 'S5', 'A', '2025-01-01', null, 9999, 'pro', 1)`)
    await deriveRefs(con)
    await deriveLinks(con)
    expect(await deriveRevenue(con, month('2025-06'))).toBe(true)
    const rows = await con.all<{ month: number; arr: number; plans: string[] }>(`select r.month, r.arr_cents as arr,
      (select list(plan order by plan) from plan_set p where p.plan_set = r.plan_set) as plans from revenue_month r order by 1`)
    expect(rows).toEqual([
      { month: month('2025-01'), arr: 1000, plans: ['pro'] },
      { month: month('2025-02'), arr: 1500, plans: ['addon', 'pro'] },
      { month: month('2025-05'), arr: 700, plans: ['pro'] },
      { month: month('2025-06'), arr: 700, plans: ['pro'] },
    ])
    expect(await con.all('select from_day, to_day from paid_interval order by 1')).toEqual([
      { from_day: '2025-01-31', to_day: '2025-03-31' },
      { from_day: '2025-05-15', to_day: '9999-12-31' },
    ])
    expect(await deriveRevenue(con, month('2025-06'))).toBe(false)
  })
})
