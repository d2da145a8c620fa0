/** The accounts of the whitespace: those that renew soon first, each with owner, last use and contacts. */
import { z } from 'zod'
import { conflict } from '../../../platform/errors.ts'
import { operation, type WorkspaceContext } from '../../../platform/operation.ts'
import { textLiteral } from '../../../platform/warehouse/literals.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { Day } from '../../datasets/schemas.ts'
import { inWarehouse } from '../../../platform/warehouse/in-warehouse.ts'
import { customerColumns, type FoundCustomer } from '../ground/account-rows.ts'
import { offsetOf, Paging } from '../ground/paging.ts'
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
} from './asking.ts'

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

/** An account and a feature that it does not use. `arr` in cents. */
interface OpenPair {
  account_id: number
  feature_id: number
  segment: string
  arr: number
  soon: boolean
}
/** `last_use` of the feature. */
type UsedPair = OpenPair & { last_use: string | null }

/** Renewals of the next 90 days first, then by what is known of the feature, then by ARR. */
const order = 'soon desc, rank, arr desc, ext_id, feature'

/** The open pairs with what they are ordered by, after `toldSql`. */
function openSql({ evidence }: Asked): string {
  const rank = [...evidence].map(([key, known]) => `when ${textLiteral(key)} then ${ranks[known.evidence]}`)
  return `
    select
      t.account_id, t.feature_id, t.segment, t.arr, t.soon, c.ext_id, f.name as feature,
      ${rank.length === 0 ? '1' : `case f.key ${rank.join(' ')} else ${ranks['not-asked']} end`} as rank
    from told t
    join customer c on c.account_id = t.account_id
    join feature f on f.feature_id = t.feature_id
    where t.fits and t.adopted = 0`
}

/** One page of the open pairs, and the sums of all. */
async function readOpen(
  con: Connection,
  asked: Asked,
  offset: number,
  limit: number,
): Promise<{ sums: Sums; pairs: UsedPair[] }> {
  const { page: pairs, ...sums } = (await con.one<Sums & { page: OpenPair[] | null }>(`
    ${toldSql(asked)},
    sums as (${sumsSql}),
    page as (
      ${openSql(asked)}
      order by ${order}
      limit ${limit} offset ${offset}
    )
    select sums.*, (select list(page order by ${order}) from page) as page
    from sums`))!
  if (!pairs) return { sums, pairs: [] }
  const used = await con.all<{
    account_id: number
    feature_id: number
    day: string
  }>(`
    select account_id, feature_id, max(last_day) as day
    from r_month
    where month <= ${asked.q.month}
      and feature_id in (${[...new Set(pairs.map((r) => r.feature_id))].join(', ')})
      and account_id in (${accountsOf(pairs)})
    group by 1, 2`)
  const last = new Map(used.map((u) => [`${u.account_id} ${u.feature_id}`, u.day]))
  return { sums, pairs: pairs.map((r) => ({ ...r, last_use: last.get(`${r.account_id} ${r.feature_id}`) ?? null })) }
}

/** All open pairs from one statement, a part at a time: numbers above all, so that very many of them are held at no cost. */
const readAllOpen = (con: Connection, asked: Asked): Promise<AsyncIterable<UsedPair[]>> =>
  con.parts<UsedPair>(`
    ${toldSql(asked)},
    open as (${openSql(asked)}),
    last as (
      select account_id, feature_id, max(last_day) as last_use
      from r_month
      where month <= ${asked.q.month}
      group by 1, 2
    )
    select open.account_id, open.feature_id, open.segment, open.arr, open.soon, last.last_use
    from open
    left join last on last.account_id = open.account_id and last.feature_id = open.feature_id
    order by ${order}`)

const accountsOf = (pairs: readonly OpenPair[]) => [...new Set(pairs.map((p) => p.account_id))].join(', ')

interface Account extends FoundCustomer {
  account_id: number
  last_event_day: string | null
}
type Contact = WhitespaceRow['contacts'][number]

/** Columns of the accounts file that say whom to write to, as they are known last, of the accounts of these pairs. */
async function readContacts(con: Connection, pairs: readonly OpenPair[]): Promise<Map<number, Contact[]>> {
  const contacts = new Map<number, Contact[]>()
  const keys = (await con.kept<{ key: string }>('select distinct key from attribute order by 1'))
    .map((a) => a.key)
    .filter((key) => /contact|e-?mail|phone|champion|sponsor/i.test(key))
  if (keys.length === 0) return contacts
  const rows = await con.all<{ account_id: number; key: string; value: string }>(`
    select account_id, key, arg_max(value, valid_from) as value
    from attribute
    where key in (${keys.map((key) => textLiteral(key)).join(', ')})
      and account_id in (${accountsOf(pairs)})
    group by 1, 2
    having arg_max(value, valid_from) is not null
    order by 1, 2`)
  for (const r of rows)
    contacts.set(r.account_id, [...(contacts.get(r.account_id) ?? []), { what: r.key, value: r.value }])
  return contacts
}

/** Who the accounts of these pairs are, and what is known of their features. */
async function describe(con: Connection, pairs: readonly UsedPair[], evidence: Evidence): Promise<WhitespaceRow[]> {
  if (pairs.length === 0) return []
  const accounts = await con.all<Account>(`
    select c.account_id, ${customerColumns}, c.last_event_day
    from customer c
    where c.account_id in (${accountsOf(pairs)})`)
  const byId = new Map(accounts.map((a) => [a.account_id, a]))
  const features = await con.kept<{ feature_id: number; key: string; name: string; is_core: boolean }>(
    'select feature_id, key, name, is_core from feature',
  )
  const featureOf = new Map(features.map((f) => [f.feature_id, f]))
  const contacts = await readContacts(con, pairs)
  return pairs.map((p) => {
    const account = byId.get(p.account_id)
    const feature = featureOf.get(p.feature_id)
    // Ids are never given anew, so what they speak of can only have gone meanwhile.
    if (!account || !feature) throw conflict('The data changed while the list was read. Ask for it again.')
    return {
      accountId: account.ext_id,
      account: account.name ?? account.ext_id,
      segment: p.segment,
      owner: account.owner,
      ownerEmail: account.owner_email,
      arr: p.arr / 100,
      renewalDate: account.renewal_date,
      renewsSoon: p.soon,
      featureId: feature.key,
      feature: feature.name,
      isCore: feature.is_core,
      lastUse: p.last_use,
      lastAnyUse: account.last_event_day,
      contacts: contacts.get(p.account_id) ?? [],
      evidence: evidence.get(feature.key)?.evidence ?? 'not-asked',
    }
  })
}

export const listWhitespace = operation({
  name: 'insights.analyses.whitespaceAccounts',
  summary: 'The accounts of the whitespace, with owner, renewal, last use and contacts',
  kind: 'read',
  may: 'insights:accounts',
  restsOn: ['data', 'insights.evidence', 'workspaces'],
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
  async *whole(context, input) {
    const warehouse = await context.services.warehouses.open(context.scope.workspaceId)
    const { asked, sums } = await warehouse.read(async (con) => {
      const asked = await ask(context, con, input)
      return { asked, sums: (await con.one<Sums>(`${toldSql(asked)} ${sumsSql}`))! }
    })
    const told = { nextCursor: null, total: sums.pairs, arr: sums.arr / 100 }
    // How many they are is said before any is read: whoever finds them too many asks no further.
    yield { rows: [], ...told }
    for await (const part of await warehouse.read((con) => readAllOpen(con, asked)))
      yield { rows: await warehouse.read((con) => describe(con, part, asked.evidence)), ...told }
  },
  async run(context, input) {
    return inWarehouse(context, async (con) => {
      const asked = await ask(context, con, input)
      const offset = offsetOf(input)
      const { sums, pairs } = await readOpen(con, asked, offset, input.limit)
      return {
        rows: await describe(con, pairs, asked.evidence),
        nextCursor: offset + pairs.length < sums.pairs ? String(offset + pairs.length) : null,
        total: sums.pairs,
        arr: sums.arr / 100,
      }
    })
  },
})

/** All of it, for a list that is handed over; at most so many rows, the first of the order. */
export async function findOpen(
  context: WorkspaceContext,
  con: Connection,
  input: WhitespaceInput,
  limit: number,
): Promise<{ month: string; rows: WhitespaceRow[]; total: number }> {
  const asked = await ask(context, con, input)
  const { sums, pairs } = await readOpen(con, asked, 0, limit)
  return { month: asked.month, rows: await describe(con, pairs, asked.evidence), total: sums.pairs }
}
