/** What accounts can be grouped by. */
import type { Connection } from '../../../platform/warehouse/warehouses.ts'

export interface Attribute {
  key: string
  values: number
  numeric: boolean
  top: string[]
}

export const readAttributes = (con: Connection): Promise<readonly Attribute[]> =>
  con.kept<Attribute>(`
    with latest as (select account_id, key, arg_max(value, valid_from) as value from attribute group by 1, 2),
    counted as (select key, value, count(*) as n from latest where value is not null group by 1, 2)
    select
      key,
      count(*) as "values",
      bool_and(try_cast(value as double) is not null) as numeric,
      list(value order by n desc, value)[1:12] as top
    from counted
    group by key
    order by key`)

/** The attribute that pages group by unless told: one called segment, else the first of few values. */
export const defaultSegment = (attributes: readonly Attribute[]): string | null =>
  (
    attributes.find((a) => a.key.toLowerCase() === 'segment') ??
    attributes.find((a) => !a.numeric && a.values >= 2 && a.values <= 12)
  )?.key ?? null
