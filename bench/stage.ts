/** A data folder with the company in it, made once per run and shared by the promises that read it. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openClient } from '../src/faces/cli/client.ts'
import type { StoredFeature } from '../src/insights/features/queries.ts'
import { featureMatcher } from '../src/insights/features/rules.ts'
import type { Decisions } from '../src/insights/datasets/mirror.ts'
import { openWarehouses, warehouseDefaults, type Warehouse } from '../src/platform/warehouse/warehouses.ts'
import { setUp } from '../tests/support/server-process.ts'
import type { Run } from './measure.ts'
import {
  features,
  openGenerator,
  writeBook,
  writeUsage,
  type CompanyFiles,
  type Size,
  type UsageFile,
} from './company.ts'

export interface LoadFigures {
  importMs: number
  refreshMs: number
  peakMb: number
  rows: number
}
export interface Company {
  size: Size
  dataDir: string
  workspaceId: string
  slug: string
  files: CompanyFiles
  features: StoredFeature[]
  load: LoadFigures
}

export async function companyOf(run: Run, size: Size): Promise<Company> {
  const folder = join(run.folder, `company-${size.events}`)
  const known = join(folder, 'company.json')
  if (existsSync(known)) return JSON.parse(readFileSync(known, 'utf8')) as Company
  await mkdir(folder, { recursive: true })
  const dataDir = join(folder, 'data')
  const { workspaceId, slug } = await setUp(dataDir)
  const client = await openClient({ data: dataDir })
  await client.call('insights.features.apply', { features }, { workspace: slug })
  const catalogue = await client.call<{ features: StoredFeature[] }>('insights.features.list', {}, { workspace: slug })
  await client.close()
  const generator = await openGenerator(join(folder, 'files'), size)
  const files = await writeBook(generator)
  const usage = await writeUsage(generator, 'parquet')
  generator.close()
  const load = await inChild<LoadFigures>('load.ts', {
    dataDir,
    workspaceId,
    files,
    usage,
    features: catalogue.features,
  })
  const company: Company = { size, dataDir, workspaceId, slug, files, features: catalogue.features, load }
  writeFileSync(known, JSON.stringify(company))
  return company
}

export interface LoadInput {
  dataDir: string
  workspaceId: string
  files: CompanyFiles
  usage: UsageFile[]
  features: StoredFeature[]
}

export const decisionsOf = (catalogue: readonly StoredFeature[]): Decisions => ({
  features: catalogue.map((f) => ({
    key: f.id,
    name: f.name,
    area: f.area,
    isCore: f.isCore,
    releasedOn: f.releasedOn,
  })),
  featureOf: featureMatcher(catalogue),
  crosswalk: [],
  exclusions: [],
  primarySource: null,
  revenueBook: null,
  rollUpToParent: false,
})

/** The warehouse without its server; nothing else may hold the data folder meanwhile. */
export async function inWarehouse<T>(
  company: Pick<Company, 'dataDir' | 'workspaceId'>,
  work: (warehouse: Warehouse) => Promise<T>,
): Promise<T> {
  const warehouses = openWarehouses({ folder: join(company.dataDir, 'warehouse'), ...warehouseDefaults })
  try {
    return await work(await warehouses.open(company.workspaceId))
  } finally {
    await warehouses.close()
  }
}

/** Runs a file of this folder in a process of its own, so that its memory is its own; its last line is the answer. */
export async function inChild<T>(file: string, input: unknown): Promise<T> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', fileURLToPath(new URL(file, import.meta.url)), JSON.stringify(input)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`bench/${file} ended with ${code}.`)
  return JSON.parse(said.trimEnd().split('\n').at(-1)!) as T
}

export const peakMb = (): number => Math.round(process.resourceUsage().maxRSS / 1024)
