/**
 * The answers of insights. Money is in whole units of the workspace's currency (1234.56), rates are fractions (0.25),
 * days are ISO. A figure that is suppressed is null, and its counts are still there.
 */
import { z } from 'zod'
import { DataName, DataText, Figure } from '../../../platform/field-types.ts'
import { BookAccount } from './account-rows.ts'
import { Paging } from './paging.ts'
import { Day, MatchRate, Month } from '../../datasets/schemas.ts'

export const SegmentBy = z.object({
  segmentBy: DataName.default('segment').describe('An attribute of the accounts, or `arr` for bands of ARR'),
  bands: z.array(Figure).max(10).optional().describe('Cut a number into bands at these values'),
  andBy: DataName.optional().describe('A second attribute, or `arr`: segments are then pairs, “Enterprise · Europe”'),
  andBands: z.array(Figure).max(10).optional().describe('Cut the second where it is a number'),
})

/** One attribute: where accounts are named by it, or a stored question stands for it. */
export const OneSegmentBy = SegmentBy.omit({ andBy: true, andBands: true })

export const AdoptionInput = SegmentBy.extend({
  month: Month.optional().describe('Last month of the window; the last complete month of data where absent'),
  window: z.int().min(1).max(36).default(12).describe('Months between the closed cohort and the month'),
  adoptionMonths: z
    .int()
    .min(1)
    .max(12)
    .default(3)
    .describe('Full months that end at the day, in which any use counts as adoption'),
})
export type AdoptionInput = z.infer<typeof AdoptionInput>

export const Rate = z.object({
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  mark: z.enum(['ok', 'directional', 'suppressed']),
})
export type Rate = z.infer<typeof Rate>

export const NowBlock = z.object({
  eligible: z.int(),
  notMeasured: z.int(),
  adopters: z.int(),
  adoptionRate: Rate,
  arrAdopters: z.number(),
  arrOthers: z.number(),
  arrNotMeasured: z.number(),
})
export type NowBlock = z.infer<typeof NowBlock>

export const RetentionArm = z.object({
  accounts: z.int(),
  arrStart: z.number(),
  nrr: z.number().nullable(),
  grr: z.number().nullable(),
  logo: z.number().nullable(),
  mark: z.enum(['ok', 'directional', 'suppressed']),
})
export type RetentionArm = z.infer<typeof RetentionArm>

export const RetentionBlock = z.object({ adopters: RetentionArm, others: RetentionArm })
export type RetentionBlock = z.infer<typeof RetentionBlock>
export const AdoptionRow = z.object({
  segment: z.string(),
  feature: z.string(),
  area: z.string().nullable(),
  isCore: z.boolean(),
  now: NowBlock,
  retention: RetentionBlock.nullable(),
  retentionMissing: z.string().nullable().describe('Why there is no retention block'),
})
export type AdoptionRow = z.infer<typeof AdoptionRow>

export const SegmentTotal = z.object({
  segment: z.string(),
  accounts: z.int().describe('accounts with ARR, each once'),
  arr: z.number(),
  measured: z.int(),
  notMeasured: z.int(),
  arrNotMeasured: z.number(),
  retention: RetentionArm.nullable(),
})
export type SegmentTotal = z.infer<typeof SegmentTotal>

export const Sentence = z.object({
  kind: z.enum(['finding', 'nothing-stands-out', 'not-enough-data', 'no-data']),
  text: z.string(),
  caveat: z.string(),
  finding: z
    .object({
      segment: z.string(),
      feature: z.string(),
      isCore: z.boolean(),
      eligible: z.int(),
      adopters: z.int(),
      others: z.int(),
      arrOthers: z.number(),
      rate: z.number(),
      low: z.number(),
      high: z.number(),
      restRate: z.number(),
      restLow: z.number(),
      restHigh: z.number(),
      renewing: z.object({
        accounts: z.int(),
        arr: z.number(),
        from: Day,
        to: Day,
        owners: z.array(z.object({ owner: z.string(), accounts: z.int(), arr: z.number() })),
      }),
    })
    .nullable(),
})
export type Sentence = z.infer<typeof Sentence>

export const AdoptionRetention = z.object({
  meta: z.object({
    month: Month,
    window: z.int(),
    base: Month.nullable(),
    adoptionMonths: z.int(),
    segmentBy: z.string(),
    andBy: z.string().nullable(),
    currency: z.string(),
    nowDay: Day,
    baseDay: Day.nullable(),
    dataFrom: Day.nullable(),
    dataTo: Day.nullable(),
    refreshedAt: z.string().nullable(),
    entitlement: z.enum(['unknown', 'plan', 'list', 'plan-and-list']),
    revenueBook: z.string().nullable(),
    windowProblem: z.object({ text: z.string(), longestThatFits: z.int() }).nullable(),
    silence: z
      .string()
      .nullable()
      .describe('whole months without any usage among those that adoption counts, in a sentence'),
    attributesAssumed: z.int().describe('accounts whose segment at the base day is their earliest known one'),
    excluded: z.object({ accounts: z.int(), arr: z.number() }),
    excludedFrom: z.string(),
    usageWithoutArr: z.int().describe('events of accounts while they had no ARR: kept, not adoption'),
    unmappedShare: z.number(),
    match: MatchRate,
    definitions: z.array(z.string()),
    segments: z.array(z.string()),
    features: z.array(
      z.object({ name: z.string(), area: z.string().nullable(), isCore: z.boolean(), releasedOn: Day.nullable() }),
    ),
  }),
  sentence: Sentence,
  rows: z.array(AdoptionRow),
  totals: z.object({
    segments: z.array(SegmentTotal),
    features: z.array(AdoptionRow).describe('each feature over all segments; segment is “All”'),
    all: SegmentTotal,
  }),
})
export type AdoptionRetention = z.infer<typeof AdoptionRetention>

export const AccountsBehindInput = AdoptionInput.extend({
  segment: DataText.optional(),
  feature: DataText,
  state: z.enum(['adopters', 'others', 'not-measured']).default('others'),
}).extend(Paging.shape)
export const AccountBehind = BookAccount.extend({
  renewsInDays: z.int().nullable(),
  renewsSoon: z.boolean().describe('within the 90 days after `from`'),
  lastUse: Day.nullable().describe('of the feature'),
  lastAnyUse: Day.nullable(),
  arrStart: z.number().nullable(),
  arrEnd: z.number(),
})
export type AccountBehind = z.infer<typeof AccountBehind>
export const AccountsBehind = z.object({
  rows: z.array(AccountBehind),
  nextCursor: z.string().nullable(),
  total: z.int(),
  arr: z.number(),
  renewing: z.object({ accounts: z.int(), arr: z.number(), from: Day, to: Day }),
})

export const AnalysisOptions = z.object({
  months: z.array(Month),
  defaultMonth: Month.nullable(),
  firstMonth: Month.nullable(),
  attributes: z.array(z.object({ key: z.string(), values: z.int(), numeric: z.boolean(), top: z.array(z.string()) })),
  defaultSegmentBy: z.string().nullable(),
  hasRevenue: z.boolean(),
  hasUsage: z.boolean(),
  hasFeatures: z.boolean(),
})

export const MovementsInput = OneSegmentBy.extend({
  from: Month.optional(),
  to: Month.optional(),
  segment: DataText.optional(),
})
/** start + new + reactivation + expansion - contraction - churn = end, of ARR; MRR is a twelfth of each. */
export const Movement = z.object({
  month: Month,
  start: z.number(),
  new: z.number(),
  reactivation: z.number(),
  expansion: z.number(),
  contraction: z.number(),
  churn: z.number(),
  end: z.number(),
  accounts: z.object({
    start: z.int(),
    new: z.int(),
    reactivation: z.int(),
    expansion: z.int(),
    contraction: z.int(),
    churn: z.int(),
    end: z.int(),
  }),
})
export type Movement = z.infer<typeof Movement>
export const Movements = z.object({
  currency: z.string(),
  rows: z.array(Movement),
  total: Movement.nullable(),
  segments: z.array(z.string()),
})

export const RetentionTrendInput = SegmentBy.extend({ window: z.int().min(1).max(36).default(12) })
export const RetentionPoint = z.object({
  month: Month,
  segment: z.string(),
  accounts: z.int(),
  arrStart: z.number(),
  arrEnd: z.number(),
  nrr: z.number().nullable(),
  grr: z.number().nullable(),
  logo: z.number().nullable(),
  mark: z.enum(['ok', 'directional', 'suppressed']),
})
export const RetentionTrend = z.object({
  currency: z.string(),
  window: z.int(),
  rows: z.array(RetentionPoint),
  segments: z.array(z.string()),
  problem: z.string().nullable(),
})
