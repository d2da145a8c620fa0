/** Which changes over a month are told: fixed rules over computed values, ranked by the ARR concerned. */
import { wilson } from '../../statistics/intervals.ts'
import { percent, plural, shortDay, shortMoney } from '../../../platform/wording.ts'
import type { MovementKind } from './revenue.ts'

export interface AdoptionAt {
  eligible: number
  adopters: number
  arrAdopters: number
}
export interface ChangeFacts {
  currency: string
  adoption: readonly { segment: string; feature: string; before: AdoptionAt; now: AdoptionAt }[]
  start: number
  movements: readonly { kind: MovementKind; arr: number; accounts: number }[]
  stopped: readonly { feature: string; accounts: number; arr: number }[]
  renewals: { accounts: number; arr: number; notAll: number; from: string; to: string }
  events: { before: number | null; now: number; unmappedBefore: number | null; unmappedNow: number }
}
export interface Change {
  rule: 'adoption' | 'movement' | 'stopped' | 'renewals'
  text: string
  arr: number
  accounts: number
  feature: string | null
  segment: string | null
  kind: MovementKind | null
  rises: boolean | null
}
export interface DataCaveat {
  rule: 'volume' | 'unmapped'
  text: string
}

export const allSegments = 'All'
const smallestBase = 10
/** A movement is told from this share of the ARR at the start on. */
export const movementShare = 0.01
const volumeDrop = 0.3
const unmappedJump = 0.1

/** The rate now lies outside the interval of before, and the rate before outside that of now; both of at least 10 accounts. */
export function hasMoved(
  before: Pick<AdoptionAt, 'eligible' | 'adopters'>,
  now: Pick<AdoptionAt, 'eligible' | 'adopters'>,
): boolean {
  if (before.eligible < smallestBase || now.eligible < smallestBase) return false
  const a = wilson(before.adopters, before.eligible)!
  const b = wilson(now.adopters, now.eligible)!
  const isIn = (value: number, i: { low: number; high: number }) => value >= i.low && value <= i.high
  return !isIn(b.value, a) && !isIn(a.value, b)
}

function adoptionChanges({ adoption, currency }: ChangeFacts): Change[] {
  const moved = adoption
    .filter((r) => hasMoved(r.before, r.now))
    .map((r) => ({ ...r, rises: r.now.adopters / r.now.eligible > r.before.adopters / r.before.eligible }))
  const whole = new Set(moved.filter((r) => r.segment === allSegments).map((r) => `${r.feature} ${r.rises}`))
  // Where all accounts moved, a segment that moved the same way tells nothing more.
  return moved
    .filter((r) => r.segment === allSegments || !whole.has(`${r.feature} ${r.rises}`))
    .map((r) => {
      const arr = Math.abs(r.now.arrAdopters - r.before.arrAdopters)
      const who = r.segment === allSegments ? 'all accounts' : r.segment
      const [before, now] = [r.before, r.now]
      const rates = `${percent(before.adopters / before.eligible)} to ${percent(now.adopters / now.eligible)}`
      const counts = `${before.adopters} of ${before.eligible}, now ${now.adopters} of ${now.eligible}`
      const direction = now.arrAdopters >= before.arrAdopters ? 'up' : 'down'
      return {
        rule: 'adoption',
        arr,
        accounts: Math.abs(r.now.adopters - r.before.adopters),
        feature: r.feature,
        segment: r.segment === allSegments ? null : r.segment,
        kind: null,
        rises: r.rises,
        text: [
          `${r.feature} ${r.rises ? 'rose' : 'fell'} among ${who}: ${rates} of the eligible (${counts}).`,
          `The ARR of its adopters went ${direction} by ${shortMoney(arr, currency)}.`,
        ].join(' '),
      }
    })
}

const movementWords: Record<MovementKind, string> = {
  new: 'New accounts brought',
  reactivation: 'Accounts that came back brought',
  expansion: 'Expansion added',
  contraction: 'Contraction took',
  churn: 'Churn took',
}

const movementChanges = ({ movements, start, currency }: ChangeFacts): Change[] =>
  movements
    .filter((m) => start > 0 && m.arr >= movementShare * start)
    .map((m) => ({
      rule: 'movement',
      arr: m.arr,
      accounts: m.accounts,
      feature: null,
      segment: null,
      kind: m.kind,
      rises: m.kind !== 'contraction' && m.kind !== 'churn',
      text: `${movementWords[m.kind]} ${shortMoney(m.arr, currency)}, ${percent(m.arr / start)} of the ARR at the start, in ${plural(m.accounts, 'account', 'accounts')}.`,
    }))

const stoppedChanges = ({ stopped, currency }: ChangeFacts): Change[] =>
  stopped
    .filter((s) => s.accounts > 0)
    .map((s) => ({
      rule: 'stopped',
      arr: s.arr,
      accounts: s.accounts,
      feature: s.feature,
      segment: null,
      kind: null,
      rises: false,
      text: `${plural(s.accounts, 'account', 'accounts')} stopped using the core feature ${s.feature}: ${shortMoney(s.arr, currency)} of ARR.`,
    }))

function useOfRenewing({ accounts, notAll }: ChangeFacts['renewals']): string {
  if (notAll === 0) return ''
  if (accounts === 1) return ' It does not use every core feature it is entitled to.'
  if (notAll === accounts) return ' None of them uses every core feature it is entitled to.'
  if (notAll === 1) return ' 1 of them does not use every core feature it is entitled to.'
  return ` ${notAll.toLocaleString('en-GB')} of them do not use every core feature they are entitled to.`
}

function renewalChanges({ renewals: r, currency }: ChangeFacts): Change[] {
  if (r.accounts === 0) return []
  return [
    {
      rule: 'renewals',
      arr: r.arr,
      accounts: r.accounts,
      feature: null,
      segment: null,
      kind: null,
      rises: null,
      text: `${plural(r.accounts, 'renewal', 'renewals')} came into the 90 days to ${shortDay(r.to)}: ${shortMoney(r.arr, currency)} of ARR.${useOfRenewing(r)}`,
    },
  ]
}

/** All changes that a rule tells, the most ARR concerned first. */
export const findChanges = (facts: ChangeFacts): Change[] =>
  [...adoptionChanges(facts), ...movementChanges(facts), ...stoppedChanges(facts), ...renewalChanges(facts)].sort(
    (a, b) => b.arr - a.arr || (a.text < b.text ? -1 : 1),
  )

/** What in the data itself may look like a change of the customers: events by day 30 % down, or unmapped events 10 points up. */
export function findCaveats({ events: e }: Pick<ChangeFacts, 'events'>): DataCaveat[] {
  const caveats: DataCaveat[] = []
  if (e.before !== null && e.before > 0 && e.now <= (1 - volumeDrop) * e.before)
    caveats.push({
      rule: 'volume',
      text: `Events by day fell by ${percent(1 - e.now / e.before)}: a source may be missing, and falls in adoption may be that and nothing else.`,
    })
  if (e.unmappedBefore !== null && e.unmappedNow - e.unmappedBefore >= unmappedJump)
    caveats.push({
      rule: 'unmapped',
      text: `Events of no feature rose from ${percent(e.unmappedBefore)} to ${percent(e.unmappedNow)}: a name may have changed. Look at the features.`,
    })
  return caveats
}
