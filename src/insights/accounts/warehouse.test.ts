import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWarehouses, type Warehouses } from '../../platform/warehouse/warehouses.ts'
import { insertRows } from '../datasets/mirror.ts'
import { isAccountNamed } from './warehouse.ts'

let folder: string
let warehouses: Warehouses
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'named-'))
  warehouses = openWarehouses({ folder, memoryLimitMb: 256, threads: 1 })
})
afterAll(async () => {
  await warehouses.close()
  await rm(folder, { recursive: true })
})

test('an account is named by its name or id as words of their own, however they are written; a number only where it is meant as an id', async () => {
  const warehouse = await warehouses.open('0190b5a0-0000-7000-8000-0000000e0000')
  await warehouse.write((con) =>
    insertRows(con, 'account (source, ext_id, name, batch_id)', [
      ['crm', '1024', 'Öko-Werk GmbH', 1],
      ['crm', 'north-wind', "O'Neil & “Sons”", 1],
      ['crm', 'A1', '(3M) Labs', 1],
      ['crm', 'Z9', null, 1],
    ]),
  )
  const isNamed = (text: string, options?: { byNumbers: boolean }) =>
    warehouse.read((con) => isAccountNamed(con, text, options))
  for (const text of ['export_to_öko-werk GMBH', 'for O’Neil, Sons', 'north wind.synced', '3m labs', 'see 1024'])
    expect([text, await isNamed(text)]).toEqual([text, true])
  for (const text of ['Öko-Werke GmbH', 'northwind', '10240', 'A1 and Z9', 'Labs', ''])
    expect([text, await isNamed(text)]).toEqual([text, false])
  expect(await isNamed('at least 1024 uses', { byNumbers: false })).toBe(false)
  expect(await isNamed('1024 uses of north-wind', { byNumbers: false })).toBe(true)
})
