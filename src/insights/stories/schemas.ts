import { z } from 'zod'
import { Month } from '../datasets/schemas.ts'

/** How far the figures carry: an association by the rules of evidence; intervals that lie apart; 10 to 29 accounts; a fact of the data itself. */
export const StoryEvidence = z.enum(['associated', 'clear', 'directional', 'no-clear-association', 'fact'])
export type StoryEvidence = z.infer<typeof StoryEvidence>

export const StoryRule = z.enum([
  'adoption-gap',
  'association',
  'vanished-association',
  'stopped-using',
  'renewals-without-core',
  'retention-gap',
  'adoption-moved',
  'not-measured',
])
export type StoryRule = z.infer<typeof StoryRule>

/** A line of the picture: a share or a difference with its interval. */
export const StoryBar = z.object({
  label: z.string(),
  value: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  note: z.string(),
  isSubject: z.boolean(),
})
export const StoryFigure = z.object({
  label: z.string(),
  value: z.number(),
  unit: z.enum(['share', 'points', 'money', 'accounts']),
})

export const Finding = z.object({
  rule: StoryRule,
  featureId: z.uuid().nullable(),
  feature: z.string().nullable(),
  segmentBy: z.string().nullable(),
  segment: z.string().nullable(),
  text: z.string(),
  caveat: z.string(),
  evidence: StoryEvidence,
  arr: z.number().describe('ARR concerned'),
  accounts: z.int(),
  value: z.number(),
  low: z.number(),
  high: z.number(),
  unit: z.enum(['share', 'points']),
  bars: z.array(StoryBar),
  figures: z.array(StoryFigure),
  address: z.string().describe('where it opens, within the workspace'),
  month: Month,
})
export type Finding = z.infer<typeof Finding>

export const StoryNote = z.object({ id: z.string(), text: z.string(), writtenBy: z.string(), writtenAt: z.string() })
export type StoryNote = z.infer<typeof StoryNote>

export const Story = z.object({
  id: z.uuid(),
  finding: Finding,
  weight: z.number(),
  state: z.enum(['open', 'dismissed', 'gone']),
  isNew: z.boolean().describe('first found by the latest refresh'),
  foundAt: z.string(),
  seenAt: z.string(),
  pinnedBy: z.string().nullable(),
  assignedTo: z.string().nullable(),
  assignedName: z.string().nullable(),
  dismissed: z.object({ at: z.string(), by: z.string(), reason: z.string() }).nullable(),
  returned: z.string().nullable().describe('why a dismissed story is back'),
  notes: z.array(StoryNote),
  version: z.int(),
})
export type Story = z.infer<typeof Story>
