/** A list as it was made, with what the data says of its accounts now. */
import type { Connection } from '../../platform/warehouse/warehouses.ts'
import { lastCompleteMonth, readHistory } from '../analyses/adoption-retention.ts'
import { readOutcomes } from '../analyses/whitespace.ts'
import { monthEnd, monthIndex } from '../month.ts'
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
