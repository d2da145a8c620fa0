/** What to begin with: the frictions that cost most, each with what of the product would take it away. */
import type { Findings } from '../findings.ts'
import { frictions, type Audience, type Pillar } from '../taxonomy.ts'

export interface Candidate {
  code: string
  name: string
  pillar: Pillar | null
  audience: Audience
  people: number
  hoursPerWeek: number
  low: number
  high: number
  /** The kind of win that could deliver it; null where nothing of the product does today. */
  win: string | null
}

/** Which kind of win takes which friction away; of those that are not here nothing of the product does today. */
const delivers: Readonly<Partial<{ [code: string]: string }>> = {
  'data-extraction': 'requests.answered',
  'metric-definitions': 'requests.answered',
  'sales-requests': 'insights.whitespace.handed',
  reporting: 'sharing.opened',
  'executive-decks': 'sharing.opened',
  'status-reporting': 'sharing.opened',
}

/**
 * Those of the pillar that was chosen come first, then the most hours. Skills are none: Product Ops does not cover for them.
 * @param known the kinds of win that rooms bring @param taken codes of quick wins that are planned or delivered for the same audience
 */
export function candidatesOf(
  { frictions: found }: Pick<Findings, 'frictions'>,
  known: ReadonlySet<string>,
  taken: readonly { code: string | null; audience: Audience }[],
  chosen: Pillar | null,
): Candidate[] {
  return found
    .filter((f) => f.pillar !== null && !taken.some((t) => t.code === f.code && t.audience === f.audience))
    .map((f) => {
      const win = delivers[f.code]
      return {
        code: f.code,
        name: frictions.find((one) => one.code === f.code)?.name ?? f.code,
        pillar: f.pillar,
        audience: f.audience,
        people: f.people,
        hoursPerWeek: f.hoursPerWeek,
        low: f.low,
        high: f.high,
        win: win !== undefined && known.has(win) ? win : null,
      }
    })
    .sort(
      (a, b) =>
        Number(b.pillar === chosen) - Number(a.pillar === chosen) ||
        b.hoursPerWeek - a.hoursPerWeek ||
        a.code.localeCompare(b.code),
    )
}
