/** Where an account is known from: the ids that count for it and why, the files that told of it, and how many people used it. */
import { z } from 'zod'
import { operation } from '../../../platform/operation.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import { Day, Month } from '../../datasets/schemas.ts'
import { monthIndex, monthText } from '../../../platform/calendar/month.ts'
import { findAccount } from './operations.ts'
import { revenueMonths } from '../ground/asking.ts'
import { inWarehouse } from '../../../platform/warehouse/in-warehouse.ts'

const AccountSources = z.object({
  ids: z.array(
    z.object({
      kind: z.enum(['account', 'user', 'subscription']),
      source: z.string(),
      method: z.string().nullable(),
      count: z.int(),
      some: z.array(z.string()).describe('at most 20 of them'),
    }),
  ),
  imports: z.array(
    z.object({
      batch: z.int(),
      dataset: z.string(),
      source: z.string(),
      fileName: z.string(),
      committedAt: z.string(),
      rows: z.int(),
    }),
  ),
  users: z.array(
    z.object({
      month: Month,
      users: z.int().nullable().describe('people whose events are known by name; null where no event says who'),
    }),
  ),
  firstDay: Day.nullable(),
})

/** Tables `mine`: the refs of account $1, with their own ids. */
const mine = `
  mine as (
    select r.ref_id, r.ref_kind, r.source, r.ext_id, l.method
    from link l
    join ref r using (ref_id)
    where l.account_id = $1
  )`

async function readImports(con: Connection, accountId: number): Promise<z.infer<typeof AccountSources>['imports']> {
  const named = (table: string, id: string) => `
    select t.batch_id, count(*) as n
    from ${table} t
    join mine m on m.ref_kind = 'account' and m.source = t.source and m.ext_id = t.${id}
    group by 1`
  return con.all(
    `
      with ${mine},
      mine_event as (select e.origin_id, e.ref from event_ref e join mine using (ref_id)),
      told as (
        ${named('account', 'ext_id')}
        union all ${named('subscription', 'account_ref')}
        union all ${named('mrr_snapshot', 'account_ref')}
        union all ${named('app_user', 'account_ref')}
        union all ${named('entitlement', 'account_ref')}
        union all
        select e.batch_id, count(*)
        from event e
        join mine_event m on m.origin_id = e.origin_id and m.ref = e.ref
        where e.event_time is not null
        group by 1
      )
      select
        b.id as batch,
        b.dataset, b.source,
        b.file_name as "fileName",
        strftime(b.committed_at, '%Y-%m-%dT%H:%M:%SZ') as "committedAt",
        sum(told.n)::bigint as rows
      from told
      join batch b on b.id = told.batch_id
      where b.undone_at is null
      group by all
      order by b.id desc`,
    [accountId],
  )
}

/** People by month: who the event names, or the user it is keyed by. Raw events are read for the last twelve months only. */
async function readUsers(
  con: Connection,
  accountId: number,
  last: number,
): Promise<z.infer<typeof AccountSources>['users']> {
  const from = last - 11
  const rows = await con.all<{ month: number; users: number; named: number }>(
    `
      with ${mine},
      mine_event as (select e.origin_id, e.ref, m.ref_kind from event_ref e join mine m using (ref_id))
      select
        year(e.event_time) * 12 + month(e.event_time) - 1 as month,
        count(distinct coalesce(e.user_key, case when m.ref_kind = 'user' then e.ref end)) as users,
        count(coalesce(e.user_key, case when m.ref_kind = 'user' then e.ref end)) as named
      from event e
      join mine_event m on m.origin_id = e.origin_id and m.ref = e.ref
      where e.event_time >= '${monthText(from)}-01'::timestamp
        and e.event_time < '${monthText(last + 1)}-01'::timestamp
      group by 1`,
    [accountId],
  )
  const of = new Map(rows.map((r) => [r.month, r]))
  return Array.from({ length: 12 }, (_, i) => {
    const row = of.get(from + i)
    return { month: monthText(from + i), users: row ? (row.named > 0 ? row.users : null) : 0 }
  })
}

export const analyseAccountSources = operation({
  name: 'insights.analyses.accountSources',
  summary:
    'Where an account is known from: its ids and why they are its own, the imports that told of it, its users by month',
  kind: 'read',
  may: 'insights:accounts',
  restsOn: ['data', 'workspaces'],
  sensitive: true,
  command: 'insights analyse account-sources',
  input: z.object({ account: z.string().min(1).max(200), month: Month.optional() }),
  output: AccountSources,
  example: (f) => ({ account: f['accountId']! }),
  target: (input) => input.account,
  csv: { fileName: () => 'account-sources.csv', rows: (o) => o.imports },
  run: (context, input) =>
    inWarehouse(context, async (con) => {
      const account = await findAccount(con, input.account)
      const known = await revenueMonths(con, context.now().toISOString())
      const ids = await con.all<z.infer<typeof AccountSources>['ids'][number]>(
        `
          with ${mine}
          select
            ref_kind as kind,
            source, method,
            count(*) as count,
            list(ext_id order by ext_id)[1:20] as some
          from mine
          group by 1, 2, 3
          order by kind, source, method`,
        [account.account_id],
      )
      return {
        ids,
        imports: await readImports(con, account.account_id),
        users: await readUsers(con, account.account_id, input.month ? monthIndex(input.month) : known.last),
        firstDay: account.first_event_day,
      }
    }),
})
