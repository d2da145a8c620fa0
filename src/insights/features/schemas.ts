import { z } from 'zod'
import { Day, Id } from '../datasets/schemas.ts'

export const FeatureRule = z.object({
  kind: z.enum(['exact', 'prefix', 'pattern']),
  value: z.string().min(1).max(300).regex(/\S/, 'a text that says something'),
})
export type FeatureRule = z.infer<typeof FeatureRule>

export const FeatureDraft = z.object({
  name: z.string().trim().min(1).max(80),
  area: z.string().trim().max(80).nullable().default(null),
  isCore: z.boolean().default(false),
  releasedOn: Day.nullable().default(null),
  rules: z.array(FeatureRule).max(200).default([]),
  owner: z
    .string()
    .trim()
    .max(120)
    .nullable()
    .optional()
    .describe('Who looks after the feature; left as it is where absent'),
  entitledPlans: z
    .array(z.string().trim().min(1).max(120))
    .max(100)
    .nullable()
    .optional()
    .describe('Plans that may use it; null: as the entitlement files say; left as it is where absent'),
})
export type FeatureDraft = z.infer<typeof FeatureDraft>

/** When an account has adopted a feature: at least so many within a window that ends at the day, counted while it pays. */
export const AdoptionRule = z.object({
  unit: z
    .enum(['events', 'users', 'days'])
    .default('events')
    .describe('What is counted: value events, distinct users, or days with use'),
  atLeast: z.int().min(1).max(100_000).default(1),
  windowKind: z
    .enum(['calendar', 'rolling'])
    .default('calendar')
    .describe('Full months that end with the day’s, or days that end with the day'),
  windowLength: z.int().min(1).max(366).default(3),
  valueEvents: z
    .array(FeatureRule)
    .max(200)
    .nullable()
    .default(null)
    .describe('Which of the feature’s events count; null: all'),
})
export type AdoptionRule = z.infer<typeof AdoptionRule>

export const Definition = AdoptionRule.extend({
  id: Id,
  version: z.int(),
  state: z.enum(['proposed', 'approved', 'withdrawn']),
  validFrom: Day.nullable(),
  words: z.string(),
  why: z.string(),
  proposedBy: z.string(),
  proposedAt: z.string(),
  decidedBy: z.string().nullable(),
  decidedAt: z.string().nullable(),
  approval: z.enum(['by-another', 'by-oneself']).nullable(),
  isInForce: z.boolean(),
})
export type Definition = z.infer<typeof Definition>

export const Feature = z.object({
  id: Id,
  name: z.string(),
  area: z.string().nullable(),
  isCore: z.boolean(),
  releasedOn: Day.nullable(),
  owner: z.string().nullable(),
  entitledPlans: z.array(z.string()).nullable(),
  adoption: z.string().describe('the definition in force, in words'),
  definitionVersion: z.int().nullable().describe('null: the default'),
  proposals: z.int().describe('definitions that wait for approval'),
  rules: z.array(FeatureRule),
  version: z.int(),
  eventNames: z.int(),
  events: z.int(),
  lastUse: Day.nullable(),
})
export type Feature = z.infer<typeof Feature>

export const FeatureList = z.object({
  features: z.array(Feature),
  /** Raw event names and the events behind them; what no rule catches is counted and never becomes a column. */
  eventNames: z.int(),
  unmappedNames: z.int(),
  events: z.int(),
  unmappedEvents: z.int(),
})
export type FeatureList = z.infer<typeof FeatureList>

export const FeatureProposal = z.object({
  draft: FeatureDraft,
  eventNames: z.array(z.object({ name: z.string(), events: z.int() })),
  events: z.int(),
  shareOfUnmapped: z.number(),
  why: z.string(),
  exists: z.boolean(),
})
export type FeatureProposal = z.infer<typeof FeatureProposal>

export const EventName = z.object({
  name: z.string(),
  events: z.int(),
  feature: z.string().nullable(),
  featureId: z.string().nullable(),
})
export type EventName = z.infer<typeof EventName>
