/** A clean usage file in, against the engine's own typed load of the same file. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { datasets } from '../src/insights/datasets/declared/list.ts'
import { importFile } from '../src/insights/datasets/importing/import-file.ts'
import { refreshDerived } from '../src/insights/datasets/refresh.ts'
import type { Mapping } from '../src/insights/datasets/schemas.ts'
import { openFiles, type Files } from '../src/platform/files/files.ts'
import { newId } from '../src/platform/ids.ts'
import {
  openWarehouses,
  warehouseDefaults,
  type Warehouse,
  type Warehouses,
} from '../src/platform/warehouse/warehouses.ts'
import { features, mappings, openGenerator, today, writeBook, writeEvents, type CompanyFiles } from './company.ts'
import { atFullSize, median, millions, ms, share, timed, type Bench, type Row } from './measure.ts'
import { decisionsOf } from './stage.ts'

const rounds = 3
const catalogue = features.map((f, i) => ({ ...f, id: `f${i}`, version: 1, owner: null, entitledPlans: null }))
const columns = `{'time': 'TIMESTAMP', 'account': 'VARCHAR', 'user': 'VARCHAR', 'event': 'VARCHAR'}`
const relation = {
  csv: (path: string) =>
    `read_csv('${path}', header = true, auto_detect = false, delim = ',', quote = '"', columns = ${columns})`,
  parquet: (path: string) => `read_parquet('${path}')`,
}
const wide = `create table t (event_time timestamp, origin_id smallint, ref text, user_key text, name text, n integer, event_id text, batch_id integer)`

export const imports: Bench = async ({ isFull }) => {
  const count = isFull ? 10_000_000 : 1_000_000
  const folder = await mkdtemp(join(tmpdir(), 'throughline-bench-'))
  const files = await openFiles(folder)
  const warehouses = openWarehouses({ folder: join(folder, 'warehouse'), ...warehouseDefaults })
  try {
    const generator = await openGenerator(join(folder, 'files'), { events: count, accounts: isFull ? 10_000 : 600 })
    const book = await writeBook(generator)
    const part = { name: 'usage', seed: 50, first: '2024-01-01', days: 731, month: 12, rows: count }
    const paths = {
      csv: (await writeEvents(generator, { ...part, format: 'csv' })).path,
      parquet: (await writeEvents(generator, { ...part, format: 'parquet' })).path,
    }
    generator.close()
    const rows: Row[] = []
    for (const format of ['csv', 'parquet'] as const) {
      const plain: number[] = []
      const same: number[] = []
      const ours: number[] = []
      const whole: number[] = []
      for (let round = 0; round < rounds; round += 1) {
        plain.push(
          await engineLoad(
            folder,
            'create table t (time timestamp, account varchar, "user" varchar, event varchar)',
            `insert into t select * from ${relation[format](paths[format])}`,
          ),
        )
        const { insertMs, rollupMs } = await ourLoad(warehouses, files, book, paths[format], count)
        ours.push(insertMs)
        whole.push(insertMs + rollupMs)
        same.push(
          await engineLoad(
            folder,
            wide,
            `insert into t select time, 1, account, "user", event, 1, null, 1 from ${relation[format](paths[format])}`,
          ),
        )
      }
      const [base, into, our, all] = [median(plain), median(same), median(ours), median(whole)]
      const least = format === 'csv' ? 0.8 : 0.6
      const name = format === 'csv' ? 'CSV' : 'Parquet'
      rows.push({
        what: `A clean ${name} of ${millions(count)} rows until they are inserted, speed of DuckDB’s typed load of its four columns`,
        figure: share(base / our),
        target: `≥ ${share(least)}`,
        ...atFullSize(
          isFull,
          base / our >= least,
          `${ms(our)} against ${ms(base)}, medians of ${rounds}, from opening the file to the commit; the engine alone takes ${ms(into)} for our eight columns, which also say whose ids and which import: of that ${share(into / our)}`,
        ),
      })
      rows.push({
        what: `The whole import of the ${name}, links and rollups too`,
        figure: share(base / all),
        target: '≥ 25 %',
        ...atFullSize(isFull, base / all >= 0.25, `${ms(all)}, of which links, accounts and rollups ${ms(all - our)}`),
      })
    }
    return rows
  } finally {
    await warehouses.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function engineLoad(folder: string, table: string, insert: string): Promise<number> {
  const path = join(folder, 'plain.duckdb')
  const instance = await DuckDBInstance.create(path, {
    threads: String(warehouseDefaults.threads),
    memory_limit: `${warehouseDefaults.memoryLimitMb}MB`,
  })
  const con = await instance.connect()
  const took = await timed(async () => {
    await con.run(table)
    await con.run(insert)
  })
  con.closeSync()
  instance.closeSync()
  await rm(path)
  await rm(`${path}.wal`, { force: true })
  return took
}

async function ourLoad(
  warehouses: Warehouses,
  files: Files,
  book: CompanyFiles,
  path: string,
  count: number,
): Promise<{ insertMs: number; rollupMs: number }> {
  const id = newId()
  const warehouse = await warehouses.open(id)
  const refresh = () => warehouse.write((con) => refreshDerived(con, { decisions: decisionsOf(catalogue), today }))
  for (const name of ['accounts', 'subscriptions', 'byPlan'] as const)
    await bring(warehouse, files, book[name], mappings[name])
  await refresh()
  const insertMs = await timed(async () => {
    const { books } = await bring(warehouse, files, path, mappings.usage)
    if (books.new !== count) throw new Error(`${books.new} of ${count} rows came in.`)
  })
  const rollupMs = await timed(refresh)
  await warehouses.remove(id)
  return { insertMs, rollupMs }
}

const bring = (warehouse: Warehouse, files: Files, path: string, mapping: Mapping) =>
  importFile(
    warehouse,
    files,
    { path, fileName: path, sha256: path },
    {
      datasets,
      mapping,
      mode: 'add',
      acceptRejects: false,
      jobId: newId(),
      importedBy: 'bench',
      currency: 'EUR',
      now: new Date(`${today}T06:00:00Z`),
    },
  )
