/** What people decided in PostgreSQL, copied into the warehouse so that one engine can join it with the rows. */
import type { Connection, Value } from '../../platform/warehouse/warehouses.ts'

export interface DecidedFeature { key: string; name: string; area: string | null; isCore: boolean; releasedOn: string | null }

export interface Decisions {
  features: DecidedFeature[]
  /** Which feature a raw event name belongs to, or null; the rules of the feature catalogue. */
  featureOf: (eventName: string) => string | null
  crosswalk: { source: string; extId: string; accountExtId: string | null; method: string }[]
  exclusions: { field: string; operator: 'is' | 'contains' | 'ends-with'; value: string; reason: string }[]
  primarySource: string | null
  /** `subscriptions:billing` or `mrr:billing`; null: the only book there is. */
  revenueBook: string | null
  rollUpToParent: boolean
}

/** A raw event name that now belongs to another feature marks its days dirty. */
export async function mirrorDecisions(con: Connection, decisions: Decisions): Promise<void> {
  await mirrorSettings(con, decisions)
  await con.run('delete from crosswalk')
  await insertRows(con, 'crosswalk', decisions.crosswalk.map((c) => [c.source, c.extId, c.accountExtId, c.method]))
  await con.run('delete from exclusion')
  await insertRows(con, 'exclusion', decisions.exclusions.map((x) => [x.field, x.operator, x.value, x.reason]))
  await mirrorFeatures(con, decisions)
}

async function mirrorSettings(con: Connection, decisions: Decisions): Promise<void> {
  const first = await con.one<{ source: string }>('select source from account order by batch_id limit 1')
  const book = decisions.revenueBook?.split(':') ?? null
  const found = await con.one<{ dataset: string; source: string }>(`select dataset, source from (
    select 'subscriptions' as dataset, source, min(batch_id) as batch, case source when 'billing' then 0 else 2 end as rank from subscription group by source
    union all select 'mrr', source, min(batch_id), 1 from mrr_snapshot group by source) order by rank, batch limit 1`)
  await con.run('delete from setting')
  await con.run('insert into setting values ($1, $2, $3, $4)', [
    decisions.primarySource ?? first?.source ?? 'crm', book?.[1] ?? found?.source ?? null, book?.[0] ?? found?.dataset ?? null, decisions.rollUpToParent])
}

/** Ids of features are given once and kept: rollups hold them. */
async function mirrorFeatures(con: Connection, decisions: Decisions): Promise<void> {
  const known = await con.all<{ feature_id: number; key: string }>('select feature_id, key from feature')
  const ids = new Map(known.map(({ key, feature_id }) => [key, feature_id]))
  let last = (await con.one<{ last: number }>('select greatest(coalesce((select max(feature_id) from feature), 0), coalesce((select max(feature_id) from r_month), 0)) as last'))?.last ?? 0
  for (const feature of decisions.features) if (!ids.has(feature.key)) ids.set(feature.key, (last += 1))
  await con.run('delete from feature')
  await insertRows(con, 'feature', decisions.features.map((f) => [ids.get(f.key)!, f.key, f.name, f.area, f.isCore, f.releasedOn]))

  await con.run(`insert into event_name select distinct name, 0::smallint, 0 from event
    where cast(event_time as date) in (select day from dirty_day) and name is not null and name not in (select name from event_name)`)
  const names = await con.all<{ name: string; feature_id: number }>('select name, feature_id from event_name')
  const moved = names.flatMap(({ name, feature_id }) => {
    const key = decisions.featureOf(name)
    const id = key === null ? 0 : ids.get(key) ?? 0
    return id === feature_id ? [] : [[name, id] as Value[]]
  })
  if (moved.length === 0) return
  await con.run('create or replace temp table moved_name (name text, feature_id smallint)')
  await insertRows(con, 'moved_name', moved)
  await con.run('update event_name set feature_id = m.feature_id from moved_name m where m.name = event_name.name')
  await con.run('insert into dirty_day select distinct day from r_name where name in (select name from moved_name)')
}

/** Rows by parameters, a thousand values at a time. */
export async function insertRows(con: Connection, table: string, rows: Value[][]): Promise<void> {
  const width = rows[0]?.length ?? 1
  const step = Math.max(1, Math.floor(1000 / width))
  for (let at = 0; at < rows.length; at += step) {
    const part = rows.slice(at, at + step)
    const marks = part.map((_, i) => `(${Array.from({ length: width }, (_, j) => `$${i * width + j + 1}`).join(', ')})`).join(', ')
    await con.run(`insert into ${table} values ${marks}`, part.flat())
  }
}
