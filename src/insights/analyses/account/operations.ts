/** Everything about one account over time: what it pays, what it may use, what it uses, and what was said of it. */
import { z } from 'zod'
import { notFound, precondition } from '../../../platform/errors.ts'
import { operation } from '../../../platform/operation.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { dayLiteral } from '../../../platform/warehouse/literals.ts'
import { Day, Month } from '../../datasets/schemas.ts'
import { daysBetween, monthEnd, monthIndex, monthText } from '../../../platform/calendar/month.ts'
import { plural, shortDay } from '../../../platform/wording.ts'
import { writeAccountSentence } from './sentence.ts'
import { renewalWindow } from '../ground/accounts-behind.ts'
import { usedSql, type BlockQuery } from '../ground/adoption-sql.ts'
import { Answer, blockQuery, currencyOf, readStanding, revenueMonths, Standing } from '../ground/asking.ts'
import { entitledTest, releasedTest } from '../ground/entitled.ts'
import { movementKinds, readMovesOf } from '../ground/revenue.ts'
import { inWarehouse } from '../../../platform/warehouse/in-warehouse.ts'

const Other = z.object({ accountId: z.string(), name: z.string() })
export const AccountMonth = z.object({
  month: Month,
  arr: z.number(),
  kind: z.enum(movementKinds).nullable().describe('what kind of movement ended in this month'),
  change: z.number(),
  plans: z.array(z.string()),
})
export type AccountMonth = z.infer<typeof AccountMonth>
export const AccountFeature = z.object({
  feature: z.string(),
  area: z.string().nullable(),
  isCore: z.boolean(),
  state: z.enum(['not-released', 'not-entitled', 'not-measured', 'never-used', 'dormant', 'adopted']),
  firstUse: Day.nullable(),
  lastUse: Day.nullable(),
  events: z.array(z.int()).describe('by month, in the order of `months`'),
})
export type AccountFeature = z.infer<typeof AccountFeature>

export const Account = z.object({
  answer: Answer,
  standing: Standing,
  account: z.object({
    accountId: z.string(),
    name: z.string(),
    domain: z.string().nullable(),
    owner: z.string().nullable(),
    ownerEmail: z.string().nullable(),
    parent: Other.nullable(),
    children: z.array(Other).describe('accounts that name it as their parent'),
    included: z
      .array(Other)
      .describe('other accounts of the file that count for it: their revenue and usage are in its figures'),
    askedFor: Other.nullable().describe('the account asked for, where that counts for this one'),
    renewalDate: Day.nullable(),
    renewsInDays: z.int().nullable(),
    excludedReason: z.string().nullable(),
    isInBook: z.boolean().describe('known from the accounts file, not by its revenue alone'),
    arr: z.number(),
    plans: z.array(z.string()),
    firstEvent: Day.nullable(),
    lastEvent: Day.nullable(),
  }),
  attributes: z.array(
    z.object({
      key: z.string(),
      value: z.string().nullable(),
      history: z.array(z.object({ from: Day, value: z.string().nullable() })),
    }),
  ),
  months: z.array(AccountMonth),
  features: z.array(AccountFeature),
})

interface CustomerRow {
  account_id: number
  ext_id: string
  name: string | null
  domain: string | null
  owner: string | null
  owner_email: string | null
  renewal_date: string | null
  in_file: boolean
  excluded_reason: string | null
  first_event_day: string | null
  last_event_day: string | null
  parent_ext_id: string | null
  parent_name: string | null
}

const customerSql = `
  select
    c.account_id, c.ext_id, c.name, c.domain, c.owner, c.owner_email, c.renewal_date,
    c.in_file, c.excluded_reason, c.first_event_day, c.last_event_day,
    p.ext_id as parent_ext_id,
    p.name as parent_name
  from customer c
  left join customer p on p.account_id = c.parent_id`

/**
 * The account with this id, the book of record first, where two systems give the same id to different accounts; of one that
 * counts for another, such as its parent, that other. @throws not-found
 */
export async function findAccount(con: Connection, extId: string): Promise<CustomerRow> {
  const row =
    (await con.one<CustomerRow>(`${customerSql} where c.ext_id = $1 order by c.in_file desc, c.account_id limit 1`, [
      extId,
    ])) ??
    (await con.one<CustomerRow>(
      `
        ${customerSql}
        join link l on l.account_id = c.account_id
        join ref r on r.ref_id = l.ref_id and r.source = (select primary_source from setting limit 1)
        where r.ext_id = $1`,
      [extId],
    ))
  if (row) return row
  const any = await con.one<{ n: number }>('select count(*) as n from (from customer limit 1)')
  if (any!.n === 0) throw precondition('There are no accounts yet. Import accounts or revenue first.')
  throw notFound('account', extId)
}

/** Who names the account as parent, and which other accounts of the file count for it. */
async function readFamily(
  con: Connection,
  account: Pick<CustomerRow, 'account_id' | 'ext_id'>,
): Promise<{ children: z.infer<typeof Other>[]; included: z.infer<typeof Other>[] }> {
  const rows = await con.all<{ ext_id: string; name: string | null; is_child: boolean; is_included: boolean }>(
    `
      select
        a.ext_id, a.name,
        coalesce(a.parent_ext_id = $2, false) as is_child,
        l.account_id = $1 as is_included
      from account a
      join ref r on r.ref_kind = 'account' and r.source = a.source and r.ext_id = a.ext_id
      join link l on l.ref_id = r.ref_id
      where a.source = (select source from ref where ref_id = $1)
        and r.ref_id <> $1
        and (a.parent_ext_id = $2 or l.account_id = $1)
      order by a.name, a.ext_id`,
    [account.account_id, account.ext_id],
  )
  const others = (of: typeof rows) => of.map((a) => ({ accountId: a.ext_id, name: a.name ?? a.ext_id }))
  return { children: others(rows.filter((a) => a.is_child)), included: others(rows.filter((a) => a.is_included)) }
}

async function readAttributes(con: Connection, accountId: number): Promise<z.infer<typeof Account>['attributes']> {
  const rows = await con.all<{ key: string; value: string | null; from: string }>(
    'select key, value, valid_from as "from" from attribute where account_id = $1 order by key, valid_from',
    [accountId],
  )
  return [...Map.groupBy(rows, (r) => r.key)].map(([key, values]) => ({
    key,
    value: values.at(-1)!.value,
    history: values
      .filter((v, i) => v.value !== values[i - 1]?.value || i === 0)
      .map(({ from, value }) => ({ from, value })),
  }))
}

/** @returns one entry for each month of the range, with zero where the account did not pay */
async function readMonths(
  con: Connection,
  accountId: number,
  range: { from: number; to: number },
): Promise<AccountMonth[]> {
  const paid = await con.all<{ month: number; arr: number; plans: string[] }>(
    `
      select
        r.month,
        r.arr_cents as arr,
        coalesce(
          (select list(plan order by plan) from plan_set s where s.plan_set = r.plan_set and plan <> ''), []
        ) as plans
      from revenue_month r
      where r.account_id = $1 and r.month between $2 and $3`,
    [accountId, range.from, range.to],
  )
  const moves = new Map((await readMovesOf(con, range, accountId)).map((m) => [m.month, m]))
  const arr = new Map(paid.map((p) => [p.month, p]))
  return Array.from({ length: range.to - range.from + 1 }, (_, i) => {
    const month = range.from + i
    const move = moves.get(month)
    return {
      month: monthText(month),
      arr: (arr.get(month)?.arr ?? 0) / 100,
      kind: move && move.kind !== 'same' ? move.kind : null,
      change: move ? (move.after - move.before) / 100 : 0,
      plans: arr.get(month)?.plans ?? [],
    }
  })
}

/** Each feature with what the account may and does, at the query's month, and its events in the months of the range. */
async function readFeatures(
  con: Connection,
  account: CustomerRow,
  q: BlockQuery,
  range: { from: number; to: number },
): Promise<AccountFeature[]> {
  const day = monthEnd(q.month)
  const date = dayLiteral(day)
  const rows = await con.all<{
    feature_id: number
    feature: string
    area: string | null
    isCore: boolean
    released: boolean
    entitled: boolean
    adopted: boolean
    first_use: string | null
    last_use: string | null
  }>(
    `
      with acc as (
        select
          $1::integer as account_id,
          (select plan_set from revenue_month where account_id = $1 and month = ${q.month}) as plan_set
      ),
      used as (${usedSql(q)}),
      seen as (
        select feature_id, min(first_day) as first_use, max(last_day) as last_use
        from r_month
        where account_id = $1 and month <= ${q.month}
        group by 1
      )
      select
        f.feature_id,
        f.name as feature,
        f.area,
        f.is_core as "isCore",
        ${releasedTest(date)} as released,
        ${entitledTest(q.entitlement, date)} as entitled,
        used.feature_id is not null as adopted,
        seen.first_use, seen.last_use
      from acc
      cross join feature f
      left join used on used.account_id = acc.account_id and used.feature_id = f.feature_id
      left join seen on seen.feature_id = f.feature_id
      order by f.is_core desc, f.area, f.name`,
    [account.account_id],
  )
  const use = new Map(
    (
      await con.all<{ month: number; feature_id: number; events: number }>(
        'select month, feature_id, events from r_month where account_id = $1 and month between $2 and $3',
        [account.account_id, range.from, range.to],
      )
    ).map((u) => [`${u.feature_id} ${u.month}`, u.events]),
  )
  const isMeasured = account.first_event_day !== null && account.first_event_day <= day
  const stateOf = (r: (typeof rows)[number]): AccountFeature['state'] => {
    if (!r.released) return 'not-released'
    if (!r.entitled) return 'not-entitled'
    if (!isMeasured) return 'not-measured'
    if (r.adopted) return 'adopted'
    return r.last_use ? 'dormant' : 'never-used'
  }
  return rows.map((r) => ({
    feature: r.feature,
    area: r.area,
    isCore: r.isCore,
    state: stateOf(r),
    firstUse: r.first_use,
    lastUse: r.last_use,
    events: Array.from(
      { length: range.to - range.from + 1 },
      (_, i) => use.get(`${r.feature_id} ${range.from + i}`) ?? 0,
    ),
  }))
}

export const analyseAccount = operation({
  name: 'insights.analyses.account',
  summary: 'Everything about one account over time',
  kind: 'read',
  may: 'insights:accounts',
  restsOn: ['data', 'workspaces'],
  sensitive: true,
  command: 'insights analyse account',
  input: z.object({
    account: z.string().min(1).max(200).describe('its id in the book of record'),
    month: Month.optional().describe('as it was at the end of this month; the last complete one where absent'),
    months: z.int().min(3).max(60).default(24),
    adoptionMonths: z.int().min(1).max(12).default(3),
  }),
  output: Account,
  example: (f) => ({ account: f['accountId']! }),
  target: (input) => input.account,
  csv: {
    fileName: (o) => `account-${o.account.accountId.replaceAll(/[^\w.-]+/g, '-')}.csv`,
    rows: (o) =>
      o.features.flatMap((f) =>
        o.months.map((m, i) => ({
          month: m.month,
          arr: m.arr,
          movement: m.kind,
          change: m.change,
          plans: m.plans.join('; '),
          feature: f.feature,
          area: f.area,
          core: f.isCore,
          events: f.events[i]!,
          state_now: f.state,
          last_use: f.lastUse,
        })),
      ),
  },
  async run(context, input) {
    const currency = await currencyOf(context)
    const today = context.now().toISOString().slice(0, 10)
    return inWarehouse(context, async (con) => {
      const account = await findAccount(con, input.account)
      const known = await revenueMonths(con, today)
      const month = input.month ? Math.min(monthIndex(input.month), known.last) : known.last
      const range = { from: Math.min(month, Math.max(known.first, month - input.months + 1)), to: month }
      const months = await readMonths(con, account.account_id, range)
      const features = await readFeatures(
        con,
        account,
        await blockQuery(con, { segmentBy: 'arr', adoptionMonths: input.adoptionMonths }, month),
        range,
      )
      const { children, included } = await readFamily(con, account)
      const askedFor = input.account === account.ext_id ? null : included.find((a) => a.accountId === input.account)
      const { arr, plans } = months.at(-1)!
      const from = renewalWindow(month, today).from
      const renewsInDays = account.renewal_date ? daysBetween(from, account.renewal_date) : null
      const paid = await con.one<{ last: number | null }>(
        'select max(month) as last from revenue_month where account_id = $1 and month <= $2 and arr_cents > 0',
        [account.account_id, month],
      )
      const answer = writeAccountSentence({
        currency,
        arr,
        plans,
        paidLast: paid!.last === null || arr > 0 ? null : monthEnd(paid!.last),
        renewalDate: account.renewal_date,
        renewsInDays,
        isMeasured: account.first_event_day !== null && account.first_event_day <= monthEnd(month),
        excludedReason: account.excluded_reason,
        features,
      })
      const standing = await readStanding(
        con,
        {
          currency,
          period: `To ${shortDay(monthEnd(month))}, which is “now” here; ${plural(months.length, 'month', 'months')} are shown`,
          base: 'This one account, with all ids that count for it',
          notes: [
            `Renewal days are counted from ${shortDay(from)}.`,
            ...(askedFor
              ? [`You asked for ${askedFor.name} (${askedFor.accountId}), which counts for this account.`]
              : []),
            ...(included.length > 0
              ? [`It holds the figures of ${plural(included.length, 'other account', 'other accounts')} too.`]
              : []),
            ...(account.in_file ? [] : ['It is known by its revenue alone; the accounts file does not name it.']),
          ],
          definitions: ['arr', 'movements', 'adopter', 'entitlement'],
        },
        [range],
      )
      return {
        answer,
        standing,
        months,
        features,
        attributes: await readAttributes(con, account.account_id),
        account: {
          accountId: account.ext_id,
          name: account.name ?? account.ext_id,
          domain: account.domain,
          owner: account.owner,
          ownerEmail: account.owner_email,
          parent: account.parent_ext_id
            ? { accountId: account.parent_ext_id, name: account.parent_name ?? account.parent_ext_id }
            : null,
          children,
          included,
          askedFor: askedFor ?? null,
          renewalDate: account.renewal_date,
          renewsInDays,
          excludedReason: account.excluded_reason,
          isInBook: account.in_file,
          arr,
          plans,
          firstEvent: account.first_event_day,
          lastEvent: account.last_event_day,
        },
      }
    })
  },
})
