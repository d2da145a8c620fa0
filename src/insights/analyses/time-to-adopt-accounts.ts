/** The accounts behind the time to adopt. */
import { z } from 'zod'
import { operation, type WorkspaceContext } from '../../platform/operation.ts'
import { Day } from '../datasets/schemas.ts'
import { inWarehouse } from '../in-warehouse.ts'
import { daysBetween, monthEnd } from '../month.ts'
import { Customer, customerCsv, customerOf } from './account-rows.ts'
import { pageOf, Paging } from './paging.ts'
import { readEntries, readTimesQuestion, TimeToAdoptInput } from './time-to-adopt-sql.ts'

const states = ['adopted', 'waiting', 'left'] as const
const Row = Customer.extend({
  segment: z.string(),
  ableFrom: Day,
  firstUse: Day.nullable(),
  days: z.int().describe('until the first use, or so far'),
  state: z.enum(states),
})

export const listTimeToAdoptAccounts = operation({
  name: 'insights.analyses.timeToAdoptAccounts',
  summary: 'The accounts behind the time to adopt: since when each may use the feature, and when it first did',
  kind: 'read',
  may: 'insights:accounts',
  sensitive: true,
  command: 'insights analyse time-to-adopt-accounts',
  input: TimeToAdoptInput.extend({ segment: z.string().optional(), state: z.enum(states).optional() }).extend(
    Paging.shape,
  ),
  output: z.object({ rows: z.array(Row), nextCursor: z.string().nullable(), total: z.int() }),
  example: () => ({ month: '2025-12' }),
  target: (input) => [input.feature, input.state, input.segment].filter(Boolean).join(', ') || null,
  csv: {
    fileName: () => 'time-to-adopt-accounts.csv',
    rows: (o) =>
      o.rows.map((r) => ({
        ...customerCsv(r),
        segment: r.segment,
        able_from: r.ableFrom,
        first_use: r.firstUse,
        days: r.days,
        state: r.state,
      })),
  },
  run: (context: WorkspaceContext, input) =>
    inWarehouse(context, async (con) => {
      const { month, feature, q } = await readTimesQuestion(con, input)
      const end = monthEnd(month)
      const rows = (await readEntries(con, feature, q))
        .map((e) => ({
          ...customerOf(e),
          segment: e.segment,
          ableFrom: e.entry,
          firstUse: e.first_use,
          days: daysBetween(e.entry, e.first_use ?? e.last_day),
          state:
            e.first_use !== null ? ('adopted' as const) : e.last_day < end ? ('left' as const) : ('waiting' as const),
        }))
        .filter(
          (r) =>
            (!input.state || r.state === input.state) && (input.segment === undefined || r.segment === input.segment),
        )
      return pageOf(rows, input)
    }),
})
