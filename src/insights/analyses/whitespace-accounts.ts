/** The accounts of the whitespace: those that renew soon first, each with owner, last use and contacts. */
import { z } from 'zod'
import { operation, type WorkspaceContext } from '../../platform/operation.ts'
import { duckdb } from '../../platform/warehouse/dialect.ts'
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { Day } from '../datasets/schemas.ts'
import { inWarehouse } from '../in-warehouse.ts'
import { offsetOf, Paging } from './paging.ts'
import {
  ask,
  EvidenceWord,
  ranks,
  sumsSql,
  toldSql,
  WhitespaceInput,
  type Asked,
  type Evidence,
  type Sums,
} from './whitespace-asking.ts'

export const WhitespaceRow = z.object({
  accountId: z.string(),
  account: z.string(),
  segment: z.string(),
  owner: z.string().nullable(),
  ownerEmail: z.string().nullable(),
  arr: z.number(),
  renewalDate: Day.nullable(),
  renewsSoon: z.boolean(),
  featureId: z.string(),
  feature: z.string(),
  isCore: z.boolean(),
  lastUse: Day.nullable().describe('of the feature'),
  lastAnyUse: Day.nullable(),
  contacts: z.array(z.object({ what: z.string(), value: z.string() })),
  evidence: EvidenceWord,
})
export type WhitespaceRow = z.infer<typeof WhitespaceRow>

interface OpenPair {
  account_id: number
  feature_id: number
  ext_id: string
  name: string | null
  segment: string
  owner: string | null
  owner_email: string | null
  arr: number
  renewal_date: string | null
  last_any_use: string | null
  feature_key: string
  feature: string
  is_core: boolean
  soon: boolean
  last_use: string | null
}

/** One page of the open pairs, and the sums of all. Renewals of the next 90 days first, then by what is known of the feature, then by ARR. Amounts in cents. */
async function readOpen(
  con: Connection,
  asked: Asked,
  offset: number,
  limit: number,
): Promise<{ sums: Sums; rows: OpenPair[] }> {
  const rank = [...asked.evidence].map(([key, { evidence }]) => `when ${duckdb.text(key)} then ${ranks[evidence]}`)
  const order = 'soon desc, rank, arr desc, ext_id, feature'
  const { rows, ...sums } = (await con.one<Sums & { rows: Omit<OpenPair, 'last_use'>[] | null }>(`
    ${toldSql(asked)},
    sums as (${sumsSql}),
    page as (
      select
        t.account_id, t.feature_id, c.ext_id, c.name, t.segment, c.owner, c.owner_email, t.arr, c.renewal_date,
        c.last_event_day as last_any_use,
        f.key as feature_key,
        f.name as feature,
        f.is_core,
        t.soon,
        ${rank.length === 0 ? '1' : `case f.key ${rank.join(' ')} else ${ranks['not-asked']} end`} as rank
      from told t
      join customer c on c.account_id = t.account_id
      join feature f on f.feature_id = t.feature_id
      where t.fits and t.adopted = 0
      order by ${order}
      limit ${limit} offset ${offset}
    )
    select sums.*, (select list(page order by ${order}) from page) as rows
    from sums`))!
  if (!rows) return { sums, rows: [] }
  const used = await con.all<{
    account_id: number
    feature_id: number
    day: string
  }>(`
    select account_id, feature_id, max(last_day) as day
    from r_month
    where month <= ${asked.q.month}
      and feature_id in (${[...new Set(rows.map((r) => r.feature_id))].join(', ')})
      and account_id in (${[...new Set(rows.map((r) => r.account_id))].join(', ')})
    group by 1, 2`)
  const last = new Map(used.map((u) => [`${u.account_id} ${u.feature_id}`, u.day]))
  return { sums, rows: rows.map((r) => ({ ...r, last_use: last.get(`${r.account_id} ${r.feature_id}`) ?? null })) }
}

/** Columns of the accounts file that say whom to write to, as they are known last, of these accounts. */
async function readContacts(
  con: Connection,
  pairs: readonly OpenPair[],
): Promise<Map<number, { what: string; value: string }[]>> {
  const contacts = new Map<number, { what: string; value: string }[]>()
  const keys = (await con.kept<{ key: string }>('select distinct key from attribute order by 1'))
    .map((a) => a.key)
    .filter((key) => /contact|e-?mail|phone|champion|sponsor/i.test(key))
  if (keys.length === 0 || pairs.length === 0) return contacts
  const rows = await con.all<{ account_id: number; key: string; value: string }>(`
    select account_id, key, arg_max(value, valid_from) as value
    from attribute
    where key in (${keys.map((key) => duckdb.text(key)).join(', ')})
      and account_id in (${[...new Set(pairs.map((p) => p.account_id))].join(', ')})
    group by 1, 2
    having arg_max(value, valid_from) is not null
    order by 1, 2`)
  for (const r of rows)
    contacts.set(r.account_id, [...(contacts.get(r.account_id) ?? []), { what: r.key, value: r.value }])
  return contacts
}

export const listWhitespace = operation({
  name: 'insights.analyses.whitespaceAccounts',
  summary: 'The accounts of the whitespace, with owner, renewal, last use and contacts',
  kind: 'read',
  may: 'insights:accounts',
  sensitive: true,
  command: 'insights analyse whitespace-accounts',
  input: WhitespaceInput.extend(Paging.shape),
  output: z.object({
    rows: z.array(WhitespaceRow),
    nextCursor: z.string().nullable(),
    total: z.int(),
    arr: z.number(),
  }),
  example: () => ({ month: '2025-12' }),
  target: (input) => input.segments.join(', ') || 'all segments',
  csv: {
    fileName: () => 'whitespace-accounts.csv',
    rows: (o) =>
      o.rows.map((r) => ({
        account_id: r.accountId,
        account: r.account,
        segment: r.segment,
        feature: r.feature,
        core: r.isCore,
        evidence: r.evidence,
        arr: r.arr,
        owner: r.owner,
        owner_email: r.ownerEmail,
        renewal_date: r.renewalDate,
        last_use_of_feature: r.lastUse,
        last_use: r.lastAnyUse,
        contacts: r.contacts.map((c) => `${c.what}: ${c.value}`).join('; '),
      })),
  },
  async run(context, input) {
    return inWarehouse(context, async (con) => {
      const asked = await ask(context, con, input)
      const offset = offsetOf(input)
      const { sums, rows } = await readOpen(con, asked, offset, input.limit)
      const contacts = await readContacts(con, rows)
      return {
        rows: rows.map((p) => rowOf(p, contacts, asked.evidence)),
        nextCursor: offset + rows.length < sums.pairs ? String(offset + rows.length) : null,
        total: sums.pairs,
        arr: sums.arr / 100,
      }
    })
  },
})

const rowOf = (
  p: OpenPair,
  contacts: ReadonlyMap<number, { what: string; value: string }[]>,
  evidence: Evidence,
): WhitespaceRow => ({
  accountId: p.ext_id,
  account: p.name ?? p.ext_id,
  segment: p.segment,
  owner: p.owner,
  ownerEmail: p.owner_email,
  arr: p.arr / 100,
  renewalDate: p.renewal_date,
  renewsSoon: p.soon,
  featureId: p.feature_key,
  feature: p.feature,
  isCore: p.is_core,
  lastUse: p.last_use,
  lastAnyUse: p.last_any_use,
  contacts: contacts.get(p.account_id) ?? [],
  evidence: evidence.get(p.feature_key)?.evidence ?? 'not-asked',
})

/** All of it, for a list that is handed over; at most so many rows, the first of the order. */
export async function findOpen(
  context: WorkspaceContext,
  con: Connection,
  input: WhitespaceInput,
  limit: number,
): Promise<{ month: string; rows: WhitespaceRow[]; total: number }> {
  const asked = await ask(context, con, input)
  const { sums, rows } = await readOpen(con, asked, 0, limit)
  const contacts = await readContacts(con, rows)
  return { month: asked.month, rows: rows.map((p) => rowOf(p, contacts, asked.evidence)), total: sums.pairs }
}
