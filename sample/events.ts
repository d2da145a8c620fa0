/** Two years of usage under raw event names, month by month, so that memory stays small at any scale. */
import { features, noise } from './catalogue.ts'
import { isPaying, isUsing, month, monthDay, type Company, type SampleAccount, type SampleUser } from './company.ts'
import { random, type Random } from './random.ts'

export interface SampleEvent {
  time: string
  account: SampleAccount
  user: string | null
  name: string
  id: string
}

/** Visits to a feature in a month by an account of usual activity. */
const visits = { SMB: 2.2, 'Mid-market': 3.4, Enterprise: 6 }
/** Actions that follow the first of a visit, on average. */
const furtherActions = 0.8

export const eventMonths = (company: Company): number[] =>
  Array.from({ length: month(company.to) - month(company.from) + 1 }, (_, i) => month(company.from) + i)

/** The month's events in the order of time. */
export function eventsOf(company: Company, index: number): SampleEvent[] {
  const events: SampleEvent[] = []
  const days = workingDays(index)
  for (const account of company.accounts) if (account.isMeasured) addAccount(events, company, account, { index, days })
  return events.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : a.id < b.id ? -1 : 1))
}

interface MonthOfWork {
  index: number
  /** Days of the month, a working day many times, so that a draw among them falls on it. */
  days: readonly number[]
}

/** People work from Monday to Friday, a little at weekends, and less around the turn of the year. */
function workingDays(index: number): number[] {
  const last = new Date(Date.UTC(Math.floor(index / 12), (index % 12) + 1, 0)).getUTCDate()
  return Array.from({ length: last }, (_, i) => i + 1).flatMap((day) => {
    const weekday = new Date(Date.UTC(Math.floor(index / 12), index % 12, day)).getUTCDay()
    const isHoliday = (index % 12 === 11 && day >= 24) || (index % 12 === 0 && day === 1)
    return Array.from({ length: weekday === 0 || weekday === 6 ? 1 : isHoliday ? 6 : 8 }, () => day)
  })
}

/** How busy an account is in a month, against its usual self. */
function levelOf(account: SampleAccount, index: number, r: Random): number {
  const isIdle = r.chance(account.activity < 0.6 ? 0.14 : 0.02)
  if (index >= account.quietFrom) return 0
  if (!isPaying(account, index)) {
    // Who no longer pays still looks in now and then: usage without ARR, which is kept and reported.
    return account.subscriptions.some((s) => month(s.start) <= index) ? 0.06 : 0
  }
  if (isIdle) return 0
  return isPaying(account, index + 2) ? 1 : 0.5
}

function addAccount(
  events: SampleEvent[],
  company: Company,
  account: SampleAccount,
  { index, days }: MonthOfWork,
): void {
  const r = random(company.seed, 'use', account.index, index)
  const level = levelOf(account, index, r)
  const here = account.users.filter((u) => month(u.created) <= index && index < u.until)
  if (here.length === 0 || level === 0) return
  let made = 0
  const visit = (who: (draw: number) => SampleUser, names: () => string, actions: number) => {
    const day = r.pick(days)
    const user = who(r.next())
    const hour = 7 + Math.floor((12 * (r.next() + r.next())) / 2)
    let minute = r.int(60)
    for (let i = 0; i < actions; i += 1) {
      const clock = [hour, minute, r.int(60)].map((n) => String(n).padStart(2, '0')).join(':')
      minute = Math.min(59, minute + r.int(8))
      const time = `${monthDay(index, day)}T${clock}Z`
      events.push({
        time,
        account,
        user: user.id,
        name: names(),
        id: `${account.productId.slice(3)}-${index}-${(made += 1)}`,
      })
    }
  }
  for (const [f, feature] of features.entries()) {
    if (!isUsing(account, feature.name, index) || !isPaying(account, index)) continue
    const who = drawOf(here, (i) => ((i * 7 + f * 3 + account.index) % 5 < 3 ? 1 : 0.1))
    const count = (r.chance(0.93) ? 1 : 0) + r.poisson(0.85 * visits[account.segment] * account.activity * level)
    const before = events.length
    for (let i = 0; i < count; i += 1)
      visit(who, () => feature.prefix + r.pick(feature.events), 1 + r.poisson(furtherActions))
    if (feature.releasedOn && index === month(feature.releasedOn)) {
      events.push(...events.splice(before).filter((e) => e.time >= feature.releasedOn!))
    }
  }
  const anybody = drawOf(here, () => 1)
  const traffic = r.poisson(8 * visits[account.segment] * 0.55 * account.activity * level)
  for (let i = 0; i < traffic; i += 1) visit(anybody, () => r.pick(noise), 1)
}

/** Draws a person by their share of the work and by their taste for it. @returns the person at a point in [0, 1) */
function drawOf(people: readonly SampleUser[], taste: (i: number) => number): (draw: number) => SampleUser {
  const weights = people.map((u, i) => u.share * taste(i))
  const total = weights.reduce((sum, w) => sum + w, 0)
  return (draw) => {
    let left = draw * total
    return people[weights.findIndex((w) => (left -= w) < 0)] ?? people.at(-1)!
  }
}
