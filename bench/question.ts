/** The question over rollups: against SQL written by hand on the same rollups, and against raw events in the same engine. */
import { openFiles } from '../src/platform/files/files.ts'
import { readAdoption, readHistory } from '../src/insights/analyses/ground/adoption.ts'
import { datasets } from '../src/insights/datasets/declared/list.ts'
import { undoBatch } from '../src/insights/datasets/importing/batches.ts'
import { importFile } from '../src/insights/datasets/importing/import-file.ts'
import { refreshDerived } from '../src/insights/datasets/refresh.ts'
import type { Connection, Warehouse } from '../src/platform/warehouse/warehouses.ts'
import { lastMonth, mappings, today, type Size } from './company.ts'
import { cellsOf, cellsOfSums, expectSameCells, type SumRow } from './cells.ts'
import { byHand, rawQuestion, type EntitledBy } from './hand-sql.ts'
import { atFullSize, inTurn, median, millions, ms, times, type Bench, type Row } from './measure.ts'
import { companyOf, decisionsOf, inWarehouse, type Company } from './stage.ts'

export const questionSize = (isFull: boolean): Size =>
  isFull ? { events: 100_000_000, accounts: 50_000 } : { events: 5_000_000, accounts: 3000 }
const asked = { month: lastMonth, window: 12, adoptionMonths: 3, segmentBy: 'segment', bands: [] }

export const question: Bench = async (run) => {
  const company = await companyOf(run, questionSize(run.isFull))
  return inWarehouse(company, async (warehouse) => {
    const byPlan = await compare(warehouse, company, 'plan', run.isFull)
    await entitle(warehouse, company, 'byAccount')
    const byList = await compare(warehouse, company, 'list', run.isFull)
    await entitle(warehouse, company, 'byPlan')
    return [...byPlan, ...byList]
  })
}

/** Takes the one list of entitlements back and brings the other in, as a person would. */
async function entitle(warehouse: Warehouse, company: Company, list: 'byPlan' | 'byAccount'): Promise<void> {
  const files = await openFiles(company.dataDir)
  const now = new Date(`${today}T06:00:00Z`)
  const path = company.files[list]
  await warehouse.write(async (con) => {
    const standing = await con.all<{ id: number }>(
      `select id from batch where dataset = 'entitlements' and undone_at is null order by id desc`,
    )
    for (const { id } of standing) await undoBatch(con, id, now, { datasets })
  })
  await importFile(
    warehouse,
    files,
    { path, fileName: list, sha256: path },
    {
      datasets,
      mapping: mappings[list],
      mode: 'add',
      acceptRejects: false,
      jobId: `${list} ${performance.now()}`,
      importedBy: 'bench',
      currency: 'EUR',
      now,
    },
  )
  await warehouse.write((con) => refreshDerived(con, { decisions: decisionsOf(company.features), today }))
}

async function compare(
  warehouse: Warehouse,
  company: Company,
  entitledBy: EntitledBy,
  isFull: boolean,
): Promise<Row[]> {
  const { size } = company
  const hand = byHand(lastMonth, asked.window, entitledBy)
  const raw = rawQuestion(lastMonth, asked.window, entitledBy)
  const ours = (con: Connection) => readHistory(con).then((history) => readAdoption(con, asked, history!))
  const cells = cellsOf(await warehouse.read(ours))
  expectSameCells(cellsOfSums(await warehouse.read((con) => con.all<SumRow>(hand))), cells, 'SQL written by hand')
  expectSameCells(cellsOfSums(await warehouse.read((con) => con.all<SumRow>(raw))), cells, 'raw events')
  const took = await inTurn(15, {
    ours: () => warehouse.read(ours),
    hand: () => warehouse.read((con) => con.all(hand)),
  })
  const rawMs = median((await inTurn(3, { raw: () => warehouse.read((con) => con.all(raw)) })).raw)
  const our = median(took.ours)
  const by = median(took.hand)
  const least = entitledBy === 'plan' ? 15 : 10
  const what = `The question at ${millions(size.events)} events of ${size.accounts.toLocaleString('en-GB')} accounts, entitlement by ${entitledBy}`
  return [
    {
      what: `${what}, against SQL by hand on the same rollups`,
      figure: times(our / by),
      target: '≤ 1.7×',
      ...atFullSize(isFull, our / by <= 1.7, `${ms(our)} against ${ms(by)}, medians of 15; ${cells.size} cells equal`),
    },
    {
      what: `${what}, against raw events in DuckDB`,
      figure: `${times(rawMs / our)} faster`,
      target: `≥ ${least}×`,
      ...atFullSize(isFull, rawMs / our >= least, `raw ${ms(rawMs)}, the same cells`),
    },
  ]
}
