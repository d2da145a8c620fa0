/** Which pillar of Product Operations to begin with: a sum of reasons, and what a person chose. */
import { z } from 'zod'
import { pillars } from '../taxonomy.ts'

const Existing = z.enum(['nothing', 'some', 'works']).nullable().default(null)
const Weeks = z.int().min(1).max(104).nullable().default(null)
/** What the company says of itself; null: not said yet. */
export const PillarSituation = z.object({
  situation: z.enum(['high-growth', 'enterprise', 'neither']).nullable().default(null),
  researchUnowned: z.boolean().nullable().default(null).describe('research that nobody owns'),
  leadersLack: z.enum(['figures', 'portfolio', 'customers']).nullable().default(null),
  dataExists: Existing.describe('what there is already for this pillar'),
  processExists: Existing,
  customerExists: Existing,
  dataWeeks: Weeks.describe('weeks until it would first be of use'),
  processWeeks: Weeks,
  customerWeeks: Weeks,
})
export type PillarSituation = z.infer<typeof PillarSituation>

export const Reason = z.object({
  reason: z.string(),
  points: z.number(),
  because: z.string().describe('what it was computed from, so that anyone can do it again'),
})
export type Reason = z.infer<typeof Reason>
export const Sum = z.object({ pillar: z.enum(pillars), points: z.number(), reasons: z.array(Reason) })
export type Sum = z.infer<typeof Sum>
