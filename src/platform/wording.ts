/** Numbers and days as people read them. */
export const count = (n: number): string => n.toLocaleString('en-GB')

export const plural = (n: number, one: string, many: string): string =>
  `${n.toLocaleString('en-GB')} ${n === 1 ? one : many}`

/** To a tenth: `12 hours`, `1.5 hours`. */
export const hoursText = (hours: number): string => plural(Number(hours.toFixed(1)), 'hour', 'hours')

export const percent = (rate: number): string =>
  `${rate > 0 && rate < 0.1 ? (rate * 100).toFixed(1) : (rate * 100).toFixed(0)} %`

const conjunction = new Intl.ListFormat('en-GB', { type: 'conjunction' })
/** `A, B and C`. */
export const listing = (words: readonly string[]): string => conjunction.format(words)

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `2025-11` → `Nov 2025`. */
export const shortMonth = (month: string): string => `${months[Number(month.slice(5, 7)) - 1]} ${month.slice(0, 4)}`

/** `2025-11-23` → `23 Nov 2025`. */
export const shortDay = (day: string): string => `${Number(day.slice(8, 10))} ${shortMonth(day)}`

/** Compact above 10,000: `€1.24 M`. */
export function shortMoney(amount: number, currency: string): string {
  const symbol = { EUR: '€', USD: '$', GBP: '£' }[currency] ?? `${currency} `
  const size = Math.abs(amount)
  if (size >= 1e12) return `${symbol}${(amount / 1e12).toFixed(2)} T`
  if (size >= 1e9) return `${symbol}${(amount / 1e9).toFixed(2)} B`
  if (size >= 1e6) return `${symbol}${(amount / 1e6).toFixed(2)} M`
  if (size >= 1e4) return `${symbol}${(amount / 1e3).toFixed(0)} k`
  return `${symbol}${amount.toLocaleString('en-GB', { maximumFractionDigits: 0 })}`
}
