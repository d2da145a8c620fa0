import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWarehouses, type Connection, type Warehouses } from '../../platform/warehouse/warehouses.ts'
import { refreshDerived } from '../datasets/refresh.ts'
import { monthIndex } from '../month.ts'
import { blockQuery } from './asking.ts'
import {
  arrOf,
  addEvents,
  catalogue,
  company,
  decisions,
  endOf,
  isEntitled,
  isExcluded,
  isMeasured,
  load,
  segmentOf,
  startOf,
  type Company,
} from './factories.ts'
import { readFeatureStates } from './feature-states.ts'

let folder: string
let warehouses: Warehouses
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'states-'))
  warehouses = openWarehouses({ folder, memoryLimitMb: 256, threads: 2 })
})
afterAll(async () => {
  await warehouses.close()
  await rm(folder, { recursive: true })
})

/** By the words of the definitions, one account at a time; f2 is adopted by two uses in two months, the rest by the default. */
function recompute(c: Company, month: string): Record<string, string> {
  const d = endOf(month)
  const found: Record<string, [number, number]> = {}
  for (const f of catalogue) {
    if (f.releasedOn !== null && f.releasedOn > d) continue
    const needed = f.key === 'f2' ? { uses: 2, months: 2 } : { uses: 1, months: 3 }
    const adoptedAt = (id: string, m: number) =>
      c.events.filter(
        (e) =>
          e.account === id &&
          f.names.includes(e.name) &&
          e.day >= startOf(month, m - needed.months + 1) &&
          e.day <= endOf(month, m) &&
          arrOf(c, id, e.day) > 0,
      ).length >= needed.uses
    for (const a of c.accounts) {
      const arr = arrOf(c, a.id, d)
      if (isExcluded(a) || arr <= 0) continue
      const used = c.events.some((e) => e.account === a.id && f.names.includes(e.name) && e.day <= d)
      const state = !isEntitled(c, a.id, f.name, d)
        ? 'not-entitled'
        : !isMeasured(c, a.id, d)
          ? 'not-measured'
          : adoptedAt(a.id, 0)
            ? 'adopted'
            : Array.from({ length: 30 }, (_, i) => -1 - i).some((m) => adoptedAt(a.id, m))
              ? 'dormant'
              : used
                ? 'tried'
                : 'never-used'
      const key = `${f.name}/${segmentOf(a, d)}/${state}`
      const sum = found[key] ?? [0, 0]
      found[key] = [sum[0] + 1, sum[1] + arr]
    }
  }
  return Object.fromEntries(
    Object.entries(found)
      .map(([key, [n, arr]]) => [key, `${n} ${arr}`])
      .sort(),
  )
}

async function stored(con: Connection, month: string): Promise<Record<string, string>> {
  const names = new Map(
    (await con.all<{ feature_id: number; name: string }>('select feature_id, name from feature')).map((f) => [
      f.feature_id,
      f.name,
    ]),
  )
  const rows = await readFeatureStates(con, await blockQuery(con, { segmentBy: 'segment' }, monthIndex(month)))
  return Object.fromEntries(
    rows.map((r) => [`${names.get(r.feature_id)}/${r.segment}/${r.state}`, `${r.n} ${r.arr}`]).sort(),
  )
}

const decided = {
  ...decisions,
  features: catalogue.map((f) => ({
    ...f,
    definitions:
      f.key === 'f2'
        ? [
            {
              version: 1,
              validFrom: null,
              unit: 'events' as const,
              atLeast: 2,
              windowKind: 'calendar' as const,
              windowLength: 2,
              counts: null,
            },
          ]
        : [],
  })),
}

describe.each([1, 2, 3])('company of seed %i', (seed) => {
  test.each(['unknown', 'plan', 'list', 'plan-and-list'])(
    'every account is in its state and the states sum to the book, entitlement %s, after late events too',
    async (mode) => {
      const warehouse = await warehouses.open(
        `0190b5a0-0000-7000-8000-0000000e${seed}${['unknown', 'plan', 'list', 'plan-and-list'].indexOf(mode)}00`,
      )
      const c = company(seed)
      if (!mode.includes('plan')) c.byPlan = []
      if (!mode.includes('list')) c.byAccount = []
      await warehouse.write(async (con) => {
        await load(con, c)
        await refreshDerived(con, { decisions: decided, today: '2026-01-15' })
      })
      const late = company(seed + 70)
        .events.slice(0, 120)
        .map((e) => ({ ...e, batch: 9 }))
      for (const events of [[], late]) {
        if (events.length > 0)
          await warehouse.write(async (con) => {
            await addEvents(con, events)
            await refreshDerived(con, { decisions: decided, today: '2026-01-15' })
          })
        c.events.push(...events)
        for (const month of ['2025-03', '2025-12']) {
          const found = await warehouse.read((con) => stored(con, month))
          expect(found).toEqual(recompute(c, month))
          const book = c.accounts
            .filter((a) => !isExcluded(a))
            .reduce((sum, a) => sum + arrOf(c, a.id, endOf(month)), 0)
          for (const f of catalogue.filter((one) => one.releasedOn === null))
            expect(
              Object.entries(found)
                .filter(([key]) => key.startsWith(`${f.name}/`))
                .reduce((sum, [, v]) => sum + Number(v.split(' ')[1]), 0),
            ).toBe(book)
        }
      }
    },
  )
})
