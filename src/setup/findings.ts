/** What the listening tour found. */
import type { WorkspaceContext } from '../platform/operation.ts'
import type { Audience, Pillar } from './taxonomy.ts'

export interface Findings {
  waves: {
    id: string
    title: string
    state: 'open' | 'closed'
    audience: Audience
    invited: number
    released: number
    closedAt: string | null
  }[]
  /** Per audience; null where too few answers are released. Share of a week spent on data and logistics, with a 95 % interval. */
  shares: { audience: Audience; people: number; share: { value: number; low: number; high: number } | null }[]
  /** Estimates from answers: hours a week over all people invited of that audience who named it (frequency × hours × people). */
  frictions: {
    code: string
    pillar: Pillar | null
    audience: Audience
    people: number
    hoursPerWeek: number
    low: number
    high: number
    lacksSkill: number
    systems: { name: string; people: number }[]
    areas: { name: string; people: number }[]
  }[]
  asOf: string | null
}

/** No tour was made yet: nothing is found. */
export async function readFindings(_: WorkspaceContext): Promise<Findings> {
  return { waves: [], shares: [], frictions: [], asOf: null }
}
