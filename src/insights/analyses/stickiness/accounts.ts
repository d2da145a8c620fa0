/** The accounts behind stickiness, those whose people come back least often first. */
import { z } from 'zod'
import { operation, type WorkspaceContext } from '../../../platform/operation.ts'
import { weeksInWindow } from '../../datasets/rollups.ts'
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
import { accountsSql } from '../ground/adoption-sql.ts'
import { blockQuery, currencyOf, needHistory } from '../ground/asking.ts'
import { Paging } from '../ground/paging.ts'
import { daysCounted, lastWeekOf, StickinessInput } from './operations.ts'
import { pickPastMonth } from '../ground/usage.ts'

const StickyAccount = BookAccount.extend({
  dau: z.number(),
  wau: z.number(),
  mau: z.int(),
  dauMau: z.number().nullable(),
  wauMau: z.number().nullable(),
})
export type StickyAccount = z.infer<typeof StickyAccount>

interface Found extends FoundAccount {
  dau: number
  wau: number
  mau: number
}

export const listStickinessAccounts = operation({
  name: 'insights.analyses.stickinessAccounts',
  summary: 'Accounts by how often their people come back, the least often first',
  kind: 'read',
  may: 'insights:accounts',
  restsOn: ['data', 'workspaces'],
  sensitive: true,
  command: 'insights analyse stickiness-accounts',
  input: StickinessInput.extend({ segment: DataText.optional() }).extend(Paging.shape),
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
      const tables = accountsSql(await blockQuery(con, input, month))
      const select = `
        select
          ${customerColumns}, acc.segment, acc.arr,
          coalesce(w.${input.workingDays ? 'workday_users' : 'day_users'}, 0) / ${daysCounted(input)}.0 as dau,
          coalesce(w.week_users, 0) / ${weeksInWindow}.0 as wau,
          coalesce(w.mau, 0) as mau
        from acc
        join customer c on c.account_id = acc.account_id
        left join a_window w on w.account_id = acc.account_id and w.week = ${week}
        where ${inSegment(input.segment)}`
      const order = 'wau / nullif(mau, 0) nulls last, arr desc, ext_id'
      return {
        currency,
        ...(await accountPage(con, { tables, select, order }, input, (r: Found) => ({
          dau: r.dau,
          wau: r.wau,
          mau: r.mau,
          dauMau: r.mau === 0 ? null : r.dau / r.mau,
          wauMau: r.mau === 0 ? null : r.wau / r.mau,
        }))),
      }
    })
  },
})
