import { oneByOne, type Book, type StartEnd } from '../../src/insights/statistics/association/concentration.ts'

/** The book of some accounts, as the warehouse sums it. */
export function bookOf(accounts: readonly StartEnd[]): Book {
  const size = (a: StartEnd) => a.start + a.end
  const inOrder = [...accounts].sort((a, b) => size(b) - size(a))
  const sum = (of: readonly StartEnd[], pick: (a: StartEnd) => number) => of.reduce((all, a) => all + pick(a), 0)
  const rest = inOrder.slice(oneByOne)
  const start = sum(accounts, (a) => a.start)
  const end = sum(accounts, (a) => a.end)
  const without = accounts.filter((a) => a.start < start).map((a) => (end - a.end) / (start - a.start))
  return {
    accounts: accounts.length,
    start,
    end,
    startSquares: sum(accounts, (a) => a.start ** 2),
    topFive: accounts
      .map((a) => a.start)
      .sort((a, b) => b - a)
      .slice(0, 5)
      .reduce((all, five) => all + five, 0),
    leaveOneOut: without.length > 0 ? { low: Math.min(...without), high: Math.max(...without) } : null,
    largest: inOrder.slice(0, oneByOne),
    rest: {
      start: sum(rest, (a) => a.start),
      end: sum(rest, (a) => a.end),
      startSquares: sum(rest, (a) => a.start ** 2),
      endSquares: sum(rest, (a) => a.end ** 2),
      products: sum(rest, (a) => a.start * a.end),
    },
  }
}
