/** NRR is a ratio of sums over few large accounts and many small ones: how far it may be off, and on whom it hangs. */
import { seededDraw, type Draw } from '../seeded.ts'

/** An account's ARR at both ends of the window, in minor units per year. */
interface StartEnd {
  start: number
  end: number
}
export interface Range {
  low: number
  high: number
}

/** Up to this many accounts are drawn one by one. */
const drawnOneByOne = 1000
/** Of a larger book so many, the largest, are weighed one by one, and all others by the law that their sum follows. */
const weighedOneByOne = 500

/**
 * The 95 % percentile interval of NRR by resampling accounts, start and end of an account together. The same book gives the same
 * interval. Its coverage is below 95 % for few accounts, so it is approximate.
 * @param accounts with ARR at the start @returns fractions, or null below 2 accounts or without ARR
 * Source: Efron 1979; Davison and Hinkley 1997, Bootstrap Methods and their Application, 5.3. Poisson weights above 1,000: Chamandy et al. 2012.
 */
export function bootstrapNrr(accounts: readonly StartEnd[], { seed = 1, resamples = 1000 } = {}): Range | null {
  const book = accounts.map((a) => ({ start: a.start, end: Math.max(0, a.end) }))
  if (book.length < 2 || book.reduce((sum, a) => sum + a.start, 0) <= 0) return null
  const draw = seededDraw(seed)
  const resample = book.length <= drawnOneByOne ? drawAccounts(book, draw) : weighAccounts(book, draw)
  const ratios = Float64Array.from({ length: resamples }, resample).filter(Number.isFinite).sort()
  return { low: quantile(ratios, 0.025), high: quantile(ratios, 0.975) }
}

function drawAccounts(book: readonly StartEnd[], draw: Draw): () => number {
  return () => {
    let start = 0
    let end = 0
    for (let i = 0; i < book.length; i += 1) {
      const account = book[Math.floor(draw() * book.length)]!
      start += account.start
      end += account.end
    }
    return end / start
  }
}

/** Each account counts Poisson(1) times. The sum over thousands of small ones is normal, with their sums as mean and their squares as variance. */
function weighAccounts(book: readonly StartEnd[], draw: Draw): () => number {
  const sizes = new Float64Array(book.length)
  for (let i = 0; i < book.length; i += 1) sizes[i] = book[i]!.start + book[i]!.end
  sizes.sort()
  const largest = sizes.subarray(-weighedOneByOne)
  const least = largest[0]!
  // Of several as large as the least large one, so many count as large that the number fits.
  let ties = weighedOneByOne - largest.filter((size) => size > least).length
  const largeStart = new Float64Array(weighedOneByOne)
  const largeEnd = new Float64Array(weighedOneByOne)
  const mean = { start: 0, end: 0 }
  let starts = 0
  let ends = 0
  let both = 0
  let large = 0
  for (let i = 0; i < book.length; i += 1) {
    const { start, end } = book[i]!
    const size = start + end
    if (size > least || (size === least && ties > 0)) {
      if (size === least) ties -= 1
      largeStart[large] = start
      largeEnd[large] = end
      large += 1
    } else {
      mean.start += start
      mean.end += end
      starts += start * start
      ends += end * end
      both += start * end
    }
  }
  const spread = Math.sqrt(starts)
  const shared = spread > 0 ? both / spread : 0
  const own = Math.sqrt(Math.max(0, ends - shared ** 2))
  return () => {
    const [x, y] = twoNormals(draw)
    let start = mean.start + spread * x
    let end = mean.end + shared * x + own * y
    for (let i = 0; i < weighedOneByOne; i += 2) {
      const drawn = Math.floor(draw() * 2 ** 32)
      const first = timesDrawn[drawn & 0xffff]!
      const second = timesDrawn[drawn >>> 16]!
      start += first * largeStart[i]! + second * largeStart[i + 1]!
      end += first * largeEnd[i]! + second * largeEnd[i + 1]!
    }
    return end / start
  }
}

/** By Box and Muller 1958. */
function twoNormals(draw: Draw): [number, number] {
  const radius = Math.sqrt(-2 * Math.log(1 - draw()))
  const angle = 2 * Math.PI * draw()
  return [radius * Math.cos(angle), radius * Math.sin(angle)]
}

/** Poisson(1) by its quantiles, in steps of 2⁻¹⁶: half of a draw picks one, and how often an account counts. */
const timesDrawn = Uint8Array.from({ length: 2 ** 16 }, (_, step) => {
  const at = (step + 0.5) / 2 ** 16
  let times = 0
  let chance = Math.exp(-1)
  for (let upTo = chance; at >= upTo; upTo += chance) chance /= ++times
  return times
})

/** Between the two nearest ones, as R's type 7. */
function quantile(sorted: Float64Array, p: number): number {
  const at = p * (sorted.length - 1)
  const below = Math.floor(at)
  return sorted[below]! + (at - below) * ((sorted[below + 1] ?? sorted[below]!) - sorted[below]!)
}

export interface Concentration {
  /** How many accounts of equal size would be as uncertain: (Σ ARR)² / Σ ARR². Source: Kish 1965, Survey Sampling. */
  effective: number
  /** Share of the ARR at the start that the five largest accounts hold. */
  topFive: number
  /** NRR without each account in turn: the lowest and the highest. Null with one account. */
  leaveOneOut: Range | null
}

/** @param accounts with ARR at the start @returns null without ARR */
export function concentrationOf(accounts: readonly StartEnd[]): Concentration | null {
  const start = accounts.reduce((sum, a) => sum + a.start, 0)
  const end = accounts.reduce((sum, a) => sum + Math.max(0, a.end), 0)
  if (start <= 0) return null
  const squares = accounts.reduce((sum, a) => sum + a.start ** 2, 0)
  const sizes = new Float64Array(accounts.length)
  for (let i = 0; i < accounts.length; i += 1) sizes[i] = accounts[i]!.start
  const largest = sizes.sort().subarray(-5)
  let low = Infinity
  let high = -Infinity
  for (const a of accounts) {
    if (start - a.start <= 0) continue
    const without = (end - Math.max(0, a.end)) / (start - a.start)
    low = Math.min(low, without)
    high = Math.max(high, without)
  }
  return {
    effective: start ** 2 / squares,
    topFive: largest.reduce((sum, s) => sum + s, 0) / start,
    leaveOneOut: Number.isFinite(low) ? { low, high } : null,
  }
}
