/** A list as it was made, with what the data says of its accounts now. */
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { lastCompleteMonth, readHistory } from '../analyses/ground/adoption.ts'
import { textLiteral } from '../../platform/warehouse/literals.ts'
import { usedSql } from '../analyses/ground/adoption-sql.ts'
import { blockQuery } from '../analyses/ground/asking.ts'
import { monthEnd, monthIndex } from '../../platform/calendar/month.ts'
import type { StoredItem } from './queries.ts'
import { renewalOf } from './rules.ts'
import type { ListItem } from './schemas.ts'

export async function withOutcomes(
  con: Connection,
  items: readonly StoredItem[],
): Promise<(ListItem & { listId: string })[]> {
  const history = await readHistory(con)
  const month = history ? monthIndex(lastCompleteMonth(history)) : null
  const known =
    month === null
      ? { accounts: new Map<string, { arr: number; renewalDate: string | null }>(), adopted: new Set<string>() }
      : await readOutcomes(
          con,
          month,
          [...new Set(items.map((i) => i.accountId))],
          [...new Set(items.map((i) => i.featureId))],
        )
  return items.map((i) => {
    const arrThen = i.arrCents / 100
    const arrNow = known.accounts.get(i.accountId)?.arr ?? null
    return {
      listId: i.listId,
      accountId: i.accountId,
      account: i.account,
      segment: i.segment,
      featureId: i.featureId,
      feature: i.feature,
      owner: i.owner,
      ownerEmail: i.ownerEmail,
      arrThen,
      arrNow,
      renewalDate: i.renewalDate,
      lastUseThen: i.lastUse,
      hasAdopted: known.adopted.has(`${i.accountId}\u001f${i.featureId}`),
      renewal: renewalOf({ arrThen, arrNow, renewalDate: i.renewalDate }, month === null ? '' : monthEnd(month)),
    }
  })
}

/** Which of these accounts have adopted which feature at the end of the month, what they pay then, and whether that is still anything. */
async function readOutcomes(
  con: Connection,
  month: number,
  accountIds: readonly string[],
  featureKeys: readonly string[],
): Promise<{ accounts: Map<string, { arr: number; renewalDate: string | null }>; adopted: Set<string> }> {
  if (accountIds.length === 0) return { accounts: new Map(), adopted: new Set() }
  const q = await blockQuery(con, { segmentBy: 'segment' }, month)
  const among = (values: readonly string[]) => values.map((v) => textLiteral(v)).join(', ')
  const accounts = await con.all<{ ext_id: string; arr: number; renewal_date: string | null }>(
    `
      select c.ext_id, coalesce(r.arr_cents, 0) as arr, c.renewal_date
      from customer c
      left join revenue_month r on r.account_id = c.account_id and r.month = ${month}
      where c.ext_id in (${among(accountIds)})`,
  )
  const adopted = await con.all<{ pair: string }>(
    `
      select c.ext_id || chr(31) || f.key as pair
      from (${usedSql(q)}) u
      join customer c on c.account_id = u.account_id
      join feature f on f.feature_id = u.feature_id
      where c.ext_id in (${among(accountIds)}) and f.key in (${among(featureKeys)})`,
  )
  return {
    accounts: new Map(accounts.map((a) => [a.ext_id, { arr: a.arr / 100, renewalDate: a.renewal_date }])),
    adopted: new Set(adopted.map((a) => a.pair)),
  }
}
