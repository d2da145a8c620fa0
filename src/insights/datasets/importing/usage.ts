/** Usage: inserted in one pass; only where a row failed a check, a second pass finds out which and why. */
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { convertFields, fieldChecks, literal, rejectColumns, type Check, type Converted } from '../mapping/convert.ts'
import { forgetRejects, type SourceFile } from '../reading/source.ts'
import type { ImportMode, Mapping } from '../schemas.ts'
import { askForNobody } from './whole-file.ts'
import { allEmpty, maxRejectsListed, rawOf, unreadableRows, type BadRow } from './rejects.ts'
import type { FileReading, Landed, Looked, Reading, Span, WarehouseTarget } from '../declaration.ts'

const refKinds = ['account', 'user', 'subscription'] as const

interface Usage {
  columns: string
  checks: Check[]
  inner: string
}

/** Events are poured in as they are and settled by their days, not by a key. */
export const usageTarget: WarehouseTarget = {
  store: 'warehouse',
  tables: ['event'],
  dirties: 'features',
  look: lookAtUsage,
  take: insertUsage,
  settle: (con, { mapping }, { mode, batchId }) => settleUsage(con, mapping, mode, batchId),
  async beforeUndo(con, batchId) {
    await con.run('insert into dirty_day select distinct cast(event_time as date) from event where batch_id = $1', [
      batchId,
    ])
    await con.run(
      'insert into dirty_day select distinct cast(event_time as date) from event_replaced where replaced_by = $1',
      [batchId],
    )
  },
}

type RefKind = (typeof refKinds)[number]
/** The number under which `origin` keeps a kind of id of the file's system. */
type Origins = Partial<Record<RefKind, number>>

function usageOf({ dataset, mapping, source, today }: FileReading, origins: Origins): Usage {
  const fields = convertFields(dataset.fields, mapping, new Map(source.columns.map((c) => [c.name, { type: c.type }])))
  // Each value is worked out once, below the checks; a needed one is bad where there is none, whatever the text says.
  const staged = new Map(
    [...fields].map(([field, f]) => [
      field,
      { ...f, value: `value_${field}`, isEmpty: f.field.required ? `value_${field} is null` : `empty_${field}` },
    ]),
  )
  const values = [...fields].flatMap(([field, f]) => [
    `${f.value} as value_${field}`,
    ...(f.field.required || f.value === f.text ? [] : [`${f.isEmpty} as empty_${field}`]),
  ])
  const bad = checksOf(mapping, staged, today)
    .map((c) => `(${c.when})`)
    .join(' or ')
  const { origin, ref, what } = namedIn(staged, origins)
  const count = staged.get('count')
  const value = (name: string) => staged.get(name)?.value ?? 'cast(null as varchar)'
  return {
    checks: checksOf(mapping, fields, today),
    inner: `(select ${values.join(', ')} from ${source.relation})`,
    columns: `
      case when ${bad} then null else ${value('time')} end as event_time,
      ${origin} as origin_id,
      ${ref} as ref,
      ${value('user')} as user_key,
      ${what.value} as name,
      ${count ? `try_cast(coalesce(${count.value}, 1) as integer)` : '1'} as n,
      ${value('eventId')} as event_id`,
  }
}

function namedIn(fields: ReadonlyMap<string, Converted>, origins: Origins = {}) {
  const kinds = refKinds.flatMap((kind) => {
    const f = fields.get(kind)
    return f ? [{ kind, f }] : []
  })
  const [first] = kinds
  const isOne = kinds.length === 1
  const originOf = (kind: RefKind) => String(origins[kind] ?? 'null')
  const cases = kinds.map(({ kind, f }) => `when ${f.value} is not null then ${originOf(kind)}`)
  const origin = isOne ? originOf(first!.kind) : `case ${cases.join(' ')} end`
  return {
    kinds,
    what: (fields.get('event') ?? fields.get('feature'))!,
    origin: `cast(${origin} as smallint)`,
    ref: isOne ? first!.f.value : `coalesce(${kinds.map(({ f }) => f.value).join(', ')})`,
  }
}

function checksOf(mapping: Mapping, fields: Map<string, Converted>, today: string): Check[] {
  const time = fields.get('time')!
  const count = fields.get('count')
  const { kinds, ref, what } = namedIn(fields)
  return [
    ...fieldChecks(mapping, fields),
    {
      when: `${ref} is null`,
      reason: `Nobody is named: ${kinds.map(({ f }) => f.field.label).join(', ')} ${kinds.length === 1 ? 'is' : 'are'} empty`,
      field: kinds[0]!.kind,
      text: kinds[0]!.f.text,
    },
    { when: `${what.value} is null`, reason: `${what.field.label} is empty`, field: what.field.name, text: what.text },
    { when: `${time.value} < timestamp '2000-01-01'`, reason: 'Time lies before 2000', field: 'time', text: time.text },
    {
      when: `${time.value} >= timestamp '${today}' + interval 2 day`,
      reason: 'Time lies in the future',
      field: 'time',
      text: time.text,
    },
    ...(count
      ? [
          {
            when: `${count.value} < 0 or ${count.value} > 2000000000`,
            reason: 'Count is negative or beyond two thousand million',
            field: 'count',
            text: count.text,
          },
        ]
      : []),
  ]
}

/** The origins of the mapping, those that are new among them. */
async function registerOrigins(con: Connection, mapping: Mapping): Promise<Origins> {
  const origins: Origins = {}
  for (const kind of refKinds.filter((one) => mapping.fields[one])) {
    await con.run(
      `
        insert into origin
        select (select coalesce(max(origin_id), 0) + 1 from origin), $1, $2
        where not exists (from origin where ref_kind = $1 and source = $2)`,
      [kind, mapping.source],
    )
    origins[kind] = (await con.one<{ id: number }>(
      'select origin_id as id from origin where ref_kind = $1 and source = $2',
      [kind, mapping.source],
    ))!.id
  }
  return origins
}

/** Inserts every row under the batch, then takes the bad ones out again. */
async function insertUsage(con: Connection, reading: FileReading, batchId: number): Promise<Reading> {
  const { mapping, source } = reading
  const usage = usageOf(reading, await registerOrigins(con, mapping))
  await forgetRejects(con)
  const inserted = await con.run(`insert into event select ${usage.columns}, ${batchId} from ${usage.inner}`)
  await askForNobody(con, reading, batchId)
  const unreadable = await unreadableRows(con, source)
  // The rows are gone through once more, for their days and for those that failed a check.
  await con.run(`
    create or replace temp table batch_day as
    select cast(event_time as date) as day, count(*) as n
    from event
    where batch_id = ${batchId}
    group by 1`)
  const failed = await con.one<{ n: number }>(
    'select coalesce(sum(n), 0)::bigint as n from batch_day where day is null',
  )
  const found = failed!.n === 0 ? { rows: [] as BadRow[], empty: 0 } : await badRows(con, source, usage)
  if (failed!.n > 0) await con.run('delete from event where batch_id = $1 and event_time is null', [batchId])
  const read = inserted - found.empty + unreadable.count
  return {
    read,
    rejected: failed!.n - found.empty + unreadable.count,
    repeated: 0,
    bad: found.rows,
    unreadable: unreadable.rows,
    hasAttributes: false,
  }
}

async function badRows(con: Connection, source: SourceFile, usage: Usage): Promise<{ rows: BadRow[]; empty: number }> {
  const reject = rejectColumns(usage.checks)
  // An empty line of CSV is passed over; a line of NDJSON without a value is no object.
  const isEmpty = source.emptyIsBroken ? 'false' : allEmpty(source)
  const reason = source.emptyIsBroken
    ? `case when ${allEmpty(source)} then 'The line is not a JSON object' else ${reject.reason} end`
    : reject.reason
  await forgetRejects(con)
  await con.run(`
    create or replace temp table stage_bad as
    select *
    from (
      select
        row_number() over () as record,
        ${reason} as reason,
        ${reject.field} as field,
        ${reject.value} as value,
        ${rawOf(source)} as raw,
        (${isEmpty}) as is_empty
      from ${source.relation}
    )
    where reason is not null`)
  const rows = await con.all<BadRow>(
    `
      select record, reason, field, value, raw
      from stage_bad
      where not is_empty
      order by record
      limit ${maxRejectsListed}`,
  )
  const empty = await con.one<{ n: number }>('select count(*) as n from stage_bad where is_empty')
  return { rows, empty: empty!.n }
}

/** The same reading without a write. */
async function lookAtUsage(con: Connection, reading: FileReading): Promise<Looked> {
  const { source } = reading
  const usage = usageOf(reading, {})
  await forgetRejects(con)
  const counts = await con.one<{ n: number; good: number; first: string | null; last: string | null }>(
    `
      select
        count(*) as n,
        count(event_time) as good,
        cast(min(event_time) as date) as first,
        cast(max(event_time) as date) as last
      from (select ${usage.columns} from ${usage.inner})`,
  )
  const unreadable = await unreadableRows(con, source)
  const failed = counts!.n - counts!.good
  const found = failed === 0 ? { rows: [], empty: 0 } : await badRows(con, source, usage)
  return {
    read: counts!.n - found.empty + unreadable.count,
    rejected: failed - found.empty + unreadable.count,
    repeated: 0,
    bad: found.rows,
    unreadable: unreadable.rows,
    hasAttributes: false,
    firstDay: counts!.first,
    lastDay: counts!.last,
    sample: [],
  }
}

/** What was inserted against what stood there: nothing is counted twice. Marks the days that must be rolled up again. */
async function settleUsage(
  con: Connection,
  mapping: Mapping,
  mode: ImportMode,
  batchId: number,
): Promise<Landed & Span> {
  const span = await con.one<{ first: string | null; last: string | null; n: number }>(
    'select min(day) as first, max(day) as last, coalesce(sum(n), 0)::bigint as n from batch_day where day is not null',
  )
  if (!span?.first) return { new: 0, changed: 0, unchanged: 0, firstDay: null, lastDay: null }
  const inserted = span.n
  // Whether every row still stands; only where some may not, they are counted again.
  let isWhole = true
  // A row that stands for no event adds nothing.
  if (mapping.fields['count'] && (await con.run(`delete from event where batch_id = ${batchId} and n = 0`)) > 0)
    isWhole = false
  const within = `
    batch_id <> ${batchId}
    and ${ofSource(mapping.source)}
    and event_time >= '${span.first}'::timestamp
    and event_time < '${span.last}'::timestamp + interval 1 day
    and cast(event_time as date) in (select day from batch_day)`
  let changed = 0
  if (mode === 'replace-days') await putAside(con, within, batchId)
  else {
    if (mapping.fields['eventId']) {
      changed += await settleById(con, mapping.source, batchId)
      isWhole = false
    }
    const overlap = await con.one<{ there: boolean }>(`select exists (select 1 from event where ${within}) as there`)
    if (overlap!.there) {
      changed += mapping.fields['count']
        ? await settleCounted(con, within, batchId)
        : await settleSingle(con, within, batchId)
      isWhole = false
    }
  }
  await con.run(
    `insert into dirty_day select distinct cast(event_time as date) from event_replaced where replaced_by = ${batchId}`,
  )
  const kept = isWhole
    ? inserted
    : (await con.one<{ n: number }>(`select count(*) as n from event where batch_id = ${batchId}`))!.n
  const days =
    kept === inserted
      ? 'select day from batch_day where day is not null'
      : `select distinct cast(event_time as date) from event where batch_id = ${batchId}`
  await con.run(`insert into dirty_day ${days}`)
  return { new: kept - changed, changed, unchanged: inserted - kept, firstDay: span.first, lastDay: span.last }
}

async function putAside(con: Connection, where: string, batchId: number): Promise<void> {
  await con.run(`insert into event_replaced select *, ${batchId} from event where ${where}`)
  await con.run(`delete from event where ${where}`)
}

const ofSource = (source: string) => `origin_id in (select origin_id from origin where source = ${literal(source)})`

const content = ['event_time', 'origin_id', 'ref', 'user_key', 'name', 'n']

/** One event per id: the same again is dropped, other content replaces what stood there. @returns rows that replaced one */
async function settleById(con: Connection, source: string, batchId: number): Promise<number> {
  await con.run(`
    delete from event
    where rowid in (
      select rowid
      from (
        select rowid, row_number() over (partition by event_id order by rowid desc) as nth
        from event
        where batch_id = ${batchId} and event_id is not null
      )
      where nth > 1
    )`)
  await con.run(`
    create or replace temp table known_event as
    select
      o.rowid as old_row,
      b.rowid as new_row,
      hash(${content.map((c) => `o.${c}`).join(', ')})
        = hash(${content.map((c) => `b.${c}`).join(', ')}) as is_same
    from event b
    join event o on o.event_id = b.event_id and o.${ofSource(source)} and o.batch_id <> ${batchId}
    where b.batch_id = ${batchId} and b.event_id is not null`)
  await putAside(con, 'rowid in (select old_row from known_event where not is_same)', batchId)
  await con.run('delete from event where rowid in (select new_row from known_event where is_same)')
  return (await con.one<{ n: number }>('select count(distinct new_row) as n from known_event where not is_same'))!.n
}

/** Pre-counted rows: for one time, ref, user and name the file's count stands, whatever stood there before. */
async function settleCounted(con: Connection, within: string, batchId: number): Promise<number> {
  const key = ['event_time', 'origin_id', 'ref', 'user_key', 'name']
  const same = (a: string, b: string) => key.map((k) => `${a}.${k} is not distinct from ${b}.${k}`).join(' and ')
  await con.run(`
    create or replace temp table counted as
    select ${key.map((k) => `b.${k}`).join(', ')}, o.total = b.total as is_same
    from (
      select ${key.join(', ')}, sum(n) as total
      from event
      where batch_id = ${batchId} and event_id is null
      group by all
    ) b
    join (
      select ${key.join(', ')}, sum(n) as total
      from event
      where ${within} and event_id is null
      group by all
    ) o on ${same('b', 'o')}`)
  await con.run(
    `
      delete from event
      where rowid in (
        select e.rowid
        from event e
        join counted c on ${same('e', 'c')}
        where e.batch_id = ${batchId} and e.event_id is null and c.is_same
      )`,
  )
  await putAside(
    con,
    `
      rowid in (
        select e.rowid
        from (select rowid, * from event where ${within} and event_id is null) e
        join counted c on ${same('e', 'c')}
        where not c.is_same
      )`,
    batchId,
  )
  return (await con.one<{ n: number }>(
    `
      select count(*) as n
      from event e
      join counted c on ${same('e', 'c')}
      where e.batch_id = ${batchId} and e.event_id is null and not c.is_same`,
  ))!.n
}

/** Single events without an id: of equal rows, as many are dropped as stand there already. */
async function settleSingle(con: Connection, within: string, batchId: number): Promise<number> {
  await con.run(`
    delete from event
    where rowid in (
      select b.row
      from (
        select
          rowid as row,
          hash(${content.join(', ')}) as content,
          row_number() over (partition by ${content.join(', ')}) as nth
        from event
        where batch_id = ${batchId} and event_id is null
      ) b
      join (
        select hash(${content.join(', ')}) as content, count(*) as n
        from event
        where ${within} and event_id is null
        group by all
      ) o using (content)
      where b.nth <= o.n
    )`)
  return 0
}
