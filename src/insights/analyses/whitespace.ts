/** Who may use a feature, is measured, and has not adopted it: by ARR and by what is known of the feature. */
import { z } from 'zod'
import { operation, type WorkspaceContext } from '../../platform/operation.ts'
import { duckdb } from '../../platform/warehouse/dialect.ts'
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { Day, Month } from '../datasets/schemas.ts'
import { leastShown } from '../metrics/association/evidence.ts'
import { addDays, monthEnd, monthIndex } from '../month.ts'
import { percent, plural, shortDay, shortMoney } from '../wording.ts'
import { renewalWindow } from './accounts-behind.ts'
import { usedSql, type BlockQuery } from './adoption-sql.ts'
import { Answer, blockQuery, currencyOf, needHistory, pickMonth, readStanding, Standing } from './asking.ts'
import { latestAssociation } from './association/queries.ts'
import { pairsSql } from './entitled.ts'
import { offsetOf, Paging } from './paging.ts'
import { SegmentBy } from './schemas.ts'
import { adoptionRange } from './silence.ts'
import { inWarehouse } from '../in-warehouse.ts'

export const WhitespaceInput = SegmentBy.extend({
  month: Month.optional(),
  adoptionMonths: z.int().min(1).max(12).default(3),
  featureIds: z
    .array(z.uuid())
    .max(100)
    .default([])
    .describe('Which features; core ones where absent, all where none is core'),
  segments: z.array(z.string()).max(50).default([]),
  owners: z.array(z.string()).max(100).default([]),
  renewsWithinDays: z.int().min(1).max(730).optional().describe('only accounts that renew within so many days'),
  leastArr: z.number().min(0).default(0).describe('only accounts with at least so much ARR'),
})
export type WhitespaceInput = z.infer<typeof WhitespaceInput>

const Word = z.enum(['associated', 'no-clear-association', 'not-enough-data', 'not-asked'])
export const WhitespaceCell = z.object({
  featureId: z.string(),
  feature: z.string(),
  isCore: z.boolean(),
  segment: z.string(),
  eligible: z.int(),
  accounts: z.int().describe('of them without adoption'),
  arr: z.number(),
  renewing: z.object({ accounts: z.int(), arr: z.number() }),
  evidence: Word,
  word: z.string().nullable(),
})
export type WhitespaceCell = z.infer<typeof WhitespaceCell>

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
  evidence: Word,
})
export type WhitespaceRow = z.infer<typeof WhitespaceRow>

export interface Asked {
  q: BlockQuery
  month: string
  window: { from: string; to: string }
  where: string
  chosen: string
  evidence: Evidence
}
type Evidence = Map<string, { evidence: z.infer<typeof Word>; word: string }>

/** What the input asks for, as tests on `pair`, `c` and `f`. */
async function ask(context: WorkspaceContext, con: Connection, input: WhitespaceInput): Promise<Asked> {
  const month = pickMonth(input.month, await needHistory(con))
  const index = monthIndex(month)
  const window = renewalWindow(index, context.now().toISOString().slice(0, 10))
  const run = await latestAssociation(context.db, context.scope)
  const among = (column: string, values: readonly string[]) =>
    values.length === 0 ? 'true' : `${column} in (${values.map((v) => duckdb.text(v)).join(', ')})`
  const due =
    input.renewsWithinDays === undefined
      ? 'true'
      : `c.renewal_date >= ${duckdb.date(window.from)} and c.renewal_date <= ${duckdb.date(addDays(window.from, input.renewsWithinDays))}`
  return {
    q: await blockQuery(con, input, index),
    month,
    window,
    evidence: new Map((run?.result.features ?? []).map((r) => [r.featureId, { evidence: r.evidence, word: r.word }])),
    chosen:
      input.featureIds.length > 0
        ? among('f.key', input.featureIds)
        : '(f.is_core or not exists (select 1 from feature where is_core))',
    where: [
      among('pair.segment', input.segments),
      among(`coalesce(c.owner, 'no owner')`, input.owners),
      `pair.arr >= ${Math.round(input.leastArr * 100)}`,
      due,
    ].join(' and '),
  }
}

/**
 * Measured pairs of account and feature, adopted or not, as the table `told`: numbers alone, so that names are looked up for what is
 * shown only. `fits`: within what is asked; `soon`: renews in the next 90 days.
 */
const toldSql = ({ q, chosen, where, window }: Asked) => `
  with ${pairsSql(q, duckdb, chosen)},
  told as ${duckdb.materialized} (
    select
      pair.account_id, pair.feature_id, pair.segment, pair.arr, pair.adopted,
      coalesce(c.renewal_date between ${duckdb.date(window.from)} and ${duckdb.date(window.to)}, false) as soon,
      coalesce(${where}, false) as fits
    from pair
    join customer c on c.account_id = pair.account_id
    where pair.measured = 1
  )`

export interface OpenPair {
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

const ranks = { associated: 0, 'no-clear-association': 1, 'not-enough-data': 2, 'not-asked': 3 }

interface Sums {
  all: number
  n: number
  arr: number
  pairs: number
  due_n: number
  due_arr: number
}

/** Each account once, however many of the features it does not use. */
const sumsSql = `
    select
      count(*) as "all",
      count(*) filter (open > 0) as n,
      coalesce(sum(arr) filter (open > 0), 0)::bigint as arr,
      coalesce(sum(open), 0)::bigint as pairs,
      count(*) filter (open > 0 and soon) as due_n,
      coalesce(sum(arr) filter (open > 0 and soon), 0)::bigint as due_arr
    from (
      select account_id, any_value(arr) as arr, sum(1 - adopted) as open, any_value(soon) as soon
      from told
      where fits
      group by account_id
    )`

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

interface CellSums {
  feature_key: string
  feature: string
  is_core: boolean
  segment: string
  eligible: number
  n: number
  arr: number
  due_n: number
  due_arr: number
}

/** The page in one statement: its sums, its cells, and what can be chosen from, whatever else was asked for. */
export async function readSummary(
  con: Connection,
  asked: Asked,
): Promise<{ sums: Sums; cells: WhitespaceCell[]; segments: string[]; owners: string[] }> {
  const row = (await con.one<Sums & { cells: CellSums[] | null; segments: string[] | null; owners: string[] | null }>(`
    ${toldSql(asked)},
    open as (
      select
        feature_id, segment,
        count(*) as eligible,
        count(*) filter (adopted = 0) as n,
        coalesce(sum(arr) filter (adopted = 0), 0)::bigint as arr,
        count(*) filter (adopted = 0 and soon) as due_n,
        coalesce(sum(arr) filter (adopted = 0 and soon), 0)::bigint as due_arr
      from told
      where fits
      group by feature_id, segment
      having count(*) filter (adopted = 0) > 0
    ),
    cells as (
      select f.key as feature_key, f.name as feature, f.is_core, o.* exclude (feature_id)
      from open o
      join feature f on f.feature_id = o.feature_id
    ),
    sums as (${sumsSql})
    select
      sums.*,
      (select list(c) from cells c) as cells,
      (select list(distinct segment) from told) as segments,
      (
        select list(distinct coalesce(c.owner, 'no owner'))
        from customer c
        where c.account_id in (select account_id from told)
      ) as owners
    from sums`))!
  const cells = (row.cells ?? [])
    .map((r): WhitespaceCell => ({
      featureId: r.feature_key,
      feature: r.feature,
      isCore: r.is_core,
      segment: r.segment,
      eligible: r.eligible,
      accounts: r.n,
      arr: r.arr / 100,
      renewing: { accounts: r.due_n, arr: r.due_arr / 100 },
      evidence: asked.evidence.get(r.feature_key)?.evidence ?? 'not-asked',
      word: asked.evidence.get(r.feature_key)?.word ?? null,
    }))
    .sort(
      (a, b) =>
        ranks[a.evidence] - ranks[b.evidence] ||
        b.arr - a.arr ||
        (a.feature < b.feature ? -1 : a.feature > b.feature ? 1 : a.segment < b.segment ? -1 : 1),
    )
  return { sums: row, cells, segments: (row.segments ?? []).sort(), owners: (row.owners ?? []).sort() }
}

function sayWhitespace(sums: Sums, cells: readonly WhitespaceCell[], to: string, currency: string): Answer {
  if (sums.all === 0)
    return {
      text: 'Nobody who may use these features fits what was asked for.',
      caveat: 'Take a filter away, or choose other features.',
    }
  if (sums.n === 0) return { text: 'Every account that may use these features has adopted them.', caveat: null }
  const features = [...new Set(cells.map((c) => c.feature))]
  const what = features.length === 1 ? features[0]! : `at least one of ${features.length} features`
  const who = `${plural(sums.n, 'account', 'accounts')} with ${shortMoney(sums.arr / 100, currency)} of ARR`
  const have = sums.n === 1 ? 'has' : 'have'
  const renewal =
    sums.due_n === 0
      ? `None of them renews by ${shortDay(to)}.`
      : `${plural(sums.due_n, 'renews', 'renew')} by ${shortDay(to)}, ${shortMoney(sums.due_arr / 100, currency)}.`
  return {
    text: [
      `${who} may use ${what} and ${have} not adopted it, ${sums.all < leastShown ? `of ${sums.all} that could` : `${percent(sums.n / sums.all)} of those that could`}.`,
      renewal,
    ].join(' '),
    caveat: 'Not to have adopted is no sign of harm by itself; see the evidence beside each feature.',
  }
}

export const analyseWhitespace = operation({
  name: 'insights.analyses.whitespace',
  summary: 'Eligible and not adopting, by feature and segment, with ARR, renewals and evidence',
  kind: 'read',
  may: 'insights:read',
  command: 'insights analyse whitespace',
  input: WhitespaceInput,
  output: z.object({
    answer: Answer,
    standing: Standing,
    month: Month,
    from: Day,
    to: Day,
    cells: z.array(WhitespaceCell),
    features: z.array(z.object({ featureId: z.string(), feature: z.string() })).describe('those asked for'),
    segments: z.array(z.string()),
    owners: z.array(z.string()),
    accounts: z.int(),
    arr: z.number(),
  }),
  example: () => ({ month: '2025-12' }),
  csv: {
    fileName: (o) => `whitespace-${o.month}.csv`,
    rows: (o) =>
      o.cells.map((c) => ({
        feature: c.feature,
        core: c.isCore,
        segment: c.segment,
        eligible: c.eligible,
        without: c.accounts,
        arr: c.arr,
        renewing_accounts: c.renewing.accounts,
        renewing_arr: c.renewing.arr,
        evidence: c.word,
      })),
  },
  async run(context, input) {
    const currency = await currencyOf(context)
    return inWarehouse(context, async (con) => {
      const asked = await ask(context, con, input)
      const { sums, cells, segments, owners } = await readSummary(con, asked)
      return {
        answer: sayWhitespace(sums, cells, asked.window.to, currency),
        month: asked.month,
        ...asked.window,
        cells,
        features: await con.all<{ featureId: string; feature: string }>(
          `select f.key as "featureId", f.name as feature from feature f where ${asked.chosen} order by f.name`,
        ),
        accounts: sums.n,
        arr: sums.arr / 100,
        segments,
        owners,
        standing: await readStanding(
          con,
          {
            currency,
            period: `At ${shortDay(monthEnd(monthIndex(asked.month)))}; renewals from ${shortDay(asked.window.from)}`,
            base: 'Accounts with ARR, entitled, the feature released, and measured',
            definitions: ['whitespace', 'eligible', 'adopter', 'not-measured'],
            notes: [
              'Accounts that are not measured are left out: usage that does not reach us is no sign of disuse.',
              ...(asked.evidence.size === 0 ? ['No comparison of adopters with their like is known yet.'] : []),
            ],
          },
          [adoptionRange(monthIndex(asked.month), input.adoptionMonths)],
        ),
      }
    })
  },
})

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

/** Which of these accounts have adopted which feature at the end of the month, what they pay then, and whether that is still anything. */
export async function readOutcomes(
  con: Connection,
  month: number,
  accountIds: readonly string[],
  featureKeys: readonly string[],
): Promise<{ accounts: Map<string, { arr: number; renewalDate: string | null }>; adopted: Set<string> }> {
  if (accountIds.length === 0) return { accounts: new Map(), adopted: new Set() }
  const q = await blockQuery(con, { segmentBy: 'segment' }, month)
  const among = (values: readonly string[]) => values.map((v) => duckdb.text(v)).join(', ')
  const accounts = await con.all<{ ext_id: string; arr: number; renewal_date: string | null }>(
    `
      select c.ext_id, coalesce(r.arr_cents, 0) as arr, c.renewal_date
      from customer c
      left join revenue_month r on r.account_id = c.account_id and r.month = ${month}
      where c.ext_id in (${among(accountIds)})`,
  )
  const adopted = await con.all<{ pair: string }>(
    `
      select c.ext_id || chr(31) || f.key as pair
      from (${usedSql(q, duckdb)}) u
      join customer c on c.account_id = u.account_id
      join feature f on f.feature_id = u.feature_id
      where c.ext_id in (${among(accountIds)}) and f.key in (${among(featureKeys)})`,
  )
  return {
    accounts: new Map(accounts.map((a) => [a.ext_id, { arr: a.arr / 100, renewalDate: a.renewal_date }])),
    adopted: new Set(adopted.map((a) => a.pair)),
  }
}
