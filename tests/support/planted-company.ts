/**
 * A made-up company of which the truth is known: churn and adoption both hang on segment, size and tenure. `Keeper` lowers the
 * odds of leaving by a fixed number of points; `Decoy` is adopted by those who stay anyway; the rest do nothing.
 */
import { seededDraw, type Draw } from '../../src/insights/statistics/seeded.ts'

export interface PlantedAccount {
  id: string
  segment: string
  size: number
  tenure: number
  arr: number
  start: string
  leaves: boolean
  adopted: Set<string>
}
export interface PlantedCompany {
  accounts: PlantedAccount[]
  features: string[]
}

const segments = ['SMB', 'Mid-market', 'Enterprise'] as const
const share = [0.5, 0.3, 0.2]
const typical = [4_000, 24_000, 150_000]
const leaving = [0.36, 0.27, 0.18]
const bySize = [1.25, 1, 0.75]
const byTenure = [1.3, 1, 0.8]
/** The base day is the end of 2024: tenure bands follow from the start. */
const starts = [
  ['2024-02', '2024-05', '2024-08', '2024-11'],
  ['2023-02', '2023-06', '2023-11'],
  ['2020-03', '2021-07', '2022-09'],
]

const normal = (draw: Draw) => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw())
const pick = <T>(draw: Draw, from: readonly T[]): T => from[Math.floor(draw() * from.length)]!

/** @param effect what `Keeper` takes off the chance of leaving, as a fraction; 0: no feature does anything */
export function plantedCompany(
  seed: number,
  { accounts: count, effect, nulls = 10 }: { accounts: number; effect: number; nulls?: number },
): PlantedCompany {
  const draw = seededDraw(seed * 7919 + 13)
  const drafts = Array.from({ length: count }, (_, i) => {
    const at = draw()
    const segment = at < share[0]! ? 0 : at < share[0]! + share[1]! ? 1 : 2
    const tenure = Math.floor(draw() * 3)
    return {
      id: `A${i}`,
      segment,
      tenure,
      arr: Math.round(typical[segment]! * Math.exp(0.7 * normal(draw)) * 100),
      start: `${pick(draw, starts[tenure]!)}-05`,
    }
  })
  const names = Array.from({ length: nulls }, (_, i) => `Null ${i + 1}`)
  const leaning = names.map(() => [draw() - 0.5, draw() - 0.5, draw() - 0.5])
  const accounts = drafts.map((a): PlantedAccount => {
    const peers = drafts.filter((b) => b.segment === a.segment)
    const size = Math.floor((peers.filter((b) => b.arr < a.arr).length * 3) / peers.length)
    const likes = (lean: readonly number[], base: number) =>
      Math.min(
        0.92,
        Math.max(0.06, base + lean[0]! * (a.segment - 1) + lean[1]! * (size - 1) + lean[2]! * (a.tenure - 1)),
      )
    const adopted = new Set(
      names.filter(
        (_, i) =>
          draw() <
          likes(
            leaning[i]!.map((l) => l * 0.45),
            0.45,
          ),
      ),
    )
    if (draw() < likes([0.3, 0.08, 0.08], 0.45)) adopted.add('Decoy')
    if (draw() < likes([0.08, -0.05, 0.05], 0.45)) adopted.add('Keeper')
    const chance = leaving[a.segment]! * bySize[size]! * byTenure[a.tenure]!
    return {
      id: a.id,
      segment: segments[a.segment]!,
      size,
      tenure: a.tenure,
      arr: a.arr,
      start: a.start,
      adopted,
      leaves: draw() < Math.max(0.01, chance - (adopted.has('Keeper') ? effect : 0)),
    }
  })
  return { accounts, features: ['Keeper', 'Decoy', ...names] }
}
