/** The table as files that other tools open: Parquet, and a DuckDB file with views. */
import { writePortable } from '../../platform/warehouse/portable.ts'
import { outColumns } from './schemas.ts'

/** @param lines the rows as JSON, one on a line; a file, so that no number goes through the text of a statement */
export async function writeTables(paths: { lines: string; duckdb: string; parquet: string }): Promise<void> {
  await writePortable(paths.duckdb, async (con) => {
    await con.run(`create table metric_table (${outColumns.map((c) => `${c.name} ${c.duckdb}`).join(', ')})`)
    const shape = `{${outColumns.map((c) => `'${c.name}': '${c.duckdb}'`).join(', ')}}`
    await con.run(
      `
        insert into metric_table
        select ${outColumns.map((c) => c.name).join(', ')}
        from read_json($1, format = 'newline_delimited', columns = ${shape})`,
      [paths.lines],
    )
    await con.run('create view metric_values as select * from metric_table')
    await con.run(
      `
        create view latest_values as
        select *
        from metric_table m
        where month = (select max(month) from metric_table l where l.metric = m.metric)`,
    )
    await con.run(
      `
        copy (
          select *
          from metric_values
          order by metric, segment_by, segment, feature, month
        ) to '${paths.parquet.replaceAll("'", "''")}' (format parquet, compression zstd)`,
    )
  })
}
