/** What people decided in PostgreSQL, copied into the warehouse so that one engine can join it with the rows. */
import type { Connection, Value } from '../../platform/warehouse/warehouses.ts'

export interface DecidedDefinition {
  version: number
  /** Null: it always held. */
  validFrom: string | null
  unit: 'events' | 'users' | 'days'
  atLeast: number
  windowKind: 'calendar' | 'rolling'
  windowLength: number
  /** Whether an event of the feature counts; null: all do. */
  counts: ((eventName: string) => boolean) | null
}

export interface DecidedFeature {
  key: string
  name: string
  area: string | null
  isCore: boolean
  releasedOn: string | null
  /** Approved versions, the oldest first; none is the default. */
  definitions?: readonly DecidedDefinition[]
  /** Plans that may use it, where people said so. */
  entitledPlans?: readonly string[] | null
}

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
  await insertRows(
    con,
    'crosswalk',
    decisions.crosswalk.map((c) => [c.source, c.extId, c.accountExtId, c.method]),
  )
  await con.run('delete from exclusion')
  await insertRows(
    con,
    'exclusion',
    decisions.exclusions.map((x) => [x.field, x.operator, x.value, x.reason]),
  )
  await mirrorFeatures(con, decisions)
}

async function mirrorSettings(con: Connection, decisions: Decisions): Promise<void> {
  const first = await con.one<{ source: string }>('select source from account order by batch_id limit 1')
  const book = decisions.revenueBook?.split(':') ?? null
  const found = await con.one<{ dataset: string; source: string }>(`
    select dataset, source
    from (
      select
        'subscriptions' as dataset,
        source,
        min(batch_id) as batch,
        case source when 'billing' then 0 else 2 end as rank
      from subscription
      group by source
      union all select 'mrr', source, min(batch_id), 1 from mrr_snapshot group by source
    )
    order by rank, batch
    limit 1`)
  await con.run('delete from setting')
  await con.run('insert into setting values ($1, $2, $3, $4)', [
    decisions.primarySource ?? first?.source ?? 'crm',
    book?.[1] ?? found?.source ?? null,
    book?.[0] ?? found?.dataset ?? null,
    decisions.rollUpToParent,
  ])
}

/** Ids of features are given once and kept: rollups hold them. */
async function mirrorFeatures(con: Connection, decisions: Decisions): Promise<void> {
  const known = await con.all<{ feature_id: number; key: string }>('select feature_id, key from feature')
  const ids = new Map(known.map(({ key, feature_id }) => [key, feature_id]))
  let last =
    (
      await con.one<{ last: number }>(
        `
          select greatest(
            coalesce((select max(feature_id) from feature), 0),
            coalesce((select max(feature_id) from r_month), 0)
          ) as last`,
      )
    )?.last ?? 0
  for (const feature of decisions.features) if (!ids.has(feature.key)) ids.set(feature.key, (last += 1))
  await con.run('delete from feature')
  await insertRows(
    con,
    'feature',
    decisions.features.map((f) => [ids.get(f.key)!, f.key, f.name, f.area, f.isCore, f.releasedOn]),
  )
  await con.run('delete from feature_plan')
  await insertRows(
    con,
    'feature_plan',
    decisions.features.flatMap((f) => (f.entitledPlans ?? []).map((plan) => [ids.get(f.key)!, plan])),
  )

  await con.run(`insert into event_name select distinct name, 0::smallint, 0 from event
    where ${await onDirtyDays(con)} and name is not null and name not in (select name from event_name)`)
  const names = await con.all<{ name: string; feature_id: number }>('select name, feature_id from event_name')
  const owners = names.map(({ name, feature_id }) => {
    const key = decisions.featureOf(name)
    return { name, key, before: feature_id, id: key === null ? 0 : (ids.get(key) ?? 0) }
  })
  const moved = owners.filter((o) => o.id !== o.before)
  if (moved.length > 0) {
    await con.run('create or replace temp table moved_name (name text, feature_id smallint)')
    await insertRows(
      con,
      'moved_name',
      moved.map((o) => [o.name, o.id]),
    )
    await con.run('update event_name set feature_id = m.feature_id from moved_name m where m.name = event_name.name')
    await con.run('insert into dirty_day select distinct day from r_name where name in (select name from moved_name)')
  }
  await mirrorDefinitions(con, decisions, ids, owners)
}

/** Versions that count only some events get a source of their own in the rollups, under an id below zero that is given once. */
async function mirrorDefinitions(
  con: Connection,
  decisions: Decisions,
  ids: ReadonlyMap<string, number>,
  owners: readonly { name: string; key: string | null }[],
): Promise<void> {
  const variants = await con.all<{ source_id: number; feature_key: string; version: number }>('select * from variant')
  const sources = new Map(variants.map((v) => [`${v.feature_key} ${v.version}`, v.source_id]))
  let lowest = Math.min(0, ...sources.values())
  const rows: Value[][] = []
  const counted: { name: string; source: number }[] = []
  for (const feature of decisions.features) {
    const versions = feature.definitions ?? []
    for (const [i, d] of versions.entries()) {
      const id = ids.get(feature.key)!
      const key = `${feature.key} ${d.version}`
      if (d.counts && !sources.has(key)) {
        sources.set(key, (lowest -= 1))
        await con.run('insert into variant values ($1, $2, $3)', [lowest, feature.key, d.version])
      }
      const source = d.counts ? sources.get(key)! : id
      if (d.counts)
        for (const o of owners) if (o.key === feature.key && d.counts(o.name)) counted.push({ name: o.name, source })
      const shape: Value[] = [source, d.unit, d.atLeast, d.windowKind, d.windowLength]
      rows.push([
        id,
        d.version,
        0,
        ...shape,
        firstMonth(d.validFrom),
        versions[i + 1] ? firstMonth(versions[i + 1]!.validFrom) - 1 : endOfTime,
      ])
      if (i === versions.length - 1) rows.push([id, d.version, 1, ...shape, 0, endOfTime])
    }
  }
  await con.run('delete from definition')
  await insertRows(con, 'definition', rows)
  await replaceValueNames(con, counted)
}

const endOfTime = 9999 * 12

/** A definition holds at a month's end that lies on or after its day. */
const firstMonth = (validFrom: string | null): number =>
  validFrom === null ? 0 : Number(validFrom.slice(0, 4)) * 12 + Number(validFrom.slice(5, 7)) - 1

/** A name that now counts for another version marks its days dirty. */
async function replaceValueNames(con: Connection, counted: readonly { name: string; source: number }[]): Promise<void> {
  const before = await con.all<{ name: string; source_id: number }>('select name, source_id from value_name')
  const keys = (list: readonly { name: string; source: number }[]) =>
    new Map(list.map((c) => [`${c.source} ${c.name}`, c]))
  const old = keys(before.map((b) => ({ name: b.name, source: b.source_id })))
  const now = keys(counted)
  const changed = [...[...old].filter(([key]) => !now.has(key)), ...[...now].filter(([key]) => !old.has(key))].map(
    ([, c]) => c.name,
  )
  if (changed.length === 0) return
  await con.run('delete from value_name')
  await insertRows(
    con,
    'value_name',
    [...now.values()].map((c) => [c.name, c.source]),
  )
  await con.run('create or replace temp table changed_name (name text)')
  await insertRows(
    con,
    'changed_name',
    [...new Set(changed)].map((name) => [name]),
  )
  await con.run('insert into dirty_day select distinct day from r_name where name in (select name from changed_name)')
}

/** Literal bounds around the dirty days let the engine skip every block of events outside of them. */
export async function onDirtyDays(con: Connection): Promise<string> {
  const span = await con.one<{ first: string | null; last: string | null }>(
    'select min(day) as first, max(day) as last from dirty_day',
  )
  if (!span?.first) return 'false'
  return `
    event_time >= '${span.first}'::timestamp
    and event_time < '${span.last}'::timestamp + interval 1 day
    and cast(event_time as date) in (select day from dirty_day)`
}

/** Rows as one parameter of text: planning a parameter for each value takes ten times as long as inserting it. */
export async function insertRows(con: Connection, table: string, rows: Value[][]): Promise<void> {
  const columns = (rows[0] ?? []).map((_, i) => `cells[${i + 1}]`).join(', ')
  for (let at = 0; at < rows.length; at += 10_000) {
    const part = rows.slice(at, at + 10_000).map((row) => row.map((value) => (value === null ? null : String(value))))
    await con.run(
      `insert into ${table} select ${columns} from (select unnest(from_json($1, '[["VARCHAR"]]')) as cells)`,
      [JSON.stringify(part)],
    )
  }
}
