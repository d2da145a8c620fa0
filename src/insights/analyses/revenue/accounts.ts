/** Who stands behind a bar of the bridge: the accounts that moved that way, with what they paid before and after. */
import { z } from 'zod'
import { operation } from '../../../platform/operation.ts'
import { Day, Month } from '../../datasets/schemas.ts'
import { monthEnd, monthText } from '../../../platform/calendar/month.ts'
import { accountList, Customer, customerCsv, customerOf } from '../ground/account-rows.ts'
import { currencyOf, revenueMonths } from '../ground/asking.ts'
import { cursorAfter, offsetOf, Paging } from '../ground/paging.ts'
import { movementKinds, movementSpan, readAccountMoves } from '../ground/revenue.ts'
import { MovementsInput } from '../ground/schemas.ts'
import { inWarehouse } from '../../../platform/warehouse/in-warehouse.ts'

const Row = Customer.extend({
  month: Month,
  day: Day.describe('the month’s end at which the change is seen'),
  before: z.number(),
  after: z.number(),
  size: z.number().describe('what it adds to its bar'),
})

export const listMovementAccounts = operation({
  name: 'insights.analyses.movementAccounts',
  summary: 'The accounts behind a bar of the bridge, the largest first',
  kind: 'read',
  may: 'insights:accounts',
  restsOn: ['data', 'workspaces'],
  sensitive: true,
  command: 'insights analyse movement-accounts',
  input: MovementsInput.extend({ kind: z.enum(movementKinds) }).extend(Paging.shape),
  output: accountList(Row).extend({
    total: z.int().describe('rows; an account counts once for each month in which it moved'),
    accounts: z.int(),
  }),
  example: () => ({ kind: 'churn' as const, from: '2025-01', to: '2025-12' }),
  target: (input) => `${input.kind}${input.segment ? ` in ${input.segment}` : ''}`,
  csv: {
    fileName: () => 'movement-accounts.csv',
    rows: (o) =>
      o.rows.map((r) => ({
        ...customerCsv(r),
        month: r.month,
        arr_before: r.before,
        arr_after: r.after,
        size: r.size,
      })),
  },
  async run(context, input) {
    const currency = await currencyOf(context)
    return inWarehouse(context, async (con) => {
      const span = movementSpan(input, await revenueMonths(con, context.now().toISOString()))
      const found = await readAccountMoves(
        con,
        span,
        input.kind,
        input.segment ? { by: input.segmentBy, value: input.segment } : null,
        { offset: offsetOf(input), limit: input.limit },
      )
      const rows = found.rows.map((m) => ({
        ...customerOf(m),
        month: monthText(m.month),
        day: monthEnd(m.month),
        before: m.before / 100,
        after: m.after / 100,
        size: m.size / 100,
      }))
      return {
        currency,
        rows,
        nextCursor: cursorAfter(input, found.total),
        total: found.total,
        accounts: found.accounts,
        arr: found.size / 100,
      }
    })
  },
})
