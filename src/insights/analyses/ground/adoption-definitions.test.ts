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
  eventsOf,
  isCounted,
  isMeasured,
  loadRaw,
  paysOn,
  rawCompany,
  startOf,
  type RawCompany,
} from '../../../../tests/support/raw-company.ts'
import { openWarehouses, type Connection, type Warehouses } from '../../../platform/warehouse/warehouses.ts'
import type { DecidedDefinition, Decisions } from '../../datasets/mirror.ts'
import { refreshDerived } from '../../datasets/refresh.ts'
import { monthIndex } from '../../../platform/calendar/month.ts'
import { everAdoptedSql, usedSql } from './adoption-sql.ts'
import { readMatchRate } from './match-rate.ts'
import { blockQuery } from './asking.ts'
import { readBlocks } from './adoption.ts'

let folder: string
let warehouses: Warehouses
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'definitions-'))
  warehouses = openWarehouses({ folder, memoryLimitMb: 256, threads: 1 })
})
afterAll(async () => {
  await warehouses.close()
  await rm(folder, { recursive: true })
})

const say = (d: Partial<DecidedDefinition> & { only?: string[] }): DecidedDefinition => ({
  version: 1,
  validFrom: null,
  unit: 'events',
  atLeast: 1,
  windowKind: 'calendar',
  windowLength: 3,
  counts: d.only ? (name) => d.only!.includes(name) : null,
  ...d,
})
type Versions = Record<string, (DecidedDefinition & { only?: string[] })[]>
const first: Versions = {
  f1: [
    say({ validFrom: '2024-06-10', unit: 'users', atLeast: 2, windowLength: 2 }),
    say({
      version: 2,
      validFrom: '2025-06-01',
      unit: 'days',
      atLeast: 2,
      windowKind: 'rolling',
      windowLength: 90,
      only: ['share'],
    }),
  ],
  f2: [say({ unit: 'events', atLeast: 2, windowLength: 4 })],
}
/** A third version of f1, and another list of what counts for its second; f2 goes back to the default. */
const changed: Versions = {
  f1: [
    first['f1']![0]!,
    say({
      version: 2,
      validFrom: '2025-06-01',
      unit: 'days',
      atLeast: 2,
      windowKind: 'rolling',
      windowLength: 90,
      only: ['share', 'comment'],
    }),
    say({
      version: 3,
      validFrom: '2025-11-05',
      unit: 'users',
      atLeast: 1,
      windowKind: 'rolling',
      windowLength: 45,
      only: ['comment'],
    }),
  ],
}
const decided = (versions: Versions): Decisions => ({
  ...decisions,
  features: catalogue.map((f) => ({ ...f, definitions: versions[f.key] ?? [] })),
})

function hasAdopted(
  c: RawCompany,
  account: string,
  feature: (typeof catalogue)[number],
  month: string,
  versions: Versions,
  restated: boolean,
): boolean {
  const d = endOf(month)
  const list = versions[feature.key] ?? []
  const v: DecidedDefinition & { only?: string[] } =
    (restated ? list.at(-1) : list.filter((one) => (one.validFrom ?? '') <= d).at(-1)) ?? say({})
  const since =
    v.windowKind === 'calendar'
      ? startOf(month, 1 - v.windowLength)
      : new Date(Date.parse(`${d}T00:00:00Z`) - (v.windowLength - 1) * 86_400_000).toISOString().slice(0, 10)
  const uses = eventsOf(c, account).filter(
    (e) =>
      e.day >= since &&
      e.day <= d &&
      feature.names.includes(e.name) &&
      (v.only ?? feature.names).includes(e.name) &&
      paysOn(c, account, e.day),
  )
  const amount = {
    events: uses.length,
    days: new Set(uses.map((e) => e.day)).size,
    users: new Set(uses.flatMap((e) => (e.user ? [e.user] : []))).size,
  }[v.unit]
  return amount >= v.atLeast
}

async function compare(con: Connection, c: RawCompany, versions: Versions): Promise<void> {
  for (const month of ['2024-05', '2024-06', '2025-02', '2025-05', '2025-06', '2025-10', '2025-12']) {
    for (const restated of [false, true]) {
      const q = await blockQuery(con, { segmentBy: 'segment', restated }, monthIndex(month))
      const rows = await con.all<{ pair: string }>(
        `select r.ext_id || ' ' || f.key as pair from (${usedSql(q)}) u join ref r on r.ref_id = u.account_id join feature f on f.feature_id = u.feature_id`,
      )
      const expected = c.accounts.flatMap((a) =>
        catalogue.filter((f) => hasAdopted(c, a.id, f, month, versions, restated)).map((f) => `${a.id} ${f.key}`),
      )
      expect(rows.map((r) => r.pair).sort(), `${month} ${restated ? 'restated' : 'as it was'}`).toEqual(expected.sort())
    }
  }
}

describe.each([1, 2, 3])('company of seed %i', (seed) => {
  test('who has adopted follows each version in its time, or the latest for all time, after late events, an undo and a change of definitions', async () => {
    const warehouse = await warehouses.open(`0190b5a0-0000-7000-8000-00000000d${seed}00`)
    const c = rawCompany(seed)
    await warehouse.write(async (con) => {
      await loadRaw(con, c, decided(first))
    })
    await warehouse.write((con) => compare(con, c, first))

    const late = rawCompany(seed + 50)
      .events.slice(0, 150)
      .map((e) => ({ ...e, batch: 9 }))
    await warehouse.write(async (con) => {
      await addRawEvents(con, late, decided(first))
    })
    await warehouse.read((con) => compare(con, { ...c, events: [...c.events, ...late] }, first))

    await warehouse.write(async (con) => {
      await con.run('insert into dirty_day select distinct cast(event_time as date) from event where batch_id = 9')
      await con.run('delete from event where batch_id = 9')
      await refreshDerived(con, { decisions: decided(changed), today: '2026-01-15' })
    })
    await warehouse.read((con) => compare(con, c, changed))
    // A variant counts beside its feature, never twice in a total.
    const sums = await warehouse.read((con) =>
      con.one<{ events: number; rolled: number }>(
        'select (select sum(n) from event)::bigint as events, (select sum(events) from r_day where feature_id >= 0)::bigint as rolled',
      ),
    )
    const known = new Set(c.accounts.map((a) => a.id))
    const matched = c.events.filter((e) => known.has(e.account)).length
    expect(sums).toEqual({ events: c.events.length, rolled: matched })
    expect(await warehouse.read((con) => readMatchRate(con, monthIndex('2025-12')))).toMatchObject({
      usageRows: c.events.length,
      usageRowsMatched: matched,
    })
  })

  test('who ever adopted is who adopted at the end of some month', async () => {
    const warehouse = await warehouses.open(`0190b5a0-0000-7000-8000-00000000d${seed}00`)
    const c = rawCompany(seed)
    const months = Array.from(
      { length: 24 },
      (_, i) => `${2024 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`,
    )
    const rows = await warehouse.read(async (con) =>
      con.all<{ pair: string }>(
        `select r.ext_id || ' ' || f.key as pair from (${everAdoptedSql(await blockQuery(con, { segmentBy: 'segment', restated: true }, monthIndex('2025-12')))}) u join ref r on r.ref_id = u.account_id join feature f on f.feature_id = u.feature_id`,
      ),
    )
    const expected = c.accounts.flatMap((a) =>
      catalogue
        .filter((f) => months.some((m) => hasAdopted(c, a.id, f, m, changed, true)))
        .map((f) => `${a.id} ${f.key}`),
    )
    expect(rows.map((r) => r.pair).sort()).toEqual(expected.sort())
  })
})

test('who used a feature in months that became known later, before the first that was known, has adopted it once', async () => {
  const warehouse = await warehouses.open('0190b5a0-0000-7000-8000-00000000de00')
  const c = rawCompany(8, 'unknown')
  await warehouse.write((con) => loadRaw(con, c))
  const early = c.accounts.map((a) => ({ day: '2023-06-10', account: a.id, user: null, name: 'board', batch: 9 }))
  await warehouse.write((con) => addRawEvents(con, early))
  c.events.push(...early)
  const boards = catalogue.find((f) => f.names.includes('board'))!
  for (const month of ['2023-05', '2023-06', '2024-02', '2025-12']) {
    const rows = await warehouse.read(async (con) =>
      con.all<{ id: string }>(
        `select r.ext_id as id from (${everAdoptedSql(await blockQuery(con, { segmentBy: 'segment' }, monthIndex(month)))}) u join ref r on r.ref_id = u.account_id join feature f on f.feature_id = u.feature_id where f.key = '${boards.key}'`,
      ),
    )
    expect(rows.map((r) => r.id).sort(), month).toEqual(
      c.accounts
        .map((a) => a.id)
        .filter((id) =>
          eventsOf(c, id).some((e) => e.name === 'board' && e.day <= endOf(month) && paysOn(c, id, e.day)),
        )
        .sort(),
    )
  }
})

test('plans named in the catalogue stand for a file; what the catalogue does not speak of is everybody’s', async () => {
  const warehouse = await warehouses.open('0190b5a0-0000-7000-8000-00000000dd00')
  const c = rawCompany(5, 'unknown')
  const d = endOf('2025-12')
  await warehouse.write(async (con) => {
    await loadRaw(con, c, {
      ...decisions,
      features: catalogue.map((f) => ({ ...f, entitledPlans: f.key === 'f1' ? ['pro'] : null })),
    })
  })
  const { rows } = (
    await warehouse.read(async (con) =>
      readBlocks(con, [{ ...(await blockQuery(con, { segmentBy: 'segment' }, monthIndex('2025-12'))), tag: '_now' }]),
    )
  ).get('_now')!
  const eligible = (feature: string) => rows.filter((r) => r.feature === feature).reduce((sum, r) => sum + r.n, 0)
  const measured = c.accounts.filter((a) => isCounted(a) && arrOf(c, a.id, d) > 0 && isMeasured(c, a.id, d))
  const hasPro = (id: string) =>
    c.subscriptions.some((s) => s.account === id && s.plan === 'pro' && s.start <= d && (s.end === null || d < s.end))
  expect([eligible(catalogue[0]!.name), eligible('Reports')]).toEqual([
    measured.filter((a) => hasPro(a.id)).length,
    measured.length,
  ])
  expect(measured.some((a) => !hasPro(a.id))).toBe(true)
})
