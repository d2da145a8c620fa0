/** What every list of accounts says of each: one schema, the columns of SQL that fill it, and the head of its CSV. */
import { z } from 'zod'
import { textLiteral } from '../../../platform/warehouse/literals.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { Day } from '../../datasets/schemas.ts'
import { readPage, type ListSql, type Paging } from './paging.ts'

/** Who an account is, whose it is, and when it renews: as it is known last. */
export const Customer = z.object({
  accountId: z.string().describe('the account’s id in the book of record'),
  name: z.string(),
  owner: z.string().nullable(),
  ownerEmail: z.string().nullable(),
  renewalDate: Day.nullable(),
})
/** One in the book of a day, with its segment then and what it pays. */
export const BookAccount = Customer.extend({ segment: z.string(), arr: z.number() })

export interface FoundCustomer {
  ext_id: string
  name: string | null
  owner: string | null
  owner_email: string | null
  renewal_date: string | null
}
/** `arr` in cents. */
export interface FoundAccount extends FoundCustomer {
  segment: string
  arr: number
}

/** Columns of `FoundCustomer`, of the table `customer` as `c`. */
export const customerColumns = 'c.ext_id, c.name, c.owner, c.owner_email, c.renewal_date'

export const customerOf = (r: FoundCustomer): z.infer<typeof Customer> => ({
  accountId: r.ext_id,
  name: r.name ?? r.ext_id,
  owner: r.owner,
  ownerEmail: r.owner_email,
  renewalDate: r.renewal_date,
})
export const accountOf = (r: FoundAccount): z.infer<typeof BookAccount> => ({
  ...customerOf(r),
  segment: r.segment,
  arr: r.arr / 100,
})

export const customerCsv = (r: z.infer<typeof Customer>) => ({
  account_id: r.accountId,
  name: r.name,
  owner: r.owner,
  owner_email: r.ownerEmail,
  renewal_date: r.renewalDate,
})
export const accountCsv = (r: z.infer<typeof BookAccount>) => ({
  account_id: r.accountId,
  name: r.name,
  segment: r.segment,
  owner: r.owner,
  owner_email: r.ownerEmail,
  arr: r.arr,
  renewal_date: r.renewalDate,
})

/** One page of such rows, with the ARR of all of them. */
export const accountList = <T extends z.ZodType>(row: T) =>
  z.object({
    currency: z.string(),
    rows: z.array(row),
    nextCursor: z.string().nullable(),
    total: z.int(),
    arr: z.number(),
  })

/** A test of the column `segment` of a list. */
export const inSegment = (segment: string | undefined): string =>
  segment === undefined ? 'true' : `segment = ${textLiteral(segment)}`

/** The page of `accountList` that is asked for, each account with what its list adds. */
export async function accountPage<T extends FoundAccount, More extends object>(
  con: Connection,
  list: ListSql,
  asked: z.output<typeof Paging>,
  more: (r: T) => More,
) {
  const { rows, sums, ...page } = await readPage<T, { arr: number }>(con, list, asked, [
    'coalesce(sum(arr), 0)::bigint as arr',
  ])
  return { ...page, arr: sums.arr / 100, rows: rows.map((r) => ({ ...accountOf(r), ...more(r) })) }
}
