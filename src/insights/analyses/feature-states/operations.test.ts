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
  eventsOf,
  isCounted,
  isEntitled,
  isMeasured,
  loadRaw,
  paysOn,
  rawCompany,
  segmentOf,
  startOf,
  type RawCompany,
} from '../../../../tests/support/raw-company.ts'
import { openWarehouses, type Connection, type Warehouses } from '../../../platform/warehouse/warehouses.ts'
import { monthIndex } from '../../../platform/calendar/month.ts'
import { blockQuery } from '../ground/asking.ts'
import { readFeatureStates } from './operations.ts'

let folder: string
let warehouses: Warehouses
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'states-'))
  warehouses = openWarehouses({ folder, memoryLimitMb: 256, threads: 1 })
})
afterAll(async () => {
  await warehouses.close()
  await rm(folder, { recursive: true })
})

/** By the words of the definitions, one account at a time; f2 is adopted by two uses in two months, the rest by the default. */
function recompute(c: RawCompany, month: string): Record<string, string> {
  const d = endOf(month)
  const found: Record<string, [number, number]> = {}
  for (const f of catalogue) {
    if (f.releasedOn !== null && f.releasedOn > d) continue
    const needed = f.key === 'f2' ? { uses: 2, months: 2 } : { uses: 1, months: 3 }
    for (const a of c.accounts) {
      const arr = arrOf(c, a.id, d)
      if (!isCounted(a) || arr <= 0) continue
      const uses = eventsOf(c, a.id).filter((e) => f.names.includes(e.name) && e.day <= d)
      const paid = uses.filter((e) => paysOn(c, a.id, e.day))
      const adoptedAt = (m: number) =>
        paid.filter((e) => e.day >= startOf(month, m - needed.months + 1) && e.day <= endOf(month, m)).length >=
        needed.uses
      const state = !isEntitled(c, a.id, f, d)
        ? 'not-entitled'
        : !isMeasured(c, a.id, d)
          ? 'not-measured'
          : adoptedAt(0)
            ? 'adopted'
            : Array.from({ length: 30 }, (_, i) => -1 - i).some(adoptedAt)
              ? 'dormant'
              : uses.length > 0
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

async function stored(con: Connection, month: string, only?: string): Promise<Record<string, string>> {
  const names = new Map(
    (await con.all<{ feature_id: number; name: string }>('select feature_id, name from feature')).map((f) => [
      f.feature_id,
      f.name,
    ]),
  )
  const one = only === undefined ? {} : { feature: [...names].find(([, name]) => name === only)![0] }
  const q = { ...(await blockQuery(con, { segmentBy: 'segment' }, monthIndex(month))), ...one }
  const rows = await readFeatureStates(con, q)
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
  test.each(entitlements)(
    'every account is in its state and the states sum to the book, asked of one feature or of all, entitlement %s, after late events too',
    async (mode) => {
      const warehouse = await warehouses.open(`0190b5a0-0000-7000-8000-0000000e${seed}${entitlements.indexOf(mode)}00`)
      const c = rawCompany(seed, mode)
      await warehouse.write((con) => loadRaw(con, c, decided))
      const late = rawCompany(seed + 70)
        .events.slice(0, 120)
        .map((e) => ({ ...e, batch: 9 }))
      for (const events of [[], late]) {
        if (events.length > 0) await warehouse.write((con) => addRawEvents(con, events, decided))
        c.events.push(...events)
        for (const month of ['2025-03', '2025-12']) {
          const found = await warehouse.read((con) => stored(con, month))
          expect(found).toEqual(recompute(c, month))
          for (const f of catalogue)
            expect(await warehouse.read((con) => stored(con, month, f.name))).toEqual(
              Object.fromEntries(Object.entries(found).filter(([key]) => key.startsWith(`${f.name}/`))),
            )
          const book = c.accounts
            .filter((a) => isCounted(a))
            .map((a) => arrOf(c, a.id, endOf(month)))
            .filter((arr) => arr > 0)
            .reduce((sum, arr) => sum + arr, 0)
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
