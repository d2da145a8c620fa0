/** Two years of usage under raw event names, month by month, so that memory stays small at any scale. */
import { features, noise } from './catalogue.ts'
import { isPaying, month, monthDay, type Company, type SampleAccount } from './company.ts'
import { random } from './random.ts'

export interface SampleEvent {
  time: string
  account: SampleAccount
  user: string | null
  name: string
  id: string
}

const weight = { SMB: 2.2, 'Mid-market': 3.4, Enterprise: 6 }

export const eventMonths = (company: Company): number[] =>
  Array.from({ length: month(company.to) - month(company.from) + 1 }, (_, i) => month(company.from) + i)

/** The month's events in the order of time. */
export function eventsOf(company: Company, index: number): SampleEvent[] {
  const events: SampleEvent[] = []
  for (const account of company.accounts) if (account.isMeasured) addAccount(events, company, account, index)
  return events.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : a.id < b.id ? -1 : 1))
}

function addAccount(events: SampleEvent[], company: Company, account: SampleAccount, index: number): void {
  const r = random(company.seed, 'use', account.index, index)
  const here = account.users.filter((u) => month(u.created) <= index)
  const started = account.subscriptions.some((s) => month(s.start) <= index)
  // Who no longer pays still looks in now and then: usage without ARR, which is kept and reported.
  const level = isPaying(account, index) ? 1 : started ? 0.06 : 0
  if (here.length === 0 || level === 0) return
  const days = new Date(Date.UTC(Math.floor(index / 12), (index % 12) + 1, 0)).getUTCDate()
  const add = (name: string) => {
    const day = 1 + r.int(days)
    const hour = 7 + Math.floor((12 * (r.next() + r.next())) / 2)
    const clock = [hour, r.int(60), r.int(60)].map((n) => String(n).padStart(2, '0')).join(':')
    events.push({
      time: `${monthDay(index, day)}T${clock}Z`,
      account,
      user: here[r.int(here.length)]!.id,
      name,
      id: `${account.productId.slice(3)}-${index}-${events.length}`,
    })
  }
  for (const feature of features) {
    const since = account.adopted.get(feature.name)
    if (since === undefined || index < since || !isPaying(account, index)) continue
    const count = (r.chance(0.93) ? 1 : 0) + r.poisson(weight[account.segment] * account.activity * level)
    for (let i = 0; i < count; i += 1) {
      const name = feature.prefix + r.pick(feature.events)
      if (feature.releasedOn && index === month(feature.releasedOn)) {
        const before = events.length
        add(name)
        if (events[before]!.time < feature.releasedOn) events.pop()
        continue
      }
      add(name)
    }
  }
  const traffic = r.poisson(8 * weight[account.segment] * 0.55 * account.activity * level)
  for (let i = 0; i < traffic; i += 1) add(r.pick(noise))
}
