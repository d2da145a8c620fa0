/** The accounts behind the time to adopt. */
import { z } from 'zod'
import { operation, type WorkspaceContext } from '../../../platform/operation.ts'
import { textLiteral } from '../../../platform/warehouse/literals.ts'
import { Day } from '../../datasets/schemas.ts'
import { inWarehouse } from '../../../platform/warehouse/in-warehouse.ts'
import { Customer, customerCsv, customerOf, inSegment } from '../ground/account-rows.ts'
import { Paging, readPage } from '../ground/paging.ts'
import { adoptStates, entriesList, readTimesQuestion, TimeToAdoptInput, type Entry } from './time-sql.ts'
import { DataText } from '../../../platform/field-types.ts'

const Row = Customer.extend({
  segment: z.string(),
  ableFrom: Day,
  firstUse: Day.nullable(),
  days: z.int().describe('until the first use, or so far'),
  state: z.enum(adoptStates),
})

export const listTimeToAdoptAccounts = operation({
  name: 'insights.analyses.timeToAdoptAccounts',
  summary: 'The accounts behind the time to adopt: since when each may use the feature, and when it first did',
  kind: 'read',
  may: 'insights:accounts',
  restsOn: ['data', 'workspaces'],
  sensitive: true,
  command: 'insights analyse time-to-adopt-accounts',
  input: TimeToAdoptInput.extend({ segment: DataText.optional(), state: z.enum(adoptStates).optional() }).extend(
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
      const { feature, q } = await readTimesQuestion(con, input)
      const list = entriesList(feature, q)
      const only = `${inSegment(input.segment)} and ${input.state ? `state = ${textLiteral(input.state)}` : 'true'}`
      const { sums: _, ...page } = await readPage<Entry>(
        con,
        { ...list, select: `select * from (${list.select}) where ${only}` },
        input,
      )
      return {
        ...page,
        rows: page.rows.map((e) => ({
          ...customerOf(e),
          segment: e.segment,
          ableFrom: e.entry,
          firstUse: e.first_use,
          days: e.days,
          state: e.state,
        })),
      }
    }),
})
