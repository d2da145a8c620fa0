/** A list by pages: a cursor is the number of rows before the page. */
import { z } from 'zod'
import type { Connection, Value } from '../../../platform/warehouse/warehouses.ts'

/** What is exported is read by pages of this size: each costs as much as the whole list does, whatever it holds. */
export const largestPage = 10_000

export const Paging = z.object({
  cursor: z.string().max(12).optional(),
  limit: z.int().min(1).max(largestPage).default(50),
})

type Asked = z.output<typeof Paging>

/** How many rows come before the page that is asked for; the first page where the cursor is none of ours. */
export const offsetOf = ({ cursor }: Asked): number =>
  cursor !== undefined && /^\d{1,9}$/.test(cursor) ? Number(cursor) : 0

/** The cursor of the page after this one, if there is one. */
export const cursorAfter = (asked: Asked, total: number): string | null =>
  offsetOf(asked) + asked.limit < total ? String(offsetOf(asked) + asked.limit) : null

/** A list in SQL, whole; cut where it lies, so that only what is shown is brought here. */
export interface ListSql {
  /** The common tables that `select` reads, without the word “with”. */
  tables: string
  /** Each row once, with every column of `order`. */
  select: string
  /** Of columns of `select`; no two rows may be equal in all of them, so that pages neither repeat nor miss one. */
  order: string
  /** What is looked up of the rows of `listed` alone, those of the page: for lists of very many. */
  lookedUp?: { columns: string; joins: string }
  params?: Value[]
}
export interface Page<T> {
  rows: T[]
  nextCursor: string | null
  total: number
}

/** @param sums of all rows: aggregates over columns of `select`, each with a name of its own */
export async function readPage<T extends object, S extends object = object>(
  con: Connection,
  { tables, select, order, lookedUp, params = [] }: ListSql,
  asked: Asked,
  sums: readonly string[] = [],
): Promise<Page<T> & { sums: S }> {
  const { shown, total, ...rest } = (await con.one<S & { shown: T[] | null; total: number }>(
    `
    with ${tables},
    list as materialized (${select}),
    listed as (
      select *
      from list
      order by ${order}
      limit ${asked.limit} offset ${offsetOf(asked)}
    ),
    shown as (${lookedUp ? `select listed.*, ${lookedUp.columns} from listed ${lookedUp.joins}` : 'from listed'})
    select
      ${[...sums, 'count(*) as total'].join(', ')},
      (select list(shown order by ${order}) from shown) as shown
    from list`,
    params,
  ))!
  return { rows: shown ?? [], nextCursor: cursorAfter(asked, total), total, sums: rest as unknown as S }
}
