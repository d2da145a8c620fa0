/** The shapes of “which features are associated with staying”. Rates and differences are fractions; a suppressed figure is null. */
import { z } from 'zod'
import { DataName, DataText } from '../../../platform/field-types.ts'
import { Day, Month } from '../../datasets/schemas.ts'
import { Answer, Standing } from '../ground/asking.ts'
import { OneSegmentBy } from '../ground/schemas.ts'

export const AssociationInput = OneSegmentBy.extend({
  segmentBy: DataName.optional()

    .describe('An attribute of the accounts, or `arr` for bands of ARR; the usual one where absent'),
  month: Month.optional().describe('Last month of the window; the last complete month of data where absent'),
  window: z
    .int()
    .min(1)
    .max(36)
    .optional()
    .describe('Months between the base day and the month; 12, or the longest that fits, where absent'),
  adoptionMonths: z
    .int()
    .min(1)
    .max(12)
    .default(3)
    .describe('Full months that end at the base day, in which any use counts as adoption'),
})
export type AssociationInput = z.infer<typeof AssociationInput>

/** What is asked, with nothing left open: two equal questions compare the same accounts in the same way. */
export const Question = z.object({
  month: Month,
  window: z.int(),
  adoptionMonths: z.int(),
  segmentBy: z.string(),
  bands: z.array(z.number()),
})
export type Question = z.infer<typeof Question>

/** A question with all that its answer hangs on; stored before the answer is known. */
export const AssociationSpec = Question.extend({
  outcome: z.string(),
  strata: z.string(),
  q: z.number(),
  leastPerArm: z.int(),
  leastLosses: z.int(),
  negativeControl: z.string().nullable(),
  features: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      version: z.int().describe('of its definition of adoption at the base day; 0: the default'),
      definition: z.string().describe('the first letters of the hash of its rules and definitions'),
    }),
  ),
})
export type AssociationSpec = z.infer<typeof AssociationSpec>

export const Between = z.object({ value: z.number(), low: z.number(), high: z.number() })
const Arm = z.object({
  accounts: z.int(),
  stayed: z.int(),
  rate: z.number().nullable(),
  mark: z.enum(['ok', 'directional', 'suppressed']),
})

export const Evidence = z.enum(['associated', 'no-clear-association', 'not-enough-data'])
export const CaveatKey = z.enum([
  'too-few-accounts',
  'too-few-losses',
  'no-strata',
  'strata-disagree',
  'one-of-many',
  'only-in-part',
  'vanishes-adjusted',
  'many-lost',
  'small-arms',
  'gap-too-small-to-see',
  'unseen-differences',
])

export const AssociationRow = z.object({
  featureId: z.string(),
  feature: z.string(),
  area: z.string().nullable(),
  isCore: z.boolean(),
  segment: z.string().nullable().describe('null: all segments'),
  adopters: Arm,
  others: Arm,
  unadjusted: Between.nullable().describe('adopters minus others, with Newcombe’s interval'),
  adjusted: Between.nullable().describe(
    'Mantel-Haenszel over strata; null where strata contradict each other or nothing can be compared',
  ),
  p: z.number().nullable(),
  q: z.number().nullable().describe('Benjamini-Hochberg over all tests of the run'),
  familyWise: z
    .number()
    .nullable()
    .describe('Holm: the chance that anything in the run is told wrongly, were this told'),
  evidence: Evidence,
  word: z.string(),
  caveatKey: CaveatKey,
  caveat: z.string(),
  detectableGap: z.number().nullable(),
  accountsLost: z.int().describe('in strata with an empty arm'),
  strata: z.int(),
  strataUsed: z.int(),
  strataDisagree: z.boolean(),
})
export type AssociationRow = z.infer<typeof AssociationRow>

export const AssociationResult = z.object({
  question: Question,
  baseDay: Day,
  endDay: Day,
  accounts: z.int().describe('with ARR on the base day and measured'),
  entitlement: z.enum(['unknown', 'plan', 'list', 'plan-and-list']),
  tests: z.int().describe('tests run, over all features and segments'),
  features: z.array(AssociationRow),
  segments: z.array(AssociationRow),
  negativeControl: z.string().nullable().describe('the feature that should show nothing'),
  contracts: z
    .object({ running: z.int(), openEnded: z.int(), endAfterWindow: z.int() })
    .describe('subscriptions on the base day: those without a stated end, those that end after the window'),
})
export type AssociationResult = z.infer<typeof AssociationResult>

/** How the figures came about: stored before they were known, or computed when somebody asked. */
export const Provenance = z.object({
  kind: z.enum(['stored', 'live']),
  id: z.string().nullable(),
  registeredAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  isExploratory: z.boolean(),
  looks: z.int().describe('different questions asked of this month beside the stored one'),
  changedDefinitions: z.array(z.string()).describe('features defined otherwise since'),
})
export type Provenance = z.infer<typeof Provenance>

export const Association = AssociationResult.extend({ answer: Answer, standing: Standing, provenance: Provenance })
export type Association = z.infer<typeof Association>

export const DetailInput = AssociationInput.extend({ feature: DataText, segment: DataText.optional() })
const Range = z.object({ low: z.number(), high: z.number() })
const CountedArm = z.object({ accounts: z.int(), stayed: z.int() })
const RevenueArm = z.object({
  accounts: z.int(),
  arrStart: z.number(),
  nrr: z.number().nullable(),
  interval: Range.nullable().describe('95 % by bootstrap, approximate'),
  effectiveAccounts: z.number().nullable(),
  topFiveShare: z.number().nullable(),
  leaveOneOut: Range.nullable(),
})
export type RevenueArm = z.infer<typeof RevenueArm>

export const AssociationDetail = z.object({
  row: AssociationRow,
  currency: z.string(),
  baseDay: Day,
  endDay: Day,
  sentence: z.string(),
  strata: z.array(
    z.object({
      segment: z.string(),
      size: z.string(),
      tenure: z.string(),
      adopters: CountedArm,
      others: CountedArm,
      difference: Between.nullable(),
    }),
  ),
  oddsRatio: Between.nullable(),
  homogeneity: z.object({ statistic: z.number(), degrees: z.int(), p: z.number() }).nullable(),
  eValue: z.number().nullable(),
  revenue: z.object({ adopters: RevenueArm, others: RevenueArm }),
  placebo: z.object({
    text: z.string(),
    from: Day.nullable(),
    adopters: CountedArm,
    others: CountedArm,
    difference: Between.nullable(),
    isWorrying: z.boolean(),
  }),
  negativeControl: z.object({ text: z.string(), row: AssociationRow.nullable(), isWorrying: z.boolean() }),
  dose: z.array(z.object({ group: z.string(), accounts: z.int(), stayed: z.int(), rate: z.number().nullable() })),
  provenance: Provenance,
})
export type AssociationDetail = z.infer<typeof AssociationDetail>
