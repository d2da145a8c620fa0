/** How getting started speaks of audiences, pillars and estimates. */
import type { Audience, Pillar } from '../../src/setup/taxonomy.ts'
import { count } from '../ui/format.ts'

export const audienceNames: Record<Audience, string> = {
  'product-managers': 'Product managers',
  leaders: 'Leaders',
  'sales-and-support': 'Sales and support',
}
export const pillarNames: Record<Pillar, string> = {
  data: 'Business and data insights',
  process: 'Process and practices',
  customer: 'Customer and market insights',
}
export const noPillar = 'Not for Product Operations'
export const pillarOrder = ['data', 'process', 'customer', null] as const

export const hours = (n: number): string => `${n < 10 ? Number(n.toFixed(1)) : count(Math.round(n))} h`
export const share = (n: number): string => `${Math.round(n * 100)} %`
export const between = (e: { low: number; high: number }, say: (n: number) => string): string =>
  say(e.low) === say(e.high) ? say(e.low) : `${say(e.low)} to ${say(e.high)}`
