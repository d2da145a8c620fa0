import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  addRawEvents,
  arrOf,
  catalogue,
  decisions,
  endOf,
  entitlements,
  isCounted,
  loadRaw,
  rawCompany,
  segmentOf,
} from '../../../../tests/support/raw-company.ts'
import { openWarehouses, type Connection, type Warehouses } from '../../../platform/warehouse/warehouses.ts'
import { monthIndex } from '../../../platform/calendar/month.ts'
import { readAdoption, readBlocks, readHistory } from './adoption.ts'
import { blockQuery } from './asking.ts'
import { readAdoptionSeries, readBookSeries } from './series-sql.ts'

let folder: string
let warehouses: Warehouses
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'series-'))
  warehouses = openWarehouses({ folder, memoryLimitMb: 256, threads: 1 })
})
afterAll(async () => {
  await warehouses.close()
  await rm(folder, { recursive: true })
})

const decided = {
  ...decisions,
  features: catalogue.map((f) => ({
    ...f,
    definitions:
      f.key === 'f1'
        ? [
            {
              version: 1,
              validFrom: '2025-05-10',
              unit: 'users' as const,
              atLeast: 2,
              windowKind: 'rolling' as const,
              windowLength: 60,
              counts: null,
            },
          ]
        : [],
  })),
}
const months = ['2024-03', '2024-11', '2025-04', '2025-05', '2025-09', '2025-12'].map(monthIndex)

async function queryOf(con: Connection, restated: boolean) {
  const { month: _, endMonth: __, ...q } = await blockQuery(con, { segmentBy: 'segment', restated }, 0)
  return q
}

describe.each([1, 2])('company of seed %i', (seed) => {
  test.each(entitlements)(
    'a line over time says at each month what that month says by itself, entitlement %s',
    async (mode) => {
      const warehouse = await warehouses.open(`0190b5a0-0000-7000-8000-0000000f${seed}${entitlements.indexOf(mode)}00`)
      const c = rawCompany(seed, mode)
      const late = rawCompany(seed + 30)
        .events.slice(0, 100)
        .map((e) => ({ ...e, batch: 9 }))
      await warehouse.write(async (con) => {
        await loadRaw(con, c, decided)
        await addRawEvents(con, late, decided)
      })
      await warehouse.read(async (con) => {
        const features = await con.all<{ feature_id: number }>('select feature_id from feature order by 1')
        for (const { feature_id: feature } of features)
          for (const restated of [false, true]) {
            const series = await readAdoptionSeries(con, { ...(await queryOf(con, restated)), feature }, months)
            for (const month of months) {
              const { rows } = (
                await readBlocks(con, [
                  { ...(await blockQuery(con, { segmentBy: 'segment', restated }, month)), feature, tag: '_now' },
                ])
              ).get('_now')!
              const plain = (r: {
                segment: string
                n: number
                not_n: number
                arr_sum: number
                adopter_n: number
                adopter_arr_sum: number
              }) => `${r.segment} ${r.n} ${r.not_n} ${r.arr_sum} ${r.adopter_n} ${r.adopter_arr_sum}`
              expect(
                series
                  .filter((p) => p.month === month)
                  .map(plain)
                  .sort(),
                `${feature} ${month}`,
              ).toEqual(rows.map(plain).sort())
            }
          }
        const book = await readBookSeries(
          con,
          await queryOf(con, false),
          months.filter((m) => m >= monthIndex('2024-11')).map((month) => ({ month: month - 6, endMonth: month })),
        )
        for (const month of ['2024-11', '2025-09', '2025-12']) {
          const [from, to] = [endOf(month, -6), endOf(month)]
          const mine = c.accounts.filter((a) => isCounted(a) && arrOf(c, a.id, from) > 0)
          for (const segment of new Set(mine.map((a) => segmentOf(a, from)))) {
            const of = mine.filter((a) => segmentOf(a, from) === segment)
            const sum = (pick: (id: string) => number) => of.reduce((total, a) => total + pick(a.id), 0)
            const expected = {
              n: of.length,
              start: sum((id) => arrOf(c, id, from)),
              finish: sum((id) => arrOf(c, id, to)),
              kept: sum((id) => Math.min(arrOf(c, id, from), arrOf(c, id, to))),
              alive: of.filter((a) => arrOf(c, a.id, to) > 0).length,
            }
            expect(
              book.find((p) => p.month === monthIndex(month) && p.segment === segment),
              `${month} ${segment}`,
            ).toMatchObject(expected)
          }
        }
        const history = (await readHistory(con))!
        expect(
          (
            await readAdoption(
              con,
              { month: '2025-12', window: 6, adoptionMonths: 3, segmentBy: 'segment', bands: [] },
              history,
            )
          ).totals.all.retention?.arrStart,
        ).toBeCloseTo(
          book.filter((p) => p.month === monthIndex('2025-12')).reduce((total, p) => total + p.start, 0) / 100,
          9,
        )
      })
    },
  )
})
