import { z } from 'zod'
import { operation } from '../../../platform/operation.ts'
import { monthIndex, monthText } from '../../../platform/calendar/month.ts'
import { lastCompleteMonth, readHistory } from '../ground/adoption.ts'
import { defaultSegment, readAttributes } from '../ground/attributes.ts'
import { AnalysisOptions } from '../ground/schemas.ts'
import { inWarehouse } from '../../../platform/warehouse/in-warehouse.ts'

export const analysisOptions = operation({
  name: 'insights.analyses.options',
  summary: 'Months, segments and what is there to analyse',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data', 'workspaces'],
  input: z.object({}),
  output: AnalysisOptions,
  example: () => ({}),
  async run(context) {
    return inWarehouse(context, async (con) => {
      const [has] = await con.kept<{ revenue: boolean; usage: boolean; features: boolean }>(
        `
          select
            exists (from revenue_month) as revenue,
            exists (from r_name) as usage,
            exists (from feature) as features`,
      )
      const attributes = await readAttributes(con)
      const history = await readHistory(con)
      const last = history ? monthIndex(lastCompleteMonth(history)) : null
      const months =
        history && last !== null
          ? Array.from(
              { length: Math.max(0, last - Math.max(history.firstUsageMonth, history.firstRevenueMonth) + 1) },
              (_, i) => monthText(last - i),
            )
          : []
      return {
        months,
        defaultMonth: months[0] ?? null,
        firstMonth: months.at(-1) ?? null,
        attributes: [...attributes],
        defaultSegmentBy: defaultSegment(attributes) ?? (has!.revenue ? 'arr' : null),
        hasRevenue: has!.revenue,
        hasUsage: has!.usage,
        hasFeatures: has!.features,
      }
    })
  },
})
