import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWarehouses, type Warehouse, type Warehouses } from '../../platform/warehouse/warehouses.ts'
import { insertRows } from '../datasets/mirror.ts'
import { refreshDerived } from '../datasets/refresh.ts'
import { monthIndex } from '../../platform/calendar/month.ts'
import { kindOf } from '../../platform/rooms/measure.ts'
import { measureKinds, MeasureRef, measures, measureTitle, readMeasure, type MeasureKey } from './measures.ts'

let folder: string
let warehouses: Warehouses
let warehouse: Warehouse
const featureId = '0190b5a0-0000-7000-8000-00000000f001'
/* 12 accounts of segment L and 12 of S: all pay 100 a year from 2024; at the end of November 2025 two of L leave, one of L doubles. Four of L use the feature in December. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'measures-'))
  warehouses = openWarehouses({ folder, memoryLimitMb: 256, threads: 1 })
  warehouse = await warehouses.open('0190b5a0-0000-7000-8000-000000000001')
  await warehouse.write(async (con) => {
    const ids = Array.from({ length: 24 }, (_, i) => `A${i}`)
    await insertRows(con, 'origin', [[1, 'account', 'crm']])
    await insertRows(
      con,
      'account (source, ext_id, name, batch_id)',
      ids.map((id) => ['crm', id, id, 1]),
    )
    await insertRows(
      con,
      'account_attribute (source, ext_id, key, value, valid_from, imported_on, batch_id)',
      ids.map((id, i) => ['crm', id, 'segment', i < 12 ? 'L' : "S'", '2024-01-01', '2025-12-31', 1]),
    )
    await insertRows(
      con,
      'subscription',
      ids.map((id, i) => ['billing', `S${id}`, id, '2024-01-01', i < 2 ? '2025-11-20' : null, 10_000, 'p', 2]),
    )
    await insertRows(con, 'subscription', [['billing', 'more', 'A5', '2025-11-10', null, 10_000, 'p', 2]])
    await insertRows(con, 'event (event_time, origin_id, ref, name, n, batch_id)', [
      ...ids.map((id) => ['2025-01-05 08:00:00', 1, id, 'noise', 1, 3]),
      ...ids.slice(4, 8).map((id) => ['2025-12-05 08:00:00', 1, id, 'share', 1, 3]),
    ])
    await insertRows(con, 'dirty_day', [['2025-01-05'], ['2025-12-05']])
    await refreshDerived(con, {
      today: '2026-01-10',
      decisions: {
        features: [{ key: featureId, name: 'Sharing', area: null, isCore: true, releasedOn: null }],
        featureOf: (name) => (name === 'share' ? featureId : null),
        crosswalk: [],
        exclusions: [],
        primarySource: null,
        revenueBook: null,
        rollUpToParent: false,
      },
    })
  })
})
afterAll(async () => {
  await warehouses.close()
  await rm(folder, { recursive: true })
})

const read = async (measure: MeasureKey, more: Partial<MeasureRef> = {}, month = '2025-12') =>
  (
    await warehouse.read((con) =>
      readMeasure(con, { ...MeasureRef.parse({ measure, featureId, ...more }), measure }, [monthIndex(month)]),
    )
  )[0]!

test.each([
  ['arr', {}, 2300, 22],
  ['arr', { segment: "S'" }, 1200, 12],
  ['accounts', { segment: 'L' }, 10, 10],
  ['nrr', {}, 2300 / 2400, 24],
  ['nrr', { segment: 'L' }, 1100 / 1200, 12],
  ['grr', { segment: 'L' }, 1000 / 1200, 12],
  ['logo-retention', { segment: 'L' }, 10 / 12, 12],
  ['adoption-rate', { segment: 'L' }, 4 / 10, 10],
  ['adopters', {}, 4, 22],
  ['arr-adopters', {}, 500, 22],
  ['arr-others', { segment: 'L' }, 600, 10],
  ['churn', {}, 0, 0],
] as const)('%s of %o is %d', async (measure, more, value, base) => {
  const point = await read(measure, more)
  expect(point.value).toBeCloseTo(value, 9)
  expect(point.base).toBe(base)
})

test('movements stand in the month in which they happen', async () => {
  expect([
    (await read('churn', {}, '2025-11')).value,
    (await read('expansion', {}, '2025-11')).value,
    (await read('churn', { segment: "S'" }, '2025-11')).value,
  ]).toEqual([200, 100, 0])
})

test('a month outside the book, and a rate of nobody, have no value', async () => {
  expect((await read('arr', {}, '2020-01')).value).toBeNull()
  expect(await read('adoption-rate', { segment: 'nobody' })).toMatchObject({ value: null, base: 0, mark: 'suppressed' })
  await expect(read('adoption-rate', { featureId: '0190b5a0-0000-7000-8000-00000000f002' })).rejects.toThrow(
    /no feature/,
  )
  const known = new Map(measureKinds.map((kind) => [kind.measure, kind]))
  expect(() => kindOf(known, MeasureRef.parse({ measure: 'adopters' }))).toThrow(
    '“ref.featureId”: this measure is about a feature: say which.',
  )
})

test('a title says what, of whom', () => {
  expect([
    measureTitle(measures.nrr, { segment: 'L', window: 12 }, null),
    measureTitle(measures['adoption-rate'], { segment: null, window: 12 }, 'Sharing'),
  ]).toEqual(['NRR, 12 months · L', 'Adoption rate · Sharing'])
})
