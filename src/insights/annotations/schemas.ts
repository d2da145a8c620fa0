/** Notes on the time axis: what happened on a day or in a span of days. */
import { z } from 'zod'
import { Day } from '../datasets/schemas.ts'

const annotationKinds = ['price-change', 'outage', 'tracking-break', 'release', 'other'] as const

export const AnnotationDraft = z.object({
  kind: z.enum(annotationKinds).meta({ title: 'What it was' }),
  from: Day.meta({ title: 'Day' }),
  to: Day.nullable()
    .default(null)
    .meta({ title: 'To, if it lasted', description: 'The last day of a span; nothing: a day alone' }),
  text: z.string().trim().min(1).max(140).meta({ title: 'In a few words', description: 'Stands on the chart' }),
})
export type AnnotationDraft = z.infer<typeof AnnotationDraft>
export const Annotation = AnnotationDraft.extend({ id: z.string(), version: z.int(), by: z.string() })
export type Annotation = z.infer<typeof Annotation>
