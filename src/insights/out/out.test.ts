import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestWorkspace } from '../../../tests/support/app.ts'
import { loadRaw, rawCompany } from '../../../tests/support/raw-company.ts'
import { newDatabase, stores } from '../../../tests/support/stores.ts'
import { enqueueDue } from '../../platform/jobs/queue.ts'
import { enqueueRefresh } from '../datasets/refresh-wanted.ts'
import { analyseAdoptionRetention } from '../analyses/adoption-retention/operations.ts'
import { analyseMovements, analyseRetentionTrend } from '../analyses/revenue/operations.ts'
import { bandLabels } from '../analyses/ground/adoption-sql.ts'
import { measures, MeasureRef, readMeasure, type MeasureKey } from '../targets/measures.ts'
import { insertFeature } from '../features/queries.ts'
import { monthIndex } from '../../platform/calendar/month.ts'
import { outJob } from './job.ts'
import { getOut, setOut, writeOutOperation } from './operations.ts'
import { outFiles, type OutRow } from './schemas.ts'
import { scopeOf } from '../../../tests/support/scope.ts'

const near = (actual: number | null, expected: number | null, what: string) => {
  if (actual === null || expected === null) {
    expect([what, actual]).toEqual([what, expected])
    return
  }
  expect(Math.abs(actual - expected), `${what}: ${actual} for ${expected}`).toBeLessThanOrEqual(
    1e-9 * Math.max(1, Math.abs(expected)),
  )
}

/** Asked of files alone, by an engine that knows nothing of the product. */
async function inDuckdb<T>(statement: string, open: string | null = null): Promise<T[]> {
  const instance = await DuckDBInstance.create(open ?? ':memory:', open ? { access_mode: 'READ_ONLY' } : {})
  const con = await instance.connect()
  try {
    return (await con.runAndReadAll(statement)).getRowObjectsJson() as T[]
  } finally {
    con.closeSync()
    instance.closeSync()
  }
}
const featureId = (n: number) => `0190b5a0-0000-7000-8000-00000000000${n}`

describe.each(stores)('on $name', ({ name, skip }) => {
  if (skip) {
    test.skip(`not run: ${skip}`, () => undefined)
    return
  }
  let app: TestApp
  beforeAll(async () => {
    app = await testApp(name === 'embedded' ? {} : { store: { url: await newDatabase() } })
    app.clock.set('2026-01-15T05:00:00Z')
  })
  afterAll(() => app.close())

  async function workspaceOf(seed: number): Promise<TestWorkspace> {
    const own = await app.workspace()
    const company = rawCompany(seed)
    await (
      await app.services.warehouses.open(own.id)
    ).write(async (con) => {
      await loadRaw(con, company)
      await con.run(`update feature set key = '${featureId(0).slice(0, -1)}' || feature_id`)
    })
    for (const n of [1, 2, 3, 4])
      await insertFeature(
        app.services.db,
        scopeOf(own.id),
        {
          id: newFeatureId(seed, n),
          name: `Feature ${n}`,
          area: null,
          isCore: false,
          releasedOn: null,
          owner: null,
          entitledPlans: null,
        },
        new Date(),
      )
    await (
      await app.services.warehouses.open(own.id)
    ).write((con) =>
      con.run(`update feature set key = replace(key, '8000-0000', '8000-${String(seed).padStart(4, '0')}')`),
    )
    return own
  }
  const newFeatureId = (seed: number, n: number) =>
    featureId(n).replace('8000-0000', `8000-${String(seed).padStart(4, '0')}`)
  const written = async (own: TestWorkspace) => {
    const { jobId } = await app.perform(writeOutOperation, own.as.admin, {})
    return app.services.jobs.settled(jobId)
  }
  const folderOf = (own: TestWorkspace) => join(app.dataDir, 'out', own.slug)

  // The table comes of the warehouse on both stores; what differs is what is made of it.
  describe.each(name === 'embedded' ? [1, 2] : [1])('company of seed %i', (seed) => {
    let own: TestWorkspace
    let rows: OutRow[]
    beforeAll(async () => {
      own = await workspaceOf(seed)
      await app.perform(setOut, own.as.admin, {
        mode: 'off',
        dailyAt: '06:00',
        segmentBys: ['arr', 'nps_score'],
        version: 0,
      })
      expect(await written(own)).toMatchObject({ state: 'done' })
      rows = await inDuckdb<OutRow>(
        `select * replace (strftime(month, '%Y-%m') as month, base::integer as base) from read_parquet('${join(folderOf(own), 'metric_values.parquet')}')`,
      )
    })

    test('the table equals each measure asked by itself, month by month and segment by segment', async () => {
      const warehouse = await app.services.warehouses.open(own.id)
      const series = Map.groupBy(rows, (r) => JSON.stringify([r.metric, r.feature_id, r.segment_by, r.segment]))
      expect(new Set(rows.map((r) => r.metric))).toEqual(new Set(Object.keys(measures)))
      expect(new Set(rows.map((r) => r.segment_by))).toEqual(new Set(['All', 'segment', 'arr', 'nps_score']))
      // Each measure by itself takes a statement a month: the first month, the last, and some between; of bands the last.
      let compared = 0
      for (const [key, all] of series) {
        const [measure, feature, by, segment] = JSON.parse(key) as [MeasureKey, string | null, string, string]
        const points = all
          .sort((a, b) => (a.month < b.month ? -1 : 1))
          .filter((_, i) => i === all.length - 1 || (by === 'segment' && i % 9 === 0))
        const ref = MeasureRef.parse({
          measure,
          featureId: feature,
          ...(by === 'All'
            ? {}
            : {
                segmentBy: by,
                segment,
                bands: by === 'arr' ? [10_000, 100_000] : by === 'nps_score' ? [10, 100, 1000] : [],
              }),
        })
        const asked = await warehouse.read((con) =>
          readMeasure(
            con,
            { ...ref, measure },
            points.map((p) => monthIndex(p.month)),
          ),
        )
        for (const [i, p] of points.entries()) {
          near(p.value, asked[i]!.value, `${key} ${p.month}`)
          near(p.low, asked[i]!.low, `${key} ${p.month} low`)
          near(p.high, asked[i]!.high, `${key} ${p.month} high`)
          expect([key, p.month, p.base, p.mark]).toEqual([key, p.month, asked[i]!.base, asked[i]!.mark])
          compared += 1
        }
      }
      expect(compared).toBeGreaterThan(400)
      expect(new Set(rows.filter((r) => r.segment_by === 'arr').map((r) => r.segment))).toEqual(
        new Set(bandLabels([10_000, 100_000])),
      )
    })

    test('and what the pages say', async () => {
      const of = (metric: string, month: string, segment = 'All', feature: string | null = null) =>
        rows.find(
          (r) =>
            r.metric === metric &&
            r.month === month &&
            r.segment === segment &&
            (segment === 'All' ? r.segment_by === 'All' : r.segment_by === 'segment') &&
            r.feature_id === feature,
        )
      const adoption = await app.perform(analyseAdoptionRetention, own.as.leader, { month: '2025-12' })
      const ids = new Map(
        (
          await (
            await app.services.warehouses.open(own.id)
          ).read((con) => con.all<{ name: string; key: string }>('select name, key from feature'))
        ).map((f) => [f.name, f.key]),
      )
      for (const r of [...adoption.rows, ...adoption.totals.features]) {
        near(
          of('adoption-rate', '2025-12', r.segment, ids.get(r.feature)!)!.value,
          r.now.adoptionRate.value,
          `${r.feature} ${r.segment}`,
        )
        near(
          of('arr-others', '2025-12', r.segment, ids.get(r.feature)!)!.value,
          r.now.arrOthers,
          `${r.feature} ${r.segment}`,
        )
      }
      for (const r of (await app.perform(analyseRetentionTrend, own.as.leader, {})).rows)
        for (const [metric, value] of [
          ['nrr', r.nrr],
          ['grr', r.grr],
          ['logo-retention', r.logo],
        ] as const)
          near(of(metric, r.month, r.segment)!.value, value, `${metric} ${r.segment} ${r.month}`)
      for (const r of (await app.perform(analyseMovements, own.as.leader, { from: '2025-01', to: '2025-12' })).rows)
        for (const metric of ['new', 'reactivation', 'expansion', 'contraction', 'churn'] as const)
          near(of(metric, r.month)!.value, r[metric], `${metric} ${r.month}`)
      const inSegment = await app.perform(analyseMovements, own.as.leader, {
        from: '2025-12',
        to: '2025-12',
        segment: 'Enterprise',
      })
      near(of('expansion', '2025-12', 'Enterprise')!.value, inSegment.rows[0]!.expansion, 'expansion of Enterprise')
      const arr = rows.filter((r) => r.metric === 'arr' && r.month === '2025-12')
      for (const by of ['segment', 'arr', 'nps_score'])
        near(
          arr.filter((r) => r.segment_by === by).reduce((sum, r) => sum + r.value!, 0),
          of('arr', '2025-12')!.value,
          `the book by ${by}`,
        )
    })

    test('CSV, the DuckDB file and its views hold the same, and nothing unfinished stays', async () => {
      const folder = folderOf(own)
      expect((await readdir(folder)).sort()).toEqual([...outFiles].sort())
      const fingerprint = `count(*)::integer as n, sum(value) as value, count(value)::integer as shown, min(month)::varchar as first, max(month)::varchar as last`
      const [parquet] = await inDuckdb<{ value: number }>(
        `select ${fingerprint} from read_parquet('${join(folder, 'metric_values.parquet')}')`,
      )
      const [csv] = await inDuckdb<{ value: number }>(
        `select ${fingerprint} from read_csv('${join(folder, 'metric_values.csv')}', header = true)`,
      )
      const [views] = await inDuckdb<{ value: number }>(
        `select ${fingerprint} from metric_values`,
        join(folder, 'out.duckdb'),
      )
      // A sum of doubles depends on its order in the last digits.
      for (const other of [csv!, views!]) {
        near(other.value, parquet!.value, 'the sum')
        expect({ ...other, value: 0 }).toEqual({ ...parquet, value: 0 })
      }
      const latest = await inDuckdb<{ metric: string; month: string }>(
        'select distinct metric, month::varchar as month from latest_values',
        join(folder, 'out.duckdb'),
      )
      expect(new Set(latest.map((l) => l.month))).toEqual(new Set(['2025-12-01']))
      const state = await app.perform(getOut, own.as.leader, {})
      expect(state).toMatchObject({
        folder: null,
        segmentations: ['All', 'segment', 'arr', 'nps_score'],
        written: { rows: rows.length, lastMonth: '2025-12', dataTo: '2025-12-31' },
      })
      expect(state.files.map((f) => f.name).sort()).toEqual([...outFiles].sort())
      expect((await app.perform(getOut, own.as.admin, {})).folder).toBe(folder)
    })

    test(
      name === 'embedded'
        ? 'with the embedded store the files are the way'
        : 'a role that may read the views alone sees the same rows, also while they are replaced',
      async () => {
        const { sql: views } = await app.perform(getOut, own.as.admin, {})
        if (name === 'embedded') {
          expect(views).toBeNull()
          return
        }
        const role = `reader_${seed}`
        await sql.raw(`create role ${role}; ${views!.grant.replaceAll('reader', role)}`).execute(app.services.db)
        const read = () =>
          app.services.transaction(async (tx) => {
            await sql.raw(`set local role ${role}`).execute(tx)
            return (
              await sql.raw<OutRow>(`select *, to_char(month, 'YYYY-MM') as month from ${views!.view}`).execute(tx)
            ).rows
          })
        const key = (r: OutRow) => JSON.stringify([r.metric, r.feature_id, r.segment_by, r.segment, r.month])
        const compare = async () => {
          const found = new Map((await read()).map((r) => [key(r), r]))
          expect(found.size).toBe(rows.length)
          for (const r of rows) {
            near(found.get(key(r))!.value, r.value, key(r))
            near(found.get(key(r))!.low, r.low, key(r))
          }
        }
        await compare()
        await written(own)
        await compare()
        await expect(
          app.services.transaction(async (tx) => {
            await sql.raw(`set local role ${role}`).execute(tx)
            await sql.raw(`select * from ${views!.view.replace('metric_values', 'metric_table')}`).execute(tx)
          }),
        ).rejects.toThrow('permission denied')
        await expect(
          app.services.transaction(async (tx) => {
            await sql.raw(`set local role ${role}`).execute(tx)
            await sql`select * from shared_view`.execute(tx)
          }),
        ).rejects.toThrow('permission denied')
      },
    )
  })

  test('it is written after a refresh, or once a day when its time has come, and by itself not at all', async () => {
    const own = await workspaceOf(3)
    const jobs = () =>
      app.services.db
        .selectFrom('job')
        .select(['id', 'state'])
        .where('workspace_id', '=', own.id)
        .where('kind', '=', 'insights.out')
        .execute()
    const due = () => enqueueDue([outJob], app.services)
    const refresh = async () =>
      app.services.jobs.settled(
        await app.services.transaction((tx) => enqueueRefresh(tx, app.services, own.id, own.as.admin.actor!.userId)),
      )
    await due()
    await refresh()
    expect(await jobs()).toEqual([])
    await app.perform(setOut, own.as['product-ops'], {
      mode: 'after-refresh',
      dailyAt: '06:00',
      segmentBys: [],
      version: 0,
    })
    await refresh()
    expect((await jobs()).length).toBe(1)
    await expect(
      app.perform(setOut, own.as.admin, { mode: 'off', dailyAt: '06:00', segmentBys: [], version: 0 }),
    ).rejects.toMatchObject({ code: 'conflict' })
    await app.perform(setOut, own.as.admin, { mode: 'daily', dailyAt: '06:30', segmentBys: [], version: 1 })
    for (const [at, expected] of [
      ['2026-01-16T06:29:00Z', 1],
      ['2026-01-16T06:30:00Z', 2],
      ['2026-01-16T06:31:00Z', 2],
      ['2026-01-16T23:59:00Z', 2],
      ['2026-01-17T07:00:00Z', 3],
    ] as const) {
      app.clock.set(at)
      await due()
      expect([at, (await jobs()).length]).toEqual([at, expected])
    }
    for (const { id } of await jobs())
      expect(await app.services.jobs.settled(id)).toMatchObject({ kind: 'insights.out' })
  })

  test('what cannot be written says so and leaves the files from before whole', async () => {
    const own = await workspaceOf(5)
    const folder = folderOf(own)
    await written(own)
    const before = await readFile(join(folder, 'metric_values.csv'), 'utf8')
    expect(before.split('\r\n')[0]).toBe(
      '\uFEFFmetric,definition_version,segment_by,segment,feature,month,value,low,high,base,mark,unit,currency,computed_at,data_to,feature_id,feature_definition,window_months',
    )
    await (await app.services.warehouses.open(own.id)).write((con) => con.run('delete from revenue_month'))
    expect(await written(own)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('There is no revenue yet') as string,
    })
    expect(await readFile(join(folder, 'metric_values.csv'), 'utf8')).toBe(before)

    const blocked = await workspaceOf(6)
    await mkdir(join(app.dataDir, 'out'), { recursive: true })
    await writeFile(join(app.dataDir, 'out', blocked.slug), 'a file where the folder should be')
    expect(await written(blocked)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('cannot write to') as string,
    })
    await expect(
      app.perform(setOut, own.as.admin, { mode: 'daily', dailyAt: '25:00', segmentBys: [], version: 0 }),
    ).rejects.toMatchObject({ code: 'invalid' })
    await expect(
      app.perform(setOut, own.as.admin, { mode: 'daily', dailyAt: '05:00', segmentBys: ['nothing'], version: 0 }),
    ).rejects.toMatchObject({ code: 'invalid' })
  })
})
