/** The accounts behind cohorts, those that did not come back first. */
import { z } from 'zod'
import { operation, type WorkspaceContext } from '../../../platform/operation.ts'
import { Day } from '../../datasets/schemas.ts'
import { inWarehouse } from '../../../platform/warehouse/in-warehouse.ts'
import { periodStart, periodText } from '../../../platform/calendar/periods.ts'
import {
  Customer,
  customerColumns,
  customerCsv,
  customerOf,
  inSegment,
  type FoundCustomer,
} from '../ground/account-rows.ts'
import { CohortInput, readCohortQuestion, stepText } from './operations.ts'
import { DataText } from '../../../platform/field-types.ts'
import { cohortSql } from './cohort-sql.ts'
import { Paging, readPage } from '../ground/paging.ts'

const CohortAccount = Customer.extend({
  segment: z.string(),
  cohort: z.string(),
  members: z.int().describe('1 for an account, else its new users'),
  returned: z.int(),
  lastUse: Day.nullable(),
})
export type CohortAccount = z.infer<typeof CohortAccount>

interface Found extends FoundCustomer {
  last_event_day: string | null
  segment: string
  p0: number
  members: number
  returned: number
}

export const listCohortAccounts = operation({
  name: 'insights.analyses.cohortAccounts',
  summary: 'The accounts of a cohort, those that did not come back first',
  kind: 'read',
  may: 'insights:accounts',
  restsOn: ['data', 'workspaces'],
  sensitive: true,
  command: 'insights analyse cohort-accounts',
  input: CohortInput.extend({
    cohort: z.string().max(10).optional().describe('all of those shown where absent'),
    step: z.int().min(0).max(200).default(1),
    segment: DataText.optional(),
  }).extend(Paging.shape),
  example: () => ({ cohorts: 6 }),
  output: z.object({
    rows: z.array(CohortAccount),
    nextCursor: z.string().nullable(),
    total: z.int(),
    step: z.string().nullable(),
  }),
  target: (input) => [input.cohort, input.segment].filter(Boolean).join(', ') || null,
  csv: {
    fileName: () => 'cohort-accounts.csv',
    rows: (o) =>
      o.rows.map((r) => ({
        ...customerCsv(r),
        segment: r.segment,
        cohort: r.cohort,
        members: r.members,
        returned: r.returned,
        last_use: r.lastUse,
      })),
  },
  async run(context: WorkspaceContext, input) {
    return inWarehouse(context, async (con) => {
      const question = await readCohortQuestion(con, input, context.now().toISOString().slice(0, 10))
      const c = question?.c
      if (!c) return { rows: [], nextCursor: null, total: 0, step: null }
      const step = c.steps[input.step]
      const begun = Array.from({ length: c.last - c.first + 1 }, (_, i) => c.first + i).filter(
        (p0) =>
          step !== undefined &&
          periodStart(p0 + step.from, c.by) <= c.lastDay &&
          (input.cohort === undefined || periodText(p0, c.by) === input.cohort),
      )
      const select = `
        select
          m.account_id, c.ext_id as by_id, m.segment, m.p0::int as p0,
          m.n as members,
          coalesce(h.n, 0)::bigint as returned
        from (
          select account_id, segment, p0, sum(bit_count(bits))::bigint as n
          from members
          group by 1, 2, 3
        ) m
        join customer c on c.account_id = m.account_id
        left join (
          select account_id, p0, sum(bit_count(bits))::bigint as n
          from hits
          where step = ${input.step}
          group by 1, 2
        ) h on h.account_id = m.account_id and h.p0 = m.p0
        where ${inSegment(input.segment)} and m.p0 in (${begun.length === 0 ? 'null' : begun.join(', ')})`
      const order = 'returned / members, members desc, by_id, p0'
      const lookedUp = {
        columns: `${customerColumns}, c.last_event_day`,
        joins: 'join customer c on c.account_id = listed.account_id',
      }
      const { sums: _, ...page } = await readPage<Found>(con, { tables: cohortSql(c), select, order, lookedUp }, input)
      return {
        ...page,
        step: step ? stepText(step, c.by) : null,
        rows: page.rows.map((r) => ({
          ...customerOf(r),
          segment: r.segment,
          cohort: periodText(r.p0, c.by),
          members: r.members,
          returned: r.returned,
          lastUse: r.last_event_day,
        })),
      }
    })
  },
})
