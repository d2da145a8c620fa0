/** Notes on the time axis: what happened on a day or in a span of days. */
import { z } from 'zod'
import { Day } from '../datasets/schemas.ts'

const annotationKinds = ['price-change', 'outage', 'tracking-break', 'release', 'other'] as const

export const AnnotationDraft = z.object({
  kind: z.enum(annotationKinds),
  from: Day,
  to: Day.nullable().default(null).describe('the last day of a span; null: a day alone'),
  text: z.string().trim().min(1).max(140),
})
export type AnnotationDraft = z.infer<typeof AnnotationDraft>
export const Annotation = AnnotationDraft.extend({ id: z.string(), version: z.int(), by: z.string() })
export type Annotation = z.infer<typeof Annotation>
