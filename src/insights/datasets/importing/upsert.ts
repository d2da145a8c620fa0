/** Rows by key into a base table: what is there already stays, what differs is put aside so that it can be brought back. */
import type { Connection } from '../../../platform/warehouse/warehouses.ts'

export interface Target {
  table: string
  keys: string[]
  values: string[]
  /** Written, but a difference in them alone is no change. */
  carried?: string[]
  /** Columns that this file does not speak of: a standing row keeps them. */
  kept?: string[]
  /** Selects keys, values and carried by name, each key once. */
  select: string
}

export async function upsert(
  con: Connection,
  { table, keys, values, carried = [], kept = [], select }: Target,
  batchId: number,
): Promise<void> {
  const columns = [...keys, ...values, ...carried]
  const sameKey = keys.map((k) => `t.${k} is not distinct from i.${k}`).join(' and ')
  const differs = values.length === 0 ? 'false' : values.map((v) => `t.${v} is distinct from i.${v}`).join(' or ')
  await con.run(`create or replace temp table incoming as ${select}`)
  await con.run(
    `
      create or replace temp table standing as
      select t.rowid as old_row, i.rowid as new_row, (${differs}) as differs
      from ${table} t
      join incoming i on ${sameKey}`,
  )
  await con.run(
    `
      insert into ${table}_replaced
      select t.*, ${batchId}
      from ${table} t
      where t.rowid in (select old_row from standing where differs)`,
  )
  await con.run(`delete from ${table} where rowid in (select old_row from standing where differs)`)
  const replaced = keys.map((k) => `r.${k} is not distinct from i.${k}`).join(' and ')
  const incoming = [...columns.map((c) => `i.${c}`), ...kept.map((k) => `r.${k}`)]
  await con.run(`
    insert into ${table} (${[...columns, ...kept].join(', ')}, batch_id)
    select ${incoming.join(', ')}, ${batchId}
    from incoming i
    left join ${table}_replaced r on r.replaced_by = ${batchId} and ${replaced}
    where i.rowid not in (select new_row from standing where not differs)`)
}

/** Takes a batch back out: its rows go, what they replaced returns. */
export async function undoRows(con: Connection, table: string, batchId: number): Promise<void> {
  await con.run(`delete from ${table} where batch_id = $1`, [batchId])
  await con.run(`insert into ${table} select * exclude (replaced_by) from ${table}_replaced where replaced_by = $1`, [
    batchId,
  ])
  await con.run(`delete from ${table}_replaced where replaced_by = $1`, [batchId])
}
