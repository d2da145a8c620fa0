/** Net and gross revenue retention of a closed cohort, and the ARR movement bridge. Amounts are integers in minor units per year. */

export interface StartEnd {
  start: number
  end: number
}
export interface Retention {
  accounts: number
  start: number
  nrr: number | null
  grr: number | null
  logo: number | null
}

/**
 * Closed cohort: the accounts with ARR at the start, and what the same accounts pay at the end; who came later is outside
 * on both sides, who left and came back counts at the end value. GRR nets per account: min(end, start).
 * @returns fractions; null where no account was active at the start
 * Source: SMSB definitions of NRR and GRR, point to point over the window; logo retention = accounts still above zero.
 */
export function retentionOf(accounts: readonly StartEnd[]): Retention {
  let n = 0
  let start = 0
  let end = 0
  let kept = 0
  let alive = 0
  for (const account of accounts) {
    if (account.start <= 0) continue
    n += 1
    start += account.start
    end += Math.max(0, account.end)
    kept += Math.min(account.start, Math.max(0, account.end))
    if (account.end > 0) alive += 1
  }
  if (n === 0) return { accounts: 0, start: 0, nrr: null, grr: null, logo: null }
  return { accounts: n, start, nrr: end / start, grr: kept / start, logo: alive / n }
}

export interface Bridge {
  start: number
  new: number
  reactivation: number
  expansion: number
  contraction: number
  churn: number
  end: number
}

/**
 * One period's movements, per customer and not per subscription.
 * @param before whether the customer ever paid before the period: tells reactivation from new
 * Identity: start + new + reactivation + expansion − contraction − churn = end.
 * Source: ChartMogul's movement definitions.
 */
export function bridgeOf(accounts: readonly (StartEnd & { paidBefore: boolean })[]): Bridge {
  const bridge: Bridge = { start: 0, new: 0, reactivation: 0, expansion: 0, contraction: 0, churn: 0, end: 0 }
  for (const { start, end, paidBefore } of accounts) {
    bridge.start += start
    bridge.end += end
    if (start <= 0 && end > 0) bridge[paidBefore ? 'reactivation' : 'new'] += end
    else if (start > 0 && end <= 0) bridge.churn += start
    else if (end > start) bridge.expansion += end - start
    else bridge.contraction += start - end
  }
  return bridge
}
