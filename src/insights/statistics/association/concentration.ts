/** NRR is a ratio of sums over few large accounts and many small ones: how far it may be off, and on whom it hangs. */
import { quantileOfSorted } from '../quantile.ts'
import { seededDraw, type Draw } from '../seeded.ts'

/** An account's ARR at both ends of the window, in minor units per year. */
export interface StartEnd {
  start: number
  end: number
}
export interface Range {
  low: number
  high: number
}

/** The ARR of accounts at both ends of a window, in minor units per year: of all together, and of the largest one by one. */
export interface Book {
  accounts: number
  start: number
  end: number
  /** Σ start². */
  startSquares: number
  /** Σ start of the five largest by it. */
  topFive: number
  /** End over start without each account in turn: the lowest and the highest. Null where one account holds all ARR. */
  leaveOneOut: Range | null
  /** The `oneByOne` largest by start and end together, or all where there are no more. */
  largest: readonly StartEnd[]
  /** Sums over all others. */
  rest: { start: number; end: number; startSquares: number; endSquares: number; products: number }
}

/** Up to this many accounts are drawn one by one; of a larger book so many, the largest, are weighed one by one, and all others by the law that their sum follows. */
export const oneByOne = 500

/**
 * The 95 % percentile interval of NRR by resampling accounts, start and end of an account together. The same book gives the same
 * interval. Its coverage is below 95 % for few accounts, so it is approximate.
 * @returns fractions, or null below 2 accounts or without ARR
 * Source: Efron 1979; Davison and Hinkley 1997, Bootstrap Methods and their Application, 5.3. Poisson weights above 500: Chamandy et al. 2012.
 */
export function bootstrapNrr(book: Book, { seed = 1, resamples = 1000 } = {}): Range | null {
  if (book.accounts < 2 || book.start <= 0) return null
  const draw = seededDraw(seed)
  const resample = book.accounts <= oneByOne ? drawAccounts(book, draw) : weighAccounts(book, draw)
  const ratios = Float64Array.from({ length: resamples }, resample).filter(Number.isFinite).sort()
  return { low: quantileOfSorted(ratios, 0.025), high: quantileOfSorted(ratios, 0.975) }
}

function drawAccounts({ largest: all }: Book, draw: Draw): () => number {
  return () => {
    let start = 0
    let end = 0
    for (let i = 0; i < all.length; i += 1) {
      const account = all[Math.floor(draw() * all.length)]!
      start += account.start
      end += account.end
    }
    return end / start
  }
}

/** Each account counts Poisson(1) times. The sum over thousands of small ones is normal, with their sums as mean and their squares as variance. */
function weighAccounts({ largest, rest }: Book, draw: Draw): () => number {
  const starts = Float64Array.from(largest, (a) => a.start)
  const ends = Float64Array.from(largest, (a) => a.end)
  const spread = Math.sqrt(rest.startSquares)
  const shared = spread > 0 ? rest.products / spread : 0
  const own = Math.sqrt(Math.max(0, rest.endSquares - shared ** 2))
  return () => {
    const [x, y] = twoNormals(draw)
    let start = rest.start + spread * x
    let end = rest.end + shared * x + own * y
    for (let i = 0; i < oneByOne; i += 2) {
      const drawn = Math.floor(draw() * 2 ** 32)
      const first = timesDrawn[drawn & 0xffff]!
      const second = timesDrawn[drawn >>> 16]!
      start += first * starts[i]! + second * starts[i + 1]!
      end += first * ends[i]! + second * ends[i + 1]!
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

export interface Concentration {
  /** How many accounts of equal size would be as uncertain: (Σ ARR)² / Σ ARR². Source: Kish 1965, Survey Sampling. */
  effective: number
  /** Share of the ARR at the start that the five largest accounts hold. */
  topFive: number
  /** NRR without each account in turn: the lowest and the highest. Null with one account. */
  leaveOneOut: Range | null
}

/** @returns null without ARR at the start */
export const concentrationOf = ({ start, startSquares, topFive, leaveOneOut }: Book): Concentration | null =>
  start > 0 ? { effective: start ** 2 / startSquares, topFive: topFive / start, leaveOneOut } : null
