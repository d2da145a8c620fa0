import type { Connection } from '../../platform/warehouse/warehouses.ts'
import type { CountedName } from './rules.ts'

export interface NameUse extends CountedName { firstDay: string; lastDay: string }

/** Raw event names with the events behind them, most used first. */
export async function readEventNames(con: Connection): Promise<NameUse[]> {
  return con.all<NameUse>(`select name, sum(events)::bigint as events, min(day) as "firstDay", max(day) as "lastDay" from r_name where name is not null group by name order by 2 desc, 1`)
}

