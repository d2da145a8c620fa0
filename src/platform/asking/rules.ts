/** How often one person may be asked for an answer, over all rooms: one mechanism, a policy for each kind of person. */

const dayMs = 86_400_000

export interface AskingPolicy {
  name: string
  /** At most `most` askings within any `windowDays`. */
  windowDays: number
  most: number
  /** Days of rest after an asking, answered or not. */
  restDays: number
  /** Days of rest after somebody took part. */
  restDaysAfterTakingPart: number
}

/** Colleagues: tour waves, keep/fix/drop, health, typed numbers. Customers: research of any kind. */
export const askingPolicies = {
  colleagues: { name: 'colleagues', windowDays: 30, most: 3, restDays: 5, restDaysAfterTakingPart: 7 },
  customers: { name: 'customers', windowDays: 180, most: 3, restDays: 30, restDaysAfterTakingPart: 60 },
} as const satisfies Record<string, AskingPolicy>

export interface Asking {
  askedAt: Date
  tookPartAt: Date | null
}

export type Verdict =
  | { isAllowed: true }
  | { isAllowed: false; why: 'asked-lately' | 'took-part-lately' | 'asked-often'; reason: string; opensAt: Date }

const closed = (why: 'asked-lately' | 'took-part-lately' | 'asked-often', opensAt: Date, reason: string): Verdict => ({
  isAllowed: false,
  why,
  reason,
  opensAt,
})

/**
 * Whether a person may be asked now. Where several rules speak against it, the one that opens last is told, so that its date holds.
 * @param askings those of one person under this policy, in any order; askings in the future count as now
 */
export function mayAsk(policy: AskingPolicy, askings: readonly Asking[], now: Date): Verdict {
  const after = (days: number, at: Date) => new Date(at.getTime() + days * dayMs)
  const verdicts: Verdict[] = []
  for (const { askedAt, tookPartAt } of askings) {
    verdicts.push(
      closed(
        'asked-lately',
        after(policy.restDays, askedAt),
        `They were asked within the last ${policy.restDays} days.`,
      ),
    )
    if (tookPartAt)
      verdicts.push(
        closed(
          'took-part-lately',
          after(policy.restDaysAfterTakingPart, tookPartAt),
          `They took part within the last ${policy.restDaysAfterTakingPart} days.`,
        ),
      )
  }
  // The window opens again when the oldest of the last `most` askings falls out of it.
  const newestFirst = askings.map((a) => a.askedAt.getTime()).sort((a, b) => b - a)
  const oldestThatCounts = newestFirst[policy.most - 1]
  if (oldestThatCounts !== undefined)
    verdicts.push(
      closed(
        'asked-often',
        after(policy.windowDays, new Date(oldestThatCounts)),
        `They were asked ${policy.most} times within ${policy.windowDays} days.`,
      ),
    )
  const latest = verdicts
    .filter((v) => !v.isAllowed && v.opensAt > now)
    .reduce<Verdict>((last, v) => (last.isAllowed || (!v.isAllowed && v.opensAt > last.opensAt) ? v : last), {
      isAllowed: true,
    })
  return latest
}

/** How far back the ledger has to be read for a verdict, in days. */
export const reachOf = (policy: AskingPolicy): number =>
  Math.max(policy.windowDays, policy.restDays, policy.restDaysAfterTakingPart)
