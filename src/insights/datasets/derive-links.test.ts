import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWarehouses, type Connection, type Warehouses } from '../../platform/warehouse/warehouses.ts'
import { deriveLinks, deriveRefs } from './derive-links.ts'

let folder: string
let warehouses: Warehouses
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'links-'))
  warehouses = openWarehouses({ folder, memoryLimitMb: 256, threads: 1 })
})
afterAll(async () => {
  await warehouses.close()
  await rm(folder, { recursive: true })
})

const linksOf = async (con: Connection) => {
  const rows = await con.all<{
    key: string
    account: string | null
  }>(`select r.ref_kind || ':' || r.source || ':' || r.ext_id as key, a.ext_id as account
    from link l join ref r using (ref_id) left join ref a on a.ref_id = l.account_id order by 1`)
  return Object.fromEntries(rows.map((row) => [row.key, row.account]))
}

test('ids resolve by decision, own row, alias, equal id and revenue; users and subscriptions through their account', async () => {
  const warehouse = await warehouses.open('0190b5a0-0000-7000-8000-00000000000a')
  await warehouse.write(async (con) => {
    await con.run(`insert into setting values ('crm', 'billing', 'subscriptions', false)`)
    await con.run(
      `insert into account (source, ext_id, name, parent_ext_id, batch_id) values ('crm', 'A1', 'One', null, 1), ('crm', 'A2', 'Two', 'A1', 1), ('crm', 'A3', 'Three', null, 1)`,
    )
    await con.run(
      `insert into account_alias values ('crm', 'A1', 'product', 'ws1', 1), ('crm', 'A2', 'product', 'both', 1), ('crm', 'A3', 'product', 'both', 1)`,
    )
    await con.run(
      `insert into subscription values ('billing', 'S1', 'A2', '2024-01-01', null, 1000, null, 2), ('billing', 'S9', 'alone', '2024-01-01', null, 500, null, 2)`,
    )
    await con.run(`insert into app_user values ('product', 'u1', 'ws1', null, 3)`)
    await con.run(
      `insert into origin values (1, 'account', 'product'), (2, 'user', 'product'), (3, 'subscription', 'product')`,
    )
    await con.run(`insert into event values ('2025-03-01 10:00', 1, 'ws1', null, 'x', 1, null, 4), ('2025-03-01 11:00', 1, 'both', null, 'x', 1, null, 4),
      ('2025-03-02 10:00', 2, 'u1', 'u1', 'x', 1, null, 4), ('2025-03-02 11:00', 3, 'S1', null, 'x', 1, null, 4), ('2025-03-05 09:00', 1, 'ws3', null, 'x', 1, null, 4)`)
    await con.run(`insert into dirty_day select distinct cast(event_time as date) from event`)
    await deriveRefs(con)
    await deriveLinks(con)
    expect(await linksOf(con)).toEqual({
      'account:crm:A1': 'A1',
      'account:crm:A2': 'A2',
      'account:crm:A3': 'A3',
      'account:billing:A2': 'A2',
      'account:billing:alone': 'alone',
      'account:product:ws1': 'A1',
      'account:product:both': null,
      'account:product:ws3': null,
      'user:product:u1': 'A1',
      'subscription:product:S1': 'A2',
    })
    await con.run('delete from dirty_day')
    expect((await deriveLinks(con)).ids).toBe(0)

    await con.run(`insert into crosswalk values ('product', 'ws3', 'A3', 'person')`)
    expect((await deriveLinks(con)).ids).toBe(1)
    expect(await con.all('select day from dirty_day')).toEqual([{ day: '2025-03-05' }])
    expect((await linksOf(con))['account:product:ws3']).toBe('A3')

    await con.run('update setting set roll_up_to_parent = true')
    await deriveLinks(con)
    expect((await linksOf(con))['subscription:product:S1']).toBe('A1')
  })
})
