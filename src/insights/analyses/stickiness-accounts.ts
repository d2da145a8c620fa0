/** The accounts behind stickiness, those whose people come back least often first. */
import { z } from 'zod'
import { operation, type WorkspaceContext } from '../../platform/operation.ts'
import { duckdb } from '../../platform/warehouse/dialect.ts'
import { weeksInWindow } from '../datasets/rollups.ts'
import { inWarehouse } from '../in-warehouse.ts'
import {
  accountCsv,
  accountList,
  accountPage,
  BookAccount,
  customerColumns,
  type FoundAccount,
} from './account-rows.ts'
import { accountsSql } from './adoption-sql.ts'
import { blockQuery, currencyOf, needHistory } from './asking.ts'
import { Paging } from './paging.ts'
import { daysCounted, lastWeekOf, StickinessInput } from './stickiness.ts'
import { pickPastMonth } from './usage.ts'

const StickyAccount = BookAccount.extend({
  dau: z.number(),
  wau: z.number(),
  mau: z.int(),
  dauMau: z.number().nullable(),
  wauMau: z.number().nullable(),
})
export type StickyAccount = z.infer<typeof StickyAccount>

export const listStickinessAccounts = operation({
  name: 'insights.analyses.stickinessAccounts',
  summary: 'Accounts by how often their people come back, the least often first',
  kind: 'read',
  may: 'insights:accounts',
  sensitive: true,
  command: 'insights analyse stickiness-accounts',
  input: StickinessInput.extend({ segment: z.string().optional() }).extend(Paging.shape),
  example: () => ({ month: '2025-12' }),
  output: accountList(StickyAccount),
  target: (input) => input.segment ?? null,
  csv: {
    fileName: () => 'stickiness-accounts.csv',
    rows: (o) =>
      o.rows.map((r) => ({
        ...accountCsv(r),
        dau: r.dau,
        wau: r.wau,
        mau: r.mau,
        dau_mau: r.dauMau,
        wau_mau: r.wauMau,
      })),
  },
  async run(context: WorkspaceContext, input) {
    const currency = await currencyOf(context)
    return inWarehouse(context, async (con) => {
      const month = pickPastMonth(input.month, await needHistory(con), context.now().toISOString().slice(0, 10))
      const week = lastWeekOf(month)
      const found = await con.all<
        FoundAccount & {
          dau: number
          wau: number
          mau: number
        }
      >(`
        with ${accountsSql(await blockQuery(con, input, month), duckdb)}
        select
          ${customerColumns}, acc.segment, acc.arr,
          coalesce(w.${input.workingDays ? 'workday_users' : 'day_users'}, 0) / ${daysCounted(input)}.0 as dau,
          coalesce(w.week_users, 0) / ${weeksInWindow}.0 as wau,
          coalesce(w.mau, 0) as mau
        from acc
        join customer c on c.account_id = acc.account_id
        left join a_window w on w.account_id = acc.account_id and w.week = ${week}
        order by w.week_users / nullif(w.mau, 0) nulls last, acc.arr desc, c.ext_id`)
      const rows = found.filter((r) => input.segment === undefined || r.segment === input.segment)
      return {
        currency,
        ...accountPage(rows, input, (r) => ({
          dau: r.dau,
          wau: r.wau,
          mau: r.mau,
          dauMau: r.mau === 0 ? null : r.dau / r.mau,
          wauMau: r.mau === 0 ? null : r.wau / r.mau,
        })),
      }
    })
  },
})
