/** Who has adopted a feature of which people say when that is: at least so many events, users or days within a window, while paying. */
import { duckdb } from '../../platform/warehouse/dialect.ts'
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { monthEnd } from '../../platform/calendar/month.ts'

interface StoredDefinition {
  feature_id: number
  basis: number
  source_id: number
  unit: 'events' | 'users' | 'days'
  at_least: number
  window_kind: 'calendar' | 'rolling'
  window_length: number
  from_month: number
  to_month: number
}

/** The days of the window that ends with the month. */
export function windowOf(month: number, kind: 'calendar' | 'rolling', length: number): { first: string; last: string } {
  const last = monthEnd(month)
  const first =
    kind === 'calendar'
      ? Date.UTC(Math.floor((month - length + 1) / 12), (month - length + 1) % 12, 1)
      : Date.parse(`${last}T00:00:00Z`) - (length - 1) * 86_400_000
  return { first: new Date(first).toISOString().slice(0, 10), last }
}

/**
 * Rebuilds `adopted` for the months whose windows hold a changed day, or for all where definitions or paying days changed.
 * @param months whose days changed
 */
export async function refreshAdopted(
  con: Connection,
  { every, months }: { every: boolean; months: readonly number[] },
): Promise<void> {
  const definitions = await con.all<StoredDefinition>('select * from definition order by basis, feature_id, from_month')
  const stamp = JSON.stringify(definitions)
  const before = await con.one<{ stamp: string }>(`select stamp from derived_stamp where part = 'definitions'`)
  const everything = every || before?.stamp !== stamp
  if (definitions.length === 0) await con.run('delete from adopted')
  else await rebuild(con, definitions, everything ? null : new Set(months))
  await con.run(`delete from derived_stamp where part = 'definitions'`)
  await con.run(`insert into derived_stamp values ('definitions', $1)`, [stamp])
}

async function rebuild(
  con: Connection,
  definitions: readonly StoredDefinition[],
  dirty: ReadonlySet<number> | null,
): Promise<void> {
  const known = await con.one<{ first: number | null; last: number | null }>(
    'select min(month) as first, max(month) as last from r_month',
  )
  if (dirty === null) await con.run('delete from adopted')
  if (known?.first == null || known.last == null) return
  for (const d of definitions) {
    for (let month = Math.max(known.first, d.from_month); month <= Math.min(known.last, d.to_month); month += 1) {
      const { first } = windowOf(month, d.window_kind, d.window_length)
      const since = Number(first.slice(0, 4)) * 12 + Number(first.slice(5, 7)) - 1
      if (dirty && ![...dirty].some((m) => m >= since && m <= month)) continue
      if (dirty)
        await con.run('delete from adopted where month = $1 and feature_id = $2 and basis = $3', [
          month,
          d.feature_id,
          d.basis,
        ])
      await con.run(`insert into adopted ${adoptedSql(d, month)}`)
    }
  }
}

/** The literal bounds let the engine skip every block of days outside the window. */
function adoptedSql(d: StoredDefinition, month: number): string {
  const { first, last } = windowOf(month, d.window_kind, d.window_length)
  const used = `
    from r_day d
    join paid_interval p on p.account_id = d.account_id and d.day >= p.from_day and d.day < p.to_day
    where d.feature_id = ${d.source_id} and d.day >= date '${first}' and d.day <= date '${last}'`
  const counted = {
    events: `select d.account_id, sum(d.events) as amount ${used} group by d.account_id`,
    days: `select d.account_id, count(distinct d.day) as amount ${used} and d.events > 0 group by d.account_id`,
    users: `
      select account_id, sum(${duckdb.countBits('users')}) as amount
      from (select d.account_id, d.chunk, ${duckdb.anyBits('d.users')} as users ${used} group by 1, 2)
      group by account_id`,
  }[d.unit]
  return `
    select ${month}, account_id, ${d.feature_id}, ${d.basis}
    from (${counted})
    where amount >= ${d.at_least}
    order by account_id`
}
