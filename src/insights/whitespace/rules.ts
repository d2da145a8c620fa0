/** What became of the accounts of a list, and how a list is told to who looks after them. */
import { monthEnd, monthIndex } from '../../platform/calendar/month.ts'
import { plural, shortDay, shortMoney } from '../../platform/wording.ts'
import type { ListItem, Renewal } from './schemas.ts'

/**
 * What became of an account by the last day of data. It left where it pays nothing any more, whatever its renewal; it renewed where
 * its renewal lies within the data and it still pays. Amounts in whole units.
 * @param arrNow null where the account is not known any more
 */
export function renewalOf(
  item: { arrThen: number; arrNow: number | null; renewalDate: string | null },
  dataTo: string,
): Renewal {
  if (item.arrNow === null) return 'unknown'
  if (item.arrNow <= 0) return 'left'
  if (item.renewalDate === null) return 'unknown'
  if (item.renewalDate > dataTo) return 'due'
  return item.arrNow > item.arrThen ? 'grew' : item.arrNow < item.arrThen ? 'shrank' : 'renewed'
}

/** Each account once, whatever the number of features it is listed for. */
export function summarise(items: readonly ListItem[]) {
  const accounts = [...new Map(items.map((i) => [i.accountId, i])).values()]
  const part = (...renewals: Renewal[]) => {
    const mine = accounts.filter((a) => renewals.includes(a.renewal))
    return { accounts: mine.length, arr: mine.reduce((sum, a) => sum + a.arrThen, 0) }
  }
  return {
    accounts: accounts.length,
    arrThen: accounts.reduce((sum, a) => sum + a.arrThen, 0),
    pairs: items.length,
    adopted: items.filter((i) => i.hasAdopted).length,
    owners: new Set(accounts.map((a) => a.owner ?? '')).size,
    withoutAddress: accounts.filter((a) => a.ownerEmail === null).length,
    features: [...new Set(items.map((i) => i.feature))].sort(),
    outcome: {
      left: part('left'),
      renewed: part('renewed', 'grew', 'shrank'),
      due: part('due'),
      unknown: part('unknown'),
    },
  }
}

const mailLines = 40

/** A mail to one owner: who it is about, why, and where to look; no claim about causes. */
export function mailFor(
  list: { name: string; month: string; note: string | null; link: string; from: string },
  owner: string,
  items: readonly ListItem[],
  currency: string,
): { subject: string; text: string } {
  const accounts = new Set(items.map((i) => i.accountId)).size
  const lines = items.slice(0, mailLines).map((i) => {
    const renewal = i.renewalDate ? `renews ${shortDay(i.renewalDate)}` : 'renewal not known'
    const use = i.lastUseThen ? `last used ${shortDay(i.lastUseThen)}` : 'never used'
    return `- ${i.account}: ${i.feature}. ${shortMoney(i.arrThen, currency)} of ARR, ${renewal}, ${use}.`
  })
  return {
    subject: `${list.name}: ${plural(accounts, 'account of yours', 'accounts of yours')}`,
    text: [
      `Hello ${owner},`,
      '',
      `${list.from} put together “${list.name}”: accounts that may use a feature and have not adopted it. ${accounts === 1 ? 'One of them is yours' : `${accounts} of them are yours`}.`,
      ...(list.note ? ['', list.note] : []),
      '',
      `As of ${shortDay(monthEnd(monthIndex(list.month)))}:`,
      ...lines,
      ...(items.length > mailLines ? [`- and ${items.length - mailLines} more in the file attached`] : []),
      '',
      `The list, and what became of it: ${list.link}`,
      '',
      'Not to have adopted a feature is no sign of harm by itself.',
    ].join('\n'),
  }
}
