/** Rows that are known by a key: staged, checked, then written to the tables of their dataset. */
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { convertFields, fieldChecks, literal, name, rejectColumns, trimmed } from '../mapping/convert.ts'
import { forgetRejects, type SourceFile } from '../reading/source.ts'
import type { Mapping } from '../schemas.ts'
import type { FileReading, Landed, Looked, Reading, StagingOf, WarehouseTarget } from '../declaration.ts'
import { allEmpty, maxRejectsListed, rawOf, unreadableRows, type BadRow } from './rejects.ts'
import { upsert, type Target } from './upsert.ts'
import { askOfStage, oddRows, pointsOf } from './whole-file.ts'

export interface TargetOptions {
  source: string
  importedOn: string
  attributes: boolean
  /** Fields that the mapping reads. */
  mapped: ReadonlySet<string>
}

/** A dataset whose rows are known by a key and written into base tables, the first of which holds each key once. */
export interface Keyed {
  tables: readonly [string, ...string[]]
  dirties: string
  staging: StagingOf
  /** Which columns of the first table come from which field, where a file may leave the field out. */
  optional: Readonly<Record<string, string>>
  /** Over the temporary table `stage`, of which only good rows, each key once, are left; first that of the first table. */
  targets: (options: TargetOptions) => Target[]
}

export const keyedTarget = (keyed: Keyed): WarehouseTarget => ({
  store: 'warehouse',
  tables: keyed.tables,
  dirties: keyed.dirties,
  look: (con, reading) => lookAtRows(con, reading, keyed.staging),
  take: (con, reading) => stageRows(con, reading, keyed.staging),
  async settle(con, { mapping, today }, { batchId, hasAttributes }) {
    const landed = await writeRows(con, keyed, batchId, {
      source: mapping.source,
      importedOn: today,
      attributes: hasAttributes,
      mapped: new Set(Object.keys(mapping.fields)),
    })
    return { ...landed, firstDay: null, lastDay: null }
  },
})

/** A file that leaves an optional field out keeps what stands there. */
function targetsOf({ targets, optional }: Keyed, options: TargetOptions): [Target, ...Target[]] {
  const [main, ...rest] = targets(options) as [Target, ...Target[]]
  const isMapped = (column: string) => {
    const field = optional[column]
    return field === undefined || options.mapped.has(field)
  }
  return [
    { ...main, values: main.values.filter(isMapped), kept: main.values.filter((column) => !isMapped(column)) },
    ...rest,
  ]
}

/** The same reading without a write. */
export async function lookAtRows(con: Connection, reading: FileReading, staging: StagingOf): Promise<Looked> {
  const read = await stageRows(con, reading, staging)
  const sample = await con.all<Record<string, string | null>>(
    `
      select cast(columns(* exclude (row_no, is_empty, points, reason, field, value, raw)) as varchar)
      from stage
      order by row_no
      limit 10`,
  )
  return { ...read, firstDay: null, lastDay: null, sample }
}

/** Reads the whole file into the temporary table `stage`; what stays there is good, each key once. */
export async function stageRows(
  con: Connection,
  { dataset, mapping, source, currency }: FileReading,
  stagingOf: StagingOf,
): Promise<Reading> {
  const fields = convertFields(dataset.fields, mapping, new Map(source.columns.map((c) => [c.name, { type: c.type }])))
  const staging = stagingOf(mapping, fields, currency)
  const reject = rejectColumns([...fieldChecks(mapping, fields), ...oddRows(fields, mapping), ...staging.checks])
  const attributes = dataset.keys.includes('attributes') ? attributeColumns(source, mapping) : []
  await forgetRejects(con)
  const named = Object.entries(staging.fields).map(([key, sql]) => `${sql} as ${key}`)
  const extras = attributes.map(([, column], i) => `${trimmed(`cast(${name(column)} as varchar)`)} as attribute_${i}`)
  await con.run(`
    create or replace temp table stage as
    select
      row_number() over () as row_no,
      ${[...named, ...extras].join(', ')},
      (${allEmpty(source)}) as is_empty,
      ${pointsOf(mapping, fields, source)} as points,
      ${reject.reason} as reason,
      ${reject.field} as field,
      ${reject.value} as value,
      ${rawOf(source)} as raw
    from ${source.relation}`)
  const unreadable = await unreadableRows(con, source)
  if (source.emptyIsBroken) await con.run(`update stage set reason = 'The line is not a JSON object' where is_empty`)
  else await con.run('delete from stage where is_empty')
  const repeated = await settleDuplicates(
    con,
    staging.key,
    [...Object.keys(staging.fields), ...attributes.map((_, i) => `attribute_${i}`)],
    staging.repeatIs,
  )
  const counts = await con.one<{ n: number; bad: number }>('select count(*) as n, count(reason) as bad from stage')
  await askOfStage(con, dataset, mapping)
  const bad = await con.all<BadRow>(
    `
      select row_no as record, reason, field, value, raw
      from stage
      where reason is not null
      order by row_no
      limit ${maxRejectsListed}`,
  )
  await con.run('delete from stage where reason is not null')
  if (attributes.length > 0)
    await stageAttributes(
      con,
      attributes.map(([key]) => key),
    )
  return {
    read: counts!.n + repeated + unreadable.count,
    rejected: counts!.bad + unreadable.count,
    repeated,
    bad,
    unreadable: unreadable.rows,
    hasAttributes: attributes.length > 0,
  }
}

/** Of rows with one key the first is taken; the same content again is nothing new, other content is rejected. */
async function settleDuplicates(
  con: Connection,
  key: readonly string[],
  content: readonly string[],
  repeatIs: string | undefined,
): Promise<number> {
  await con.run(`
    create or replace temp table stage_duplicate as
    select row_no, content = first_content as is_same
    from (
      select
        row_no,
        hash(${content.join(', ')}) as content,
        first_value(hash(${content.join(', ')})) over same_key as first_content,
        row_number() over same_key as nth
      from stage
      where reason is null
      window same_key as (partition by ${key.join(', ')} order by row_no)
    )
    where nth > 1`)
  await con.run(`
    update stage
    set
      reason = 'The same ${key.length === 1 ? 'id' : 'key'} stands above with other content',
      value = concat_ws(', ', ${key.join(', ')})
    where row_no in (select row_no from stage_duplicate where not is_same)`)
  if (repeatIs)
    await con.run(`
      update stage
      set reason = ${literal(repeatIs)}, value = concat_ws(', ', ${key.join(', ')})
      where row_no in (select row_no from stage_duplicate where is_same)`)
  return repeatIs ? 0 : con.run('delete from stage where row_no in (select row_no from stage_duplicate where is_same)')
}

/** Named by the mapping, else every column that no field uses. */
function attributeColumns(source: SourceFile, mapping: Mapping): [key: string, column: string][] {
  const used = new Set(Object.values(mapping.fields).flatMap((f) => f.column ?? []))
  const named = mapping.attributes
    ? Object.entries(mapping.attributes)
    : source.columns.filter((c) => !used.has(c.name)).map((c): [string, string] => [c.name, c.name])
  return named.filter(([, column]) => source.columns.some((c) => c.name === column))
}

async function stageAttributes(con: Connection, keys: readonly string[]): Promise<void> {
  await con.run('create or replace temp table stage_attribute (ext_id text, key text, value text, valid_from date)')
  for (const [i, key] of keys.entries()) {
    await con.run(`insert into stage_attribute select ext_id, ${literal(key)}, attribute_${i}, valid_from from stage
      qualify row_number() over (partition by ext_id, valid_from order by row_no desc) = 1`)
  }
}

/** @returns how many of the staged rows are new, changed and unchanged */
async function writeRows(con: Connection, keyed: Keyed, batchId: number, options: TargetOptions): Promise<Landed> {
  const targets = targetsOf(keyed, options)
  for (const target of targets) await upsert(con, target, batchId)
  const [main] = targets
  const key = main.keys.filter((k) => k !== 'source')
  const same = (alias: string) => key.map((k) => `${alias}.${k} is not distinct from s.${k}`).join(' and ')
  const touched = keyed.tables
    .map((table) => `select ${key.join(', ')} from ${table} where batch_id = ${batchId}`)
    .join(' union ')
  const counts = await con.one<{ all_rows: number; touched: number; fresh: number }>(`
    select
      count(*) as all_rows,
      count(*) filter (is_touched) as touched,
      count(*) filter (is_written and not is_replaced) as fresh
    from (
      select
        exists (select 1 from (${touched}) t where ${same('t')}) as is_touched,
        exists (
          select 1
          from ${main.table} m
          where m.batch_id = ${batchId} and ${same('m')}
        ) as is_written,
        exists (
          select 1
          from ${main.table}_replaced r
          where r.replaced_by = ${batchId} and ${same('r')}
        ) as is_replaced
      from stage s
    )`)
  const { all_rows: all, touched: moved, fresh } = counts!
  return { new: fresh, changed: moved - fresh, unchanged: all - moved }
}
