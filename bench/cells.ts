/** Answers as cells that can be compared: a fast wrong answer is worth nothing. */
import type { AdoptionRetention } from '../src/insights/analyses/ground/schemas.ts'

/** One row of the SQL written by hand: sums of one block, segment and feature. */
export interface SumRow {
  block: 'now' | 'then'
  segment: string
  /** Null: the segment as a whole, where the end is counted of every account. */ feature: string | null
  n: number
  arr: number
  not_n: number
  not_arr: number
  adopters: number
  adopter_arr: number
  arr_end: number
  adopter_end: number
  kept: number
  adopter_kept: number
  alive: number
  adopter_alive: number
}

type Cells = Map<string, (number | null)[]>

const arm = (n: number, arr: number, end: number, kept: number, alive: number): (number | null)[] => [
  n,
  arr / 100,
  ...(n >= 10 && arr > 0 ? [end / arr, kept / arr, alive / n] : [null, null, null]),
]

export function cellsOfSums(rows: readonly SumRow[]): Cells {
  const cells: Cells = new Map()
  const shown = new Set(rows.filter((r) => r.block === 'now').map((r) => `${r.segment}/${r.feature}`))
  for (const row of rows) {
    const r = Object.fromEntries(
      Object.entries(row).map(([key, value]) => [
        key,
        ['block', 'segment', 'feature'].includes(key) ? value : Number(value ?? 0),
      ]),
    ) as unknown as SumRow
    const key = `${r.segment}/${r.feature}`
    if (r.feature === null) {
      const accounts = r.n + r.not_n
      const book = r.arr + r.not_arr
      if (r.block === 'now') cells.set(`now ${r.segment}`, [accounts, book / 100, r.n, r.not_n, r.not_arr / 100])
      else cells.set(`then ${r.segment}`, arm(accounts, book, r.arr_end, r.kept, r.alive))
    } else if (r.block === 'now')
      cells.set(`now ${key}`, [
        r.n,
        r.not_n,
        r.adopters,
        r.adopter_arr / 100,
        (r.arr - r.adopter_arr) / 100,
        r.not_arr / 100,
      ])
    else if (shown.has(key))
      cells.set(`then ${key}`, [
        ...arm(r.adopters, r.adopter_arr, r.adopter_end, r.adopter_kept, r.adopter_alive),
        ...arm(
          r.n - r.adopters,
          r.arr - r.adopter_arr,
          r.arr_end - r.adopter_end,
          r.kept - r.adopter_kept,
          r.alive - r.adopter_alive,
        ),
      ])
  }
  return cells
}

export function cellsOf({ rows, totals }: Pick<AdoptionRetention, 'rows' | 'totals'>): Cells {
  const cells: Cells = new Map()
  for (const { segment, retention, ...t } of totals.segments) {
    cells.set(`now ${segment}`, [t.accounts, t.arr, t.measured, t.notMeasured, t.arrNotMeasured])
    if (retention)
      cells.set(`then ${segment}`, [
        retention.accounts,
        retention.arrStart,
        retention.nrr,
        retention.grr,
        retention.logo,
      ])
  }
  for (const { segment, feature, now, retention } of rows) {
    cells.set(`now ${segment}/${feature}`, [
      now.eligible,
      now.notMeasured,
      now.adopters,
      now.arrAdopters,
      now.arrOthers,
      now.arrNotMeasured,
    ])
    if (retention)
      cells.set(
        `then ${segment}/${feature}`,
        [retention.adopters, retention.others].flatMap((a) => [a.accounts, a.arrStart, a.nrr, a.grr, a.logo]),
      )
  }
  return cells
}

export function expectSameCells(found: Cells, ours: Cells, by: string): void {
  if (found.size !== ours.size) throw new Error(`${by}: ${found.size} cells where ours are ${ours.size}.`)
  for (const [key, values] of ours) {
    const other = found.get(key)
    const isSame = other?.every((v, i) =>
      v === null || values[i] === null ? v === values[i] : Math.abs(v - values[i]!) <= 1e-9 * Math.max(1, Math.abs(v)),
    )
    if (!isSame) throw new Error(`${by}: ${key} is ${JSON.stringify(other)} where ours is ${JSON.stringify(values)}.`)
  }
}
