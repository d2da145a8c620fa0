import { z } from 'zod'
import { operation } from '../../../platform/operation.ts'
import { monthText } from '../../../platform/calendar/month.ts'
import { shortMonth } from '../../../platform/wording.ts'
import { pairOf } from '../ground/adoption-sql.ts'
import { Answer, currencyOf, knownSegmenting, revenueMonths } from '../ground/asking.ts'
import { movementSpan, readMovements, readRetentionTrend, sayMovements } from '../ground/revenue.ts'
import { Movements, MovementsInput, RetentionTrend, RetentionTrendInput } from '../ground/schemas.ts'
import { inWarehouse } from '../../../platform/warehouse/in-warehouse.ts'

export const analyseMovements = operation({
  name: 'insights.analyses.movements',
  summary: 'How ARR moves: new, reactivation, expansion, contraction, churn',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data', 'workspaces'],
  command: 'insights analyse movements',
  input: MovementsInput,
  output: Movements.extend({ answer: Answer.nullable().describe('null where the span holds no revenue') }),
  example: () => ({ from: '2025-01', to: '2025-12' }),
  csv: {
    fileName: () => 'arr-movements.csv',
    rows: (o) =>
      o.rows.map(({ accounts, ...r }) => ({
        ...r,
        accounts_start: accounts.start,
        accounts_new: accounts.new,
        accounts_churn: accounts.churn,
        accounts_end: accounts.end,
      })),
  },
  async run(context, input) {
    const currency = await currencyOf(context)
    return inWarehouse(context, async (con) => {
      const range = await revenueMonths(con, context.now().toISOString())
      const { from, to } = movementSpan(input, range)
      const rows = await readMovements(
        con,
        from,
        to,
        input.segment ? { by: input.segmentBy, value: input.segment } : null,
      )
      const values = await con.all<{ value: string }>(
        'select distinct value from attribute where key = $1 and value is not null order by 1',
        [input.segmentBy],
      )
      const total = sumOf(rows)
      const answer = total && sayMovements(total, { months: rows.length, currency, segment: input.segment ?? null })
      return { currency, rows, total, segments: values.map((v) => v.value), answer }
    })
  },
})

function sumOf(rows: z.infer<typeof Movements>['rows']): z.infer<typeof Movements>['total'] {
  const first = rows[0]
  const last = rows.at(-1)
  if (!first || !last) return null
  const add = (pick: (r: (typeof rows)[number]) => number) => rows.reduce((sum, r) => sum + pick(r), 0)
  return {
    month: last.month,
    start: first.start,
    new: add((r) => r.new),
    reactivation: add((r) => r.reactivation),
    expansion: add((r) => r.expansion),
    contraction: add((r) => r.contraction),
    churn: add((r) => r.churn),
    end: last.end,
    accounts: {
      start: first.accounts.start,
      new: add((r) => r.accounts.new),
      reactivation: add((r) => r.accounts.reactivation),
      expansion: add((r) => r.accounts.expansion),
      contraction: add((r) => r.accounts.contraction),
      churn: add((r) => r.accounts.churn),
      end: last.accounts.end,
    },
  }
}

export const analyseRetentionTrend = operation({
  name: 'insights.analyses.retentionTrend',
  summary: 'NRR, GRR and logo retention by month and segment',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data', 'workspaces'],
  command: 'insights analyse retention-trend',
  input: RetentionTrendInput,
  output: RetentionTrend,
  example: () => ({ window: 12 }),
  csv: { fileName: () => 'retention.csv', rows: (o) => o.rows },
  async run(context, asked) {
    const currency = await currencyOf(context)
    return inWarehouse(context, async (con) => {
      const input = await knownSegmenting(con, asked)
      const range = await revenueMonths(con, context.now().toISOString())
      const first = Math.max(range.first + input.window, range.last - 23)
      const months = Array.from({ length: Math.max(0, range.last - first + 1) }, (_, i) => first + i)
      const rows = await readRetentionTrend(con, months, input.window, {
        segmentBy: input.segmentBy,
        bands: input.bands ?? [],
        ...pairOf(input),
      })
      return {
        currency,
        window: input.window,
        rows,
        segments: [...new Set(rows.map((r) => r.segment))].filter((s) => s !== 'All'),
        problem:
          months.length > 0
            ? null
            : `Revenue is known from ${shortMonth(monthText(range.first))} on, so a window of ${input.window} months does not fit yet. The longest that fits is ${range.last - range.first}.`,
      }
    })
  },
})
