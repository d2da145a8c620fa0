import { z } from 'zod'
import { Day, Id } from '../datasets/schemas.ts'

export const FeatureRule = z.object({ kind: z.enum(['exact', 'prefix', 'pattern']), value: z.string().min(1).max(300) })
export type FeatureRule = z.infer<typeof FeatureRule>

export const FeatureDraft = z.object({
  name: z.string().trim().min(1).max(80), area: z.string().trim().max(80).nullable().default(null), isCore: z.boolean().default(false),
  releasedOn: Day.nullable().default(null), rules: z.array(FeatureRule).max(200).default([]),
})
export type FeatureDraft = z.infer<typeof FeatureDraft>

export const Feature = z.object({
  id: Id, name: z.string(), area: z.string().nullable(), isCore: z.boolean(), releasedOn: Day.nullable(),
  rules: z.array(FeatureRule), version: z.int(), eventNames: z.int(), events: z.int(), lastUse: Day.nullable(),
})
export type Feature = z.infer<typeof Feature>

export const FeatureList = z.object({
  features: z.array(Feature),
  /** Raw event names and the events behind them; what no rule catches is counted and never becomes a column. */
  eventNames: z.int(), unmappedNames: z.int(), events: z.int(), unmappedEvents: z.int(),
})
export type FeatureList = z.infer<typeof FeatureList>

export const FeatureProposal = z.object({
  draft: FeatureDraft, eventNames: z.array(z.object({ name: z.string(), events: z.int() })), events: z.int(), shareOfUnmapped: z.number(),
  why: z.string(), exists: z.boolean(),
})
export type FeatureProposal = z.infer<typeof FeatureProposal>

export const EventName = z.object({ name: z.string(), events: z.int(), feature: z.string().nullable(), featureId: z.string().nullable() })
export type EventName = z.infer<typeof EventName>
