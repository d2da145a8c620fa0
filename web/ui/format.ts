/** Numbers and days as people read them: compact money with the exact amount at hand, days as 23 Nov 2026. */
import type { Counted, Unit } from '../../src/platform/rooms/measure.ts'

export const count = (n: number): string => n.toLocaleString('en-GB')

export const percent = (rate: number | null | undefined, digits?: number): string => {
  if (rate === null || rate === undefined) return '–'
  const value = rate * 100
  return `${value.toFixed(digits ?? (value > 0 && value < 10 ? 1 : 0))}\u00a0%`
}

/** `+7.2`, in percentage points. */
export const points = (difference: number): string =>
  Math.abs(difference) < 0.0005 ? '0.0' : `${difference < 0 ? '−' : '+'}${Math.abs(difference * 100).toFixed(1)}`

const symbols: Record<string, string> = { EUR: '€', USD: '$', GBP: '£', CHF: 'CHF ', JPY: '¥' }
const symbol = (currency: string) => symbols[currency] ?? `${currency} `

export function money(amount: number, currency: string): string {
  const size = Math.abs(amount)
  const sign = amount < 0 ? '−' : ''
  const text =
    size >= 1e12
      ? `${(size / 1e12).toFixed(2)}\u00a0T`
      : size >= 1e9
        ? `${(size / 1e9).toFixed(2)}\u00a0B`
        : size >= 1e6
          ? `${(size / 1e6).toFixed(2)}\u00a0M`
          : size >= 1e4
            ? `${(size / 1e3).toFixed(0)}\u00a0k`
            : size.toLocaleString('en-GB', { maximumFractionDigits: 0 })
  return `${sign}${symbol(currency)}${text}`
}

/** For round ticks: `€20 M`. */
export const axisMoney = (amount: number, currency: string): string =>
  money(amount, currency).replace(/\.00(?=\u00a0)/, '')

export const exactMoney = (amount: number, currency: string): string =>
  `${symbol(currency)}${amount.toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`

/** To a tenth: `1.5 h`. */
export const hours = (n: number): string => `${count(Number(n.toFixed(1)))}\u00a0h`

/** A value of a measure. @param digits of a share */
export function inUnit(value: number, unit: Unit, currency: string, digits?: number): string {
  switch (unit) {
    case 'share':
      return percent(value, digits)
    case 'money':
      return money(value, currency)
    case 'hours':
      return hours(value)
    case 'accounts':
    case 'count':
      return count(value)
  }
}

/** The same for ticks of an axis, which are round. */
export const onAxis = (value: number, unit: Unit, currency: string): string =>
  unit === 'money' ? axisMoney(value, currency) : inUnit(value, unit, currency, 0)

/** Whether the value is itself the number that it is about. */
export const isNumberOf = (unit: Unit): boolean => unit === 'accounts' || unit === 'count'

const accounts = { one: 'account', many: 'accounts' }
/** What a figure is about: accounts, where its measure names nothing else. */
export const counted = (n: number, { one, many }: Counted = accounts): string => plural(n, one, many)

/** The heading of a column of such numbers. */
export const countedTitle = ({ many }: Counted = accounts): string => many.charAt(0).toUpperCase() + many.slice(1)

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
export const day = (iso: string | null | undefined): string =>
  iso ? `${Number(iso.slice(8, 10))} ${monthNames[Number(iso.slice(5, 7)) - 1]} ${iso.slice(0, 4)}` : '–'
/** What an address holds is not always what it should be. */
export const isMonth = (text: unknown): text is string =>
  typeof text === 'string' && /^\d{4}-(0[1-9]|1[0-2])$/.test(text)
export const month = (text: string): string => `${monthNames[Number(text.slice(5, 7)) - 1]} ${text.slice(0, 4)}`

/** A moment in the reader's own time zone. */
export const moment = (iso: string | null | undefined): string => {
  if (!iso) return '–'
  const at = new Date(iso)
  return `${at.getDate()} ${monthNames[at.getMonth()]} ${at.getFullYear()}, ${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`
}

/** How long ago, in the largest unit that fits. */
export function ago(iso: string, now = Date.now()): string {
  const minutes = Math.max(0, Math.floor((now - Date.parse(iso)) / 60_000))
  if (minutes < 2) return 'just now'
  if (minutes < 60) return `${minutes} min ago`
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ago`
  return minutes < 60 * 24 * 60 ? `${Math.floor(minutes / 1440)} days ago` : day(iso)
}

export const plural = (n: number, one: string, many: string): string => `${count(n)} ${n === 1 ? one : many}`

export const bytes = (n: number): string =>
  n < 1024
    ? `${n} B`
    : n < 1024 ** 2
      ? `${(n / 1024).toFixed(0)} kB`
      : n < 1024 ** 3
        ? `${(n / 1024 ** 2).toFixed(1)} MB`
        : `${(n / 1024 ** 3).toFixed(2)} GB`

/** A number stays with its unit at the end of a line. */
export const tied = (text: string): string => text.replaceAll(/(\d) (%|[kMBT]\b)/g, '$1\u00a0$2')
