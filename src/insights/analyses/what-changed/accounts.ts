/** The accounts behind a change: those that stopped or started, and those whose renewal came near. */
import { z } from 'zod'
import { operation, type WorkspaceContext } from '../../../platform/operation.ts'
import { Day } from '../../datasets/schemas.ts'
import { inWarehouse } from '../../../platform/warehouse/in-warehouse.ts'
import { monthIndex } from '../../../platform/calendar/month.ts'
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
import type { BlockQuery } from '../ground/adoption-sql.ts'
import { askedFeature } from '../ground/asked-feature.ts'
import { currencyOf, needHistory, pickMonth } from '../ground/asking.ts'
import { Paging, type ListSql } from '../ground/paging.ts'
import { pairsSql } from '../ground/entitled.ts'
import { cameIn, renewingSql, turnedTables, twoMonths, WhatChangedInput, type Both } from './operations.ts'

const Row = BookAccount.extend({
  lastUse: Day.nullable().describe('of the feature; of anything where renewals are asked for'),
})

interface Found extends FoundAccount {
  last_use: string | null
}

export const listChangedAccounts = operation({
  name: 'insights.analyses.changedAccounts',
  summary: 'The accounts that stopped or started using a feature, or whose renewal came into the 90 days',
  kind: 'read',
  may: 'insights:accounts',
  restsOn: ['data', 'workspaces'],
  sensitive: true,
  command: 'insights analyse changed-accounts',
  input: WhatChangedInput.extend({
    turn: z.enum(['stopped', 'started', 'renewals']),
    feature: DataText.optional(),
    segment: DataText.optional(),
  }).extend(Paging.shape),
  output: accountList(Row),
  example: () => ({ turn: 'renewals' as const, month: '2025-12' }),
  target: (input) => [input.turn, input.feature, input.segment].filter(Boolean).join(', '),
  csv: {
    fileName: () => 'changed-accounts.csv',
    rows: (o) =>
      o.rows.map((r) => ({
        ...accountCsv(r),
        last_use: r.lastUse,
      })),
  },
  async run(context: WorkspaceContext, input) {
    const currency = await currencyOf(context)
    const today = context.now().toISOString().slice(0, 10)
    return inWarehouse(context, async (con) => {
      const month = monthIndex(pickMonth(input.month, await needHistory(con)))
      const both = await twoMonths(con, input, month)
      const list =
        input.turn === 'renewals'
          ? renewingList(both[1], cameIn(month, today))
          : turnedList(both, (await askedFeature(con, input.feature)).featureId, input.turn)
      return {
        currency,
        ...(await accountPage(
          con,
          { ...list, select: `${list.select} where ${inSegment(input.segment)}` },
          input,
          (r: Found) => ({ lastUse: r.last_use }),
        )),
      }
    })
  },
})

const order = 'arr desc, ext_id'

const renewingList = (q: BlockQuery & { tag: string }, window: { from: string; to: string }): ListSql => ({
  tables: `
    ${pairsSql(q, 'f.is_core')},
    ${renewingSql(q.tag, q.tag, window)}`,
  select: `
    select
      ${customerColumns}, r.segment, r.arr,
      c.last_event_day as last_use
    from renewing r
    join customer c on c.account_id = r.account_id`,
  order,
})

const turnedList = (both: Both, featureId: number, turn: 'stopped' | 'started'): ListSql => ({
  tables: `
    ${turnedTables(both, `f.feature_id = ${featureId}`, turn)},
    seen as (
      select account_id, max(last_day) as day
      from r_month
      where feature_id = ${featureId} and month <= ${both[1].month}
      group by 1
    )`,
  select: `
    select
      ${customerColumns}, t.segment, t.arr,
      seen.day as last_use
    from turned t
    join customer c on c.account_id = t.account_id
    left join seen on seen.account_id = t.account_id`,
  order,
})
