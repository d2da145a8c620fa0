/** The first hire: a profile by pillar, what to mind, a job description and an interview kit. Nothing of any candidate. */
import { z } from 'zod'
import { pillars } from '../taxonomy.ts'

export const backgrounds = [
  'analyst',
  'consultant',
  'database-engineer',
  'product-manager',
  'agile-coach',
  'research-ops',
  'researcher',
] as const
export type Background = (typeof backgrounds)[number]
export const reportingLines = ['cpo', 'head-of-product', 'operations', 'business-operations', 'product-area'] as const
export type ReportsTo = (typeof reportingLines)[number]

const People = z.int().min(0).max(100_000).nullable().default(null)
export const HireDraft = z.object({
  pillar: z.enum(pillars).nullable().default(null).describe('null: the one that was chosen'),
  title: z.string().trim().max(160).default('').describe('empty: the one of the profile'),
  description: z.string().max(20_000).default('').describe('Markdown; empty: the one of the profile'),
  background: z.enum(backgrounds).nullable().default(null).describe('what is looked for'),
  doesAllResearch: z.boolean().default(false).describe('the person is to do all research themselves'),
  reportsTo: z.enum(reportingLines).nullable().default(null),
  leaderCoaches: z.boolean().nullable().default(null).describe('whether the leader has time to coach'),
  productManagers: People,
  productOps: People.describe('people in Product Ops, this hire among them'),
})
export type HireDraft = z.infer<typeof HireDraft>

export const Advice = z.object({
  about: z.enum(['background', 'reporting line', 'ratio', 'experience']),
  advice: z.string(),
  because: z.string(),
  isCaution: z.boolean(),
})
export type Advice = z.infer<typeof Advice>

export const Question = z.object({
  question: z.string(),
  listenFor: z.array(z.string()),
  mind: z.string().nullable().describe('what speaks against'),
})
export type Question = z.infer<typeof Question>

export const Profile = z.object({
  title: z.string(),
  looksFor: z.array(z.string()),
  needNot: z.array(z.string()),
  criteria: z.array(z.string()).describe('of the scorecard, each scored from 1 to 4'),
  questions: z.array(Question),
})
export type Profile = z.infer<typeof Profile>
