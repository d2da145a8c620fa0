/** What a figure is computed from: the imports that stand, the tables made of them, and the values by month. */
import { monthIndex } from '../../platform/calendar/month.ts'
import type { Db } from '../../platform/db/database.ts'
import { isProductError } from '../../platform/errors.ts'
import { keptKind, type MeasureKind, type Measures } from '../../platform/rooms/measure.ts'
import type { Wins } from '../../platform/rooms/win.ts'
import type { Scope } from '../../platform/scope.ts'
import type { Services } from '../../platform/services.ts'
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { revenueMonths } from '../analyses/ground/asking.ts'
import { isOfBook, type MeasurePoint, type MeasureRef } from './measures.ts'
import { definitions } from '../definitions/definitions.ts'
import type { Lineage, MadeOf } from './schemas.ts'

/** Where figures are read, of whatever room; `con` is held meanwhile. */
export interface Source {
  db: Db
  scope: Scope
  con: Connection
  measures: Measures
  wins: Wins
}
export const sourceOf = (
  { db, scope, services }: { db: Db; scope: Scope; services: Pick<Services, 'rooms'> },
  con: Connection,
): Source => ({ db, scope, con, measures: services.rooms.measures, wins: services.rooms.wins })

/** Which files a measure stands on. */
const datasetsOf = ({ measure, needsFeature }: MeasureKind): string[] =>
  isOfBook(measure)
    ? ['accounts', 'subscriptions', 'mrr', ...(needsFeature ? ['usage', 'users', 'entitlements'] : [])]
    : []

/** Keys of the definitions that a measure is computed by. */
export const definitionsOf = (
  { measure, definition, needsFeature }: MeasureKind,
  ref: Pick<MeasureRef, 'segment'>,
): string[] => [
  ...new Set([
    definition,
    ...(isOfBook(measure) ? ['arr'] : []),
    ...(needsFeature ? ['eligible', 'adopter', 'entitlement', 'not-measured'] : []),
    ...(ref.segment === null ? [] : ['segment']),
  ]),
]

const iso = (text: string) => `${text.replace(' ', 'T')}Z`
/** Imports that stand, of datasets as parameters; none of no dataset. */
const standing = (datasets: readonly string[]) =>
  `undone_at is null and dataset in (${datasets.map((_, i) => `$${i + 1}`).join(', ') || 'null'})`

/** Of the feature's rules, and of its adoption definition; 0: the default. */
export interface FeatureVersion {
  rules: number
  definition: number
}

export async function readMadeOf(
  con: Connection,
  kind: MeasureKind,
  ref: MeasureRef,
  feature: FeatureVersion | null,
): Promise<MadeOf> {
  const datasets = datasetsOf(kind)
  const batches = await con.all<{ id: number }>(
    `select id from batch where ${standing(datasets)} order by id`,
    datasets,
  )
  const refreshed = await con.one<{ at: string | null }>('select max(logged_at) as at from refresh_log')
  return {
    batches: batches.map((b) => b.id),
    refreshedAt: refreshed?.at ? iso(refreshed.at) : null,
    featureVersion: feature?.rules ?? null,
    definitions: {
      ...Object.fromEntries(
        definitionsOf(kind, ref).map((key) => [key, definitions.find((d) => d.key === key)?.version ?? 1]),
      ),
      ...(feature ? { 'adoption of the feature': feature.definition } : {}),
    },
  }
}

const revenueTables = [
  { name: 'customer', holds: 'accounts of the book of record, each once' },
  { name: 'revenue_month', holds: 'ARR by account and month-end' },
]
const usageTables = [
  { name: 'af', holds: 'use by account, feature and month' },
  { name: 'feature', holds: 'features and their rules' },
  { name: 'entitled_plan, entitled_account', holds: 'who may use what' },
]

export async function readLineage(con: Connection, kind: MeasureKind, ref: MeasureRef): Promise<Lineage> {
  const datasets = datasetsOf(kind)
  const where = standing(datasets)
  const files = await con.all<{ dataset: string; imports: number; rows: number; last_file: string; last_at: string }>(
    `
      select
        dataset,
        count(*) as imports,
        sum(rows_read)::bigint as rows,
        arg_max(file_name, id) as last_file,
        max(committed_at) as last_at
      from batch
      where ${where}
      group by dataset
      order by dataset`,
    datasets,
  )
  const recent = await con.all<{
    id: number
    dataset: string
    file_name: string
    imported_by: string
    committed_at: string
    rows_read: number
  }>(
    `
      select id, dataset, file_name, imported_by, committed_at, rows_read
      from batch
      where ${where}
      order by id desc
      limit 8`,
    datasets,
  )
  const refreshed = await con.one<{ at: string | null }>('select max(logged_at) as at from refresh_log')
  return {
    files: files.map((f) => ({
      dataset: f.dataset,
      imports: f.imports,
      rows: f.rows,
      lastFile: f.last_file,
      lastImportAt: iso(f.last_at),
    })),
    tables: [
      ...(isOfBook(kind.measure) ? revenueTables : []),
      ...(ref.segment === null ? [] : [{ name: 'attribute', holds: `${ref.segmentBy} of accounts, with its history` }]),
      ...(kind.needsFeature ? usageTables : []),
    ],
    refreshedAt: refreshed?.at ? iso(refreshed.at) : null,
    recent: recent.map((b) => ({
      id: b.id,
      dataset: b.dataset,
      fileName: b.file_name,
      importedBy: b.imported_by,
      committedAt: iso(b.committed_at),
      rows: b.rows_read,
    })),
  }
}

/** A measure whose feature was taken out has no values and says so. */
export async function readPoints(
  from: Source,
  ref: MeasureRef,
  months: readonly number[],
): Promise<{ points: MeasurePoint[]; problem: string | null }> {
  const kind = keptKind(from.measures, ref)
  try {
    return { points: await kind.read(from, ref, months), problem: null }
  } catch (error) {
    if (isProductError(error) && error.code === 'not-found')
      return { points: [], problem: kind.needsFeature ? 'Its feature was taken out.' : error.message }
    throw error
  }
}

/** Changes with every refresh. */
export const readStamp = async (con: Connection): Promise<string> =>
  (await con.one<{ at: string | null }>('select max(logged_at) as at from refresh_log'))?.at ?? ''

/** The last complete month of the book; null without revenue. */
export async function lastMonth(con: Connection, today: Date): Promise<number | null> {
  try {
    return (await revenueMonths(con, today.toISOString())).last
  } catch (error) {
    if (isProductError(error) && error.code === 'precondition') return null
    throw error
  }
}

/** The months that a measure can have on a day: those of the book, and of what another room brings all that are over. @throws precondition without revenue */
export const monthsOf = async (
  con: Connection,
  measure: string,
  day: string,
): Promise<{ first: number; last: number }> =>
  isOfBook(measure) ? revenueMonths(con, day) : { first: 0, last: monthIndex(day) - 1 }

/** The last of them, where that of the book is known. */
export const lastMonthOf = (measure: string, book: number | null, today: Date): number | null =>
  isOfBook(measure) ? book : monthIndex(today.toISOString()) - 1
