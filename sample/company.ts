/** Who the sample company's customers are, what they pay, and which features they come to use; the same for the same seed. */
import {
  companyName,
  features,
  industries,
  owners,
  regions,
  segments,
  type SampleFeature,
  type Segment,
} from './catalogue.ts'
import { random, type Random } from './random.ts'

export interface Subscription {
  id: string
  start: string
  end: string | null
  mrr: number
  plan: string
}
export interface SampleUser {
  id: string
  created: string
  /** Month index from which the person is gone. */
  until: number
  /** How much of the account's work the person does, against the others. */
  share: number
}
export interface SampleAccount {
  index: number
  crmId: string
  billingId: string
  productId: string
  name: string
  domain: string
  segment: Segment
  region: string
  industry: string
  employees: number
  owner: string
  kind: 'customer' | 'internal' | 'test' | 'trial'
  /** Bears its product and billing ids in the CRM; else the crosswalk must find it by domain or name. */
  knownBy: 'id' | 'domain' | 'name'
  parent: string | null
  /** Moved up from this segment on this day. */
  movedFrom: { segment: Segment; on: string } | null
  subscriptions: Subscription[]
  users: SampleUser[]
  isMeasured: boolean
  /** Month index from which a feature is used, by feature name. */
  adopted: Map<string, number>
  /** Month index from which a feature that was adopted is used no more. */
  dropped: Map<string, number>
  /** Month index from which nobody there does anything any more, though it may go on paying. */
  quietFrom: number
  activity: number
}
export interface Company {
  seed: number
  accounts: SampleAccount[]
  from: string
  to: string
}

export const firstDay = '2024-01-01'
export const lastDay = '2025-12-31'
export const month = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1
export const monthDay = (index: number, day = 1): string =>
  `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}-${String(day).padStart(2, '0')}`
const from = month(firstDay)
const to = month(lastDay)

const yearlyChurn: Record<Segment, number> = { SMB: 0.3, 'Mid-market': 0.17, Enterprise: 0.07 }
const mrrOf: Record<Segment, [number, number]> = { SMB: [180, 0.6], 'Mid-market': [1500, 0.5], Enterprise: [9000, 0.6] }
const usersOf: Record<Segment, [number, number]> = { SMB: [2, 6], 'Mid-market': [6, 18], Enterprise: [14, 50] }
/** Share of accounts that fall silent at some time; it has nothing to do with leaving. */
const fallsSilent: Record<Segment, number> = { SMB: 0.09, 'Mid-market': 0.05, Enterprise: 0.03 }
/** Odds that an adopter gives a feature up, a month. */
const givesUp = { core: 0.004, other: 0.015 }
const accountsAtScaleOne = 600

export function makeCompany(seed: number, scale: number): Company {
  const count = Math.max(60, Math.round(accountsAtScaleOne * scale))
  const accounts = Array.from({ length: count }, (_, index) => makeAccount(seed, index))
  // Some are subsidiaries of the account before them.
  for (const account of accounts) if (account.index % 60 === 7) account.parent = accounts[account.index - 1]!.crmId
  return { seed, from: firstDay, to: lastDay, accounts }
}

function segmentOf(r: Random): Segment {
  const draw = r.next()
  return draw < 0.56 ? 'SMB' : draw < 0.83 ? 'Mid-market' : 'Enterprise'
}

const hex = (seed: number, what: string, index: number, length: number): string => {
  const r = random(seed, what, index)
  return Array.from({ length }, () => '0123456789abcdefghjkmnpqrstvwxyz'[r.int(32)]).join('')
}

function makeAccount(seed: number, index: number): SampleAccount {
  const r = random(seed, 'account', index)
  // A fixed few of every hundred are what dirty data looks like.
  const slot = index % 100
  const kind = slot === 17 ? 'internal' : slot === 41 ? 'test' : slot === 63 ? 'trial' : 'customer'
  const segment = segmentOf(r)
  const base = companyName(index)
  const name = kind === 'internal' ? `${base} (internal)` : kind === 'test' ? `Test account ${base}` : base
  const plain = base.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  const startMonth = kind === 'customer' ? (r.chance(0.55) ? from - 1 - r.int(30) : from + r.int(22)) : from + r.int(12)
  const region = r.pick(regions)
  const account: SampleAccount = {
    index,
    kind,
    segment,
    name,
    domain: `${plain}.example`,
    region,
    industry: r.pick(industries),
    movedFrom: null,
    crmId: `001${hex(seed, 'crm', index, 12)}`,
    billingId: `cus_${hex(seed, 'billing', index, 12)}`,
    productId: `ws_${hex(seed, 'product', index, 10)}`,
    employees: Math.round({ SMB: 40, 'Mid-market': 350, Enterprise: 4200 }[segment] * Math.exp(0.5 * r.normal())),
    owner:
      segment === 'Enterprise'
        ? { Europe: owners[r.int(2)]!, 'North America': owners[2], 'Asia Pacific': owners[1] }[region]!
        : segment === 'Mid-market'
          ? owners[3 + r.int(2)]!
          : owners[5],
    knownBy:
      kind === 'customer' && slot % 25 === 8 ? 'domain' : kind === 'customer' && slot % 50 === 13 ? 'name' : 'id',
    parent: null,
    subscriptions: [],
    users: [],
    isMeasured: !(kind === 'customer' && slot % 40 === 29),
    adopted: new Map(),
    dropped: new Map(),
    quietFrom: Infinity,
    activity: Math.exp(0.45 * r.normal()),
  }
  if (kind === 'customer' && segment === 'Mid-market' && r.chance(0.12))
    account.movedFrom = { segment: 'SMB', on: monthDay(from + 6 + r.int(16)) }
  account.subscriptions =
    kind === 'trial'
      ? [
          {
            id: `sub_${hex(seed, 'sub', index * 100, 10)}`,
            start: monthDay(startMonth, 5),
            end: null,
            mrr: 0,
            plan: 'Trial',
          },
        ]
      : []
  if (kind !== 'trial') live(account, startMonth, seed)
  const [fewest, more] = usersOf[segment]
  account.users = Array.from({ length: fewest + r.int(more) }, (_, i) => ({
    id: `u_${hex(seed, `user${index}`, i, 10)}`,
    ...stayOf(r, Math.max(startMonth, from - 1), i),
    share: Math.exp(0.9 * r.normal()),
  }))
  return account
}

/** Half of the people are there when the account begins, the first of them to the end. */
function stayOf(r: Random, began: number, i: number): Pick<SampleUser, 'created' | 'until'> {
  const later = r.int(Math.max(1, to - began))
  const since = i % 2 === 0 ? began : began + later
  const leaves = r.chance(0.3) && i > 0
  return { created: monthDay(since, 1 + r.int(28)), until: leaves ? since + 2 + r.int(24) : Infinity }
}

const planOf = (segment: Segment, r: Random): string =>
  segment === 'SMB'
    ? r.chance(0.55)
      ? 'Starter'
      : 'Team'
    : segment === 'Mid-market'
      ? r.chance(0.4)
        ? 'Team'
        : 'Business'
      : r.chance(0.3)
        ? 'Business'
        : 'Enterprise'

export const isEntitled = (feature: SampleFeature, plan: string): boolean =>
  feature.plans === 'all' || feature.plans.includes(plan)

/** Years of contract: each anniversary renews, grows, shrinks or ends; some who left come back. */
function live(account: SampleAccount, startMonth: number, seed: number): void {
  const r = random(seed, 'life', account.index)
  const plan = planOf(account.segment, r)
  adopt(account, startMonth, plan, seed)
  const [typical, spread] = mrrOf[account.segment]
  let mrr = Math.round(typical * Math.exp(spread * r.normal())) + 0.5 * r.int(2)
  let at = startMonth
  let number = 0
  const day = 1 + r.int(28)
  const id = () => `sub_${hex(seed, 'sub', account.index * 100 + (number += 1), 10)}`
  const yearly = account.kind === 'customer'
  for (let current = { id: id(), start: monthDay(at, day), mrr }; ;) {
    at += 12
    if (at > to || !yearly) {
      account.subscriptions.push({ ...current, end: null, plan })
      break
    }
    const leaves = r.chance(leavingOdds(account, at))
    if (leaves) {
      account.subscriptions.push({ ...current, end: monthDay(at, day), plan })
      if (!r.chance(0.06)) break
      at += 2 + r.int(6)
      if (at > to) break
    } else {
      const draw = r.next()
      if (draw >= 0.5) continue
      account.subscriptions.push({ ...current, end: monthDay(at, day), plan })
      mrr = Math.round(mrr * (draw < 0.38 ? 1.08 + 0.3 * r.next() : 0.62 + 0.3 * r.next()) * 100) / 100
    }
    current = { id: id(), start: monthDay(at, day), mrr }
  }
  // A second, overlapping subscription: the sum counts.
  const last = account.subscriptions.at(-1)!
  if (yearly && r.chance(0.1))
    account.subscriptions.push({
      id: id(),
      start: monthDay(Math.min(to, month(last.start) + 1 + r.int(9)), 15),
      end: last.end,
      mrr: Math.round(mrr * 0.2),
      plan,
    })
}

function leavingOdds(account: SampleAccount, at: number): number {
  const base = yearlyChurn[account.segment]
  const used = features.filter((f) => hasTaken(account, f.name, at - 3))
  const factor = used.reduce((product, f) => product * f.churnFactor, 1)
  return Math.min(0.9, base * factor * (account.activity < 0.6 ? 1.3 : 1))
}

function adopt(account: SampleAccount, startMonth: number, plan: string, seed: number): void {
  if (account.kind === 'internal' || account.kind === 'test') {
    for (const f of features) account.adopted.set(f.name, from)
    return
  }
  for (const f of features) {
    const r = random(seed, 'adopt', account.index, f.name)
    if (!isEntitled(f, plan) || !r.chance(f.adoption[account.segment])) continue
    const earliest = Math.max(startMonth, from, f.releasedOn ? month(f.releasedOn) : 0)
    const since = earliest + Math.min(18, r.poisson(startMonth < from ? 1 : 2.5))
    account.adopted.set(f.name, since)
    const until = giveUpMonth(
      random(seed, 'give up', account.index, f.name),
      since,
      f.isCore ? givesUp.core : givesUp.other,
    )
    if (until <= to) account.dropped.set(f.name, until)
  }
  const r = random(seed, 'quiet', account.index)
  if (r.chance(fallsSilent[account.segment])) account.quietFrom = Math.max(startMonth, from) + 3 + r.int(20)
}

function giveUpMonth(r: Random, since: number, odds: number): number {
  let at = since + 2
  while (at <= to && !r.chance(odds)) at += 1
  return at
}

const hasTaken = (account: SampleAccount, feature: string, index: number): boolean =>
  (account.adopted.get(feature) ?? Infinity) <= index && index < (account.dropped.get(feature) ?? Infinity)

/** Whether the account works with the feature in that month, if it pays. */
export const isUsing = (account: SampleAccount, feature: string, index: number): boolean =>
  hasTaken(account, feature, index) && index < account.quietFrom

export const isPaying = (account: SampleAccount, index: number): boolean => {
  const end = monthDay(index, 28)
  return (
    account.kind === 'trial' || account.subscriptions.some((s) => s.start <= end && (s.end === null || end < s.end))
  )
}

export { segments }
