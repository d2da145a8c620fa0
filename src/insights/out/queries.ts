import { sql } from 'kysely'
import type { Db } from '../../platform/db/database.ts'
import { json } from '../../platform/db/record-fields.ts'
import { settingKind } from '../../platform/db/setting.ts'
import { insights } from '../tables.ts'
import { outColumns, OutSetting, type OutRow } from './schemas.ts'
import type { Scope } from '../../platform/scope.ts'

export interface StoredOut extends OutSetting {
  setBy: string | null
  version: number
  written: { at: Date; rows: number; firstMonth: string | null; lastMonth: string | null; dataTo: string | null } | null
}

/** Before anybody set it: nothing is written by itself, and no row says so. */
const unset = { mode: 'off' as const, dailyAt: '06:00', segmentBys: [], setBy: null, lastDue: null }

export const outSettings = settingKind(insights, {
  table: 'out_setting',
  thing: 'when the table of figures is written',
  fields: {
    mode: 'mode',
    dailyAt: 'daily_at',
    segmentBys: json('segment_bys', OutSetting.shape.segmentBys),
    setBy: 'set_by',
    lastDue: 'last_due',
  },
  unset,
})

export async function findOut(db: Db, scope: Scope): Promise<StoredOut> {
  const { lastDue: _, ...setting } = await outSettings.find(db, scope)
  const written = await insights(db)
    .selectFrom('out_setting')
    .where('workspace_id', '=', scope.workspaceId)
    .where('written_at', 'is not', null)
    .select([
      'written_at as at',
      'written_rows as rows',
      'first_month as firstMonth',
      'last_month as lastMonth',
      'data_to as dataTo',
    ])
    .executeTakeFirst()
  return { ...setting, written: written?.at ? { ...written, at: written.at, rows: written.rows ?? 0 } : null }
}

export async function saveWritten(db: Db, scope: Scope, written: NonNullable<StoredOut['written']>): Promise<void> {
  const values = {
    written_at: written.at,
    written_rows: written.rows,
    first_month: written.firstMonth,
    last_month: written.lastMonth,
    data_to: written.dataTo,
  }
  await insights(db)
    .insertInto('out_setting')
    .values({
      workspace_id: scope.workspaceId,
      mode: unset.mode,
      daily_at: unset.dailyAt,
      segment_bys: '[]',
      set_by: null,
      last_due: null,
      version: 0,
      ...values,
    })
    .onConflict((c) => c.column('workspace_id').doUpdateSet(values))
    .execute()
}

export const isAfterRefresh = async (db: Db, scope: Scope): Promise<boolean> =>
  (await findOut(db, scope)).mode === 'after-refresh'

/** Workspaces whose daily time has come today and that were not told of it yet; each is told once. */
export async function takeDue(db: Db, at: Date): Promise<{ workspaceId: string; createdBy: string }[]> {
  const today = at.toISOString().slice(0, 10)
  const time = at.toISOString().slice(11, 16)
  const rows = await insights(db)
    .updateTable('out_setting')
    .set({ last_due: today })
    .where('mode', '=', 'daily')
    .where('daily_at', '<=', time)
    .where((e) => e.or([e('last_due', 'is', null), e('last_due', '<', today)]))
    .returning(['workspace_id', 'set_by'])
    .execute()
  return rows.map((row) => ({ workspaceId: row.workspace_id, createdBy: row.set_by ?? 'schedule' }))
}

const rowsAtOnce = 5000

/**
 * The table in a schema of its own, with views on it. Rows are replaced and not the table, so that what was granted stays
 * granted; who reads meanwhile sees the rows from before.
 */
export async function replaceOutTable(tx: Db, schema: string, rows: readonly OutRow[]): Promise<void> {
  const table = sql.id(schema, 'metric_table')
  const columns = outColumns.map((c) => sql`${sql.id(c.name)} ${sql.raw(c.postgres)}`)
  const names = sql.join(outColumns.map((c) => sql.id(c.name)))
  await sql`create schema if not exists ${sql.id(schema)}`.execute(tx)
  await sql`create table if not exists ${table} (${sql.join(columns)})`.execute(tx)
  await sql`create or replace view ${sql.id(schema, 'metric_values')} as select ${names} from ${table}`.execute(tx)
  await sql`
    create or replace view ${sql.id(schema, 'latest_values')} as
    select ${names}
    from ${table} m
    where month = (select max(month) from ${table} l where l.metric = m.metric)`.execute(tx)
  await sql`delete from ${table}`.execute(tx)
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    const some = JSON.stringify(rows.slice(at, at + rowsAtOnce))
    await sql`
      insert into ${table} (${names})
      select ${names}
      from jsonb_to_recordset(${some}::jsonb) as r (${sql.join(columns)})`.execute(tx)
  }
}

/** What an administrator of the database runs for a role that is to read; views only, never the tables of the product. */
export const grantStatement = (schema: string): string =>
  [
    `grant usage on schema "${schema}" to reader;`,
    `grant select on "${schema}".metric_values, "${schema}".latest_values to reader;`,
  ].join('\n')
