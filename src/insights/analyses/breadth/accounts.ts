/** The accounts behind the breadth of a feature, the least widely using first. */
import { z } from 'zod'
import { operation, type WorkspaceContext } from '../../../platform/operation.ts'
import { inWarehouse } from '../../../platform/warehouse/in-warehouse.ts'
import { DataText } from '../../../platform/field-types.ts'
import {
  accountCsv,
  accountList,
  accountPage,
  BookAccount,
  customerColumns,
  inSegment,
  type FoundAccount,
} from '../ground/account-rows.ts'
import { askedFeature } from '../ground/asked-feature.ts'
import { blockQuery, currencyOf, needHistory } from '../ground/asking.ts'
import { isNameless, useSql } from './breadth-sql.ts'
import { BreadthInput } from './operations.ts'
import { mayUseSql } from '../ground/entitled.ts'
import { Paging } from '../ground/paging.ts'
import { pickPastMonth } from '../ground/usage.ts'

const BroadAccount = BookAccount.extend({
  people: z.int(),
  users: z.int(),
  breadth: z.number().nullable(),
  days: z.int(),
  events: z.int(),
})
export type BroadAccount = z.infer<typeof BroadAccount>

interface Found extends FoundAccount {
  people: number
  users: number
  breadth: number | null
  days: number
  events: number
}

export const listBreadthAccounts = operation({
  name: 'insights.analyses.breadthAccounts',
  summary: 'Accounts by how widely they use a feature, the least widely first',
  kind: 'read',
  may: 'insights:accounts',
  restsOn: ['data', 'workspaces'],
  sensitive: true,
  command: 'insights analyse breadth-accounts',
  input: BreadthInput.extend({
    feature: DataText.optional().describe('the first core feature where absent'),
    segment: DataText.optional(),
  }).extend(Paging.shape),
  example: () => ({ month: '2025-12' }),
  output: accountList(BroadAccount).extend({ feature: z.string() }),
  target: (input) => [input.feature, input.segment].filter(Boolean).join(', ') || null,
  csv: {
    fileName: () => 'breadth-accounts.csv',
    rows: (o) =>
      o.rows.map((r) => ({
        ...accountCsv(r),
        active_users: r.people,
        users_of_feature: r.users,
        breadth: r.breadth,
        days_of_use: r.days,
        events: r.events,
      })),
  },
  async run(context: WorkspaceContext, input) {
    const currency = await currencyOf(context)
    const today = context.now().toISOString().slice(0, 10)
    return inWarehouse(context, async (con) => {
      const month = pickPastMonth(input.month, await needHistory(con), today)
      const feature = await askedFeature(con, input.feature)
      const q = await blockQuery(con, input, month)
      const tables = `
        ${mayUseSql(q, `f.feature_id = ${feature.featureId}`)},
        ${useSql({ ...q, feature: feature.featureId })},
        asked as (
          select
            pair.account_id, pair.segment, pair.arr,
            coalesce(p.users, 0) as people,
            coalesce(u.users, 0) as users,
            coalesce(u.days, 0) as days,
            coalesce(u.events, 0) as events,
            coalesce(p.users, 0) > 0 and not (${isNameless('u')}) as is_told
          from pair
          left join people p on p.account_id = pair.account_id
          left join use u on u.account_id = pair.account_id
          where pair.measured = 1
        )`
      const select = `
        select
          ${customerColumns},
          a.segment, a.arr, a.people, a.users, a.days, a.events,
          case when a.is_told then a.users / a.people end as breadth
        from asked a
        join customer c on c.account_id = a.account_id
        where ${inSegment(input.segment)}`
      const order = 'breadth nulls last, days, arr desc, ext_id'
      return {
        currency,
        feature: feature.name,
        ...(await accountPage(con, { tables, select, order }, input, (r: Found) => ({
          people: r.people,
          users: r.users,
          breadth: r.breadth,
          days: r.days,
          events: r.events,
        }))),
      }
    })
  },
})
