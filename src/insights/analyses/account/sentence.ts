/** What stands out about one account: by fixed rules, from computed values. */
import { plural, shortDay, shortMoney } from '../../../platform/wording.ts'
import type { Answer } from '../ground/asking.ts'

export type FeatureState = 'not-released' | 'not-entitled' | 'not-measured' | 'never-used' | 'dormant' | 'adopted'

export interface AccountFacts {
  currency: string
  arr: number
  plans: readonly string[]
  /** The last month's end at which it paid, where it does not pay now. */
  paidLast: string | null
  renewalDate: string | null
  renewsInDays: number | null
  isMeasured: boolean
  excludedReason: string | null
  features: readonly { feature: string; isCore: boolean; state: FeatureState; lastUse: string | null }[]
}

/** At most two features are named: the ones used longest ago come last, since the freshest loss is what can be acted on. */
export function writeAccountSentence(a: AccountFacts): Answer {
  const parts = [paying(a), a.arr > 0 ? renewing(a) : null, using(a)].filter((part) => part !== null)
  const text = `${parts.slice(0, -1).join(', ')}${parts.length > 1 ? ', and ' : ''}${parts.at(-1)!}.`
  return {
    text: text.charAt(0).toUpperCase() + text.slice(1),
    caveat: a.excludedReason ? `It is excluded (${a.excludedReason}), so no rate and no sum counts it.` : null,
  }
}

function paying({ arr, plans, paidLast, currency }: AccountFacts): string {
  if (arr > 0) return `pays ${shortMoney(arr, currency)} a year${plans.length > 0 ? ` for ${plans.join(' and ')}` : ''}`
  return paidLast ? `pays nothing any more; it last did on ${shortDay(paidLast)}` : 'has never paid'
}

function renewing({ renewalDate, renewsInDays: days }: AccountFacts): string {
  if (renewalDate === null || days === null) return 'has no renewal date'
  if (days < 0) return `was to renew on ${shortDay(renewalDate)}`
  return days === 0 ? 'renews today' : `renews in ${plural(days, 'day', 'days')}`
}

function using({ features, isMeasured }: AccountFacts): string {
  if (!isMeasured) return 'no event of it was ever seen'
  const core = features.filter(
    (f) => f.isCore && (f.state === 'adopted' || f.state === 'dormant' || f.state === 'never-used'),
  )
  if (core.length === 0) return 'is entitled to no core feature'
  const dormant = core
    .filter((f) => f.state === 'dormant')
    .sort((a, b) => (a.lastUse! < b.lastUse! ? 1 : -1))
    .map((f) => `${f.feature} since ${shortDay(f.lastUse!)}`)
  const never = core.filter((f) => f.state === 'never-used').map((f) => f.feature)
  if (dormant.length > 0)
    return `has not used ${dormant.slice(0, 2).join(' nor ')}${dormant.length > 2 ? `, and ${dormant.length - 2} more` : ''}`
  if (never.length > 0)
    return `has never used ${never.slice(0, 2).join(' nor ')}${never.length > 2 ? `, nor ${never.length - 2} more core features` : ''}`
  return core.length === 1
    ? `uses ${core[0]!.feature}, its one core feature`
    : `uses all ${core.length} core features it is entitled to`
}
